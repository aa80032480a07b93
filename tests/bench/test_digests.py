"""What the digests of a Monday cost: a thousand mentors with ten managers each, all in the same minute."""

import sys
from time import perf_counter

import psycopg
from psycopg.types.json import Jsonb
from sqlalchemy import event
from sqlalchemy.engine import Engine
from sqlmodel import select

from bot.app import House
from bot.curriculum.library import Library
from bot.curriculum.model import Lesson
from bot.records.database import plain_url
from bot.records.editions import edition_hash
from bot.records.tables import Message
from bot.sandbox.server import Sandbox
from tests.bench.apart import slack_apart
from tests.bench.conftest import Open
from tests.bench.crowd import LESSON_SENT, NOW, tidy

MENTORS, MANAGERS, LESSONS = 1_000, 10, 12
GOAL = 200  # digests a second, planned and rendered
AT_ONCE = 100  # drawn by one job
SIZES = (1, 3, 10, 30)  # managers of a mentor, for the number of queries

# The first ids are mentors; each of them has `each` managers, every one with as many lessons, answers and a promise.
_PEOPLE = """
    INSERT INTO workspace (id, name, bot_user_id, next_slot_at)
        VALUES (%(workspace)s, 'Acme', 'U0PLAYER', %(sent)s) ON CONFLICT DO NOTHING;
    INSERT INTO cohort (id, workspace_id, name) VALUES (1, %(workspace)s, 'Autumn');
    INSERT INTO person (id, workspace_id, slack_id, name, first_name, timezone)
        SELECT n, %(workspace)s, 'U2' || lpad(n::text, 6, '0'), 'Person ' || n, 'Person', 'Europe/Ljubljana'
        FROM generate_series(1, %(mentors)s * (1 + %(each)s)) n;
    INSERT INTO enrollment (id, cohort_id, person_id, mentor_id, starts_on, begun_at, slower, goes_on)
        SELECT id, 1, id, (id - 1) %% %(mentors)s + 1, '2026-10-06', %(sent)s, false, false
        FROM person WHERE id > %(mentors)s;
    INSERT INTO agenda_item (key, kind, workspace_id, person_id, about, due_at, failures)
        SELECT 'digest:' || id, 'digest', workspace_id, id, '{}', %(now)s, 0 FROM person WHERE id <= %(mentors)s;
"""
_LESSON = """
    INSERT INTO edition (hash, lesson_id, revision, content, served_at)
        VALUES (%(edition)s, %(lesson)s, 1, %(content)s, %(sent)s);
    INSERT INTO message (id, key, kind, workspace_id, person_id, payload, state, created_at, send_at, sent_at, attempts)
        SELECT md5(%(lesson)s || person_id)::uuid, 'lesson:' || person_id || ':' || %(lesson)s, 'lesson', %(workspace)s,
            person_id, '{}', 'sent', %(sent)s, %(sent)s, %(sent)s, 1 FROM enrollment;
    INSERT INTO lesson_given (enrollment_id, lesson_id, edition_hash, message_id, given_at)
        SELECT id, %(lesson)s, %(edition)s, md5(%(lesson)s || person_id)::uuid, %(sent)s FROM enrollment;
    INSERT INTO response (message_id, check_id, edition_hash, person_id, answer, correct, answered_at)
        SELECT md5(%(lesson)s || person_id)::uuid, c, %(edition)s, person_id, '{}', true, %(sent)s
        FROM enrollment, unnest(%(checks)s::text[]) c;
    INSERT INTO promise (enrollment_id, lesson_id, message_id, text, due_on, promised_at)
        SELECT id, %(lesson)s, md5(%(lesson)s || person_id)::uuid, %(action)s, '2026-11-26', %(sent)s FROM enrollment;
"""


def fill(database_url: str, lessons: list[Lesson], mentors: int, each: int) -> None:
    """Mentors whose digest is due now, with so many managers each."""
    common = {"workspace": Sandbox.team_id, "sent": LESSON_SENT, "now": NOW, "mentors": mentors, "each": each}
    with psycopg.connect(plain_url(database_url), cursor_factory=psycopg.ClientCursor) as connection:
        connection.execute(_PEOPLE, common)
        for lesson in lessons:
            values = {
                "lesson": lesson.id,
                "edition": edition_hash(lesson),
                "content": Jsonb(lesson.model_dump(mode="json")),
                "checks": [check.id for check in lesson.checks],
                "action": lesson.action.text if lesson.action else "",
            }
            connection.execute(_LESSON, common | values)
    tidy(database_url)


async def test_a_monday_of_a_thousand(database_url: str, library: Library, open_house: Open) -> None:
    """A thousand digests are decided, written down and drawn; printed: how many a second, by one process."""
    fill(database_url, list(library.current.curriculum.lessons[:LESSONS]), MENTORS, MANAGERS)
    async with slack_apart(0) as slack, open_house(database_url, slack.api_url) as fitted:
        began = perf_counter()
        planned = await fitted.tick()
        decided = perf_counter()
        drawn = await _draw_all(fitted)
        ended = perf_counter()
    assert (planned, drawn) == (MENTORS, MENTORS)
    rates = (MENTORS / (decided - began), MENTORS / (ended - decided), MENTORS / (ended - began))
    sys.stdout.write(
        f"\n{MENTORS:,} digests of {MANAGERS} managers each: planned {rates[0]:.0f}/s, rendered {rates[1]:.0f}/s, "
        f"both {rates[2]:.0f}/s by one process (goal: {GOAL}/s on two cores)\n"
    )


async def test_queries_of_a_digest(database_url: str, library: Library, open_house: Open) -> None:
    """A digest of thirty managers takes as many queries as that of one."""
    counts = {}
    for each in SIZES:
        _emptied(database_url)
        fill(database_url, list(library.current.curriculum.lessons[:LESSONS]), 1, each)
        async with slack_apart(0) as slack, open_house(database_url, slack.api_url) as fitted:
            counts[each] = await _queries_of_a_tick(fitted)
    sys.stdout.write(f"\nqueries of a tick with one digest, by how many managers: {counts}\n")
    assert len(set(counts.values())) == 1


async def _queries_of_a_tick(fitted: House) -> int:
    said: list[str] = []

    def note(*about: object) -> None:
        said.append(str(about[2]))

    event.listen(Engine, "before_cursor_execute", note)
    assert await fitted.tick() == 1
    event.remove(Engine, "before_cursor_execute", note)
    return len(said)


async def _draw_all(fitted: House) -> int:
    drawn = 0
    async with fitted.database.transaction() as session:
        messages = list(await session.exec(select(Message).where(Message.kind == "digest")))
        for place in range(0, len(messages), AT_ONCE):
            drawn += len(await fitted.rooms.mentors.draw(session, messages[place : place + AT_ONCE]))
    return drawn


def _emptied(database_url: str) -> None:
    with psycopg.connect(plain_url(database_url)) as connection:
        connection.execute("TRUNCATE workspace, edition CASCADE")
