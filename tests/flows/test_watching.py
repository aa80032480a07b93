"""Watching over the program: figures, health, slow and huge bodies; and nobody's name in any of it."""

import asyncio
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest
from aiohttp import ClientSession

from bot.agenda import book
from bot.running import watched
from bot.settings import Settings, SettingsUnfit
from bot.slack import receivers
from bot.watching.asking import is_well
from bot.watching.backlog import Backlog
from bot.watching.meters import method_of
from tests.flows.test_delivery import lessons_fall_due
from tests.world import World


@asynccontextmanager
async def on_the_web(world: World) -> AsyncIterator[str]:
    """The world's app as `web` serves it; where."""
    site = receivers.web_app(world.house.bolt(signing_secret=world.sandbox.signing_secret), healthy=world.house.healthy)
    world.house.watch().show(site)
    async with receivers.http(site, port=0, host="127.0.0.1") as port:
        yield f"http://127.0.0.1:{port}"


async def read(url: str) -> str:
    """A page."""
    async with ClientSession() as http, http.get(url) as answer:
        assert answer.status == 200
        return await answer.text()


async def figures(world: World) -> dict[str, float]:
    """Each figure of `/metrics`, by its name and labels."""
    async with on_the_web(world) as url:
        page = await read(f"{url}/metrics")
    lines = [line.rsplit(" ", 1) for line in page.splitlines() if not line.startswith("#")]
    return {name: float(value) for name, value in lines}


async def test_what_happens_is_counted(world: World) -> None:
    """Two lessons and a look at App Home: planned, said, called, acknowledged; one tick after the other."""
    await lessons_fall_due(world)
    await world.sandbox.open_home(world.maya.id)
    told = await figures(world)
    assert told['playercoach_messages_total{outcome="sent"}'] == len(world.dms(world.maya) + world.dms(world.tom))
    assert told['playercoach_slack_calls_total{method="chat.postMessage",status="200"}'] >= 2
    assert told["playercoach_send_lag_seconds_count"] >= 2
    assert told['playercoach_ack_seconds_count{status="200"}'] == 1
    assert told["playercoach_planned_total"] >= 2
    assert told["playercoach_tick_seconds_count"] >= 1
    assert told["playercoach_ticks_failed_total"] == 0
    assert told["playercoach_database_up"] == 1
    assert (
        told["playercoach_due_items"] == told["playercoach_jobs_stalled"] == told["playercoach_messages_in_doubt"] == 0
    )


@pytest.mark.parametrize(
    ("kind", "outcomes", "unheard"),
    [
        ("429", {"rate_limited": 1.0}, None),
        ("error:msg_too_long", {"failed": 1.0}, None),
        ("error:fatal_error", {"in_doubt": 1.0}, None),
        ("reset_before", {"in_doubt": 1.0, "was_not_sent": 1.0}, 1.0),
    ],
)
async def test_what_goes_wrong_is_counted(
    world: World, kind: str, outcomes: dict[str, float], unheard: float | None
) -> None:
    """A silence, a refusal, a connection that broke: each has its word; and a call that nobody answered has none."""
    world.sandbox.fail("chat.postMessage", kind)
    await lessons_fall_due(world)
    told = await figures(world)
    found = {outcome: told.get(f'playercoach_messages_total{{outcome="{outcome}"}}') for outcome in outcomes}
    assert found == outcomes
    assert told.get('playercoach_slack_calls_total{method="chat.postMessage",status="none"}') == unheard


async def test_what_waits_is_seen(world: World) -> None:
    """An item that has been due for two hours, a job that nobody has taken: gauges say so, whoever is asked."""
    long_ago = world.clock.now()
    async with world.house.database.transaction() as session:
        await book.put(session, key="late:1", kind="digest", workspace_id=world.house.workspace_id, due_at=long_ago)
        await world.house.queue.defer_home(session, world.house.workspace_id, world.maya.id)
    world.clock.move_to(long_ago.replace(hour=long_ago.hour + 2))
    told = await figures(world)
    assert told["playercoach_due_items"] == 1
    assert told["playercoach_due_lag_seconds"] == pytest.approx(7200, abs=60)
    assert told["playercoach_jobs_waiting"] == 1


async def test_a_job_that_fails_is_seen(world: World) -> None:
    """A job ends in an error and is not tried again: it waits no more and nobody has it, but a gauge says so for a day."""
    async with world.house.database.transaction() as session:
        await world.house.queue.defer(session, "nobody_knows_this", [{}])
    with pytest.raises(AssertionError, match="a job failed"):
        await world.settle()
    told = await figures(world)
    assert told["playercoach_jobs_failed"] == 1
    assert told["playercoach_jobs_waiting"] == told["playercoach_jobs_doing"] == 0


