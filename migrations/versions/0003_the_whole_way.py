"""The whole way: welcome, ratings, reviews, pulses, plans, pauses, what is shared, and one unprompted message a day.

Managers who were under way before there was a welcome have begun, of course.
"""

from typing import Any

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

NEW_COLUMNS: tuple[tuple[str, sa.Column[Any]], ...] = (
    ("enrollment", sa.Column("begun_at", sa.DateTime(timezone=True), nullable=True)),
    ("enrollment", sa.Column("lesson_days", postgresql.JSONB(), nullable=True)),
    ("enrollment", sa.Column("lesson_at", sa.Time(), nullable=True)),
    ("enrollment", sa.Column("slower", sa.Boolean(), nullable=False, server_default=sa.false())),
    ("enrollment", sa.Column("stopped_at", sa.DateTime(timezone=True), nullable=True)),
    ("enrollment", sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True)),
    ("enrollment", sa.Column("goes_on", sa.Boolean(), nullable=False, server_default=sa.false())),
    ("enrollment", sa.Column("letting_go_shared_at", sa.DateTime(timezone=True), nullable=True)),
    ("lesson_given", sa.Column("why", sa.String(), nullable=True)),
    ("lesson_given", sa.Column("why_about", sa.String(), nullable=True)),
    ("lesson_given", sa.Column("set_aside_at", sa.DateTime(timezone=True), nullable=True)),
    ("person", sa.Column("locale", sa.String(), nullable=True)),
    ("person", sa.Column("language", sa.String(), nullable=True)),
    ("person", sa.Column("country", sa.String(), nullable=True)),
    ("person", sa.Column("paused_at", sa.DateTime(timezone=True), nullable=True)),
    ("person", sa.Column("paused_until", sa.Date(), nullable=True)),
    ("person", sa.Column("away_until", sa.DateTime(timezone=True), nullable=True)),
    ("promise", sa.Column("plan", sa.String(), nullable=True)),
    ("promise", sa.Column("status", sa.String(), nullable=True)),
    ("promise", sa.Column("note", sa.String(), nullable=True)),
    ("promise", sa.Column("note_shared_at", sa.DateTime(timezone=True), nullable=True)),
    ("promise", sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True)),
    ("promise", sa.Column("moved_at", sa.DateTime(timezone=True), nullable=True)),
    ("promise", sa.Column("let_go_at", sa.DateTime(timezone=True), nullable=True)),
    ("response", sa.Column("shared_at", sa.DateTime(timezone=True), nullable=True)),
)


def upgrade() -> None:
    op.create_table(
        "tally",
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("key"),
    )
    op.create_table(
        "card",
        sa.Column("enrollment_id", sa.Integer(), nullable=False),
        sa.Column("lesson_id", sa.String(), nullable=False),
        sa.Column("check_id", sa.String(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("scheduler", sa.String(), nullable=False),
        sa.Column("stability", sa.Float(), nullable=True),
        sa.Column("difficulty", sa.Float(), nullable=True),
        sa.Column("step", sa.Integer(), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("last_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["enrollment_id"],
            ["enrollment.id"],
        ),
        sa.PrimaryKeyConstraint("enrollment_id", "lesson_id", "check_id"),
    )
    op.create_table(
        "rating",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("enrollment_id", sa.Integer(), nullable=False),
        sa.Column("area_id", sa.String(), nullable=False),
        sa.Column("week", sa.Integer(), nullable=False),
        sa.Column("rated_by", sa.String(), nullable=False),
        sa.Column("level", sa.Integer(), nullable=True),
        sa.Column("seen", sa.String(), nullable=True),
        sa.Column("rated_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["enrollment_id"],
            ["enrollment.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("enrollment_id", "area_id", "week", "rated_by"),
    )
    op.create_table(
        "interruption",
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("on_day", sa.Date(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("message_id", sa.Uuid(), nullable=True),
        sa.Column("said_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("joined", postgresql.JSONB(), nullable=False),
        sa.Column("held_back", postgresql.JSONB(), nullable=False),
        sa.ForeignKeyConstraint(
            ["message_id"],
            ["message.id"],
        ),
        sa.ForeignKeyConstraint(
            ["person_id"],
            ["person.id"],
        ),
        sa.PrimaryKeyConstraint("person_id", "on_day"),
    )
    op.create_index(op.f("ix_interruption_message_id"), "interruption", ["message_id"], unique=False)
    op.create_table(
        "pulse",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("enrollment_id", sa.Integer(), nullable=False),
        sa.Column("message_id", sa.Uuid(), nullable=False),
        sa.Column("question", sa.String(), nullable=False),
        sa.Column("value", sa.Integer(), nullable=False),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["enrollment_id"],
            ["enrollment.id"],
        ),
        sa.ForeignKeyConstraint(
            ["message_id"],
            ["message.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("message_id", "question"),
    )
    op.create_index("ix_pulse_enrollment", "pulse", ["enrollment_id"], unique=False)
    op.create_table(
        "review",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("enrollment_id", sa.Integer(), nullable=False),
        sa.Column("message_id", sa.Uuid(), nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column("lesson_id", sa.String(), nullable=False),
        sa.Column("check_id", sa.String(), nullable=False),
        sa.Column("edition_hash", sa.String(), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("answer", postgresql.JSONB(), nullable=True),
        sa.Column("confidence", sa.String(), nullable=True),
        sa.Column("correct", sa.Boolean(), nullable=True),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["edition_hash"],
            ["edition.hash"],
        ),
        sa.ForeignKeyConstraint(
            ["enrollment_id"],
            ["enrollment.id"],
        ),
        sa.ForeignKeyConstraint(
            ["message_id"],
            ["message.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("message_id", "lesson_id", "check_id"),
    )
    op.create_index("ix_review_enrollment", "review", ["enrollment_id"], unique=False)
    for table, column in NEW_COLUMNS:
        op.add_column(table, column)
    # Only a default for the rows that are there: the models say what new ones hold.
    op.alter_column("enrollment", "slower", server_default=None)
    op.alter_column("enrollment", "goes_on", server_default=None)
    op.execute(
        "UPDATE enrollment SET begun_at = starts_on FROM lesson_given WHERE lesson_given.enrollment_id = enrollment.id"
    )


def downgrade() -> None:
    for table, column in NEW_COLUMNS:
        op.drop_column(table, column.name)
    for table in ("tally", "card", "rating", "interruption", "pulse", "review"):
        op.drop_table(table)
