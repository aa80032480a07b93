"""The embedded PostgreSQL: kept data, shared use, killed users, private folders, root and ordinary users."""

import os
import shutil
import signal
import stat
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
import pytest

from bot.records.database import plain_url
from bot.records.embedded import DATABASE, Embedded, EmbeddedFailed, NothingYet
from tests.lacking import lacking

NOBODY = ("setpriv", "--reuid=65534", "--regid=65534", "--clear-groups")
USER = """
import sys
from pathlib import Path
import psycopg
from bot.records.embedded import Embedded
mine = Embedded(Path(sys.argv[1]))
url = mine.start()
print(url, flush=True)
with psycopg.connect(url.replace("+psycopg", ""), autocommit=True) as connection:
    connection.execute(sys.argv[2])
print("done", flush=True)
sys.stdin.read()
mine.stop()
"""


@pytest.fixture
def as_root() -> None:
    """For tests of what only root can do: run the server as another user."""
    if os.geteuid() != 0:
        lacking("only root runs the server as another user")


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """A data folder that is not there yet."""
    return tmp_path / "data"


def say(url: str, statement: str) -> list[tuple[object, ...]]:
    """Run one statement; its rows."""
    with psycopg.connect(plain_url(url), autocommit=True) as connection:
        cursor = connection.execute(statement.encode())
        return cursor.fetchall() if cursor.description else []


def user(home: Path, statement: str = "SELECT 1", before: tuple[str, ...] = ()) -> "subprocess.Popen[str]":
    """Another process that uses the server of that folder until its standard input closes."""
    return subprocess.Popen(
        [*before, sys.executable, "-c", USER, str(home), statement],
        cwd=Path(__file__).parents[2], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
    )  # fmt: skip


@contextmanager
def killed_user(home: Path) -> Iterator[str]:
    """The address of a server whose only user was killed at work."""
    with user(home) as process:
        assert process.stdout
        url, done = (process.stdout.readline().strip() for _ in range(2))
        assert done == "done"
        process.kill()
    yield url


def becoming_nobody() -> tuple[str, ...]:
    """What to put before a command so that an ordinary user runs it, who can run this interpreter."""
    read_all = (f"--{kind}=-all,+dac_read_search" for kind in ("inh-caps", "ambient-caps", "bounding-set"))
    for become in (NOBODY, (*NOBODY, *read_all)):  # an interpreter in root's private home has to be read
        ran = subprocess.run([*become, sys.executable, "-c", ""], capture_output=True, check=False)
        if ran.returncode == 0:
            return become
    return lacking("an ordinary user who can run this interpreter: it lies in a private folder")


