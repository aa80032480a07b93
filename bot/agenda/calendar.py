"""Local times, working times and slots. Pure: now is an argument; moments are aware UTC, zones IANA names.

A local time that a clock change skips is the moment at which the clock jumps over it; one that comes twice,
the first of the two.
"""

from collections.abc import Sequence
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from bot.curriculum.model import Weekday, WorkingTime

WEEKDAYS: tuple[Weekday, ...] = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")

_zone = lru_cache(maxsize=1024)(ZoneInfo)  # zoneinfo's own memory holds few: reading 400 zones anew is slow


@lru_cache(maxsize=1024)
def zone_or(zone: str | None, fallback: str) -> str:
    """The zone if it exists, else the fallback: Slack may name none, or one unknown to this machine."""
    if not zone:
        return fallback
    try:
        _zone(zone)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return fallback
    return zone


def local(now: datetime, zone: str) -> datetime:
    """The moment as the wall clock shows it in that zone. ValueError if it is naive."""
    if now.tzinfo is None:
        raise ValueError("a moment without an offset could be any")
    return now.astimezone(_zone(zone))


@lru_cache(maxsize=4096)
def at_local(day: date, at: time, zone: str) -> datetime:
    """The moment (UTC) at which that zone's wall clock shows `at`, or jumps over it, on that day."""
    there = _zone(zone)
    wanted = datetime.combine(day, at).replace(tzinfo=there, fold=0)
    moment = wanted.astimezone(UTC)
    if moment.astimezone(there).replace(tzinfo=None, fold=0) == wanted.replace(tzinfo=None):
        return moment
    return _jump(wanted.replace(fold=1).astimezone(UTC), moment, there)


def _jump(before: datetime, after: datetime, there: ZoneInfo) -> datetime:
    """The moment, to the second, at which the clock takes on the offset that it has at `after`."""
    before = before.replace(microsecond=0)
    ahead = after.astimezone(there).utcoffset()
    low, high = 0, int((after - before).total_seconds())
    while low < high:
        middle = (low + high) // 2
        if (before + timedelta(seconds=middle)).astimezone(there).utcoffset() == ahead:
            high = middle
        else:
            low = middle + 1
    return before + timedelta(seconds=low)


def next_slot(after: datetime, *, days: Sequence[Weekday], at: time, zone: str) -> datetime:
    """The first moment (UTC) strictly after `after` at which it is `at` on one of those days there.

    A day that the zone leaves out (Samoa had no 30 December 2011) has no slot. ValueError without any day.
    """
    today = local(after, zone).date()
    for ahead in range(15):
        day = today + timedelta(days=ahead)
        if WEEKDAYS[day.weekday()] not in days:
            continue
        moment = at_local(day, at, zone)
        if moment > after and local(moment, zone).date() == day:
            return moment
    raise ValueError("a slot needs at least one day of the week")


def in_working_time(now: datetime, working: WorkingTime, zone: str) -> bool:
    """Whether it is a working day there, between the working hours (the end belongs to the evening)."""
    here = local(now, zone)
    if WEEKDAYS[here.weekday()] not in working.days:
        return False
    return at_local(here.date(), working.start, zone) <= now < at_local(here.date(), working.end, zone)


def next_working_moment(now: datetime, working: WorkingTime, zone: str) -> datetime:
    """Now, if it is working time there; else the next morning at which work begins."""
    if in_working_time(now, working, zone):
        return now
    return next_slot(now, days=working.days, at=working.start, zone=zone)


def after_working_days(start: datetime, days: int, working: WorkingTime, zone: str) -> datetime:
    """The same local time so many working days later, moved into that day's working hours if it lies outside.

    With 0 days: today, if it is a working day there, else the next one.
    """
    here = local(start, zone)
    day, left = here.date(), days
    while left > 0 or not _is_working_day(day, working, zone):
        day += timedelta(days=1)
        left -= _is_working_day(day, working, zone)
    opening, closing = at_local(day, working.start, zone), at_local(day, working.end, zone)
    moment = at_local(day, here.time(), zone)
    return max(opening, min(moment, closing - timedelta(minutes=1)))


def _is_working_day(day: date, working: WorkingTime, zone: str) -> bool:
    if not working.days:
        raise ValueError("working time needs at least one day of the week")
    opening = local(at_local(day, working.start, zone), zone)
    return WEEKDAYS[day.weekday()] in working.days and opening.date() == day


def still_good(due: datetime, now: datetime, working: WorkingTime, zone: str) -> bool:
    """What was missed is still said on its own local day in working time; else it moves to the next slot."""
    same_day = local(due, zone).date() == local(now, zone).date()
    return due <= now and same_day and in_working_time(now, working, zone)


def shared_working_moment(not_before: datetime, zones: Sequence[str], working: WorkingTime) -> datetime | None:
    """The first moment, within a week from `not_before`, of working time in all of these zones; else None."""
    moment = not_before
    while moment < not_before + timedelta(days=7):
        later = max((next_working_moment(moment, working, zone) for zone in zones), default=moment)
        if later == moment:
            return moment
        moment = later
    return None


def weeks_since(start: date, day: date) -> int:
    """Whole weeks from one local day to another; negative before it."""
    return (day - start).days // 7
