"""The tick: claims what is due and lets each kind's planner decide, all in one transaction; then gives what is to be said now
to the workers.

A crash before the commit leaves the item due; after it, what was decided is on record, and the next tick gives it out. Two ticks
at once do no harm: claimed rows are locked and skipped. The cost depends on what is due, not on how many people there are.
"""

import logging
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

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
# The same for many items at once, of all the kinds that it plans, in one transaction: by the item's id, when it is due again.
Batch = Callable[[AsyncSession, Sequence[AgendaItem], datetime], Awaitable[Mapping[int, datetime | None]]]
# Gives jobs to messages whose time has come; whether those were all.
Release = Callable[[AsyncSession], Awaitable[bool]]


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
        planned, is_over = 0, False
        while not is_over:
            claimed = await self._plan_some()
            planned += claimed
            is_over = await self._give_out() and claimed < AT_ONCE
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

    async def _plan_some(self) -> int:
        with failures_stay(
            logger,
            "a batch failed; its items are planned one by one",
            action="tick.batch_failed",
            level=logging.WARNING,
        ):
            async with self.database.transaction() as session:
                items = await self._claim(session)
                await self._plan(session, items)
                await book.write_down(session)
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

    async def _plan(self, session: AsyncSession, items: Sequence[AgendaItem]) -> None:
        now = self.clock.now()
        for plan in dict.fromkeys(self.batches[item.kind] for item in items if item.kind in self.batches):
            together = [item for item in items if self.batches.get(item.kind) == plan]
            again = await plan(session, together, now)
            for item in together:
                _move(item, again[item.id or 0], now)
        for item in items:
            # One that another of these has struck off, or moved, is over.
            if item.kind in self.planners and item.done_at is None and item.due_at <= now:
                _move(item, await self.planners[item.kind](session, item, now), now)
                await session.flush()

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
                    await self._plan(session, [item])
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
