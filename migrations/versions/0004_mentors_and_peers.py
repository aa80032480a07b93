"""Mentors and peers: checkpoints, notes, asks, cards, buddies; rounds of pools with a proposal, an organiser and a time.

A round that was formed before there were proposals has started, of course; «yes, we met» means all of them.
"""

from typing import Any

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

_MOMENT = sa.DateTime(timezone=True)

NEW_COLUMNS: tuple[tuple[str, sa.Column[Any]], ...] = (
    ("enrollment", sa.Column("buddy_id", sa.Integer(), sa.ForeignKey("person.id"), nullable=True)),
    ("enrollment", sa.Column("team", sa.String(), nullable=True)),
    ("enrollment", sa.Column("areas_shared_at", _MOMENT, nullable=True)),
    ("enrollment", sa.Column("next_talk_at", _MOMENT, nullable=True)),
    ("enrollment", sa.Column("rests_since", _MOMENT, nullable=True)),
    ("rating", sa.Column("seen_on", sa.Date(), nullable=True)),
    ("promise", sa.Column("group_id", sa.Integer(), sa.ForeignKey("peer_group.id"), nullable=True)),
    ("peer_member", sa.Column("heard_at", _MOMENT, nullable=True)),
    ("peer_group", sa.Column("organiser_id", sa.Integer(), sa.ForeignKey("person.id"), nullable=True)),
    ("peer_group", sa.Column("times", postgresql.JSONB(), nullable=False, server_default="[]")),
    ("peer_group", sa.Column("meets_at", _MOMENT, nullable=True)),
    ("peer_group", sa.Column("picked_by", sa.Integer(), sa.ForeignKey("person.id"), nullable=True)),
    ("peer_group", sa.Column("asked_again_at", _MOMENT, nullable=True)),
    ("peer_round", sa.Column("workspace_id", sa.String(), sa.ForeignKey("workspace.id"), nullable=True)),
    ("peer_round", sa.Column("pool", sa.String(), nullable=True)),
    ("peer_round", sa.Column("starts_at", _MOMENT, nullable=True)),
    ("peer_round", sa.Column("started_at", _MOMENT, nullable=True)),
    ("peer_round", sa.Column("started_by", sa.Integer(), sa.ForeignKey("person.id"), nullable=True)),
)


def upgrade() -> None:
    for table, column in NEW_COLUMNS:
        op.add_column(table, column)
    op.alter_column("peer_group", "times", server_default=None)
    op.create_index("ix_enrollment_buddy_id", "enrollment", ["buddy_id"])
    op.alter_column("promise", "message_id", nullable=True)
    _rounds_of_pools()
    op.execute("UPDATE peer_group SET met = 'all' WHERE met = 'yes'")
    _tables_of_mentors()
    _tables_of_peers()


def _rounds_of_pools() -> None:
    op.execute(
        "UPDATE peer_round SET workspace_id = cohort.workspace_id, pool = cohort.name, starts_at = formed_at,"
        " started_at = formed_at FROM cohort WHERE cohort.id = peer_round.cohort_id"
    )
    for name in ("workspace_id", "pool", "starts_at"):
        op.alter_column("peer_round", name, nullable=False)
    op.drop_constraint("peer_round_cohort_id_number_key", "peer_round")
    op.drop_column("peer_round", "cohort_id")
    op.create_unique_constraint(
        "peer_round_workspace_id_pool_number_key", "peer_round", ["workspace_id", "pool", "number"]
    )


def _tables_of_mentors() -> None:
    op.create_table(
        "checkpoint",
        sa.Column("enrollment_id", sa.Integer(), sa.ForeignKey("enrollment.id"), primary_key=True),
        sa.Column("week", sa.Integer(), primary_key=True),
        sa.Column("opened_at", _MOMENT, nullable=False),
        sa.Column("sealed_until", _MOMENT, nullable=False),
        sa.Column("revealed_at", _MOMENT, nullable=True),
    )
    op.create_table(
        "case_rated",
        sa.Column("person_id", sa.Integer(), sa.ForeignKey("person.id"), primary_key=True),
        sa.Column("area_id", sa.String(), primary_key=True),
        sa.Column("place", sa.Integer(), primary_key=True),
        sa.Column("level", sa.Integer(), nullable=False),
        sa.Column("rated_at", _MOMENT, nullable=False),
    )
    op.create_table(
        "note",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("enrollment_id", sa.Integer(), sa.ForeignKey("enrollment.id"), nullable=False),
        sa.Column("by_id", sa.Integer(), sa.ForeignKey("person.id"), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("place", sa.String(), nullable=False, unique=True),
        sa.Column("what_for", sa.String(), nullable=True),
        sa.Column("text", sa.String(), nullable=True),
        sa.Column("written_at", _MOMENT, nullable=False),
    )
    op.create_index("ix_note_enrollment", "note", ["enrollment_id"])
    op.create_table(
        "observation",
        sa.Column("note_id", sa.Integer(), sa.ForeignKey("note.id"), primary_key=True),
        sa.Column("place", sa.Integer(), primary_key=True),
        sa.Column("lesson_id", sa.String(), nullable=False),
        sa.Column("behaviour", sa.String(), nullable=False),
        sa.Column("saw", sa.String(), nullable=False),
    )
    op.create_table(
        "ask",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("enrollment_id", sa.Integer(), sa.ForeignKey("enrollment.id"), nullable=False),
        sa.Column("place", sa.String(), nullable=False, unique=True),
        sa.Column("text", sa.String(), nullable=False),
        sa.Column("needs_help", sa.Boolean(), nullable=False),
        sa.Column("asked_at", _MOMENT, nullable=False),
        sa.Column("settled_at", _MOMENT, nullable=True),
        sa.Column("settled_by", sa.Integer(), sa.ForeignKey("person.id"), nullable=True),
    )
    op.create_index("ix_ask_enrollment", "ask", ["enrollment_id"])
    op.create_table(
        "relation",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("enrollment_id", sa.Integer(), sa.ForeignKey("enrollment.id"), nullable=False),
        sa.Column("mentor_id", sa.Integer(), sa.ForeignKey("person.id"), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("message_id", sa.Uuid(), sa.ForeignKey("message.id"), nullable=False),
        sa.Column("asked_at", _MOMENT, nullable=False),
        sa.Column("answer", sa.String(), nullable=True),
        sa.Column("answered_at", _MOMENT, nullable=True),
        sa.UniqueConstraint("enrollment_id", "mentor_id", "number"),
    )


def _tables_of_peers() -> None:
    op.create_table(
        "peer_left_out",
        sa.Column("round_id", sa.Integer(), sa.ForeignKey("peer_round.id"), primary_key=True),
        sa.Column("person_id", sa.Integer(), sa.ForeignKey("person.id"), primary_key=True),
        sa.Column("reason", sa.String(), nullable=False),
    )
    op.create_table(
        "peer_block",
        sa.Column("person_id", sa.Integer(), sa.ForeignKey("person.id"), primary_key=True),
        sa.Column("blocked_id", sa.Integer(), sa.ForeignKey("person.id"), primary_key=True),
        sa.Column("blocked_at", _MOMENT, nullable=False),
    )
    op.create_index("ix_peer_block_blocked_id", "peer_block", ["blocked_id"])


def downgrade() -> None:
    raise NotImplementedError("what mentors and peers wrote would be lost: restore a backup instead")
