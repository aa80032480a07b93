"""What falls due at the same moment is taken from all workspaces evenly, also where ids of one stand in a row."""

from alembic import op
from sqlalchemy import text

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    _by("(id % 997 * 616 % 997)")


def downgrade() -> None:
    _by("(id % 997)")


def _by(chance: str) -> None:
    op.drop_index("ix_agenda_item_due", table_name="agenda_item")
    op.create_index(
        "ix_agenda_item_due", "agenda_item", ["due_at", text(chance)], postgresql_where=text("done_at IS NULL")
    )
