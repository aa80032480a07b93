"""Groups on record: who is in one, when all of them work, and that something was heard from someone."""

from collections.abc import Sequence
from datetime import datetime, time, timedelta

from sqlalchemy import update
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from bot.agenda import calendar, personal
from bot.curriculum.model import Program
from bot.records.tables import PeerMember, Person
from bot.slack.access import Actor


class NotInGroup(Exception):
    """The question was put to others."""


async def members_of(session: AsyncSession, group_id: int) -> list[Person]:
    """The people of a group, by first name."""
    rows = await session.exec(
        select(Person)
        .join(PeerMember, col(PeerMember.person_id) == col(Person.id))
        .where(PeerMember.group_id == group_id)
        .order_by(col(Person.first_name), col(Person.id))
    )
    return list(rows)


async def member(session: AsyncSession, group_id: int, actor: Actor) -> Person:
    """Who of a group that is; raises NotInGroup."""
    for person in await members_of(session, group_id):
        if (person.workspace_id, person.slack_id) == (actor.workspace_id, actor.slack_id):
            return person
    raise NotInGroup


async def note_heard(session: AsyncSession, group_id: int, person: Person, now: datetime) -> None:
    """Someone pressed something about their group: this round was not silent for them."""
    await session.execute(
        update(PeerMember)
        .where(
            col(PeerMember.group_id) == group_id,
            col(PeerMember.person_id) == person.id,
            col(PeerMember.heard_at).is_(None),
        )
        .values(heard_at=now)
    )


def shared_moment(program: Program, people: Sequence[Person], now: datetime) -> datetime:
    """The earliest moment from now on that is working time for all; where their hours never meet, the first person's on
    a day that is nobody's day off; a week from now, if someone is away for long."""
    times = [(personal.personal_time(program, one), personal.zone_of(program, one)) for one in people]
    all_day = [(working.model_copy(update={"start": time.min, "end": time.max}), zone) for working, zone in times[1:]]
    return (
        calendar.shared_working_moment(now, times)
        or calendar.shared_working_moment(now, [*times[:1], *all_day])
        or now + timedelta(weeks=1)
    )
