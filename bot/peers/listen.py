"""Bolt listeners of the peers."""

import re
from collections.abc import Callable
from datetime import datetime
from typing import Any

from slack_bolt.async_app import AsyncAck, AsyncApp
from slack_sdk.web.async_client import AsyncWebClient

from bot.peers.clinic import Clinics
from bot.peers.groups import NotInGroup
from bot.peers.message import MET
from bot.slack import codec
from bot.slack.access import actor_of
from bot.slack.asides import Asides
from bot.slack.payloads import pressed, whisper


def register(app: AsyncApp, clinics: Clinics, asides: Asides, now: Callable[[], datetime]) -> None:
    """Listen to «did you meet?»."""

    async def met(ack: AsyncAck, body: dict[str, Any], client: AsyncWebClient) -> None:
        group_id, answer = codec.read(pressed(body)["value"], 2)
        try:
            await clinics.met(actor_of(body), codec.read_number(group_id), answer, now())
        except NotInGroup:
            asides.start(whisper(client, body, clinics.library.current.wording.mrkdwn("check.not_yours")))
        await ack()

    app.action(re.compile(rf"^{MET}:"))(met)
