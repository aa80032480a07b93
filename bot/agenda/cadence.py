"""The cadence: APScheduler fires a few fixed jobs. It holds no state of ours and no job per person."""

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Any

from apscheduler.schedulers.asyncio import AsyncIOScheduler

from bot.agenda.clock import wall

Job = Callable[[], Awaitable[Any]]

TICK_SECONDS = 2.0
SYNC_SECONDS = 3600.0
HOUSEKEEP_SECONDS = 30.0
# What may have waited for a clock. One that never lives for half a minute would else never keep house.
AT_ONCE = ("tick", "housekeep")
# However fast the clock runs, a tick needs time to do its work.
SHORTEST_REAL_SECONDS = 0.2


@asynccontextmanager
async def cadence(*, tick: Job, sync_directory: Job, housekeep: Job, speed: float) -> AsyncIterator[None]:
    """Run the three jobs for as long as this is open, at `speed` program seconds a real second.

    The tick and the directory follow the program's clock; housekeeping is about real processes and real connections.
    """
    scheduler = AsyncIOScheduler(timezone="UTC")
    plan = (
        (tick, "tick", TICK_SECONDS / speed),
        (sync_directory, "sync_directory", SYNC_SECONDS / speed),
        (housekeep, "housekeep", HOUSEKEEP_SECONDS),
    )
    for job, name, seconds in plan:
        # A late tick is still wanted (the default forgets it after a second), but never two at once or in a row.
        scheduler.add_job(
            job, "interval", seconds=max(seconds, SHORTEST_REAL_SECONDS), id=name, coalesce=True, max_instances=1,
            misfire_grace_time=None,
        )  # fmt: skip
    for name in AT_ONCE:
        scheduler.modify_job(name, next_run_time=wall())
    scheduler.start()
    try:
        yield
    finally:
        scheduler.shutdown(wait=False)
