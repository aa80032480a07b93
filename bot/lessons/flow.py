"""Lessons, done: draws one as it stands now; puts it away, or opens it, as its reader asks."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import update
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from bot.agenda import book, personal
from bot.attention import slots
from bot.attention.again import call_off, say_again
from bot.attention.framing import message_of
from bot.attention.slots import Phase
from bot.curriculum.library import Library
from bot.curriculum.model import Curriculum, Lesson, Program
from bot.delivery.outbox import Outbox
from bot.lessons import message as look
from bot.lessons.giving import note
from bot.lessons.rules import Chosen, Why
from bot.records import reading
from bot.records.database import Database
from bot.records.editions import Editions
from bot.records.reading import Way
from bot.records.tables import AgendaItem, LessonGiven, Message, Person
from bot.slack.access import Actor, person_of
from bot.slack.blocks import Block, Drawn
from bot.slack.saying_when import moment

# Draws what another room has in a lesson's message (its checks, its action), with the names that fill its placeholders;
# and says whether nothing more is to be done there.
DrawPart = Callable[[AsyncSession, Message, Lesson, Way, dict[str, Any]], Awaitable[tuple[list[Block], bool]]]


@dataclass(frozen=True)
class Lessons:
    """The room's parts. `draw_parts` come from other rooms, in the order in which they stand below the body."""

    library: Library
    database: Database
    outbox: Outbox
    editions: Editions
    draw_parts: Sequence[DrawPart]

    async def draw(self, session: AsyncSession, message: Message) -> Drawn:
        """The lesson as it stands: with its questions, or with the answers in their place."""
        given = (await session.exec(select(LessonGiven).where(LessonGiven.message_id == message.id))).one()
        lesson = await self.editions.get(session, given.edition_hash)
        way = await reading.this_way(session, given.enrollment_id)
        taught = reading.taught_for(self.library.current, way.manager)
        if given.set_aside_at is not None:
            return look.set_aside(taught.wording, lesson)
        fill = reading.names(taught.curriculum.program, way)
        parts = [await draw(session, message, lesson, way, fill) for draw in self.draw_parts]
        had = await reading.lessons_given(session, [given.enrollment_id])
        place = look.Given(
            lesson=lesson,
            area_title=_title(taught.curriculum, lesson.area),
            names=fill,
            number=[one.lesson_id for one in had].index(given.lesson_id) + 1,
            total=max(_in_all(taught.curriculum), len(had)),
            why=_why(taught.curriculum, given),
            next_at=await self._next_at(session, way, taught.language),
        )
        return look.lesson(taught.wording, place, [blocks for blocks, _ in parts], all(done for _, done in parts))

    async def row(self, session: AsyncSession, message: Message) -> list[Block]:
        """The buttons below a lesson, as long as it waits."""
        given = (await session.exec(select(LessonGiven).where(LessonGiven.message_id == message.id))).one()
        lesson = await self.editions.get(session, given.edition_hash)
        answered = await reading.answered_counts(session, [message.id])
        if given.set_aside_at is not None or answered.get(message.id, 0) >= len(lesson.checks):
            return []
        person = await session.get(Person, message.person_id)
        return look.row(reading.taught_for(self.library.current, person).wording, message.id)

    async def set_aside(self, actor: Actor, message_id: UUID, now: datetime) -> None:
        """«Not for me»: the lesson is put away, nothing of it is asked. Raises NotTheirs."""
        async with self.database.transaction() as session:
            _, person = await message_of(session, message_id, actor.workspace_id, actor.slack_id)
            await session.execute(
                update(LessonGiven)
                .where(col(LessonGiven.message_id) == message_id, col(LessonGiven.set_aside_at).is_(None))
                .values(set_aside_at=now)
            )
            await call_off(session, self.outbox, person.id or 0, message_id, now=now, outcome="set aside")
            await self.outbox.refresh(session, message_id)

    async def open(self, actor: Actor, lesson_id: str, now: datetime, place: str) -> bool:
        """Show someone a lesson that they asked for: the one that they had, or a first time; False if there is none for them."""
        async with self.database.transaction() as session:
            person = await person_of(session, actor)
            way = None if person is None else await reading.way_of_person(session, person.id or 0)
            if person is None or way is None:
                return False
            had = await reading.lessons_given(session, [way.enrollment.id or 0])
            given = next((one for one in had if one.lesson_id == lesson_id), None)
            if given is not None:
                key = f"shown:{given.message_id}:{place}"
                await say_again(session, self.outbox, given.message_id, person, key=key)
                return True
            return await self._give_early(session, way, lesson_id, now)

    async def _give_early(self, session: AsyncSession, way: Way, lesson_id: str, now: datetime) -> bool:
        """A lesson before its turn, as they asked: it is not nudged, and does not come again."""
        taught = reading.taught_for(self.library.current, way.manager)
        lesson = next((one for one in taught.curriculum.lessons if one.id == lesson_id), None)
        if lesson is None or way.enrollment.begun_at is None:
            return False
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
        return True

    async def move(self, session: AsyncSession, person: Person, now: datetime) -> None:
        """Someone's time zone or wishes changed: their next lesson moves with them."""
        way = await reading.way_of_person(session, person.id or 0)
        if way is not None:
            coming = slots.lesson_slot(self.library.current.curriculum.program, way, now)
            await book.move_own(session, "lesson", way, coming)

    async def _next_at(self, session: AsyncSession, way: Way, language: str) -> str | None:
        """When the next lesson comes, in words; None if none does."""
        due = await session.exec(
            select(AgendaItem.due_at).where(
                AgendaItem.key == f"lesson:{way.enrollment.id}", col(AgendaItem.done_at).is_(None)
            )
        )
        when, program = due.first(), self.library.current.curriculum.program
        if when is None or slots.phase_of(program, way, when) is not Phase.LESSONS:
            return None
        return moment(when, personal.zone_of(program, way.manager), language)


async def enter(session: AsyncSession, program: Program, way: Way, now: datetime) -> None:
    """Put a manager's lessons on the agenda: one item, which moves from slot to slot."""
    await book.put_own(session, "lesson", way, slots.lesson_slot(program, way, now))


def _in_all(curriculum: Curriculum) -> int:
    """How many lessons the program has room for."""
    program = curriculum.program
    return min(len(curriculum.lessons), program.length.lesson_weeks * len(program.lessons.days))


def _why(curriculum: Curriculum, given: LessonGiven) -> look.Why | None:
    """Why this lesson came when it did; None for one from before reasons were kept."""
    if given.why is None:
        return None
    about = given.why_about or ""
    titles = {lesson.id: lesson.title for lesson in curriculum.lessons}
    return look.Why(given.why, titles.get(about) or _title(curriculum, about))


def _title(curriculum: Curriculum, area_id: str) -> str:
    try:
        return str(curriculum.area(area_id).title)
    except KeyError:
        return area_id
