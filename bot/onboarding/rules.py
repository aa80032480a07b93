"""When to welcome someone, and what is left of their baseline. Pure."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import Enum


class Word(Enum):
    """What may be said to someone who has not begun."""

    WELCOME = "welcome"
    REMINDER = "reminder"


@dataclass(frozen=True)
class Greeting:
    """How far someone's welcome is. Moments are aware UTC; `remind_at` is None before the welcome."""

    starts_at: datetime
    begun: bool = False
    remind_at: datetime | None = None
    reminded: bool = False


def what_to_say(one: Greeting, now: datetime) -> Word | datetime | None:
    """The word for now; a moment: not before then; None: never again. One welcome, one reminder, and no third word."""
    if one.begun or one.reminded:
        return None
    word, earliest = (Word.WELCOME, one.starts_at) if one.remind_at is None else (Word.REMINDER, one.remind_at)
    return word if earliest <= now else earliest


def areas_left(areas: Sequence[str], rated: Collection[str]) -> list[str]:
    """The areas of a baseline that have no level yet, in the program's order."""
    return [area for area in areas if area not in rated]


def may_rate(area: str, areas: Sequence[str], rated: Collection[str]) -> bool:
    """Whether a level may still be given, or changed: until all areas have one. Then the baseline stands."""
    return area in areas and bool(areas_left(areas, rated))
