"""Sample cases: rated once in each area before people are, with the key and its reason afterwards (learning.md A9)."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy.dialects.postgresql import insert
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from bot.curriculum.model import Area
from bot.ratings.steps_message import KeyShown
from bot.records.tables import CaseRated, Person, Rating


async def are_left(session: AsyncSession, mentor: Person, area: Area) -> bool:
    """Whether a mentor has cases of that area before them."""
    rated = {one.place for one in await _rated(session, mentor, area)}
    return not rated.issuperset(range(len(area.cases)))


async def keep(session: AsyncSession, mentor: Person, area: Area, levels: Sequence[int], now: datetime) -> None:
    """Write down how a mentor rated the cases, in their order; what they said first stays."""
    for place, level in enumerate(levels):
        await session.execute(
            insert(CaseRated)
            .values(person_id=mentor.id, area_id=area.id, place=place, level=level, rated_at=now)
            .on_conflict_do_nothing(index_elements=["person_id", "area_id", "place"])
        )


async def key_of(session: AsyncSession, mentor: Person, area: Area) -> list[KeyShown]:
    """The key beside what the mentor said, until they have rated the first person in that area; then nothing."""
    rated = await _rated(session, mentor, area)
    if not rated or await _has_rated_since(session, mentor, area, rated[-1].rated_at):
        return []
    return [
        KeyShown(one.place + 1, area.cases[one.place].level, area.cases[one.place].why, one.level)
        for one in rated
        if one.place < len(area.cases)
    ]


async def _rated(session: AsyncSession, mentor: Person, area: Area) -> list[CaseRated]:
    rows = await session.exec(
        select(CaseRated)
        .where(CaseRated.person_id == mentor.id, CaseRated.area_id == area.id)
        .order_by(col(CaseRated.place))
    )
    return list(rows)


async def _has_rated_since(session: AsyncSession, mentor: Person, area: Area, since: datetime) -> bool:
    rows = await session.exec(
        select(Rating.id)
        .where(
            Rating.by_id == mentor.id,
            Rating.area_id == area.id,
            Rating.rated_by == "mentor",
            col(Rating.rated_at) >= since,
        )
        .limit(1)
    )
    return rows.first() is not None
