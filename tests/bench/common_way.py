"""The common way side by side with ours: a job of APScheduler's for each person, in its SQLAlchemy job store.

`python -m tests.bench.common_way` prints the table. Each of the two runs in a process of its own on a database of its own, so
that its memory is its own, too. What falls due is the lightest there is: something weekly that has nothing to say and moves on
by a week. Neither sends anything.
"""

import json
import pickle
import resource
import subprocess
import sys
from collections.abc import Awaitable, Callable
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from statistics import median
from time import perf_counter
from typing import Any

import psycopg

from bot import living
from bot.agenda.clock import Clock
from bot.app import house
from bot.curriculum.library import Library
from bot.records.database import plain_url
from bot.sandbox.server import Sandbox
from tests.bench.apart import slack_apart
from tests.bench.crowd import NOW, tidy
from tests.world import CONTENT

SIZES = (1_000, 10_000, 100_000)
DUE_SHARE = 100  # one of so many is due at once
TICKS = 20
LATER = NOW + timedelta(days=7)

_OURS = """
    INSERT INTO workspace (id, name, bot_user_id, next_slot_at)
        VALUES (%(workspace)s, 'Acme', 'U0PLAYER', %(now)s) ON CONFLICT DO NOTHING;
    INSERT INTO person (id, workspace_id, slack_id, name, first_name, timezone)
        SELECT n, %(workspace)s, 'U3' || lpad(n::text, 7, '0'), 'Person ' || n, 'Person', 'Europe/Ljubljana'
        FROM generate_series(1, %(people)s) n;
    INSERT INTO agenda_item (key, kind, workspace_id, person_id, about, due_at, failures)
        SELECT 'digest:' || id, 'digest', workspace_id, id, '{}', %(later)s, 0 FROM person;
"""


@dataclass(frozen=True)
class Cost:
    """What one way costs: seconds until it is ready, a tick with none due, each that is due, and the most memory held."""

    start_seconds: float
    idle_ms: float
    due_ms_each: float
    memory_mb: float


def nothing() -> None:
    """What an APScheduler job does here."""


async def ours(database_url: str, people: int, api_url: str) -> Cost:
    """The house with its agenda table."""
    values = {"workspace": Sandbox.team_id, "people": people, "now": NOW, "later": LATER}
    with psycopg.connect(plain_url(database_url), cursor_factory=psycopg.ClientCursor) as connection:
        connection.execute(_OURS, values)
    tidy(database_url)
    began = perf_counter()
    async with house(
        clock=Clock(start=NOW), database_url=database_url, library=Library(CONTENT, today=NOW.date),
        token=Sandbox.bot_token, api_url=api_url, messages_per_minute=100_000,
    ) as fitted:  # fmt: skip
        assert await fitted.tick() == 0
        started = perf_counter() - began
        idle = await _idle(fitted.tick)
        with psycopg.connect(plain_url(database_url), autocommit=True) as connection:
            connection.execute("UPDATE agenda_item SET due_at = %s WHERE id %% %s = 0", (NOW, DUE_SHARE))
        began = perf_counter()
        moved = await fitted.tick()
        return Cost(started, idle, (perf_counter() - began) * 1000 / moved, _memory())


async def theirs(database_url: str, people: int) -> Cost:
    """A scheduler with a job for each person."""
    from apscheduler.jobstores.sqlalchemy import SQLAlchemyJobStore
    from apscheduler.schedulers.asyncio import AsyncIOScheduler
    from apscheduler.schedulers.base import STATE_RUNNING

    url = plain_url(database_url).replace("postgresql://", "postgresql+psycopg://", 1)
    _fill_jobs(SQLAlchemyJobStore(url=url), database_url, people)
    began = perf_counter()
    scheduler = AsyncIOScheduler(jobstores={"default": SQLAlchemyJobStore(url=url)}, timezone="UTC")
    scheduler.start(paused=True)
    scheduler.state = STATE_RUNNING  # its own timer stays off: each look at what is due is ordered here

    async def tick() -> None:
        scheduler._process_jobs()

    await tick()
    started = perf_counter() - began
    idle = await _idle(tick)
    moved = _make_due(database_url)
    began = perf_counter()
    await tick()
    cost = Cost(started, idle, (perf_counter() - began) * 1000 / moved, _memory())
    scheduler.shutdown(wait=False)
    return cost


