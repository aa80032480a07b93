"""Procrastinate's own tables, by the SQL that it ships, up to the release that this was written for.

Its migration files never change, its `schema.sql` does: so a later release of it is followed by a migration of ours
that applies the files since this one.
"""

import re
from importlib.resources import files
from typing import Any

from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

LAST = "03.04.00_50_post_add_retry_failed_job_procedure.sql"

# The files add values to enums and use them. Before PostgreSQL 17, no transaction may use what it added so itself; but all has to
# be one transaction, or a start that dies half-way leaves tables that the next one trips over. So each enum is made with all the
# values that it has in the end, in their order, and none is added.
ENUMS = {
    "procrastinate_job_status": ("todo", "doing", "succeeded", "failed", "cancelled", "aborting", "aborted"),
    "procrastinate_job_event_type": (
        "deferred", "started", "deferred_for_retry", "failed", "succeeded", "cancelled", "abort_requested", "aborted",
        "scheduled", "retried",
    ),
}  # fmt: skip


def upgrade() -> None:
    folder = files("procrastinate.sql").joinpath("migrations")
    connection: Any = op.get_bind().connection.driver_connection
    for name in sorted(one.name for one in folder.iterdir() if one.name.endswith(".sql") and one.name <= LAST):
        # Straight to the driver, without arguments: a file holds many statements.
        connection.execute(_with_whole_enums(folder.joinpath(name).read_text("utf-8")))


def _with_whole_enums(statements: str) -> str:
    none_added = re.sub(r"ALTER TYPE \w+ ADD VALUE [^;]+;", "", statements)
    return re.sub(r"CREATE TYPE (\w+) AS ENUM \([^;]+\);", _whole, none_added)


def _whole(enum: re.Match[str]) -> str:
    values = ", ".join(f"'{value}'" for value in ENUMS[enum[1]])
    return f"CREATE TYPE {enum[1]} AS ENUM ({values});"


def downgrade() -> None:
    raise NotImplementedError("going back before the job queue would lose what is under way: restore a backup instead")
