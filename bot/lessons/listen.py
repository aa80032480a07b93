"""Bolt listeners of the lessons."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from slack_bolt.async_app import AsyncAck, AsyncApp
from slack_sdk.web.async_client import AsyncWebClient

from bot.attention.framing import NotTheirs
from bot.lessons.flow import Lessons
from bot.lessons.message import NOT_FOR_ME
from bot.slack import codec
from bot.slack.access import actor_of
from bot.slack.asides import Asides
from bot.slack.payloads import pressed, whisper


def register(app: AsyncApp, lessons: Lessons, asides: Asides, now: Callable[[], datetime]) -> None:
    """Listen to «not for me»."""

    async def not_for_me(ack: AsyncAck, body: dict[str, Any], client: AsyncWebClient) -> None:
        (message_id,) = codec.read(pressed(body)["value"], 1)
        try:
            await lessons.set_aside(actor_of(body), codec.read_message_id(message_id), now())
        except NotTheirs:
            asides.start(whisper(client, body, lessons.library.current.wording.mrkdwn("check.not_yours")))
        await ack()

    app.action(NOT_FOR_ME)(not_for_me)
