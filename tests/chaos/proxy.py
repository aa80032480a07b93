"""A door to PostgreSQL: processes go through it, so that it can be slammed, and lead somewhere else the next time."""

import asyncio
import contextlib
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from urllib.parse import parse_qs, urlsplit

AT_ONCE = 65536  # bytes


@dataclass
class Door:
    """Lets through to `leads_to`, the path of a Unix socket; to nowhere while that is empty."""

    leads_to: str
    port: int = 0
    _open: set[asyncio.StreamWriter] = field(default_factory=set)

    def slam(self) -> None:
        """Cut all connections, without a word."""
        for writer in self._open:
            writer.transport.abort()

    async def handle(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """One connection, for as long as both ends keep to it."""
        try:
            there_reader, there = await asyncio.open_unix_connection(self.leads_to)
        except OSError:
            writer.transport.abort()
            return
        pair = {writer, there}
        self._open |= pair
        try:
            await asyncio.gather(_carry(reader, there), _carry(there_reader, writer))
        finally:
            self._open -= pair


@asynccontextmanager
async def door(leads_to: str) -> AsyncIterator[Door]:
    """A door on a free port of this machine, for as long as this is open."""
    opened = Door(leads_to)
    server = await asyncio.start_server(opened.handle, "127.0.0.1", 0)
    opened.port = int(server.sockets[0].getsockname()[1])
    try:
        yield opened
    finally:
        server.close()
        opened.slam()


def socket_of(url: str) -> str:
    """The path of the Unix socket that the address of an embedded PostgreSQL names."""
    (folder,) = parse_qs(urlsplit(url).query)["host"]
    return f"{folder}/.s.PGSQL.5432"


async def _carry(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    with contextlib.suppress(OSError, RuntimeError):  # slammed: uvloop says so in words of its own
        while data := await reader.read(AT_ONCE):
            writer.write(data)
            await writer.drain()
    writer.close()
