"""Questions that several rooms put to the records."""

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any
from uuid import UUID

import sqlalchemy
from sqlalchemy import ColumnElement, ScalarSelect, Select, func, or_
from sqlalchemy.orm import aliased
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession
from sqlmodel.sql.expression import SelectOfScalar

from bot.curriculum.library import Taught, language_of
from bot.curriculum.model import Lesson
from bot.records.many import among, among_given
from bot.records.roles import Role
from bot.records.tables import Cohort, Enrollment, LessonGiven, Person, Response

_Ways = Select[Enrollment, Person, Person, Cohort, Person]


@dataclass(frozen=True)
class Way:
    """A manager's enrollment with the people around it."""

    enrollment: Enrollment
    manager: Person
    mentor: Person | None
    cohort: Cohort
    buddy: Person | None = None


@dataclass(frozen=True)
class Served:
    """A lesson as it was served in a message, for its reader; `names` fill its placeholders, so many checks are `answered`."""

    message_id: UUID
    lesson: Lesson
    way: Way
    names: dict[str, Any]
    answered: int


async def way_of(session: AsyncSession, enrollment_id: int) -> Way | None:
    """The way of that enrollment, or None if it is gone."""
    ways = await ways_where(session, [enrollment_id])
    return ways[0] if ways else None


async def way_of_person(session: AsyncSession, person_id: int) -> Way | None:
    """The way that someone is on as a manager, or None."""
    ids = await session.exec(select(Enrollment.id).where(Enrollment.person_id == person_id))
    enrollment_id = ids.first()
    return None if enrollment_id is None else await way_of(session, enrollment_id)


async def hold(session: AsyncSession, enrollment_id: int) -> None:
    """Hold an enrollment for this transaction: of two last ratings at once, the second finds what the first has left."""
    await session.exec(select(Enrollment.id).where(Enrollment.id == enrollment_id).with_for_update(key_share=True))


def waiting_for_mentor(workspace_id: str) -> SelectOfScalar[Any]:
    """The ids of the ways of those who are on their way, and have no mentor."""
    return (
        select(Enrollment.id)
        .join(Person, col(Person.id) == col(Enrollment.person_id))
        .where(
            Person.workspace_id == workspace_id,
            col(Person.deactivated_at).is_(None),
            col(Enrollment.mentor_id).is_(None),
            col(Enrollment.stopped_at).is_(None),
            col(Enrollment.ended_at).is_(None),
        )
    )


async def has_mentor(session: AsyncSession, person_id: int, mentor_id: int | None) -> bool:
    """Whether that is someone's mentor, and stays it until the commit: who changes it waits. For what is shared with one."""
    held = select(Enrollment.id).where(Enrollment.person_id == person_id, Enrollment.mentor_id == mentor_id)
    row = (await session.exec(held.with_for_update(key_share=True))).first()
    return row is not None and mentor_id is not None


async def ways_of_mentor(session: AsyncSession, person_id: int) -> list[Way]:
    """The ways of those whom someone mentors and who have neither stopped nor been deactivated, by name."""
    ids = await session.exec(
        select(Enrollment.id)
        .join(Person, col(Person.id) == col(Enrollment.person_id))
        .where(
            col(Enrollment.mentor_id) == person_id,
            col(Enrollment.stopped_at).is_(None),
            col(Person.deactivated_at).is_(None),
        )
    )
    ways = await ways_where(session, [one for one in ids if one is not None])
    return sorted(ways, key=lambda way: (way.manager.name, way.manager.id or 0))


def led_by(ways: Sequence[Way], person_id: int) -> list[Way]:
    """Of ways that are read already, the same as `ways_of_mentor`."""
    theirs = [
        way
        for way in ways
        if way.enrollment.mentor_id == person_id
        and way.enrollment.stopped_at is None
        and way.manager.deactivated_at is None
    ]
    return sorted(theirs, key=lambda way: (way.manager.name, way.manager.id or 0))


def way_among(ways: Sequence[Way], enrollment_id: int) -> Way | None:
    """That of an id, if it is one of these."""
    return next((way for way in ways if way.enrollment.id == enrollment_id), None)


async def this_way(session: AsyncSession, enrollment_id: int) -> Way:
    """The way of an enrollment that is there for certain; LookupError if it is not."""
    way = await way_of(session, enrollment_id)
    if way is None:
        raise LookupError(f"no enrollment {enrollment_id}")
    return way


