"""Processes of ours that start at once: each is forked from one that has imported everything, and does nothing else.

They are processes as any other, and are killed as such; only their start takes a third of the processor's time.
"""

import asyncio
import multiprocessing
import os
import signal
import sys
from collections.abc import Mapping
from multiprocessing.context import ForkServerContext, ForkServerProcess

IMPORTED = (
    "bot.cli",
    "bot.running",
    "bot.records.embedded",
    "procrastinate.psycopg_connector",
    "procrastinate.worker",
    "uvloop",
    "tests.spoken",
)


class Forked:
    """A command of ours in a process of its own."""

    def __init__(self, command: str, environment: Mapping[str, str]) -> None:
        self._process: ForkServerProcess = _context().Process(target=_be, args=(command, dict(environment)))
        self._process.start()

    def send_signal(self, number: signal.Signals) -> None:
        """Tell it something; if it is there no more, nothing happens."""
        if self._process.is_alive() and self._process.pid is not None:
            os.kill(self._process.pid, number)

    async def wait(self) -> int:
        """Its exit code, once it has ended; negative if a signal ended it."""
        await asyncio.to_thread(self._process.join)
        return self._process.exitcode or 0


def _context() -> ForkServerContext:
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(list(IMPORTED))
    return context


def _be(command: str, environment: dict[str, str]) -> None:
    """What the process is, from its first step on."""
    os.environ.clear()
    os.environ.update(environment)
    quiet = os.open(os.devnull, os.O_RDWR)
    for one in (0, 1, 2):
        os.dup2(quiet, one)
    sys.argv = ["playercoach", command]
    from bot.cli import main

    main()
