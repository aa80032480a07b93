"""Bringing a database up to date with the models, by Alembic's migrations."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import text

from bot.records.database import WHICH_SERVER, DatabaseUnfit, async_url, refuse_the_too_old

if TYPE_CHECKING:
    from alembic.config import Config
    from sqlalchemy import Connection

MIGRATIONS = Path(__file__).parents[2] / "migrations"
BRING_UP_TO_DATE = "make a backup, stop what runs an older version, then run `playercoach db upgrade`"
# Since PostgreSQL 15 only the owner of a database may, whatever was granted on the database itself.
MAKES_NO_TABLES = "the user of DATABASE_URL may not make tables in its database"
BE_ITS_OWNER = "make it the owner, as an administrator of that server: ALTER DATABASE name OWNER TO user"
_MAY_MAKE_TABLES = text("SELECT coalesce(has_schema_privilege(current_schema(), 'CREATE'), false)")


def upgrade(url: str) -> None:
    """Apply what is missing. Raises DatabaseUnfit if the database can't be reached or is of another making."""
    from alembic import command
    from alembic.util import CommandError

    try:
        if pending(url):
            with _failing_in_words():
                command.upgrade(_config(url), "head")
    except CommandError as error:
        raise DatabaseUnfit(f"the database does not fit this version of Playercoach: {error}") from None


def make_or_expect(url: str) -> None:
    """Make the tables of an empty database. Raises DatabaseUnfit if one in use is behind, too: others may still work on it."""
    behind = pending(url)
    if behind and not is_empty(url):
        raise DatabaseUnfit(f"the database is behind this version by {behind}; {BRING_UP_TO_DATE}")
    upgrade(url)


def is_empty(url: str) -> bool:
    """Whether no migration was ever applied. Raises DatabaseUnfit if it can't be reached."""
    return _revision(url) is None


def pending(url: str) -> int:
    """How many migrations a database still lacks. Raises DatabaseUnfit if it is of a newer Playercoach, or of another making."""
    from alembic.script import ScriptDirectory
    from alembic.script.revision import ResolutionError

    scripts, now = ScriptDirectory.from_config(_config(url)), _revision(url)
    try:
        return sum(1 for _ in scripts.iterate_revisions("head", now or "base"))
    except ResolutionError:
        raise DatabaseUnfit(
            f"the database is of a newer Playercoach than this one, which does not know its revision {now}; start the newer one, "
            "or restore a dump from before"
        ) from None


def _revision(url: str) -> str | None:
    """Where a database stands; None: it is empty. Raises DatabaseUnfit if it can't be reached, or its server is too old."""
    from alembic.migration import MigrationContext

    with _connected(url) as connection:
        refuse_the_too_old(connection.execute(WHICH_SERVER).scalar_one())
        return MigrationContext.configure(connection).get_current_revision()


def may_make_tables(url: str) -> bool:
    """Whether the user of this address may. Raises DatabaseUnfit if the database can't be reached."""
    with _connected(url) as connection:
        return bool(connection.execute(_MAY_MAKE_TABLES).scalar_one())


@contextmanager
def _connected(url: str) -> "Iterator[Connection]":
    from sqlalchemy import create_engine

    engine = create_engine(async_url(url))
    try:
        with _failing_in_words(), engine.connect() as connection:
            yield connection
    finally:
        engine.dispose()


@contextmanager
def _failing_in_words() -> Iterator[None]:
    from psycopg.errors import InsufficientPrivilege
    from sqlalchemy.exc import OperationalError, ProgrammingError

    try:
        yield
    except OperationalError as error:
        reason = str(error.orig).strip().splitlines()[0]
        raise DatabaseUnfit(
            f"the database of DATABASE_URL can't be reached; check that it runs and that the address is right ({reason})"
        ) from None
    except ProgrammingError as error:
        if not isinstance(error.orig, InsufficientPrivilege):
            raise
        raise DatabaseUnfit(f"{MAKES_NO_TABLES}; {BE_ITS_OWNER}") from None


def check(url: str) -> None:
    """Compare models and migrations; alembic's CommandError if they differ."""
    from alembic import command

    command.check(_config(url))


def _config(url: str) -> "Config":
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    config.set_main_option("sqlalchemy.url", async_url(url).replace("%", "%%"))
    return config
