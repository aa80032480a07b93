"""Reviews, done: draws the questions as they stand, and keeps what was answered."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import update
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from bot.agenda import book, calendar, personal
from bot.attention import slots
from bot.curriculum.library import Library
from bot.curriculum.model import Choice, Program
from bot.delivery.outbox import Outbox
from bot.records import reading
from bot.records.database import Database
from bot.records.editions import Editions
from bot.records.reading import Way
from bot.records.tables import AgendaItem, Enrollment, Message, Person, Review
from bot.reviews import message as look
from bot.slack import codec
from bot.slack.access import Actor, Gone, NotTheirs, in_reach, note_refused
from bot.slack.blocks import Drawn
from bot.slack.saying_when import day

CONFIDENCES = ("sure", "think_so", "guess")


@dataclass(frozen=True)
class Given:
    """An answer as it came in."""

    actor: Actor
    message_id: UUID
    place: int
    options: tuple[str, ...]
    confidence: str


@dataclass(frozen=True)
class Reviews:
    """The room's parts. `ask` draws a choice and `answered` an answer to it, as the checks do."""

    library: Library
    database: Database
    outbox: Outbox
    editions: Editions
    ask: look.DrawChoice
    answered: Any

    async def draw(self, session: AsyncSession, message: Message) -> Drawn:
        """The questions as they stand."""
        person = await session.get_one(Person, message.person_id)
        taught = reading.taught_for(self.library.current, person)
        rows = await self._rows(session, message.id)
        enrollment = await session.exec(select(Enrollment.id).where(Enrollment.person_id == person.id))
        way = await reading.this_way(session, enrollment.one() or 0)
        fill = reading.names(taught, way)
        asked = [await self._asked(session, row, fill) for row in rows]
        return look.review(
            taught.wording, asked, ask=self.ask,
            next_at=await self._next_at(session, way, taught.language),
        )  # fmt: skip

    async def answer(self, given: Given, now: datetime) -> None:
        """Record an answer, if it is the first. Raises NotTheirs, Gone, or Forged for an answer that fits no question."""
        if given.confidence not in CONFIDENCES:
            raise codec.Forged("no such confidence")
        async with self.database.transaction() as session:
            row = await self._question(session, given)
            lesson = await self.editions.get(session, row.edition_hash)
            check = lesson.check(row.check_id)
            if not isinstance(check, Choice) or not check.takes(given.options):
                raise codec.Forged("an answer is made of the question's own options")
            await session.execute(
                update(Review)
                .where(col(Review.id) == row.id, col(Review.answered_at).is_(None))
                .values(
                    answer={"options": sorted(given.options)},
                    confidence=given.confidence,
                    correct=check.is_right(given.options),
                    answered_at=now,
                )
            )
            await self.outbox.refresh(session, given.message_id)

    async def move(self, session: AsyncSession, person: Person, now: datetime) -> None:
        """Someone's time zone or wishes changed: their next review moves with them."""
        way = await reading.way_of_person(session, person.id or 0)
        if way is not None:
            coming = slots.review_slot(self.library.current.curriculum.program, way, now)
            await book.move_own(session, "review", way, coming)

    async def _asked(self, session: AsyncSession, row: Review, names: dict[str, Any]) -> look.Asked:
        lesson = await self.editions.get(session, row.edition_hash)
        check = lesson.check(row.check_id)
        if not isinstance(check, Choice):
            raise LookupError("only choices are reviewed")
        return look.Asked(
            lesson_title=lesson.title,
            choice=check,
            names=names,
            ids=codec.write(row.message_id, row.place),
            seed=f"{row.message_id}:{row.place}",
            answered=None if row.answer is None else self.answered(row.answer, row.confidence, row.correct),
            correct=row.correct,
        )

    async def _question(self, session: AsyncSession, given: Given) -> Review:
        rows = await session.execute(
            select(Review, Person)
            .join(Enrollment, col(Enrollment.id) == col(Review.enrollment_id))
            .join(Person, col(Person.id) == col(Enrollment.person_id))
            .where(Review.message_id == given.message_id, Review.place == given.place)
        )
        row = rows.first()
        if row is None:
            note_refused(given.actor, "a review that is not there")
            raise Gone
        if not given.actor.is_(row[1]):
            note_refused(given.actor, "somebody else's review")
            raise NotTheirs
        in_reach(row[1])
        review: Review = row[0]
        return review

    async def _rows(self, session: AsyncSession, message_id: UUID) -> list[Review]:
        rows = await session.exec(select(Review).where(Review.message_id == message_id).order_by(col(Review.place)))
        return list(rows)

    async def _next_at(self, session: AsyncSession, way: Way, language: str) -> str | None:
        due = await session.exec(
            select(AgendaItem.due_at).where(
                AgendaItem.key == f"review:{way.enrollment.id}", col(AgendaItem.done_at).is_(None)
            )
        )
        program = self.library.current.curriculum.program
        when = slots.review_comes(program, way, due.first())
        if when is None:
            return None
        return day(calendar.local(when, personal.zone_of(program, way.manager)).date(), language)


async def enter(session: AsyncSession, program: Program, way: Way, now: datetime) -> None:
    """Put a manager's weekly review on the agenda: one item, which moves from week to week."""
    await book.put_own(session, "review", way, slots.review_slot(program, way, now))
