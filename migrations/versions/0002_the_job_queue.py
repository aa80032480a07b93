"""Procrastinate's own tables, by the SQL that it ships, up to the release that this was written for.

Its migration files never change, its `schema.sql` does: so a later release of it is followed by a migration of ours
that applies the files since this one.
"""

from importlib.resources import files
from typing import Any

from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

LAST = "03.04.00_50_post_add_retry_failed_job_procedure.sql"


def upgrade() -> None:
    names = sorted(
        one.name for one in files("procrastinate.sql").joinpath("migrations").iterdir() if one.name.endswith(".sql")
    )
    connection: Any = op.get_bind().connection.driver_connection
    for name in names:
        if name <= LAST:
            # Straight to the driver, without arguments: a file holds many statements.
            connection.execute(files("procrastinate.sql").joinpath("migrations", name).read_text("utf-8"))


def downgrade() -> None:
    raise NotImplementedError("going back before the job queue would lose what is under way: restore a backup instead")
