"""Which mentor gave a rating: a manager may have another one later."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("rating", sa.Column("by_id", sa.Integer(), sa.ForeignKey("person.id"), nullable=True))


def downgrade() -> None:
    op.drop_column("rating", "by_id")
