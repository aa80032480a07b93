"""Where people are, and when they work, as the rules compare it."""

from datetime import datetime, time, timedelta
from functools import lru_cache

from bot.agenda import calendar, personal
from bot.curriculum.model import Program, Weekday
from bot.peers.model import HALF_HOURS_A_WEEK
from bot.records.tables import Person

_HALF_HOUR = timedelta(minutes=30)


def half_hours(program: Program, person: Person, moment: datetime) -> frozenset[int]:
    """Someone's working half-hours of the UTC week (0 is Monday 0:00), as their clock stands in the week of that moment."""
    working, zone = program.working_time, personal.zone_of(program, person)
    monday = moment - timedelta(days=moment.weekday(), hours=moment.hour, minutes=moment.minute)
    return _half_hours(working.days, working.start, working.end, zone, monday.replace(second=0, microsecond=0))


@lru_cache(maxsize=1024)
def _half_hours(days: tuple[Weekday, ...], start: time, end: time, zone: str, monday: datetime) -> frozenset[int]:
    found: set[int] = set()
    for number, name in enumerate(calendar.WEEKDAYS):
        if name in days:
            day = (monday + timedelta(days=number)).date()
            first = -((monday - calendar.at_local(day, start, zone)) // _HALF_HOUR)  # of those that are whole
            last = (calendar.at_local(day, end, zone) - monday) // _HALF_HOUR
            found.update(half_hour % HALF_HOURS_A_WEEK for half_hour in range(first, last))
    return frozenset(found)


def region_of(person: Person) -> str | None:
    """The country of someone: as they chose, else that of their time zone; the zone itself, where it has none."""
    from babel.core import get_global

    zone = person.roster_timezone or person.timezone
    return person.country or get_global("zone_territories").get(zone or "", zone)
