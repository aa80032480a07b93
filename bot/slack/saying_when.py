"""Dates and times as people say them, in their own time zone."""

from datetime import date, datetime
from zoneinfo import ZoneInfo


def day(on: date) -> str:
    """«Thursday 26 November»."""
    return f"{on:%A} {on.day} {on:%B}"


def moment(when: datetime, zone: str) -> str:
    """«Thursday 26 November, 9:00», of an aware time, in that zone."""
    local = when.astimezone(ZoneInfo(zone))
    return f"{day(local.date())}, {local.hour}:{local:%M}"
