"""Slack at its worst: one call in five goes wrong, before or after it took effect."""

import time

from bot.sandbox.faults import Fault
from tests.chaos.stage import Stage, stage
from tests.chaos.table import Row

CALLS = 10_000
A_SECOND = 40  # messages that fall due
PATIENCE = 900.0  # seconds in which everyone gets theirs while Slack stays at its worst
A_STORM = 1  # second that a 429 asks for; all that comes meanwhile waits
# How the one in five is shared out. A time-out costs the client all of its 20 s, and a 429 everyone some seconds: they are few.
SHARES = {
    "429": 0.005, "500": 0.035, "503": 0.025, "reset_before": 0.03, "garbage": 0.025, "slow": 0.005, "timeout": 0.0005,
    "500_after": 0.02, "reset_after": 0.03, "garbage_after": 0.02, "slow_after": 0.01, "timeout_after": 0.0005,
}  # fmt: skip
PROCESSES = ("web", "worker", "worker", "clock")


async def run(scale: float, server: str | None = None, processes: tuple[str, ...] = PROCESSES) -> Row:
    """The row."""
    began, messages = time.monotonic(), max(20, round(0.8 * CALLS * scale))  # besides, there are redraws and look-ups
    row = Row("Slack: 429, 5xx, time-outs, resets, slow and broken answers, one call in five")
    async with stage(server) as here:
        seconds = messages / A_SECOND
        await here.load(*processes, messages=messages, answers=max(2, messages // 5), seconds=seconds)
        calls = here.sandbox.calls.total()
        faults = _go_wrong(here)
        await here.said(messages, PATIENCE)
        row.often = here.sandbox.calls.total() - calls
        struck = sum(one.struck for one in faults)
        await here.quieten(*processes)
        here.judge(row)
        row.expect(not here.fleet.fell, f"ended by themselves: {', '.join(here.fleet.fell[:3])}")
        row.expect(row.often >= CALLS * scale, f"only {row.often} calls were made at that time")
        row.expect(struck >= row.often * 0.15, f"only {struck} of {row.often} calls went wrong: this proves little")
    row.seconds = time.monotonic() - began
    return row


def _go_wrong(here: Stage) -> list[Fault]:
    faults = [
        Fault("*", kind, share=share, seed=number, retry_after=A_STORM, seconds=1.0)
        for number, (kind, share) in enumerate(SHARES.items())
    ]
    for fault in faults:
        here.sandbox.faults.add(fault)
    return faults
