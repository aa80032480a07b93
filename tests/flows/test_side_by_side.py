"""While one batch of a tick is written down, the next is decided; neither keeps the other from its end."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial

import pytest
from sqlalchemy import Update, text, update
from sqlalchemy.exc import OperationalError
from sqlmodel import col
from sqlmodel.ext.asyncio.session import AsyncSession

from bot.agenda import due
from bot.agenda.due import Decided, Due
from bot.records.tables import AgendaItem
from tests.world import World

LONG = 60  # seconds: who waits for ever fails, and does not hang
_WORKSPACE = text("UPDATE workspace SET name = name || '.'")
# Whatever is done before a batch is written down, by its number.
Before = Callable[[AsyncSession, int], Awaitable[None]]


@dataclass
class Probes:
    """Plans a kind of its own, two items at once; what happened, in order, and which ids each batch had."""

    world: World
    before: Before
    happened: list[str] = field(default_factory=list)
    batches: list[Sequence[int]] = field(default_factory=list)
    second: asyncio.Event = field(default_factory=asyncio.Event)  # is decided

    async def tick(self, count: int) -> int:
        """So many are due, and are planned: how many it were."""
        world, now = self.world, self.world.clock.now()
        async with world.house.database.transaction() as session:
            for n in range(count):
                session.add(
                    AgendaItem(key=f"probe:{n}", kind="probe", workspace_id=world.house.workspace_id, due_at=now)
                )
        async with asyncio.timeout(LONG):
            return await Due(world.clock, world.house.database, {}, _nothing_to_say, {"probe": self._plan}).tick()

    async def done(self) -> int:
        """How many are planned, on record."""
        return sum(one.done_at is not None for one in await self.world.rows(AgendaItem) if one.kind == "probe")

    async def _plan(self, session: AsyncSession, items: Sequence[AgendaItem], _: datetime) -> Decided:
        ids = [item.id or 0 for item in items]
        self.batches.append(ids)
        self.happened.append(f"{len(self.batches)} decided")
        if len(self.batches) > 1:
            self.second.set()
        return partial(self._write_down, session, len(self.batches), ids)

    async def _write_down(self, session: AsyncSession, number: int, ids: Sequence[int]) -> dict[int, datetime | None]:
        await self.before(session, number)
        self.happened.append(f"{number} written")
        return dict.fromkeys(ids)


async def _nothing_to_say(_: AsyncSession) -> bool:
    return True


@pytest.fixture(autouse=True)
def batches_of_two(monkeypatch: pytest.MonkeyPatch) -> None:
    """Two items fill a batch."""
    monkeypatch.setattr(due, "AT_ONCE", 2)


async def test_the_next_batch_is_decided_while_one_is_written_down(world: World) -> None:
    """The first waits in the midst of its writing until the second is decided. It comes; the third does so later."""

    async def before(_: AsyncSession, number: int) -> None:
        if number == 1:
            await probes.second.wait()

    probes = Probes(world, before)
    assert await probes.tick(5) == await probes.done() == 5
    assert [len(one) for one in probes.batches] == [2, 2, 1]
    assert probes.happened[:2] == ["1 decided", "2 decided"]


async def test_who_needs_what_the_other_has_claimed_waits_for_it(world: World) -> None:
    """The first wants to move what the second has claimed, as a planner may: it does so when the second is written down."""

    async def before(session: AsyncSession, number: int) -> None:
        if number == 1:
            await probes.second.wait()
            await session.execute(_set_failures(probes.batches[1]))

    probes = Probes(world, before)
    assert await probes.tick(4) == await probes.done() == 4
    assert probes.happened[2:4] == ["2 written", "1 written"]


async def test_two_that_wait_for_each_other_are_both_planned(world: World) -> None:
    """Each wants what the other holds. PostgreSQL ends one of them, whose items are then planned one by one."""

    async def before(session: AsyncSession, number: int) -> None:
        if number == 1:
            await session.execute(_WORKSPACE)
            await probes.second.wait()
            await session.execute(_set_failures(probes.batches[1]))
        if number == 2:
            await session.execute(_WORKSPACE)

    probes = Probes(world, before)
    await probes.tick(4)
    assert await probes.done() == 4
    assert len(probes.batches) > 2  # the others alone


async def test_one_that_fails_ends_with_the_other(world: World) -> None:
    """The database is away for one batch while the other is under way: the tick fails when that one, too, has come to its end."""

    async def before(session: AsyncSession, number: int) -> None:
        await probes.second.wait()
        if number != 2:
            has_failed.set()
            raise OperationalError(None, None, ConnectionError())
        await has_failed.wait()
        for _ in range(100):  # takes its time
            await session.execute(_WORKSPACE)

    has_failed = asyncio.Event()
    probes = Probes(world, before)
    with pytest.raises(OperationalError):
        await probes.tick(4)
    assert "2 written" in probes.happened
    assert await probes.done() == 2


def _set_failures(ids: Sequence[int]) -> Update:
    return update(AgendaItem).where(col(AgendaItem.id).in_(ids)).values(failures=7)
