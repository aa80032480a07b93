"""How the rounds of a pool go, read for staff."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from bot.agenda.clock import Clock
from bot.curriculum.library import Library
from bot.curriculum.model import Program
from bot.curriculum.wording import Wording
from bot.peers import preview_message as look
from bot.peers.health import Health, Sitting, has_new_pairs, health_of, last_round
from bot.peers.history import history_of
from bot.peers.pool import Pool, candidates_of, pool_named
from bot.records.tables import Cohort, PeerLeftOut
from bot.slack.blocks import Block

MOST_POOLS = 10


@dataclass(frozen=True)
class Checkups:
    """The parts of it."""

    library: Library
    clock: Clock

    async def blocks(self, session: AsyncSession, workspace_id: str, words: Wording) -> list[Block]:
        """A line for each pool, for the App Home of staff."""
        program, found = self.library.current.curriculum.program, []
        pools = [
            await pool_named(session, program, workspace_id, name)
            for name in await _pools(session, program, workspace_id)
        ]
        going_on = [pool for pool in pools if pool.on_their_way()]
        for pool in going_on[:MOST_POOLS]:
            found += look.health_of_pool(words, pool.name, await checkup(session, program, pool, self.clock.now()))
        return [*found, *look.more_pools(words, len(going_on) - MOST_POOLS)]


async def checkup(session: AsyncSession, program: Program, pool: Pool, now: datetime) -> tuple[Health | None, bool]:
    """How the last round of a pool went, and whether there are still pairs who have not met."""
    history = await history_of(session, pool.people, program.peers, now)
    others = {name for name in await _pools(session, program, pool.workspace_id) if name != pool.name}
    last = last_round(one for one in history if one.pool not in others)
    health = health_of(history, await _left_out(session, last), others)
    ways = pool.taking_part(program, now)
    candidates = await candidates_of(session, program, ways, history, now)
    return health, len(ways) < 2 or has_new_pairs(candidates, history, program.peers.shared_hours)


async def _pools(session: AsyncSession, program: Program, workspace_id: str) -> list[str]:
    """The names of all pools that there are, by those of their cohorts."""
    cohorts = await session.exec(select(Cohort.name).where(Cohort.workspace_id == workspace_id).order_by(Cohort.name))
    return list(dict.fromkeys(map(program.peers.pool_of, cohorts)))


async def _left_out(session: AsyncSession, last: Sequence[Sitting]) -> int:
    rounds = {one.round_id for one in last}
    counted = await session.exec(select(func.count()).where(col(PeerLeftOut.round_id).in_(rounds)))
    return counted.one()
