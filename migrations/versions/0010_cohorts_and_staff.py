"""Cohorts that staff lead, roles that a command gives, people who left, and what staff did."""

from typing import Any

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0010"
down_revision = "0008"
branch_labels = None
depends_on = None


def _added() -> "dict[str, tuple[sa.Column[Any], ...]]":
    return {
        "person": (sa.Column("roster_timezone", sa.String()), sa.Column("role", sa.String())),
        "cohort": (
            sa.Column("starts_on", sa.Date()),
            sa.Column("user_group", sa.String()),
            sa.Column("paused_at", sa.DateTime(timezone=True)),
            sa.Column("paused_until", sa.Date()),
            sa.Column("more_weeks", sa.Integer(), nullable=False, server_default="0"),
            sa.Column("closed_at", sa.DateTime(timezone=True)),
        ),
        "enrollment": (sa.Column("left_at", sa.DateTime(timezone=True)),),
    }


_PEOPLE = ("by_id", "person_id", "other_id")


def upgrade() -> None:
    for table, columns in _added().items():
        for column in columns:
            op.add_column(table, column)
    op.create_table(
        "staff_act",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("workspace_id", sa.String(), sa.ForeignKey("workspace.id"), nullable=False),
        sa.Column("done_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("act", sa.String(), nullable=False),
        *(sa.Column(name, sa.Integer(), sa.ForeignKey("person.id"), nullable=True) for name in _PEOPLE),
        sa.Column("by_command", sa.Boolean(), nullable=False),
        sa.Column("about", postgresql.JSONB(), nullable=False),
    )
    op.create_index("ix_staff_act_when", "staff_act", ["workspace_id", "done_at"])
    for name in _PEOPLE:
        op.create_index(f"ix_staff_act_{name}", "staff_act", [name])


def downgrade() -> None:
    op.drop_table("staff_act")
    for table, columns in _added().items():
        for column in columns:
            op.drop_column(table, column.name)
