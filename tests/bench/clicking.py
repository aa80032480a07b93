"""Slack's side of clicks, in a process of its own: posts requests and times each acknowledgement.

Reads requests as JSON, `[[port, path, headers, body], …]`; its argument is how many are under way at the same time, each on a
connection of its own that is kept open. Writes how many milliseconds each took, and how many seconds all of them.
"""

import asyncio
import http.client
import json
import sys
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass
from pathlib import Path
from time import perf_counter

Request = tuple[int, str, dict[str, str], str]


@dataclass(frozen=True)
class Clicked:
    """Milliseconds from each request to its 200, and the seconds until all had theirs."""

    each: list[float]
    seconds: float


async def click(requests: Sequence[Request], *, at_once: int = 1) -> Clicked:
    """Post them from a process of its own. CalledProcessError's sentence is on its standard error if one gets no 200."""
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "tests.bench.clicking", str(at_once), cwd=Path(__file__).parents[2],
        stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE,
    )  # fmt: skip
    out, _ = await process.communicate(json.dumps(requests).encode())
    assert process.returncode == 0, "a click was not acknowledged"
    return Clicked(**json.loads(out))


def timed(requests: Sequence[Request], at_once: int) -> Clicked:
    """All of them, by so many hands that each take the next."""
    turns = iter(requests)
    with ThreadPoolExecutor(at_once) as hands:
        began = perf_counter()
        each = [one.result() for one in [hands.submit(_hand, turns) for _ in range(at_once)]]
        return Clicked([took for one in each for took in one], perf_counter() - began)


def _hand(turns: Iterator[Request]) -> list[float]:
    """One connection to each port, kept open."""
    connections: dict[int, http.client.HTTPConnection] = {}
    took = []
    for port, path, headers, body in turns:
        connection = connections.setdefault(port, http.client.HTTPConnection("127.0.0.1", port))
        took.append(_once(connection, path, headers, body.encode()))
    return took


def _once(connection: http.client.HTTPConnection, path: str, headers: dict[str, str], body: bytes) -> float:
    began = perf_counter()
    connection.request("POST", path, body, headers)
    answer = connection.getresponse()
    answer.read()
    took = (perf_counter() - began) * 1000
    if answer.status != 200:
        raise RuntimeError(f"a click was answered with {answer.status}")
    return took


if __name__ == "__main__":
    json.dump(asdict(timed(json.load(sys.stdin), int(sys.argv[1]))), sys.stdout)
