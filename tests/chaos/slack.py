"""Slack at its worst: one call in five goes wrong, before or after it took effect."""

import time

from bot.sandbox.faults import Fault
from tests.chaos.stage import Stage, stage
from tests.chaos.table import Row

CALLS = 10_000
A_SECOND = 40  # messages that fall due
LOOKED_UP = 130  # seconds in which what is in doubt is looked up twice, while Slack is still at its worst
A_STORM = 1  # second that a 429 asks for; all that comes meanwhile waits
# How the one in five is shared out. A time-out costs the client all of its 20 s, so they are few.
SHARES = {
    "429": 0.02, "500": 0.03, "503": 0.02, "reset_before": 0.03, "garbage": 0.02, "slow": 0.005, "timeout": 0.0025,
    "500_after": 0.02, "reset_after": 0.03, "garbage_after": 0.02, "slow_after": 0.01, "timeout_after": 0.0025,
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
        await here.said(messages, seconds + LOOKED_UP * min(1.0, scale))
        row.often = here.sandbox.calls.total() - calls
        struck = sum(one.struck for one in faults)
        await here.quieten(*processes)
        here.judge(row)
        row.expect(not here.fleet.fell, f"ended by themselves: {', '.join(here.fleet.fell[:3])}")
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
