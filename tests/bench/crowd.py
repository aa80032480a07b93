"""Thousands of enrolled managers, each with a lesson that was sent and not answered, written straight into the tables."""

from datetime import UTC, datetime, timedelta

import psycopg
from psycopg.types.json import Jsonb

from bot.curriculum.model import Lesson
from bot.records.database import plain_url
from bot.records.editions import edition_hash
from bot.sandbox.server import Sandbox

LESSON_SENT = datetime(2026, 11, 24, 8, 0, tzinfo=UTC)  # Tuesday, 9:00 in Ljubljana
NOW = datetime(2026, 11, 27, 9, 0, tzinfo=UTC)  # Friday, 10:00 there: the nudge would be due
LATER = NOW + timedelta(days=300)

# A million people are twelve million references to look up, each of which holds by the way the rows are made: who may leave
# that out (a superuser, as in the embedded PostgreSQL) does. And nobody waits for the disk.
_IN_A_HURRY = """
    SELECT set_config('session_replication_role', 'replica', true)
        FROM pg_roles WHERE rolname = current_user AND rolsuper;
    SET LOCAL synchronous_commit = off;
"""
_PEOPLE = """
    INSERT INTO workspace (id, name, bot_user_id, next_slot_at)
        VALUES (%(workspace)s, 'Acme', 'U0PLAYER', %(sent)s) ON CONFLICT DO NOTHING;
    INSERT INTO cohort (id, workspace_id, name)
        SELECT n, %(workspace)s, 'Cohort ' || n FROM generate_series(0, %(count)s / 40) n;
    INSERT INTO person (id, workspace_id, slack_id, name, first_name, timezone)
        SELECT n, %(workspace)s, 'U1' || lpad(n::text, 6, '0'), 'Manager ' || n, 'Manager', 'Europe/Ljubljana'
        FROM generate_series(0, %(count)s - 1) n;
    INSERT INTO enrollment (id, cohort_id, person_id, starts_on, begun_at, slower, goes_on)
        SELECT id, id / 40, id, '2026-11-24', %(sent)s, false, false FROM person;
"""
_LESSONS = """
    INSERT INTO edition (hash, lesson_id, revision, content, served_at)
        VALUES (%(edition)s, %(lesson)s, 1, %(content)s, %(sent)s);
    INSERT INTO message (id, key, kind, workspace_id, person_id, payload, state, created_at, send_at, sent_at,
            tried_at, attempts, channel, ts)
        SELECT md5('message ' || id)::uuid, 'lesson:' || id || ':' || %(lesson)s, 'lesson', workspace_id, id,
            jsonb_build_object('enrollment_id', id, 'lesson_id', %(lesson)s::text), 'sent',
            %(sent)s, %(sent)s, %(sent)s, %(sent)s, 1, 'D' || id, '1795593600.000100' FROM person;
    INSERT INTO lesson_given (enrollment_id, lesson_id, edition_hash, message_id, given_at)
        SELECT person_id, %(lesson)s, %(edition)s, id, %(sent)s FROM message;
"""
_AGENDA = """
    INSERT INTO agenda_item (key, kind, workspace_id, person_id, about, due_at, failures)
        SELECT 'lesson:' || id, 'lesson', workspace_id, id, jsonb_build_object('enrollment_id', id), %(later)s, 0
        FROM person;
    INSERT INTO agenda_item (key, kind, workspace_id, person_id, about, due_at, failures)
        SELECT 'nudge:' || id, 'nudge', workspace_id, person_id,
            jsonb_build_object('message_id', id, 'enrollment_id', person_id), %(later)s, 0
        FROM message;
"""


def slack_id(number: int) -> str:
    """The Slack id of one of the crowd, whose id on record is the number itself."""
    return f"U1{number:06d}"


def enrol(database_url: str, count: int, lesson: Lesson) -> None:
    """So many managers, who got this lesson on Tuesday; their nudge and their next lesson are due only `LATER`."""
    values = {
        "workspace": Sandbox.team_id,
        "count": count,
        "sent": LESSON_SENT,
        "later": LATER,
        "lesson": lesson.id,
        "edition": edition_hash(lesson),
        "content": Jsonb(lesson.model_dump(mode="json")),
    }
    with psycopg.connect(plain_url(database_url), cursor_factory=psycopg.ClientCursor) as connection:
        for statements in (_IN_A_HURRY, _PEOPLE, _LESSONS, _AGENDA):
            connection.execute(statements, values)
    tidy(database_url)


def tidy(database_url: str) -> None:
    """What autovacuum would have done by and by after so many new rows."""
    with psycopg.connect(plain_url(database_url), autocommit=True) as connection:
        connection.execute("VACUUM ANALYZE")
