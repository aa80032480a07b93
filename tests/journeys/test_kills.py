"""Workers killed at random instants, two clocks and two workers at once: nothing lost, nothing doubled."""

import asyncio
import os
import random
import signal
from collections import Counter
from datetime import UTC, datetime, timedelta

import pytest

from bot.records.tables import Message
from tests.forked import Forked
from tests.thorough import often
from tests.world import CONTENT, World, open_world

KILLS = often(24)
PEOPLE = 480


def start(world: World, command: str, *, at: datetime) -> Forked:
    """A process of its own, whose clock says `at`."""
    environment = {
        "PATH": os.environ["PATH"],
        "DATABASE_URL": world.house.database.url.replace("+psycopg", ""),
        "SLACK_API_URL": world.sandbox.api_url,
        "SLACK_BOT_TOKEN": world.sandbox.bot_token,
        "CONTENT_DIR": str(CONTENT),
        "CLOCK_START": at.isoformat(),
        "SLACK_MESSAGES_PER_MINUTE": "100000",
    }
    return Forked(command, environment)


async def enrol_many(world: World, count: int) -> None:
    """So many managers in Ljubljana, who all start today."""
    for number in range(count):
        world.sandbox.add_person(id=f"U1{number:04d}", name=f"Manager{number} X", email=f"m{number}@example.com")
    result = await world.enrol(*(f"U1{number:04d},,Autumn,2026-11-24" for number in range(count)))
    assert not result.problems


def lessons_by_person(world: World) -> Counter[str]:
    """How many messages stand in each person's DM."""
    return Counter({one.members[0]: len(one.messages) for one in world.sandbox.state.channels.values() if one.messages})


async def kill_a_worker(world: World, chance: random.Random) -> int:
    """Start a worker, kill it at a random instant while it sends; how many messages it left in doubt."""
    # The leases of the one that was killed before run out: time goes on by more than a lease.
    world.clock.move_to(world.clock.now() + timedelta(minutes=2))
    await world.house.tick()
    left = [one for one in await world.rows(Message) if one.state in ("waiting", "sending")]
    assert len(left) > 8, "every kill must have something to hit"
    wanted = world.sandbox.posts + chance.randrange(1, 6)
    worker = start(world, "worker", at=world.clock.now())
    try:
        await world.sandbox.until(lambda: world.sandbox.posts >= wanted, timeout=120)
        await asyncio.sleep(chance.random() * 0.03)  # not a wait for anything: the random instant of the kill
    finally:
        worker.send_signal(signal.SIGKILL)
        await worker.wait()
    return sum(one.state == "sending" for one in await world.rows(Message))


@pytest.mark.long
async def test_workers_killed_at_random_instants(database_url: str, capsys: pytest.CaptureFixture[str]) -> None:
    """A worker is killed two dozen times between claim, post and record: everyone still gets the lesson, once."""
    chance = random.Random(20261124)
    async with open_world(database_url, content=CONTENT) as world:
        await enrol_many(world, PEOPLE)
        world.sandbox.latency = 0.02
        world.clock.move_to(datetime(2026, 11, 24, 8, 0, tzinfo=UTC))
        in_doubt = [await kill_a_worker(world, chance) for _ in range(KILLS)]
        world.sandbox.latency = 0.0
        await world.pass_time(minutes=30)
        assert sum(in_doubt) > 0, "no kill fell between claim and record: this proves nothing"
        assert lessons_by_person(world) == Counter({f"U1{number:04d}": 1 for number in range(PEOPLE)})
        assert {one.state for one in await world.rows(Message)} == {"sent"}
    with capsys.disabled():
        figures = f"{KILLS} kills, {PEOPLE} messages, {sum(in_doubt)} found in doubt after a kill, 0 lost, 0 doubled"
        print(f"\n{figures}")  # noqa: T201 — what the run was for


@pytest.mark.long
async def test_two_clocks_and_two_workers_at_once(database_url: str) -> None:
    """Two of each, all at the same due items: everyone gets the lesson once."""
    async with open_world(database_url, content=CONTENT) as world:
        await enrol_many(world, 60)
        nine = datetime(2026, 11, 24, 8, 0, tzinfo=UTC)
        processes = [start(world, one, at=nine) for one in ("clock", "clock", "worker", "worker")]
        try:
            await world.sandbox.until(lambda: world.sandbox.posts >= 60, timeout=120)
        finally:
            for process in processes:
                process.send_signal(signal.SIGTERM)
            codes = [await process.wait() for process in processes]
        world.clock.move_to(nine + timedelta(minutes=5))
        await world.house.tick()
        await world.settle()
        assert lessons_by_person(world) == Counter({f"U1{number:04d}": 1 for number in range(60)})
    assert codes == [0, 0, 0, 0], "told to stop, each finishes what it has begun and leaves well"
