"""Bolt listeners of what is a manager's own: to be back from a rest, and whom they would rather not meet."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from slack_bolt.async_app import AsyncAck, AsyncApp

from bot.peers import resting_message, unwanted_message
from bot.peers.resting import Restings
from bot.peers.unwanted import Unwanted
from bot.slack import codec
from bot.slack.access import actor_of
from bot.slack.modals import people_in
from bot.slack.payloads import pressed


def register(app: AsyncApp, restings: Restings, unwanted: Unwanted, now: Callable[[], datetime]) -> None:
    """Listen to «back in the next round», and to the private list."""
    ear = _Ear(restings, unwanted, now)
    app.action(resting_message.BACK)(ear.is_back)
    app.view(unwanted_message.SAVED)(ear.saved)


@dataclass(frozen=True)
class _Ear:
    restings: Restings
    unwanted: Unwanted
    now: Callable[[], datetime]

    async def is_back(self, ack: AsyncAck, body: dict[str, Any]) -> None:
        (message_id,) = codec.read(pressed(body)["value"], 1)
        await self.restings.come_back(actor_of(body), codec.read_message_id(message_id), self.now())
        await ack()

    async def saved(self, ack: AsyncAck, body: dict[str, Any], view: dict[str, Any]) -> None:
        picked = people_in(view, unwanted_message.WHOM)
        told = await self.unwanted.save(actor_of(body), picked[: unwanted_message.MOST], self.now())
        await ack(response_action="update", view=told)