@contextmanager
def another_process_of_the_servers_user() -> Iterator[int]:
    """The id of a process that the server could take for another server."""
    become = NOBODY if os.geteuid() == 0 else ()
    with subprocess.Popen([*become, "cat"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as other:
        assert other.stdin
        assert other.stdout
        other.stdin.write("there?\n")
        other.stdin.flush()
        other.stdout.readline()
        yield other.pid


def postmaster(home: Path) -> int:
    """The process id of the server."""
    return int((home / "postgres/cluster/postmaster.pid").read_text().splitlines()[0])


def assert_gone(url: str) -> None:
    """No server answers there, and its socket's folder is gone."""
    with pytest.raises(psycopg.OperationalError):
        say(url, "SELECT 1")
    assert not Path(url.split("host=")[1].split("&")[0]).exists()


def test_what_was_written_is_there_after_a_restart(home: Path) -> None:
    """Stopping and starting again keeps the data, durably written, in UTF-8, reachable by no network."""
    with Embedded(home) as url:
        say(url, "CREATE TABLE word AS SELECT 'žlahtna štorklja' AS said")
    assert_gone(url)
    with Embedded(home) as url:
        assert say(url, "SELECT upper(said) FROM word") == [("ŽLAHTNA ŠTORKLJA",)]
        wanted = {"fsync": "on", "listen_addresses": "", "server_encoding": "UTF8", "TimeZone": "UTC"}
        assert {name: say(url, f"SHOW {name}")[0][0] for name in wanted} == wanted


def test_the_last_one_out_stops_it(home: Path) -> None:
    """Two users share one server: the first who leaves leaves it running."""
    first, second = Embedded(home), Embedded(home)
    url = first.start()
    assert second.start() == url
    first.stop()
    first.stop()
    assert say(url, "SELECT 1") == [(1,)]
    second.stop()
    assert_gone(url)


def test_a_visitor_makes_nothing(home: Path) -> None:
    """Who only looks finds nothing where nothing is, also after a first start that was cut off; and leaves it like that."""
    with pytest.raises(NothingYet):
        Embedded(home).visit()
    assert not home.exists()
    with Embedded(home) as url:
        say(url.replace(f"/{DATABASE}?", "/postgres?"), f"DROP DATABASE {DATABASE}")
    for _ in range(2):
        with pytest.raises(NothingYet):
            Embedded(home).visit()
        assert not (home / "postgres/cluster/postmaster.pid").exists()


@pytest.mark.long
def test_several_processes_may_start_at_once(home: Path) -> None:
    """Processes that start at the same moment meet on one server, and each does its work."""
    statement = "CREATE TABLE visit_{} ()"
    together = [user(home, statement.format(number)) for number in range(4)]
    said = [process.communicate("")[0].splitlines() for process in together]
    assert [process.returncode for process in together] == [0] * 4
    assert all(lines[1] == "done" for lines in said)
    with Embedded(home) as url:
        tables = say(url, "SELECT count(*) FROM pg_tables WHERE tablename LIKE 'visit%'")
    assert tables == [(4,)]


def test_a_server_left_behind_is_adopted(home: Path) -> None:
    """After its user was killed, the next one finds the same server running, and stops it in the end."""
    with killed_user(home) as url:
        left = postmaster(home)
    with Embedded(home) as again:
        assert (again, postmaster(home)) == (url, left)
        assert say(again, "SELECT 1") == [(1,)]
    assert_gone(url)


@pytest.mark.long
def test_a_server_whose_socket_was_swept_away_is_replaced(home: Path) -> None:
    """Someone cleaned the temporary folder: the unreachable server is stopped and a new one started."""
    with killed_user(home) as url:
        left = postmaster(home)
    shutil.rmtree(url.split("host=")[1].split("&")[0])
    with Embedded(home) as again:
        assert postmaster(home) != left
        assert say(again, "SELECT 1") == [(1,)]


def test_a_killed_server_leaves_nothing_in_the_way(home: Path) -> None:
    """The server was killed, and its process id is now someone else's: a new start clears that away."""
    first = Embedded(home)
    old = first.start()
    say(old, "CREATE TABLE kept ()")
    file = home / "postgres/cluster/postmaster.pid"
    wrote = file.read_text()
    os.kill(postmaster(home), signal.SIGKILL)
    first.stop()
    with another_process_of_the_servers_user() as other:
        file.write_text(f"{other}\n" + wrote.split("\n", 1)[1])
        with Embedded(home) as url:
            assert say(url, "SELECT * FROM kept") == []
            assert url != old
    assert_gone(old)


def test_a_first_start_that_was_cut_off_is_done_anew(home: Path) -> None:
    """Half a cluster is never taken for a whole one."""
    half = home / "postgres/cluster.new/base"
    half.mkdir(parents=True)
    with Embedded(home) as url:
        assert say(url, "SELECT 1") == [(1,)]
    assert not half.parent.exists()


def test_the_server_has_a_session_of_its_own(home: Path) -> None:
    """Ctrl-C in our terminal does not reach it."""
    with Embedded(home):
        assert os.getsid(postmaster(home)) != os.getsid(0)


def test_no_folder_changes_its_mode_and_nobody_is_added(tmp_path: Path) -> None:
    """In a private home, all folders above the data keep their modes and owners; the data is private as well."""
    private = tmp_path / "private"
    private.mkdir(mode=0o700)
    home = private / "checkout with a $sign" / "data"
    home.parent.mkdir(mode=0o750)

    def seen() -> list[tuple[int, int]]:
        return [(one.st_mode, one.st_uid) for one in (folder.stat() for folder in home.parents)]

    before, people = seen(), Path("/etc/passwd").read_bytes()
    with Embedded(home) as url:
        say(url, "SELECT 1")
        socket = Path(url.split("host=")[1].split("&")[0])
        assert socket.parent == Path(tempfile.gettempdir())
        for folder in (home, home / "postgres", home / "postgres/cluster", socket):
            assert stat.S_IMODE(folder.stat().st_mode) == 0o700
        for folder in (home, home / "postgres", socket):
            assert folder.stat().st_uid == os.geteuid()
        assert seen() == before
    assert seen() == before
    assert Path("/etc/passwd").read_bytes() == people


@pytest.mark.usefixtures("as_root")
def test_root_never_is_the_server(home: Path) -> None:
    """For root, the server runs as nobody, who can change file permissions of nobody else."""
    with Embedded(home):
        status = Path(f"/proc/{postmaster(home)}/status").read_text()
    fields = dict(line.split(":\t", 1) for line in status.splitlines() if ":\t" in line)
    assert "0" not in fields["Uid"].split()
    assert int(fields["CapEff"], 16) == int(fields["CapBnd"], 16) == 2  # CAP_DAC_OVERRIDE alone


@pytest.mark.usefixtures("as_root")
def test_an_ordinary_user_needs_no_privilege_to_write() -> None:
    """An ordinary user starts a server in a folder of their own, and root joins it later as that same user."""
    become = becoming_nobody()
    own = Path(tempfile.mkdtemp(prefix="own-"))
    os.chown(own, 65534, 65534)
    try:
        with user(own / "data", "CREATE TABLE mine ()", become) as process:
            said = process.communicate("")[0].splitlines()
        assert said[1:] == ["done"]
        with Embedded(own / "data") as url:
            assert say(url, "SELECT * FROM mine") == []
    finally:
        shutil.rmtree(own)


@pytest.mark.usefixtures("as_root")
def test_without_setpriv_root_is_told_what_to_do(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """On a machine without setpriv, root reads two sentences instead of a traceback."""
    monkeypatch.setenv("PATH", str(home))
    with pytest.raises(EmbeddedFailed, match=r"util-linux.*ordinary user.*DATABASE_URL"):
        Embedded(home).start()


def test_a_long_path_of_the_data_is_fine(tmp_path: Path) -> None:
    """The socket lies elsewhere, so the data's own path may be longer than any socket's."""
    home = tmp_path / ("long" * 40) / "data"
    with Embedded(home) as url:
        assert say(url, "SELECT 1") == [(1,)]


def test_a_long_path_of_the_temporary_folder_is_named(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A temporary folder whose path no socket can have is an error with a remedy, and nothing is left in it."""
    deep = home.parent / ("deep" * 25)
    deep.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(deep))
    with pytest.raises(EmbeddedFailed, match=r"too long.*TMPDIR"):
        Embedded(home).start()
    assert list(deep.iterdir()) == []


def test_a_folder_that_can_not_be_is_named(tmp_path: Path) -> None:
    """A file where the data folder should be is said in a sentence."""
    (tmp_path / "data").write_text("a file")
    with pytest.raises(EmbeddedFailed, match=r"data can't start: .*DATABASE_URL"):
        Embedded(tmp_path / "data").start()


def test_a_cluster_of_another_version_is_refused_and_kept(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Data of another PostgreSQL is left alone; the log is named; a later start with the right one works."""
    with Embedded(home):
        pass
    version = home / "postgres/cluster/PG_VERSION"
    version.write_text("12\n")
    with tempfile.TemporaryDirectory(prefix="pc-") as own:
        monkeypatch.setattr(tempfile, "tempdir", own)  # where nobody else starts one meanwhile
        with pytest.raises(EmbeddedFailed, match=r"postgres\.log"):
            Embedded(home).start()
        assert list(Path(own).iterdir()) == []
        monkeypatch.undo()
    version.write_text("18\n")
    with Embedded(home) as url:
        assert say(url, "SELECT 1") == [(1,)]
