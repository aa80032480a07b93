"""Bolt listeners of the lessons."""

from collections.abc import Awaitable, Callable
from datetime import datetime
from typing import Any
from uuid import UUID

from slack_bolt.async_app import AsyncAck, AsyncApp
from slack_sdk.web.async_client import AsyncWebClient

from bot.lessons.flow import Lessons
from bot.lessons.message import NOT_FOR_ME, TAKE_BACK
from bot.slack import codec
from bot.slack.access import Actor, actor_of
from bot.slack.asides import Asides
from bot.slack.payloads import pressed


def register(app: AsyncApp, lessons: Lessons, asides: Asides, now: Callable[[], datetime]) -> None:
    """Listen to «not for me», and to who takes that back."""

    def doing(what: Callable[[Actor, UUID, datetime], Awaitable[None]]) -> Callable[..., Awaitable[None]]:
        async def listener(ack: AsyncAck, body: dict[str, Any], client: AsyncWebClient) -> None:
            (message_id,) = codec.read(pressed(body)["value"], 1)
            async with asides.kindly(client, body):
                await what(actor_of(body), codec.read_message_id(message_id), now())
            await ack()

        return listener

    app.action(NOT_FOR_ME)(doing(lessons.set_aside))
    app.action(TAKE_BACK)(doing(lessons.take_back))
