"""Promises on record: whose they are, when they are asked after, and the agenda item for that."""

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy.dialects.postgresql import insert
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from bot.actions import message as look
from bot.actions import rules
from bot.agenda import book, personal
from bot.attention import slots
from bot.curriculum.library import Taught
from bot.curriculum.model import Action, Program
from bot.records import reading
from bot.records.editions import Editions
from bot.records.reading import Way
from bot.records.tables import LessonGiven, Promise
from bot.slack.access import Actor, Gone, NotTheirs, in_reach, note_refused
from bot.slack.modals import Unfit
from bot.slack.saying_when import day

MEETING_ASKED_AFTER = 1  # working days after its day: what came up between peers names a near moment


@dataclass(frozen=True)
class Promised:
    """A promise, with the way that it is a part of and the action of the lesson as it was served; None: it is from a meeting."""

    promise: Promise
    way: Way
    action: Action | None

    @property
    def asked_after(self) -> int:
        """So many working days after its day it is asked after."""
        return MEETING_ASKED_AFTER if self.action is None else self.action.due_working_days


async def promised(session: AsyncSession, promise_id: int, editions: Editions) -> Promised | None:
    """The promise of that id, or None if it, or the lesson that it is from, is gone."""
    rows = await session.execute(
        select(Promise, LessonGiven.edition_hash)
        .outerjoin(LessonGiven, col(LessonGiven.message_id) == col(Promise.message_id))
        .where(Promise.id == promise_id, col(Promise.group_id).is_not(None) | col(LessonGiven.id).is_not(None))
    )
    row = rows.first()
    way = None if row is None else await reading.way_of(session, row[0].enrollment_id)
    if row is None or way is None:
        return None
    return Promised(row[0], way, None if row[1] is None else (await editions.get(session, row[1])).action)


async def promise_of(session: AsyncSession, actor: Actor, promise_id: int, editions: Editions) -> Promised:
    """A promise, if it is theirs. Raises Gone, NotTheirs."""
    found = await promised(session, promise_id, editions)
    if found is None:
        note_refused(actor, "a promise that is not there")
        raise Gone
    if not actor.is_(found.way.manager):
        note_refused(actor, "somebody else's promise")
        raise NotTheirs
    in_reach(found.way.manager)
    return found


def kept(promise: Promise) -> rules.Kept:
    """How far a promise has come."""
    return rules.Kept(promise.status, promise.moved_at is not None, promise.let_go_at is not None)


def asked_at(program: Program, way: Way, days: int, due_on: date) -> datetime:
    """When a promise for that day is asked after, so many working days later (aware UTC): at the manager's own lesson time."""
    return rules.asked_at(
        due_on,
        days,
        slots.lesson_time(program, way),
        personal.personal_time(program, way.manager),
        personal.zone_of(program, way.manager),
    )


async def make(session: AsyncSession, promise: Promise, way: Way, taught: Taught, *, asked_after: int) -> None:
    """Write a promise down, and plan the question after it: so many working days after its day.

    Promised before, nothing changes: Unfit, if it was with other words or for another day. So it stays before their eyes, to
    copy; the same one sent twice is no other.
    """
    row = await session.execute(
        insert(Promise)
        .values(promise.model_dump(exclude={"id"}))
        .on_conflict_do_nothing(index_elements=["enrollment_id", "lesson_id"])
        .returning(Promise.__table__.c.id)  # type: ignore[attr-defined]
    )
    promise_id: int | None = row.scalar_one_or_none()
    if promise_id is None:
        await _refuse_another(session, promise, taught)
    else:
        moment = asked_at(taught.curriculum.program, way, asked_after, promise.due_on)
        await follow_up(session, promise_id, 1, way, moment)


async def _refuse_another(session: AsyncSession, wanted: Promise, taught: Taught) -> None:
    rows = await session.exec(
        select(Promise).where(Promise.enrollment_id == wanted.enrollment_id, Promise.lesson_id == wanted.lesson_id)
    )
    stands = rows.one()
    if (stands.plan, stands.due_on) != (wanted.plan, wanted.due_on):
        raise Unfit(look.PLAN, taught.wording.plain("action.already", due=day(stands.due_on, taught.language)))


async def follow_up(session: AsyncSession, promise_id: int, round_number: int, way: Way, asked_at: datetime) -> None:
    """Put the follow-up of a round on the agenda, once."""
    await book.put(
        session,
        key=f"follow_up:{promise_id}" if round_number == 1 else f"follow_up:{promise_id}:{round_number}",
        kind="follow_up",
        workspace_id=way.manager.workspace_id,
        person_id=way.manager.id,
        about={"enrollment_id": way.enrollment.id, "promise_id": promise_id, "round": round_number},
        due_at=asked_at,
    )
