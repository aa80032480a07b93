"""Whose turn it is gets the next lesson, chosen from what is on record about them; a crowd at 9:00, together."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from uuid import UUID

from sqlmodel.ext.asyncio.session import AsyncSession

from bot.agenda import calendar
from bot.attention import slots
from bot.attention.flow import Answer, Asked, Follows, Over, Turn, Wish
from bot.attention.slots import Phase
from bot.curriculum.library import Library
from bot.curriculum.model import Curriculum
from bot.lessons.giving import note, plan_nudges
from bot.lessons.missed import AGAIN, refused
from bot.lessons.rules import Chosen, Need, Why, choose_lesson
from bot.records import evidence, reading
from bot.records.editions import Editions
from bot.records.mastery import Standing, gap
from bot.records.tables import AgendaItem, LessonGiven


@dataclass(frozen=True)
class Offering:
    """The parts of it."""

    library: Library
    editions: Editions

    async def offers(self, session: AsyncSession, asked: Sequence[Asked]) -> list[Answer]:
        """For each the next lesson, if it is still the day for it and the weeks of lessons are not over."""
        answers = [_put_off(item, turn) for item, turn in asked]
        able = [one for one, answer in zip(asked, answers, strict=True) if answer is None]
        chosen = await self._choose(session, [turn for _, turn in able])
        given = partial(
            _given, {_key(turn, one): (item, turn, one) for item, turn in able if (one := chosen[turn.enrollment_id])}
        )
        return [
            _offer(turn, chosen[turn.enrollment_id], given) if answer is None else answer
            for (_, turn), answer in zip(asked, answers, strict=True)
        ]

    async def _choose(self, session: AsyncSession, turns: Sequence[Turn]) -> dict[int, Chosen | None]:
        """The next lesson of each, by enrollment; None for those who had them all."""
        if not turns:
            return {}
        ids = [turn.enrollment_id for turn in turns]
        had = await reading.lessons_had(session, ids)
        # The last, or the one before that, if they have looked for one since: each is seen to at the next slot.
        missed = await refused(session, [message_id for one in ids for _, message_id in had[one][-2:]])
        standings = await evidence.standings_of_many(session, ids, self.editions)
        program = self.library.current.curriculum.program
        seasons = {day: program.seasons_on(day) for day in {turn.today() for turn in turns}}
        return {
            one: self._missed(turn, missed.get(one))
            or self._chosen(turn, [lesson_id for lesson_id, _ in had[one]], standings[one], seasons[turn.today()])
            for one, turn in zip(ids, turns, strict=True)
        }

    def _missed(self, turn: Turn, given: LessonGiven | None) -> Chosen | None:
        """The lesson that never came, for the same reason as the first time, as long as it is taught."""
        if given is None:
            return None
        lessons = reading.taught_for(self.library.current, turn.way.manager).curriculum.lessons
        lesson = next((one for one in lessons if one.id == given.lesson_id), None)
        if lesson is None:
            return None
        return Chosen(lesson, Why(given.why), given.why_about, again=True)

    def _chosen(
        self, turn: Turn, had: Sequence[str], standings: dict[str, Standing], seasons: Collection[str]
    ) -> Chosen | None:
        curriculum = reading.taught_for(self.library.current, turn.way.manager).curriculum
        need = Need(
            gaps=_gaps(curriculum, standings),
            unsure=[area for area, standing in standings.items() if standing.unsure],
            seasons=seasons,
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


def _offer(turn: Turn, chosen: Chosen | None, given: Follows) -> Answer:
    coming = _next(turn)
    if chosen is None:
        return coming  # all are given; one may be added
    payload = {"enrollment_id": turn.enrollment_id, "lesson_id": chosen.lesson.id}
    return Wish(_key(turn, chosen), payload, all_said=given, again=coming, otherwise=coming)


async def _given(
    about: Mapping[str, tuple[AgendaItem, Turn, Chosen]], session: AsyncSession, ids: Mapping[str, UUID]
) -> None:
    said = {message_id: about[key] for key, message_id in ids.items()}
    now = next(turn.now for _, turn, _ in said.values())
    await note(session, {one: (turn.enrollment_id, chosen) for one, (_, turn, chosen) in said.items()}, now)
    # From the slot on, not from now: some seconds later they would miss the lesson that can take them along.
    await plan_nudges(session, {one: (turn, item.due_at) for one, (item, turn, _) in said.items()})


def _key(turn: Turn, chosen: Chosen) -> str:
    key = f"lesson:{turn.enrollment_id}:{chosen.lesson.id}"
    return f"{key}{AGAIN}" if chosen.again else key


def _next(turn: Turn) -> datetime:
    return slots.lesson_slot(turn.program, turn.way, turn.now)
