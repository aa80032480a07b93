"""A person's turn: what a room is asked when something of its kind is due for someone, and what it answers."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cached_property
from typing import Any
from uuid import UUID

from sqlalchemy import update
from sqlmodel import col
from sqlmodel.ext.asyncio.session import AsyncSession

from bot.agenda import calendar
from bot.agenda.calendar import PersonalTime
from bot.attention.rules import HABITS
from bot.curriculum.model import Program
from bot.records.reading import Way
from bot.records.tables import AgendaItem, Person

# These keep to slots of their own, which their rooms move; everything else knows by itself since when it waits.
WITH_SLOTS = frozenset({"lesson", "review"})
# What others wrote to them, which is no prompt of ours.
FROM_OTHERS = frozenset({"from_mentor"})


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

    @cached_property
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


# Writes down what follows for many wishes at once, from their messages' ids by their keys.
Follows = Callable[[AsyncSession, Mapping[str, UUID]], Awaitable[None]]


@dataclass(frozen=True)
class Wish:
    """What a room wants to say to someone now, unasked.

    `payload` holds ids and small values; for a kind that can ride along it is all that its part needs. `said` writes down what
    follows once the message is; `all_said` does for all those wishes that share it. `again` is when the agenda item falls due
    after that (None: it is done), `otherwise` when, if it is not said now (None: as soon as the budget allows).
    """

    key: str
    payload: Mapping[str, Any] = field(default_factory=dict)
    said: Callable[[AsyncSession, UUID], Awaitable[None]] = nothing_follows
    all_said: Follows | None = None
    again: datetime | None = None
    otherwise: datetime | None = None


@dataclass(frozen=True)
class Over:
    """There is nothing to say any more, and why."""

    outcome: str


# What a room answers when one of its agenda items is due: a wish, a moment to ask again, or that it is over.
Answer = Wish | datetime | Over
Offer = Callable[[AsyncSession, AgendaItem, Turn], Awaitable[Answer]]
Asked = tuple[AgendaItem, Turn]
# The same for many items of a kind, in their order: for kinds that fall due for a crowd.
Offers = Callable[[AsyncSession, Sequence[Asked]], Awaitable[Sequence[Answer]]]


def one_at_a_time(offer: Offer) -> Offers:
    """Offers for many from an offer for one: for kinds that come in small numbers."""

    async def offered(session: AsyncSession, asked: Sequence[Asked]) -> Sequence[Answer]:
        return [await offer(session, item, turn) for item, turn in asked]

    return offered


async def come_back(session: AsyncSession, person: Person, now: datetime) -> None:
    """Someone is back, or has changed when they want to hear from us: what has no slot of its own is looked at anew, soon."""
    await session.execute(
        update(AgendaItem)
        .where(
            col(AgendaItem.person_id) == person.id,
            col(AgendaItem.done_at).is_(None),
            col(AgendaItem.kind).in_(HABITS.keys() - WITH_SLOTS | FROM_OTHERS),
            col(AgendaItem.due_at) > now,
        )
        .values(due_at=now)
    )
