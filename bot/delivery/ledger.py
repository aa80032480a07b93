"""What is on record about each message: who may say it now, and what came of it."""

import logging
from collections import defaultdict
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, bindparam, func, text, update
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from bot.agenda.clock import Clock, wall
from bot.delivery import pace
from bot.delivery.courier import (
    GONE,
    Closed,
    NotSaid,
    OutOfReach,
    Said,
    Silence,
    To,
    Unasked,
    Undeliverable,
    Unknown,
    Untold,
)
from bot.records.many import IDS, INTEGERS, among, reads
from bot.records.tables import Message, PeerMember, Person
from bot.records.workspaces import gone as gone_workspaces

logger = logging.getLogger(__name__)

# Longer than the longest call to Slack, so that nobody says what someone else is still saying.
LEASE_REAL_SECONDS = 60.0
LEFT_FOR_A_CALL_REAL_SECONDS = 30.0  # of a lease, when a call begins
REFUSALS = 8  # of one message: by Slack itself, or since it can't be drawn; what can't be reached has refused nothing
LATER_REAL_SECONDS = 2.0
# How far ahead of its slot a message is claimed. Where a workspace has five slots a second, most of a job are drawn together, and
# not each by itself; more would leave more in doubt where a worker is killed.
CLAIMED_AHEAD_REAL_SECONDS = 5.0
LONGEST_WAIT_REAL_SECONDS = 3600.0
SPREAD_OVER_SECONDS = 1200  # program time, over which a crowd's mornings are spread that an outage made the same
LONGEST_OUT_OF_REACH_REAL_SECONDS = 300.0  # and what waits is late by no more than this, once it is back

# Written out for many at once: SQLAlchemy would write each by itself, and keep what it was before.
_CLAIMED = text(
    "UPDATE message SET state = 'sending', attempts = attempts + 1, lease_until = :lease, wake_at = :lease,"
    " tried_at = CASE WHEN state = 'waiting' THEN :tried ELSE tried_at END WHERE id = ANY(CAST(:ids AS uuid[]))"
).bindparams(bindparam("ids", type_=IDS))
_SAID = text(
    "WITH v AS (SELECT * FROM unnest(CAST(:ids AS uuid[]), CAST(:attempts AS int[]), CAST(:people AS int[]),"
    " CAST(:channels AS text[]), CAST(:ts AS text[])) AS v(id, attempts, person_id, channel, ts)),"
    " said AS (UPDATE message SET state = 'sent', channel = v.channel, ts = v.ts, sent_at = :now, wake_at = NULL,"
    " lease_until = NULL, error = NULL FROM v"
    " WHERE message.id = v.id AND message.state = 'sending' AND message.attempts = v.attempts)"
    " UPDATE person SET dm_channel = v.channel FROM v"
    " WHERE person.id = v.person_id AND person.dm_channel IS DISTINCT FROM v.channel"
).bindparams(bindparam("ids", type_=IDS), bindparam("attempts", type_=INTEGERS))

# Until when something waits for someone that was decided at one moment, and could not be said until another (aware UTC); None:
# it is said now.
LateUntil = Callable[[Person, datetime, datetime], datetime | None]
Result = Said | NotSaid | Untold | Unasked | Undeliverable | Silence | Closed | OutOfReach | Unknown


@dataclass(frozen=True)
class Outcome:
    """What became of one attempt to say (or find) a message."""

    message: Message
    result: Result


@dataclass(frozen=True)
class Claimed:
    """What may be said, each in its slot, and by us alone; what must be looked up first; what comes so late that it is put off;
    the slot of the next of the rest."""

    ours: Sequence[Message]
    doubted: Sequence[Message]
    put_off: Collection[UUID]
    next_slot: datetime | None
    people: Mapping[int | None, Person]  # whom they are for, by their ids


