"""Bolt listeners of the end."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from slack_bolt.async_app import AsyncAck, AsyncApp

from bot.endings.flow import Endings
from bot.endings.message import ENOUGH, GO_ON
from bot.slack.access import actor_of


def register(app: AsyncApp, endings: Endings, now: Callable[[], datetime]) -> None:
    """Listen to whether reviews go on."""

    async def go_on(ack: AsyncAck, body: dict[str, Any]) -> None:
        await endings.go_on(actor_of(body), True, now())
        await ack()

    async def enough(ack: AsyncAck, body: dict[str, Any]) -> None:
        await endings.go_on(actor_of(body), False, now())
        await ack()

    app.action(GO_ON)(go_on)
    app.action(ENOUGH)(enough)
