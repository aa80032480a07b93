"""Makes a database look lived in, whatever revision it is of: rows in every table that it has, read off the tables themselves."""

from datetime import UTC, date, datetime, time
from typing import Any
from uuid import UUID

from sqlalchemy import (
    Boolean,
    Column,
    Connection,
    Date,
    DateTime,
    Float,
    Integer,
    MetaData,
    Table,
    Time,
    Uuid,
    create_engine,
)
from sqlalchemy.dialects.postgresql import JSONB

from bot.records.database import async_url
from bot.records.editions import edition_hash
from tests.world import shipped

LAST_WEEK = datetime(2026, 11, 17, 8, 0, tzinfo=UTC)
NOW_DUE = datetime(2026, 11, 24, 8, 0, tzinfo=UTC)
NOT_OURS = ("alembic_", "procrastinate_")

_BY_TYPE: list[tuple[type, Any]] = [
    (Boolean, lambda _: False),
    (Integer, lambda place: place + 1),
    (Float, lambda place: place + 2.5),
    (DateTime, lambda _: LAST_WEEK),
    (Date, lambda _: date(2026, 11, 16)),
    (Time, lambda _: time(9, 0)),
    (Uuid, lambda place: UUID(int=place + 1)),
    (JSONB, lambda _: {}),
]


def start_living(url: str) -> None:
    """Put two rows into each table (three people): the first with all that may be missing missing, the others complete."""
    engine = create_engine(async_url(url))
    with engine.begin() as connection:
        for table in _tables(connection):
            for place in range(3 if table.name == "person" else 2):
                connection.execute(table.insert().values(_row(table, place)))
    engine.dispose()


def rows_of(url: str) -> dict[str, list[dict[str, Any]]]:
    """All rows of all tables of ours, by table."""
    engine = create_engine(async_url(url))
    with engine.connect() as connection:
        found = {
            table.name: [
                dict(row) for row in connection.execute(table.select().order_by(*table.primary_key)).mappings()
            ]
            for table in _tables(connection)
        }
    engine.dispose()
    return found


def _tables(connection: Connection) -> list[Table]:
    """Those that others point at come first."""
    known = MetaData()
    known.reflect(connection)
    return [table for table in known.sorted_tables if not table.name.startswith(NOT_OURS)]


def _row(table: Table, place: int) -> dict[str, Any]:
    values = {column.name: _value(table, column, place) for column in table.columns}
    return {name: value for name, value in values.items() if name != "id" or not isinstance(value, int)}


def _value(table: Table, column: Column[Any], place: int) -> Any:
    known = _known().get(f"{table.name}.{column.name}", _known().get(column.name))
    if known is not None:
        return known[place % len(known)]
    if column.nullable and place == 0:
        return None
    for kind, make in _BY_TYPE:
        if isinstance(column.type, kind):
            return make(place)
    return f"{column.name}-{place}"


def _known() -> dict[str, list[Any]]:
    """What can't be just anything: by table and column, or by column alone; for each row."""
    first, second = shipped().current.curriculum.lessons[:2]
    area = first.area
    return {
        "workspace.id": ["T0ACME", "T0GONE"],
        "workspace_id": ["T0ACME"],
        "person.slack_id": ["U0MAYA", "U0TOM", "U0ANA"],
        "person.first_name": ["Maya", "Tom", "Ana"],
        "timezone": ["Europe/Ljubljana"],
        "locale": ["en-US"],
        "language": [None],
        "country": [None, "SI"],
        "person.deactivated_at": [None],
        "enrollment.mentor_id": [3],
        "agenda_item.key": ["lesson:1", "lesson:2"],
        "agenda_item.kind": ["lesson"],
        "agenda_item.person_id": [1, 2],
        "agenda_item.about": [{"enrollment_id": 1}, {"enrollment_id": 2}],
        "agenda_item.due_at": [NOW_DUE],
        "agenda_item.failures": [0],
        "message.key": [f"lesson:1:{first.id}", f"lesson:2:{second.id}"],
        "message.kind": ["lesson"],
        "message.person_id": [1, 2],
        "message.group_id": [None],
        "message.payload": [{"enrollment_id": 1, "lesson_id": first.id}, {"enrollment_id": 2, "lesson_id": second.id}],
        "message.state": ["waiting", "sent"],
        "message.wake_at": [NOW_DUE, None],
        "message.lease_until": [None],
        "edition.hash": [edition_hash(first), edition_hash(second)],
        "edition_hash": [edition_hash(first), edition_hash(second)],
        "edition.content": [first.model_dump(mode="json"), second.model_dump(mode="json")],
        "lesson_id": [first.id, second.id],
        "check_id": [first.checks[0].id, second.checks[0].id],
        "area_id": [area],
        "response.answer": [{"options": ["a"]}],
        "peer_block.blocked_id": [2, 1],
        "times": [["2026-11-26T09:00:00+00:00"]],
        "lesson_days": [None, ["tue", "thu"]],
        "rating.rated_by": ["self", "mentor"],
        "level": [3],
        "confidence": ["sure"],
        "card.scheduler": ["fsrs"],
        "question": [f"confidence:{area}"],
        "peer_group.met": [None, "yes"],
        "peer_left_out.reason": ["nobody_else"],
        "joined": [[]],
        "held_back": [[]],
    }
