"""What is on record of what came of each attempt to say a message."""

import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import bindparam, text, update
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from bot.agenda.clock import Clock
from bot.delivery import pace
from bot.delivery.courier import (
    GONE,
    Closed,
    GivenBack,
    NotSaid,
    OutOfReach,
    Said,
    Silence,
    Unasked,
    Undeliverable,
    Unknown,
    Unseen,
    Untold,
)
from bot.records.many import IDS, INTEGERS, among, document
from bot.records.tables import Message, Person

logger = logging.getLogger(__name__)

REFUSALS = 8  # of one message: by Slack itself, or since it can't be drawn; what can't be reached has refused nothing
LONGEST_WAIT_REAL_SECONDS = 3600.0
LONGEST_SHUT = timedelta(days=30)  # program time: what nobody let us say for so long is nobody's concern any more …
TRIED_WHILE_SHUT = 24  # … once that was tried for a day: it may as well be its reader who was away for a month
LONGEST_OUT_OF_REACH_REAL_SECONDS = 300.0  # and what waits is late by no more than this, once it is back

# Written out for many at once: SQLAlchemy would write each by itself, and keep what it was before. Rows are found by their ids,
# too: how many are `sending` is nothing that PostgreSQL's statistics know, and it may look through all that there are.
_SAID = text(
    "WITH v AS (SELECT * FROM jsonb_to_recordset(CAST(:said AS jsonb))"
    " AS v(id uuid, attempts int, person_id int, channel text, ts text)),"
    " said AS (UPDATE message SET state = 'sent', channel = v.channel, ts = v.ts, sent_at = :now, wake_at = NULL,"
    " lease_until = NULL, error = NULL FROM v WHERE message.id = v.id AND message.id = ANY(CAST(:ids AS uuid[]))"
    " AND message.state = 'sending' AND message.attempts = v.attempts RETURNING message.id),"
    " dm AS (UPDATE person SET dm_channel = v.channel FROM v WHERE person.id = v.person_id"
    " AND person.id = ANY(CAST(:people AS int[])) AND person.dm_channel IS DISTINCT FROM v.channel)"
    " SELECT id FROM v EXCEPT SELECT id FROM said"
).bindparams(bindparam("ids", type_=IDS), bindparam("people", type_=INTEGERS))

Spoken = tuple[Message, Said]  # a message, and where it stands
Result = (
    Said | GivenBack | NotSaid | Untold | Unasked | Unseen | Undeliverable | Silence | Closed | OutOfReach | Unknown
)


@dataclass(frozen=True)
class Outcome:
    """What became of one attempt to say (or find) a message."""

    message: Message
    result: Result


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


async def record(session: AsyncSession, outcomes: Sequence[Outcome], *, clock: Clock) -> Sequence[Spoken]:
    """Write down what came of each attempt, unless the message has meanwhile become someone else's.

    Those that were said, and are on record no more: whoever they were for, or about, was erased meanwhile.
    """
    now = clock.now()  # one for all of it: what Slack's silence moves, it moves once
    said = [(outcome.message, outcome.result) for outcome in outcomes if isinstance(outcome.result, Said)]
    gone = await _record_said(session, said, now) if said else ()
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
    return gone


async def _record_said(session: AsyncSession, said: Sequence[Spoken], now: datetime) -> Sequence[Spoken]:
    """What usually happens, in one statement for many; those that are on record no more."""
    rows = [
        {
            "id": message.id,
            "attempts": message.attempts,
            "person_id": message.person_id,
            "channel": one.channel,
            "ts": one.ts,
        }
        for message, one in said
    ]
    people = {row["person_id"] for row in rows}.difference((None,))
    values = {"now": now, "said": document(rows), "ids": [row["id"] for row in rows], "people": people}
    left = list((await session.execute(_SAID, values)).scalars())
    if not left:
        return ()
    # Asked by itself: what was erased while that statement waited for it is still there as far as that one knows.
    there = await session.exec(select(Message.id).where(among(Message.id, left)))
    gone = set(left).difference(there)
    return [one for one in said if one[0].id in gone]


