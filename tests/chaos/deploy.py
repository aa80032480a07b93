"""A rolling restart of all processes, again and again, under load."""

import asyncio
import time

from tests.chaos.fleet import Member
from tests.chaos.stage import Stage, stage
from tests.chaos.table import Row

ROUNDS = 10
A_MINUTE = 60.0  # from one round to the next
A_SECOND = 10  # messages that fall due
DRAINED = 10.0  # seconds that a process has, from SIGTERM to its end
PROCESSES = ("web", "web", "worker", "worker", "clock", "clock")


async def run(
    scale: float, server: str | None = None, processes: tuple[str, ...] = PROCESSES, every: float = A_MINUTE
) -> Row:
    """The row. The longest recovery is the longest that a process took from SIGTERM to its end."""
    began, rounds = time.monotonic(), max(1, round(ROUNDS * scale))
    row = Row("Rolling restart of all processes each minute", often=rounds)
    async with stage(server) as here:
        messages = max(12, round(rounds * every * A_SECOND))
        await here.load(*processes, messages=messages, answers=max(2, messages // 4), seconds=rounds * every)
        drained = [seconds for _ in range(rounds) for seconds in await _roll(here, every)]
        row.recovery = max(drained)
        await here.quieten(*processes)
        here.judge(row)
        row.expect(row.recovery <= DRAINED, f"a process took {row.recovery:.1f} s from SIGTERM to its end")
        row.expect(not here.fleet.fell, f"ended by themselves: {', '.join(here.fleet.fell[:3])}")
    row.seconds = time.monotonic() - began
    return row


async def _roll(here: Stage, every: float) -> list[float]:
    """One process after the other, each once those before are up; how many seconds each took to its end."""
    next_round = time.monotonic() + every
    drained = [await _replace(here, member) for member in here.fleet.members]
    await asyncio.sleep(max(0.0, next_round - time.monotonic()))
    return drained


async def _replace(here: Stage, member: Member) -> float:
    seconds = await here.fleet.replace(member)
    await asyncio.sleep(0.1)  # its successor is launched
    if member.command == "web":
        await here.fleet.up(member)
    return seconds
