"""Draws lessons as they stand now; those of a crowd together, with the same few queries."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache

import sqlalchemy
from sqlalchemy import Select, func
from sqlalchemy.dialects.postgresql import aggregate_order_by
from sqlalchemy.orm import aliased
from sqlmodel import col
from sqlmodel.ext.asyncio.session import AsyncSession

from bot.agenda import personal
from bot.attention import slots
from bot.curriculum.library import Library, Taught
from bot.curriculum.model import Curriculum, Lesson
from bot.curriculum.wording import Wording
from bot.delivery.drawing import Drawings
from bot.lessons import message as look
from bot.records import reading
from bot.records.editions import Editions
from bot.records.many import among_given
from bot.records.reading import Served, Way
from bot.records.tables import AgendaItem, LessonGiven, Message
from bot.slack.blocks import Block, Drawn
from bot.slack.saying_when import moment

# Draws what another room has in each of these lessons (its checks, its action), and says whether nothing is left to do there.
DrawPart = Callable[[AsyncSession, Sequence[Served]], Awaitable[list[tuple[list[Block], bool]]]]
Parts = Sequence[tuple[list[Block], bool]]
_JUST_DRAWN = "lessons just drawn"  # of a session: what was read for them, since their row comes next


@dataclass(frozen=True)
class _Given:
    """A lesson that was given; how many of its checks are answered, which lessons its reader has had, oldest first, and when
    the next one falls due (aware UTC)."""

    lesson: LessonGiven
    answered: int
    had: Sequence[str]
    next_at: datetime | None


@dataclass(frozen=True)
class Drawing:
    """The parts of it. `draw_parts` come from other rooms, in the order in which they stand below the body."""

    library: Library
    editions: Editions
    draw_parts: Sequence[DrawPart]

    async def draw(self, session: AsyncSession, messages: Sequence[Message]) -> Drawings:
        """Each with its questions, or with the answers in their place."""
        given = session.info[_JUST_DRAWN] = await _given(session, messages)
        served = await self._served(session, given)
        drawn_parts = [await draw(session, served) for draw in self.draw_parts]
        parts = zip(*drawn_parts, strict=True)
        return {
            one.message_id: self._drawn(row, one, its_parts)
            for row, one, its_parts in zip(given, served, parts, strict=True)
        }

    async def rows(self, session: AsyncSession, asked: Sequence[tuple[Message, Wording]]) -> list[list[Block]]:
        """The buttons below each lesson, as long as it waits; the one that takes it back, where it was put away."""
        given = {one.lesson.message_id: one for one in session.info.pop(_JUST_DRAWN, ())}
        if not all(message.id in given for message, _ in asked):
            given = {one.lesson.message_id: one for one in await _given(session, [message for message, _ in asked])}
        return [await self._row(session, given[message.id], words) for message, words in asked]

    async def _row(self, session: AsyncSession, given: _Given, words: Wording) -> list[Block]:
        lesson, message_id = await self.editions.get(session, given.lesson.edition_hash), given.lesson.message_id
        if given.lesson.set_aside_at is not None:
            return look.row_back(words, message_id)
        return look.row(words, message_id) if given.answered < len(lesson.checks) else []

    async def _served(self, session: AsyncSession, given: Sequence[_Given]) -> list[Served]:
        """The lessons as they were served, with their readers and the names that fill their placeholders."""
        await self.editions.read(session, {one.lesson.edition_hash for one in given})
        ids = [one.lesson.enrollment_id for one in given]
        ways = {way.enrollment.id: way for way in await reading.ways_where(session, ids)}
        return [
            self._to(ways[one.lesson.enrollment_id], one, await self.editions.get(session, one.lesson.edition_hash))
            for one in given
        ]

    def _to(self, way: Way, given: _Given, lesson: Lesson) -> Served:
        names = reading.names(self._taught(way), way)
        return Served(given.lesson.message_id, lesson, way, names, given.answered)

    def _drawn(self, row: _Given, served: Served, parts: Parts) -> Drawn:
        given, had = row.lesson, row.had
        taught, lesson = self._taught(served.way), served.lesson
        if given.set_aside_at is not None:
            return look.set_aside(taught.wording, lesson)
        place = look.Given(
            lesson=lesson,
            area_title=_title(taught.curriculum, lesson.area),
            names=served.names,
            number=had.index(given.lesson_id) + 1,
            total=max(_in_all(taught.curriculum), len(had)),
            why=_why(taught.curriculum, given),
            next_at=_in_words(taught, served.way, row),
            rests=personal.left_off(served.way),
        )
        return look.lesson(taught.wording, place, [blocks for blocks, _ in parts], all(done for _, done in parts))

    def _taught(self, way: Way) -> Taught:
        return reading.taught_for(self.library.current, way.manager)


async def _given(session: AsyncSession, messages: Sequence[Message]) -> list[_Given]:
    """In one statement: each that is drawn in the morning of a crowd costs as much as several posts."""
    ids = [one.id for one in messages]
    return [_Given(*row) for row in await session.execute(_all_about_them(), {"given": ids})]


@cache
def _all_about_them() -> Select[LessonGiven, int, list[str], datetime | None]:
    until_now = aliased(LessonGiven)
    in_order = aggregate_order_by(col(until_now.lesson_id), col(until_now.given_at), col(until_now.id))
    its_way = col(LessonGiven.enrollment_id)
    had = sqlalchemy.select(func.array_agg(in_order)).where(col(until_now.enrollment_id) == its_way)
    its_item = col(AgendaItem.key) == func.concat("lesson:", its_way)
    return (
        sqlalchemy.select(
            LessonGiven, reading.answered_in(LessonGiven.message_id), had.scalar_subquery(), col(AgendaItem.due_at)
        )
        .outerjoin(AgendaItem, its_item & col(AgendaItem.done_at).is_(None))
        .where(among_given(LessonGiven.message_id))
    )


def _in_words(taught: Taught, way: Way, row: _Given) -> str | None:
    """When the next lesson comes; None if none does, or they have had them all."""
    program = taught.curriculum.program
    when = slots.lesson_comes(program, way, row.next_at)
    lessons, had = taught.curriculum.lessons, row.had
    if when is None or (len(had) >= len(lessons) and {lesson.id for lesson in lessons} <= set(had)):
        return None
    return moment(when, personal.zone_of(program, way.manager), taught.language)


def _in_all(curriculum: Curriculum) -> int:
    """How many lessons the program has room for."""
    program = curriculum.program
    return min(len(curriculum.lessons), program.length.lesson_weeks * len(program.lessons.days))


def _why(curriculum: Curriculum, given: LessonGiven) -> look.Why | None:
    """Why this lesson came when it did; None for one from before reasons were kept."""
    if given.why is None:
        return None
    about = given.why_about or ""
    title = next((lesson.title for lesson in curriculum.lessons if lesson.id == about), None)
    return look.Why(given.why, title or _title(curriculum, about))


def _title(curriculum: Curriculum, area_id: str) -> str:
    try:
        return str(curriculum.area(area_id).title)
    except KeyError:
        return area_id
