"""A person's turn, done: whatever is due for them is looked at together, and at most one message comes of it."""

import logging
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.exc import OperationalError
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from bot.agenda import calendar, personal
from bot.agenda.calendar import PersonalTime
from bot.attention.rules import HABITS, Budget, Verdict, decide, with_budget
from bot.boundary import failures_stay
from bot.curriculum.library import Library
from bot.curriculum.model import Program
from bot.delivery.outbox import Outbox
from bot.records import reading
from bot.records.reading import Way
from bot.records.tables import AgendaItem, Enrollment, Interruption, Person

# Who can't be reached, has paused without an end, or has stopped is looked at again after this long; coming back is sooner.
LOOK_AGAIN = timedelta(days=7)
SOON = timedelta(seconds=10)  # program time
SET_ASIDE = timedelta(hours=1)  # how long an item waits whose room failed

logger = logging.getLogger(__name__)

# These keep to slots of their own, which their rooms move; everything else knows by itself since when it waits.
WITH_SLOTS = frozenset({"lesson", "review"})


@dataclass(frozen=True)
class Turn:
    """Whose turn it is: their way, their own working time, and now (aware UTC)."""

    way: Way
    program: Program
    working: PersonalTime
    zone: str
    now: datetime

    @property
    def workspace_id(self) -> str:
        """The manager's workspace."""
        return self.way.manager.workspace_id

    @property
    def enrollment_id(self) -> int:
        """The id of the enrollment."""
        return self.way.enrollment.id or 0

    def working_days_on(self, days: int, *, since: datetime | None = None) -> datetime:
        """The same local time so many of their working days after `since` (now, if it is left out)."""
        return calendar.after_working_days(since or self.now, days, self.working, self.zone)

    def today(self) -> date:
        """Their local day."""
        return calendar.local(self.now, self.zone).date()


async def nothing_follows(session: AsyncSession, message_id: UUID) -> None:
    """For a wish with nothing to write down when it is said."""


@dataclass(frozen=True)
class Wish:
    """What a room wants to say to someone now, unasked.

    `payload` holds ids and small values; for a kind that can ride along it is all that its part needs. `said` writes down what
    follows once the message is. `again` is when the agenda item falls due after that (None: it is done), `otherwise` when, if
    it is not said now (None: as soon as the budget allows).
    """

    key: str
    payload: Mapping[str, Any] = field(default_factory=dict)
    said: Callable[[AsyncSession, UUID], Awaitable[None]] = nothing_follows
    again: datetime | None = None
    otherwise: datetime | None = None


@dataclass(frozen=True)
class Over:
    """There is nothing to say any more, and why."""

    outcome: str


# What a room answers when one of its agenda items is due: a wish, a moment to ask again, or that it is over.
Answer = Wish | datetime | Over
Offer = Callable[[AsyncSession, AgendaItem, Turn], Awaitable[Answer]]


@dataclass(frozen=True)
class Attention:
    """The room's parts. `offers` has one for each kind of unprompted message."""

    library: Library
    outbox: Outbox
    offers: Mapping[str, Offer]

    async def plan(self, session: AsyncSession, item: AgendaItem, now: datetime) -> datetime | None:
        """Look at everything that is due for the person of this item; when the item is due again (aware UTC)."""
        if not await _hold(session, item.person_id):
            return item.due_at  # someone else speaks to them this very moment: their next turn decides
        turn = await self._turn(session, item.person_id, now)
        if turn is None:
            return None
        open_items = await _open_items(session, item)
        due = [one for one in open_items if one.due_at <= now]
        if not _listens(turn):
            for one in due:
                one.due_at = _back(turn.way.manager, now)
        else:
            await self._speak(session, turn, due, open_items)
        return None if item.done_at is not None else item.due_at

    async def claim_day(
        self, session: AsyncSession, people: Sequence[Person], kind: str, now: datetime
    ) -> datetime | None:
        """Take this day's one message for all of a group; None if that is done, else when all of them may be free (aware UTC).

        The hour is the caller's care: some groups have no hour that is working time for all. NoSlot if someone is never free.
        """
        program = self.library.current.curriculum.program
        free = [with_budget(now, await self._budget(session, program, person, now)) for person in people]
        if max(free, default=now) > now:
            return max(free)
        try:
            async with session.begin_nested():  # for all of them, or for nobody
                for person in sorted(people, key=lambda one: one.id or 0):
                    if not await _hold(session, person.id):
                        raise _Taken
                    await _claim(session, person, _local_day(program, person, now), kind, now)
        except _Taken:
            return now + SOON
        return None

    async def _speak(
        self, session: AsyncSession, turn: Turn, due: Sequence[AgendaItem], open_items: Sequence[AgendaItem]
    ) -> None:
        wishes: list[tuple[AgendaItem, Wish]] = []
        for one in due:
            match await self._ask(session, one, turn):
                case Wish() as wish:
                    wishes.append((one, wish))
                case Over(outcome=outcome):
                    one.done_at, one.outcome = turn.now, outcome
                case datetime() as moment:
                    one.due_at = max(moment, turn.now + SOON)  # a moment that is over already would be asked for ever
        if not wishes:
            return
        budget = await self._budget(session, turn.program, turn.way.manager, turn.now)
        coming = {one.kind: one.due_at for one in open_items if one.due_at > turn.now and one.done_at is None}
        verdict = decide([one.kind for one, _ in wishes], turn.now, budget, coming)
        await self._do(session, turn, wishes, verdict)

    async def _ask(self, session: AsyncSession, item: AgendaItem, turn: Turn) -> Answer:
        # One bad item must not silence everything else that this person has to hear.
        with failures_stay(
            logger, "an agenda item failed", action="attention.item_failed", unless=(OperationalError,), item=item.id
        ):
            async with session.begin_nested():
                return await self.offers[item.kind](session, item, turn)
        item.failures += 1
        return turn.now + SET_ASIDE

    async def _do(
        self, session: AsyncSession, turn: Turn, wishes: Sequence[tuple[AgendaItem, Wish]], verdict: Verdict
    ) -> None:
        for place, moment in verdict.waits.items():
            item, wish = wishes[place]
            item.due_at = wish.otherwise or moment
        if verdict.speaks is None:
            return
        speaker, riders = wishes[verdict.speaks], [wishes[place] for place in verdict.rides]
        held = [wishes[place][0].kind for place in verdict.waits]
        await self._say(session, turn, speaker, riders, held)

    async def _say(
        self,
        session: AsyncSession,
        turn: Turn,
        speaker: tuple[AgendaItem, Wish],
        riders: Sequence[tuple[AgendaItem, Wish]],
        held: list[str],
    ) -> None:
        item, wish = speaker
        joined = [{"kind": one.kind, "about": dict(its.payload)} for one, its in riders]
        message_id = await self.outbox.say(
            session,
            key=wish.key,
            kind=item.kind,
            workspace_id=turn.workspace_id,
            person_id=turn.way.manager.id,
            payload={**wish.payload, "joined": joined},
        )
        if message_id is not None:
            joined_kinds = [one.kind for one, _ in riders]
            await _claim(
                session, turn.way.manager, turn.today(), item.kind, turn.now, message_id, joined=joined_kinds, held=held
            )
        for one, its in (speaker, *riders):
            if message_id is not None:
                await its.said(session, message_id)
            _move(one, its, turn.now)

    async def _turn(self, session: AsyncSession, person_id: int | None, now: datetime) -> Turn | None:
        enrollment = (await session.exec(select(Enrollment.id).where(Enrollment.person_id == person_id))).first()
        way = None if enrollment is None else await reading.way_of(session, enrollment)
        if way is None:
            return None
        program = self.library.current.curriculum.program
        return Turn(
            way, program, personal.personal_time(program, way.manager), personal.zone_of(program, way.manager), now
        )

    async def _budget(self, session: AsyncSession, program: Program, person: Person, now: datetime) -> Budget:
        since = _local_day(program, person, now) - timedelta(days=7)
        days = await session.exec(
            select(col(Interruption.on_day)).where(
                Interruption.person_id == person.id, col(Interruption.on_day) >= since
            )
        )
        return Budget(
            a_week=program.attention.a_week,
            working=personal.personal_time(program, person),
            zone=personal.zone_of(program, person),
            spoken=frozenset(one for one in days if one is not None),
        )


