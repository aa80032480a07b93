"""Bolt listeners of a group: when it meets, whether it has met, and what someone will try."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from slack_bolt.async_app import AsyncAck, AsyncApp
from slack_sdk.web.async_client import AsyncWebClient

from bot.peers import meeting_message as look
from bot.peers.asked import Answer
from bot.peers.clinic import Clinics
from bot.peers.meeting_times import MeetingTimes
from bot.peers.message import ANOTHER, PICK
from bot.slack import codec
from bot.slack.access import NotTheirs, actor_of
from bot.slack.asides import Asides
from bot.slack.modals import Unfit, day_in, time_in
from bot.slack.payloads import pressed, whisper

ANSWERS = {one.value: one for one in Answer}


def register(app: AsyncApp, clinics: Clinics, times: MeetingTimes, asides: Asides, now: Callable[[], datetime]) -> None:
    """Listen to a time for a group, to «did you meet?», and to what someone will try."""
    ear = _Ear(clinics, times, asides, now)
    app.action(re.compile(rf"^{PICK}:\d+$"))(ear.picked)
    app.action(ANOTHER)(ear.wants_another)
    app.view(look.OTHER_SENT)(ear.other_sent)
    app.action(re.compile(rf"^{look.MET}:"))(ear.met)
    app.action(look.TRY)(ear.will_try)


@dataclass(frozen=True)
class _Ear:
    clinics: Clinics
    times: MeetingTimes
    asides: Asides
    now: Callable[[], datetime]

    async def picked(self, ack: AsyncAck, body: dict[str, Any], client: AsyncWebClient) -> None:
        group_id, place = (codec.read_number(one) for one in codec.read(pressed(body)["value"], 2))
        async with self.asides.kindly(client, body):
            sentence = await self.times.pick(actor_of(body), group_id, place, self.now())
            if sentence is not None:
                self.asides.start(whisper(client, body, sentence))
        await ack()

    async def wants_another(self, ack: AsyncAck, body: dict[str, Any], client: AsyncWebClient) -> None:
        (group_id,) = codec.read(pressed(body)["value"], 1)
        async with self.asides.kindly(client, body):
            view = await self.times.view(actor_of(body), codec.read_number(group_id), self.now())
            self.asides.open(client, body, view)
        await ack()

    async def other_sent(self, ack: AsyncAck, body: dict[str, Any], view: dict[str, Any]) -> None:
        group_id, before = (codec.read_number(one) for one in codec.read(view["private_metadata"], 2))
        on, at = day_in(view, look.ON), time_in(view, look.AT)
        local = None if on is None or at is None else (on, at)
        try:
            sentence = await self.times.other(actor_of(body), group_id, before, local, self.now())
        except Unfit as unfit:
            await ack(response_action="errors", errors={unfit.field: unfit.sentence})
            return
        except NotTheirs as refused:
            sentence = (await self.asides.words(body)).mrkdwn(refused.sentence)
        if sentence is None:
            await ack()
        else:
            await ack(response_action="update", view=look.told(await self.asides.words(body), sentence))

    async def met(self, ack: AsyncAck, body: dict[str, Any], client: AsyncWebClient) -> None:
        group_id, answer = codec.read(pressed(body)["value"], 2)
        if answer not in ANSWERS:
            raise codec.Forged("no such answer")
        async with self.asides.kindly(client, body):
            await self.clinics.met(actor_of(body), codec.read_number(group_id), ANSWERS[answer], self.now())
        await ack()

    async def will_try(self, ack: AsyncAck, body: dict[str, Any], client: AsyncWebClient) -> None:
        (group_id,) = codec.read(pressed(body)["value"], 1)
        async with self.asides.kindly(client, body):
            view = await self.clinics.try_view(actor_of(body), codec.read_number(group_id), self.now())
            self.asides.open(client, body, view)
        await ack()
