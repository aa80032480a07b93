"""When the reviews ended that had gone on after somebody's end: what they wrote is kept for so long from there."""

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("enrollment", sa.Column("reviews_ended_at", sa.DateTime(timezone=True)))


def downgrade() -> None:
    op.drop_column("enrollment", "reviews_ended_at")