async def test_a_scrape_asks_the_database_now_and_then(world: World) -> None:
    """Two looks in a row are one query."""
    backlog = Backlog(world.house.database, world.clock)
    await backlog.look()
    async with world.house.database.transaction() as session:
        await world.house.queue.defer_home(session, world.house.workspace_id, world.maya.id)
    await backlog.look()
    assert backlog.registry.get_sample_value("playercoach_jobs_waiting") == 0


async def test_nobody_is_named(world: World) -> None:
    """No name, address, id of Slack's or of ours stands on the page."""
    await lessons_fall_due(world)
    async with on_the_web(world) as url:
        page = await read(f"{url}/metrics")
    for word in ("maya", "U0", "example.com", world.house.workspace_id, world.sandbox.bot_token, "playercoach_person"):
        assert word.lower() not in page.lower()
    labels = set(re.findall(r'(\w+)="', page))
    assert labels <= {"le", "status", "method", "outcome"}


async def test_worker_and_clock_have_a_port_of_their_own(world: World, unused_port: int) -> None:
    """With METRICS_PORT, both pages are there; `playercoach healthy` believes what it hears, and nothing is not well."""
    settings = Settings(_env_file=None, metrics_port=unused_port)
    assert not await asyncio.to_thread(is_well, "127.0.0.1", unused_port)
    async with watched(world.house, settings):
        assert "playercoach_database_up 1.0" in await read(f"http://127.0.0.1:{unused_port}/metrics")
        assert await asyncio.to_thread(is_well, "127.0.0.1", unused_port)
    async with watched(world.house, Settings(_env_file=None)):
        assert not await asyncio.to_thread(is_well, "127.0.0.1", unused_port)


@pytest.mark.parametrize("host", ["127.0.0.2", "0.0.0.0", "127.0.0.1"])  # noqa: S104 — for one story
async def test_a_process_is_asked_where_it_listens(world: World, unused_port: int, host: str) -> None:
    """On one address of the machine, as on all of them."""
    settings = Settings(_env_file=None, host=host, metrics_port=unused_port)
    async with watched(world.house, settings):
        assert await asyncio.to_thread(is_well, host, unused_port)


async def test_a_metrics_port_that_is_taken(world: World, unused_port: int) -> None:
    """The setting that is wrong is the one that is named: a worker has no other port."""
    settings = Settings(_env_file=None, metrics_port=unused_port)
    async with watched(world.house, settings):
        with pytest.raises(SettingsUnfit, match=f"METRICS_PORT: {unused_port} .* in use"):
            async with watched(world.house, settings):
                pass


@pytest.mark.parametrize(("head", "body", "status"), [
    ("Content-Length: 2000000", b"x" * 1_100_000, b"413"),
    ("Content-Length: 50", b"payload=", b"408"),
])  # fmt: skip
async def test_a_body_without_end_is_not_waited_for(
    world: World, monkeypatch: pytest.MonkeyPatch, head: str, body: bytes, status: bytes
) -> None:
    """More than a megabyte, or a body that never comes whole: refused before anybody looks at it."""
    monkeypatch.setattr(receivers, "BODY_SECONDS", 0.2)
    async with on_the_web(world) as url:
        reader, writer = await asyncio.open_connection("127.0.0.1", int(url.rsplit(":", 1)[1]))
        writer.write(f"POST {receivers.EVENTS_PATH} HTTP/1.1\r\nHost: x\r\n{head}\r\n\r\n".encode() + body)
        answer = await reader.readline()
        writer.close()
    assert status in answer


@pytest.mark.parametrize(("path", "method"), [
    ("/api/chat.postMessage", "chat.postMessage"),
    ("/api/users.profile.get", "users.profile.get"),
    ("/upload/v1/ABC123", "other"),
    ("/api/Maya Horvat", "other"),
])  # fmt: skip
def test_a_label_has_few_values(path: str, method: str) -> None:
    """Slack's methods are few; what is none of them is «other»."""
    assert method_of(path) == method


@pytest.fixture
async def unused_port() -> int:
    """A port where nothing listens."""
    server = await asyncio.start_server(lambda _, __: None, "127.0.0.1", 0)
    port = int(server.sockets[0].getsockname()[1])
    server.close()
    await server.wait_closed()
    return port
