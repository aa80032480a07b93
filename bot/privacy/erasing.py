"""Erasing someone: everything personal goes in one transaction, and only counts that belong to nobody stay."""

from collections.abc import Iterator, Sequence
from typing import Any

from sqlalchemy import delete, text, update
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from bot.delivery.courier import Said
from bot.privacy import mentoring
from bot.privacy.unsaying import InDoubt, said
from bot.records import erased
from bot.records.tables import (
    AgendaItem,
    Card,
    Enrollment,
    Interruption,
    LessonGiven,
    Message,
    PeerBlock,
    PeerGroup,
    PeerLeftOut,
    PeerMember,
    PeerRound,
    Person,
    Promise,
    Pulse,
    Rating,
    Response,
    Review,
    StaffAct,
)

# What stays: how often each question was answered right or wrong, and how the actions went. No time, nobody's id.
_COUNT = text(
    """
    INSERT INTO tally (key, count)
    SELECT key, count(*) FROM (
        SELECT 'answers:' || e.lesson_id || ':' || r.check_id || ':'
               || CASE r.correct WHEN true THEN 'right' WHEN false THEN 'wrong' ELSE 'given' END AS key
        FROM response r JOIN edition e ON e.hash = r.edition_hash WHERE r.person_id = :person
        UNION ALL
        SELECT 'reviews:' || r.lesson_id || ':' || r.check_id || ':' || CASE r.correct WHEN true THEN 'right' ELSE 'wrong' END
        FROM review r JOIN enrollment n ON n.id = r.enrollment_id WHERE n.person_id = :person AND r.answered_at IS NOT NULL
        UNION ALL
        SELECT 'actions:' || CASE WHEN p.group_id IS NULL THEN p.lesson_id ELSE 'peers' END || ':'
               || coalesce(p.status, 'promised')
        FROM promise p JOIN enrollment n ON n.id = p.enrollment_id WHERE n.person_id = :person
        UNION ALL
        SELECT 'erased' WHERE EXISTS (SELECT 1 FROM enrollment n WHERE n.person_id = :person)
    ) AS counted GROUP BY key
    ON CONFLICT (key) DO UPDATE SET count = tally.count + excluded.count
    """
)
_WAS_ENROLLED = text("SELECT 1 FROM enrollment WHERE person_id = :person")


async def erase(session: AsyncSession, person: Person) -> Sequence[Said | InDoubt]:
    """Erase a person; the messages in Slack that are left to delete. Of someone who is gone already, nothing is left to do."""
    about = {"person": person.id}
    if person.deactivated_at is None and (await session.execute(_WAS_ENROLLED, about)).first() is not None:
        await erased.remember(session, person)  # they may be in a user group that a cohort follows
    # Held until the commit, so that nothing new about them is written down meanwhile: first what was said to them, as whoever
    # says something below it does, or each would wait for the other.
    for table, column in (("message", "person_id"), ("person", "id")):
        await session.execute(text(f"SELECT 1 FROM {table} WHERE {column} = :person FOR UPDATE"), about)  # noqa: S608
    found = await said(session, col(Message.person_id) == person.id)
    await session.execute(_COUNT, about)
    for statement in _what_goes(person.id or 0):
        await session.execute(statement, execution_options={"synchronize_session": False})
    session.expunge(person)
    return found


def _what_goes(person_id: int) -> Iterator[Any]:
    """The statements, in the order in which rows point at one another."""
    mine = select(col(Enrollment.id)).where(col(Enrollment.person_id) == person_id)
    of_enrollment: tuple[Any, ...] = (Card, Review, Pulse, Rating, Promise)
    of_person: tuple[Any, ...] = (Interruption, AgendaItem, Message)
    for table in of_enrollment:
        yield delete(table).where(table.enrollment_id.in_(mine))
    yield from mentoring.what_goes(person_id, mine)
    yield delete(Response).where(col(Response.person_id) == person_id)
    yield delete(LessonGiven).where(col(LessonGiven.enrollment_id).in_(mine))
    for table in of_person:
        yield delete(table).where(table.person_id == person_id)
    for column in ("met_by", "organiser_id", "picked_by"):
        yield update(PeerGroup).where(col(getattr(PeerGroup, column)) == person_id).values({column: None})
    yield update(Rating).where(col(Rating.by_id) == person_id).values(by_id=None)
    yield update(PeerRound).where(col(PeerRound.started_by) == person_id).values(started_by=None)
    for column in ("by_id", "person_id", "other_id"):
        yield update(StaffAct).where(col(getattr(StaffAct, column)) == person_id).values({column: None})
    yield delete(PeerLeftOut).where(col(PeerLeftOut.person_id) == person_id)
    yield delete(PeerBlock).where((col(PeerBlock.person_id) == person_id) | (col(PeerBlock.blocked_id) == person_id))
    yield delete(PeerMember).where(col(PeerMember.person_id) == person_id)
    for role in ("mentor_id", "buddy_id"):
        yield update(Enrollment).where(col(getattr(Enrollment, role)) == person_id).values({role: None})
    yield delete(Enrollment).where(col(Enrollment.person_id) == person_id)
    yield delete(Person).where(col(Person.id) == person_id)
