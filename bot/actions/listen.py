"""Bolt listeners of the actions: promises, and what becomes of them."""

import re
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from slack_bolt.async_app import AsyncAck, AsyncApp
from slack_sdk.web.async_client import AsyncWebClient

from bot.actions import asking, message
from bot.actions.after_meeting import AfterMeetings, PlannedTogether
from bot.actions.flow import Actions, Planned
from bot.actions.follow_ups import About, FollowUps
from bot.actions.rules import ROUNDS, NewDay, Status
from bot.slack import codec
from bot.slack.access import NotTheirs, Refused, actor_of
from bot.slack.asides import Asides
from bot.slack.modals import day_in, take, typed_in
from bot.slack.payloads import pressed

STATUSES = {one.value: one for one in Status}
NEW_DAYS = {one.value: one for one in NewDay}


def register(app: AsyncApp, actions: Actions, asides: Asides, now: Callable[[], datetime]) -> None:
    """Listen to «I'll try it», and to the plan that is sent."""
    ear = _Promising(actions, asides, now)
    app.action(message.PROMISE)(ear.wants_to_promise)
    app.view(message.PLANNED)(ear.planned)


def register_after_meetings(
    app: AsyncApp, after_meetings: AfterMeetings, asides: Asides, now: Callable[[], datetime]
) -> None:
    """Listen to the plan that someone makes after their peer group has met."""

    async def planned(ack: AsyncAck, body: dict[str, Any], view: dict[str, Any]) -> None:
        (group_id,) = codec.read(view["private_metadata"], 1)
        text, on = typed_in(view, message.PLAN), day_in(view, message.WHEN)
        plan = PlannedTogether(actor_of(body), codec.read_number(group_id), text, on)
        await _kept(ack, body, asides, after_meetings.promise(plan, now()))

    app.view(message.PLANNED_TOGETHER)(planned)


def register_follow_ups(app: AsyncApp, follow_ups: FollowUps, asides: Asides, now: Callable[[], datetime]) -> None:
    """Listen to «did it happen?», to a new day, and to the line about how it went."""
    ear = _FollowingUp(follow_ups, asides, now)
    app.action(_any_of(STATUSES))(ear.answered)
    app.action(_any_of(NEW_DAYS))(ear.moved)
    app.action(asking.ADD_NOTE)(ear.wants_to_write)
    app.view(asking.NOTED)(ear.written)
    app.action(asking.SHARE)(ear.shared)
    app.action(asking.UNSHARE)(ear.unshared)


@dataclass(frozen=True)
class _Promising:
    actions: Actions
    asides: Asides
    now: Callable[[], datetime]

    async def wants_to_promise(self, ack: AsyncAck, body: dict[str, Any], client: AsyncWebClient) -> None:
        (message_id,) = codec.read(pressed(body)["value"], 1)
        async with self.asides.kindly(client, body):
            view = await self.actions.plan_view(actor_of(body), codec.read_message_id(message_id), self.now())
            self.asides.open(client, body, view)
        await ack()

    async def planned(self, ack: AsyncAck, body: dict[str, Any], view: dict[str, Any]) -> None:
        (message_id,) = codec.read(view["private_metadata"], 1)
        text, on = typed_in(view, message.PLAN), day_in(view, message.WHEN)
        plan = Planned(actor_of(body), codec.read_message_id(message_id), text, on)
        await _kept(ack, body, self.asides, self.actions.promise(plan, self.now()))


@dataclass(frozen=True)
class _FollowingUp:
    follow_ups: FollowUps
    asides: Asides
    now: Callable[[], datetime]

    async def answered(self, ack: AsyncAck, body: dict[str, Any], client: AsyncWebClient) -> None:
        about, choice = _pressed(body)
        if choice not in STATUSES:
            raise codec.Forged("no such answer")
        async with self.asides.kindly(client, body):
            await self.follow_ups.answer(about, STATUSES[choice], self.now())
        await ack()

    async def moved(self, ack: AsyncAck, body: dict[str, Any], client: AsyncWebClient) -> None:
        about, choice = _pressed(body)
        if choice not in NEW_DAYS:
            raise codec.Forged("no such day")
        async with self.asides.kindly(client, body):
            await self.follow_ups.move(about, NEW_DAYS[choice], self.now())
        await ack()

    async def wants_to_write(self, ack: AsyncAck, body: dict[str, Any], client: AsyncWebClient) -> None:
        message_id, promise_id = codec.read(pressed(body)["value"], 2)
        async with self.asides.kindly(client, body):
            view = await self.follow_ups.note_view(
                actor_of(body), codec.read_message_id(message_id), codec.read_number(promise_id)
            )
            self.asides.open(client, body, view)
        await ack()

    async def written(self, ack: AsyncAck, body: dict[str, Any], view: dict[str, Any]) -> None:
        message_id, promise_id = codec.read(view["private_metadata"], 2)
        text = typed_in(view, asking.NOTE)
        if not text:
            words = await self.asides.words(body)
            await ack(response_action="errors", errors={asking.NOTE: words.plain("action.note_empty")})
            return
        try:
            kept = await self.follow_ups.note(
                actor_of(body), codec.read_message_id(message_id), codec.read_number(promise_id), text
            )
        except Refused as refused:
            words = await self.asides.words(body)
            told = message.told(words, "action.note_title", words.mrkdwn(refused.sentence))
            await ack(response_action="update", view=told)
            return
        if kept:
            await ack()
        else:  # it stays before their eyes: what they wrote is theirs to copy
            words = await self.asides.words(body)
            await ack(response_action="errors", errors={asking.NOTE: words.plain("check.already")})

    async def shared(self, ack: AsyncAck, body: dict[str, Any], client: AsyncWebClient) -> None:
        await self._share(body, client, self.now())
        await ack()

    async def unshared(self, ack: AsyncAck, body: dict[str, Any], client: AsyncWebClient) -> None:
        await self._share(body, client, None)
        await ack()

    async def _share(self, body: dict[str, Any], client: AsyncWebClient, shared_at: datetime | None) -> None:
        (message_id, promise_id), mentor_id = codec.read_for(pressed(body)["value"], 2)
        about = codec.read_message_id(message_id), codec.read_number(promise_id)
        async with self.asides.kindly(client, body):
            if not await self.follow_ups.share(actor_of(body), *about, mentor_id, shared_at):
                await self.asides.say(client, body, "check.not_shared")


async def _kept(ack: AsyncAck, body: dict[str, Any], asides: Asides, keeping: Awaitable[None]) -> None:
    """Close the modal of a plan that is kept; of one that can't be, say why."""
    try:
        await take(ack, keeping)
    except NotTheirs as refused:
        words = await asides.words(body)
        told = message.told(words, "action.plan_title", words.mrkdwn(refused.sentence))
        await ack(response_action="update", view=told)


def _any_of(choices: dict[str, Any]) -> re.Pattern[str]:
    return re.compile(rf"^{asking.ANSWER}_({'|'.join(choices)})$")


def _pressed(body: dict[str, Any]) -> tuple[About, str]:
    message_id, promise_id, round_number, choice = codec.read(pressed(body)["value"], 4)
    about = About(
        actor_of(body),
        codec.read_message_id(message_id),
        codec.read_number(promise_id),
        codec.read_number(round_number),
    )
    if about.round_number not in ROUNDS:
        raise codec.Forged("no such round")
    return about, choice
