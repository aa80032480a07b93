"""Whom the campaign is about: managers who all get their first lesson, one after the other, as long as it lasts."""

from datetime import UTC, datetime, timedelta
from typing import Any

import psycopg

from bot.cohorts.catching_up import OWN
from bot.records.database import plain_url
from bot.sandbox.server import Sandbox

NINE = datetime(2026, 11, 24, 8, 0, tzinfo=UTC)  # Tuesday, 9:00 in Ljubljana
A_COHORT = 50

_PEOPLE = """
    INSERT INTO workspace (id, name, bot_user_id, next_slot_at)
        VALUES (%(workspace)s, 'Acme', 'U0PLAYER', %(from)s) ON CONFLICT DO NOTHING;
    INSERT INTO cohort (id, workspace_id, name)
        SELECT n, %(workspace)s, 'Cohort ' || n
        FROM generate_series(%(first)s / %(cohort)s, (%(first)s + %(count)s - 1) / %(cohort)s) n ON CONFLICT DO NOTHING;
    INSERT INTO person (id, workspace_id, slack_id, name, first_name, timezone)
        SELECT n, %(workspace)s, 'U1' || lpad(n::text, 6, '0'), 'Manager ' || n, 'Manager',
            (%(zones)s::text[])[1 + n %% cardinality(%(zones)s::text[])]
        FROM generate_series(%(first)s, %(first)s + %(count)s - 1) n;
    INSERT INTO enrollment (id, cohort_id, person_id, starts_on, begun_at, slower, goes_on)
        SELECT id, id / %(cohort)s, id, %(from)s::date, %(from)s, false, false FROM person
        WHERE id >= %(first)s;
"""
_DUE = """
    INSERT INTO agenda_item (key, kind, workspace_id, person_id, about, due_at, failures)
        SELECT 'lesson:' || id, 'lesson', workspace_id, id, jsonb_build_object('enrollment_id', id),
            %(from)s + id * %(gap)s, 0
        FROM person ORDER BY id;
"""


def slack_id(number: int) -> str:
    """The Slack id of one of them."""
    return f"U1{number:06d}"


_NOTHING_ELSE = """
    INSERT INTO agenda_item (key, kind, workspace_id, person_id, about, due_at, done_at, failures)
        SELECT kind || ':' || enrollment.id, kind, person.workspace_id, person.id, '{}', %(since)s, %(since)s, 0
        FROM enrollment JOIN person ON person.id = enrollment.person_id, unnest(%(kinds)s::text[]) kind
        ON CONFLICT DO NOTHING
"""


def enrol(
    database_url: str,
    sandbox: Sandbox,
    count: int,
    *,
    since: datetime,
    zones: tuple[str, ...] = ("Europe/Ljubljana",),
    first: int = 0,
) -> list[str]:
    """So many managers, in these zones by turns, who begin at that moment (aware UTC); their Slack ids, from the `first` on.

    They are known in Slack and on record; nothing is due for them yet.
    """
    ids = [slack_id(number) for number in range(first, first + count)]
    for number, one in enumerate(ids, start=first):
        tz = zones[number % len(zones)]
        sandbox.add_person(id=one, name=f"Manager {number}", email=f"m{number}@example.com", tz=tz)
    about = {"count": count, "from": since, "cohort": A_COHORT, "zones": list(zones), "first": first}
    _do(database_url, _PEOPLE, {"workspace": sandbox.team_id, **about})
    return ids


def let_fall_due(database_url: str, *, since: datetime, gap: timedelta) -> None:
    """Their first lesson falls due for one after the other, so far apart."""
    _do(database_url, _DUE, {"workspace": Sandbox.team_id, "from": since, "gap": gap})


def _do(database_url: str, statements: str, values: dict[str, Any]) -> None:
    with psycopg.connect(plain_url(database_url), cursor_factory=psycopg.ClientCursor) as connection:
        connection.execute(statements.encode(), values)
    with psycopg.connect(plain_url(database_url), autocommit=True) as connection:
        connection.execute("VACUUM ANALYZE")


def nothing_else(database_url: str, *, since: datetime) -> None:
    """They get lessons only: what a look at the directory would put on their agendas for them is done already."""
    with psycopg.connect(plain_url(database_url)) as connection:
        connection.execute(_NOTHING_ELSE, {"kinds": [kind for kind in OWN if kind != "lesson"], "since": since})
