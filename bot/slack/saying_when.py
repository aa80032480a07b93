"""Dates, times, numbers and lists as people say them in their own language and time zone: Babel knows how."""

import re
from collections.abc import Sequence
from datetime import date, datetime
from functools import cache, lru_cache
from typing import TYPE_CHECKING, get_args
from zoneinfo import ZoneInfo

from bot.curriculum.model import Weekday

if TYPE_CHECKING:
    from babel import Locale

_LOCALES = {"en": "en_GB"}  # the day before the month, and 24 hours, as our wording has them
_MOMENTS = {"sl": "{1} ob {0}"}  # how a day and a time are joined, where Babel has no more than a comma


def day(on: date, language: str = "en") -> str:
    """«Thursday 26 November», «četrtek, 26. november»."""
    from babel.dates import format_date

    return format_date(on, _day_pattern(language), locale=_locale(language))


@lru_cache(maxsize=1024)  # a crowd in one zone waits for the same moment
def moment(when: datetime, zone: str, language: str = "en") -> str:
    """«Thursday 26 November, 09:00», «četrtek, 26. november ob 09:00», of an aware time, in that zone."""
    joined = _MOMENTS.get(language) or str(_locale(language).datetime_formats["medium"])
    on = day(when.astimezone(ZoneInfo(zone)).date(), language)
    return joined.replace("{1}", on).replace("{0}", clock(when, zone, language))


def clock(when: datetime, zone: str, language: str = "en") -> str:
    """«14:30», of an aware time, in that zone."""
    from babel.dates import format_time

    return format_time(when.astimezone(ZoneInfo(zone)).time(), "short", locale=_locale(language))


def on_each_clock(when: datetime, people: Sequence[tuple[str, str]], language: str = "en") -> str:
    """«Thursday 26 November, 14:30 Maya · 08:30 Tom», for names with their zones; without names where all clocks agree.

    ValueError, if there are no people.
    """
    if not people:
        raise ValueError("a moment needs someone who reads a clock")
    local = [when.astimezone(ZoneInfo(zone)) for _, zone in people]
    said = [moment(when, people[0][1], language)]
    for (_, zone), here in zip(people[1:], local[1:], strict=True):
        same_day = here.date() == local[0].date()
        said.append(clock(when, zone, language) if same_day else moment(when, zone, language))
    if len({here.replace(tzinfo=None) for here in local}) == 1:
        return said[0]
    return " · ".join(f"{one} {name}" for one, (name, _) in zip(said, people, strict=True))


def weekdays(days: Sequence[Weekday], language: str = "en") -> str:
    """«Tuesday and Thursday», «torek in četrtek»."""
    wide = _locale(language).days["stand-alone"]["wide"]
    return names([str(wide[get_args(Weekday).index(one)]) for one in days], language)


def number(value: float, language: str = "en") -> str:
    """«1,234.5», «1.234,5»."""
    from babel.numbers import format_decimal

    return format_decimal(value, locale=_locale(language))


def names(several: Sequence[str], language: str = "en") -> str:
    """«Maya, Tom and Ana», «Maya, Tom in Ana»."""
    from babel.lists import format_list

    return format_list(list(several), locale=_locale(language))


@cache
def _locale(language: str) -> "Locale":
    from babel import Locale

    return Locale.parse(_LOCALES.get(language, language), sep="-" if "-" in language else "_")


@cache
def _day_pattern(language: str) -> str:
    """The language's short form without a year, with its weekday and its month written out."""
    short = str(_locale(language).datetime_skeletons["MMMEd"].pattern)
    return re.sub(r"[ML]{3,}", "MMMM", re.sub(r"[Ec]+", "EEEE", short))
