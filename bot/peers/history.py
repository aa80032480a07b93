"""What is on record of earlier rounds."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import func
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from bot.curriculum.model import PeerCadence
from bot.peers.health import Sitting
from bot.peers.when import ASKED_AFTER
from bot.records.tables import Message, PeerGroup, PeerMember, PeerRound

MET = frozenset({"all", "some"})
TIME_TO_ANSWER = timedelta(days=3)  # whether they met, after they were asked


@dataclass(frozen=True)
class _Member:
    person: int
    started_at: datetime
    pool: str
    heard_at: datetime | None
    introduced_at: datetime | None


async def history_of(session: AsyncSession, people: Any, cadence: PeerCadence, now: datetime) -> list[Sitting]:
    """The groups of every round that has started and in which any of these people (ids, or a query of them) took part.

    Rounds that started on one day (UTC) count as one: so two pools that become one keep their memory.
    """
    rounds = select(PeerMember.round_id).where(col(PeerMember.person_id).in_(people))
    rows = await session.execute(
        select(  # type: ignore[call-overload]  # SQLModel types at most four columns
            PeerMember.group_id, PeerMember.person_id, PeerRound.started_at, PeerRound.pool, PeerMember.heard_at,
            Message.sent_at,
        )
        .join(PeerRound, col(PeerRound.id) == col(PeerMember.round_id))
        .outerjoin(Message, col(Message.key) == func.concat("introduction:", col(PeerMember.group_id)))
        .where(col(PeerRound.id).in_(rounds), col(PeerRound.started_at).is_not(None))
        .order_by(col(PeerRound.started_at), col(PeerMember.group_id), col(PeerMember.person_id))
    )  # fmt: skip
    members: dict[int, list[_Member]] = defaultdict(list)
    for group_id, *about in rows:
        members[group_id].append(_Member(*about))
    found = await session.exec(select(PeerGroup).where(col(PeerGroup.round_id).in_(rounds)))
    groups = {group.id: group for group in found}
    places = _places(of_it[0].started_at.date() for of_it in members.values())
    waits = timedelta(days=cadence.ask_after_days)
    return [
        _sitting(places[of_it[0].started_at.date()], groups[group_id], of_it, waits, now)
        for group_id, of_it in members.items()
    ]


def _places(days: Iterable[date]) -> dict[date, int]:
    return {day: number for number, day in enumerate(sorted(set(days)), start=1)}


def _sitting(number: int, group: PeerGroup, members: Sequence[_Member], waits: timedelta, now: datetime) -> Sitting:
    met, introduced_at = group.met in MET, members[0].introduced_at
    asked_at = (introduced_at or members[0].started_at) + waits
    if group.meets_at is not None:
        asked_at = max(asked_at, group.meets_at + ASKED_AFTER)
    return Sitting(
        round=number,
        people=tuple(one.person for one in members),
        round_id=group.round_id,
        pool=members[0].pool,
        met=met,
        silent=frozenset(one.person for one in members if one.heard_at is None and not met),
        introduced=introduced_at is not None,
        over=asked_at + TIME_TO_ANSWER <= now,
        organiser=group.organiser_id,
        lesson_id=group.lesson_id,
    )
