"""What the shapes are made of: frozen values, and days and times that mean only what was written."""

import re
from datetime import date, time
from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict
from pydantic_core import PydanticCustomError

Weekday = Literal["mon", "tue", "wed", "thu", "fri", "sat", "sun"]
Audience = Literal["private", "mentor", "staff"]


def _by_the_clock(value: Any) -> Any:
    """Pydantic alone takes 900 for a quarter past midnight UTC, and lets an offset through."""
    if isinstance(value, time) or re.fullmatch(r"\d\d:\d\d(:\d\d)?", str(value)):
        return value
    raise PydanticCustomError("time_parsing", "a time is needed")


def _by_the_calendar(value: Any) -> Any:
    """Pydantic alone takes a bare number for a moment since 1970."""
    if isinstance(value, date) or re.fullmatch(r"\d{4}-\d\d-\d\d", str(value)):
        return value
    raise PydanticCustomError("date_parsing", "a date is needed")


def _day_of_any_year(value: Any) -> Any:
    """A day as 12-24, which every year has (29 February would be none)."""
    try:
        if not re.fullmatch(r"\d\d-\d\d", str(value)):
            raise ValueError
        date.fromisoformat(f"2001-{value}")
    except ValueError:
        raise PydanticCustomError("month_day", "a day as 12-24 is needed") from None
    return value


LocalTime = Annotated[time, BeforeValidator(_by_the_clock)]
Day = Annotated[date, BeforeValidator(_by_the_calendar)]
MonthDay = Annotated[str, BeforeValidator(_day_of_any_year)]


class Frozen(BaseModel):
    """A value: it never changes, and refuses what it does not know."""

    model_config = ConfigDict(frozen=True, extra="forbid")
