"""The stories' databases: what one story wrote, no other finds."""

from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from tests.databases import AT_REST, TEMPLATE, Databases, at, in_memory, run

TABLES = "SELECT table_name FROM information_schema.tables WHERE table_schema = 'public' ORDER BY table_name"
COUNTERS = "SELECT sequencename, last_value FROM pg_sequences ORDER BY sequencename"
WORKSPACE = "INSERT INTO workspace (id, name, bot_user_id, next_slot_at) VALUES ('T1', 'One', 'U0', now())"
PERSON = "INSERT INTO person (workspace_id, slack_id, name, first_name, timezone) VALUES ('T1', 'U1', 'A', 'A', 'UTC')"


@pytest.fixture
def own(postgres: str) -> Iterator[Databases]:
    """Databases that no other story has."""
    opened = Databases(postgres)
    yield opened
    opened.drop_all()


def what_is_in(base: str, name: str) -> dict[str, object]:
    """All rows of all tables, and where the counters stand."""
    with psycopg.connect(at(base, name)) as connection:
        tables = [str(table) for (table,) in connection.execute(TABLES)]
        rows = {table: connection.execute(f"TABLE {table}".encode()).fetchall() for table in tables}
        return {**rows, "counters": connection.execute(COUNTERS).fetchall()}


def number_of(base: str, name: str) -> int | None:
    """A database's own number, which a new name doesn't change; None: there is no database of that name."""
    with psycopg.connect(base) as connection:
        row = connection.execute("SELECT oid FROM pg_database WHERE datname = %s", [name]).fetchone()
        return None if row is None else int(row[0])


def used(own: Databases, postgres: str, *statements: str) -> str:
    """The name of one in which a story wrote this, with others after it, so that it is its turn again."""
    one, *others = [own.take() for _ in range(AT_REST + 1)]
    for statement in statements:
        run(at(postgres, one), statement)
    for name in (one, *others):
        own.give_back(name)
    return one


def test_what_a_story_wrote_no_other_finds(postgres: str, own: Databases) -> None:
    """Rows in two tables and a counter that has moved: the next story finds what the migrations left, under a new name."""
    before = used(own, postgres, WORKSPACE, PERSON)
    assert what_is_in(postgres, before) != what_is_in(postgres, TEMPLATE)
    number = number_of(postgres, before)
    name = own.take()
    assert what_is_in(postgres, name) == what_is_in(postgres, TEMPLATE)
    assert number_of(postgres, name) == number
    assert number_of(postgres, before) is None


def test_who_stayed_is_sent_away(postgres: str, own: Databases) -> None:
    """A process of the story before still holds a connection, in the middle of a transaction: it writes nothing more."""
    before = used(own, postgres)
    with psycopg.connect(at(postgres, before)) as straggler:
        straggler.execute(WORKSPACE)
        name = own.take()
        with pytest.raises(psycopg.OperationalError):
            straggler.execute(PERSON)
    assert what_is_in(postgres, name) == what_is_in(postgres, TEMPLATE)


@pytest.mark.parametrize(
    "change",
    [
        "CREATE TABLE more (id int)",
        "ALTER TABLE response ADD CONSTRAINT full_up CHECK (false) NOT VALID",
        "ALTER TABLE person ALTER COLUMN name SET DEFAULT 'X'",
        "CREATE FUNCTION more() RETURNS int LANGUAGE sql AS 'SELECT 1'",
        "DROP INDEX ix_agenda_item_due",
        "UPDATE alembic_version SET version_num = '0000'",
        "DELETE FROM alembic_version",
    ],
)
def test_a_changed_shape_is_not_used_again(postgres: str, own: Databases, change: str) -> None:
    """A story adds a table, a constraint, a default, a function, or touches what the migrations wrote: that database is gone."""
    before = used(own, postgres, change)
    number = number_of(postgres, before)
    name = own.take()
    assert what_is_in(postgres, name) == what_is_in(postgres, TEMPLATE)
    assert number_of(postgres, name) != number


def test_the_server_is_in_memory_where_there_is_room(tmp_path: Path) -> None:
    """A place in memory is used if it is there and has room enough: containers often have one of 64 MB."""
    assert in_memory(tmp_path, room=1) == tmp_path
    assert in_memory(tmp_path, room=2**62) is None
    assert in_memory(tmp_path / "nowhere", room=1) is None
