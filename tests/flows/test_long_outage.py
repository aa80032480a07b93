"""The database stays away for longer than a job waits for it: what a worker knew is on record once it is back."""

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import AbstractAsyncContextManager, AsyncExitStack, asynccontextmanager, suppress
from dataclasses import dataclass, field
from typing import Any
from unittest.mock import AsyncMock
from uuid import uuid4

import pytest
from procrastinate.exceptions import ConnectorException
from procrastinate.jobs import Job
from procrastinate.manager import JobManager
from sqlalchemy import text
from sqlalchemy.exc import OperationalError
from sqlmodel.ext.asyncio.session import AsyncSession

from bot.agenda.clock import Clock
from bot.delivery import claims, connections, jobs, ledger, recorder, sender
from bot.delivery.courier import Courier, Said
from bot.records.database import CONNECTIONS, CONNECTIONS_IN_NEED, LINK, Database, driver_connection
from bot.records.tables import Message
from tests.databases import run
from tests.flows.test_lost_database import LONG, NINE, cut_all
from tests.world import World

Outage = Callable[[str, str], AbstractAsyncContextManager[None]]  # of this server, of the database of this address
SOON = 0.02  # seconds between tries, so that the story goes on as soon as the database is back


@pytest.fixture(autouse=True)
def hurried(monkeypatch: pytest.MonkeyPatch) -> None:
    """A job gives up after its second try; what must be written is tried for as long as the story takes."""
    monkeypatch.setattr(sender, "PATIENCE_SECONDS", (SOON,))
    monkeypatch.setattr(recorder, "LONG_PATIENCE_SECONDS", (SOON,) * 10_000)
    monkeypatch.setattr(recorder, "WAITED_FOR_SECONDS", SOON)


@asynccontextmanager
async def away(postgres: str, database_url: str) -> AsyncIterator[None]:
    """The database ends every connection, and takes none."""
    name = database_url.partition("?")[0].rpartition("/")[2]
    await asyncio.to_thread(run, postgres, f"ALTER DATABASE {name} ALLOW_CONNECTIONS false")
    await asyncio.to_thread(
        run, postgres, f"SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE datname = '{name}'"
    )
    try:
        yield
    finally:
        await asyncio.to_thread(run, postgres, f"ALTER DATABASE {name} ALLOW_CONNECTIONS true")


@dataclass
class Tries:
    """How often something was tried."""

    made: int = 0
    _changed: asyncio.Condition = field(default_factory=asyncio.Condition)

    async def count(self) -> None:
        """Once more."""
        self.made += 1
        async with self._changed:
            self._changed.notify_all()

    async def reach(self, often: int) -> None:
        """Wait until it was tried so often."""
        async with asyncio.timeout(LONG), self._changed:
            await self._changed.wait_for(lambda: self.made >= often)


@dataclass
class EveryConnection:
    """All that a database may have open, each held by a task of its own."""

    database: Database
    _over: asyncio.Event = field(default_factory=asyncio.Event)
    _holders: list[asyncio.Task[None]] = field(default_factory=list)

    async def take(self) -> None:
        """From now on nobody else gets one."""
        taken = asyncio.Barrier(CONNECTIONS + CONNECTIONS_IN_NEED + 1)
        self._holders += [asyncio.create_task(self._hold(taken)) for _ in range(taken.parties - 1)]
        await taken.wait()

    async def let_go(self) -> None:
        """They are given back."""
        self._over.set()
        await asyncio.gather(*self._holders)

    async def _hold(self, taken: asyncio.Barrier) -> None:
        async with self.database.engine.connect():
            await taken.wait()
            await self._over.wait()


@asynccontextmanager
async def read_only(postgres: str, database_url: str) -> AsyncIterator[None]:
    """The server that is reached takes no writes, as one that has been replaced by another."""
    name = database_url.partition("?")[0].rpartition("/")[2]
    await asyncio.to_thread(run, postgres, f"ALTER DATABASE {name} SET default_transaction_read_only = on")
    await asyncio.to_thread(cut_all, database_url)
    try:
        yield
    finally:
        await asyncio.to_thread(run, postgres, f"ALTER DATABASE {name} RESET default_transaction_read_only")


async def the_message(world: World, there: Callable[[Message], bool]) -> Message:
    """The only message, as soon as it is so."""
    async with asyncio.timeout(LONG):
        while True:
            message: Message = (await world.rows(Message))[0]
            if there(message):
                return message


