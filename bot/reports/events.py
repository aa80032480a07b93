"""Reads what happened, as xAPI statements, oldest first: of all managers of a workspace, or of one cohort."""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from bot.curriculum.model import Curriculum, Lesson
from bot.records.editions import Editions
from bot.records.many import among
from bot.records.ratings import open_ratings
from bot.records.tables import Cohort, Enrollment, LessonGiven, Message, Person, Rating, Response, Review
from bot.records.workspaces import one_of
from bot.reports import xapi
from bot.reports.xapi import Answer, Course, Statement, Who

Ways = Mapping[int, tuple[Enrollment, Who]]


async def statements(
    session: AsyncSession, curriculum: Curriculum, cohort: str | None = None, workspace: str | None = None
) -> list[Statement]:
    """All statements there are of a workspace, by their time. Raises WhichWorkspace."""
    course, editions = Course(curriculum.program), _InOneLanguage(curriculum)
    ways = await _ways(session, await one_of(session, workspace), cohort)
    found = [
        *await _lessons(session, course, ways, editions),
        *await _reviews(session, course, ways, editions),
        *await _ratings(session, course, curriculum, ways),
        *(
            xapi.completed(course, who, f"program:{key}", None, way.ended_at)
            for key, (way, who) in ways.items()
            if way.ended_at is not None
        ),
    ]
    return sorted(found, key=lambda one: (one["timestamp"], one["id"]))


class _InOneLanguage(Editions):
    """Lessons in the words that the program's own language has for them: statements say that they are in it, and somebody who
    learns in another is asked the same. In those in which they were served, where the question has become another one since."""

    def __init__(self, curriculum: Curriculum) -> None:
        super().__init__()
        self._own = {lesson.id: lesson for lesson in curriculum.lessons}

    async def get(self, session: AsyncSession, key: str) -> Lesson:
        served = await super().get(session, key)
        own = self._own.get(served.id)
        if own is None or own.revision != served.revision or _asked(own) != _asked(served):
            return served
        return own


def _asked(lesson: Lesson) -> list[str]:
    return [check.id for check in lesson.checks]


async def _ways(session: AsyncSession, workspace_id: str, cohort: str | None) -> dict[int, tuple[Enrollment, Who]]:
    wanted = (
        select(Enrollment, Person)
        .join(Person, col(Person.id) == col(Enrollment.person_id))
        .join(Cohort, col(Cohort.id) == col(Enrollment.cohort_id))
        .where(Cohort.workspace_id == workspace_id)
    )
    rows = await session.execute(wanted if cohort is None else wanted.where(Cohort.name == cohort))
    return {way.id or 0: (way, Who(person.workspace_id, person.slack_id)) for way, person in rows}


async def _lessons(session: AsyncSession, course: Course, ways: Ways, editions: Editions) -> list[Statement]:
    rows = await session.execute(
        select(LessonGiven, Message.sent_at)
        .join(Message, col(Message.id) == col(LessonGiven.message_id))
        .where(among(LessonGiven.enrollment_id, ways))
        .order_by(col(LessonGiven.given_at), col(LessonGiven.id))
    )
    given = [(row[0], row[1]) for row in rows]
    answers: dict[Any, list[Response]] = defaultdict(list)
    for response in await session.exec(
        select(Response).where(among(Response.message_id, [one.message_id for one, _ in given]))
    ):
        answers[response.message_id].append(response)
    found: list[Statement] = []
    done: dict[int, list[tuple[datetime, str]]] = defaultdict(list)
    for one, sent_at in given:
        who, lesson = ways[one.enrollment_id][1], await editions.get(session, one.edition_hash)
        theirs = answers[one.message_id]
        # What nobody can tell of whether it was said was, if there is an answer.
        reached_at = sent_at or min((response.answered_at for response in theirs), default=None)
        if reached_at is None:
            continue
        found.append(xapi.experienced(course, who, f"lesson:{one.message_id}", lesson, reached_at))
        found += [
            made
            for response in theirs
            if (made := xapi.answered(course, who, _answer(response, lesson, f"response:{response.id}"))) is not None
        ]
        if len(theirs) >= len(lesson.checks):
            at = max(response.answered_at for response in theirs)
            found.append(xapi.completed(course, who, f"lesson:{one.message_id}", lesson, at))
            done[one.enrollment_id].append((at, f"lesson:{one.message_id}"))
    return found + [made for key, moments in done.items() for made in _progress(course, ways[key][1], moments)]


def _progress(course: Course, who: Who, moments: list[tuple[datetime, str]]) -> Iterator[Statement]:
    program = course.program
    of = program.length.lesson_weeks * len(program.lessons.days)
    for count, (at, key) in enumerate(sorted(moments), start=1):
        yield xapi.progressed(course, who, key, count, of, at)


def _answer(one: Response, lesson: Any, key: str) -> Answer:
    return Answer(key, lesson, one.check_id, one.answer, one.correct, one.confidence, False, one.answered_at)


async def _reviews(session: AsyncSession, course: Course, ways: Ways, editions: Editions) -> list[Statement]:
    rows = await session.exec(
        select(Review).where(among(Review.enrollment_id, ways), col(Review.answered_at).is_not(None))
    )
    found = []
    for one in rows:
        lesson = await editions.get(session, one.edition_hash)
        if one.answered_at is None:
            continue
        answer = Answer(
            f"review:{one.id}",
            lesson,
            one.check_id,
            one.answer or {},
            one.correct,
            one.confidence,
            True,
            one.answered_at,
        )
        made = xapi.answered(course, ways[one.enrollment_id][1], answer)
        found += [] if made is None else [made]
    return found


async def _ratings(session: AsyncSession, course: Course, curriculum: Curriculum, ways: Ways) -> list[Statement]:
    """By whoever gave them; what a mentor gave who is erased by now is nobody's, and stays here."""
    ratings = await open_ratings(session, list(ways))
    mentors = await _people(session, {one.by_id for one in ratings})
    areas = {area.id: area for area in curriculum.areas}
    found = []
    for one in ratings:
        _, manager = ways[one.enrollment_id]
        by = manager if one.rated_by == "self" else mentors.get(one.by_id)
        if by is not None and one.level is not None and one.area_id in areas:
            found.append(xapi.rated(course, by, manager, _key(one), areas[one.area_id], one.level, one.rated_at))
    return found


def _key(one: Rating) -> str:
    """A rating that was corrected is another statement."""
    return f"rating:{one.id}:{one.rated_at.isoformat()}"


async def _people(session: AsyncSession, ids: set[int | None]) -> dict[int | None, Who]:
    rows = await session.exec(select(Person).where(among(Person.id, ids - {None})))
    return {one.id: Who(one.workspace_id, one.slack_id) for one in rows}