async def claim(
    session: AsyncSession, wanted: Sequence[UUID], *, most: int, clock: Clock, late_until: LateUntil
) -> Claimed:
    """Take at most so many of these messages, under a lease."""
    now = clock.now()
    rows = await session.exec(
        select(Message, Person)
        .outerjoin(Person, col(Person.id) == col(Message.person_id))
        .where(
            among(Message.id, wanted),
            col(Message.workspace_id).not_in(gone_workspaces()),
            _free(now),
        )
        .order_by(col(Message.send_at))
        .limit(most)
        .with_for_update(skip_locked=True, of=Message)
    )
    found = list(rows)
    messages, people = [one for one, _ in found], {one.id: one for _, one in found if one is not None}
    gone = {key for key, one in people.items() if one.unreachable_at is not None or one.deactivated_at is not None}
    for message in messages:
        if message.state == "waiting" and message.person_id in gone:
            message.state, message.wake_at, message.error = "cancelled", None, "unreachable"
    put_off = _put_off(messages, people, now, late_until)
    waiting = [one for one in messages if one.state == "waiting" and one.id not in put_off]
    doubted = [one for one in messages if one.state == "sending"]
    near = now + clock.span(CLAIMED_AHEAD_REAL_SECONDS)
    ours = [one for one in waiting if one.send_at <= near]
    soon = now + clock.span(pace.AHEAD_REAL_SECONDS)
    later = [one.send_at for one in waiting if near < one.send_at <= soon]
    await _take(session, [*ours, *doubted], lease=now + clock.span(LEASE_REAL_SECONDS))
    return Claimed(ours, doubted, put_off, min(later, default=None), people)


def _put_off(
    messages: Sequence[Message], people: Mapping[int | None, Person], now: datetime, late_until: LateUntil
) -> set[UUID]:
    """Those that wait for their reader's next morning at work: whatever was in our way is over, but so is the reader's day."""
    put_off = set()
    for message in messages:
        person = people.get(message.person_id)
        if message.state == "waiting" and person is not None:
            morning = late_until(person, message.created_at, now)
            if morning is not None:
                message.send_at = message.wake_at = morning + message.id.int % SPREAD_OVER_SECONDS * timedelta(
                    seconds=1
                )
                put_off.add(message.id)
    return put_off


def _free(now: datetime) -> ColumnElement[bool]:
    """Nobody is saying it: it waits, or is in doubt."""
    return (col(Message.state) == "waiting") | ((col(Message.state) == "sending") & (col(Message.lease_until) <= now))


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


async def leave_for_later(session: AsyncSession, ids: Sequence[UUID], *, clock: Clock) -> None:
    """Have those of these that wait, or are in doubt, given to a worker anew: by one of the next ticks, or in their time."""
    soon = clock.now() + clock.span(LATER_REAL_SECONDS)
    await session.execute(
        update(Message)
        .where(among(Message.id, ids), _free(clock.now()))
        .values(wake_at=func.greatest(col(Message.send_at), soon))
    )


async def said_again(session: AsyncSession, message: Message) -> list[Message]:
    """The messages in which this one was said once more: they look as it does."""
    rows = await session.exec(
        select(Message).where(
            Message.person_id == message.person_id,
            Message.kind == "again",
            col(Message.payload)["about"].astext == str(message.id),
        )
    )
    return list(rows)


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


async def record(session: AsyncSession, outcomes: Sequence[Outcome], *, clock: Clock) -> None:
    """Write down what came of each attempt, unless the message has meanwhile become someone else's."""
    now = clock.now()  # one for all of it: what Slack's silence moves, it moves once
    said = [(outcome.message, outcome.result) for outcome in outcomes if isinstance(outcome.result, Said)]
    if said:
        await _record_said(session, said, now)
    # Workspaces come in one order in every process, so that no two wait for each other's.
    for outcome in sorted(outcomes, key=lambda one: one.message.workspace_id):
        values = _values(outcome, clock, now)
        if values is None:
            continue
        written = await session.execute(
            update(Message)
            .where(
                col(Message.id) == outcome.message.id,
                col(Message.state) == "sending",
                col(Message.attempts) == outcome.message.attempts,
            )
            .values(**{"lease_until": None} | values)
        )
        if written.rowcount:  # type: ignore[attr-defined]
            await _consequences(session, outcome, clock, now)


