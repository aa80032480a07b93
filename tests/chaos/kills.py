"""SIGKILL of worker, clock and web at random instants, under load."""

import asyncio
import random
import signal
import time

from tests.chaos.stage import Stage, stage
from tests.chaos.table import Row

KILLS, MESSAGES, ANSWERS = 300, 20_000, 5_000
APART = 2.0  # seconds between two: the one before is mostly up again by then, and sometimes not
PROCESSES = ("web", "web", "worker", "worker", "clock")


async def run(scale: float, server: str | None = None, processes: tuple[str, ...] = PROCESSES) -> Row:
    """The row."""
    began, kills = time.monotonic(), max(2, round(KILLS * scale))
    row = Row("SIGKILL of worker, clock and web", often=kills)
    async with stage(server) as here:
        await here.load(
            *processes, messages=max(8, round(MESSAGES * scale)), answers=max(2, round(ANSWERS * scale)),
            seconds=kills * APART,
        )  # fmt: skip
        row.recovery = await _kill(here, kills)
        await here.quieten(*processes)
        here.judge(row)
        row.expect(not here.fleet.fell, f"ended by themselves: {', '.join(here.fleet.fell[:3])}")
    row.seconds = time.monotonic() - began
    return row


async def _kill(here: Stage, kills: int) -> float:
    """So many kills; the longest time, in seconds, in which nobody got anything."""
    chance, longest = random.Random(20261124), 0.0
    last, posts = time.monotonic(), here.sandbox.posts
    for _ in range(kills):
        until = time.monotonic() + chance.uniform(0.2, 2 * APART - 0.2)
        while (now := time.monotonic()) < until:
            if here.sandbox.posts > posts:
                longest, last, posts = max(longest, now - last), now, here.sandbox.posts
            await asyncio.sleep(0.02)
        here.fleet.signal(chance.choice(here.fleet.members), signal.SIGKILL)
    return longest
