"""Ratings: levels of an area's rubric, by the manager and by the mentor, kept apart and never averaged."""

from collections.abc import Collection, Sequence
from datetime import date, datetime

import sqlalchemy
from sqlalchemy import func
from sqlalchemy.dialects.postgresql import insert
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from bot.records.many import among
from bot.records.tables import Checkpoint, Rating
from bot.records.together import Question


async def record_rating(
    session: AsyncSession,
    enrollment_id: int,
    area_id: str,
    week: int,
    rated_by: str,
    level: int | None,
    seen: str | None,
    now: datetime,
    seen_on: date | None = None,
    by_id: int | None = None,
) -> None:
    """Write down a level (1 to 5; None: not seen yet) that «self» or «mentor» gives in a week of the program (0: the baseline).
    `by_id` is the mentor who gives it: they may have another one later.

    The same area again, in the same week and by the same person, replaces it: whether that is still allowed, the room says.
    """
    values = {"level": level, "seen": seen, "seen_on": seen_on, "by_id": by_id, "rated_at": now}
    await session.execute(
        insert(Rating)
        .values(enrollment_id=enrollment_id, area_id=area_id, week=week, rated_by=rated_by, **values)
        .on_conflict_do_update(index_elements=["enrollment_id", "area_id", "week", "rated_by"], set_=values)
    )


async def open_ratings(session: AsyncSession, enrollment_ids: Sequence[int]) -> list[Rating]:
    """The ratings of these managers that both sides may see, oldest first: what is still sealed is left out."""
    ratings = await ratings_of(session, enrollment_ids)
    rows = await session.exec(select(Checkpoint).where(among(Checkpoint.enrollment_id, enrollment_ids)))
    return unsealed(ratings, list(rows))


def unsealed(ratings: Sequence[Rating], checkpoints: Sequence[Checkpoint]) -> list[Rating]:
    """Those whose checkpoint is revealed, or that belong to none (as from before there were any). Pure."""
    sealed = {(one.enrollment_id, one.week) for one in checkpoints if one.revealed_at is None}
    return [one for one in ratings if (one.enrollment_id, one.week) not in sealed]


def known_to_mentor(ratings: Sequence[Rating], mentor_id: int | None) -> list[Rating]:
    """Of ratings that are open, those that a mentor may see: the manager's own, and what they gave themselves. Pure.

    What a former mentor saw was told to the manager, and to nobody after them.
    """
    return [one for one in ratings if one.rated_by == "self" or (mentor_id is not None and one.by_id == mentor_id)]


async def known_to_managers(session: AsyncSession, enrollment_ids: Collection[int]) -> list[Rating]:
    """What each of these managers may see of themselves, and what their programs go by, oldest first: all of their own ratings,
    and the mentor's once they are unsealed."""
    return list((await session.execute(_known(sqlalchemy.select(Rating), enrollment_ids))).scalars())


def known_ratings(enrollment_ids: Collection[int]) -> Question:
    """The same as a question, for `together`. A row: enrollment, area, by whom, level, when, week, which mentor."""
    columns = (
        Rating.enrollment_id, Rating.area_id, Rating.rated_by, Rating.level, Rating.rated_at, Rating.week, Rating.by_id,
    )  # fmt: skip
    return _known(sqlalchemy.select(*(col(one) for one in columns)), enrollment_ids)


def _known(ratings: Question, enrollment_ids: Collection[int]) -> Question:
    same = (col(Checkpoint.enrollment_id) == col(Rating.enrollment_id)) & (col(Checkpoint.week) == col(Rating.week))
    unsealed = col(Checkpoint.week).is_(None) | col(Checkpoint.revealed_at).is_not(None)
    return (
        ratings.outerjoin(Checkpoint, same)
        .where(among(Rating.enrollment_id, enrollment_ids), (col(Rating.rated_by) == "self") | unsealed)
        .order_by(col(Rating.rated_at), col(Rating.id))
    )


async def owed_by_mentors(session: AsyncSession, enrollment_ids: Sequence[int], areas: int) -> dict[int, int]:
    """By enrollment, the latest week whose checkpoint is open and in which the mentor has not rated all of so many areas yet."""
    rated = (
        select(func.count())
        .where(
            col(Rating.enrollment_id) == col(Checkpoint.enrollment_id),
            col(Rating.week) == col(Checkpoint.week),
            col(Rating.rated_by) == "mentor",
        )
        .scalar_subquery()
    )
    rows = await session.execute(
        select(Checkpoint.enrollment_id, func.max(Checkpoint.week))
        .where(among(Checkpoint.enrollment_id, enrollment_ids), col(Checkpoint.revealed_at).is_(None), rated < areas)
        .group_by(col(Checkpoint.enrollment_id))
    )
    return {row[0]: row[1] for row in rows}


async def ratings_of(session: AsyncSession, enrollment_ids: Sequence[int]) -> list[Rating]:
    """All ratings of these managers, oldest first."""
    rows = await session.exec(
        select(Rating)
        .where(among(Rating.enrollment_id, enrollment_ids))
        .order_by(col(Rating.rated_at), col(Rating.id))
        .execution_options(populate_existing=True)
    )
    return list(rows)
