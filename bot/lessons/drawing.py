"""Draws lessons as they stand now; those of a crowd together, with the same few queries."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from bot.agenda import personal
from bot.attention import slots
from bot.attention.slots import Phase
from bot.curriculum.library import Library, Taught
from bot.curriculum.model import Curriculum
from bot.curriculum.wording import Wording
from bot.delivery.drawing import Drawings
from bot.lessons import message as look
from bot.records import reading
from bot.records.editions import Editions
from bot.records.many import among
from bot.records.reading import Served, Way
from bot.records.tables import AgendaItem, LessonGiven, Message
from bot.slack.blocks import Block, Drawn
from bot.slack.saying_when import moment

# Draws what another room has in each of these lessons (its checks, its action), and says whether nothing is left to do there.
DrawPart = Callable[[AsyncSession, Sequence[Served]], Awaitable[list[tuple[list[Block], bool]]]]
Parts = Sequence[tuple[list[Block], bool]]


@dataclass(frozen=True)
class Drawing:
    """The parts of it. `draw_parts` come from other rooms, in the order in which they stand below the body."""

    library: Library
    editions: Editions
    draw_parts: Sequence[DrawPart]

    async def draw(self, session: AsyncSession, messages: Sequence[Message]) -> Drawings:
        """Each with its questions, or with the answers in their place."""
        given = await _given(session, messages)
        served = await self._served(session, given)
        drawn_parts = [await draw(session, served) for draw in self.draw_parts]
        parts = dict(zip((one.message_id for one in served), zip(*drawn_parts, strict=True), strict=True))
        ids = [one.enrollment_id for one in given]
        had, next_at = await reading.lessons_had(session, ids), await _due(session, ids)
        return {
            one.message_id: self._drawn(
                row, one, parts[one.message_id], had[row.enrollment_id], next_at.get(row.enrollment_id)
            )
            for row, one in zip(given, served, strict=True)
        }

    async def rows(self, session: AsyncSession, asked: Sequence[tuple[Message, Wording]]) -> list[list[Block]]:
        """The buttons below each lesson, as long as it waits."""
        given = {one.message_id: one for one in await _given(session, [message for message, _ in asked])}
        answered = await reading.answered_counts(session, list(given))
        return [
            look.row(words, one.id) if await self._waits(session, given[one.id], answered.get(one.id, 0)) else []
            for one, words in asked
        ]

    async def _waits(self, session: AsyncSession, given: LessonGiven, answered: int) -> bool:
        lesson = await self.editions.get(session, given.edition_hash)
        return given.set_aside_at is None and answered < len(lesson.checks)

    async def _served(self, session: AsyncSession, given: Sequence[LessonGiven]) -> list[Served]:
        """The lessons as they were served, with their readers and the names that fill their placeholders."""
        await self.editions.read(session, {one.edition_hash for one in given})
        ways = {
            one.enrollment.id: one for one in await reading.ways_where(session, [row.enrollment_id for row in given])
        }
        return [
            Served(
                row.message_id,
                await self.editions.get(session, row.edition_hash),
                ways[row.enrollment_id],
                reading.names(self._taught(ways[row.enrollment_id]).curriculum.program, ways[row.enrollment_id]),
            )
            for row in given
        ]

    def _drawn(
        self, given: LessonGiven, served: Served, parts: Parts, had: Sequence[str], next_at: datetime | None
    ) -> Drawn:
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
            next_at=_in_words(taught, served.way, next_at),
        )
        return look.lesson(taught.wording, place, [blocks for blocks, _ in parts], all(done for _, done in parts))

    def _taught(self, way: Way) -> Taught:
        return reading.taught_for(self.library.current, way.manager)


async def _given(session: AsyncSession, messages: Sequence[Message]) -> list[LessonGiven]:
    rows = await session.exec(select(LessonGiven).where(among(LessonGiven.message_id, [one.id for one in messages])))
    return list(rows)


async def _due(session: AsyncSession, ids: Sequence[int]) -> dict[int, datetime]:
    """When the next lesson of each falls due (aware UTC), by enrollment."""
    rows = await session.execute(
        select(AgendaItem.key, col(AgendaItem.due_at)).where(
            among(AgendaItem.key, [f"lesson:{one}" for one in ids]), col(AgendaItem.done_at).is_(None)
        )
    )
    return {int(key.removeprefix("lesson:")): due_at for key, due_at in rows}


def _in_words(taught: Taught, way: Way, when: datetime | None) -> str | None:
    """When the next lesson comes; None if none does."""
    program = taught.curriculum.program
    if when is None or slots.phase_of(program, way, when) is not Phase.LESSONS:
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
    titles = {lesson.id: lesson.title for lesson in curriculum.lessons}
    return look.Why(given.why, titles.get(about) or _title(curriculum, about))


def _title(curriculum: Curriculum, area_id: str) -> str:
    try:
        return str(curriculum.area(area_id).title)
    except KeyError:
        return area_id
