"""The database goes away under everyone's hands: nothing is lost, nothing is set aside, and all go on by themselves."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any
from unittest.mock import Mock

import psycopg
import pytest
from psycopg.conninfo import conninfo_to_dict
from psycopg_pool import AsyncConnectionPool
from sqlalchemy import text
from sqlalchemy.exc import InternalError, OperationalError
from sqlmodel import select
from sqlmodel.ext.asyncio.session import AsyncSession

from bot.agenda import book
from bot.agenda.clock import Clock
from bot.delivery import claims, ledger
from bot.records.database import Database, directly, driver_connection, plain_url
from bot.records.tables import AgendaItem, Message, Person
from bot.running import ticking
from bot.slack.access import Actor
from bot.slack.doors import opens_view
from tests.flows.test_parts import is_logged, until
from tests.world import World

NINE = datetime(2026, 11, 24, 8, 1, tzinfo=UTC)  # in Ljubljana
LONG = 180.0  # seconds: an outage that is never over fails, it does not hang


def cut_all(database_url: str) -> int:
    """End every connection to the database, as a restart or a failover does, and see them end; how many it were."""
    with psycopg.connect(plain_url(database_url), autocommit=True) as connection:
        rows = connection.execute(
            "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity"
            " WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )
        return len(rows.fetchall())


@asynccontextmanager
async def a_worker(world: World) -> AsyncIterator[None]:
    """A worker that waits for jobs, as `playercoach worker` has one."""
    task = asyncio.create_task(world.house.queue.work())
    try:
        yield
    finally:
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task


async def planned(world: World) -> None:
    """A tick, as the clock goes on trying one."""
    async with asyncio.timeout(LONG):
        while True:
            with suppress(OperationalError):
                await world.house.tick()
                return


async def test_a_worker_outlives_its_database(world: World, database_url: str) -> None:
    """All connections are cut twice, also while nobody does anything; what falls due then is said, once, without a hand."""
    await world.enrol()
    async with a_worker(world):
        for _ in range(2):
            await asyncio.to_thread(cut_all, database_url)
        world.clock.move_to(NINE)
        await planned(world)
        async with asyncio.timeout(LONG):
            await world.sandbox.until(lambda: world.dms(world.maya))
        await asyncio.to_thread(cut_all, database_url)
        world.clock.move_to(NINE.replace(hour=14))  # nine in New York
        await planned(world)
        async with asyncio.timeout(LONG):
            await world.sandbox.until(lambda: world.dms(world.tom))
    await world.settle()
    assert (len(world.dms(world.maya)), len(world.dms(world.tom))) == (1, 1)


async def test_what_slack_answered_is_recorded_though_the_database_goes_away_just_then(
    world: World, database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The connection is cut twice in the middle of recording: the answer is kept, and nothing has to be looked up."""
    await world.enrol()
    world.clock.move_to(NINE)
    await world.house.tick()
    record, cuts = ledger.record, iter((True, True))

    async def cut_off(
        session: AsyncSession, outcomes: Sequence[ledger.Outcome], *, clock: Clock
    ) -> Sequence[ledger.Spoken]:
        if next(cuts, False):
            await session.connection()
            await asyncio.to_thread(cut_all, database_url)
        return await record(session, outcomes, clock=clock)

    monkeypatch.setattr(ledger, "record", cut_off)
    (message,) = await world.rows(Message)
    await world.house.sender.send([str(message.id)], message.workspace_id)
    (message,) = await world.rows(Message)
    assert (message.state, message.attempts, len(world.dms(world.maya))) == ("sent", 1, 1)
    assert not list(cuts)


