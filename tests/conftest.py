"""A standing cast and a whole house around it: real PostgreSQL, real Bolt and slack_sdk, the stand-in in Slack's place."""

import os
import shutil
import tempfile
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from uuid import uuid4

import psycopg
import pytest

from bot.records.embedded import Embedded
from bot.records.upgrade import upgrade
from tests.world import CONTENT, World, open_world

for name in [one for one in os.environ if one.startswith(("SLACK_", "CLOCK_", "DATABASE_", "CONTENT_", "DATA_"))]:
    del os.environ[name]  # the developer's own settings have no business in a test


@pytest.fixture(scope="session")
def postgres() -> Iterator[str]:
    """A real PostgreSQL for the whole run, with a migrated database to copy; its address without a database's name."""
    given = os.environ.get("PLAYERCOACH_TEST_POSTGRES")
    home = Path(tempfile.mkdtemp(prefix="playercoach-tests-"))
    embedded = Embedded(home)
    url = given or embedded.start()
    base = url.replace("+psycopg", "")
    _run(base, "DROP DATABASE IF EXISTS migrated")
    _run(base, "CREATE DATABASE migrated")
    upgrade(at(base, "migrated"))
    yield base
    if not given:
        embedded.stop()
    shutil.rmtree(home, ignore_errors=True)


@pytest.fixture
def database_url(postgres: str) -> Iterator[str]:
    """A database of one's own."""
    name = f"t_{uuid4().hex[:12]}"
    _run(postgres, f"CREATE DATABASE {name} TEMPLATE migrated")
    yield at(postgres, name)
    _run(postgres, f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture
def empty_url(postgres: str) -> Iterator[str]:
    """A database with nothing in it."""
    name = f"e_{uuid4().hex[:12]}"
    _run(postgres, f"CREATE DATABASE {name}")
    yield at(postgres, name)
    _run(postgres, f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture
async def world(database_url: str) -> AsyncIterator[World]:
    """The house with its cast in it, on Tuesday 24 November 2026 at 7:00 in Ljubljana; nobody is enrolled yet."""
    async with open_world(database_url, content=CONTENT) as opened:
        yield opened


def at(base: str, name: str) -> str:
    """The address of another database of the same server."""
    before, _, query = base.partition("?")
    return f"{before.rsplit('/', 1)[0]}/{name}" + (f"?{query}" if query else "")


def _run(url: str, statement: str) -> None:
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(statement.encode())
