"""Lessons, done: puts one away or opens it, as its reader asks."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import update
from sqlmodel import col
from sqlmodel.ext.asyncio.session import AsyncSession

from bot.agenda import book
from bot.attention import slots
from bot.attention.again import bring_back, call_off, say_again
from bot.attention.framing import message_of
from bot.curriculum.library import Library
from bot.curriculum.model import Program
from bot.delivery.outbox import Outbox
from bot.lessons.drawing import Drawing
from bot.lessons.giving import note
from bot.lessons.rules import Chosen, Why
from bot.records import reading
from bot.records.database import Database
from bot.records.reading import Way
from bot.records.tables import LessonGiven, Person
from bot.slack.access import Actor, person_of

SET_ASIDE = "set aside"  # what became of the reminder of a lesson that was put away


@dataclass(frozen=True)
class Lessons:
    """The room's parts."""

    library: Library
    database: Database
    outbox: Outbox
    drawing: Drawing

    async def set_aside(self, actor: Actor, message_id: UUID, now: datetime) -> None:
        """«Not for me»: the lesson is put away, nothing of it is asked. Raises NotTheirs."""
        async with self.database.transaction() as session:
            _, person = await message_of(session, message_id, actor)
            await session.execute(
                update(LessonGiven)
                .where(col(LessonGiven.message_id) == message_id, col(LessonGiven.set_aside_at).is_(None))
                .values(set_aside_at=now)
            )
            nudges = await call_off(session, person.id or 0, message_id, now=now, outcome=SET_ASIDE)
            await self.outbox.refresh(session, message_id, *nudges)

    async def take_back(self, actor: Actor, message_id: UUID, now: datetime) -> None:
        """It is for them after all: asked and reminded of as if it had never been put away. Raises NotTheirs."""
        async with self.database.transaction() as session:
            _, person = await message_of(session, message_id, actor)
            its = col(LessonGiven.message_id) == message_id
            await session.execute(update(LessonGiven).where(its).values(set_aside_at=None))
            nudges = await bring_back(session, person.id or 0, message_id, now=now, outcome=SET_ASIDE)
            await self.outbox.refresh(session, message_id, *nudges)

    async def open(self, actor: Actor, lesson_id: str, now: datetime, place: str) -> str | None:
        """Show someone a lesson that they asked for: the one that they had, or a first time; else why not, as its place in the
        words."""
        async with self.database.transaction() as session:
            person = await person_of(session, actor)
            way = None if person is None else await reading.way_of_person(session, person.id or 0)
            if person is None or way is None:
                return "coach.not_enrolled"
            if way.enrollment.left_at is not None:
                return "home.left"
            had = await reading.lessons_given(session, [way.enrollment.id or 0])
            given = next((one for one in had if one.lesson_id == lesson_id), None)
            if given is not None:
                key = f"shown:{given.message_id}:{place}"
                await say_again(session, self.outbox, given.message_id, person, key=key)
                return None
            return await self._give_early(session, way, lesson_id, now)

    async def _give_early(self, session: AsyncSession, way: Way, lesson_id: str, now: datetime) -> str | None:
        """A lesson before its turn, as they asked: it is not nudged, and does not come again."""
        taught = reading.taught_for(self.library.current, way.manager)
        lesson = next((one for one in taught.curriculum.lessons if one.id == lesson_id), None)
        if lesson is None:
            return "coach.not_now"
        if way.enrollment.begun_at is None:
            return "coach.begin_first"
        message_id = await self.outbox.say(
            session,
            key=f"lesson:{way.enrollment.id}:{lesson.id}",
            kind="lesson",
            workspace_id=way.manager.workspace_id,
            person_id=way.manager.id,
            payload={"enrollment_id": way.enrollment.id, "lesson_id": lesson.id},
            at_once=True,
        )
        if message_id is not None:
            await note(session, {message_id: (way.enrollment.id or 0, Chosen(lesson, Why.ASKED_FOR, None))}, now)
        return None

    async def move(self, session: AsyncSession, person: Person, now: datetime) -> None:
        """Someone's time zone or wishes changed: their next lesson moves with them."""
        way = await reading.way_of_person(session, person.id or 0)
        if way is not None:
            coming = slots.lesson_slot(self.library.current.curriculum.program, way, now)
            await book.move_own(session, "lesson", way, coming)


async def enter(session: AsyncSession, program: Program, way: Way, now: datetime) -> None:
    """Put a manager's lessons on the agenda: one item, which moves from slot to slot."""
    await book.put_own(session, "lesson", way, slots.lesson_slot(program, way, now))
