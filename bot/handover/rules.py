"""When a mentor is as good as gone, and when talks have stalled. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import Enum

LONG = timedelta(days=14)  # an absence that a manager should not have to wait for
STALLS_IN_A_ROW = 2


class Why(Enum):
    """Why a mentor can't be one for now."""

    CLOSED = "closed"  # the account
    UNREACHABLE = "unreachable"
    AWAY = "away"


@dataclass(frozen=True)
class Gone:
    """Why, and since when (aware UTC): together they name one occasion, which is told once."""

    why: Why
    since: datetime


@dataclass(frozen=True)
class Presence:
    """What is on record about someone's being there. Moments are aware UTC."""

    deactivated_at: datetime | None = None
    unreachable_at: datetime | None = None
    paused_at: datetime | None = None
    paused_until: date | None = None  # a local day; None: until they say so
    away_until: datetime | None = None


def gone(one: Presence, now: datetime) -> Gone | None:
    """Whether someone can't be a mentor for now: for good, or for longer than two weeks from now."""
    if one.deactivated_at is not None:
        return Gone(Why.CLOSED, one.deactivated_at)
    if one.unreachable_at is not None:
        return Gone(Why.UNREACHABLE, one.unreachable_at)
    if one.paused_at is not None and (one.paused_until is None or one.paused_until > (now + LONG).date()):
        return Gone(Why.AWAY, one.paused_at)
    if one.away_until is not None and one.away_until > now + LONG:
        # When they left is not on record: the day of their return names the occasion as well.
        return Gone(Why.AWAY, one.away_until)
    return None


def stalled(answers: Sequence[str | None]) -> bool:
    """Whether talks stall: the last two answers say so, the newest last. What was not answered says nothing."""
    said = [one for one in answers if one is not None][-STALLS_IN_A_ROW:]
    return len(said) == STALLS_IN_A_ROW and all(one.startswith("stalls") for one in said)
