"""Reads what a report is made of, for a cohort or for everyone of a workspace: a query each, however many people there are."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import func
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from bot.attention import slots
from bot.curriculum.model import Choice, Program
from bot.records.editions import Editions
from bot.records.many import among
from bot.records.ratings import open_ratings
from bot.records.reading import Way, ways_where
from bot.records.tables import (
    Cohort,
    Enrollment,
    LessonGiven,
    Message,
    PeerGroup,
    PeerMember,
    PeerRound,
    Promise,
    Response,
    Review,
)
from bot.reports.figures import Answered, Facts, Level, Met, Person, Tried
from bot.reports.items import Given, revisions


async def facts_of(
    session: AsyncSession, program: Program, workspace_id: str, cohort: str | None, editions: Editions
) -> Facts:
    """The facts of a cohort by its name, or (None) of all; no people where there is no such cohort."""
    ways = await _ways(session, workspace_id, cohort)
    people = {key: way.enrollment.person_id for key, way in ways.items()}
    answers = [
        *await _first(session, program, ways, editions),
        *await _later(session, program, ways, editions),
    ]
    return Facts(
        people=await _people(session, ways, answers),
        levels=[
            Level(people[one.enrollment_id], one.area_id, one.week, one.rated_by, one.level)
            for one in await open_ratings(session, list(ways))
            if one.level is not None
        ],
        answers=answers,
        actions=[
            Tried(people[one.enrollment_id], one.status)
            for one in await session.exec(select(Promise).where(among(Promise.enrollment_id, ways)))
        ],
        groups=await _groups(session, workspace_id, set(people.values())),
    )


async def options_of(
    session: AsyncSession, answers: Sequence[Answered], editions: Editions
) -> dict[tuple[str, str], tuple[str, ...]]:
    """The ids of the options of each check, as its latest revision was served last."""
    latest = revisions(one.given for one in answers)
    rows = await session.execute(
        select(LessonGiven.edition_hash)
        .where(among(LessonGiven.lesson_id, latest))
        .group_by(LessonGiven.edition_hash)
        .order_by(func.max(LessonGiven.given_at))
    )
    served = list(rows.scalars())
    await editions.read(session, served)
    lessons = [await editions.get(session, edition) for edition in served]
    return {
        (lesson.id, check.id): tuple(option.id for option in check.options)
        for lesson in lessons
        if lesson.revision == latest[lesson.id]
        for check in lesson.checks
        if isinstance(check, Choice)
    }


async def _ways(session: AsyncSession, workspace_id: str, cohort: str | None) -> dict[int, Way]:
    wanted = select(Enrollment.id).join(Cohort, col(Cohort.id) == col(Enrollment.cohort_id))
    wanted = wanted.where(Cohort.workspace_id == workspace_id)
    ids = await session.exec(wanted if cohort is None else wanted.where(Cohort.name == cohort))
    return {one.enrollment.id or 0: one for one in await ways_where(session, [one for one in ids if one is not None])}


async def _first(
    session: AsyncSession, program: Program, ways: Mapping[int, Way], editions: Editions
) -> list[Answered]:
    rows = await session.execute(
        select(LessonGiven.enrollment_id, Response)
        .join(LessonGiven, col(LessonGiven.message_id) == col(Response.message_id))
        .where(among(LessonGiven.enrollment_id, ways), col(Response.correct).is_not(None))
    )
    return [await _answered(session, program, ways[row[0]], row[1], editions, is_review=False) for row in rows]


async def _later(
    session: AsyncSession, program: Program, ways: Mapping[int, Way], editions: Editions
) -> list[Answered]:
    rows = await session.exec(
        select(Review).where(among(Review.enrollment_id, ways), col(Review.answered_at).is_not(None))
    )
    return [await _answered(session, program, ways[one.enrollment_id], one, editions, is_review=True) for one in rows]


async def _answered(
    session: AsyncSession, program: Program, way: Way, one: Response | Review, editions: Editions, *, is_review: bool
) -> Answered:
    lesson = await editions.get(session, one.edition_hash)
    given = Given(
        person=way.enrollment.person_id,
        lesson_id=lesson.id,
        check_id=one.check_id,
        picked=tuple((one.answer or {}).get("options", ())),
        correct=bool(one.correct),
        confidence=one.confidence or "",
        is_review=is_review,
        revision=lesson.revision,
    )
    return Answered(given, lesson.area, _week(program, way, one.answered_at))


def _week(program: Program, way: Way, moment: datetime | None) -> int:
    """The week of someone's program, from 1: on their own calendar, as everything else that they hear of it."""
    return 1 if moment is None else max(1, slots.week_of(program, way, moment))


async def _people(session: AsyncSession, ways: Mapping[int, Way], answers: Sequence[Answered]) -> list[Person]:
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
        for key, one in ((key, way.enrollment) for key, way in ways.items())
    ]


async def _lessons(session: AsyncSession, ids: Sequence[int]) -> dict[int, tuple[int, int]]:
    """By enrollment, how many lessons were sent, and of how many something was answered. What waits, or was refused, was not."""
    answered = func.count(func.distinct(Response.message_id))
    was_sent = col(Message.sent_at).is_not(None) | col(Response.id).is_not(None)  # nobody answers what never came
    rows = await session.execute(
        select(LessonGiven.enrollment_id, func.count(func.distinct(LessonGiven.id)), answered)
        .join(Message, col(Message.id) == col(LessonGiven.message_id))
        .outerjoin(Response, col(Response.message_id) == col(LessonGiven.message_id))
        .where(among(LessonGiven.enrollment_id, ids), was_sent)
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
