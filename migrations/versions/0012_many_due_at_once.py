"""What falls due at the same moment is taken across workspaces: none of them waits until a large one is done."""

from alembic import op
from sqlalchemy import text

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.drop_index("ix_agenda_item_due", table_name="agenda_item")
    op.create_index(
        "ix_agenda_item_due", "agenda_item", ["due_at", text("(id % 997)")], postgresql_where=text("done_at IS NULL")
    )


def downgrade() -> None:
    op.drop_index("ix_agenda_item_due", table_name="agenda_item")
    op.create_index("ix_agenda_item_due", "agenda_item", ["due_at"], postgresql_where=text("done_at IS NULL"))
