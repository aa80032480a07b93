"""When a mentor gets their digest, as they chose."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("person", sa.Column("digest_day", sa.String(), nullable=True))
    op.add_column("person", sa.Column("digest_at", sa.Time(), nullable=True))


def downgrade() -> None:
    op.drop_column("person", "digest_at")
    op.drop_column("person", "digest_day")
