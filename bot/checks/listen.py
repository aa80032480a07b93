"""Bolt listeners of the checks: a payload becomes a small value, and goes to one flow."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from slack_bolt.async_app import AsyncAck, AsyncApp
from slack_sdk.web.async_client import AsyncWebClient

from bot.checks import message as look
from bot.checks.flow import Checks, Given
from bot.checks.rules import CONFIDENCES
from bot.slack import codec
from bot.slack.access import actor_of
from bot.slack.asides import Asides
from bot.slack.modals import typed_in
from bot.slack.payloads import asked_block_text, pressed, state_of


def register(app: AsyncApp, checks: Checks, asides: Asides, now: Callable[[], datetime]) -> None:
    """Listen to picks, confidence buttons, scales and reflections."""
    ear = _Ear(checks, asides, now)
    app.action(look.PICK)(ear.picked)
    app.action(re.compile(rf"^{look.CONFIDENT}:"))(ear.confident)
    app.action(re.compile(rf"^{look.RATE}:"))(ear.rated)
    app.action(look.WRITE)(ear.wants_to_write)
    app.view(look.WRITTEN)(ear.written)
    app.action(look.SHARE)(ear.shared)
    app.action(look.UNSHARE)(ear.unshared)


@dataclass(frozen=True)
class _Ear:
    """What the listeners share."""

    checks: Checks
    asides: Asides
    now: Callable[[], datetime]

    async def picked(self, ack: AsyncAck) -> None:
        """A pick stays in Slack until it is sent with a confidence."""
        await ack()

    async def confident(self, ack: AsyncAck, body: dict[str, Any], client: AsyncWebClient) -> None:
        message_id, check_id, level = codec.read(pressed(body)["value"], 3)
        options = state_of(body, f"pick:{codec.write(message_id, check_id)}", look.PICK)
        confidence = next((one for one in CONFIDENCES if one == level), None)
        if confidence is None:
            raise codec.Forged("no such confidence")
        if options:
            given = Given(actor_of(body), codec.read_message_id(message_id), check_id, options, confidence)
            await self._answer(given, client, body)
        else:
            await self.asides.say(client, body, "check.pick_first")
        await ack()

    async def rated(self, ack: AsyncAck, body: dict[str, Any], client: AsyncWebClient) -> None:
        message_id, check_id, value = codec.read(pressed(body)["value"], 3)
        given = Given(actor_of(body), codec.read_message_id(message_id), check_id, value=codec.read_number(value))
        await self._answer(given, client, body)
        await ack()

    async def wants_to_write(self, ack: AsyncAck, body: dict[str, Any], client: AsyncWebClient) -> None:
        ids = codec.write(*codec.read(pressed(body)["value"], 2))
        prompt = asked_block_text(body, f"write:{ids}")
        self.asides.open(client, body, look.reflection_modal(await self.asides.words(body), prompt, ids))
        await ack()

    async def written(self, ack: AsyncAck, body: dict[str, Any], view: dict[str, Any], client: AsyncWebClient) -> None:
        message_id, check_id = codec.read(view["private_metadata"], 2)
        text = typed_in(view, look.FIELD)
        if not text:
            await self._say_below(ack, body, "check.reflection_empty")
            return
        given = Given(actor_of(body), codec.read_message_id(message_id), check_id, text=text)
        if await self._answer(given, client, body):
            await ack()
        else:  # it stays before their eyes: what they wrote is theirs to copy
            await self._say_below(ack, body, "check.already")

    async def shared(self, ack: AsyncAck, body: dict[str, Any], client: AsyncWebClient) -> None:
        await self._share(body, client, self.now())
        await ack()

    async def unshared(self, ack: AsyncAck, body: dict[str, Any], client: AsyncWebClient) -> None:
        await self._share(body, client, None)
        await ack()

    async def _share(self, body: dict[str, Any], client: AsyncWebClient, shared_at: datetime | None) -> None:
        (message_id, check_id), mentor_id = codec.read_for(pressed(body)["value"], 2)
        about = codec.read_message_id(message_id)
        async with self.asides.kindly(client, body):
            if not await self.checks.share(actor_of(body), about, check_id, mentor_id, shared_at):
                await self.asides.say(client, body, "check.not_shared")

    async def _answer(self, given: Given, client: AsyncWebClient, body: dict[str, Any]) -> bool:
        """Whether nothing more is to be said: False if another answer stands."""
        async with self.asides.kindly(client, body):
            return await self.checks.answer(given, self.now())
        return True

    async def _say_below(self, ack: AsyncAck, body: dict[str, Any], sentence: str) -> None:
        words = await self.asides.words(body)
        await ack(response_action="errors", errors={look.FIELD: words.mrkdwn(sentence)})