async def test_a_claim_that_loses_its_database_is_made_again(
    world: World, database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The connection is cut in the middle of claiming: the same job goes on, or the lesson would come minutes later."""
    await world.enrol()
    world.clock.move_to(NINE)
    await world.house.tick()
    claim, cuts = claims.claim, iter((True,))

    async def cut_off(session: AsyncSession, wanted: Sequence[str], **how: Any) -> claims.Claimed:
        claimed = await claim(session, wanted, **how)
        if next(cuts, False):
            await asyncio.to_thread(cut_all, database_url)
        return claimed

    monkeypatch.setattr(claims, "claim", cut_off)
    (message,) = await world.rows(Message)
    await world.house.sender.send([str(message.id)], message.workspace_id)
    assert [(one.state, one.attempts) for one in await world.rows(Message)] == [("sent", 1)]
    assert len(world.dms(world.maya)) == 1


async def test_a_connection_that_the_server_has_closed_is_not_used_again(world: World, database_url: str) -> None:
    """After a restart the next transaction has a new connection: nobody's click fails for it."""
    await world.enrol()
    await asyncio.to_thread(cut_all, database_url)
    await asyncio.to_thread(_all_gone, database_url)
    assert await world.rows(Person)


async def test_a_server_that_takes_no_writes_any_more_is_left(world: World) -> None:
    """Another server took its place, but our connections to the old one stand: the lesson is said over a new one."""
    await world.enrol()
    world.clock.move_to(NINE)
    await world.house.tick()
    async with world.house.database.transaction() as session:
        await session.execute(text("SET SESSION CHARACTERISTICS AS TRANSACTION READ ONLY"))
    (message,) = await world.rows(Message)
    await world.house.sender.send([str(message.id)], message.workspace_id)
    assert [(one.state, one.attempts) for one in await world.rows(Message)] == [("sent", 1)]


async def test_what_is_asked_directly_leaves_it_too(world: World) -> None:
    """An answer finds that the server takes no writes: nobody is told «ok», and the next one has another connection."""
    await world.enrol()
    held: list[psycopg.AsyncConnection] = []

    async def renamed() -> None:
        async with world.house.database.transaction() as session:
            await session.execute(text("SET TRANSACTION READ ONLY"))
            held.append(await driver_connection(session))
            await directly(session, "UPDATE person SET name = %(name)s RETURNING id", {"name": "Nobody"})

    with pytest.raises(OperationalError):
        await renamed()
    assert [one.closed for one in held] == [True]
    assert "Nobody" not in {one.name for one in await world.rows(Person)}


async def test_a_statement_that_takes_too_long_is_its_own_fault(world: World) -> None:
    """Asked directly or not, that is no outage that anybody should wait for."""

    async def slept() -> None:
        async with world.house.database.transaction() as session:
            await session.execute(text("SET LOCAL statement_timeout = 1"))
            await directly(session, "SELECT pg_sleep(%(seconds)s)", {"seconds": 1})

    with pytest.raises(InternalError):
        await slept()


async def test_what_is_asked_directly_sees_what_was_written_before(world: World) -> None:
    """A row that the session holds is written first, as before any other statement."""
    await world.enrol()
    async with world.house.database.transaction() as session:
        for person in await session.exec(select(Person)):
            person.name = "Changed"
            session.add(person)
        names = await directly(session, "SELECT DISTINCT name FROM person", {})
    assert names == [("Changed",)]


def _all_gone(database_url: str) -> None:
    """Wait until the server has closed them all."""
    with psycopg.connect(plain_url(database_url), autocommit=True) as connection:
        others = "SELECT 1 FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
        while connection.execute(others).fetchone() is not None:
            pass


async def test_a_tick_that_loses_its_database_sets_nothing_aside(
    world: World, database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The connection goes in the middle of planning: no item is blamed for it, and the next tick plans all of them."""
    await world.enrol()
    world.clock.move_to(NINE)
    write_down = book.write_down

    async def cut_first(session: AsyncSession) -> None:
        await asyncio.to_thread(cut_all, database_url)
        await write_down(session)

    monkeypatch.setattr(book, "write_down", cut_first)
    with pytest.raises(OperationalError):
        await world.house.tick()
    monkeypatch.undo()
    assert {item.failures for item in await world.rows(AgendaItem)} == {0}
    await planned(world)
    await world.settle()
    assert len(world.dms(world.maya)) == 1


async def test_a_connection_at_rest_is_not_asked_about(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """The queue looks whether the server has closed a connection, and asks it nothing: jobs wait for less."""
    asked = Mock(wraps=AsyncConnectionPool.check_connection)
    monkeypatch.setattr(AsyncConnectionPool, "check_connection", asked)
    await world.enrol()
    await world.until(NINE)
    assert world.dms(world.maya)
    assert not asked.called


async def test_a_window_that_could_not_be_read_ends_nothing(world: World, caplog: pytest.LogCaptureFixture) -> None:
    """The database goes while Maya's settings are read: they do not open, and whoever waits for what is under way goes on."""
    house, maya = world.house, Actor(world.house.workspace_id, world.maya.id)
    client = await house.clients.calm(house.workspace_id)
    gone = replace(house.rooms.preferences, database=Database("postgresql://127.0.0.1:9/gone"))
    house.asides.start(opens_view(gone.settings_view)(maya, "a trigger", client))
    await house.asides.finish()
    assert [one.__dict__.get("action") for one in caplog.records if one.levelname == "WARNING"] == ["aside.lost"]


async def test_a_clock_tells_an_outage_in_a_line(
    world: World, database_url: str, postgres: str, caplog: pytest.LogCaptureFixture
) -> None:
    """It ticks every two seconds: a trace each time were twenty megabytes an hour. Once the database is back, it goes on."""
    name = conninfo_to_dict(plain_url(database_url))["dbname"]
    with psycopg.connect(plain_url(postgres), autocommit=True) as server:
        server.execute(f"ALTER DATABASE {name} ALLOW_CONNECTIONS false".encode())
        server.execute("SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE datname = %s", [name])
        try:
            async with ticking(world.house):
                await until(lambda: is_logged(caplog, "the database is away, it is tried again"), is_=True)
        finally:
            server.execute(f"ALTER DATABASE {name} ALLOW_CONNECTIONS true".encode())
    assert [one.getMessage() for one in caplog.records if one.exc_info] == []
    await planned(world)
