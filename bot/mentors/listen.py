"""Bolt listeners of the digest: «more», its pages, and when it comes."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from slack_bolt.async_app import AsyncAck, AsyncApp
from slack_sdk.web.async_client import AsyncWebClient

from bot.mentors import message as look
from bot.mentors import more
from bot.mentors.more import More
from bot.slack import codec
from bot.slack.access import actor_of
from bot.slack.asides import Asides
from bot.slack.payloads import pressed, view_id_of


def register(app: AsyncApp, pages: More, asides: Asides, now: Callable[[], datetime]) -> None:
    """The button stands in the digest and on the mentor's App Home."""
    ear = _Ear(pages, asides, now)
    app.action(look.MORE)(ear.more)
    app.action(re.compile(rf"^{more.PAGE}:"))(ear.turned)
    app.action(more.DAY)(ear.day_picked)
    app.action(more.HOUR)(ear.hour_picked)


@dataclass(frozen=True)
class _Ear:
    pages: More
    asides: Asides
    now: Callable[[], datetime]

    async def more(self, ack: AsyncAck, body: dict[str, Any], client: AsyncWebClient) -> None:
        view = await self.pages.view(actor_of(body), 0, self.now())
        self.asides.open(client, body, view)
        await ack()

    async def turned(self, ack: AsyncAck, body: dict[str, Any], client: AsyncWebClient) -> None:
        page = codec.read_number(codec.read(pressed(body)["value"], 1)[0])
        view = await self.pages.view(actor_of(body), page, self.now())
        self.asides.start(client.views_update(view_id=view_id_of(body), view=view))
        await ack()

    async def day_picked(self, ack: AsyncAck, body: dict[str, Any]) -> None:
        await self.pages.change(actor_of(body), self.now(), day=pressed(body)["selected_option"]["value"])
        await ack()

    async def hour_picked(self, ack: AsyncAck, body: dict[str, Any]) -> None:
        await self.pages.change(actor_of(body), self.now(), at=pressed(body)["selected_option"]["value"])
        await ack()
