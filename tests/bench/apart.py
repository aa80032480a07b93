"""The stand-in for Slack in a process of its own, so that it shares no event loop with what is measured.

Run as a program it prints the address of its Web API; then each line that it reads is the latency, in seconds, that it
answers with from then on. It ends when nobody writes to it any more.
"""

import asyncio
import gc
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from bot import living
from bot.sandbox.server import Sandbox
from tests.bench.crowd import slack_id


@dataclass(frozen=True)
class Apart:
    """The stand-in as its own process's parent sees it."""

    process: asyncio.subprocess.Process
    api_url: str

    async def answer_after(self, seconds: float) -> None:
        """Let each answer take so much longer."""
        await self._told(f"{seconds}\n")

    async def _told(self, line: str) -> None:
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        self.process.stdin.write(line.encode())
        assert await self.process.stdout.readline()


@asynccontextmanager
async def slack_apart(people: int) -> AsyncIterator[Apart]:
    """A workspace with so many people of the crowd, for as long as this is open."""
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "tests.bench.apart", str(people), cwd=Path(__file__).parents[2],
        stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE,
    )  # fmt: skip
    assert process.stdout is not None
    assert process.stdin is not None
    try:
        yield Apart(process, (await process.stdout.readline()).decode().strip())
    finally:
        process.stdin.close()
        await process.wait()


async def serve(people: int) -> None:
    """Be the stand-in until the standard input ends."""
    sandbox = Sandbox(now=lambda: datetime.now(UTC))
    for number in range(people):
        sandbox.add_person(id=slack_id(number), name=f"Manager {number}", email=f"m{number}@example.com")
    await sandbox.start()
    gc.disable()  # to look through all that it keeps takes a tenth of a second, in whosever round that falls
    sys.stdout.write(f"{sandbox.api_url}\n")
    sys.stdout.flush()
    while line := await asyncio.to_thread(sys.stdin.readline):
        sandbox.latency = float(line)
        sys.stdout.write("done\n")
        sys.stdout.flush()
    await sandbox.stop()


if __name__ == "__main__":
    living.run(serve(int(sys.argv[1])))
