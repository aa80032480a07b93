"""What mentors and managers told each other, as those whom it is about may take it along, and as it goes with them."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from sqlalchemy import delete, update
from sqlalchemy.orm import aliased
from sqlmodel import col, or_, select
from sqlmodel.ext.asyncio.session import AsyncSession

from bot.agenda import book
from bot.records import reading
from bot.records.ratings import known_to_managers
from bot.records.tables import Ask, CaseRated, Checkpoint, Enrollment, Note, Observation, Person, Relation


async def ratings(session: AsyncSession, enrollment_id: int) -> list[dict[str, Any]]:
    """The ratings that a manager may see: what their mentor said is theirs once it is unsealed."""
    return [
        one.model_dump(exclude={"id", "enrollment_id", "by_id"})
        for one in await known_to_managers(session, [enrollment_id])
    ]


async def notes(session: AsyncSession, person: Person) -> list[dict[str, Any]]:
    """What mentors told someone, and what they told others as a mentor; an observation card with its lines."""
    by, to = aliased(Person), aliased(Person)
    rows = await session.execute(
        select(Note, by.name, to.name)
        .join(by, col(by.id) == col(Note.by_id))
        .join(Enrollment, col(Enrollment.id) == col(Note.enrollment_id))
        .join(to, col(to.id) == col(Enrollment.person_id))
        .where(or_(col(Note.by_id) == person.id, col(Enrollment.person_id) == person.id))
        .order_by(col(Note.written_at), col(Note.id))
    )
    return [
        {
            "by": written_by, "to": written_to,
            **note.model_dump(include={"kind", "what_for", "text", "written_at"}),
            "saw": await _saw(session, note),
        }
        for note, written_by, written_to in rows.all()
    ]  # fmt: skip


async def asks(session: AsyncSession, person: Person) -> list[dict[str, Any]]:
    """What someone wanted to talk about with their mentor."""
    rows = await session.exec(
        select(Ask)
        .join(Enrollment, col(Enrollment.id) == col(Ask.enrollment_id))
        .where(Enrollment.person_id == person.id)
        .order_by(col(Ask.asked_at), col(Ask.id))
    )
    return [one.model_dump(include={"text", "needs_help", "asked_at", "settled_at"}) for one in rows]


async def cases(session: AsyncSession, person: Person) -> list[dict[str, Any]]:
    """How someone rated the sample cases, as a mentor."""
    rows = await session.exec(
        select(CaseRated)
        .where(CaseRated.person_id == person.id)
        .order_by(col(CaseRated.rated_at), col(CaseRated.area_id), col(CaseRated.place))
    )
    return [one.model_dump(include={"area_id", "place", "level", "rated_at"}) for one in rows]


async def relations(session: AsyncSession, person: Person) -> list[dict[str, Any]]:
    """What someone said of the talks with their mentors: their own words, and nobody else's to read."""
    rows = await session.execute(
        select(Relation, col(Person.name))
        .join(Enrollment, col(Enrollment.id) == col(Relation.enrollment_id))
        .join(Person, col(Person.id) == col(Relation.mentor_id))
        .where(Enrollment.person_id == person.id)
        .order_by(col(Relation.asked_at))
    )
    return [{"mentor": name, **one.model_dump(include={"asked_at", "answer", "answered_at"})} for one, name in rows]


def what_goes(person_id: int, mine: Any) -> Iterator[Any]:
    """The statements of an erasure. `mine` selects their enrollment; what they wrote as a mentor goes with them."""
    written = or_(col(Note.enrollment_id).in_(mine), col(Note.by_id) == person_id)
    yield delete(Observation).where(col(Observation.note_id).in_(select(Note.id).where(written)))
    yield delete(Note).where(written)
    yield update(Ask).where(col(Ask.settled_by) == person_id).values(settled_by=None)
    yield delete(Ask).where(col(Ask.enrollment_id).in_(mine))
    yield delete(Relation).where(or_(col(Relation.enrollment_id).in_(mine), col(Relation.mentor_id) == person_id))
    yield delete(Checkpoint).where(col(Checkpoint.enrollment_id).in_(mine))
    yield delete(CaseRated).where(col(CaseRated.person_id) == person_id)


async def _saw(session: AsyncSession, note: Note) -> list[str]:
    rows = await session.exec(
        select(Observation).where(Observation.note_id == note.id).order_by(col(Observation.place))
    )
    return [f"{one.behaviour}: {one.saw.replace('_', ' ')}" for one in rows]


async def tell_managers(session: AsyncSession, mentor: Person, now: datetime) -> None:
    """Have those whom someone mentors, and who are on their way, hear that they have no mentor for now, and not why."""
    for way in await reading.ways_of_mentor(session, mentor.id or 0):
        if way.enrollment.ended_at is None:
            await book.put(
                session, key=f"new_mentor:{way.enrollment.id}:0:{now:%Y%m%d%H%M%S}", kind="new_mentor",
                workspace_id=way.manager.workspace_id, person_id=way.manager.id,
                about={"enrollment_id": way.enrollment.id, "mentor_id": None}, due_at=now,
            )  # fmt: skip
