"""A manager gets another mentor: in one step, and what was shared with the one before does not pass on by itself."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import update
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from bot.agenda import book
from bot.records import reading
from bot.records.reading import Way
from bot.records.tables import AgendaItem, Ask, Person, Promise, Response

TO_MANAGER, TO_MENTOR, TO_FORMER = "new_mentor", "given", "farewell"


async def change(session: AsyncSession, way: Way, mentor: Person | None, now: datetime) -> None:
    """Make someone the mentor of a manager, or nobody for now, and put on the agendas of all whom it concerns that they are told.

    History stays with the manager. What they had chosen to show, or asked to talk about, was meant for someone else: it is
    theirs alone again, and the message that tells them has one button that shows the same to the new mentor. Of a change
    before, what was not said yet is called off: what it took back is in the new button, and a mentor hears nothing of either.
    """
    # First of all: who shares something just now does so before this, and it is taken back, or after it, and is refused.
    await session.refresh(way.enrollment, with_for_update={"key_share": True})
    way = await reading.this_way(session, way.enrollment.id or 0)  # whoever is their mentor by now
    unsaid = await _call_off(session, way, mentor, now)
    shared = _together([*unsaid.values(), await _never_offered(session, way), await _unshare(session, way, now)])
    told: list[tuple[str, Person, dict[str, Any]]] = [(TO_MANAGER, way.manager, {"shared": shared})]
    if mentor is not None and (TO_FORMER, mentor.id) not in unsaid:
        told.append((TO_MENTOR, mentor, {}))
    if way.mentor is not None and (TO_MENTOR, way.mentor.id) not in unsaid:
        told.append((TO_FORMER, way.mentor, {}))
    mentor_id = None if mentor is None else mentor.id
    way.enrollment.mentor_id, way.enrollment.next_talk_at = mentor_id, None
    if way.enrollment.buddy_id == mentor_id:
        way.enrollment.buddy_id = None  # nobody is both: a buddy evaluates nothing
    session.add(way.enrollment)
    about = {"enrollment_id": way.enrollment.id, "mentor_id": mentor_id}
    key = f"{way.enrollment.id}:{mentor_id or 0}:{now:%Y%m%d%H%M%S}"
    for kind, person, more in told:
        await book.put(
            session, key=f"{kind}:{key}", kind=kind, workspace_id=person.workspace_id, person_id=person.id,
            about={**about, **more}, due_at=now,
        )  # fmt: skip


async def share_again(session: AsyncSession, way: Way, shared: dict[str, Any], now: datetime) -> None:
    """Show the mentor whom a manager has now what the one before could see, and ask them the same."""
    answers = col(Response.id).in_(shared.get("answers", ()))
    await session.execute(
        update(Response).where(answers, col(Response.person_id) == way.manager.id).values(shared_at=now)
    )
    notes = col(Promise.id).in_(shared.get("notes", ()))
    await session.execute(
        update(Promise).where(notes, col(Promise.enrollment_id) == way.enrollment.id).values(note_shared_at=now)
    )
    asks = col(Ask.id).in_(shared.get("asks", ()))
    await session.execute(
        update(Ask)
        .where(asks, col(Ask.enrollment_id) == way.enrollment.id, col(Ask.settled_by) == way.manager.id)
        .values(settled_at=None, settled_by=None, asked_at=now)  # whom it is asked now has not let it wait
    )
    for name in shared.get("trends", ()):
        if name in _TRENDS:
            setattr(way.enrollment, name, now)
    session.add(way.enrollment)


async def calls_again(session: AsyncSession, way: Way, shared: dict[str, Any]) -> bool:
    """Whether something that was asked again should not wait."""
    asks = col(Ask.id).in_(shared.get("asks", ()))
    open_ = (col(Ask.enrollment_id) == way.enrollment.id, col(Ask.settled_at).is_(None))
    urgent = await session.exec(select(Ask.id).where(asks, *open_, col(Ask.needs_help)).limit(1))
    return urgent.first() is not None


_TRENDS = ("letting_go_shared_at", "areas_shared_at")


def _together(shared: Iterable[Mapping[str, list[Any]]]) -> dict[str, list[Any]]:
    """What was taken back in several changes, by its kind: each once. Pure."""
    found: dict[str, list[Any]] = {}
    for one in shared:
        for name, ids in one.items():
            found[name] = list(dict.fromkeys([*found.get(name, ()), *ids]))
    return found


async def _call_off(
    session: AsyncSession, way: Way, mentor: Person | None, now: datetime
) -> dict[tuple[str, int | None], dict[str, list[Any]]]:
    """Take off the agendas what was not said yet of changes before; by its kind and whom it was for, what that took back."""
    people = (way.manager.id, way.enrollment.mentor_id, None if mentor is None else mentor.id)
    rows = await session.execute(
        update(AgendaItem)
        .where(
            col(AgendaItem.person_id).in_([one for one in people if one is not None]),
            col(AgendaItem.kind).in_((TO_MANAGER, TO_MENTOR, TO_FORMER)),
            col(AgendaItem.about).contains({"enrollment_id": way.enrollment.id}),
            col(AgendaItem.done_at).is_(None),
        )
        .values(done_at=now, outcome="another mentor")
        .returning(col(AgendaItem.kind), col(AgendaItem.person_id), col(AgendaItem.about))
    )
    return {(kind, person_id): about.get("shared") or {} for kind, person_id, about in rows}


async def _never_offered(session: AsyncSession, way: Way) -> dict[str, list[Any]]:
    """What was taken back when the mentor went and nobody came: there was no one yet to show it to again."""
    if way.enrollment.mentor_id is not None:
        return {}
    rows = await session.exec(
        select(AgendaItem.about)
        .where(
            AgendaItem.kind == TO_MANAGER,
            AgendaItem.person_id == way.manager.id,
            col(AgendaItem.about).contains({"enrollment_id": way.enrollment.id, "mentor_id": None}),
        )
        .order_by(col(AgendaItem.id).desc())
        .limit(1)
    )
    return (rows.first() or {}).get("shared") or {}


async def _unshare(session: AsyncSession, way: Way, now: datetime) -> dict[str, list[Any]]:
    """Take back all that is shared or asked; what that was, as ids. Empty if it was nothing."""
    statements = {
        "answers": update(Response)
        .where(col(Response.person_id) == way.manager.id, col(Response.shared_at).is_not(None))
        .values(shared_at=None)
        .returning(col(Response.id)),
        "notes": update(Promise)
        .where(col(Promise.enrollment_id) == way.enrollment.id, col(Promise.note_shared_at).is_not(None))
        .values(note_shared_at=None)
        .returning(col(Promise.id)),
        "asks": update(Ask)
        .where(col(Ask.enrollment_id) == way.enrollment.id, col(Ask.settled_at).is_(None))
        .values(settled_at=now, settled_by=way.manager.id)
        .returning(col(Ask.id)),
    }
    found = {name: list((await session.execute(one)).scalars()) for name, one in statements.items()}
    trends = [name for name in _TRENDS if getattr(way.enrollment, name) is not None]
    for name in trends:
        setattr(way.enrollment, name, None)
    return {name: ids for name, ids in {**found, "trends": trends}.items() if ids}