async def ways_of_people(session: AsyncSession, person_ids: Collection[int]) -> list[Way]:
    """The ways that these people are on as managers, in the order of their ids."""
    return await _ways(session, among(Enrollment.person_id, person_ids))


async def ways_where(session: AsyncSession, enrollment_ids: Sequence[int]) -> list[Way]:
    """The ways of these enrollments, in the order of their ids."""
    return [Way(*row) for row in await session.execute(_these_ways(), {"given": enrollment_ids})]


async def ways_around(session: AsyncSession, person_id: int) -> list[Way]:
    """The ways that someone is on, as a manager or as the mentor, in the order of their ids."""
    return await _ways(session, or_(col(Enrollment.person_id) == person_id, col(Enrollment.mentor_id) == person_id))


async def _ways(session: AsyncSession, condition: ColumnElement[bool]) -> list[Way]:
    return [Way(*row) for row in await session.execute(_all_ways().where(condition))]


@cache
def _these_ways() -> _Ways:
    return _all_ways().where(among_given(Enrollment.id))


@cache  # SQLAlchemy builds every column of an alias anew
def _all_ways() -> _Ways:
    mentor, buddy = aliased(Person), aliased(Person)
    return (
        sqlalchemy.select(Enrollment, Person, mentor, Cohort, buddy)
        .join(Person, col(Person.id) == col(Enrollment.person_id))
        .join(Cohort, col(Cohort.id) == col(Enrollment.cohort_id))
        .outerjoin(mentor, col(mentor.id) == col(Enrollment.mentor_id))
        .outerjoin(buddy, col(buddy.id) == col(Enrollment.buddy_id))
        .order_by(col(Enrollment.id))
    )


def names(taught: Taught, way: Way) -> dict[str, Any]:
    """What a lesson's placeholders stand for, for one reader, in whose language it is taught."""
    return {
        "manager": {"first_name": way.manager.first_name},
        "mentor": {"first_name": way.mentor.first_name if way.mentor else taught.wording.plain("lesson.no_mentor")},
        "company": taught.curriculum.program.company.model_dump(),
        "cohort": {"name": way.cohort.name},
    }


def taught_for(taught: Taught, person: Person | None) -> Taught:
    """What is taught and said, in the language of a person; in the program's, for someone unknown."""
    if person is None:
        return taught
    return taught.speaking(language_of(person.language, person.locale, taught.languages))


async def lessons_given(session: AsyncSession, enrollment_ids: Sequence[int]) -> list[LessonGiven]:
    """The lessons that these managers got, oldest first."""
    rows = await session.exec(
        select(LessonGiven)
        .where(among(LessonGiven.enrollment_id, enrollment_ids))
        .order_by(col(LessonGiven.given_at), col(LessonGiven.id))
    )
    return list(rows)


async def lessons_had(
    session: AsyncSession, enrollment_ids: Collection[int]
) -> defaultdict[int, list[tuple[str, UUID]]]:
    """The ids of the lessons that each of these managers got, with those of their messages, oldest first, by enrollment."""
    rows = await session.execute(
        select(LessonGiven.enrollment_id, LessonGiven.lesson_id, LessonGiven.message_id)
        .where(among(LessonGiven.enrollment_id, enrollment_ids))
        .order_by(col(LessonGiven.given_at), col(LessonGiven.id))
    )
    had: defaultdict[int, list[tuple[str, UUID]]] = defaultdict(list)
    for enrollment_id, lesson_id, message_id in rows:
        had[enrollment_id].append((lesson_id, message_id))
    return had


async def answered_counts(session: AsyncSession, message_ids: Sequence[UUID]) -> dict[UUID, int]:
    """How many checks of each message have been answered."""
    rows = await session.execute(
        select(Response.message_id, func.count())
        .where(among(Response.message_id, message_ids))
        .group_by(col(Response.message_id))
    )
    return {row[0]: row[1] for row in rows}


def answered_in(message_id: Any) -> ScalarSelect[int]:
    """The same as a column of another query: for the message that one of its columns names."""
    return sqlalchemy.select(func.count()).where(col(Response.message_id) == message_id).scalar_subquery()


def role_of(person_id: int | None, way: Way) -> Role:
    """What someone is to a manager, now. Staff and peers are known by other records."""
    if person_id is None:
        return Role.NOBODY
    if person_id == way.manager.id:
        return Role.SELF
    if person_id == way.enrollment.mentor_id:
        return Role.MENTOR
    return Role.BUDDY if person_id == way.enrollment.buddy_id else Role.NOBODY
