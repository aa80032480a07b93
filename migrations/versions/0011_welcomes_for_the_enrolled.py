"""Whoever was enrolled before there was a welcome, and had no lesson yet, is welcomed; their lessons follow once they begin."""

from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

_WAITING = """
    SELECT enrollment.id, enrollment.starts_on, person.id AS person_id, person.workspace_id
    FROM enrollment JOIN person ON person.id = enrollment.person_id
    WHERE enrollment.begun_at IS NULL AND enrollment.stopped_at IS NULL AND enrollment.left_at IS NULL
      AND NOT EXISTS (SELECT FROM lesson_given WHERE lesson_given.enrollment_id = enrollment.id)
      AND NOT EXISTS (SELECT FROM agenda_item WHERE agenda_item.key = 'welcome:' || enrollment.id)
"""


def upgrade() -> None:
    # Their lessons are put on the agenda by the click that begins the program: not before it, and never twice.
    op.execute(f"DELETE FROM agenda_item USING ({_WAITING}) AS waiting WHERE key = 'lesson:' || waiting.id")  # noqa: S608
    # Due on the start date, or at once: the room that says it finds the hour.
    op.execute(
        "INSERT INTO agenda_item (key, kind, workspace_id, person_id, about, due_at, failures)"  # noqa: S608
        " SELECT 'welcome:' || id, 'welcome', workspace_id, person_id, jsonb_build_object('enrollment_id', id),"
        " starts_on::timestamp AT TIME ZONE 'UTC', 0"
        f" FROM ({_WAITING}) AS waiting"
    )


def downgrade() -> None:
    """A welcome on the agenda does no harm to what came before."""