def _fill_jobs(store: Any, database_url: str, people: int) -> None:
    """The rows that `add_job` would write one by one."""
    from apscheduler.schedulers.background import BackgroundScheduler

    scheduler = BackgroundScheduler(jobstores={"default": store}, timezone="UTC")
    scheduler.start(paused=True)
    job = scheduler.add_job(
        nothing, "cron", day_of_week="mon", hour=8, minute=30, id="0", misfire_grace_time=None, coalesce=True
    )
    state, later = job.__getstate__(), job.next_run_time.timestamp()
    scheduler.remove_job("0")
    with (
        psycopg.connect(plain_url(database_url)) as connection,
        connection.cursor() as cursor,
        cursor.copy("COPY apscheduler_jobs (id, next_run_time, job_state) FROM STDIN") as copy,
    ):
        for number in range(1, people + 1):
            copy.write_row((str(number), later, pickle.dumps({**state, "id": str(number)})))
    scheduler.shutdown(wait=False)
    tidy(database_url)


def _make_due(database_url: str) -> int:
    """One job in a hundred is due now: in its column and in what was pickled."""
    due = datetime.now(UTC) - timedelta(seconds=1)
    with psycopg.connect(plain_url(database_url)) as connection:
        rows = connection.execute(
            "SELECT id, job_state FROM apscheduler_jobs WHERE id::int %% %s = 0", (DUE_SHARE,)
        ).fetchall()
        for key, state in rows:
            state_due = pickle.loads(state) | {"next_run_time": due}  # noqa: S301  # it was written here, by APScheduler
            connection.execute(
                "UPDATE apscheduler_jobs SET next_run_time = %s, job_state = %s WHERE id = %s",
                (due.timestamp(), pickle.dumps(state_due), key),
            )
    return len(rows)


async def _idle(tick: Callable[[], Awaitable[Any]]) -> float:
    took = []
    for _ in range(TICKS):
        began = perf_counter()
        await tick()
        took.append((perf_counter() - began) * 1000)
    return median(took)


def _memory() -> float:
    """The most that this process has held, in megabytes."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def measured(way: str, database_url: str, people: int) -> Cost:
    """One way in a process of its own."""
    done = subprocess.run(
        [sys.executable, "-m", "tests.bench.common_way", way, database_url, str(people)],
        cwd=Path(__file__).parents[2], check=True, capture_output=True, text=True,
    )  # fmt: skip
    return Cost(**json.loads(done.stdout.splitlines()[-1]))


def lines(costs: dict[int, tuple[Cost, Cost]]) -> list[str]:
    """The table: ours, then theirs."""
    head = "| people | | ready in | tick, none due | each that is due | memory |"
    rows = [head, "| --- | --- | --- | --- | --- | --- |"]
    for people, pair in costs.items():
        for name, one in zip(("ours", "a job each"), pair, strict=True):
            rows.append(
                f"| {people:,} | {name} | {one.start_seconds:.2f} s | {one.idle_ms:.1f} ms"
                f" | {one.due_ms_each:.2f} ms | {one.memory_mb:.0f} MB |"
            )
    return rows


async def _alone(way: str, database_url: str, people: int) -> Cost:
    if way == "theirs":
        return await theirs(database_url, people)
    async with slack_apart(0) as slack:
        return await ours(database_url, people, slack.api_url)


if __name__ == "__main__":
    sys.stdout.write(json.dumps(asdict(living.run(_alone(sys.argv[1], sys.argv[2], int(sys.argv[3]))))) + "\n")
