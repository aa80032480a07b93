"""How long from the start of `playercoach run` until it has acknowledged its first click."""

import asyncio
import os
import sys
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path
from time import perf_counter
from typing import Any

import pytest

from bot.curriculum.library import Library
from bot.records.database import Database, plain_url
from bot.sandbox.server import Sandbox
from tests.bench.answers import BUTTON, all_recorded, clicks_of
from tests.bench.conftest import Open
from tests.bench.crowd import NOW, enrol, slack_id
from tests.bench.measuring import Compared, Goal
from tests.world import CONTENT

STARTS = 5
SECONDS = 3.0
PATIENCE = 60.0
OURS, BARE = ("-m", "bot", "run"), ("-m", "tests.bench.bare_app")


@pytest.fixture
async def sandbox() -> AsyncIterator[Sandbox]:
    """The stand-in, with everyone who clicks; it has nothing else to do."""
    one = Sandbox(now=lambda: datetime.now(UTC))
    for number in range(STARTS + 1):
        one.add_person(id=slack_id(number), name=f"Manager {number}", email=f"m{number}@example.com")
    await one.start()
    yield one
    await one.stop()


async def test_start_to_first_click(
    database_url: str, library: Library, open_house: Open, sandbox: Sandbox, table: list[Compared], tmp_path: Path
) -> None:
    """A process is started on a database in use; as soon as it is connected, somebody answers their lesson."""
    lesson = library.current.curriculum.lessons[0]
    enrol(database_url, STARTS + 1, lesson)
    async with open_house(database_url, sandbox.api_url) as fitted:
        clicks = await clicks_of(fitted, lesson)
    environment = _environment(sandbox, database_url)
    ours, bare = [], []
    for number in range(STARTS + 1):
        ours.append(await _seconds_to_ack(sandbox, OURS, environment, clicks(number), tmp_path))
        bare.append(await _seconds_to_ack(sandbox, BARE, environment, clicks(number), tmp_path))
    database = Database(database_url)
    await all_recorded(database, lesson, STARTS + 1)
    await database.close()
    what = "start of `run` to its first acknowledged click"  # the first start warmed the disk up
    table.append(Compared(what, "s", ours[1:], bare[1:], Goal("at most", SECONDS, of="ours")))


def _environment(sandbox: Sandbox, database_url: str) -> Mapping[str, str]:
    return {
        "PATH": os.environ["PATH"], "PYTHONPATH": str(CONTENT.parent), "CONTENT_DIR": str(CONTENT), "BUTTON": BUTTON,
        "DATABASE_URL": plain_url(database_url), "CLOCK_START": NOW.isoformat(), "LOG_LEVEL": "WARNING",
        "SLACK_API_URL": sandbox.api_url, "SLACK_BOT_TOKEN": sandbox.bot_token, "SLACK_APP_TOKEN": sandbox.app_token,
    }  # fmt: skip


async def _seconds_to_ack(
    sandbox: Sandbox, command: tuple[str, ...], environment: Mapping[str, str], click: dict[str, Any], folder: Path
) -> float:
    """From the start of a process until its first acknowledgement; then it is ended."""
    began = perf_counter()
    async with _running(command, environment, folder):
        await sandbox.until(lambda: sandbox.sockets.connections, timeout=PATIENCE)
        assert (await sandbox.deliverer.interactive(click)).acked
        seconds = perf_counter() - began
    await sandbox.until(lambda: not sandbox.sockets.connections, timeout=PATIENCE)
    return seconds


@asynccontextmanager
async def _running(command: tuple[str, ...], environment: Mapping[str, str], folder: Path) -> AsyncIterator[None]:
    process = await asyncio.create_subprocess_exec(sys.executable, *command, env=environment, cwd=folder)
    try:
        yield
    finally:
        process.terminate()
        await process.wait()
