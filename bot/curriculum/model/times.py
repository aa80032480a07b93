"""When people may be written to, and what time of the year it is."""

from datetime import date
from functools import lru_cache

from pydantic import Field

from bot.curriculum.model.values import Frozen, LocalTime, MonthDay, Weekday


class WorkingTime(Frozen):
    """When people may be written to, in their own local time."""

    days: tuple[Weekday, ...]
    start: LocalTime
    end: LocalTime

    def is_off(self, day: date) -> bool:  # noqa: ARG002 — one person's working time knows more
        """Whether nothing is said on that local day, though it is a working day of the week."""
        return False


class Window(Frozen):
    """Days of each year, both included. It may run over New Year."""

    name: str
    first: MonthDay
    last: MonthDay

    @property
    def days(self) -> int:
        """How many days of a year it has, without a 29 February."""
        first, last = (date.fromisoformat(f"2001-{day}") for day in (self.first, self.last))
        return (last - first).days % 365 + 1

    def covers(self, day: date) -> bool:
        """Whether that day lies in it."""
        return _covers(self.first, self.last, day)


@lru_cache(maxsize=1024)  # a day is asked about for everyone whose day it is
def _covers(first: MonthDay, last: MonthDay, day: date) -> bool:
    month_day = day.isoformat()[5:]
    if first <= last:
        return first <= month_day <= last
    return month_day >= first or month_day <= last  # over New Year


class QuietWindow(Window):
    """Days on which nobody is written to unasked."""


class Season(Window):
    """A time of the sales year, as planning or a quarter's end; several may have one name."""


class AttentionBudget(Frozen):
    """How many unprompted messages one person gets at most, over all kinds together; a day has one, always."""

    a_week: int = Field(default=4, ge=1, le=5)
    quiet: tuple[QuietWindow, ...] = ()


class Length(Frozen):
    """How long the program lasts, from the day on which a manager begins: weeks of lessons, then weeks of reviews only."""

    lesson_weeks: int = Field(default=16, ge=1, le=52)
    review_weeks: int = Field(default=10, ge=0, le=52)
