"""Local times, working times and slots. Pure: now is an argument; moments are aware UTC, zones IANA names.

A local time that a clock change skips is the moment at which the clock jumps over it; one that comes twice,
the first of the two.
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from bot.curriculum.model import QuietWindow, Weekday, WorkingTime

WEEKDAYS: tuple[Weekday, ...] = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
LONGEST_LOOK_AHEAD_DAYS = 400  # a year, and a pause that ends in it
SHARED_WITHIN = timedelta(days=14)  # over Christmas and New Year people of two countries may share no day for a week


class NoSlot(ValueError):
    """There is no such moment within some 400 days: nobody works, or someone has paused without an end."""


class PersonalTime(WorkingTime):
    """The program's working time as one person keeps it: without holidays, quiet windows and their own pause.

    Days are local ones.
    """

    country: str | None = None  # ISO 3166 alpha-2; unknown ones have no holidays
    quiet: tuple[QuietWindow, ...] = ()
    paused_from: date | None = None
    paused_until: date | None = None  # the first day back; None, with paused_from: for ever

    def is_off(self, day: date) -> bool:
        """Whether nothing is said to them on that local day."""
        return self.why_off(day) is not None

    def why_off(self, day: date) -> str | None:
        """What keeps that day free: «pause», «quiet: its name» or «holiday: its name»; None if nothing does."""
        if self.paused_from is not None and self.paused_from <= day < (self.paused_until or date.max):
            return "pause"
        for window in self.quiet:
            if window.covers(day):
                return f"quiet: {window.name}"
        holiday = None if self.country is None else _holidays(self.country, day.year).get(day)
        return None if holiday is None else f"holiday: {holiday}"


@lru_cache(maxsize=1024)
def _holidays(country: str, year: int) -> Mapping[date, str]:
    """The public holidays of a country's year, by their English names where the library has them; none of unknown ones."""
    from holidays import country_holidays, list_supported_countries

    # Asked for by name, the library would also take its own functions for countries.
    if country not in list_supported_countries():
        return {}
    return dict(country_holidays(country, years=year, language="en_US"))  # else the machine's locale decides


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


@lru_cache(maxsize=4096)
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


def next_slot(
    after: datetime, *, days: Sequence[Weekday], at: time, zone: str, off: Callable[[date], bool] | None = None
) -> datetime:
    """The first moment (UTC) strictly after `after` at which it is `at` on one of those days there, and the day is not off.

    A day that the zone leaves out (Samoa had no 30 December 2011) has no slot. NoSlot if there is none within some 400
    days, as in a pause without an end, or without any day of the week.
    """
    today = local(after, zone).date()
    for ahead in range(LONGEST_LOOK_AHEAD_DAYS if days else 0):
        day = today + timedelta(days=ahead)
        if WEEKDAYS[day.weekday()] not in days or (off is not None and off(day)):
            continue
        moment = at_local(day, at, zone)
        if moment > after and local(moment, zone).date() == day:
            return moment
    raise NoSlot("a slot needs at least one day of the week, and one within a year that is not off")


def in_working_time(now: datetime, working: WorkingTime, zone: str) -> bool:
    """Whether it is a working day there, between the working hours (the end belongs to the evening)."""
    here = local(now, zone)
    if WEEKDAYS[here.weekday()] not in working.days or working.is_off(here.date()):
        return False
    return at_local(here.date(), working.start, zone) <= now < at_local(here.date(), working.end, zone)


def next_working_moment(now: datetime, working: WorkingTime, zone: str) -> datetime:
    """Now, if it is working time there; else the next morning at which work begins. NoSlot as in `next_slot`."""
    if in_working_time(now, working, zone):
        return now
    return next_slot(now, days=working.days, at=working.start, zone=zone, off=working.is_off)


def after_working_days(start: datetime, days: int, working: WorkingTime, zone: str) -> datetime:
    """The same local time so many working days later, moved into that day's working hours if it lies outside.

    With 0 days: today, if it is a working day there, else the next one. NoSlot as in `next_slot`, also if so many working
    days take longer.
    """
    here = local(start, zone)
    day = _working_day_after(here.date(), days, working, zone)
    opening, closing = at_local(day, working.start, zone), at_local(day, working.end, zone)
    moment = at_local(day, here.time(), zone)
    return max(opening, min(moment, closing - timedelta(minutes=1)))


@lru_cache(maxsize=4096)  # most people of a country keep the same days
def _working_day_after(start: date, days: int, working: WorkingTime, zone: str) -> date:
    day, left = start, days
    while left > 0 or not _is_working_day(day, working, zone):
        if day > start + timedelta(days=LONGEST_LOOK_AHEAD_DAYS):
            raise NoSlot("there are not so many working days within a year")
        day += timedelta(days=1)
        left -= _is_working_day(day, working, zone)
    return day


def _is_working_day(day: date, working: WorkingTime, zone: str) -> bool:
    if not working.days:
        raise ValueError("working time needs at least one day of the week")
    opening = local(at_local(day, working.start, zone), zone)
    return WEEKDAYS[day.weekday()] in working.days and opening.date() == day and not working.is_off(day)


def still_good(due: datetime, now: datetime, working: WorkingTime, zone: str) -> bool:
    """What was missed is still said on its own local day in working time; else it moves to the next slot."""
    same_day = local(due, zone).date() == local(now, zone).date()
    return due <= now and same_day and in_working_time(now, working, zone)


def shared_working_moment(not_before: datetime, people: Sequence[tuple[WorkingTime, str]]) -> datetime | None:
    """The first moment, within a fortnight from `not_before`, of working time for all of these; else None.

    People are their own working time and their zone.
    """
    moment = not_before
    while moment < not_before + SHARED_WITHIN:
        try:
            later = max((next_working_moment(moment, working, zone) for working, zone in people), default=moment)
        except NoSlot:
            return None
        if later == moment:
            return moment
        moment = later
    return None


def weeks_since(start: date, day: date) -> int:
    """Whole weeks from one local day to another; negative before it."""
    return (day - start).days // 7
