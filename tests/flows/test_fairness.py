"""What falls due at the same moment is planned across workspaces."""

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import datetime

import pytest
from sqlalchemy import text
from sqlmodel.ext.asyncio.session import AsyncSession

from bot.agenda.due import AT_ONCE, Decided, Due
from bot.records.tables import AgendaItem
from tests.world import World

MANY, FEW = 2_000, 20
ALIKE, EACH = 40, 50
GIVE_OR_TAKE = 2
_WORKSPACE = "INSERT INTO workspace (id, name, bot_user_id, next_slot_at) VALUES (:workspace, 'W', 'U', :now)"
_DUE = (
    "INSERT INTO agenda_item (key, kind, workspace_id, about, due_at, failures)"
    " SELECT :workspace || n, 'probe', :workspace, '{}', :now, 0 FROM generate_series(1, :count) n"
)


@pytest.mark.long
async def test_a_large_workspace_keeps_no_other_waiting(world: World) -> None:
    """Two thousand items of one workspace and twenty of another are due at nine: the twenty have their share of each batch."""
    batches = await _planned(world, {"T0LARGE": MANY, "T0SMALL": FEW})
    assert sum(one.total() for one in batches) == MANY + FEW
    full = [one for one in batches if one.total() == AT_ONCE]
    assert all(abs(one["T0SMALL"] - FEW / len(full)) <= GIVE_OR_TAKE for one in full)


async def test_workspaces_of_one_size_are_served_side_by_side(world: World) -> None:
    """Forty workspaces, each of them enrolled in one go: the first batch has as many of each, give or take two."""
    share, *_ = await _planned(world, {f"T0{one:02d}": EACH for one in range(ALIKE)})
    assert len(share) == ALIKE
    assert all(abs(count - AT_ONCE / ALIKE) <= GIVE_OR_TAKE for count in share.values()), share


async def _planned(world: World, sizes: Mapping[str, int]) -> list[Counter[str]]:
    """So many items fall due in each of these workspaces, and are planned: how many of each workspace, batch by batch."""
    planned: list[Counter[str]] = []

    async def probe(_: AsyncSession, items: Sequence[AgendaItem], __: datetime) -> Decided:
        planned.append(Counter(item.workspace_id for item in items))

        async def done() -> dict[int, None]:
            return {item.id or 0: None for item in items}

        return done

    async def release(_: AsyncSession) -> bool:
        return True

    now = world.clock.now()
    async with world.house.database.transaction() as session:
        for workspace, count in sizes.items():
            await session.execute(text(_WORKSPACE), {"workspace": workspace, "now": now})
            await session.execute(text(_DUE), {"workspace": workspace, "count": count, "now": now})
    await Due(world.clock, world.house.database, {}, release, {"probe": probe}).tick()
    return planned
