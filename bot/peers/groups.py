"""Groups on record: who is in one, when all of them work, and that something was heard from someone."""

from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime, time, timedelta

from sqlalchemy import update
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from bot.agenda import calendar, personal
from bot.curriculum.library import Taught
from bot.curriculum.model import Program
from bot.delivery.outbox import Outbox
from bot.records import reading
from bot.records.roles import Act, Role, may_do
from bot.records.tables import Cohort, Enrollment, Message, PeerMember, PeerRound, Person
from bot.slack.access import Actor, NotTheirs, in_reach, note_refused

# Takes the day's one message for all of a group; None if that is done, else when all of them may be free.
ClaimDay = Callable[[AsyncSession, Sequence[Person], str, datetime], Awaitable[datetime | None]]


async def members_of(session: AsyncSession, group_id: int) -> list[Person]:
    """The people of a group, by first name."""
    rows = await session.exec(
        select(Person)
        .join(PeerMember, col(PeerMember.person_id) == col(Person.id))
        .where(PeerMember.group_id == group_id)
        .order_by(col(Person.first_name), col(Person.id))
    )
    return list(rows)


async def still_there(session: AsyncSession, group_id: int) -> list[Person]:
    """Those of a group who may still be asked something: whose account lives, who did not stop, and whose cohort goes on."""
    rows = await session.exec(
        select(Enrollment.person_id)
        .join(Cohort, col(Cohort.id) == col(Enrollment.cohort_id))
        .join(PeerMember, col(PeerMember.person_id) == col(Enrollment.person_id))
        .where(PeerMember.group_id == group_id, col(Enrollment.stopped_at).is_(None), col(Cohort.closed_at).is_(None))
    )
    listening = set(rows)
    members = await members_of(session, group_id)
    return [one for one in members if one.id in listening and one.deactivated_at is None]


async def acting(session: AsyncSession, group_id: int, actor: Actor, act: Act, now: datetime) -> Person:
    """Who of a started group that is, and that something was heard from them; raises NotTheirs for who may not do that."""
    rows = await session.exec(
        select(Person)
        .join(PeerMember, col(PeerMember.person_id) == col(Person.id))
        .join(PeerRound, col(PeerRound.id) == col(PeerMember.round_id))
        .where(
            PeerMember.group_id == group_id,
            col(PeerRound.started_at).is_not(None),
            Person.workspace_id == actor.workspace_id,
            Person.slack_id == actor.slack_id,
        )
    )
    person = rows.first()
    if person is None or not may_do(Role.PEER, act):
        note_refused(actor, "what is another group's")
        raise NotTheirs
    in_reach(person)
    await note_heard(session, group_id, person, now)
    return person


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


async def introduction_of(session: AsyncSession, group_id: int, *, hold: bool = False) -> Message | None:
    """The message that brought a group together; `hold` it to change what it carries. None before it was written."""
    asked = select(Message).where(Message.key == f"introduction:{group_id}")
    return (await session.exec(asked.with_for_update() if hold else asked)).first()


async def redraw(session: AsyncSession, outbox: Outbox, group_id: int) -> None:
    """Draw anew whatever was said to a group, and the opener that its organiser got."""
    said = await session.exec(select(Message).where(Message.group_id == group_id))
    for message in said:
        await outbox.refresh(session, message.id)
        if (opener := message.payload.get("opener")) is not None:
            await outbox.refresh(session, opener)


def taught_to(taught: Taught, people: Sequence[Person]) -> Taught:
    """What is said, in the language that all of these read; in the program's, if they read several."""
    spoken = [reading.taught_for(taught, person) for person in people]
    return spoken[0] if len({one.language for one in spoken}) == 1 else taught


def has_paused(people: Sequence[Person]) -> bool:
    """Whether one of these has paused without an end."""
    return any(person.paused_at is not None and person.paused_until is None for person in people)


def shared_moment(program: Program, people: Sequence[Person], now: datetime) -> datetime:
    """The earliest moment from now on that is working time for all, and when all are back; where their hours never meet, the
    first person's on a day that is nobody's day off; a week from now, if someone is away for long."""
    back = max([now, *(one.away_until for one in people if one.away_until is not None)])
    times = [(personal.personal_time(program, one), personal.zone_of(program, one)) for one in people]
    all_day = [(working.model_copy(update={"start": time.min, "end": time.max}), zone) for working, zone in times[1:]]
    return (
        calendar.shared_working_moment(back, times)
        or calendar.shared_working_moment(back, [*times[:1], *all_day])
        or now + timedelta(weeks=1)
    )


async def their_moment(
    session: AsyncSession, program: Program, claim_day: ClaimDay, people: Sequence[Person], kind: str, now: datetime,
    earliest: datetime,
) -> datetime | None:  # fmt: skip
    """When a group can be spoken to, from `earliest` on (aware UTC); None for now, and the day is taken."""
    moment = shared_moment(program, people, max(now, earliest))
    if moment > now:
        return moment
    busy = await claim_day(session, people, kind, now)
    return None if busy is None else next_chance(program, people, busy, now)


def next_chance(program: Program, people: Sequence[Person], free_at: datetime, now: datetime) -> datetime:
    """When a group can be spoken to on the day of `free_at`, or later: as early as they all work, or that day is gone, too."""
    zone = personal.zone_of(program, people[0])
    day = calendar.local(free_at, zone).date()
    is_today = day == calendar.local(now, zone).date()
    return shared_moment(program, people, free_at if is_today else calendar.at_local(day, time.min, zone))
