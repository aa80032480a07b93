"""What others were told of someone goes with them, too: from their mentor's conversation, their staff's and their groups'.

A message about them alone is deleted. One that is about others as well is drawn anew, when they are not on record any more.
"""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, delete
from sqlmodel import and_, col, or_, select
from sqlmodel.ext.asyncio.session import AsyncSession

from bot.attention.rules import HABITS
from bot.delivery.courier import Said
from bot.privacy.unsaying import InDoubt, said
from bot.records import reading
from bot.records.tables import AgendaItem, Enrollment, Message, Note, PeerMember, Person

PAYLOAD = col(Message.payload)


async def take_back(session: AsyncSession, person: Person) -> Sequence[Said | InDoubt]:
    """Delete what others were told of someone alone, or by them; where that is left to delete in Slack."""
    about = await _about_them_alone(session, person)
    of_others = and_(col(Message.workspace_id) == person.workspace_id, col(Message.person_id) != person.id, about)
    found = await said(session, of_others)
    await session.execute(delete(Message).where(of_others), execution_options={"synchronize_session": False})
    return found


async def _about_them_alone(session: AsyncSession, person: Person) -> ColumnElement[bool]:
    """A brief, a call for help, what a mentor or a buddy was given; their own words as a mentor; and that they are gone."""
    theirs = select(Note.id).where(Note.by_id == person.id)
    of_a_mentor = and_(
        col(Message.kind).in_(("mentor_gone", "relation_stalls")), PAYLOAD.contains({"mentor_id": person.id})
    )
    told = [and_(col(Message.kind) == "from_mentor", PAYLOAD["note_id"].as_integer().in_(theirs)), of_a_mentor]
    way = await reading.way_of_person(session, person.id or 0)
    if way is not None:
        # A mentor was asked whom of theirs they mean, which is worth nothing later; once this kept the names alone.
        asked = and_(
            col(Message.kind) == "reply", PAYLOAD["values"]["names"].astext.contains(person.name, autoescape=True)
        )
        of_them = [
            PAYLOAD.contains({"enrollment_id": way.enrollment.id}),
            PAYLOAD.contains({"of": [way.enrollment.id]}),
        ]
        told += [*of_them, asked]
    return or_(*told)


async def strike(session: AsyncSession, person: Person) -> list[UUID]:
    """The messages that are about others as well, and have to be drawn anew once someone is erased."""
    named = await session.exec(
        select(Message.id).where(
            Message.workspace_id == person.workspace_id,
            or_(
                # These name all whom a mentor has, and all of a pool: whoever has moved since is on record in neither.
                col(Message.kind).in_(("mentor_gone", "preview")),
                col(Message.group_id).in_(_groups_of(person)),
            ),
        )
    )
    openers = await session.exec(
        select(PAYLOAD["opener"].astext).where(
            col(Message.group_id).in_(_groups_of(person)), PAYLOAD["opener"].astext.is_not(None)
        )
    )
    beside = [*named, *await _to_their_managers(session, person), *(UUID(one) for one in openers)]
    return [*await _strike_from_digests(session, person), *beside]


async def _to_their_managers(session: AsyncSession, person: Person) -> Sequence[UUID]:
    """What came unasked to those whom someone mentors or accompanies, or did before: most of it names their mentor, and the
    welcome their buddy."""
    enrollment_id = col(AgendaItem.about)["enrollment_id"].as_integer()
    told = col(AgendaItem.kind).in_(("farewell", "buddy"))
    before = select(enrollment_id).where(AgendaItem.person_id == person.id, told)
    are_theirs = or_(col(Enrollment.mentor_id) == person.id, col(Enrollment.buddy_id) == person.id)
    theirs = or_(are_theirs, col(Enrollment.id).in_(before))
    rows = await session.exec(
        select(Message.id).where(
            Message.workspace_id == person.workspace_id,
            col(Message.person_id).in_(select(Enrollment.person_id).where(theirs)),
            col(Message.kind).in_(HABITS),
            col(Message.ts).is_not(None),
        )
    )
    return rows.all()


async def calendar_files(session: AsyncSession, person: Person) -> Sequence[str]:
    """The files of their groups' meetings, which name them."""
    file_id = PAYLOAD["invitation"]["file_id"].astext
    rows = await session.exec(
        select(file_id).where(col(Message.group_id).in_(_groups_of(person)), file_id.is_not(None))
    )
    return rows.all()


def _groups_of(person: Person) -> Any:
    return select(PeerMember.group_id).where(PeerMember.person_id == person.id)


async def _strike_from_digests(session: AsyncSession, person: Person) -> list[UUID]:
    """Take a manager out of every digest, which holds a few words about each."""
    rows = await session.exec(
        select(Message).where(
            Message.workspace_id == person.workspace_id,
            Message.kind == "digest",
            PAYLOAD.contains({"people": [{"manager_id": person.id}]}),
        )
    )
    struck = []
    for message in rows:
        people = [one for one in message.payload["people"] if one["manager_id"] != person.id]
        # A picture that they stand in goes with them; for the others there is another one next week.
        kept = {key: value for key, value in message.payload.items() if key not in ("file_id", "stands", "shares")}
        message.payload = {**kept, "people": people}
        session.add(message)
        struck.append(message.id)
    await session.flush()
    return struck
