"""What is on record about how a manager does, by area: what they answered, how they were rated, what they did."""

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeVar

from sqlalchemy import func
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from bot.curriculum.model import Lesson
from bot.records.editions import Editions
from bot.records.many import among
from bot.records.mastery import Answered, Evidence, Observed, Rated, Standing, Tried, standing
from bot.records.ratings import known_ratings
from bot.records.tables import LessonGiven, Note, Observation, Promise, Rating, Response, Review
from bot.records.together import Question, together

One = TypeVar("One")
FROM_RUBRIC = "area:"  # what stands before the area where a card asks for no lesson's behaviour

Rows = Sequence[tuple[Any, ...]]
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


async def lessons_done(session: AsyncSession, enrollment_id: int, editions: Editions) -> list[tuple[Lesson, datetime]]:
    """The lessons of a manager of which all checks are answered, oldest first; each with when that was so (aware UTC)."""
    answered = await session.execute(
        select(LessonGiven.edition_hash, func.count(), func.max(Response.answered_at))
        .join(Response, col(Response.message_id) == col(LessonGiven.message_id))
        .where(LessonGiven.enrollment_id == enrollment_id)
        .group_by(col(LessonGiven.id))
        .order_by(col(LessonGiven.given_at), col(LessonGiven.id))
    )
    found = [(await editions.get(session, edition), count, last) for edition, count, last in answered]
    return [(lesson, last) for lesson, count, last in found if count >= len(lesson.checks)]


async def answers_of_many(
    session: AsyncSession, enrollment_ids: Collection[int], editions: Editions
) -> defaultdict[int, list[AnswerOnRecord]]:
    """All answers of these managers to choices, oldest first, by enrollment."""
    first, later = await together(session, *_answers(enrollment_ids))
    return await _answers_read(session, first, later, editions)


def _answers(ids: Collection[int]) -> list[Question]:
    """The answers to lessons, and those to reviews."""
    return [
        select(  # type: ignore[call-overload]  # SQLModel types at most four columns
            LessonGiven.enrollment_id, Response.check_id, Response.edition_hash, Response.correct, Response.confidence,
            Response.answered_at,
        )
        .join(LessonGiven, col(LessonGiven.message_id) == col(Response.message_id))
        .where(among(LessonGiven.enrollment_id, ids), col(Response.correct).is_not(None)),
        select(  # type: ignore[call-overload]
            Review.enrollment_id, Review.check_id, Review.edition_hash, Review.correct, Review.confidence, Review.answered_at
        ).where(among(Review.enrollment_id, ids), col(Review.answered_at).is_not(None)),
    ]  # fmt: skip


async def _answers_read(
    session: AsyncSession, first: Rows, later: Rows, editions: Editions
) -> defaultdict[int, list[AnswerOnRecord]]:
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


async def by_area(session: AsyncSession, enrollment_id: int, editions: Editions) -> dict[str, Evidence]:
    """What is on record about a manager, by area; an area that nothing is on record about is left out."""
    return (await _by_area(session, [enrollment_id], editions))[enrollment_id]


async def by_area_as_seen(
    session: AsyncSession, enrollment_id: int, editions: Editions, *, mentor_id: int | None, ratings: Sequence[Rating]
) -> dict[str, Evidence]:
    """The same for a mentor's eyes: with these ratings only, and with what they saw themselves."""
    rows = await together(session, *statements([enrollment_id]))
    rows[0] = [
        (one.enrollment_id, one.area_id, one.rated_by, one.level, one.rated_at, one.week, one.by_id) for one in ratings
    ]
    rows[4] = [one for one in rows[4] if one[-1] == mentor_id]
    return (await evidence_read(session, rows, [enrollment_id], editions))[enrollment_id]


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


async def _by_area(session: AsyncSession, ids: Collection[int], editions: Editions) -> dict[int, dict[str, Evidence]]:
    return await evidence_read(session, await together(session, *statements(ids)), ids, editions)


def statements(ids: Collection[int]) -> list[Question]:
    """The questions to ask `together` for what is on record about these managers, for `evidence_read`."""
    return [known_ratings(ids), *_answers(ids), _actions(ids), _observed(ids)]


async def evidence_read(
    session: AsyncSession, rows: Sequence[Rows], ids: Collection[int], editions: Editions
) -> dict[int, dict[str, Evidence]]:
    """What the answers to `statements` say, by enrollment and area."""
    ratings, first, later, tried, observed = rows
    rated: Filed[Rated] = defaultdict(list)
    for enrollment_id, area, *said in ratings:
        rated[enrollment_id, area].append(Rated(*said))
    answers: Filed[Answered] = defaultdict(list)
    for enrollment_id, theirs in (await _answers_read(session, first, later, editions)).items():
        for one in theirs:
            answers[enrollment_id, one.area].append(
                Answered(one.level, one.correct, one.confidence, one.at, one.is_review)
            )
    actions, seen = await _actions_read(session, tried, editions), await _observed_read(session, observed, editions)
    found: dict[int, dict[str, Evidence]] = {one: {} for one in ids}
    for place in sorted(answers.keys() | rated.keys() | actions.keys() | seen.keys()):
        enrollment_id, area = place
        found[enrollment_id][area] = Evidence(
            rated.get(place, ()), answers.get(place, ()), actions.get(place, ()), seen.get(place, ())
        )
    return found


def _actions(ids: Collection[int]) -> Question:
    found: Question = (
        select(Promise.enrollment_id, LessonGiven.edition_hash, Promise.status, Promise.answered_at)
        .join(LessonGiven, col(LessonGiven.message_id) == col(Promise.message_id))
        .where(
            among(Promise.enrollment_id, ids), col(Promise.status).is_not(None), col(Promise.answered_at).is_not(None)
        )
        .order_by(col(Promise.answered_at))
    )
    return found


async def _actions_read(session: AsyncSession, rows: Rows, editions: Editions) -> Filed[Tried]:
    actions: Filed[Tried] = defaultdict(list)
    for enrollment_id, edition, status, answered_at in rows:
        area = (await editions.get(session, edition)).area
        actions[enrollment_id, area].append(Tried(status, answered_at))
    return actions


def _observed(ids: Collection[int]) -> Question:
    """What mentors saw on visits, oldest first, with the edition in which the behaviour was taught, and whoever saw it."""
    found: Question = (
        select(  # type: ignore[call-overload]
            Note.enrollment_id,
            Observation.lesson_id,
            Observation.saw,
            Note.written_at,
            LessonGiven.edition_hash,
            Note.by_id,
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
    return found


async def _observed_read(session: AsyncSession, rows: Rows, editions: Editions) -> Filed[Observed]:
    """In the area of the lesson as it was served, or of the rubric."""
    seen: Filed[Observed] = defaultdict(list)
    for enrollment_id, source, saw, at, edition, _ in rows:
        area = source.removeprefix(FROM_RUBRIC) if edition is None else (await editions.get(session, edition)).area
        seen[enrollment_id, area].append(Observed(saw, at))
    return seen
