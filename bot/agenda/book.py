"""Putting things on the agenda, and taking them off again."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import text, update
from sqlalchemy.dialects.postgresql import insert
from sqlmodel import col
from sqlmodel.ext.asyncio.session import AsyncSession

from bot.records.many import document
from bot.records.reading import Way
from bot.records.tables import AgendaItem

_STAND = text(
    "UPDATE agenda_item SET due_at = v.due_at, done_at = v.done_at, outcome = v.outcome, failures = v.failures, about = v.about"
    " FROM jsonb_populate_recordset(NULL::agenda_item, CAST(:rows AS jsonb)) v WHERE agenda_item.id = v.id"
)

_STANDS = ("id", "due_at", "done_at", "outcome", "failures", "about")


async def put(
    session: AsyncSession,
    *,
    key: str,
    kind: str,
    workspace_id: str,
    due_at: datetime,
    person_id: int | None = None,
    about: Mapping[str, Any] | None = None,
) -> None:
    """Put something on the agenda for `due_at` (aware UTC). If that key is there already, nothing changes."""
    await session.execute(
        insert(AgendaItem)
        .values(
            key=key, kind=kind, workspace_id=workspace_id, person_id=person_id, about=dict(about or {}), due_at=due_at,
            failures=0,
        )
        .on_conflict_do_nothing(index_elements=["key"])
    )  # fmt: skip


async def put_own(session: AsyncSession, kind: str, way: Way, due_at: datetime) -> None:
    """Put the one item of a kind that a manager has on the agenda: a row that moves on from time to time."""
    await put(
        session,
        key=f"{kind}:{way.enrollment.id}",
        kind=kind,
        workspace_id=way.manager.workspace_id,
        person_id=way.manager.id,
        about={"enrollment_id": way.enrollment.id},
        due_at=due_at,
    )


async def move_own(session: AsyncSession, kind: str, way: Way, due_at: datetime) -> None:
    """Move that item, if it is still open."""
    await session.execute(
        update(AgendaItem)
        .where(col(AgendaItem.key) == f"{kind}:{way.enrollment.id}", col(AgendaItem.done_at).is_(None))
        .values(due_at=due_at)
    )


async def strike(session: AsyncSession, key: str, *, now: datetime, outcome: str) -> None:
    """Take something off the agenda, with the reason; if it is done or was never there, nothing changes."""
    await session.execute(
        update(AgendaItem)
        .where(col(AgendaItem.key) == key, col(AgendaItem.done_at).is_(None))
        .values(done_at=now, outcome=outcome)
    )


async def write_down(session: AsyncSession) -> None:
    """Write down with one statement where all items stand that were moved in this session, which then knows them no more.

    SQLAlchemy would write one statement for each.
    """
    moved = [one for one in session.dirty if isinstance(one, AgendaItem)]
    for one in moved:  # first, or each is written before that statement, too
        session.expunge(one)
    if moved:
        rows = [{name: getattr(one, name) for name in _STANDS} for one in moved]
        await session.execute(_STAND, {"rows": document(rows)})
