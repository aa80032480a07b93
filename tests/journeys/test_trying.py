"""`playercoach try` as someone meets it: served at once, the first lesson waiting, and nothing lost by Ctrl-C."""

import asyncio
import os
import signal
import socket
import sys
from pathlib import Path
from typing import Any

from aiohttp import ClientSession

from tests.world import CONTENT


def free_port() -> int:
    """A port that nobody uses now."""
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])


async def start(data_dir: Path, port: int) -> asyncio.subprocess.Process:
    """A `try` of its own."""
    return await asyncio.create_subprocess_exec(
        sys.executable, "-m", "bot", "try", "--no-open", "--port", str(port), cwd=CONTENT.parent,
        env={"PATH": os.environ["PATH"], "DATA_DIR": str(data_dir)}, stderr=asyncio.subprocess.PIPE,
    )  # fmt: skip


async def ready(process: asyncio.subprocess.Process) -> None:
    """Wait until it says that it runs."""
    assert process.stderr is not None
    async with asyncio.timeout(60):
        while b"try.ready" not in (line := await process.stderr.readline()):
            assert line, "it ended before it was ready"


async def asked(http: ClientSession, url: str, **json: Any) -> Any:
    """What the page gets."""
    async with http.request("POST" if json else "GET", url, json=json or None) as answer:
        return await answer.json()


async def stopped(process: asyncio.subprocess.Process) -> None:
    """Ctrl-C."""
    process.send_signal(signal.SIGINT)
    async with asyncio.timeout(30):
        assert await process.wait() == 0


async def a_first_week(url: str) -> tuple[str, str, str]:
    """Maya begins, a week passes, Ana reads her digest: Maya's DM, the welcome's ts, the time then."""
    async with ClientSession() as http:
        (dm,) = (await asked(http, f"{url}/as/U0MAYA"))["conversations"]
        (welcome,) = await asked(http, f"{url}/as/U0MAYA/messages/{dm['id']}")
        where = {"container": "message", "channel": dm["id"], "ts": welcome["ts"]}
        await asked(http, f"{url}/as/U0MAYA/act", **where, action_id="welcome_begin")
        moved = await asked(http, f"{url}/time", by="week")
        assert moved["happened"] >= 5
        (anas,) = (await asked(http, f"{url}/as/U0ANA"))["conversations"]
        (digest,) = await asked(http, f"{url}/as/U0ANA/messages/{anas['id']}")
        assert "Your new managers, this week" in digest["text"]
        assert (await asked(http, f"{url}/time", by="century"))["ok"] is False
    return dm["id"], welcome["ts"], moved["now"]


async def test_try_from_start_to_start(tmp_path: Path) -> None:
    """The welcome waits; a week can be moved on; after Ctrl-C no database is left, and the next `try` goes on."""
    port = free_port()
    url = f"http://127.0.0.1:{port}/page"
    process = await start(tmp_path, port)
    await ready(process)
    dm, first, then = await a_first_week(url)
    await stopped(process)
    assert not (tmp_path / "postgres/postmaster.pid").exists()
    again = await start(tmp_path, port)
    await ready(again)
    async with ClientSession() as http:
        assert (await asked(http, f"{url}/state"))["now"] >= then
        messages = await asked(http, f"{url}/as/U0MAYA/messages/{dm}")
    assert messages[0]["ts"] == first
    said = [one["text"].split("\n")[0] for one in messages]
    assert len(said) == len(set(said)), "nothing twice"
    assert any("Read the chain" in one["text"] for one in messages)
    await stopped(again)
