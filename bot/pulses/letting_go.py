"""Letting go, done: two numbers twice a month. How they change is the manager's own, until they say otherwise."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import update
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from bot.attention.flow import Answer, Over, Turn, Wish
from bot.attention.framing import message_of
from bot.curriculum.library import Library
from bot.curriculum.model import Program
from bot.delivery.outbox import Outbox
from bot.pulses import message as look
from bot.pulses import numbers
from bot.pulses.numbers import Given
from bot.pulses.rules import COUNTS, DEALS, QUESTIONS, TALKS, first_letting_go, trend
from bot.records import reading
from bot.records.database import Database
from bot.records.reading import Way
from bot.records.tables import AgendaItem, Enrollment, Message, Pulse
from bot.slack import codec
from bot.slack.access import Actor, Gone
from bot.slack.blocks import Block

KIND = "letting_go"


@dataclass(frozen=True)
class LettingGo:
    """The room's parts for it."""

    library: Library
    database: Database
    outbox: Outbox

    async def offer(self, session: AsyncSession, item: AgendaItem, turn: Turn) -> Answer:  # noqa: ARG002 — as every offer
        """The two questions, every so many weeks; the first time with a line that says why."""
        if numbers.is_over(turn):
            return Over("the program is over")
        asked_at = numbers.asked_at(item)
        earliest = slot(turn.program, turn.way, asked_at, turn.now)
        if turn.now < earliest:
            return earliest

        async def said(session: AsyncSession, _: UUID) -> None:
            numbers.remember(session, item, turn.now)

        return Wish(
            f"letting_go:{turn.enrollment_id}:{turn.today().isoformat()}",
            {"enrollment_id": turn.enrollment_id, "first": asked_at is None},
            said=said,
            again=slot(turn.program, turn.way, turn.now, turn.now),
        )

    async def part(self, session: AsyncSession, message: Message, about: Mapping[str, Any]) -> list[Block]:
        """The two questions, or how the numbers changed up to this message; nothing where they are erased."""
        way = await reading.way_of(session, about["enrollment_id"])
        if way is None:
            return []
        taught = reading.taught_for(self.library.current, way.manager)
        said = await numbers.history(session, about["enrollment_id"], message)
        counts = [look.Count(question, _here(said.get(question, []), message)) for question in QUESTIONS]
        both = all(one.value is not None for one in counts)
        shown = look.LettingGo(
            weeks=taught.curriculum.program.letting_go.every_weeks,
            is_first=about["first"],
            counts=counts,
            trend=_trend(said, way) if both else None,
        )
        return look.letting_go(taught.wording, message.id, shown)

    async def answer(self, given: Given, now: datetime) -> None:
        """Record a number, if it is the first. Raises NotTheirs, Gone, or Forged for a number that was not offered."""
        if given.value not in COUNTS:
            raise codec.Forged("no such count")
        async with self.database.transaction() as session:
            actor = given.actor
            message, _ = await message_of(session, given.message_id, actor)
            about = numbers.asked_in(message, KIND)
            if given.about not in QUESTIONS:
                raise Gone
            await numbers.record(
                session,
                enrollment_id=about["enrollment_id"],
                message_id=message.id,
                question=given.about,
                value=given.value,
                now=now,
            )
            await self.outbox.refresh(session, message.id)

    async def share(self, actor: Actor, message_id: UUID, mentor_id: int | None, shared_at: datetime | None) -> bool:
        """Let that mentor see how the numbers change from now on, or (None) no longer. Raises NotTheirs, Gone.

        False, and nothing is shared, where it is another mentor by now: it is drawn anew.
        """
        async with self.database.transaction() as session:
            message, person = await message_of(session, message_id, actor)
            numbers.asked_in(message, KIND)
            may = shared_at is None or await reading.has_mentor(session, person.id or 0, mentor_id)
            if may:
                mine = col(Enrollment.person_id) == person.id
                await session.execute(update(Enrollment).where(mine).values(letting_go_shared_at=shared_at))
            await self.outbox.refresh(session, message.id)
        return may


async def shared_trends(session: AsyncSession, ways: Sequence[Way]) -> dict[int, tuple[str, str]]:
    """By enrollment, how deals taken over and talks held changed, as the mentor reads it: of those who share it."""
    ids = [way.enrollment.id or 0 for way in ways if way.enrollment.letting_go_shared_at is not None]
    if not ids:
        return {}
    rows = await session.exec(
        select(Pulse)
        .where(col(Pulse.enrollment_id).in_(ids), col(Pulse.question).in_(QUESTIONS))
        .order_by(col(Pulse.answered_at), col(Pulse.id))
    )
    said: dict[int, dict[str, list[int]]] = defaultdict(lambda: {question: [] for question in QUESTIONS})
    for one in rows:
        said[one.enrollment_id][one.question].append(one.value)
    return {key: (trend(of[DEALS]), trend(of[TALKS])) for key, of in said.items() if of[DEALS] and of[TALKS]}


def slot(program: Program, way: Way, asked: datetime | None, now: datetime) -> datetime:
    """When the two numbers are asked next (aware UTC)."""
    every = program.letting_go.every_weeks
    return numbers.slot(program, way, asked, now, first_week=first_letting_go(every), every=every)


def _here(said: list[Pulse], message: Message) -> int | None:
    return next((one.value for one in said if one.message_id == message.id), None)


def _trend(said: Mapping[str, list[Pulse]], way: Way) -> look.Trend:
    return look.Trend(
        deals=trend([one.value for one in said[DEALS]]),
        talks=trend([one.value for one in said[TALKS]]),
        mentor=way.mentor.first_name if way.mentor else None,
        mentor_id=way.enrollment.mentor_id or 0,
        shared=way.enrollment.letting_go_shared_at is not None,
    )
