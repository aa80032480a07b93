"""Socket Mode: connections that are told to go, break, or go deaf; two at once; and everything delivered again now and then."""

import asyncio
import random
import time

from tests.chaos.stage import Stage, stage
from tests.chaos.table import Row

TIMES = 200
APART = 2.0  # seconds from one fault to the next
DEAF = 12.0  # seconds until Slack's end gives a silent connection up
A_SECOND = 5  # messages that fall due, each of which is answered
AGAIN = 0.3  # the share of clicks that are delivered once more
TALKERS = 10  # people who then write something, which is delivered twice
PROCESSES = ("run", "run")


async def run(scale: float, server: str | None = None, processes: tuple[str, ...] = PROCESSES) -> Row:
    """The row."""
    began, times, chance = time.monotonic(), max(3, round(TIMES * scale)), random.Random(20261124)
    row = Row("Socket Mode: disconnected, cut, deaf, two at once, delivered again", often=times)
    async with stage(server) as here:
        here.sandbox.deliverer.redeliveries, here.sandbox.deliverer.redeliver_after = 20, 0.5
        messages = max(12, round(times * APART * A_SECOND))
        await here.load(
            *processes, messages=messages, answers=messages, seconds=times * APART,
            again=lambda: chance.random() < AGAIN,
        )  # fmt: skip
        await here.said(3, 60)
        row.recovery = max([await _fault(here, number, chance) for number in range(times)])
        await here.said(messages, 60)
        await here.all_answered(60)
        await _talk(here)
        await here.quieten(*processes)
        here.judge(row)
        row.expect(not here.fleet.fell, f"ended by themselves: {', '.join(here.fleet.fell[:3])}")
    row.seconds = time.monotonic() - began
    return row


async def _fault(here: Stage, number: int, chance: random.Random) -> float:
    """One fault; the seconds until an answer is taken again."""
    sockets, taken, began = here.sandbox.sockets, len(here.answering.told_ok), time.monotonic()
    match number % 4:
        case 0:
            await sockets.disconnect_one("refresh_requested")
        case 1:
            sockets.cut_one()
        case 2:
            sockets.deafen_one(DEAF)
        case _:
            await sockets.disconnect_all("warning")
    while len(here.answering.told_ok) == taken and time.monotonic() - began < 60:
        if taken == len(here.people):
            break
        await asyncio.sleep(0.02)
    recovered = time.monotonic() - began
    await asyncio.sleep(max(0.0, chance.uniform(0.5, 1.5) * APART - recovered))
    return recovered


async def _talk(here: Stage) -> None:
    """Some write to the app; Slack delivers that until it is acknowledged, and then once more. Each gets one reply."""
    for person in here.people[:TALKERS]:
        channel = here.sandbox.state.open([person])
        delivered = await here.sandbox.say(person, channel.id, "help")
        await here.sandbox.redeliver_last()
        if delivered.acked:
            here.promised[person] = 2
