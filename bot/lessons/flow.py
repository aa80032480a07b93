"""Lessons, done: plans the one that is due, and draws it as it stands now."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import update
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from bot.agenda import book, calendar
from bot.curriculum.library import Library
from bot.curriculum.model import Lesson, Program
from bot.delivery.outbox import Outbox
from bot.lessons import message as look
from bot.lessons.rules import next_lesson
from bot.records import editions, reading
from bot.records.editions import Editions
from bot.records.reading import Way
from bot.records.tables import AgendaItem, LessonGiven, Message, Person
from bot.slack.blocks import Block, Drawn
from bot.slack.saying_when import moment

# Draws what another room has in a lesson's message (its checks, its action), with the names that fill its placeholders;
# and says whether nothing more is to be done there.
DrawPart = Callable[[AsyncSession, Message, Lesson, dict[str, Any]], Awaitable[tuple[list[Block], bool]]]


@dataclass(frozen=True)
class Lessons:
    """The room's parts. `draw_parts` come from other rooms, in the order in which they stand below the body."""

    library: Library
    outbox: Outbox
    editions: Editions
    draw_parts: Sequence[DrawPart]

    async def plan(self, session: AsyncSession, item: AgendaItem, now: datetime) -> datetime | None:
        """Give the next lesson if it is still the day for it; when the one after it is due (aware UTC)."""
        way = await reading.way_of(session, item.about["enrollment_id"])
        if way is None:
            return None
        program = self.library.current.curriculum.program
        zone = calendar.zone_or(way.manager.timezone, program.timezone)
        coming = first_slot(program, way, now)
        if not calendar.still_good(item.due_at, now, program.working_time, zone):
            return coming  # missed while we were down: it moves to the next slot, and joins nothing that is there
        if way.manager.unreachable_at is not None or way.manager.deactivated_at is not None:
            return coming  # what could not arrive is not given: it waits for their return
        given = await self._give(session, way, now)
        return coming if given else None

    async def draw(self, session: AsyncSession, message: Message) -> Drawn:
        """The lesson as it stands: with its questions, or with the answers in their place."""
        taught = self.library.current
        given = (await session.exec(select(LessonGiven).where(LessonGiven.message_id == message.id))).one()
        lesson = await self.editions.get(session, given.edition_hash)
        way = await reading.this_way(session, given.enrollment_id)
        fill = names(taught.curriculum.program, way)
        parts = [await draw(session, message, lesson, fill) for draw in self.draw_parts]
        had = await reading.lessons_given(session, [given.enrollment_id])
        place = look.Given(
            lesson=lesson,
            area_title=_title(taught.curriculum, lesson.area),
            names=fill,
            number=[one.lesson_id for one in had].index(given.lesson_id) + 1,
            total=max(len(taught.curriculum.lessons), len(had)),
            next_at=await self._next_at(session, way),
        )
        return look.lesson(taught.wording, place, [blocks for blocks, _ in parts], all(done for _, done in parts))

    async def move(self, session: AsyncSession, person: Person, now: datetime) -> None:
        """Someone's time zone changed: their next lesson moves with them."""
        program = self.library.current.curriculum.program
        items = await session.exec(
            select(AgendaItem).where(
                AgendaItem.person_id == person.id, AgendaItem.kind == "lesson", col(AgendaItem.done_at).is_(None)
            )
        )
        for item in items:
            way = await reading.way_of(session, item.about["enrollment_id"])
            if way is not None:
                await session.execute(
                    update(AgendaItem).where(col(AgendaItem.id) == item.id).values(due_at=first_slot(program, way, now))
                )

    async def _give(self, session: AsyncSession, way: Way, now: datetime) -> bool:
        had = await reading.lessons_given(session, [way.enrollment.id or 0])
        lesson = next_lesson(self.library.current.curriculum, [one.lesson_id for one in had])
        if lesson is None:
            return False
        edition = await editions.keep(session, lesson, now)
        message_id = await self.outbox.say(
            session,
            key=f"lesson:{way.enrollment.id}:{lesson.id}",
            kind="lesson",
            workspace_id=way.manager.workspace_id,
            person_id=way.manager.id,
            payload={"enrollment_id": way.enrollment.id, "lesson_id": lesson.id},
        )
        if message_id is None:
            return True
        session.add(
            LessonGiven(
                enrollment_id=way.enrollment.id or 0,
                lesson_id=lesson.id,
                edition_hash=edition,
                message_id=message_id,
                given_at=now,
            )
        )
        await self._plan_nudge(session, way, str(message_id), now)
        return True

    async def _plan_nudge(self, session: AsyncSession, way: Way, message_id: str, now: datetime) -> None:
        program = self.library.current.curriculum.program
        zone = calendar.zone_or(way.manager.timezone, program.timezone)
        await book.put(
            session,
            key=f"nudge:{message_id}",
            kind="nudge",
            workspace_id=way.manager.workspace_id,
            person_id=way.manager.id,
            about={"message_id": message_id, "enrollment_id": way.enrollment.id},
            due_at=calendar.after_working_days(now, program.nudge.after_working_days, program.working_time, zone),
        )

    async def _next_at(self, session: AsyncSession, way: Way) -> str | None:
        due = await session.exec(
            select(AgendaItem.due_at).where(
                AgendaItem.key == f"lesson:{way.enrollment.id}", col(AgendaItem.done_at).is_(None)
            )
        )
        when = due.first()
        had = await reading.lessons_given(session, [way.enrollment.id or 0])
        if when is None or next_lesson(self.library.current.curriculum, [one.lesson_id for one in had]) is None:
            return None
        return moment(when, calendar.zone_or(way.manager.timezone, self.library.current.curriculum.program.timezone))


async def enter(session: AsyncSession, program: Program, way: Way, now: datetime) -> None:
    """Put a manager's lessons on the agenda: one item, which moves from slot to slot."""
    await book.put(
        session,
        key=f"lesson:{way.enrollment.id}",
        kind="lesson",
        workspace_id=way.manager.workspace_id,
        person_id=way.manager.id,
        about={"enrollment_id": way.enrollment.id},
        due_at=first_slot(program, way, now),
    )


def first_slot(program: Program, way: Way, now: datetime) -> datetime:
    """The next lesson slot of a manager after `now`, not before their start; aware UTC."""
    zone = calendar.zone_or(way.manager.timezone, program.timezone)
    start = calendar.at_local(way.enrollment.starts_on, program.lessons.at.min, zone)
    return calendar.next_slot(max(now, start), days=program.lessons.days, at=program.lessons.at, zone=zone)


def names(program: Program, way: Way) -> dict[str, Any]:
    """What a lesson's placeholders stand for, for one reader."""
    return {
        "manager": {"first_name": way.manager.first_name},
        "mentor": {"first_name": way.mentor.first_name if way.mentor else "your mentor"},
        "company": program.company.model_dump(),
        "cohort": {"name": way.cohort.name},
    }


def _title(curriculum: Any, area_id: str) -> str:
    try:
        return str(curriculum.area(area_id).title)
    except KeyError:
        return area_id
