"""Bolt listeners of the actions."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from slack_bolt.async_app import AsyncAck, AsyncApp
from slack_sdk.web.async_client import AsyncWebClient

from bot.actions.flow import Actions, NotYours
from bot.actions.message import PROMISE
from bot.slack import codec
from bot.slack.access import actor_of
from bot.slack.asides import Asides
from bot.slack.payloads import pressed, whisper


def register(app: AsyncApp, actions: Actions, asides: Asides, now: Callable[[], datetime]) -> None:
    """Listen to «I'll try it»."""

    async def promised(ack: AsyncAck, body: dict[str, Any], client: AsyncWebClient) -> None:
        (message_id,) = codec.read(pressed(body)["value"], 1)
        try:
            await actions.promise(actor_of(body), codec.read_message_id(message_id), now())
        except NotYours:
            asides.start(whisper(client, body, actions.library.current.wording.mrkdwn("check.not_yours")))
        await ack()

    app.action(PROMISE)(promised)
