"""The two tools, each in a place of its own (`make tools`), so that nothing of theirs meets ours."""

import os
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.request import urlopen

import pytest

from bot.reports.lrs import Store
from tests.lacking import lacking

TOOLS = Path(__file__).parents[2] / ".tools"
VALIDATOR, RALPH = TOOLS / "node_modules" / "@learninglocker" / "xapi-validation", TOOLS / "ralph" / "bin" / "ralph"
KEY, SECRET = "playercoach", "secret-of-the-tests"
PATIENCE_SECONDS = 60


def needs(tool: Path) -> None:
    """Go on if the tool is there."""
    if not tool.exists():
        lacking(f"{tool.name}: `make tools` puts it there")


@contextmanager
def a_store(folder: Path) -> Iterator[Store]:
    """A learning record store of its own, which keeps statements in a folder."""
    (folder / "data").mkdir()
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    env = {
        **{name: value for name, value in os.environ.items() if not name.startswith("RALPH_")},
        "RALPH_APP_DIR": str(folder),
        "RALPH_AUTH_FILE": str(folder / "auth.json"),
        "RALPH_BACKENDS__LRS__FS__DEFAULT_DIRECTORY_PATH": str(folder / "data"),
    }
    knows = ["auth", "-u", KEY, "-p", SECRET, "-s", "all", "-A", "tests", "https://example.com", "-w"]
    subprocess.run([RALPH, *knows], env=env, check=True, capture_output=True, cwd=folder)
    runs = ["runserver", "-b", "fs", "-h", "127.0.0.1", "-p", str(port)]
    with subprocess.Popen(
        [RALPH, *runs], env=env, cwd=folder, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    ) as server:
        try:
            _until_it_answers(f"http://127.0.0.1:{port}/__lbheartbeat__", server)
            yield Store(f"http://127.0.0.1:{port}/xAPI", KEY, SECRET)
        finally:
            server.terminate()


def _until_it_answers(address: str, server: "subprocess.Popen[bytes]") -> None:
    """Another program is starting, so there is nothing to drive: we look until it answers."""
    last = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < last and server.poll() is None:
        try:
            with urlopen(address):  # noqa: S310 — our own address
                return
        except OSError:
            time.sleep(0.1)
    pytest.fail("the learning record store did not start")
