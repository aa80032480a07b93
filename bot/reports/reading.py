"""Reads what a report is made of, for a cohort or for everyone of a workspace: a query each, however many people there are."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import func
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from bot.curriculum.model import Choice
from bot.records.editions import Editions
from bot.records.ratings import open_ratings
from bot.records.tables import (
    Cohort,
    Enrollment,
    LessonGiven,
    PeerGroup,
    PeerMember,
    PeerRound,
    Promise,
    Response,
    Review,
)
from bot.reports.figures import Answered, Facts, Level, Met, Person, Tried
from bot.reports.items import Given


async def facts_of(session: AsyncSession, workspace_id: str, cohort: str | None, editions: Editions) -> Facts:
    """The facts of a cohort by its name, or (None) of all; no people where there is no such cohort."""
    ways = await _enrollments(session, workspace_id, cohort)
    answers = [*await _first(session, ways, editions), *await _later(session, ways, editions)]
    return Facts(
        people=await _people(session, ways, answers),
        levels=[
            Level(ways[one.enrollment_id].person_id, one.area_id, one.week, one.rated_by, one.level)
            for one in await open_ratings(session, list(ways))
            if one.level is not None
        ],
        answers=answers,
        actions=[
            Tried(ways[one.enrollment_id].person_id, one.status)
            for one in await session.exec(select(Promise).where(col(Promise.enrollment_id).in_(ways)))
        ],
        groups=await _groups(session, workspace_id, {one.person_id for one in ways.values()}),
    )


async def options_of(
    session: AsyncSession, answers: Sequence[Answered], editions: Editions
) -> dict[tuple[str, str], tuple[str, ...]]:
    """The ids of the options of each check, as it was served last."""
    lessons = {one.given.lesson_id for one in answers}
    rows = await session.execute(
        select(LessonGiven.lesson_id, LessonGiven.edition_hash)
        .where(col(LessonGiven.lesson_id).in_(lessons))
        .order_by(col(LessonGiven.given_at))
    )
    latest = {row[0]: row[1] for row in rows}
    found: dict[tuple[str, str], tuple[str, ...]] = {}
    for lesson_id, edition in latest.items():
        for check in (await editions.get(session, edition)).checks:
            if isinstance(check, Choice):
                found[lesson_id, check.id] = tuple(option.id for option in check.options)
    return found


async def _enrollments(session: AsyncSession, workspace_id: str, cohort: str | None) -> dict[int, Enrollment]:
    wanted = select(Enrollment).join(Cohort, col(Cohort.id) == col(Enrollment.cohort_id))
    wanted = wanted.where(Cohort.workspace_id == workspace_id)
    rows = await session.exec(wanted if cohort is None else wanted.where(Cohort.name == cohort))
    return {one.id or 0: one for one in rows}


async def _first(session: AsyncSession, ways: Mapping[int, Enrollment], editions: Editions) -> list[Answered]:
    rows = await session.execute(
        select(LessonGiven.enrollment_id, Response)
        .join(LessonGiven, col(LessonGiven.message_id) == col(Response.message_id))
        .where(col(LessonGiven.enrollment_id).in_(ways), col(Response.correct).is_not(None))
    )
    return [await _answered(session, ways[row[0]], row[1], editions, is_review=False) for row in rows]


async def _later(session: AsyncSession, ways: Mapping[int, Enrollment], editions: Editions) -> list[Answered]:
    rows = await session.exec(
        select(Review).where(col(Review.enrollment_id).in_(ways), col(Review.answered_at).is_not(None))
    )
    return [await _answered(session, ways[one.enrollment_id], one, editions, is_review=True) for one in rows]


async def _answered(
    session: AsyncSession, way: Enrollment, one: Response | Review, editions: Editions, *, is_review: bool
) -> Answered:
    lesson = await editions.get(session, one.edition_hash)
    given = Given(
        person=way.person_id,
        lesson_id=lesson.id,
        check_id=one.check_id,
        picked=tuple((one.answer or {}).get("options", ())),
        correct=bool(one.correct),
        confidence=one.confidence or "",
        is_review=is_review,
    )
    return Answered(given, lesson.area, _week(way.begun_at, one.answered_at))


def _week(begun_at: datetime | None, moment: datetime | None) -> int:
    """The week of someone's program, from 1."""
    return 1 if begun_at is None or moment is None else max(0, (moment - begun_at).days) // 7 + 1


async def _people(session: AsyncSession, ways: Mapping[int, Enrollment], answers: Sequence[Answered]) -> list[Person]:
    given = await _lessons(session, list(ways))
    weeks: dict[int, set[int]] = defaultdict(set)
    for answer in answers:
        weeks[answer.given.person].add(answer.week)
    return [
        Person(
            person=one.person_id,
            cohort=one.cohort_id,
            begun=one.begun_at is not None,
            ended=one.ended_at is not None,
            stopped=one.stopped_at is not None,
            has_mentor=one.mentor_id is not None,
            lessons=given[key][0],
            lessons_answered=given[key][1],
            weeks=frozenset(weeks[one.person_id]),
        )
        for key, one in ways.items()
    ]


async def _lessons(session: AsyncSession, ids: Sequence[int]) -> dict[int, tuple[int, int]]:
    """By enrollment, how many lessons were given, and of how many something was answered."""
    answered = func.count(func.distinct(Response.message_id))
    rows = await session.execute(
        select(LessonGiven.enrollment_id, func.count(func.distinct(LessonGiven.id)), answered)
        .outerjoin(Response, col(Response.message_id) == col(LessonGiven.message_id))
        .where(col(LessonGiven.enrollment_id).in_(ids))
        .group_by(col(LessonGiven.enrollment_id))
    )
    counted: dict[int, tuple[int, int]] = defaultdict(lambda: (0, 0))
    counted.update({row[0]: (row[1], row[2]) for row in rows})
    return counted


async def _groups(session: AsyncSession, workspace_id: str, people: set[int]) -> list[Met]:
    """Groups of rounds that have started and in which at least one of these people was."""
    rows: Any = await session.execute(
        select(PeerGroup.id, PeerGroup.met, PeerMember.person_id)
        .join(PeerMember, col(PeerMember.group_id) == col(PeerGroup.id))
        .join(PeerRound, col(PeerRound.id) == col(PeerGroup.round_id))
        .where(PeerRound.workspace_id == workspace_id, col(PeerRound.started_at).is_not(None))
    )
    groups: dict[int, tuple[str | None, list[int]]] = {}
    for group_id, met, person_id in rows:
        groups.setdefault(group_id, (met, []))[1].append(person_id)
    return [Met(tuple(members), met) for met, members in groups.values() if people.intersection(members)]
