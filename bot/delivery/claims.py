"""Who may say a message now: nobody else does while the lease lasts, and nobody is spoken to once their day is over."""

from collections import defaultdict
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import ColumnElement, DateTime, bindparam, func, text, update
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from bot.agenda.clock import Clock, wall
from bot.delivery import pace
from bot.delivery.courier import To
from bot.records.many import IDS, among, among_given, reads
from bot.records.tables import Message, PeerMember, Person
from bot.records.workspaces import gone as gone_workspaces

# Longer than the longest call to Slack, so that nobody says what someone else is still saying.
LEASE_REAL_SECONDS = 60.0
LEFT_FOR_A_CALL_REAL_SECONDS = 30.0  # of a lease, when a call begins
LATER_REAL_SECONDS = 2.0
# How far ahead of its slot a message is claimed. Where a workspace has five slots a second, most of a job are drawn together, and
# not each by itself; more would leave more in doubt where a worker is killed.
CLAIMED_AHEAD_REAL_SECONDS = 5.0
SPREAD_OVER = timedelta(minutes=20)  # program time: a crowd's mornings, which an outage made the same
GROUPS_WAIT = timedelta(days=7)  # program time: where one of a group is away for longer, the others hear of it

# Written out for many at once: SQLAlchemy would write each by itself, and keep what it was before.
_CLAIMED = text(
    "UPDATE message SET state = 'sending', attempts = attempts + 1, lease_until = :lease, wake_at = :lease,"
    " tried_at = CASE WHEN state = 'waiting' THEN :tried ELSE tried_at END WHERE id = ANY(CAST(:ids AS uuid[]))"
).bindparams(bindparam("ids", type_=IDS))

# Nobody is saying it: it waits, or is in doubt.
_IS_FREE: ColumnElement[bool] = (col(Message.state) == "waiting") | (
    (col(Message.state) == "sending") & (col(Message.lease_until) <= bindparam("now", type_=DateTime(timezone=True)))
)
_WANTED = (
    select(Message, Person)
    .outerjoin(Person, col(Person.id) == col(Message.person_id))
    .where(among_given(Message.id), col(Message.workspace_id).not_in(gone_workspaces()), _IS_FREE)
    .order_by(col(Message.send_at))
    .with_for_update(skip_locked=True, of=Message)
)

# Until when something waits for someone that was decided at one moment, and could not be said until another (aware UTC); None:
# it is said now.
LateUntil = Callable[[Person, datetime, datetime], datetime | None]


@dataclass(frozen=True)
class Claimed:
    """What may be said, each in its slot, and by us alone; what must be looked up first; what comes so late that it is put off;
    the slot of the next of the rest."""

    ours: Sequence[Message]
    doubted: Sequence[Message]
    put_off: Collection[UUID]
    next_slot: datetime | None
    people: Mapping[int | None, Person]  # whom they are for, by their ids


async def claim(session: AsyncSession, wanted: Sequence[str], *, clock: Clock, late_until: LateUntil) -> Claimed:
    """Take these messages, under a lease: those that are free, and due soon."""
    now = clock.now()
    rows = await session.exec(_WANTED, params={"given": wanted, "now": now})
    people: dict[int | None, Person] = {}
    doubted, waiting = list[Message](), list[Message]()
    for message, person in rows:
        if person is not None:
            people[person.id] = person
        if message.state == "sending":
            doubted.append(message)
        elif person is not None and (person.unreachable_at or person.deactivated_at) is not None:
            message.state, message.wake_at, message.error = "cancelled", None, "unreachable"
        else:
            waiting.append(message)
    put_off = await _put_off(session, waiting, people, now, late_until)
    slots = [(one, one.send_at) for one in waiting if one.id not in put_off]
    near, soon = now + clock.span(CLAIMED_AHEAD_REAL_SECONDS), now + clock.span(pace.AHEAD_REAL_SECONDS)
    ours = [one for one, slot in slots if slot <= near]
    later = [slot for _, slot in slots if near < slot <= soon]
    await _take(session, [*ours, *doubted], lease=now + clock.span(LEASE_REAL_SECONDS))
    return Claimed(ours, doubted, put_off, min(later, default=None), people)


async def _put_off(
    session: AsyncSession, waiting: Sequence[Message], people: Mapping[int | None, Person], now: datetime,
    late_until: LateUntil,
) -> set[UUID]:  # fmt: skip
    """Those that wait for their readers' next morning at work: whatever was in our way is over, but so is the readers' day."""
    groups, put_off = await _groups(session, waiting, now), set[UUID]()
    for message in waiting:
        person, decided = people.get(message.person_id), message.created_at
        readers = [person] if person is not None else groups.get(message.group_id, ())
        mornings = [late_until(one, decided, now) for one in readers]
        if latest := max(filter(None, mornings), default=None):
            message.send_at = message.wake_at = latest + SPREAD_OVER * (message.id.int % 1000 / 1000)
            put_off.add(message.id)
    return put_off


async def _groups(
    session: AsyncSession, waiting: Sequence[Message], now: datetime
) -> Mapping[int | None, Sequence[Person]]:
    """The members of each group that may still wait for all of them."""
    ids = {one.group_id for one in waiting if one.group_id is not None and now - one.created_at < GROUPS_WAIT}
    members: dict[int | None, list[Person]] = defaultdict(list)
    if ids:
        rows = await session.execute(
            select(PeerMember.group_id, Person)
            .join(Person, col(Person.id) == col(PeerMember.person_id))
            .where(col(PeerMember.group_id).in_(ids))
        )
        for group_id, person in rows:
            members[group_id].append(person)
    return members


async def _take(session: AsyncSession, messages: Sequence[Message], *, lease: datetime) -> None:
    """They are ours to say, or to look up, until the lease runs out."""
    if not messages:
        return
    tried = wall()
    await session.execute(_CLAIMED, {"ids": [one.id for one in messages], "lease": lease, "tried": tried})
    for one in messages:
        reads(
            one, state="sending", attempts=one.attempts + 1, lease_until=lease, wake_at=lease,
            tried_at=tried if one.state == "waiting" else one.tried_at,
        )  # fmt: skip


async def leave_for_later(session: AsyncSession, ids: Sequence[str], *, clock: Clock) -> None:
    """Have those of these that wait, or are in doubt, given to a worker anew: by one of the next ticks, or in their time."""
    soon = clock.now() + clock.span(LATER_REAL_SECONDS)
    await session.execute(
        update(Message)
        .where(among(Message.id, ids), _IS_FREE)
        .values(wake_at=func.greatest(col(Message.send_at), soon)),
        {"now": clock.now()},
    )


async def recipients(session: AsyncSession, claimed: Claimed) -> dict[UUID, To]:
    """Who gets each message, and where; in one query, however many they are."""
    messages = [*claimed.ours, *claimed.doubted]
    groups = {message.group_id for message in messages if message.group_id is not None}
    members: dict[int, list[str]] = defaultdict(list)
    if groups:
        rows = await session.execute(
            select(PeerMember.group_id, Person.slack_id)
            .join(Person, col(Person.id) == col(PeerMember.person_id))
            .where(col(PeerMember.group_id).in_(groups))
            .order_by(col(Person.slack_id))
        )
        for group_id, slack_id in rows:
            members[group_id].append(slack_id)
    to: dict[UUID, To] = {}
    for message in messages:
        if message.group_id is not None:
            to[message.id] = To(tuple(members[message.group_id]), message.channel, is_group=True)
        elif (person := claimed.people.get(message.person_id)) is not None:
            to[message.id] = To((person.slack_id,), message.channel or person.dm_channel)
    return to
