"""Bolt listeners of the reviews."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from slack_bolt.async_app import AsyncAck, AsyncApp
from slack_sdk.web.async_client import AsyncWebClient

from bot.reviews.flow import Given, Reviews
from bot.reviews.message import KIND
from bot.slack import codec
from bot.slack.access import actor_of
from bot.slack.asides import Asides
from bot.slack.payloads import pressed, state_of


def register(app: AsyncApp, reviews: Reviews, asides: Asides, now: Callable[[], datetime]) -> None:
    """Listen to picks and confidence buttons of a review."""
    ear = _Ear(reviews, asides, now)
    app.action(f"{KIND}_pick")(ear.picked)
    app.action(re.compile(rf"^{KIND}_confidence:"))(ear.confident)


@dataclass(frozen=True)
class _Ear:
    reviews: Reviews
    asides: Asides
    now: Callable[[], datetime]

    async def picked(self, ack: AsyncAck) -> None:
        """A pick stays in Slack until it is sent with a confidence."""
        await ack()

    async def confident(self, ack: AsyncAck, body: dict[str, Any], client: AsyncWebClient) -> None:
        message_id, place, confidence = codec.read(pressed(body)["value"], 3)
        options = state_of(body, f"pick:{codec.write(message_id, place)}", f"{KIND}_pick")
        if not options:
            await self.asides.say(client, body, "check.pick_first")
            await ack()
            return
        given = Given(actor_of(body), codec.read_message_id(message_id), codec.read_number(place), options, confidence)
        async with self.asides.kindly(client, body):
            await self.reviews.answer(given, self.now())
        await ack()
