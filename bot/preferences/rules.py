"""What may be chosen, and when it has been quiet for so long that we ask. Pure."""

from collections.abc import Callable, Collection
from datetime import date, datetime, time, timedelta
from enum import Enum

from bot.agenda import calendar
from bot.curriculum.model import Program, Weekday, WorkingTime

LONGEST_PAUSE = timedelta(days=365)  # a longer one is one without an end
FOLLOWS_UP = timedelta(days=7)  # for so long after something was asked, not answering it is silence


class Slip(Enum):
    """What does not fit about a choice of days."""

    NO_DAY = "no_day"
    TOO_MANY_DAYS = "too_many_days"


class Choice(Enum):
    """What someone wants after a silence."""

    PAUSE = "pause"
    SLOWER = "slower"
    STOP = "stop"
    GO_ON = "go_on"


def most_days(program: Program) -> int:
    """On how many days a week lessons may come: as many as the program has, or fewer."""
    return min(len(program.lessons.days), len(program.working_time.days))


def fitting_days(chosen: Collection[str], program: Program) -> tuple[Weekday, ...] | Slip:
    """The chosen days in the order of the week, or what does not fit. Days on which nobody works are left out."""
    days = tuple(day for day in calendar.WEEKDAYS if day in chosen and day in program.working_time.days)
    if not days:
        return Slip.NO_DAY
    return days if len(days) <= most_days(program) else Slip.TOO_MANY_DAYS


def half_hours(working: WorkingTime) -> list[time]:
    """The half hours (local) at which a working day has begun and is not over."""
    minutes = [hour * 60 + minute for hour in range(24) for minute in (0, 30)]
    return [at for one in minutes if working.start <= (at := time(one // 60, one % 60)) < working.end]


def may_pause_until(until: date, today: date) -> bool:
    """Whether that can be the first day back: after today, and within a year."""
    return today < until <= today + LONGEST_PAUSE


def quiet_days(asked_on: Collection[date], today: date, is_off: Callable[[date], bool]) -> int:
    """How many local days of silence there are up to yesterday, by the days on which something was asked since the last answer.

    Days off, in a pause or in a quiet window are no silence; nor are those on which nothing had been asked for a week.
    """
    asked = sorted(day for day in asked_on if day < today)
    if not asked:
        return 0
    days = (asked[0] + timedelta(days=ahead) for ahead in range((today - asked[0]).days))
    return sum(not is_off(day) and any(one <= day < one + FOLLOWS_UP for one in asked) for day in days)


def look_again_in(quiet: int, after_weeks: int) -> int:
    """In how many days so many days of silence may have become long enough; 0: they are now."""
    return max(0, 7 * after_weeks - quiet)


def last_heard(*moments: datetime | None, begun_at: datetime) -> datetime:
    """The last time someone answered anything, or when they began; aware UTC."""
    return max([begun_at, *(one for one in moments if one is not None)])
