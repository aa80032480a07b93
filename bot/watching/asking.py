"""Asks a process on this machine whether it is well. The standard library only: it is asked every few seconds."""

import socket
from http.client import HTTPConnection, HTTPException

PATIENCE_SECONDS = 4.0
# Who listens on every address listens on this one, too.
_EVERY_ADDRESS = {"0.0.0.0": "127.0.0.1", "::": "::1"}  # noqa: S104 — it is asked, nothing listens


def is_well(host: str, port: int) -> bool:
    """Whether what listens there answers `/healthz` with 200."""
    connection = HTTPConnection(_EVERY_ADDRESS.get(host, host), port, timeout=PATIENCE_SECONDS)
    try:
        connection.request("GET", "/healthz")
        return connection.getresponse().status == 200
    except (OSError, HTTPException):
        return False
    finally:
        connection.close()


def is_taken(host: str, port: int) -> bool:
    """Whether anything at all listens there."""
    try:
        socket.create_connection((_EVERY_ADDRESS.get(host, host), port), timeout=PATIENCE_SECONDS).close()
    except OSError:
        return False
    return True
