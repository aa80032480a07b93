"""What is on record about how a manager does, by area: what they answered, how they were rated, what they did."""

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TypeVar

from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from bot.records.editions import Editions
from bot.records.many import among
from bot.records.mastery import Answered, Evidence, Observed, Rated, Standing, Tried, standing
from bot.records.ratings import known_to_managers
from bot.records.tables import LessonGiven, Note, Observation, Promise, Rating, Response, Review

One = TypeVar("One")
FROM_RUBRIC = "area:"  # what stands before the area where a card asks for no lesson's behaviour

# By enrollment and area.
Filed = defaultdict[tuple[int, str], list[One]]


@dataclass(frozen=True)
class AnswerOnRecord:
    """An answer to a choice: the lesson's own, or a later review. `at` is aware UTC."""

    lesson_id: str
    check_id: str
    revision: int  # of the lesson as it was asked
    area: str
    level: int  # of the lesson
    correct: bool
    confidence: str
    at: datetime
    is_review: bool


async def answers_of(session: AsyncSession, enrollment_id: int, editions: Editions) -> list[AnswerOnRecord]:
    """All answers of a manager to choices, oldest first."""
    return (await answers_of_many(session, [enrollment_id], editions))[enrollment_id]


async def answers_of_many(
    session: AsyncSession, enrollment_ids: Collection[int], editions: Editions
) -> defaultdict[int, list[AnswerOnRecord]]:
    """All answers of these managers to choices, oldest first, by enrollment."""
    first = await session.execute(
        select(  # type: ignore[call-overload]  # SQLModel types at most four columns
            LessonGiven.enrollment_id, Response.check_id, Response.edition_hash, Response.correct, Response.confidence,
            Response.answered_at,
        )
        .join(LessonGiven, col(LessonGiven.message_id) == col(Response.message_id))
        .where(among(LessonGiven.enrollment_id, enrollment_ids), col(Response.correct).is_not(None))
    )  # fmt: skip
    later = await session.execute(
        select(  # type: ignore[call-overload]
            Review.enrollment_id, Review.check_id, Review.edition_hash, Review.correct, Review.confidence, Review.answered_at
        ).where(among(Review.enrollment_id, enrollment_ids), col(Review.answered_at).is_not(None))
    )  # fmt: skip
    rows = sorted([(*row, False) for row in first] + [(*row, True) for row in later], key=lambda row: row[5])
    await editions.read(session, {row[2] for row in rows})
    found: defaultdict[int, list[AnswerOnRecord]] = defaultdict(list)
    for enrollment_id, check_id, edition, correct, confidence, at, is_review in rows:
        lesson = await editions.get(session, edition)
        found[enrollment_id].append(
            AnswerOnRecord(
                lesson.id, check_id, lesson.revision, lesson.area, lesson.level, correct, confidence, at, is_review
            )
        )
    return found


async def by_area(
    session: AsyncSession, enrollment_id: int, editions: Editions, *, ratings: Sequence[Rating] | None = None
) -> dict[str, Evidence]:
    """What is on record about a manager, by area; an area that nothing is on record about is left out.

    `ratings`: only these, as for someone who may not see all that the manager knows of.
    """
    return (await _by_area(session, [enrollment_id], editions, ratings))[enrollment_id]


async def standings(session: AsyncSession, enrollment_id: int, editions: Editions) -> dict[str, Standing]:
    """Where a manager stands, by area; an area that nothing is on record about is left out."""
    return (await standings_of_many(session, [enrollment_id], editions))[enrollment_id]


async def standings_of_many(
    session: AsyncSession, enrollment_ids: Collection[int], editions: Editions
) -> dict[int, dict[str, Standing]]:
    """Where each of these managers stands, by enrollment and area; with the same few queries, however many they are."""
    records = await _by_area(session, enrollment_ids, editions)
    return {
        enrollment_id: {area: standing(one) for area, one in by_area.items()}
        for enrollment_id, by_area in records.items()
    }


async def _by_area(
    session: AsyncSession, ids: Collection[int], editions: Editions, ratings: Sequence[Rating] | None = None
) -> dict[int, dict[str, Evidence]]:
    known = await known_to_managers(session, list(ids)) if ratings is None else ratings
    rated: Filed[Rated] = defaultdict(list)
    for rating in known:
        rated[rating.enrollment_id, rating.area_id].append(Rated(rating.rated_by, rating.level, rating.rated_at))
    answers: Filed[Answered] = defaultdict(list)
    for enrollment_id, theirs in (await answers_of_many(session, ids, editions)).items():
        for one in theirs:
            answers[enrollment_id, one.area].append(
                Answered(one.level, one.correct, one.confidence, one.at, one.is_review)
            )
    actions, seen = await _actions(session, ids, editions), await _observed(session, ids, editions)
    found: dict[int, dict[str, Evidence]] = {one: {} for one in ids}
    for place in sorted(answers.keys() | rated.keys() | actions.keys() | seen.keys()):
        enrollment_id, area = place
        found[enrollment_id][area] = Evidence(
            rated.get(place, ()), answers.get(place, ()), actions.get(place, ()), seen.get(place, ())
        )
    return found


async def _actions(session: AsyncSession, ids: Collection[int], editions: Editions) -> Filed[Tried]:
    rows = await session.execute(
        select(Promise.enrollment_id, LessonGiven.edition_hash, Promise.status, Promise.answered_at)
        .join(LessonGiven, col(LessonGiven.message_id) == col(Promise.message_id))
        .where(
            among(Promise.enrollment_id, ids), col(Promise.status).is_not(None), col(Promise.answered_at).is_not(None)
        )
        .order_by(col(Promise.answered_at))
    )
    actions: Filed[Tried] = defaultdict(list)
    for enrollment_id, edition, status, answered_at in rows:
        area = (await editions.get(session, edition)).area
        actions[enrollment_id, area].append(Tried(status, answered_at))
    return actions


async def _observed(session: AsyncSession, ids: Collection[int], editions: Editions) -> Filed[Observed]:
    """What mentors saw on visits, oldest first: in the area of the lesson as it was served, or of the rubric."""
    rows = await session.execute(
        select(  # type: ignore[call-overload]
            Note.enrollment_id, Observation.lesson_id, Observation.saw, Note.written_at, LessonGiven.edition_hash
        )
        .join(Note, col(Note.id) == col(Observation.note_id))
        .outerjoin(
            LessonGiven,
            (col(LessonGiven.lesson_id) == col(Observation.lesson_id))
            & (col(LessonGiven.enrollment_id) == col(Note.enrollment_id)),
        )
        .where(among(Note.enrollment_id, ids))
        .order_by(col(Note.written_at), col(Note.id), col(Observation.place))
    )
    seen: Filed[Observed] = defaultdict(list)
    for enrollment_id, source, saw, at, edition in rows:
        area = source.removeprefix(FROM_RUBRIC) if edition is None else (await editions.get(session, edition)).area
        seen[enrollment_id, area].append(Observed(saw, at))
    return seen
