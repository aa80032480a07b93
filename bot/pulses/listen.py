"""Bolt listeners of the small questions: one tap each."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from slack_bolt.async_app import AsyncAck, AsyncApp
from slack_sdk.web.async_client import AsyncWebClient

from bot.pulses import message as look
from bot.pulses.flow import Pulses
from bot.pulses.letting_go import LettingGo
from bot.pulses.numbers import Given
from bot.slack import codec
from bot.slack.access import actor_of
from bot.slack.asides import Asides
from bot.slack.payloads import pressed


def register(app: AsyncApp, pulses: Pulses, letting_go: LettingGo, asides: Asides, now: Callable[[], datetime]) -> None:
    """Listen to the numbers, and to the sharing of how they change."""
    ear = _Ear(pulses, letting_go, asides, now)
    app.action(re.compile(rf"^{look.CONFIDENT}:"))(ear.confident)
    app.action(re.compile(rf"^{look.COUNTED}:"))(ear.counted)
    app.action(look.SHARE)(ear.shared)
    app.action(look.UNSHARE)(ear.unshared)


@dataclass(frozen=True)
class _Ear:
    pulses: Pulses
    letting_go: LettingGo
    asides: Asides
    now: Callable[[], datetime]

    async def confident(self, ack: AsyncAck, body: dict[str, Any], client: AsyncWebClient) -> None:
        async with self.asides.kindly(client, body):
            await self.pulses.answer(_given(body), self.now())
        await ack()

    async def counted(self, ack: AsyncAck, body: dict[str, Any], client: AsyncWebClient) -> None:
        async with self.asides.kindly(client, body):
            await self.letting_go.answer(_given(body), self.now())
        await ack()

    async def shared(self, ack: AsyncAck, body: dict[str, Any], client: AsyncWebClient) -> None:
        await self._share(body, client, self.now())
        await ack()

    async def unshared(self, ack: AsyncAck, body: dict[str, Any], client: AsyncWebClient) -> None:
        await self._share(body, client, None)
        await ack()

    async def _share(self, body: dict[str, Any], client: AsyncWebClient, shared_at: datetime | None) -> None:
        (message_id,), mentor_id = codec.read_for(pressed(body)["value"], 1)
        about = codec.read_message_id(message_id)
        async with self.asides.kindly(client, body):
            if not await self.letting_go.share(actor_of(body), about, mentor_id, shared_at):
                await self.asides.say(client, body, "check.not_shared")


def _given(body: dict[str, Any]) -> Given:
    message_id, about, value = codec.read(pressed(body)["value"], 3)
    return Given(actor_of(body), codec.read_message_id(message_id), about, codec.read_number(value))
