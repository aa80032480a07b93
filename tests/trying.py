"""`playercoach try` as a process of its own, and what its page asks for."""

import asyncio
import os
import signal
import socket
import sys
from pathlib import Path
from typing import Any

from aiohttp import ClientSession

ROOT = Path(__file__).parents[1]


def free_port() -> int:
    """A port that nobody uses now."""
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])


async def start(data_dir: Path, port: int) -> asyncio.subprocess.Process:
    """A `try` of its own."""
    return await asyncio.create_subprocess_exec(
        sys.executable, "-m", "bot", "try", "--no-open", "--port", str(port), cwd=ROOT,
        env={"PATH": os.environ["PATH"], "DATA_DIR": str(data_dir)}, stderr=asyncio.subprocess.PIPE,
    )  # fmt: skip


async def ready(process: asyncio.subprocess.Process) -> None:
    """Wait until it says that it runs."""
    assert process.stderr is not None
    async with asyncio.timeout(240):
        while b"try.ready" not in (line := await process.stderr.readline()):
            assert line, "it ended before it was ready"


async def asked(http: ClientSession, url: str, **json: Any) -> Any:
    """What the page gets."""
    async with http.request("POST" if json else "GET", url, json=json or None) as answer:
        return await answer.json()


async def stopped(process: asyncio.subprocess.Process) -> None:
    """Ctrl-C."""
    process.send_signal(signal.SIGINT)
    async with asyncio.timeout(120):
        assert await process.wait() == 0
