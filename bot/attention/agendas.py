"""What is due for people, read for many at once: their turns, their open items, and what they can take."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from bot.agenda import personal
from bot.attention.days import budgets
from bot.attention.flow import Turn
from bot.attention.rules import HABITS, Budget
from bot.curriculum.model import Program
from bot.records import reading
from bot.records.many import among
from bot.records.tables import AgendaItem

# Whose account is closed, who has paused without an end, or has stopped is looked at again after this long: what is planned
# moves along when they are back sooner. Who only can't be reached is back with whatever they do, and nothing moves then.
LOOK_AGAIN, LOOK_SOON = timedelta(days=7), timedelta(days=1)


@dataclass(frozen=True)
class Agenda:
    """One person's turn: what is due now, and when something of each kind falls due later (aware UTC)."""

    turn: Turn
    budget: Budget
    due: Sequence[AgendaItem]
    later: Mapping[str, datetime]

    def coming(self) -> dict[str, datetime]:
        """When something of each kind next falls due, with what was put off in this turn."""
        put_off = {one.kind: one.due_at for one in self.due if one.done_at is None and one.due_at > self.turn.now}
        return {**self.later, **put_off}

    def listens(self) -> bool:
        """Whether they are there, and have neither stopped nor paused without an end."""
        return personal.reachable(self.turn.way.manager, self.turn.now) and not personal.left_off(self.turn.way)

    def back(self) -> datetime:
        """When to look again whether they listen (aware UTC)."""
        person, now = self.turn.way.manager, self.turn.now
        if person.away_until is not None and person.away_until > now:
            return person.away_until
        lost = person.unreachable_at is not None and person.deactivated_at is None
        return now + (LOOK_SOON if lost and not personal.left_off(self.turn.way) else LOOK_AGAIN)


async def agendas_of(
    session: AsyncSession, program: Program, person_ids: Collection[int], now: datetime
) -> list[Agenda]:
    """The agendas of those of these people who are on a way as managers; with the same few queries, however many they are."""
    ways = await reading.ways_of_people(session, person_ids)
    due, later = await _due(session, person_ids, now), await _later(session, person_ids, now)
    can_take = await budgets(session, program, [way.manager for way in ways], now)
    agendas = []
    for way in ways:
        person_id = way.manager.id or 0
        budget = can_take[person_id]
        turn = Turn(way, program, budget.working, budget.zone, now)
        agendas.append(Agenda(turn, budget, due[person_id], later[person_id]))
    return agendas


async def _due(
    session: AsyncSession, person_ids: Collection[int], now: datetime
) -> defaultdict[int | None, list[AgendaItem]]:
    rows = await session.exec(
        select(AgendaItem)
        .where(
            among(AgendaItem.person_id, person_ids),
            col(AgendaItem.done_at).is_(None),
            among(AgendaItem.kind, HABITS),
            col(AgendaItem.due_at) <= now,
        )
        .order_by(col(AgendaItem.due_at), col(AgendaItem.id))
        .with_for_update(skip_locked=True)
    )
    due: defaultdict[int | None, list[AgendaItem]] = defaultdict(list)
    for item in rows:
        due[item.person_id].append(item)
    return due


async def _later(
    session: AsyncSession, person_ids: Collection[int], now: datetime
) -> defaultdict[int | None, dict[str, datetime]]:
    rows = await session.execute(
        select(AgendaItem.person_id, AgendaItem.kind, AgendaItem.due_at)
        .where(
            among(AgendaItem.person_id, person_ids),
            col(AgendaItem.done_at).is_(None),
            among(AgendaItem.kind, HABITS),
            col(AgendaItem.due_at) > now,
        )
        .order_by(col(AgendaItem.due_at), col(AgendaItem.id))
    )
    later: defaultdict[int | None, dict[str, datetime]] = defaultdict(dict)
    for person_id, kind, due_at in rows:
        later[person_id].setdefault(kind, due_at)
    return later
