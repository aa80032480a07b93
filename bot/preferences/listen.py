"""Bolt listeners of settings, pauses and the question after a silence."""

import re
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from slack_bolt.async_app import AsyncAck, AsyncApp
from slack_sdk.web.async_client import AsyncWebClient

from bot.preferences import message as look
from bot.preferences.flow import Preferences
from bot.preferences.rules import Choice
from bot.preferences.silence import Silences
from bot.preferences.wishes import Wanted
from bot.slack import codec
from bot.slack.access import Actor, NotTheirs, actor_of
from bot.slack.asides import Asides
from bot.slack.blocks import Block
from bot.slack.doors import Opens, door
from bot.slack.modals import day_in, take
from bot.slack.payloads import pressed, state_of


def register(
    app: AsyncApp,
    preferences: Preferences,
    silences: Silences,
    asides: Asides,
    now: Callable[[], datetime],
    *,
    settings: Opens,
    pause: Opens,
) -> None:
    """Listen to the doors of settings and pauses, wherever they stand, to the two modals, and to the four ways to go on."""
    ear = _Ear(preferences, silences, asides, now)
    app.action(re.compile(r"^(home|preferences)_settings$"))(door(settings, asides))
    app.action(re.compile(r"^(home|preferences)_pause$"))(door(pause, asides))
    app.action(re.compile(r"^(home|preferences)_resume$"))(ear.resumes)
    app.view(look.SAVED)(ear.saved)
    app.view(look.PAUSED)(ear.paused)
    app.action(look.silence_id(Choice.PAUSE))(ear.wants_pause_after_silence)
    for choice in (Choice.SLOWER, Choice.STOP, Choice.GO_ON):
        app.action(look.silence_id(choice))(ear.chose(choice))


@dataclass(frozen=True)
class _Ear:
    preferences: Preferences
    silences: Silences
    asides: Asides
    now: Callable[[], datetime]

    async def resumes(self, ack: AsyncAck, body: dict[str, Any]) -> None:
        await self.preferences.resume(actor_of(body), self.now())
        await ack()

    async def saved(self, ack: AsyncAck, body: dict[str, Any], view: dict[str, Any]) -> None:
        days = state_of(view, look.DAYS, look.PICK)
        wanted = Wanted(
            days=days if look.DAYS in _asked(view) else None,
            at=_one(view, look.AT),
            language=_one(view, look.LANGUAGE),
            country=_one(view, look.COUNTRY),
        )
        await take(ack, self.preferences.save(actor_of(body), wanted, self.now()))

    async def paused(self, ack: AsyncAck, body: dict[str, Any], view: dict[str, Any]) -> None:
        # No day at all is no day to come back on.
        until = None if state_of(view, look.OPEN_END, look.PICK) else day_in(view, look.UNTIL) or date.min
        await take(ack, self._pause(actor_of(body), until, _asked_in(view)))

    async def _pause(self, actor: Actor, until: date | None, asked_in: UUID | None) -> Block:
        told = await self.preferences.pause_from_modal(actor, until, self.now())
        if asked_in is not None:
            with suppress(NotTheirs):  # the pause is theirs all the same
                await self.silences.choose(actor, asked_in, Choice.PAUSE, self.now())
        return told

    async def wants_pause_after_silence(self, ack: AsyncAck, body: dict[str, Any], client: AsyncWebClient) -> None:
        (message_id,) = codec.read(pressed(body)["value"], 1)
        view = await self.preferences.pause_view(actor_of(body), self.now(), codec.read_message_id(message_id))
        self.asides.open(client, body, view)
        await ack()

    def chose(self, choice: Choice) -> Callable[..., Awaitable[None]]:
        """A listener for one of the ways to go on."""

        async def chosen(ack: AsyncAck, body: dict[str, Any], client: AsyncWebClient) -> None:
            (message_id,) = codec.read(pressed(body)["value"], 1)
            async with self.asides.kindly(client, body):
                await self.silences.choose(actor_of(body), codec.read_message_id(message_id), choice, self.now())
            await ack()

        return chosen


def _asked(view: dict[str, Any]) -> set[str]:
    return {str(block.get("block_id")) for block in view["blocks"]}


def _asked_in(view: dict[str, Any]) -> UUID | None:
    """The question after a silence that a pause answers, if it answers one."""
    if not view["private_metadata"]:
        return None
    (message_id,) = codec.read(view["private_metadata"], 1)
    return codec.read_message_id(message_id)


def _one(view: dict[str, Any], block_id: str) -> str | None:
    picked = state_of(view, block_id, look.PICK)
    return picked[0] if picked else None
