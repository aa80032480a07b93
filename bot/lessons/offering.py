"""Whose turn it is gets the next lesson, chosen from what is on record about them; a crowd at 9:00, together."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from sqlmodel.ext.asyncio.session import AsyncSession

from bot.agenda import calendar
from bot.attention import slots
from bot.attention.flow import Answer, Asked, Over, Turn, Wish
from bot.attention.slots import Phase
from bot.curriculum.library import Library
from bot.curriculum.model import Curriculum, Lesson
from bot.lessons.rules import Chosen, Need, choose_lesson
from bot.records import editions, evidence, reading
from bot.records.editions import Editions
from bot.records.mastery import Standing, gap
from bot.records.tables import AgendaItem, LessonGiven


@dataclass
class Giving:
    """Writes down which lessons were given; each edition once, however many get it."""

    now: datetime
    _kept: dict[str, str] = field(default_factory=dict)

    async def note(self, session: AsyncSession, enrollment_id: int, chosen: Chosen, message_id: UUID) -> None:
        """That a manager got this lesson, as it is now and for this reason, in that message."""
        session.add(
            LessonGiven(
                enrollment_id=enrollment_id,
                lesson_id=chosen.lesson.id,
                edition_hash=await self._edition(session, chosen.lesson),
                message_id=message_id,
                given_at=self.now,
                why=chosen.why.value,
                why_about=chosen.about,
            )
        )

    async def _edition(self, session: AsyncSession, lesson: Lesson) -> str:
        if lesson.id not in self._kept:
            self._kept[lesson.id] = await editions.keep(session, lesson, self.now)
        return self._kept[lesson.id]


@dataclass(frozen=True)
class Offering:
    """The parts of it."""

    library: Library
    editions: Editions

    async def offers(self, session: AsyncSession, asked: Sequence[Asked]) -> list[Answer]:
        """For each the next lesson, if it is still the day for it and the weeks of lessons are not over."""
        answers = [_put_off(item, turn) for item, turn in asked]
        able = [turn for (_, turn), answer in zip(asked, answers, strict=True) if answer is None]
        chosen = await self._choose(session, able)
        giving = Giving(asked[0][1].now)
        return [
            _offer(turn, chosen[turn.enrollment_id], giving) if answer is None else answer
            for (_, turn), answer in zip(asked, answers, strict=True)
        ]

    async def _choose(self, session: AsyncSession, turns: Sequence[Turn]) -> dict[int, Chosen | None]:
        """The next lesson of each, by enrollment; None for those who had them all."""
        if not turns:
            return {}
        ids = [turn.enrollment_id for turn in turns]
        had: dict[int, list[str]] = defaultdict(list)
        for one in await reading.lessons_given(session, ids):
            had[one.enrollment_id].append(one.lesson_id)
        standings = await evidence.standings_of_many(session, ids, self.editions)
        return {one: self._chosen(turn, had[one], standings[one]) for one, turn in zip(ids, turns, strict=True)}

    def _chosen(self, turn: Turn, had: Sequence[str], standings: dict[str, Standing]) -> Chosen | None:
        curriculum = reading.taught_for(self.library.current, turn.way.manager).curriculum
        need = Need(
            gaps=_gaps(curriculum, standings),
            unsure=[area for area, standing in standings.items() if standing.unsure],
            seasons=curriculum.program.seasons_on(turn.today()),
        )
        return choose_lesson(curriculum, had, need)


def _gaps(curriculum: Curriculum, standings: dict[str, Standing]) -> dict[str, float]:
    return {area.id: gap(standings.get(area.id), curriculum.program.target(area.id)) for area in curriculum.areas}


def _put_off(item: AgendaItem, turn: Turn) -> Answer | None:
    """Why nothing is said now; None if something may be."""
    if slots.phase_of(turn.program, turn.way, turn.now) is not Phase.LESSONS:
        return Over("the weeks of lessons are over")
    if calendar.still_good(item.due_at, turn.now, turn.working, turn.zone):
        return None
    return _next(turn)  # missed while we were down: it moves to the next slot, and joins nothing that is there


def _offer(turn: Turn, chosen: Chosen | None, giving: Giving) -> Answer:
    coming = _next(turn)
    if chosen is None:
        return coming  # all are given; one may be added
    lesson = chosen.lesson

    async def given(session: AsyncSession, message_id: UUID) -> None:
        await giving.note(session, turn.enrollment_id, chosen, message_id)
        session.add(_nudge(turn, message_id))

    payload = {"enrollment_id": turn.enrollment_id, "lesson_id": lesson.id}
    return Wish(f"lesson:{turn.enrollment_id}:{lesson.id}", payload, said=given, again=coming, otherwise=coming)


def _next(turn: Turn) -> datetime:
    return slots.lesson_slot(turn.program, turn.way, turn.now)


def _nudge(turn: Turn, message_id: UUID) -> AgendaItem:
    """Some days later, one nudge: its key is new, as the message is."""
    return AgendaItem(
        key=f"nudge:{message_id}",
        kind="nudge",
        workspace_id=turn.workspace_id,
        person_id=turn.way.manager.id,
        about={"message_id": str(message_id), "enrollment_id": turn.enrollment_id},
        due_at=turn.working_days_on(turn.program.nudge.after_working_days),
    )
