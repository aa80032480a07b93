"""Bringing a database up to date with the models, by Alembic's migrations."""

from pathlib import Path
from typing import TYPE_CHECKING

from bot.records.database import DatabaseUnfit, async_url

if TYPE_CHECKING:
    from alembic.config import Config

MIGRATIONS = Path(__file__).parents[2] / "migrations"


def upgrade(url: str) -> None:
    """Apply what is missing. Raises DatabaseUnfit if the database can't be reached or is of another making."""
    from alembic import command
    from alembic.util import CommandError
    from sqlalchemy.exc import OperationalError

    try:
        if pending(url):
            command.upgrade(_config(url), "head")
    except OperationalError as error:
        reason = str(error.orig).strip().splitlines()[0]
        raise DatabaseUnfit(
            f"the database of DATABASE_URL can't be reached; check that it runs and that the address is right ({reason})"
        ) from None
    except CommandError as error:
        raise DatabaseUnfit(f"the database does not fit this version of Playercoach: {error}") from None


def pending(url: str) -> int:
    """How many migrations a database still lacks. Raises DatabaseUnfit if it is of a newer Playercoach, or of another making."""
    from alembic.migration import MigrationContext
    from alembic.script import ScriptDirectory
    from alembic.script.revision import ResolutionError
    from sqlalchemy import create_engine

    scripts = ScriptDirectory.from_config(_config(url))
    engine = create_engine(async_url(url))
    try:
        with engine.connect() as connection:
            now = MigrationContext.configure(connection).get_current_revision()
    finally:
        engine.dispose()
    try:
        return sum(1 for _ in scripts.iterate_revisions("head", now or "base"))
    except ResolutionError:
        raise DatabaseUnfit(
            f"the database is of a newer Playercoach than this one, which does not know its revision {now}; start the newer one, "
            "or restore a dump from before"
        ) from None


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
