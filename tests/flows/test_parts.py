"""The parts of a process: one that dies ends it, one that is silent is ill; nothing that is dead looks alive."""

import asyncio
import os
import sys
import threading
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from functools import partial

import psycopg
import pytest

from bot import running
from bot.agenda.cadence import Job, cadence
from bot.delivery import connections, jobs
from bot.living import PartDied, Work, alongside, in_a_thread
from bot.records.database import plain_url
from bot.running import ticking, working
from bot.watching.signs import CLOCK, PATIENCE_SECONDS, RECEIVER, WORKER
from tests.world import CONTENT, World

LONG = 180.0  # seconds: what never comes fails, it does not hang
# The process as it is, but for one thing: what carries the jobs meets an error of its own.
BROKEN_WORKER = """
import sys
from procrastinate.worker import Worker

async def run(self):
    raise LookupError("nobody foresaw this, xoxb-1234567890-secret")

Worker.run = run
from bot.cli import main
sys.argv[1:] = ["worker"]
main()
"""


async def forever() -> None:
    """Work that never ends by itself."""
    await asyncio.Event().wait()


async def dies() -> None:
    """Work that fails."""
    raise LookupError("nobody foresaw this")


async def ends() -> None:
    """Work that is over at once."""


async def is_logged(caplog: pytest.LogCaptureFixture, words: str) -> bool:
    """Whether the log says so by now."""
    return words in caplog.text


async def until(
    told: Callable[[], Awaitable[bool]], *, is_: bool, meanwhile: Callable[[], None] = lambda: None
) -> None:
    """Wait until that is what is told."""
    async with asyncio.timeout(LONG):
        while await told() is not is_:
            meanwhile()
            await asyncio.sleep(0.02)


def let_time_pass(world: World) -> None:
    """Real time goes on by more than anybody's patience."""
    later = world.house.signs.now() + PATIENCE_SECONDS + 1
    world.house.signs.now = lambda: later


def let_time_pass_for(world: World, part: str) -> None:
    """The same, while all other parts give their signs."""
    let_time_pass(world)
    for other in {RECEIVER, CLOCK, WORKER} - {part}:
        world.house.signs.give(other)


@pytest.mark.long
async def test_a_worker_that_dies_takes_its_process_along(world: World) -> None:
    """Whoever supervises it sees an exit code, and the log says what ended and why, without secrets."""
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-c", BROKEN_WORKER, cwd=CONTENT.parent, stderr=asyncio.subprocess.PIPE,
        env={
            "PATH": os.environ["PATH"], "DATABASE_URL": plain_url(world.house.database.url),
            "SLACK_API_URL": world.sandbox.api_url, "SLACK_BOT_TOKEN": world.sandbox.bot_token,
            "CONTENT_DIR": str(CONTENT),
        },
    )  # fmt: skip
    async with asyncio.timeout(LONG):
        _, log = await process.communicate()
    assert process.returncode == 1, log.decode()
    assert b"process.part_died" in log
    assert b"LookupError" in log
    assert b"secret" not in log


@pytest.mark.parametrize("work", [dies, ends])
async def test_whatever_else_waits_is_called_off(work: Work) -> None:
    """A part fails, or just ends, while others wait for something else: they close in order, and the process hears of it."""
    closed: list[str] = []

    @asynccontextmanager
    async def beside(name: str) -> AsyncIterator[None]:
        try:
            yield
        finally:
            await asyncio.sleep(0)  # what is finished may take its time
            closed.append(name)

    with pytest.raises(PartDied, match="the worker"):
        async with asyncio.timeout(LONG), beside("outer"), alongside("the worker", work), beside("inner"):
            await forever()
    assert closed == ["inner", "outer"]


async def test_what_a_thread_has_begun_it_ends() -> None:
    """A process is told to stop while a thread starts its database: whoever stops that waits until it has started."""
    begun, may_end, ended = threading.Event(), threading.Event(), threading.Event()

    def starts() -> None:
        begun.set()
        may_end.wait(LONG)
        ended.set()

    starting = asyncio.create_task(in_a_thread(starts))
    await asyncio.to_thread(begun.wait, LONG)
    starting.cancel()
    for _ in range(5):  # turns of the loop, in which it would end if it did not wait
        await asyncio.sleep(0)
    assert not starting.done()
    may_end.set()
    with pytest.raises(asyncio.CancelledError):
        await starting
    assert ended.is_set()


async def test_an_error_of_ones_own_stays_what_it_is() -> None:
    """What fails beside a part that is well is not the part's: the operator reads its own sentence."""
    with pytest.raises(OSError, match="the port is in use"):
        async with alongside("the worker", forever):
            raise OSError("the port is in use")
    with pytest.raises(TimeoutError, match="of its own"):
        async with alongside("the worker", forever):
            raise TimeoutError("of its own")


