"""The days on which people were spoken to: one message each, whoever decides."""

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from sqlalchemy import text, update
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from bot.agenda import calendar, personal
from bot.attention.rules import Budget, with_budget
from bot.curriculum.library import Library
from bot.curriculum.model import Program
from bot.records.many import among, insert_new
from bot.records.tables import Interruption, Message, Person

SOON = timedelta(seconds=10)  # program time
ON_ITS_WAY = ("waiting", "sending")  # states of a message
A_WEEK_ANYWHERE = timedelta(days=9)  # whatever the zone

# What waits for days on end (Slack is away, or its reader) takes a later one of those, or nobody would know of it any more, and
# say another beside it. Of a day on which nothing is decided any more, wherever someone lives: so nobody else takes it just now.
_KEPT_IN_SIGHT = text(
    "WITH waits AS (SELECT DISTINCT ON (i.person_id) i.person_id, i.on_day FROM message m JOIN interruption i"
    " ON i.message_id = m.id WHERE m.wake_at IS NOT NULL AND m.created_at < :long_ago AND i.on_day < :soon_forgotten"
    " ORDER BY i.person_id, i.on_day)"
    " UPDATE interruption SET on_day = :later FROM waits"
    " WHERE interruption.person_id = waits.person_id AND interruption.on_day = waits.on_day AND NOT EXISTS"
    " (SELECT FROM interruption other WHERE other.person_id = waits.person_id AND other.on_day = :later)"
)


class Taken(Exception):
    """Someone else speaks to one of these, or has spoken to them, this very moment."""


@dataclass(frozen=True)
class Day:
    """Someone's one message of a local day. `joined` and `held_back` are kinds: what rode along, and what had to wait."""

    person_id: int
    on: date
    kind: str
    said_at: datetime
    message_id: UUID | None = None
    joined: Sequence[str] = ()
    held_back: Sequence[str] = ()


@dataclass(frozen=True)
class Days:
    """For what is said to groups."""

    library: Library

    async def claim(self, session: AsyncSession, people: Sequence[Person], kind: str, now: datetime) -> datetime | None:
        """Take this day's one message for all of a group; None if that is done, else when all of them may be free (aware UTC).

        The hour is the caller's care: some groups have no hour that is working time for all. NoSlot if someone is never free.
        """
        program = self.library.current.curriculum.program
        free = [with_budget(now, one) for one in (await budgets(session, program, people, now)).values()]
        if max(free, default=now) > now:
            return max(free)
        ids = {person.id or 0 for person in people}
        try:
            async with session.begin_nested():  # for all of them, or for nobody
                if await hold(session, ids) != ids:
                    raise Taken
                await take(session, [Day(one.id or 0, local_day(program, one, now), kind, now) for one in people])
        except Taken:
            return now + SOON
        return None


async def spoken_for(
    session: AsyncSession, message_id: UUID | None, kind: str, person_ids: Sequence[int], now: datetime
) -> None:
    """The days that were claimed at that moment are that message's: where it comes late, it takes the one on which it comes."""
    await session.execute(
        update(Interruption)
        .where(
            among(Interruption.person_id, person_ids),
            col(Interruption.said_at) == now,
            col(Interruption.kind) == kind,
        )
        .values(message_id=message_id)
    )


async def hold(session: AsyncSession, person_ids: Collection[int]) -> set[int]:
    """Keep others from speaking to these people until the transaction ends: the ids of those to whom nobody else speaks now."""
    rows = await session.execute(
        select(Person.id)
        .where(among(Person.id, person_ids))
        .order_by(col(Person.id))
        .with_for_update(key_share=True, skip_locked=True)
    )
    return {row[0] for row in rows}


async def budgets(
    session: AsyncSession, program: Program, people: Sequence[Person], now: datetime
) -> dict[int, Budget]:
    """What each of these people can take, by their ids; with one query.

    Each message takes one of their days: what is still on its way this one, what came late the one on which it came. So an outage
    makes no two at once. A day that was taken stays so until it is over, also where it began elsewhere: on a way to the west it
    comes twice.
    """
    rows = await session.execute(
        select(
            Interruption.person_id, col(Interruption.on_day), col(Message.state).in_(ON_ITS_WAY), col(Message.sent_at)
        )
        .outerjoin(Message, col(Message.id) == col(Interruption.message_id))
        .where(
            among(Interruption.person_id, [person.id for person in people]),
            col(Interruption.on_day) >= (now - A_WEEK_ANYWHERE).date(),
        )
    )
    today = {person.id or 0: local_day(program, person, now) for person in people}
    days, moments = defaultdict[int, set[date]](set), defaultdict[int, set[datetime]](set)
    for person_id, day, is_on_its_way, sent_at in rows:
        if is_on_its_way or sent_at:
            moments[person_id].add(now if is_on_its_way else sent_at)
        if day >= today[person_id] or not (is_on_its_way or sent_at):
            days[person_id].add(day)
    return {
        person.id or 0: Budget(
            a_week=program.attention.a_week,
            working=personal.personal_time(program, person),
            zone=personal.zone_of(program, person),
            spoken=days[person.id or 0] | {local_day(program, person, one) for one in moments[person.id or 0]},
        )
        for person in people
    }


async def keep_in_sight(session: AsyncSession, now: datetime) -> None:
    """What has waited for so long that its day would be forgotten still counts as the one message of its reader."""
    today = now.date()
    values = {
        "long_ago": now - timedelta(days=4), "soon_forgotten": today - timedelta(days=5), "later": today - timedelta(days=3)
    }  # fmt: skip
    await session.execute(_KEPT_IN_SIGHT, values)


async def take(session: AsyncSession, days: Sequence[Day]) -> None:
    """Take these days, all of them. Who holds the people finds them free; Taken if one is not, all the same."""
    rows = [
        {
            "person_id": one.person_id,
            "on_day": one.on,
            "kind": one.kind,
            "message_id": one.message_id,
            "said_at": one.said_at,
            "joined": list(one.joined),
            "held_back": list(one.held_back),
        }
        for one in days
    ]
    if len(await insert_new(session, Interruption, rows, key="person_id")) < len(days):
        raise Taken


def local_day(program: Program, person: Person, now: datetime) -> date:
    """Someone's local day."""
    return calendar.local(now, personal.zone_of(program, person)).date()