def _values(outcome: Outcome, clock: Clock, now: datetime) -> dict[str, Any] | None:
    message = outcome.message
    match outcome.result:
        case Silence(seconds=seconds):
            # Or from its slot, if that is still to come: those of a crowd stay apart.
            return _again(max(now, message.send_at) + clock.span(seconds))
        case Closed() as why if _is_over(message, now):
            return {"state": "failed", "wake_at": None, "error": str(why)}
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
    return _values_of_a_look(outcome, clock, now)


def _values_of_a_look(outcome: Outcome, clock: Clock, now: datetime) -> dict[str, Any] | None:
    match outcome.result:
        case GivenBack():
            return _again(outcome.message.send_at)
        case NotSaid():
            return _again(now)
        case Untold():
            return {"state": "unconfirmed", "wake_at": None, "error": "not confirmed"}
        case Unasked(seconds=seconds):
            return _in_doubt_until(now + clock.span(seconds))
        case Unseen(reason=reason) as why:
            refusals = _refusals(why, outcome.message)
            refused = {"error": reason, "refusals": refusals}
            if refusals >= REFUSALS:
                return {"state": "unconfirmed", "wake_at": None, **refused}
            return {**_in_doubt_until(now + clock.span(_backoff(outcome.message.attempts))), **refused}
    return None  # said, and recorded with the others; or in doubt: it stays `sending` until its lease runs out


def is_last(refusal: Undeliverable, message: Message) -> bool:
    """Whether the message is given up with this refusal."""
    return refusal.permanent or message.refusals + 1 >= REFUSALS


def _refusals(why: Unseen, message: Message) -> int:
    return message.refusals + (not why.is_shut)


def _is_over(message: Message, now: datetime) -> bool:
    return now - message.created_at > LONGEST_SHUT and message.attempts >= TRIED_WHILE_SHUT


def _in_doubt_until(when: datetime) -> dict[str, Any]:
    return {"lease_until": when, "wake_at": when}  # and nobody's


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
        case Closed() as why:
            _tell_shut(why, message, about, now)
        case OutOfReach():
            logger.warning("%s: the message waits", outcome.result, extra={"action": "message.out_of_reach", **about})
        case Untold() | Unseen() as why:
            _tell_unseen(why, message, about)
        case Undeliverable(reason=reason, permanent=permanent) as refusal:
            level = logging.ERROR if is_last(refusal, message) else logging.WARNING  # it is tried again
            extra = {"action": "message.undeliverable", **about}
            logger.log(level, "a message was not delivered: %s", reason, extra=extra)
            if permanent and reason in GONE and message.person_id is not None:
                await _mark_unreachable(session, message.person_id, reason, now)


def _tell_shut(why: Closed, message: Message, about: Mapping[str, str], now: datetime) -> None:
    extra = {"action": "message.shut_out", "workspace": message.workspace_id, **about}
    if _is_over(message, now):
        logger.error("a workspace has not let us in for a month (%s): the message is given up", why, extra=extra)
    else:
        logger.warning("a workspace does not let us in (%s): the message waits", why, extra=extra)


def _tell_unseen(why: Untold | Unseen, message: Message, about: Mapping[str, str]) -> None:
    """Nobody can tell whether it was said: that is the last word, or it is asked again."""
    if isinstance(why, Untold):
        reason = "without the scope im:history nobody can tell"
    elif _refusals(why, message) >= REFUSALS:
        reason = f"Slack does not let us look ({why.reason})"
    else:
        return
    logger.error(
        "a message is not confirmed: it may have been said, and %s; it is not said again", reason,
        extra={"action": "message.unconfirmed", **about},
    )  # fmt: skip


async def _mark_unreachable(session: AsyncSession, person_id: int, reason: str, now: datetime) -> None:
    await session.execute(
        update(Person)
        .where(col(Person.id) == person_id, col(Person.unreachable_at).is_(None))
        .values(unreachable_at=now, unreachable_reason=reason)
    )