class _Taken(Exception):
    """Someone else speaks to one of a group, or has spoken to them, this very moment."""


async def come_back(session: AsyncSession, person: Person, now: datetime) -> None:
    """Someone is back, or has changed when they want to hear from us: what has no slot of its own is looked at anew, soon."""
    await session.execute(
        update(AgendaItem)
        .where(
            col(AgendaItem.person_id) == person.id,
            col(AgendaItem.done_at).is_(None),
            col(AgendaItem.kind).in_(HABITS.keys() - WITH_SLOTS),
            col(AgendaItem.due_at) > now,
        )
        .values(due_at=now)
    )


def _listens(turn: Turn) -> bool:
    """Whether someone is there, and has neither stopped nor paused without an end."""
    person = turn.way.manager
    paused = person.paused_at is not None and person.paused_until is None
    return personal.reachable(person, turn.now) and not paused and turn.way.enrollment.stopped_at is None


def _move(item: AgendaItem, wish: Wish, now: datetime) -> None:
    if wish.again is None:
        item.done_at, item.outcome = now, "said"
    else:
        item.due_at = wish.again


def _back(person: Person, now: datetime) -> datetime:
    return (
        max(person.away_until, now) if person.away_until is not None and person.away_until > now else now + LOOK_AGAIN
    )


def _local_day(program: Program, person: Person, now: datetime) -> date:
    return calendar.local(now, personal.zone_of(program, person)).date()


async def _hold(session: AsyncSession, person_id: int | None) -> bool:
    """Hold a person for this transaction, so that two clocks don't decide about them at once. Never waits: two that wait for
    each other would both be rolled back."""
    row = await session.execute(
        select(Person.id).where(Person.id == person_id).with_for_update(key_share=True, skip_locked=True)
    )
    return row.first() is not None


async def _open_items(session: AsyncSession, item: AgendaItem) -> list[AgendaItem]:
    rows = await session.exec(
        select(AgendaItem)
        .where(
            AgendaItem.person_id == item.person_id,
            col(AgendaItem.done_at).is_(None),
            col(AgendaItem.kind).in_(HABITS),
        )
        .order_by(col(AgendaItem.due_at), col(AgendaItem.id))
        .with_for_update(skip_locked=True)
    )
    return list(rows)


async def _claim(
    session: AsyncSession,
    person: Person,
    day: date,
    kind: str,
    now: datetime,
    message_id: UUID | None = None,
    *,
    joined: Sequence[str] = (),
    held: Sequence[str] = (),
) -> None:
    """Take someone's one message of that day. Who holds the person finds it free; _Taken if it is not, all the same."""
    values = {"person_id": person.id, "on_day": day, "kind": kind, "message_id": message_id, "said_at": now}
    row = await session.execute(
        insert(Interruption)
        .values(**values, joined=list(joined), held_back=list(held))
        .on_conflict_do_nothing(index_elements=["person_id", "on_day"])
        .returning(Interruption.__table__.c.on_day)  # type: ignore[attr-defined]
    )
    if row.first() is None:  # an insert tells no count of rows
        raise _Taken
