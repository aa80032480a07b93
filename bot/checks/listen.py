"""Bolt listeners of the checks: a payload becomes a small value, and goes to one flow."""

import re
from collections.abc import Callable, Coroutine
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from slack_bolt.async_app import AsyncAck, AsyncApp
from slack_sdk.web.async_client import AsyncWebClient

from bot.checks import message as look
from bot.checks.flow import Checks, Given
from bot.checks.rules import CONFIDENCES
from bot.curriculum.wording import Wording
from bot.slack import codec
from bot.slack.access import Actor, Gone, NotTheirs, actor_of, wording_for
from bot.slack.asides import Asides
from bot.slack.payloads import asked_block_text, pressed, state_of, typed_in, whisper

Tell = Callable[[str], Coroutine[Any, Any, Any]]


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
            await self._answer(given, lambda text: whisper(client, body, text))
        else:
            self.asides.start(whisper(client, body, await self._words(body, "check.pick_first")))
        await ack()

    async def rated(self, ack: AsyncAck, body: dict[str, Any], client: AsyncWebClient) -> None:
        message_id, check_id, value = codec.read(pressed(body)["value"], 3)
        given = Given(actor_of(body), codec.read_message_id(message_id), check_id, value=codec.read_number(value))
        await self._answer(given, lambda text: whisper(client, body, text))
        await ack()

    async def wants_to_write(self, ack: AsyncAck, body: dict[str, Any], client: AsyncWebClient) -> None:
        ids = codec.write(*codec.read(pressed(body)["value"], 2))
        prompt = asked_block_text(body, f"write:{ids}")
        view = look.reflection_modal(await self._wording(actor_of(body)), prompt, ids)
        self.asides.start(client.views_open(trigger_id=body["trigger_id"], view=view))
        await ack()

    async def written(self, ack: AsyncAck, body: dict[str, Any], view: dict[str, Any], client: AsyncWebClient) -> None:
        message_id, check_id = codec.read(view["private_metadata"], 2)
        text = typed_in(view, look.FIELD, "text")
        if not text:
            await ack(response_action="errors", errors={look.FIELD: await self._words(body, "check.reflection_empty")})
            return
        actor = actor_of(body)
        given = Given(actor, codec.read_message_id(message_id), check_id, text=text)
        # A modal that is not theirs has no message to whisper under: they hear it in their own DM.
        kept = await self._answer(given, lambda told: client.chat_postMessage(channel=actor.slack_id, text=told))
        if kept:
            await ack()
        else:  # it stays before their eyes: what they wrote is theirs to copy
            await ack(response_action="errors", errors={look.FIELD: await self._words(body, "check.already")})

    async def shared(self, ack: AsyncAck, body: dict[str, Any], client: AsyncWebClient) -> None:
        await self._share(body, client, self.now())
        await ack()

    async def unshared(self, ack: AsyncAck, body: dict[str, Any], client: AsyncWebClient) -> None:
        await self._share(body, client, None)
        await ack()

    async def _share(self, body: dict[str, Any], client: AsyncWebClient, shared_at: datetime | None) -> None:
        (message_id, check_id), mentor_id = codec.read_for(pressed(body)["value"], 2)
        about = codec.read_message_id(message_id)
        try:
            if not await self.checks.share(actor_of(body), about, check_id, mentor_id, shared_at):
                self.asides.start(whisper(client, body, await self._words(body, "check.not_shared")))
        except NotTheirs:
            self.asides.start(whisper(client, body, await self._words(body, "check.not_yours")))
        except Gone:
            self.asides.start(whisper(client, body, await self._words(body, "check.gone")))

    async def _answer(self, given: Given, tell: Tell) -> bool:
        """Whether nothing more is to be said: False if another answer stands."""
        try:
            return await self.checks.answer(given, self.now())
        except NotTheirs:
            self.asides.start(tell((await self._wording(given.actor)).mrkdwn("check.not_yours")))
        except Gone:
            self.asides.start(tell((await self._wording(given.actor)).mrkdwn("check.gone")))
        return True

    async def _words(self, body: dict[str, Any], place: str) -> str:
        return (await self._wording(actor_of(body))).mrkdwn(place)

    async def _wording(self, actor: Actor) -> Wording:
        return await wording_for(self.checks.database, self.checks.library, actor)
