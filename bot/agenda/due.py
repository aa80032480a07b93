"""The tick: claims what is due and lets each kind's planner decide, all in one transaction; then gives what is to be said now
to the workers. While one batch is written down, the next is decided: the one is the database's work, the other ours.

A crash before the commit leaves the item due; after it, what was decided is on record, and the next tick gives it out. Two ticks
at once do no harm: claimed rows are locked and skipped. The cost depends on what is due, not on how many people there are.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial

from sqlalchemy import func
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from bot.agenda import book
from bot.agenda.clock import Clock
from bot.boundary import failures_stay
from bot.records.database import AWAY, Database
from bot.records.tables import AgendaItem, Message
from bot.records.tables.agenda import BY_CHANCE
from bot.records.workspaces import gone

logger = logging.getLogger(__name__)

AT_ONCE = 400  # items in one transaction
SET_ASIDE = timedelta(hours=1)  # how long an item waits whose planner failed

# A planner decides about one item at a moment (aware UTC), writes what follows, and says when the item is due again;
# None: never, it is done.
Planner = Callable[[AsyncSession, AgendaItem, datetime], Awaitable[datetime | None]]
# The same for many items at once, of all the kinds that it plans, in one transaction and in two steps: what it decided is called
# to write it down, and says when each is due again, by the item's id.
Decided = Callable[[], Awaitable[Mapping[int, datetime | None]]]
Batch = Callable[[AsyncSession, Sequence[AgendaItem], datetime], Awaitable[Decided]]
# Gives jobs to messages whose time has come; whether those were all.
Release = Callable[[AsyncSession], Awaitable[bool]]


@dataclass
class _Line:
    """Whose turn it is to claim and decide, and whether there is more to claim."""

    deciding: asyncio.Lock = field(default_factory=asyncio.Lock)
    goes_on: bool = True


@dataclass(frozen=True)
class Due:
    """What is due. Each kind has one of `planners`, or of `batches`; `release` gives jobs to the messages whose time has come."""

    clock: Clock
    database: Database
    planners: Mapping[str, Planner]
    release: Release
    batches: Mapping[str, Batch] = field(default_factory=dict)

    @property
    def _known(self) -> list[str]:
        """The kinds that this version plans. Another version's wait for it: else, as the oldest, they would be all it sees."""
        return [*self.planners, *self.batches]

    async def tick(self) -> int:
        """Plan all that is due now; how many items it were."""
        line, planned = _Line(), 0
        for end in await asyncio.gather(self._plan_all(line), self._plan_all(line), return_exceptions=True):
            if isinstance(end, BaseException):  # raised once both have come to their end: none goes on by itself
                raise end
            planned += end
        while not await self._give_out():
            pass
        return planned

    async def next_moment(self) -> datetime | None:
        """When something next falls due, aware UTC; None: nothing ever will."""
        item = select(func.min(AgendaItem.due_at)).where(
            col(AgendaItem.done_at).is_(None),
            col(AgendaItem.kind).in_(self._known),
            col(AgendaItem.workspace_id).not_in(gone()),
        )
        message = select(func.min(Message.wake_at)).where(col(Message.workspace_id).not_in(gone()))
        async with self.database.transaction() as session:
            # PostgreSQL's `least` passes over what is null.
            rows = await session.exec(select(func.least(item.scalar_subquery(), message.scalar_subquery())))
            moment: datetime | None = rows.one()
            return moment

    async def _plan_all(self, line: _Line) -> int:
        planned = 0
        while line.goes_on:
            planned += await self._plan_some(line)
            if line.goes_on:
                await self._give_out()
        return planned

    async def _plan_some(self, line: _Line) -> int:
        with failures_stay(
            logger,
            "a batch failed; its items are planned one by one",
            action="tick.batch_failed",
            level=logging.WARNING,
        ):
            async with self.database.transaction() as session:
                # The one wait for each other, and nothing is locked yet: where they wait for rows, PostgreSQL sees to it.
                async with line.deciding:
                    items = await self._claim(session) if line.goes_on else []
                    line.goes_on = len(items) == AT_ONCE
                    write_down = await self._decide(session, items)
                await write_down()
            return len(items)
        # One bad row never stops the batch: all of it was rolled back, so each is now tried in its own transaction.
        return await self._plan_one_by_one()

    async def _claim(self, session: AsyncSession) -> list[AgendaItem]:
        rows = await session.exec(
            select(AgendaItem)
            .where(
                col(AgendaItem.done_at).is_(None),
                col(AgendaItem.due_at) <= self.clock.now(),
                col(AgendaItem.kind).in_(self._known),
                col(AgendaItem.workspace_id).not_in(gone()),
            )
            .order_by(col(AgendaItem.due_at), BY_CHANCE)
            .limit(AT_ONCE)
            .with_for_update(skip_locked=True)
        )
        # In one order in every process, so that no two wait for each other's workspace.
        return sorted(rows, key=lambda item: (item.workspace_id, item.due_at, item.key))

    async def _decide(self, session: AsyncSession, items: Sequence[AgendaItem]) -> Callable[[], Awaitable[None]]:
        """Decide what can be decided ahead; what is given back writes it down, and plans the others."""
        now, decided = self.clock.now(), []
        for plan in dict.fromkeys(self.batches[item.kind] for item in items if item.kind in self.batches):
            together = [item for item in items if self.batches.get(item.kind) == plan]
            decided.append(await plan(session, together, now))
        return partial(self._write_down, session, items, decided, now)

    async def _write_down(
        self, session: AsyncSession, items: Sequence[AgendaItem], decided: Sequence[Decided], now: datetime
    ) -> None:
        again: dict[int, datetime | None] = {}
        for write_down in decided:
            again.update(await write_down())
        for item in items:
            if item.kind in self.batches:
                _move(item, again[item.id or 0], now)
        for item in items:
            # One that another of these has struck off, or moved, is over.
            if item.kind in self.planners and item.done_at is None and item.due_at <= now:
                _move(item, await self.planners[item.kind](session, item, now), now)
                await session.flush()
        await book.write_down(session)

    async def _give_out(self) -> bool:
        async with self.database.transaction() as session:
            return await self.release(session)

    async def _plan_one_by_one(self) -> int:
        async with self.database.transaction() as session:
            keys = [item.id for item in await self._claim(session)]
        for key in keys:
            await self._plan_alone(key)
        return len(keys)

    async def _plan_alone(self, item_id: int | None) -> None:
        # A database that fails is not the item's fault: that passes, and what is due stays due.
        with failures_stay(
            logger, "an agenda item failed", action="tick.item_failed", unless=AWAY, item=item_id
        ) as boundary:
            async with self.database.transaction() as session:
                item = await self._still_due(session, item_id)
                if item is not None:
                    write_down = await self._decide(session, [item])
                    await write_down()
        if boundary.failed:  # the row is set aside for an hour, so that it neither blocks the line nor is forgotten
            await self._set_aside(item_id)

    async def _still_due(self, session: AsyncSession, item_id: int | None) -> AgendaItem | None:
        rows = await session.exec(
            select(AgendaItem)
            .where(
                AgendaItem.id == item_id,
                col(AgendaItem.done_at).is_(None),
                col(AgendaItem.due_at) <= self.clock.now(),
            )
            .with_for_update(skip_locked=True)
        )
        return rows.first()

    async def _set_aside(self, item_id: int | None) -> None:
        async with self.database.transaction() as session:
            item = await session.get(AgendaItem, item_id)
            if item is not None:
                item.due_at, item.failures = self.clock.now() + SET_ASIDE, item.failures + 1
                session.add(item)


def _move(item: AgendaItem, again: datetime | None, now: datetime) -> None:
    if again is None:
        item.done_at = item.done_at or now
    else:
        item.due_at = again
