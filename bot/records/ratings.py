"""Ratings: levels of an area's rubric, by the manager and by the mentor, kept apart and never averaged."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy.dialects.postgresql import insert
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from bot.records.tables import Rating


async def record_rating(
    session: AsyncSession,
    enrollment_id: int,
    area_id: str,
    week: int,
    rated_by: str,
    level: int | None,
    seen: str | None,
    now: datetime,
) -> None:
    """Write down a level (1 to 5; None: not seen yet) that «self» or «mentor» gives in a week of the program (0: the baseline).

    The same area again, in the same week and by the same person, replaces it: whether that is still allowed, the room says.
    """
    values = {"level": level, "seen": seen, "rated_at": now}
    await session.execute(
        insert(Rating)
        .values(enrollment_id=enrollment_id, area_id=area_id, week=week, rated_by=rated_by, **values)
        .on_conflict_do_update(index_elements=["enrollment_id", "area_id", "week", "rated_by"], set_=values)
    )


async def ratings_of(session: AsyncSession, enrollment_ids: Sequence[int]) -> list[Rating]:
    """All ratings of these managers, oldest first."""
    rows = await session.exec(
        select(Rating)
        .where(col(Rating.enrollment_id).in_(enrollment_ids))
        .order_by(col(Rating.rated_at), col(Rating.id))
        .execution_options(populate_existing=True)
    )
    return list(rows)
