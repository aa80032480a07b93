"""Who was erased is not enrolled again by a user group that they are still in."""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "erased",
        sa.Column("workspace_id", sa.String(), sa.ForeignKey("workspace.id"), primary_key=True),
        sa.Column("salt", sa.String(), primary_key=True),
        sa.Column("mark", sa.String(), nullable=False),
    )


def downgrade() -> None:
    op.drop_table("erased")
