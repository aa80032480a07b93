"""A manager's own slots: on which days and at what time lessons and reviews come, and which week of the program it is."""

from datetime import datetime, time, timedelta
from enum import Enum

from bot.agenda import away, calendar, personal
from bot.curriculum.model import Program, Weekday
from bot.records.reading import Way


class Phase(Enum):
    """Where in the program a week lies."""

    LESSONS = "lessons"
    REVIEWS = "reviews"
    OVER = "over"


def week_of(program: Program, way: Way, now: datetime) -> int:
    """The manager's week of the program, from 1; it is counted from the local day on which they began, without those in which
    they were away. 0 before that."""
    zone = personal.zone_of(program, way.manager)
    today = calendar.local(now, zone).date()
    began = away.counted_from(way, today)
    return 0 if began is None else 1 + calendar.weeks_since(calendar.local(began, zone).date(), today)


def after_weeks(way: Way, weeks: int, now: datetime) -> datetime:
    """The moment (aware UTC) at which a manager has so many weeks of the program behind them, as far as is known at `now`."""
    return (away.counted_from(way, now.date()) or now) + timedelta(weeks=weeks)


def weeks_of(program: Program, way: Way) -> int:
    """How many weeks the program lasts for a manager: staff may give a cohort more weeks of reviews."""
    return program.last_week + way.cohort.more_weeks


def phase_of(program: Program, way: Way, now: datetime) -> Phase:
    """Lessons first, then reviews only, then it is over."""
    week = week_of(program, way, now)
    if week <= program.length.lesson_weeks:
        return Phase.LESSONS
    return Phase.REVIEWS if week <= weeks_of(program, way) else Phase.OVER


def lesson_days(program: Program, way: Way) -> tuple[Weekday, ...]:
    """The days on which this manager gets lessons: their own choice, else the program's; slower is the first of them."""
    chosen = _chosen_days(program, way)
    return chosen[:1] if way.enrollment.slower else chosen


def lesson_time(program: Program, way: Way) -> time:
    """The local time at which this manager gets lessons."""
    return _own_time(program, way) or program.lessons.at


def _chosen_days(program: Program, way: Way) -> tuple[Weekday, ...]:
    """Their own choice as far as people still work on those days: the working time may have changed since."""
    own = [day for day in way.enrollment.lesson_days or () if day in program.working_time.days]
    return tuple(day for day in calendar.WEEKDAYS if day in (own or program.lessons.days))


def _own_time(program: Program, way: Way) -> time | None:
    """The hour of their own choice, if people still work then: nothing would ever be said at another."""
    at = way.enrollment.lesson_at
    return at if at is not None and _is_at_work(program, at) else None


def _review_time(program: Program) -> time:
    """The hour of the program's reviews; where nobody set one, and people work at other hours, that of its lessons."""
    return program.reviews.at if _is_at_work(program, program.reviews.at) else program.lessons.at


def _is_at_work(program: Program, at: time) -> bool:
    return program.working_time.start <= at < program.working_time.end


def lesson_slot(program: Program, way: Way, now: datetime) -> datetime:
    """The next lesson slot of a manager strictly after `now`, not before their start; aware UTC."""
    zone, at = personal.zone_of(program, way.manager), lesson_time(program, way)
    start = calendar.at_local(way.enrollment.starts_on, time.min, zone)
    return _slot(program, way, zone, max(now, start), lesson_days(program, way), at)


def lesson_comes(program: Program, way: Way, due: datetime | None) -> datetime | None:
    """When the next lesson comes (aware UTC), of which the agenda says that moment; None: none does, as after the last week, a
    stop, or in a pause without an end."""
    if due is None or personal.left_off(way) or phase_of(program, way, due) is not Phase.LESSONS:
        return None
    return due


def review_comes(program: Program, way: Way, due: datetime | None) -> datetime | None:
    """The same for the next review: after the last week it comes to who wanted that."""
    if due is None or personal.left_off(way):
        return None
    return None if phase_of(program, way, due) is Phase.OVER and not way.enrollment.goes_on else due


def review_slot(program: Program, way: Way, now: datetime) -> datetime:
    """The next slot of the weekly review after `now`, aware UTC; never on a lesson day, where there is another."""
    lessons = _chosen_days(program, way)
    free = [day for day in program.working_time.days if day not in lessons]
    wanted = program.reviews.day
    day = wanted if wanted in free or not free else free[-1]
    zone = personal.zone_of(program, way.manager)
    return _slot(program, way, zone, now, (day,), _own_time(program, way) or _review_time(program))


def _slot(program: Program, way: Way, zone: str, after: datetime, days: tuple[Weekday, ...], at: time) -> datetime:
    """The next slot that is on none of their days off; while they pause without an end, the slot as if they didn't."""
    working = personal.personal_time(program, way.manager)
    try:
        return calendar.next_slot(after, days=days, at=at, zone=zone, off=working.is_off)
    except calendar.NoSlot:
        return calendar.next_slot(after, days=days, at=at, zone=zone)
