"""What falls due at the same moment is planned across workspaces."""

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import text
from sqlmodel.ext.asyncio.session import AsyncSession

from bot.agenda.due import AT_ONCE, Due
from bot.records.tables import AgendaItem
from tests.world import World

MANY, FEW = 2_000, 20
_WORKSPACES = (
    "INSERT INTO workspace (id, name, bot_user_id, next_slot_at)"
    " VALUES ('T0LARGE', 'L', 'U', :now), ('T0SMALL', 'S', 'U', :now)"
)
_DUE = (
    "INSERT INTO agenda_item (key, kind, workspace_id, about, due_at, failures)"
    " SELECT :workspace || n, 'probe', :workspace, '{}', :now, 0 FROM generate_series(1, :count) n"
)


async def test_a_large_workspace_keeps_no_other_waiting(world: World) -> None:
    """Two thousand items of one workspace and twenty of another are due at nine: the twenty are not the last ones."""
    planned: list[str] = []

    async def probe(_: AsyncSession, item: AgendaItem, __: datetime) -> None:
        planned.append(item.workspace_id)

    async def release(_: AsyncSession) -> int:
        return 0

    now = world.clock.now()
    sizes: Mapping[str, int] = {"T0LARGE": MANY, "T0SMALL": FEW}
    async with world.house.database.transaction() as session:
        await session.execute(text(_WORKSPACES), {"now": now})
        for workspace, count in sizes.items():
            await session.execute(text(_DUE), {"workspace": workspace, "count": count, "now": now})
    assert await Due(world.clock, world.house.database, {"probe": probe}, release).tick() == MANY + FEW
    assert planned[:AT_ONCE].count("T0SMALL") == FEW
