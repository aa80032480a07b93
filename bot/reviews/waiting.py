"""Lessons that had their one nudge and still wait: they join a review, once."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import timedelta
from uuid import UUID

from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from bot.attention.flow import Turn
from bot.records import reading
from bot.records.editions import Editions
from bot.records.many import among
from bot.records.tables import AgendaItem, LessonGiven, Message

MOST_WAITING = 2  # lessons that a review mentions
WAITED = timedelta(days=14)  # an older one is let go


async def still_open(session: AsyncSession, turns: Sequence[Turn], editions: Editions) -> dict[int, list[UUID]]:
    """The messages of those lessons, oldest first, by enrollment."""
    if not turns:
        return {}
    recent = await _recent(session, turns)
    every = [one for theirs in recent.values() for one in theirs]
    ids = [one.message_id for one in every]
    answered, nudged = await reading.answered_counts(session, ids), await _nudged(session, ids, turns)
    await editions.read(session, {one.edition_hash for one in every})
    told = await _told(session, turns)
    found: dict[int, list[UUID]] = {}
    for turn in turns:
        still = [
            one.message_id
            for one in recent[turn.enrollment_id]
            if one.message_id in nudged
            and str(one.message_id) not in told[turn.way.manager.id]
            and await is_open(session, one, answered.get(one.message_id, 0), editions)
        ]
        found[turn.enrollment_id] = still[-MOST_WAITING:]
    return found


async def is_open(session: AsyncSession, given: LessonGiven, answered: int, editions: Editions) -> bool:
    """Whether a lesson still asks something of its reader, of which so much is answered."""
    if given.set_aside_at is not None:
        return False
    return answered < len((await editions.get(session, given.edition_hash)).checks)


async def _recent(session: AsyncSession, turns: Sequence[Turn]) -> defaultdict[int, list[LessonGiven]]:
    rows = await session.exec(
        select(LessonGiven)
        .where(
            among(LessonGiven.enrollment_id, [turn.enrollment_id for turn in turns]),
            col(LessonGiven.set_aside_at).is_(None),
            col(LessonGiven.given_at) > turns[0].now - WAITED,
        )
        .order_by(col(LessonGiven.given_at), col(LessonGiven.id))
    )
    recent: defaultdict[int, list[LessonGiven]] = defaultdict(list)
    for one in rows:
        recent[one.enrollment_id].append(one)
    return recent


async def _nudged(session: AsyncSession, ids: Sequence[UUID], turns: Sequence[Turn]) -> set[UUID]:
    rows = await session.exec(
        select(AgendaItem.key).where(
            among(AgendaItem.key, [f"nudge:{one}" for one in ids]), col(AgendaItem.done_at) < turns[0].now
        )
    )
    return {UUID(key.removeprefix("nudge:")) for key in rows}


async def _told(session: AsyncSession, turns: Sequence[Turn]) -> defaultdict[int | None, set[str]]:
    """What earlier reviews mentioned, by person."""
    rows = await session.execute(
        select(Message.person_id, col(Message.payload)).where(
            among(Message.person_id, [turn.way.manager.id for turn in turns]),
            Message.kind == "review",
            col(Message.created_at) > turns[0].now - WAITED,
        )
    )
    told: defaultdict[int | None, set[str]] = defaultdict(set)
    for person_id, payload in rows:
        told[person_id].update(payload.get("open", ()))
    return told
