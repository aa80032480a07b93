"""A database in use is brought up to date from each revision there ever was: every row is kept, and it goes on from there."""

import asyncio
import logging
import os
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import psycopg
import pytest
from alembic import command
from alembic.config import Config
from alembic.script import ScriptDirectory

from bot.cohorts.catching_up import OWN
from bot.records import database
from bot.records.database import DatabaseUnfit, async_url
from bot.records.tables import AgendaItem, LessonGiven, Message
from bot.records.upgrade import MIGRATIONS, check, is_empty, make_or_expect, pending, upgrade
from bot.slack.installing.keys import new_key
from tests.cli.test_bad_input import playercoach
from tests.databases import at
from tests.lived_in import rows_of, start_living
from tests.world import CONTENT, open_world

ROOT = Path(__file__).parents[2]
REVISIONS = [one.revision for one in ScriptDirectory(str(MIGRATIONS)).walk_revisions()][:0:-1]  # the first one first

OTHER_WORDS = [("peer_group", "met", "yes")]  # «all» since there are groups of three

# As the first release did it: Zoe, and a first lesson on her agenda.
ENROLLED = """
    INSERT INTO person (id, workspace_id, slack_id, name, first_name) VALUES (9, 'T0ACME', 'U0ZOE', 'Zoe Adams', 'Zoe');
    INSERT INTO enrollment (id, cohort_id, person_id, starts_on) VALUES (3, 1, 9, '2026-11-24');
    INSERT INTO agenda_item (key, kind, workspace_id, person_id, about, due_at, failures)
    VALUES ('lesson:3', 'lesson', 'T0ACME', 9, '{"enrollment_id": 3}', '2026-11-24 08:00Z', 0);
"""

DIES_IN_THE_QUEUE = """
    CREATE FUNCTION dying() RETURNS event_trigger LANGUAGE plpgsql AS $$ BEGIN
        IF to_regclass('procrastinate_periodic_defers') IS NOT NULL THEN RAISE 'dies here'; END IF;
    END $$;
    CREATE EVENT TRIGGER dying ON ddl_command_end EXECUTE FUNCTION dying();
"""


@pytest.fixture(scope="module")
def walked(postgres: str) -> Iterator[dict[str, str]]:
    """A database for each revision but the last, with its tables and nothing in them: by revision, its name."""
    names = {revision: f"at_{revision}" for revision in REVISIONS}
    with psycopg.connect(postgres, autocommit=True) as server:
        server.execute("CREATE DATABASE walking")
        for revision, name in names.items():
            _to(at(postgres, "walking"), revision)
            server.execute(f"CREATE DATABASE {name} TEMPLATE walking".encode())
        yield names
        for name in ("walking", *names.values()):
            server.execute(f"DROP DATABASE {name} WITH (FORCE)".encode())


@pytest.mark.long
@pytest.mark.parametrize("revision", REVISIONS)
async def test_a_database_in_use_comes_along(
    postgres: str, walked: dict[str, str], revision: str, caplog: pytest.LogCaptureFixture
) -> None:
    """All that stood in it still does; the lesson that waited is said once, the next one comes, and App Home is drawn."""
    url = at(postgres, walked[revision])
    start_living(url)
    before = rows_of(url)
    assert before
    upgrade(url)
    assert pending(url) == 0
    _assert_kept(before, rows_of(url))
    caplog.set_level(logging.ERROR)
    async with open_world(url, content=CONTENT) as world:
        await world.pass_time(days=7)
        await world.sandbox.open_home(world.maya.id)
        await world.settle()
        lessons = [one.message_id for one in await world.rows(LessonGiven) if one.enrollment_id == 1]
        said = [one.state for one in await world.rows(Message) if one.id in lessons]
        assert len(lessons) > 1
        assert set(said) == {"sent"}
        assert world.sandbox.home(world.maya.id) is not None
        assert [one.key for one in await world.rows(AgendaItem) if one.failures] == []
    assert [one.getMessage() for one in caplog.records if one.levelno >= logging.ERROR] == []


@pytest.mark.long
@pytest.mark.parametrize("revision", ["0001", "0002"])
async def test_who_was_enrolled_before_there_was_a_welcome(empty_url: str, revision: str) -> None:
    """She had no lesson yet: she is welcomed now, nothing else comes before she begins, and then her lessons do."""
    _to(empty_url, revision)
    start_living(empty_url)
    with psycopg.connect(empty_url) as connection:
        connection.execute(ENROLLED)
    upgrade(empty_url)
    async with open_world(empty_url, content=CONTENT) as world:
        await world.pass_time(days=2.5)
        (welcome,) = world.dms(world.zoe)
        await world.press(world.zoe, welcome, "welcome_begin")
        await world.pass_time(days=7)
        lessons = [one for one in await world.rows(LessonGiven) if one.enrollment_id == 3]
        assert len(lessons) == 2
        assert [one.key for one in await world.rows(AgendaItem) if one.failures] == []


