"""Reads from the records what a picture shows."""

from collections.abc import Sequence
from datetime import datetime

from sqlmodel.ext.asyncio.session import AsyncSession

from bot.agenda import away
from bot.curriculum.library import Taught
from bot.pictures.rules import AreaWay, Stand, Way, week_at, weeks_shown
from bot.records import evidence, reading
from bot.records.editions import Editions
from bot.records.mastery import Evidence, Rated, moves, standing
from bot.records.ratings import known_to_mentor, open_ratings


async def read_way(session: AsyncSession, way: reading.Way, taught: Taught, editions: Editions, now: datetime) -> Way:
    """A manager's way up to `now` (aware UTC), in their words."""
    program, enrollment_id = taught.curriculum.program, way.enrollment.id or 0
    weeks = weeks_shown(_began(way, now), now, program.last_week + way.cohort.more_weeks)
    on_record = await evidence.by_area(session, enrollment_id, editions)
    done = await evidence.lessons_done(session, enrollment_id, editions)

    def at(moment: datetime) -> float:
        return week_at(moment, _began(way, moment), weeks)

    def drawn(area_id: str, title: str) -> AreaWay:
        one = on_record.get(area_id, Evidence())
        return AreaWay(
            title=title,
            target=program.target(area_id),
            mastery=tuple((at(moment), level) for moment, level in _mastery(one, now)),
            self_ratings=tuple((at(moment), level) for moment, level in _levels(one.ratings, "self")),
            mentor_ratings=tuple((at(moment), level) for moment, level in _levels(one.ratings, "mentor")),
            lessons=tuple(at(moment) for moment in sorted(on for lesson, on in done if lesson.area == area_id)),
        )

    return Way(weeks, tuple(drawn(area.id, area.title) for area in taught.curriculum.areas))


async def read_stands(
    session: AsyncSession, way: reading.Way, taught: Taught, editions: Editions, now: datetime
) -> list[Stand]:
    """Where a manager stands as their mentor may see it: without ratings that are still sealed, or what a former mentor saw."""
    enrollment_id, mentor_id = way.enrollment.id or 0, way.enrollment.mentor_id
    known = known_to_mentor(await open_ratings(session, [enrollment_id]), mentor_id)
    on_record = await evidence.by_area_as_seen(session, enrollment_id, editions, mentor_id=mentor_id, ratings=known)
    stands = []
    for area in taught.curriculum.areas:
        levels = [round(level, 1) for _, level in _mastery(on_record.get(area.id, Evidence()), now)]
        first, last = (levels[0], levels[-1]) if levels else (None, None)
        stands.append(Stand(area.title, taught.curriculum.program.target(area.id), first, last))
    return stands


def _began(way: reading.Way, moment: datetime) -> datetime:
    """Since when the weeks are counted that somebody had behind them at a moment."""
    return away.counted_from(way, moment.date()) or moment


def _mastery(one: Evidence, now: datetime) -> list[tuple[datetime, float]]:
    """Where someone stood from each moment on at which anything happened; and where they stand now."""
    rated = [each for each in one.ratings if each.level is not None]  # «not seen yet» says nothing
    happened = {each.at for each in rated} | {each.at for each in moves(one)}
    points = [(moment, standing(_until(one, moment)).mastery) for moment in sorted(happened)]
    return [*points, (now, points[-1][1])] if points else []


def _until(one: Evidence, moment: datetime) -> Evidence:
    return Evidence(
        ratings=[each for each in one.ratings if each.at <= moment],
        answers=[each for each in one.answers if each.at <= moment],
        actions=[each for each in one.actions if each.at <= moment],
        observed=[each for each in one.observed if each.at <= moment],
    )


def _levels(ratings: Sequence[Rated], by: str) -> list[tuple[datetime, int]]:
    return [(one.at, one.level) for one in ratings if one.by == by and one.level is not None]
