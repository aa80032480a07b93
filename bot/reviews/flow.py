"""Reviews, done: ask again what would be forgotten, and keep what was answered."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from typing import Any
from uuid import UUID

from sqlalchemy import update
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from bot.agenda import book, calendar, personal
from bot.attention import slots
from bot.attention.flow import Answer, Over, Turn, Wish
from bot.attention.slots import Phase
from bot.curriculum.library import Library
from bot.curriculum.model import Choice, Program
from bot.delivery.outbox import Outbox
from bot.records import editions, reading
from bot.records.database import Database
from bot.records.editions import Editions
from bot.records.reading import Way
from bot.records.tables import AgendaItem, Enrollment, LessonGiven, Message, Person, Review
from bot.reviews import message as look
from bot.reviews.memory import Memories
from bot.reviews.rules import Candidate, choose, weeks_to_next
from bot.slack import codec
from bot.slack.access import Actor
from bot.slack.blocks import Drawn
from bot.slack.saying_when import day

CONFIDENCES = ("sure", "think_so", "guess")
MOST_WAITING = 2  # lessons that a review mentions
WAITED = timedelta(days=14)  # an older one is let go


class NotYours(Exception):
    """The question was put to someone else."""


class Gone(Exception):
    """There is no such question."""


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
    memories: Memories
    ask: look.DrawChoice
    answered: Any

    async def offer(self, session: AsyncSession, item: AgendaItem, turn: Turn) -> Answer:
        """The week's questions, if it is still the day for them and there is anything worth asking."""
        phase = slots.phase_of(turn.program, turn.way, turn.now)
        if phase is Phase.OVER and not turn.way.enrollment.goes_on:
            return Over("the program is over")
        coming = slots.review_slot(turn.program, turn.way, turn.now)
        if not calendar.still_good(item.due_at, turn.now, turn.working, turn.zone):
            return coming
        candidates = await self.memories.candidates(session, turn)
        asked = self._that_fit(turn, choose(candidates, turn.now, most=turn.program.reviews.most))
        if not asked:
            return coming
        if phase is not Phase.LESSONS:
            coming = await self._thinned_out(session, turn, coming)
        payload = {"open": [str(one) for one in await self._still_open(session, turn)]}
        key = f"review:{turn.enrollment_id}:{turn.today().isoformat()}"
        return Wish(key, payload, said=partial(self._ask, turn, asked), again=coming)

    async def draw(self, session: AsyncSession, message: Message) -> Drawn:
        """The questions as they stand, and what still waits."""
        person = await session.get_one(Person, message.person_id)
        taught = reading.taught_for(self.library.current, person)
        rows = await self._rows(session, message.id)
        enrollment = await session.exec(select(Enrollment.id).where(Enrollment.person_id == person.id))
        way = await reading.this_way(session, enrollment.one() or 0)
        fill = reading.names(taught.curriculum.program, way)
        asked = [await self._asked(session, row, fill) for row in rows]
        waiting = await self._waiting(session, message)
        return look.review(
            taught.wording, asked, waiting, ask=self.ask, message_id=message.id,
            next_at=await self._next_at(session, way, taught.language),
        )  # fmt: skip

    async def answer(self, given: Given, now: datetime) -> None:
        """Record an answer, if it is the first. Raises NotYours, Gone, or Forged for an answer that fits no question."""
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
                    correct=frozenset(given.options) == check.right_ids,
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

    def _that_fit(self, turn: Turn, asked: Sequence[Candidate]) -> Sequence[Candidate]:
        """The questions that one message holds; the others are still due next week."""
        taught = reading.taught_for(self.library.current, turn.way.manager)
        checks = [taught.curriculum.lesson(one.lesson_id).check(one.check_id) for one in asked]
        return asked[: look.that_fit([check for check in checks if isinstance(check, Choice)])]

    async def _ask(self, turn: Turn, asked: Sequence[Candidate], session: AsyncSession, message_id: UUID) -> None:
        taught = reading.taught_for(self.library.current, turn.way.manager)
        for place, one in enumerate(asked):
            edition = await editions.keep(session, taught.curriculum.lesson(one.lesson_id), turn.now)
            session.add(
                Review(
                    enrollment_id=turn.enrollment_id,
                    message_id=message_id,
                    place=place,
                    lesson_id=one.lesson_id,
                    check_id=one.check_id,
                    edition_hash=edition,
                    asked_at=turn.now,
                )
            )
        await session.flush()

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
            raise Gone
        if (row[1].workspace_id, row[1].slack_id) != (given.actor.workspace_id, given.actor.slack_id):
            raise NotYours
        review: Review = row[0]
        return review

    async def _rows(self, session: AsyncSession, message_id: UUID) -> list[Review]:
        rows = await session.exec(select(Review).where(Review.message_id == message_id).order_by(col(Review.place)))
        return list(rows)

    async def _still_open(self, session: AsyncSession, turn: Turn) -> list[UUID]:
        """Lessons that had their one nudge and still wait: they join the review, once."""
        given = await reading.lessons_given(session, [turn.enrollment_id])
        recent = [one for one in given if one.set_aside_at is None and one.given_at > turn.now - WAITED]
        answered = await reading.answered_counts(session, [one.message_id for one in recent])
        nudged = await session.exec(
            select(AgendaItem.key).where(
                col(AgendaItem.key).in_([f"nudge:{one.message_id}" for one in recent]),
                col(AgendaItem.done_at) < turn.now,
            )
        )
        keys, told = set(nudged), await self._told(session, turn)
        still = [
            one
            for one in recent
            if f"nudge:{one.message_id}" in keys and await self._is_open(session, one, answered.get(one.message_id, 0))
        ]
        return [one.message_id for one in still if str(one.message_id) not in told][-MOST_WAITING:]

    async def _is_open(self, session: AsyncSession, given: LessonGiven, answered: int) -> bool:
        """Whether a lesson still asks something of its reader."""
        if given.set_aside_at is not None:
            return False
        return answered < len((await self.editions.get(session, given.edition_hash)).checks)

    async def _told(self, session: AsyncSession, turn: Turn) -> Collection[str]:
        rows = await session.exec(
            select(Message.payload).where(
                Message.person_id == turn.way.manager.id,
                Message.kind == "review",
                col(Message.created_at) > turn.now - WAITED,
            )
        )
        return {one for payload in rows for one in payload.get("open", ())}

    async def _waiting(self, session: AsyncSession, message: Message) -> list[look.Waiting]:
        ids = [UUID(one) for one in message.payload.get("open", ())]
        answered = await reading.answered_counts(session, ids)
        rows = await session.exec(select(LessonGiven).where(col(LessonGiven.message_id).in_(ids)))
        return [
            look.Waiting((await self.editions.get(session, one.edition_hash)).title, one.message_id)
            for one in rows
            if await self._is_open(session, one, answered.get(one.message_id, 0))
        ]

    async def _thinned_out(self, session: AsyncSession, turn: Turn, coming: datetime) -> datetime:
        """Once the lessons are over, reviews come less often to someone whose answers show that it sits."""
        rows = await session.exec(
            select(Review).where(Review.enrollment_id == turn.enrollment_id).order_by(col(Review.asked_at))
        )
        by_message: dict[UUID, list[bool | None]] = {}
        for row in rows:
            by_message.setdefault(row.message_id, []).append(row.correct)
        # A review that was not answered to the end shows no habit.
        shares = [
            0.0 if None in all_of_it else sum(map(bool, all_of_it)) / len(all_of_it)
            for all_of_it in by_message.values()
        ]
        later = coming + timedelta(weeks=weeks_to_next(shares) - 1) - timedelta(minutes=1)
        return coming if later <= coming else slots.review_slot(turn.program, turn.way, later)

    async def _next_at(self, session: AsyncSession, way: Way, language: str) -> str | None:
        due = await session.exec(
            select(AgendaItem.due_at).where(
                AgendaItem.key == f"review:{way.enrollment.id}", col(AgendaItem.done_at).is_(None)
            )
        )
        when, program = due.first(), self.library.current.curriculum.program
        if when is None:
            return None
        return day(calendar.local(when, personal.zone_of(program, way.manager)).date(), language)


async def enter(session: AsyncSession, program: Program, way: Way, now: datetime) -> None:
    """Put a manager's weekly review on the agenda: one item, which moves from week to week."""
    await book.put_own(session, "review", way, slots.review_slot(program, way, now))