@pytest.mark.long
@pytest.mark.parametrize("revision", ["0002", "0009"])
async def test_who_was_under_way_gets_what_came_later(empty_url: str, revision: str) -> None:
    """Maya and Tom had begun: from the next look at the directory on they have reviews, an end and a mentor who reads of them."""
    _to(empty_url, revision)
    start_living(empty_url)
    with psycopg.connect(empty_url) as connection:
        connection.execute("UPDATE person SET unreachable_at = NULL, dm_channel = NULL")
        if revision > "0002":
            connection.execute("UPDATE enrollment SET begun_at = starts_on, ended_at = NULL, stopped_at = NULL")
    upgrade(empty_url)
    async with open_world(empty_url, content=CONTENT) as world:
        assert {one.key for one in await world.rows(AgendaItem)} == {"lesson:1", "lesson:2"}
        await world.house.sync_directory()
        first = sorted((one.key, one.due_at) for one in await world.rows(AgendaItem))
        assert {key for key, _ in first} >= {f"{kind}:{one}" for kind in OWN for one in (1, 2)} | {
            "digest:3",
            "round:1",
        }
        await world.house.sync_directory()
        assert sorted((one.key, one.due_at) for one in await world.rows(AgendaItem)) == first
        await world.pass_time(days=7)
        assert world.dms(world.ana), "Monday's digest"
        assert [one.key for one in await world.rows(AgendaItem) if one.failures] == []


def test_a_first_start_that_died_half_way(empty_url: str) -> None:
    """It dies amid the tables of the job queue: none is left, and the next start makes them all."""
    with psycopg.connect(empty_url, autocommit=True) as connection:
        connection.execute(DIES_IN_THE_QUEUE)
        with pytest.raises(psycopg.errors.RaiseException, match="dies here"):
            upgrade(empty_url)
        connection.execute("DROP EVENT TRIGGER dying")
        assert connection.execute("SELECT 1 FROM pg_tables WHERE schemaname = 'public'").fetchall() == []
        upgrade(empty_url)
    assert pending(empty_url) == 0
    check(empty_url)


@pytest.mark.parametrize("by", [upgrade, make_or_expect])
def test_a_server_that_is_too_old(empty_url: str, by: Callable[[str], None], monkeypatch: pytest.MonkeyPatch) -> None:
    """Before anything is made there, a sentence says which it is and which is needed."""
    monkeypatch.setattr(database, "OLDEST_POSTGRES", 99)
    with pytest.raises(DatabaseUnfit, match=r"the database is PostgreSQL \d\d; Playercoach needs 99 or newer"):
        by(empty_url)
    monkeypatch.undo()
    assert is_empty(empty_url)


@pytest.mark.long
@pytest.mark.parametrize("words", [("report",), ("keys", "rotate"), ("worker",)])
def test_who_is_not_alone_leaves_a_database_as_it_is(empty_url: str, tmp_path: Path, words: tuple[str, ...]) -> None:
    """It is behind, and processes of the release before may work on it: a sentence says what to do, and then it works."""
    _to(empty_url, REVISIONS[-1])
    given = {"DATABASE_URL": empty_url, "TOKEN_KEYS": new_key(), "SLACK_BOT_TOKEN": "xoxb-12345678901"}
    done = playercoach(*words, folder=tmp_path, **given, SLACK_API_URL="http://127.0.0.1:9/")
    assert (done.returncode, "is behind this version by 1" in done.stderr, pending(empty_url)) == (2, True, 1)
    assert "`playercoach db upgrade`" in done.stderr
    assert playercoach("db", "upgrade", folder=tmp_path, **given).returncode == 0
    done = playercoach(*words, folder=tmp_path, **given, SLACK_API_URL="http://127.0.0.1:9/")
    assert "is behind" not in done.stderr


@pytest.mark.long
def test_an_empty_database_is_made_by_whoever_comes_first(empty_url: str, tmp_path: Path) -> None:
    """Nobody works on it yet: a report of nothing, and all tables are there."""
    done = playercoach("report", folder=tmp_path, DATABASE_URL=empty_url)
    assert (done.returncode, pending(empty_url)) == (0, 0), done.stderr


@pytest.mark.long
async def test_processes_that_start_together(empty_url: str) -> None:
    """Three find an empty database: one makes its tables while the others wait, and all of them go on."""
    words = (sys.executable, "-m", "bot", "db", "upgrade")
    environment = {"PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT), "DATABASE_URL": empty_url}
    three = [await asyncio.create_subprocess_exec(*words, env=environment, cwd=ROOT) for _ in range(3)]
    assert [await one.wait() for one in three] == [0, 0, 0]
    assert pending(empty_url) == 0


def _assert_kept(before: dict[str, list[dict[str, Any]]], after: dict[str, list[dict[str, Any]]]) -> None:
    """Each row is there, with the same values in all columns that still exist; but for what has another word now."""
    for table, rows in before.items():
        assert len(after[table]) == len(rows), table
        for old, new in zip(rows, after[table], strict=True):
            same = {key: old[key] for key in old if key in new and (table, key, old[key]) not in OTHER_WORDS}
            assert {key: new[key] for key in same} == same, table


def _to(url: str, revision: str) -> None:
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    config.set_main_option("sqlalchemy.url", async_url(url).replace("%", "%%"))
    command.upgrade(config, revision)
