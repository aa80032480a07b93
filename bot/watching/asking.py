"""Asks a process on this machine whether it is well. The standard library only: it is asked every few seconds."""

from http.client import HTTPConnection, HTTPException

PATIENCE_SECONDS = 4.0


def is_well(port: int) -> bool:
    """Whether what listens there answers `/healthz` with 200."""
    connection = HTTPConnection("127.0.0.1", port, timeout=PATIENCE_SECONDS)
    try:
        connection.request("GET", "/healthz")
        return connection.getresponse().status == 200
    except (OSError, HTTPException):
        return False
    finally:
        connection.close()
