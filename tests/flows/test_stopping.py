"""A process is told to stop before it is there at all: it stops what it has started so far, and says that all is well."""

import asyncio
import os
import signal
import sys
from asyncio.subprocess import PIPE, Process
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from bot.records.database import plain_url
from tests.world import CONTENT, World

LONG = 180.0  # seconds: what never comes fails, it does not hang


@asynccontextmanager
async def starting(world: World, home: Path, command: str, **settings: str) -> AsyncIterator[Process]:
    """A process in the midst of its start, which never ends: Slack does not say who we are. It tells what it imports."""
    world.sandbox.fail("auth.test", "timeout", every=1)
    environment = {
        "PATH": os.environ["PATH"], "PYTHONPATH": str(CONTENT.parent), "CONTENT_DIR": str(CONTENT), "DATA_DIR": str(home),
        "SLACK_API_URL": world.sandbox.api_url, "SLACK_BOT_TOKEN": world.sandbox.bot_token,
        "SLACK_APP_TOKEN": world.sandbox.app_token, "SLACK_SIGNING_SECRET": world.sandbox.signing_secret,
        "PYTHONPROFILEIMPORTTIME": "1", **settings,
    }  # fmt: skip
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "bot", *command.split(), env=environment, cwd=home.parent, stderr=PIPE, limit=2**24
    )
    try:
        async with asyncio.timeout(LONG):
            yield process
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()


async def imports(_: World, __: Path, process: Process) -> None:
    """It has imported a first part of what it needs."""
    assert process.stderr is not None
    while b" sqlalchemy" not in await process.stderr.readline():
        assert not process.stderr.at_eof()


async def makes_its_database(_: World, home: Path, __: Process) -> None:
    """PostgreSQL is being set up for the first time, in a thread of its own."""
    while not (home / "postgres/cluster.new").exists():  # noqa: ASYNC110 — a folder tells nobody
        await asyncio.sleep(0.01)


async def asks_slack(world: World, _: Path, __: Process) -> None:
    """The database is there; Slack was asked who we are."""
    asked = world.sandbox.calls["auth.test"]
    await world.sandbox.until(lambda: world.sandbox.calls["auth.test"] > asked, timeout=LONG)


async def told(process: Process, number: signal.Signals) -> str:
    """Tell it to stop; its log, once it has."""
    process.send_signal(number)
    _, log = await process.communicate()
    return "\n".join(line for line in log.decode().splitlines() if not line.startswith("import time:"))


@pytest.mark.long
@pytest.mark.parametrize("until", [imports, makes_its_database, asks_slack])
async def test_a_stop_in_the_midst_of_the_start(
    world: World, tmp_path: Path, until: Callable[[World, Path, Process], Awaitable[None]]
) -> None:
    """`run` gets SIGTERM before it runs: it ends with 0, without a traceback, and leaves no PostgreSQL behind."""
    home = tmp_path / "data"
    async with starting(world, home, "run") as process:
        await until(world, home, process)
        log = await told(process, signal.SIGTERM)
    assert process.returncode == 0, log
    assert "Traceback" not in log
    assert not (home / "postgres/cluster/postmaster.pid").exists()


@pytest.mark.long
@pytest.mark.parametrize(
    ("command", "number"), [("web", signal.SIGTERM), ("worker", signal.SIGINT), ("clock", signal.SIGTERM)]
)
async def test_every_process_stops_in_its_start(
    world: World, tmp_path: Path, command: str, number: signal.Signals
) -> None:
    """Each of the others does the same, whoever tells it."""
    url = plain_url(world.house.database.url)
    async with starting(world, tmp_path / "data", command, DATABASE_URL=url) as process:
        await asks_slack(world, tmp_path, process)
        log = await told(process, number)
    assert process.returncode == 0, log
    assert "Traceback" not in log


@pytest.mark.long
async def test_an_upgrade_that_was_stopped_is_none(world: World, tmp_path: Path) -> None:
    """Whoever waits for `db upgrade`, and starts the new version once it has succeeded, hears that it has not."""
    home = tmp_path / "data"
    async with starting(world, home, "db upgrade") as process:
        await makes_its_database(world, home, process)
        await told(process, signal.SIGINT)
    assert process.returncode != 0
    assert not (home / "postgres/cluster/postmaster.pid").exists()
