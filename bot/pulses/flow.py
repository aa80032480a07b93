"""Pulses, done: how sure someone feels in the areas that have their turn, beside what they said last time."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlmodel.ext.asyncio.session import AsyncSession

from bot.agenda import book
from bot.attention.flow import Answer, Over, Turn, Wish
from bot.attention.framing import message_of
from bot.curriculum.library import Library, Taught
from bot.curriculum.model import Program
from bot.delivery.outbox import Outbox
from bot.pulses import letting_go, numbers
from bot.pulses import message as look
from bot.pulses.numbers import Given
from bot.pulses.rules import SURE, areas_to_ask, confidence_in, first_pulse
from bot.records import reading
from bot.records.database import Database
from bot.records.editions import Editions
from bot.records.reading import Way
from bot.records.tables import AgendaItem, Message, Person, Pulse
from bot.slack import codec
from bot.slack.access import Gone
from bot.slack.blocks import Block

KIND = "pulse"


@dataclass(frozen=True)
class Pulses:
    """The room's parts."""

    library: Library
    database: Database
    outbox: Outbox
    editions: Editions

    async def offer(self, session: AsyncSession, item: AgendaItem, turn: Turn) -> Answer:
        """One question each about the areas that have their turn, every so many weeks."""
        if numbers.is_over(turn):
            return Over("the program is over")
        earliest = _slot(turn.program, turn.way, numbers.asked_at(item), turn.now)
        if turn.now < earliest:
            return earliest

        async def said(session: AsyncSession, _: object) -> None:
            numbers.remember(session, item, turn.now)

        return Wish(
            f"pulse:{turn.enrollment_id}:{turn.today().isoformat()}",
            {"enrollment_id": turn.enrollment_id, "areas": await self._areas(session, turn)},
            said=said,
            again=_slot(turn.program, turn.way, turn.now, turn.now),
        )

    async def part(self, session: AsyncSession, message: Message, about: Mapping[str, Any]) -> list[Block]:
        """The questions, or the answers in place of their buttons."""
        person = await session.get(Person, message.person_id)
        taught = reading.taught_for(self.library.current, person)
        said = await numbers.history(session, about["enrollment_id"], message)
        asked = [
            _confidence(taught, area_id, said.get(confidence_in(area_id), []), message) for area_id in about["areas"]
        ]
        return look.pulse(taught.wording, message.id, asked)

    async def answer(self, given: Given, now: datetime) -> None:
        """Record a number, if it is the first. Raises NotTheirs, Gone, or Forged for a number that was not offered."""
        if given.value not in SURE:
            raise codec.Forged("no such point")
        async with self.database.transaction() as session:
            actor = given.actor
            message, _ = await message_of(session, given.message_id, actor)
            about = numbers.asked_in(message, KIND)
            if given.about not in about["areas"]:
                raise Gone
            await numbers.record(
                session,
                enrollment_id=about["enrollment_id"],
                message_id=message.id,
                question=confidence_in(given.about),
                value=given.value,
                now=now,
            )
            await self.outbox.refresh(session, message.id)

    async def _areas(self, session: AsyncSession, turn: Turn) -> list[str]:
        lessons: dict[str, datetime] = {}
        for given in await reading.lessons_given(session, [turn.enrollment_id]):
            if given.set_aside_at is None:
                lessons[(await self.editions.get(session, given.edition_hash)).area] = given.given_at
        areas = [area.id for area in self.library.current.curriculum.areas]
        return areas_to_ask(areas, lessons, await numbers.last_answers(session, turn.enrollment_id, areas))


async def enter(session: AsyncSession, program: Program, way: Way, now: datetime) -> None:
    """Put the small questions on the agenda when someone begins: one item each, which moves on."""
    first = {KIND: _slot(program, way, None, now), letting_go.KIND: letting_go.slot(program, way, None, now)}
    for kind, due_at in first.items():
        await book.put_own(session, kind, way, due_at)


def _slot(program: Program, way: Way, asked: datetime | None, now: datetime) -> datetime:
    every = program.pulse.every_weeks
    return numbers.slot(program, way, asked, now, first_week=first_pulse(every), every=every)


def _confidence(taught: Taught, area_id: str, said: list[Pulse], message: Message) -> look.Confidence:
    titles = {area.id: area.title for area in taught.curriculum.areas}
    return look.Confidence(
        area_id=area_id,
        title=titles.get(area_id, area_id),
        value=next((one.value for one in said if one.message_id == message.id), None),
        last=next((one.value for one in reversed(said) if one.message_id != message.id), None),
    )