@pytest.mark.parametrize("outage", [away, read_only])
async def test_what_a_job_held_is_given_to_another_as_soon_as_the_database_is_back(
    world: World, postgres: str, database_url: str, outage: Outage
) -> None:
    """A job fails of an outage: its lesson comes with one of the next ticks, not minutes later, when the job counts as lost."""
    await world.enrol()
    world.clock.move_to(NINE)
    await world.house.tick()
    (message,) = await world.rows(Message)
    held_until = message.wake_at
    async with outage(postgres, database_url):
        with pytest.raises(OperationalError):
            await world.house.sender.send([str(message.id)], message.workspace_id)
    given = await the_message(world, lambda one: one.wake_at != held_until)
    assert given.wake_at is not None
    assert given.wake_at <= world.clock.now() + world.clock.span(claims.LATER_REAL_SECONDS)
    await world.pass_time(seconds=1)
    assert [(one.state, one.attempts) for one in await world.rows(Message)] == [("sent", 1)]
    assert len(world.dms(world.maya)) == 1


async def test_what_slack_answered_is_on_record_after_an_outage_that_outlasts_the_job(
    world: World, postgres: str, database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A lesson is said, the database goes, and the worker's job with it: nobody has to look in Slack whether it was said."""
    await world.enrol()
    world.clock.move_to(NINE)
    await world.house.tick()
    (message,) = await world.rows(Message)
    record, tries = ledger.record, Tries()

    async def cut_off(
        session: AsyncSession, outcomes: Sequence[ledger.Outcome], *, clock: Clock
    ) -> Sequence[ledger.Spoken]:
        if not tries.made:
            await outage.enter_async_context(away(postgres, database_url))
        await tries.count()
        return await record(session, outcomes, clock=clock)

    monkeypatch.setattr(ledger, "record", cut_off)
    async with AsyncExitStack() as outage:
        job = asyncio.create_task(world.house.sender.send([str(message.id)], message.workspace_id))
        await tries.reach(1)
        job.cancel()  # as a worker does that has lost its database
        with suppress(asyncio.CancelledError):
            await job
        assert len(world.dms(world.maya)) == 1
        await tries.reach(5)
    said = await the_message(world, lambda one: one.state == "sent")
    assert said.attempts == 1


async def test_what_slack_answered_is_on_record_where_every_connection_waits(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The database answers nobody, and nobody gives a connection back: that passes, like any outage, and nothing is forgotten."""
    await world.enrol()
    world.clock.move_to(NINE)
    await world.house.tick()
    (message,) = await world.rows(Message)
    database, post, tries = world.house.database, Courier.post, Tries()
    transaction, every = database.transaction, EveryConnection(database)
    monkeypatch.setattr(database.engine.pool, "_timeout", SOON)

    async def posted(courier: Courier, *about: Any, **how: Any) -> Said:
        said = await post(courier, *about, **how)
        await every.take()
        monkeypatch.setattr(database, "transaction", tried)
        return said

    @asynccontextmanager
    async def tried() -> AsyncIterator[AsyncSession]:
        await tries.count()
        async with transaction() as session:
            yield session

    monkeypatch.setattr(Courier, "post", posted)
    job = asyncio.create_task(world.house.sender.send([str(message.id)], message.workspace_id))
    await asyncio.wait({job, asyncio.create_task(tries.reach(3))}, return_when=asyncio.FIRST_COMPLETED)
    await every.let_go()
    await job
    assert [(one.state, one.attempts) for one in await world.rows(Message)] == [("sent", 1)]


async def test_who_waits_for_the_queue_is_served_as_soon_as_the_database_is_back(
    postgres: str, database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its pool gives up looking time and again while somebody waits: they get a connection all the same, and at once."""
    tries, look_on = Tries(), connections._look_on

    async def counted(pool: Any) -> None:
        await tries.count()
        await look_on(pool)

    monkeypatch.setattr(connections, "LOOKED_FOR_SECONDS", SOON)
    monkeypatch.setattr(connections, "_look_on", counted)
    queue = jobs.Queue(database_url)
    async with queue.opened(), AsyncExitStack() as outage:
        connector: Any = queue._app.connector
        connector.pool.timeout = 10 * LONG
        await outage.enter_async_context(away(postgres, database_url))
        waiting = asyncio.create_task(_asked(queue))
        await asyncio.wait({waiting, asyncio.create_task(tries.reach(2))}, return_when=asyncio.FIRST_COMPLETED)
        await outage.aclose()
        async with asyncio.timeout(LONG / 2):
            assert await waiting == 0


async def test_a_queue_whose_connections_were_all_cut_takes_new_ones_at_once(database_url: str) -> None:
    """A failover ends them all; they are not found dead one by one, with ever longer waits between, until a worker gives up."""
    queue = jobs.Queue(database_url)
    async with queue.opened():
        connector: Any = queue._app.connector
        held = [await connector.pool.getconn() for _ in range(connections.MOST)]
        for one in held:
            await connector.pool.putconn(one)
        await asyncio.to_thread(cut_all, database_url)
        assert await queue.reap() == 0


@pytest.mark.parametrize("fails", [False, True])
async def test_the_end_of_a_job_is_on_record_after_an_outage_that_began_meanwhile(
    postgres: str, database_url: str, monkeypatch: pytest.MonkeyPatch, fails: bool
) -> None:
    """A job works while the database goes away: whether it ended well or is to be tried again is known once it is back."""
    monkeypatch.setattr(connections, "WAITED_FOR_SECONDS", 0.5)
    monkeypatch.setattr(jobs, "BEGUN_ANEW_SECONDS", SOON)
    ends, began, database = Tries(), Tries(), Database(database_url)
    for name in ("finish_job_by_id_async", "retry_job_by_id_async"):
        monkeypatch.setattr(JobManager, name, _counted(getattr(JobManager, name), ends))

    async def work(**_: Any) -> None:
        await began.count()
        if began.made == 1:
            await outage.enter_async_context(away(postgres, database_url))
            assert not fails, "this job is to be tried again"

    queue = jobs.Queue(database_url)
    queue.handle(send=work, refresh=work, show_home=work)
    async with queue.opened(), AsyncExitStack() as outage:
        async with database.transaction() as session:
            await queue.defer_refresh(session, [uuid4()])
        working = asyncio.create_task(queue.work())
        await ends.reach(2)
        await outage.aclose()
        async with asyncio.timeout(LONG):
            while await _under_way(database):
                pass
        working.cancel()
        await asyncio.wait({working})
    await database.close()


async def test_a_lost_job_that_ends_while_it_is_given_to_others_stays_ended(
    database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Two clocks find the same one, or its worker was only late: the second to write it down does not fail."""
    ended = Job(id=1, queue="screens", lock=None, queueing_lock=None, task_name="refresh")
    monkeypatch.setattr(JobManager, "get_stalled_jobs", AsyncMock(return_value=[ended]))
    queue = jobs.Queue(database_url)
    async with queue.opened():
        assert await queue.reap() == 1


async def _under_way(database: Database) -> bool:
    """Whether a job counts as under way."""
    try:
        async with database.transaction() as session:
            return bool(
                (await session.execute(text("SELECT 1 FROM procrastinate_jobs WHERE status = 'doing'"))).first()
            )
    except OperationalError:
        return True


def _counted(write: Callable[..., Any], tries: Tries) -> Callable[..., Any]:
    async def written(*job: Any, **how: Any) -> Any:
        await tries.count()
        return await write(*job, **how)

    return written


async def _asked(queue: jobs.Queue) -> int:
    """Ask it something, once more if it takes the connection that was cut."""
    with suppress(ConnectorException):
        return await queue.reap()
    return await queue.reap()


async def test_no_connection_is_made_to_a_server_that_takes_no_writes(
    world: World, postgres: str, database_url: str
) -> None:
    """It would be kept, and used in vain, once the right server is back."""
    async with read_only(postgres, database_url):
        with pytest.raises(OperationalError, match="read-only"):
            await world.rows(Message)


async def test_no_connection_outlives_a_server_that_is_gone_without_a_word(world: World) -> None:
    """Whoever asks for one, the house or its queue, gets one that notices within ten seconds."""
    connector: Any = world.house.queue._app.connector
    async with world.house.database.transaction() as session, connector.pool.connection() as queues:
        for connection in (await driver_connection(session), queues):
            told = connection.info.get_parameters()
            assert {key: told.get(key) for key in LINK} == {key: str(value) for key, value in LINK.items()}


async def test_a_worker_that_cannot_sign_off_goes_when_it_is_told_to(
    world: World, postgres: str, database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The database is away when a worker has to stop: it is not waited for until somebody kills the worker."""
    monkeypatch.setattr(jobs, "STOPPED_WITHIN_SECONDS", SOON)
    working = asyncio.create_task(world.house.queue.work())
    await signed_on(world)
    async with away(postgres, database_url):
        working.cancel()
        with suppress(asyncio.CancelledError):
            async with asyncio.timeout(connections.WAITED_FOR_SECONDS / 2):  # it would wait for it for longer than that
                await working
        assert working.cancelled()


async def signed_on(world: World) -> None:
    """Wait until a worker is there."""
    async with asyncio.timeout(LONG):
        while True:
            async with world.house.database.transaction() as session:
                if (await session.execute(text("SELECT 1 FROM procrastinate_workers"))).first():
                    return
