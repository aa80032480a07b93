"""What the shapes are made of: frozen values, and days and times that mean only what was written."""

import re
from datetime import date, time
from typing import Annotated, Any, Generic, Literal, TypeVar

from pydantic import BaseModel, BeforeValidator, ConfigDict
from pydantic_core import PydanticCustomError

Weekday = Literal["mon", "tue", "wed", "thu", "fri", "sat", "sun"]
Audience = Literal["private", "mentor", "staff"]
Value = TypeVar("Value")


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


class Itself(Generic[Value]):
    """A large value as a key: no other is the same, whatever it holds. For what is worked out of it once."""

    __slots__ = ("value",)

    def __init__(self, value: Value) -> None:
        self.value = value

    def __hash__(self) -> int:
        return id(self.value)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Itself) and self.value is other.value
