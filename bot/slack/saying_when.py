"""Dates and times as people say them, in their own time zone."""

from collections.abc import Sequence
from datetime import date, datetime
from zoneinfo import ZoneInfo

from bot.curriculum.model import Weekday


def day(on: date, language: str = "en") -> str:  # noqa: ARG001
    """«Thursday 26 November»."""
    return f"{on:%A} {on.day} {on:%B}"


def moment(when: datetime, zone: str, language: str = "en") -> str:
    """«Thursday 26 November, 9:00», of an aware time, in that zone."""
    local = when.astimezone(ZoneInfo(zone))
    return f"{day(local.date(), language)}, {local.hour}:{local:%M}"


def weekdays(days: Sequence[Weekday], language: str = "en") -> str:  # noqa: ARG001
    """«Tuesday, Thursday»."""
    return ", ".join(_NAMES[one] for one in days)


_NAMES = {
    "mon": "Monday",
    "tue": "Tuesday",
    "wed": "Wednesday",
    "thu": "Thursday",
    "fri": "Friday",
    "sat": "Saturday",
    "sun": "Sunday",
}
