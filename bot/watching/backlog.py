"""What waits in the database, asked when somebody looks: one query, and not again for some seconds."""

import time
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from prometheus_client import CollectorRegistry, Gauge
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError
from sqlmodel.ext.asyncio.session import AsyncSession

from bot.agenda.clock import Clock
from bot.delivery.claims import LEASE_REAL_SECONDS
from bot.delivery.jobs import STALLED_AFTER_SECONDS
from bot.records.database import Database

FRESH_SECONDS = 5.0
# Each part reads a partial index or the short table of jobs: what was sent long ago costs nothing.
_WAITS = text("""
    SELECT due.many AS due_items, due.since AS oldest_item, waiting.many AS waiting_messages, waiting.since AS oldest_message,
           doubt.many AS messages_in_doubt, doubt.since AS oldest_doubt,
           (SELECT count(*) FROM procrastinate_workers
              WHERE last_heartbeat >= now() - make_interval(secs => :stalled)) AS workers,
           jobs.waiting AS jobs_waiting, jobs.doing AS jobs_doing, jobs.stalled AS jobs_stalled, jobs.failed AS jobs_failed
    FROM (SELECT count(*) AS many, min(due_at) AS since FROM agenda_item WHERE done_at IS NULL AND due_at <= :now
              AND workspace_id NOT IN (SELECT id FROM workspace WHERE left_at IS NOT NULL)) AS due,
         (SELECT count(*) AS many, min(send_at) AS since FROM message WHERE state = 'waiting'
              AND workspace_id NOT IN (SELECT id FROM workspace WHERE left_at IS NOT NULL)) AS waiting,
         (SELECT count(*) AS many, min(least(lease_until, :now)) AS since FROM message
              WHERE wake_at IS NOT NULL AND state = 'sending'
              AND (lease_until <= :now OR tried_at < now() - make_interval(secs => :lease))  -- or is looked for just now
              AND workspace_id NOT IN (SELECT id FROM workspace WHERE left_at IS NOT NULL)) AS doubt,
         (SELECT count(*) FILTER (WHERE job.status = 'todo'
                     AND (job.scheduled_at IS NULL OR job.scheduled_at <= now())) AS waiting,
                 count(*) FILTER (WHERE job.status = 'doing') AS doing,
                 count(*) FILTER (WHERE job.status = 'failed') AS failed,
                 count(*) FILTER (WHERE job.status = 'doing' AND (job.worker_id IS NULL
                     OR worker.last_heartbeat < now() - make_interval(secs => :stalled))) AS stalled
          FROM procrastinate_jobs AS job LEFT JOIN procrastinate_workers AS worker ON worker.id = job.worker_id
          WHERE job.status IN ('todo', 'doing', 'failed')) AS jobs
""")
_GAUGES = {
    "due_items": "Agenda items that are due",
    "due_lag_seconds": "For how long the oldest of them has been due, in the program's time",
    "waiting_messages": "Messages that are not said yet",
    "waiting_lag_seconds": "For how long the slot of the oldest of them has been over, in the program's time",
    "messages_in_doubt": "Messages that nobody knows about: said or not, until somebody looks",
    "workers": "Workers that have given a sign of life lately",
    "jobs_waiting": "Jobs that wait for a worker now",
    "jobs_doing": "Jobs that a worker has",
    "jobs_stalled": "Jobs of workers that are silent",
    "jobs_failed": "Jobs of the last day that ended in an error and are not tried again; the log says why",
}


async def what_waits(session: AsyncSession, now: datetime) -> dict[str, Any]:
    """How many items, messages and jobs wait at `now`, the program's time; and since when the oldest do, or None."""
    found = await session.execute(_WAITS, {"now": now, "stalled": STALLED_AFTER_SECONDS, "lease": LEASE_REAL_SECONDS})
    return dict(found.mappings().one())


@dataclass
class Backlog:
    """Gauges about the database, which all processes share. `database_up` says whether it answered; else the others stay away."""

    database: Database
    clock: Clock
    registry: CollectorRegistry = field(default_factory=CollectorRegistry)
    _asked: float | None = None

    def __post_init__(self) -> None:
        self._gauges = {
            name: Gauge(f"playercoach_{name}", what, registry=self.registry) for name, what in _GAUGES.items()
        }
        self._up = Gauge("playercoach_database_up", "Whether the database answered", registry=self.registry)

    async def look(self) -> None:
        """Have gauges that are some seconds old at most."""
        if self._asked is not None and time.monotonic() - self._asked < FRESH_SECONDS:
            return
        self._asked = time.monotonic()
        try:
            self._tell(await self._ask())
            self._up.set(1)
        except (SQLAlchemyError, OSError):
            for gauge in self._gauges.values():
                gauge.set(float("nan"))
            self._up.set(0)

    async def _ask(self) -> dict[str, Any]:
        async with self.database.transaction() as session:
            await session.execute(text("SET LOCAL statement_timeout = '2s'"))
            return await what_waits(session, self.clock.now())

    def _tell(self, found: dict[str, Any]) -> None:
        now = self.clock.now()
        for lag, oldest in (
            ("due_lag_seconds", found["oldest_item"]),
            ("waiting_lag_seconds", found["oldest_message"]),
        ):
            found[lag] = 0.0 if oldest is None else max((now - oldest).total_seconds(), 0.0)
        for name, gauge in self._gauges.items():
            gauge.set(found[name])
