"""Slack's side of a click, in a process of its own: posts one request after the other and times each acknowledgement.

Reads requests as JSON, `[[port, path, headers, body], …]`; writes how many milliseconds each took.
"""

import http.client
import json
import sys
from time import perf_counter

Request = tuple[int, str, dict[str, str], str]


def timed(requests: list[Request]) -> list[float]:
    """Milliseconds from each request to its 200. One connection to each port, kept open."""
    connections = {port: http.client.HTTPConnection("127.0.0.1", port) for port, *_ in requests}
    return [_once(connections[port], path, headers, body.encode()) for port, path, headers, body in requests]


def _once(connection: http.client.HTTPConnection, path: str, headers: dict[str, str], body: bytes) -> float:
    began = perf_counter()
    connection.request("POST", path, body, headers)
    answer = connection.getresponse()
    answer.read()
    took = (perf_counter() - began) * 1000
    if answer.status != 200:
        raise SystemExit(f"a click was answered with {answer.status}")
    return took


if __name__ == "__main__":
    json.dump(timed(json.load(sys.stdin)), sys.stdout)
