"""PostgreSQL restarted, connections cut, the disk full on every write, a short and a long failover: nobody lends a hand."""

import asyncio
import contextlib
import os
import shutil
import signal
import tempfile
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from datetime import datetime
from itertools import cycle, islice
from pathlib import Path

import psycopg

from bot.records.database import plain_url
from bot.records.embedded import Embedded
from tests.chaos.proxy import Door, door, socket_of
from tests.chaos.stage import Stage, stage
from tests.chaos.table import Row

TIMES = 30
A_SECOND = 10  # messages that fall due
BETWEEN = 8.0  # seconds from a recovery to the next blow
DOWN = 2.0  # seconds that it lasts
LONG_DOWN = 25.0  # the same, of a failover for which no job waits
RECOVERED = 10.0  # seconds in which people get something, and answers are taken, again
DRAINED = 10.0  # seconds from SIGTERM to the end, also while the database is away
PROCESSES = ("web", "worker", "worker", "clock")

# There is no small disk to fill here: every write is refused with the very error that a full one gives.
_FULL = """
    CREATE OR REPLACE FUNCTION disk_is_full() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN RAISE EXCEPTION 'could not extend file: No space left on device' USING ERRCODE = '53100'; END $$
"""
_TABLES = (
    "message",
    "agenda_item",
    "response",
    "lesson_given",
    "interruption",
    "procrastinate_jobs",
    "person",
    "workspace",
)
_FILL = "CREATE TRIGGER full_{0} BEFORE INSERT OR UPDATE OR DELETE ON {0} EXECUTE FUNCTION disk_is_full()"
_FREE = "DROP TRIGGER full_{0} ON {0}"
# What was due before, and neither said nor given up; the parameter is a moment of the program.
_HELD = "SELECT count(*) FROM message WHERE state IN ('waiting', 'sending') AND send_at < %s"
_CUT = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"


@dataclass
class Server:
    """An embedded PostgreSQL that gets hurt, and the door that everyone goes through to it."""

    home: Path
    url: str
    door: Door

    async def restart(self, here: Stage) -> None:
        """It is killed outright, and comes back by itself: what was not committed is gone."""
        pid = int((self.home / "postgres" / "cluster" / "postmaster.pid").read_text().partition("\n")[0])
        os.kill(pid, signal.SIGQUIT)
        await asyncio.sleep(DOWN)
        await self._come_back(here)

    async def cut(self, here: Stage) -> None:
        """It ends every connection."""
        await _do(here, _CUT)

    async def fill(self, here: Stage) -> None:
        """It can't write any more, for a while."""
        await _do(here, _FULL, *(_FILL.format(table) for table in _TABLES))
        await asyncio.sleep(DOWN)
        await _do(here, *(_FREE.format(table) for table in _TABLES))

    async def fail_over(self, here: Stage) -> None:  # noqa: ARG002 — a blow like the others
        """The way to it is gone without a word; after a while the same address leads to it again."""
        await self._be_away(DOWN)

    async def stay_away(self, here: Stage) -> None:  # noqa: ARG002 — a blow like the others
        """The same, until every job has given up."""
        await self._be_away(LONG_DOWN)

    async def _be_away(self, seconds: float) -> None:
        with self.gone():
            await asyncio.sleep(seconds)

    @contextmanager
    def gone(self) -> Iterator[None]:
        """While nothing leads to it."""
        leads_to, self.door.leads_to = self.door.leads_to, ""
        self.door.slam()
        try:
            yield
        finally:
            self.door.leads_to = leads_to

    async def _come_back(self, here: Stage) -> None:
        url = await asyncio.to_thread(Embedded(self.home).start)
        here.database_url = here.database_url.replace(self.url.partition("?")[2], url.partition("?")[2])
        self.url, self.door.leads_to = url, socket_of(url)


Blow = Callable[[Stage], Awaitable[None]]


async def run(scale: float, processes: tuple[str, ...] = PROCESSES, between: float = BETWEEN) -> Row:
    """The row."""
    began, times = time.monotonic(), max(5, round(TIMES * scale))
    row = Row("PostgreSQL: restarted, connections cut, disk full, failovers of 2 s and 25 s", often=times)
    async with _server() as server, stage(server.url, address=_through(server)) as here:
        here.address = _named(here.address, here.database_url)
        blows: list[Blow] = [server.restart, server.cut, server.fill, server.fail_over, server.stay_away]
        seconds = times * (DOWN + between + 2 + LONG_DOWN / len(blows))
        messages = max(20, round(seconds * A_SECOND))
        await here.load(*processes, messages=messages, answers=messages // 3, seconds=seconds)
        await here.said(3, 60)
        struck = [await _struck(here, blow, between) for blow in islice(cycle(blows), times)]
        row.recovery, held = max(one.recovered for one in struck), sum(one.held for one in struck)
        fell = list(here.fleet.fell)
        with server.gone():
            drained = await here.fleet.stop()
        await here.quieten(*processes)
        here.judge(row)
        row.expect(row.recovery <= RECOVERED, f"the longest recovery took {row.recovery:.1f} s")
        row.expect(drained <= DRAINED, f"without its database a process took {drained:.1f} s to stop")
        row.expect(not held, f"{held} messages that a blow held were not said {between:.0f} s after the recovery")
        row.expect(not fell, f"ended by themselves: {', '.join(fell[:3])}")
    row.seconds = time.monotonic() - began
    return row


@dataclass
class Struck:
    """What a blow did: the seconds until people got something again, and how much it still held some seconds later."""

    recovered: float
    held: int


async def _struck(here: Stage, blow: Blow, between: float) -> Struck:
    """One blow. It is recovered from when people get something, and an answer is taken, again."""
    await blow(here)
    began, over, posts, taken = time.monotonic(), here.clock.now(), here.sandbox.posts, len(here.answering.told_ok)
    while here.sandbox.posts == posts or len(here.answering.told_ok) == taken:
        if here.have() == len(here.people) or time.monotonic() - began > 60:
            break
        await asyncio.sleep(0.02)
    recovered = time.monotonic() - began
    await asyncio.sleep(between)
    return Struck(recovered, await asyncio.to_thread(_held, here.database_url, over))


def _held(database_url: str, over: datetime) -> int:
    with psycopg.connect(plain_url(database_url)) as connection:
        found = connection.execute(_HELD, [over]).fetchone()
    return int(found[0]) if found else 0


async def _do(here: Stage, *statements: str) -> None:
    async with await psycopg.AsyncConnection.connect(plain_url(here.database_url), autocommit=True) as connection:
        for statement in statements:
            await connection.execute(statement.encode())


@asynccontextmanager
async def _server() -> AsyncIterator[Server]:
    home = Path(tempfile.mkdtemp(prefix="playercoach-chaos-"))
    embedded = Embedded(home)
    url = await asyncio.to_thread(embedded.start)
    try:
        async with door(socket_of(url)) as opened:
            yield Server(home, url, opened)
    finally:
        with contextlib.suppress(OSError):
            await asyncio.to_thread(embedded.stop)
        shutil.rmtree(home, ignore_errors=True)


def _through(server: Server) -> str:
    return f"postgresql://postgres@127.0.0.1:{server.door.port}/"


def _named(address: str, database_url: str) -> str:
    return address + database_url.partition("?")[0].rpartition("/")[2]
