"""What every measurement needs: a database or two, the house in it, and a place in the table at the end."""

from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from uuid import uuid4

import psycopg
import pytest

from bot.agenda.clock import Clock
from bot.app import House, house
from bot.curriculum.library import Library
from bot.living import stay_as_you_are
from bot.sandbox.server import Sandbox
from tests.bench.crowd import NOW
from tests.bench.measuring import Compared, lines_of
from tests.world import CONTENT

TABLE = pytest.StashKey[list[Compared]]()

Open = Callable[[str, str], AbstractAsyncContextManager[House]]


@pytest.fixture
def table(request: pytest.FixtureRequest) -> list[Compared]:
    """Where a measurement writes its lines."""
    return request.config.stash.setdefault(TABLE, [])


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    """Show all lines at the end."""
    terminalreporter.ensure_newline()
    nothing: list[Compared] = []
    measured = config.stash.get(TABLE, nothing)
    for line in lines_of(measured):
        terminalreporter.write_line(line)


@pytest.fixture
def library() -> Library:
    """The program as it stands in `content/`."""
    return Library(CONTENT, today=NOW.date)


@pytest.fixture
def open_house(library: Library) -> Open:
    """Opens the house on a database and a Web API: with a pace that holds nothing up, on a Friday morning, in real time."""

    @asynccontextmanager
    async def opened(database_url: str, api_url: str) -> AsyncIterator[House]:
        async with house(
            clock=Clock(start=NOW), database_url=database_url, library=library, token=Sandbox.bot_token,
            api_url=api_url, messages_per_minute=10_000_000,
        ) as fitted:  # fmt: skip
            stay_as_you_are()  # as each process does
            yield fitted

    return opened


@pytest.fixture
def other_database_url(postgres: str, database_url: str) -> Iterator[str]:
    """One more database, for what is measured between two."""
    name = f"t_{uuid4().hex[:12]}"
    with psycopg.connect(postgres, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name} TEMPLATE migrated".encode())
        yield database_url.replace(database_url.partition("?")[0].rsplit("/", 1)[1], name)
        connection.execute(f"DROP DATABASE {name} WITH (FORCE)".encode())
