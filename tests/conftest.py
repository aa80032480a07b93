"""A standing cast and a whole house around it: real PostgreSQL, real Bolt and slack_sdk, the stand-in in Slack's place."""

import asyncio
import gc
import logging
import os
import shutil
import sys
from collections.abc import AsyncIterator, Callable, Iterator
from typing import Any

import pytest
from hypothesis import HealthCheck, settings

from bot.living import new_loop
from bot.records.embedded import Embedded
from bot.records.upgrade import upgrade
from tests.compiling import share_what_is_compiled
from tests.databases import TEMPLATE, Databases, in_memory, new_name, run
from tests.databases import at as at  # the bench takes it from here
from tests.dealing import dealt
from tests.world import CONTENT, World, open_world

sys.dont_write_bytecode = False  # what is compiled is kept: each worker and each process would compile the same anew
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
for name in [one for one in os.environ if one.startswith(("SLACK_", "CLOCK_", "DATABASE_", "CONTENT_", "DATA_"))]:
    del os.environ[name]  # the developer's own settings have no business in a test

# No property is held to a time: by itself Hypothesis fails one that takes 200 ms, which a busy machine can do to any of them.
settings.register_profile("untimed", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("untimed")

# The tests' own server is thrown away: it need not survive a crash, nor be tidied up. All of this can be set while it runs.
CARELESS = ("fsync", "synchronous_commit", "full_page_writes", "autovacuum")
GARBAGE = 20_000  # new objects, after which the garbage collector looks at them; Python's own 700 are half a click


def pytest_configure(config: pytest.Config) -> None:
    """What stories write, and the tests' own server does, is in memory where there is room, unless speed is measured."""
    place = in_memory()
    if place is not None and not any("bench" in one for one in config.args):
        os.environ.setdefault("PYTEST_DEBUG_TEMPROOT", str(place))


def pytest_asyncio_loop_factories() -> dict[str, Callable[[], asyncio.AbstractEventLoop]]:
    """Stories run in the event loop that every process has."""
    return {"as in every process": new_loop}


def pytest_xdist_auto_num_workers() -> int:
    """Two for each core: a story waits for PostgreSQL and for Slack a third of its time."""
    return 2 * (os.cpu_count() or 1)


@pytest.hookimpl(trylast=True)  # what `-m` leaves out is gone by then
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Each worker begins with its share of the longest, so that nobody waits for them at the end."""
    worker: dict[str, Any] = getattr(config, "workerinput", {})
    items[:] = dealt(items, _weight, worker.get("workercount", 1))


def _weight(item: pytest.Item) -> float:
    """About how many seconds of a processor's a long one takes; none are counted of the others."""
    long = item.get_closest_marker("long")
    return 0.0 if long is None else float(long.kwargs.get("seconds", 3))


def pytest_collection_finish(session: pytest.Session) -> None:
    """Two things that stories share, unless speed is measured: what was compiled, and what was imported.

    All that is there by now stays, so the garbage collector need not look through it again and again; and a house that a story
    builds and leaves is looked through when there is something to be found.
    """
    if not any("bench" in item.path.parts for item in session.items):
        share_what_is_compiled()
        gc.freeze()
        gc.set_threshold(GARBAGE)


@pytest.fixture(autouse=True)
def _as_loud_as_before() -> Iterator[None]:
    """A command that a story gives sets up the log for its whole process: that ends with the story."""
    bot_log = logging.getLogger("bot")
    level = bot_log.level
    yield
    bot_log.setLevel(level)


@pytest.fixture(scope="session")
def postgres(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A real PostgreSQL for the whole run, with a migrated database to copy; its address without a database's name."""
    given = os.environ.get("PLAYERCOACH_TEST_POSTGRES")
    home = tmp_path_factory.mktemp("postgres")
    embedded = Embedded(home)
    base = (given or embedded.start()).replace("+psycopg", "")
    if not given:
        for setting in CARELESS:
            run(base, f"ALTER SYSTEM SET {setting} = off")
        run(base, "SELECT pg_reload_conf()")
    run(base, f"DROP DATABASE IF EXISTS {TEMPLATE}")
    run(base, f"CREATE DATABASE {TEMPLATE}")
    upgrade(at(base, TEMPLATE))
    yield base
    if not given:
        embedded.stop()
    shutil.rmtree(home, ignore_errors=True)


@pytest.fixture(scope="session")
def databases(postgres: str) -> Iterator[Databases]:
    """Those that stories have one after the other."""
    opened = Databases(postgres)
    yield opened
    opened.drop_all()


@pytest.fixture
def database_url(postgres: str, databases: Databases) -> Iterator[str]:
    """A database of one's own."""
    name = databases.take()
    yield at(postgres, name)
    databases.give_back(name)


@pytest.fixture
def empty_url(postgres: str) -> Iterator[str]:
    """A database with nothing in it."""
    name = new_name()
    run(postgres, f"CREATE DATABASE {name}")
    yield at(postgres, name)
    run(postgres, f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture
async def world(database_url: str, request: pytest.FixtureRequest) -> AsyncIterator[World]:
    """The house with its cast in it, on Tuesday 24 November 2026 at 7:00 in Ljubljana; nobody is enrolled yet.

    Marked `over_http`, Slack speaks to it over HTTP instead of Socket Mode.
    """
    over_http = request.node.get_closest_marker("over_http") is not None
    async with open_world(database_url, content=CONTENT, over_http=over_http) as opened:
        yield opened
