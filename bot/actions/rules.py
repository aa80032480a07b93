"""What becomes of a promise: on which day it may lie, when it is asked after, and what its follow-up shows. Pure.

Moments are aware UTC, days are local to the person.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import Enum

from bot.agenda import calendar
from bot.agenda.calendar import NoSlot
from bot.curriculum.markdown import without_markup
from bot.curriculum.model import WorkingTime

LONGEST_PLAN, LONGEST_NOTE = 1000, 500  # characters
FURTHEST = timedelta(days=60)  # a plan for later than that is none
TOO_LATE = timedelta(weeks=3)  # after it, to ask would only remind of what was missed
ROUNDS = (1, 2)  # asked when it was due, and once more on the new day after «not yet»


class Status(Enum):
    """What someone says of their promise."""

    YES = "yes"
    PARTLY = "partly"
    NOT_YET = "not_yet"


class NewDay(Enum):
    """What «not yet» leads to."""

    NEXT_DAY = "next_day"
    NEXT_WEEK = "next_week"
    LET_GO = "let_go"


class Stage(Enum):
    """What the follow-up of one round shows."""

    ASKED = "asked"
    ANSWERED = "answered"
    NEEDS_DAY = "needs a day"
    MOVED = "moved"
    LET_GO = "let go"


@dataclass(frozen=True)
class Kept:
    """How far a promise has come."""

    status: str | None
    moved: bool
    let_go: bool


def stage(kept: Kept, round_number: int) -> Stage:
    """What the follow-up of that round shows: the first one stays as it was when the second comes."""
    if kept.moved and round_number == 1:
        return Stage.MOVED
    if kept.let_go:
        return Stage.LET_GO
    match kept.status:
        case None:
            return Stage.ASKED
        case Status.NOT_YET.value:
            return Stage.NEEDS_DAY
        case _:
            return Stage.ANSWERED


def changes(status: Status, round_number: int, now: datetime) -> Mapping[str, object]:
    """What an answer writes down: a second «not yet» lets go by itself."""
    let_go = {"let_go_at": now} if status is Status.NOT_YET and round_number == ROUNDS[-1] else {}
    return {"status": status.value, "answered_at": now, **let_go}


def first_day(now: datetime, working: WorkingTime, zone: str) -> date:
    """The day that a plan begins with: the next working day, near enough to be remembered."""
    return _day(_working_days_on(now, 1, working, zone), zone)


def new_day(choice: NewDay, now: datetime, working: WorkingTime, zone: str) -> date:
    """The day that a choice means; ValueError for the choice that means none."""
    if choice is NewDay.LET_GO:
        raise ValueError("what is let go has no day")
    if choice is NewDay.NEXT_DAY:
        return first_day(now, working, zone)
    return _day(_working_days_on(now + timedelta(weeks=1), 0, working, zone), zone)


def fits(day: date, today: date) -> bool:
    """Whether something can be promised for that day."""
    return today <= day <= today + FURTHEST


def asked_at(due_on: date, days: int, at: time, working: WorkingTime, zone: str) -> datetime:
    """When a promise is asked after: so many working days after the day on which it was to happen, at that local time."""
    return _working_days_on(calendar.at_local(due_on, at, zone), days, working, zone)


def too_late(moment: datetime, now: datetime) -> bool:
    """Whether what was to be asked at that moment is not asked any more."""
    return now > moment + TOO_LATE


def as_typed(mrkdwn: str) -> str:
    """A filled mrkdwn text as someone would have typed it: without its markup, at most so long as a plan may be."""
    return without_markup(mrkdwn).strip()[:LONGEST_PLAN].rstrip()


def own_words(typed: str, offered: str) -> str | None:
    """What someone made of an offered plan; None if they left it as it was, or empty."""
    words = typed.strip()[:LONGEST_PLAN]
    return None if not words or words.split() == offered.split() else words


def _working_days_on(start: datetime, days: int, working: WorkingTime, zone: str) -> datetime:
    """As the calendar says; for someone who pauses without an end, as the program's working week says."""
    try:
        return calendar.after_working_days(start, days, working, zone)
    except NoSlot:
        plain = WorkingTime(days=working.days, start=working.start, end=working.end)
        return calendar.after_working_days(start, days, plain, zone)


def _day(moment: datetime, zone: str) -> date:
    return calendar.local(moment, zone).date()
