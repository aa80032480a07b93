"""Whose turn it is gets their week's questions, chosen by what they would forget; a crowd, together."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from uuid import UUID

from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from bot.agenda import calendar
from bot.attention import slots
from bot.attention.flow import Answer, Asked, Over, Turn, Wish
from bot.attention.slots import Phase
from bot.curriculum.library import Library
from bot.curriculum.model import Choice, Curriculum
from bot.records import editions, reading
from bot.records.editions import Editions
from bot.records.many import among, insert_many
from bot.records.tables import AgendaItem, Review
from bot.reviews import message as look
from bot.reviews.memory import Memories
from bot.reviews.rules import Candidate, choose, weeks_to_next


@dataclass(frozen=True)
class Offering:
    """The parts of it."""

    library: Library
    memories: Memories
    editions: Editions

    async def offers(self, session: AsyncSession, asked: Sequence[Asked]) -> list[Answer]:
        """For each the week's questions, if it is still the day for them and there is anything worth asking."""
        answers = [_put_off(item, turn) for item, turn in asked]
        able = [turn for (_, turn), answer in zip(asked, answers, strict=True) if answer is None]
        wishes = await self._wishes(session, able)
        return [
            answer or wishes.get(turn.enrollment_id) or _next(turn)
            for (_, turn), answer in zip(asked, answers, strict=True)
        ]

    async def _wishes(self, session: AsyncSession, turns: Sequence[Turn]) -> dict[int, Wish]:
        """By enrollment; without those who have nothing to be asked."""
        if not turns:
            return {}
        candidates = await self.memories.candidates(session, turns)
        chosen = {turn.enrollment_id: self._chosen(turn, candidates[turn.enrollment_id]) for turn in turns}
        asking = [turn for turn in turns if chosen[turn.enrollment_id]]
        again = await _again(session, asking)
        given = partial(self._ask, {_key(turn): (turn, chosen[turn.enrollment_id]) for turn in asking})
        return {
            one: Wish(_key(turn), {}, all_said=given, again=again[one])
            for turn in asking
            if (one := turn.enrollment_id)
        }

    def _chosen(self, turn: Turn, candidates: Sequence[Candidate]) -> Sequence[Candidate]:
        """The questions that one message holds; the others are still due next week."""
        asked = choose(candidates, turn.now, most=turn.program.reviews.most)
        checks = [self._taught(turn).lesson(one.lesson_id).check(one.check_id) for one in asked]
        return asked[: look.that_fit([check for check in checks if isinstance(check, Choice)])]

    async def _ask(
        self, asked: Mapping[str, tuple[Turn, Sequence[Candidate]]], session: AsyncSession, ids: Mapping[str, UUID]
    ) -> None:
        questions = [
            (message_id, asked[key][0], place, one)
            for key, message_id in ids.items()
            for place, one in enumerate(asked[key][1])
        ]
        lessons = [self._taught(turn).lesson(one.lesson_id) for _, turn, _, one in questions]
        kept = await editions.keep_many(session, lessons, questions[0][1].now)
        rows = [
            {
                "enrollment_id": turn.enrollment_id,
                "message_id": message_id,
                "place": place,
                "lesson_id": one.lesson_id,
                "check_id": one.check_id,
                "edition_hash": edition,
                "asked_at": turn.now,
            }
            for (message_id, turn, place, one), edition in zip(questions, kept, strict=True)
        ]
        await insert_many(session, Review, rows)

    def _taught(self, turn: Turn) -> Curriculum:
        return reading.taught_for(self.library.current, turn.way.manager).curriculum


def _put_off(item: AgendaItem, turn: Turn) -> Answer | None:
    """Why nothing is asked now; None if something may be."""
    if slots.phase_of(turn.program, turn.way, turn.now) is Phase.OVER and not turn.way.enrollment.goes_on:
        return Over("the program is over")
    return None if calendar.still_good(item.due_at, turn.now, turn.working, turn.zone) else _next(turn)


def _key(turn: Turn) -> str:
    return f"review:{turn.enrollment_id}:{turn.today().isoformat()}"


def _next(turn: Turn) -> datetime:
    return slots.review_slot(turn.program, turn.way, turn.now)


async def _again(session: AsyncSession, turns: Sequence[Turn]) -> dict[int, datetime]:
    """When each of these comes next: once the lessons are over, less often to someone whose answers show that it sits."""
    later = [turn for turn in turns if slots.phase_of(turn.program, turn.way, turn.now) is not Phase.LESSONS]
    shares = await _shares(session, [turn.enrollment_id for turn in later])
    return {turn.enrollment_id: _next(turn) for turn in turns} | {
        turn.enrollment_id: _thinned_out(turn, shares[turn.enrollment_id]) for turn in later
    }


def _thinned_out(turn: Turn, shares: Sequence[float]) -> datetime:
    coming = _next(turn)
    later = coming + timedelta(weeks=weeks_to_next(shares) - 1) - timedelta(minutes=1)
    return coming if later <= coming else slots.review_slot(turn.program, turn.way, later)


async def _shares(session: AsyncSession, ids: Sequence[int]) -> defaultdict[int, list[float]]:
    """How much of each review was right, oldest first, by enrollment. One that was not answered to the end shows no habit."""
    rows = await session.execute(
        select(Review.enrollment_id, Review.message_id, col(Review.correct))
        .where(among(Review.enrollment_id, ids))
        .order_by(col(Review.asked_at))
    )
    answers: dict[tuple[int, UUID], list[bool | None]] = defaultdict(list)
    for enrollment_id, message_id, correct in rows:
        answers[enrollment_id, message_id].append(correct)
    shares: defaultdict[int, list[float]] = defaultdict(list)
    for (enrollment_id, _), all_of_it in answers.items():
        shares[enrollment_id].append(0.0 if None in all_of_it else sum(map(bool, all_of_it)) / len(all_of_it))
    return shares
