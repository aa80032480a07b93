"""Where a row of the campaign plays: a PostgreSQL, the stand-in, a crowd that is being written to, and real processes."""

import asyncio
import shutil
import tempfile
import time
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from uuid import uuid4

import psycopg

from bot.agenda.clock import Clock
from bot.records.database import plain_url
from bot.records.embedded import Embedded
from bot.records.upgrade import upgrade
from bot.sandbox.server import Sandbox
from tests.chaos import crowd, truth
from tests.chaos.answering import Answering
from tests.chaos.fleet import Fleet
from tests.chaos.table import Row
from tests.world import CONTENT

# Past every lease and every lost job: what is still in doubt then is looked up at once.
LONG_ENOUGH = timedelta(minutes=7)
A_LOOK = 0.25  # seconds between two
_OPEN = "SELECT 1 FROM message WHERE state IN ('waiting', 'sending') LIMIT 1"


@dataclass
class Stage:
    """The parts. Each process is started with the time that `clock` then tells."""

    sandbox: Sandbox
    clock: Clock
    database_url: str  # as the campaign itself reaches it
    address: str  # as the processes do
    folder: Path
    speed: float = 1.0  # of the processes' clocks
    people: list[str] = field(default_factory=list)
    more: dict[str, str] = field(default_factory=dict)  # that the processes are told
    promised: dict[str, int] = field(default_factory=dict)  # how many messages, for whom it is more than the lesson
    fleet: Fleet = field(init=False)
    answering: Answering = field(init=False)
    _answers: asyncio.Task[None] = field(init=False)

    def __post_init__(self) -> None:
        self.fleet = Fleet(self.environment, self.folder)

    def environment(self) -> Mapping[str, str]:
        """What a process is told when it starts."""
        one = self.sandbox
        return {
            "DATABASE_URL": plain_url(self.address), "SLACK_API_URL": one.api_url, "SLACK_BOT_TOKEN": one.bot_token,
            "SLACK_APP_TOKEN": one.app_token, "SLACK_SIGNING_SECRET": one.signing_secret,
            "SLACK_MESSAGES_PER_MINUTE": "100000", "CONTENT_DIR": str(CONTENT), "LOG_LEVEL": "WARNING",
            "CLOCK_START": self.clock.now().isoformat(), "CLOCK_SPEED": str(self.speed), **self.more,
        }  # fmt: skip

    async def load(
        self, *commands: str, messages: int, answers: int, seconds: float, again: Callable[[], bool] = lambda: False
    ) -> None:
        """Start processes, and let so many lessons fall due, evenly over so many seconds; so many are answered meanwhile."""
        self.people = crowd.enrol(self.database_url, self.sandbox, messages, since=self.clock.now())
        asked = self.people[:: max(1, messages // max(1, answers))][:answers]
        self.answering = Answering(self.sandbox, self.fleet, asked, again)
        await self.fleet.start(*commands)
        crowd.let_fall_due(self.database_url, since=self.clock.now(), gap=timedelta(seconds=seconds) / messages)
        self._answers = asyncio.create_task(self.answering.run())

    def have(self) -> int:
        """How many have got something."""
        return sum(bool(channel.messages) for channel in self.sandbox.state.channels.values())

    async def said(self, count: int, patience: float) -> bool:
        """Wait until so many have got something, at most so many seconds; whether it was so."""
        return await _until(lambda: self.have() >= count, patience)

    async def all_answered(self, patience: float) -> None:
        """Wait until everyone who was to answer has, at most so many seconds."""
        await asyncio.wait({self._answers}, timeout=patience)

    async def quieten(self, *commands: str, patience: float = 300.0) -> None:
        """The faults are over. New processes, for which time has passed, bring what was in doubt to its end."""
        await self.fleet.stop()
        self.clock.move_to(self.clock.now() + LONG_ENOUGH)
        self.sandbox.faults.coming.clear()
        await self.fleet.start(*commands)
        await self.said(len(self.people), patience)
        await self.all_answered(patience)
        await _until(self._nothing_open, patience)
        self._answers.cancel()
        await self.fleet.stop()

    def judge(self, row: Row) -> Row:
        """Count what people got, and hold it against what they were promised."""
        row.messages, row.answers = self.sandbox.posts, len(self.answering.told_ok)
        row.lost = truth.lost(self.sandbox, self.people, self.promised)
        row.doubled = truth.doubled(self.sandbox, self.people, self.promised)
        row.answers_lost = truth.answers_lost(self.database_url, self.answering.told_ok)
        row.expect(not row.lost, f"{row.lost} messages never came")
        row.expect(not row.doubled, f"{row.doubled} messages stand twice")
        row.expect(not row.answers_lost, f"{row.answers_lost} answers are not on record as Slack was told")
        unheard = len(self.answering.people) - row.answers
        row.expect(not unheard, f"{unheard} could not answer to the end")
        return row

    def _nothing_open(self) -> bool:
        """Whether no message is in doubt: what is said once more would be said now."""
        with psycopg.connect(plain_url(self.database_url)) as connection:
            return connection.execute(_OPEN).fetchone() is None


@asynccontextmanager
async def stage(
    server: str | None = None, *, start: datetime = crowd.NINE, speed: float = 1.0, address: str | None = None
) -> AsyncIterator[Stage]:
    """A fresh one, on a database of its own; on that server, or on an embedded one."""
    async with AsyncExitStack() as stack:
        folder = Path(tempfile.mkdtemp(prefix="playercoach-chaos-"))
        stack.callback(shutil.rmtree, folder, ignore_errors=True)
        if server is None:
            embedded = Embedded(folder / "data")
            stack.push_async_callback(asyncio.to_thread, embedded.stop)
            server = await asyncio.to_thread(embedded.start)
        database_url = await asyncio.to_thread(fresh_database, server)
        sandbox = Sandbox(now=lambda: opened.clock.now())
        await sandbox.start()
        stack.push_async_callback(sandbox.stop)
        opened = Stage(sandbox, Clock(start=start, speed=speed), database_url, address or database_url, folder, speed)
        stack.push_async_callback(opened.fleet.stop)
        yield opened


def fresh_database(server: str) -> str:
    """The address of a new database on a server, with all its tables."""
    name = f"chaos_{uuid4().hex[:12]}"
    before, _, query = server.partition("?")
    with psycopg.connect(plain_url(server), autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}".encode())
    url = f"{before.rsplit('/', 1)[0]}/{name}" + (f"?{query}" if query else "")
    upgrade(url)
    return url


async def _until(there: Callable[[], bool], patience: float) -> bool:
    until = time.monotonic() + patience
    while not (found := there()) and time.monotonic() < until:  # noqa: ASYNC110 — other processes' doing
        await asyncio.sleep(A_LOOK)
    return found