async def test_a_clock_whose_ticks_all_fail_is_ill(world: World) -> None:
    """A tick that fails shows nothing; after some minutes of it `/healthz` is red, and one good tick makes it green."""
    tick = world.house.due.release
    object.__setattr__(world.house.due, "release", None)
    async with ticking(world.house):
        assert await world.house.healthy()
        let_time_pass_for(world, CLOCK)
        with pytest.raises(TypeError):
            await world.house.tick()
        assert not await world.house.healthy()
        object.__setattr__(world.house.due, "release", tick)
        await world.house.tick()
        assert await world.house.healthy()
        let_time_pass_for(world, CLOCK)
    assert await world.house.healthy(), "a clock that was stopped owes no ticks"


async def test_a_clock_begins_with_what_waited_for_one() -> None:
    """It ticks and gives lost jobs to others as soon as it is there, though its next tick is days away."""
    ticked, kept, synced = asyncio.Event(), asyncio.Event(), asyncio.Event()

    def once(happened: asyncio.Event) -> Job:
        async def job() -> None:
            happened.set()

        return job

    jobs_of_it = {"tick": once(ticked), "housekeep": once(kept), "sync_directory": once(synced)}
    async with asyncio.timeout(LONG), cadence(**jobs_of_it, speed=1e-6):
        await ticked.wait()
        await kept.wait()
    assert not synced.is_set(), "Slack's directory is asked hourly, not at each start"


async def test_a_worker_that_asks_for_no_jobs_is_ill(world: World, database_url: str) -> None:
    """Its question hangs: the database answers all others, and yet `/healthz` is red until it gets its answer."""
    async with working(world.house):
        with psycopg.connect(plain_url(database_url)) as held:
            held.execute("LOCK TABLE procrastinate_jobs")
            async with await psycopg.AsyncConnection.connect(plain_url(database_url)) as asking:
                await until(partial(_waits, asking), is_=True)
            let_time_pass_for(world, WORKER)
            assert not await world.house.healthy()
        await until(world.house.healthy, is_=True)


@pytest.mark.long
async def test_a_receiver_without_a_connection_is_ill(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """Slack lets nobody connect for some minutes: red; once the connection stands again: green."""
    monkeypatch.setattr(running, "LOOK_SECONDS", 0.01)
    world.sandbox.fail("apps.connections.open", "500", every=1)
    world.sandbox.sockets.cut_one()
    await until(world.house.healthy, is_=False, meanwhile=lambda: let_time_pass(world))
    world.sandbox.faults.coming.clear()
    await until(world.house.healthy, is_=True)


async def test_a_worker_is_stopped_while_its_database_is_away(
    postgres: str, database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It can't sign off; it ends all the same, and does not begin anew."""
    monkeypatch.setattr(connections, "WAITED_FOR_SECONDS", 0.5)
    asked = asyncio.Event()
    queue = jobs.Queue(database_url, asked.set)
    async with queue.opened(), asyncio.timeout(LONG):
        worker = asyncio.create_task(queue.work())
        await asked.wait()
        with shut(postgres, database_url):
            worker.cancel()
            await asyncio.wait({worker})
    assert worker.cancelled()


@contextmanager
def shut(postgres: str, database_url: str) -> Iterator[None]:
    """The database ends all connections to it, and takes no other, for as long as this is open."""
    name = database_url.partition("?")[0].rsplit("/", 1)[1]
    with psycopg.connect(postgres, autocommit=True) as server:
        server.execute(f"ALTER DATABASE {name} ALLOW_CONNECTIONS false".encode())
        server.execute("SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE datname = %s", [name])
        yield
        server.execute(f"ALTER DATABASE {name} ALLOW_CONNECTIONS true".encode())


async def _waits(asking: psycopg.AsyncConnection) -> bool:
    """Whether anybody waits for what another holds."""
    found = await asking.execute("SELECT count(*) FROM pg_locks WHERE NOT granted")
    return await found.fetchone() != (0,)


async def test_socket_mode_is_switched_off(world: World, caplog: pytest.LogCaptureFixture) -> None:
    """Slack says so each time that one connects, and its client only connects anew: the log tells the operator."""
    await world.sandbox.disconnect_all("refresh_requested")
    await world.sandbox.until(lambda: world.sandbox.sockets.connections)
    assert "switched off" not in caplog.text
    await world.sandbox.disconnect_all("link_disabled")
    await until(lambda: is_logged(caplog, "switch it on, on its page under Socket Mode"), is_=True)