async def _record_said(session: AsyncSession, said: Sequence[tuple[Message, Said]], now: datetime) -> None:
    """What usually happens, in one statement for many."""
    values = {
        "now": now,
        "ids": [message.id for message, _ in said],
        "attempts": [message.attempts for message, _ in said],
        "people": [message.person_id for message, _ in said],
        "channels": [one.channel for _, one in said],
        "ts": [one.ts for _, one in said],
    }
    await session.execute(_SAID, values)


def _values(outcome: Outcome, clock: Clock, now: datetime) -> dict[str, Any] | None:
    message = outcome.message
    match outcome.result:
        case NotSaid():
            return _again(now)
        case Untold():
            return {"state": "unconfirmed", "wake_at": None, "error": "not confirmed"}
        case Unasked(seconds=seconds):
            again = now + clock.span(seconds)
            return {"lease_until": again, "wake_at": again}  # in doubt until then, and nobody's
        case Silence(seconds=seconds):
            # Or from its slot, if that is still to come: those of a crowd stay apart.
            return _again(max(now, message.send_at) + clock.span(seconds))
        case Closed() | OutOfReach() as why:
            is_shut = isinstance(why, Closed)
            longest = LONGEST_WAIT_REAL_SECONDS if is_shut else LONGEST_OUT_OF_REACH_REAL_SECONDS
            seconds = min(_backoff(message.attempts), longest)
            return {**_again(now + clock.span(seconds)), "error": str(why)}
        case Undeliverable(reason=reason) as refusal:
            refused = {"error": reason, "refusals": message.refusals + 1}
            if is_last(refusal, message):
                return {"state": "failed", "wake_at": None, **refused}
            return {**_again(now + clock.span(_backoff(message.refusals + 1))), **refused}
    return None  # said, and recorded with the others; or in doubt: it stays `sending` until its lease runs out


def is_last(refusal: Undeliverable, message: Message) -> bool:
    """Whether the message is given up with this refusal."""
    return refusal.permanent or message.refusals + 1 >= REFUSALS


def _again(when: datetime) -> dict[str, Any]:
    return {"state": "waiting", "send_at": when, "wake_at": when}


def _backoff(times: int) -> float:
    return float(min(15.0 * 2 ** min(times, 16), LONGEST_WAIT_REAL_SECONDS))


async def _consequences(session: AsyncSession, outcome: Outcome, clock: Clock, now: datetime) -> None:
    message, about = outcome.message, {"message_id": str(outcome.message.id), "kind": outcome.message.kind}
    match outcome.result:
        case Silence(seconds=seconds):
            pause: timedelta = clock.span(seconds)
            if await pace.fall_silent(session, message.workspace_id, now=now, pause=pause):
                logger.warning(
                    "Slack asked for %.0f seconds of silence",
                    seconds,
                    extra={"action": "message.rate_limited", **about},
                )
        case Closed():
            logger.warning(
                "a workspace does not let us in (%s): the message waits", outcome.result,
                extra={"action": "message.shut_out", "workspace": message.workspace_id, **about},
            )  # fmt: skip
        case OutOfReach():
            logger.warning("%s: the message waits", outcome.result, extra={"action": "message.out_of_reach", **about})
        case Untold():
            logger.error(
                "a message is not confirmed: it may have been said, and without the scope im:history nobody can tell; "
                "it is not said again",
                extra={"action": "message.unconfirmed", **about},
            )
        case Undeliverable(reason=reason, permanent=permanent) as refusal:
            level = logging.ERROR if is_last(refusal, message) else logging.WARNING  # it is tried again
            extra = {"action": "message.undeliverable", **about}
            logger.log(level, "a message was not delivered: %s", reason, extra=extra)
            if permanent and reason in GONE and message.person_id is not None:
                await _mark_unreachable(session, message.person_id, reason, now)


async def _mark_unreachable(session: AsyncSession, person_id: int, reason: str, now: datetime) -> None:
    await session.execute(
        update(Person)
        .where(col(Person.id) == person_id, col(Person.unreachable_at).is_(None))
        .values(unreachable_at=now, unreachable_reason=reason)
    )
