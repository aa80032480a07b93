"""What is on record about how a manager does, by area: what they answered, how they were rated, what they did."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from bot.records.editions import Editions
from bot.records.mastery import Answered, Evidence, Observed, Rated, Standing, Tried, standing
from bot.records.ratings import known_to_manager
from bot.records.tables import LessonGiven, Note, Observation, Promise, Rating, Response, Review

FROM_RUBRIC = "area:"  # what stands before the area where a card asks for no lesson's behaviour


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
    first = await session.execute(
        select(  # type: ignore[call-overload]  # SQLModel types at most four columns
            Response.check_id, Response.edition_hash, Response.correct, Response.confidence, Response.answered_at
        )
        .join(LessonGiven, col(LessonGiven.message_id) == col(Response.message_id))
        .where(LessonGiven.enrollment_id == enrollment_id, col(Response.correct).is_not(None))
    )
    later = await session.execute(
        select(  # type: ignore[call-overload]
            Review.check_id, Review.edition_hash, Review.correct, Review.confidence, Review.answered_at
        ).where(Review.enrollment_id == enrollment_id, col(Review.answered_at).is_not(None))
    )
    rows = [(*row, False) for row in first] + [(*row, True) for row in later]
    found = []
    for check_id, edition, correct, confidence, at, is_review in rows:
        lesson = await editions.get(session, edition)
        found.append(
            AnswerOnRecord(
                lesson.id, check_id, lesson.revision, lesson.area, lesson.level, correct, confidence, at, is_review
            )
        )
    return sorted(found, key=lambda one: one.at)


async def by_area(
    session: AsyncSession, enrollment_id: int, editions: Editions, *, ratings: Sequence[Rating] | None = None
) -> dict[str, Evidence]:
    """What is on record about a manager, by area; an area that nothing is on record about is left out.

    `ratings`: only these, as for someone who may not see all that the manager knows of.
    """
    answers: dict[str, list[Answered]] = defaultdict(list)
    for one in await answers_of(session, enrollment_id, editions):
        answers[one.area].append(Answered(one.level, one.correct, one.confidence, one.at, one.is_review))
    rated: dict[str, list[Rated]] = defaultdict(list)
    for rating in await known_to_manager(session, enrollment_id) if ratings is None else ratings:
        rated[rating.area_id].append(Rated(rating.rated_by, rating.level, rating.rated_at))
    actions = await _actions(session, enrollment_id, editions)
    seen = await observed_of(session, enrollment_id, editions)
    areas = sorted(answers.keys() | rated.keys() | actions.keys() | seen.keys())
    return {
        area: Evidence(rated.get(area, ()), answers.get(area, ()), actions.get(area, ()), seen.get(area, ()))
        for area in areas
    }


async def standings(session: AsyncSession, enrollment_id: int, editions: Editions) -> dict[str, Standing]:
    """Where a manager stands, by area; an area that nothing is on record about is left out."""
    return {area: standing(one) for area, one in (await by_area(session, enrollment_id, editions)).items()}


async def _actions(session: AsyncSession, enrollment_id: int, editions: Editions) -> dict[str, list[Tried]]:
    rows = await session.execute(
        select(LessonGiven.edition_hash, Promise.status, Promise.answered_at)
        .join(LessonGiven, col(LessonGiven.message_id) == col(Promise.message_id))
        .where(
            Promise.enrollment_id == enrollment_id,
            col(Promise.status).is_not(None),
            col(Promise.answered_at).is_not(None),
        )
        .order_by(col(Promise.answered_at))
    )
    actions: dict[str, list[Tried]] = defaultdict(list)
    for edition, status, answered_at in rows:
        actions[(await editions.get(session, edition)).area].append(Tried(status, answered_at))
    return actions


async def observed_of(session: AsyncSession, enrollment_id: int, editions: Editions) -> dict[str, list[Observed]]:
    """What mentors saw on visits, by area, oldest first: the area of the lesson as it was served, or of the rubric."""
    rows = await session.execute(
        select(Observation.lesson_id, Observation.saw, Note.written_at, LessonGiven.edition_hash)
        .join(Note, col(Note.id) == col(Observation.note_id))
        .outerjoin(
            LessonGiven,
            (col(LessonGiven.lesson_id) == col(Observation.lesson_id))
            & (col(LessonGiven.enrollment_id) == enrollment_id),
        )
        .where(Note.enrollment_id == enrollment_id)
        .order_by(col(Note.written_at), col(Note.id), col(Observation.place))
    )
    seen: dict[str, list[Observed]] = defaultdict(list)
    for source, saw, at, edition in rows:
        area = source.removeprefix(FROM_RUBRIC) if edition is None else (await editions.get(session, edition)).area
        seen[area].append(Observed(saw, at))
    return seen
