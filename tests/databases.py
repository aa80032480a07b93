"""A database for each story, as the migrations left it. One that was used is emptied for another: a tenth of the cost of a copy.

It then gets a new name, under which nothing that is left of the story before can find it. One whose shape a story changed (by a
constraint, say), or what the migrations wrote into it, is not used again.
"""

import os
import shutil
from pathlib import Path
from uuid import uuid4

import psycopg

TEMPLATE = "migrated"
MEMORY = Path("/dev/shm")  # noqa: S108 — a folder of one's own is made in it
ROOM = 4 * 2**30  # bytes: the servers of all workers take half a gigabyte together
AT_REST = 1  # how many wait, so that the last connections to a database are gone when its turn comes

# What changes a database's shape, or what its planner knows of it, writes or removes a row in one of these.
_CATALOGUES = (
    "pg_attrdef", "pg_attribute", "pg_class", "pg_constraint", "pg_db_role_setting", "pg_event_trigger", "pg_extension",
    "pg_index", "pg_namespace", "pg_policy", "pg_proc", "pg_rewrite", "pg_statistic", "pg_trigger", "pg_type",
)  # fmt: skip
_SHAPE = " UNION ALL ".join(f"SELECT count(*), sum(xmin::text::bigint) FROM {one}" for one in _CATALOGUES)
_WRITTEN = (
    "SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind = 'r' AND pg_relation_size(oid) > 0"
    " ORDER BY relname"
)
_BEGIN_TO_COUNT = (
    "SELECT setval(format('%I.%I', schemaname, sequencename), start_value, false) FROM pg_sequences"
    " WHERE last_value IS NOT NULL"
)
_SEND_AWAY = "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE datname = %s"


class Databases:
    """The stories' databases on the server of this address."""

    def __init__(self, base: str) -> None:
        self._base = base
        self._used: list[str] = []
        self._shapes: dict[str, str] = {}
        self._kept: dict[str, str] = {}  # what the migrations wrote, by table

    def take(self) -> str:
        """The name of a database that holds what the migrations wrote, and nothing else."""
        while len(self._used) > AT_REST:
            name = self._under_a_new_name(self._used.pop(0))
            if self._emptied(name):
                return name
            run(self._base, f"DROP DATABASE {name} WITH (FORCE)")
        return self._copied()

    def give_back(self, name: str) -> None:
        """The story is over."""
        self._used.append(name)

    def drop_all(self) -> None:
        """No more stories."""
        for name in self._used:
            run(self._base, f"DROP DATABASE {name} WITH (FORCE)")

    def _copied(self) -> str:
        name = new_name()
        run(self._base, f"CREATE DATABASE {name} TEMPLATE {TEMPLATE}")
        with psycopg.connect(at(self._base, name)) as connection:
            self._kept = {table: _content(connection, table) for table in _written(connection)}
            self._shapes[name] = _shape(connection)
        return name

    def _under_a_new_name(self, old: str) -> str:
        name = new_name()
        with psycopg.connect(self._base, autocommit=True) as server:
            server.execute(_SEND_AWAY, [old])
            server.execute(f"ALTER DATABASE {old} RENAME TO {name}".encode())
        self._shapes[name] = self._shapes.pop(old)
        return name

    def _emptied(self, name: str) -> bool:
        """Whether it is now as it was when it was copied."""
        before = self._shapes.pop(name)
        with psycopg.connect(at(self._base, name)) as connection:
            if _shape(connection) != before:
                return False
            _empty(connection, [table for table in _written(connection) if table not in self._kept])
            self._shapes[name] = _shape(connection)  # an emptied table is another file, and the catalogue says so
            return all(_content(connection, table) == content for table, content in self._kept.items())


def _shape(connection: psycopg.Connection) -> str:
    return str(connection.execute(_SHAPE.encode()).fetchall())


def _written(connection: psycopg.Connection) -> list[str]:
    return [str(table) for (table,) in connection.execute(_WRITTEN.encode())]


def _content(connection: psycopg.Connection, table: str) -> str:
    return str(connection.execute(f"SELECT * FROM {table}".encode()).fetchall())


def _empty(connection: psycopg.Connection, tables: list[str]) -> None:
    # TRUNCATE and not DELETE: rows that were deleted would leave gaps, and the next story's rows would lie in another order.
    if tables:
        connection.execute(f"TRUNCATE {', '.join(tables)} CASCADE".encode())
    connection.execute(_BEGIN_TO_COUNT.encode())


def in_memory(place: Path = MEMORY, room: int = ROOM) -> Path | None:
    """Where files cost no disk, if there is such a place with room enough; None for the system's own for what is thrown away.

    Each story leaves some hundred files of tables for new ones. To make those on a disk took a fifth of the processor's time.
    """
    is_there = place.is_dir() and os.access(place, os.W_OK)
    return place if is_there and shutil.disk_usage(place).free >= room else None


def new_name() -> str:
    """A name that no database has had."""
    return f"t_{uuid4().hex[:12]}"


def at(base: str, name: str) -> str:
    """The address of another database of the same server."""
    before, _, query = base.partition("?")
    return f"{before.rsplit('/', 1)[0]}/{name}" + (f"?{query}" if query else "")


def run(url: str, statement: str) -> None:
    """One statement that stands in no transaction."""
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(statement.encode())
