"""Real processes of Playercoach, started anew whenever they end, as a platform does."""

import asyncio
import contextlib
import os
import signal
import socket
import sys
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from tests.world import CONTENT

ROOT = CONTENT.parent
PATIENCE = 20.0  # seconds that a process has to end, once it is told to
BREATH = 0.3  # seconds until a platform starts anew what ended by itself


@dataclass
class Member:
    """One process and its successors."""

    command: str
    port: int
    log: Path
    process: asyncio.subprocess.Process | None = None
    watch: asyncio.Task[None] | None = None
    is_ours: bool = False  # that it ends was our doing

    @property
    def runs(self) -> asyncio.subprocess.Process | None:
        """Its process, if it lives."""
        return self.process if self.process is not None and self.process.returncode is None else None


@dataclass
class Fleet:
    """The processes. `environment` is asked at each start: the program's time is in it."""

    environment: Callable[[], Mapping[str, str]]
    folder: Path
    members: list[Member] = field(default_factory=list)
    fell: list[str] = field(default_factory=list)  # which ended by themselves, and how

    async def start(self, *commands: str) -> None:
        """Start one process for each of these commands, and keep them running."""
        for command in commands:
            member = Member(command, _free_port(), self.folder / f"{len(self.members)}-{command}.log")
            self.members.append(member)
            member.watch = asyncio.create_task(self._keep(member))
        await asyncio.gather(*(self.up(member) for member in self.webs))

    @property
    def webs(self) -> list[Member]:
        """Those that Slack can reach over HTTP."""
        return [one for one in self.members if one.command == "web"]

    async def up(self, member: Member, patience: float = 60.0) -> None:
        """Wait until something listens on its port. TimeoutError if nothing ever does."""
        async with asyncio.timeout(patience):
            while not await _listens(member.port):  # noqa: ASYNC110 — another process
                await asyncio.sleep(0.05)

    def signal(self, member: Member, number: int) -> None:
        """Send a signal, if there is anyone to get it."""
        if (process := member.runs) is not None:
            member.is_ours = number not in (signal.SIGSTOP, signal.SIGCONT)
            with contextlib.suppress(ProcessLookupError):
                process.send_signal(number)

    async def replace(self, member: Member) -> float:
        """Tell a process to stop; how many seconds it took until its end. A new one follows."""
        process, began = member.runs, time.monotonic()
        self.signal(member, signal.SIGTERM)
        if process is not None:
            await _ended(process)
        return time.monotonic() - began

    async def stop(self) -> float:
        """End them all for good: the watchers first, so that nothing comes back; the seconds that the slowest took."""
        watches = [member.watch for member in self.members if member.watch is not None]
        for watch in watches:
            watch.cancel()
        await asyncio.gather(*watches, return_exceptions=True)
        began = time.monotonic()
        for member in self.members:
            self.signal(member, signal.SIGCONT)
            self.signal(member, signal.SIGTERM)
        await asyncio.gather(*(_ended(one) for member in self.members if (one := member.runs) is not None))
        self.members.clear()
        return time.monotonic() - began

    async def _keep(self, member: Member) -> None:
        while True:
            member.process = await self._launch(member)
            code = await member.process.wait()
            if not member.is_ours:
                self.fell.append(f"{member.command} ended with {code}")
                await asyncio.sleep(BREATH)

    async def _launch(self, member: Member) -> asyncio.subprocess.Process:
        own = {"PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT), "PORT": str(member.port), **self.environment()}
        member.is_ours = False
        with member.log.open("ab") as log:
            return await asyncio.create_subprocess_exec(
                sys.executable, "-m", "bot", member.command, env=own, cwd=self.folder, stdout=log, stderr=log
            )


async def _listens(port: int) -> bool:
    try:
        _, writer = await asyncio.open_connection("127.0.0.1", port)
    except OSError:
        return False
    writer.close()
    return True


async def _ended(process: asyncio.subprocess.Process) -> None:
    try:
        async with asyncio.timeout(PATIENCE):
            await process.wait()
    except TimeoutError:
        process.kill()
        await process.wait()


def _free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])
