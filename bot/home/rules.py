"""What App Home says of numbers. Pure."""

from collections.abc import Iterable
from datetime import date, timedelta

FULL, EMPTY = "●", "○"
MOST = 5
FADES_AFTER = timedelta(weeks=3)  # as long as it may still be asked after


def bar(level: float | None) -> str:
    """A level as five marks: «●●●○○»; half a level rounds down, since a bar should not promise what is not there."""
    whole = 0 if level is None else max(0, min(MOST, int(level + 1e-9)))
    return FULL * whole + EMPTY * (MOST - whole)


def weeks_in_a_row(answered_on: Iterable[date], today: date) -> int:
    """So many weeks in a row, up to this one or the last, with an answer in each. Weeks, never days: a day off costs nothing."""
    weeks = {_monday(day) for day in answered_on}
    week = _monday(today)
    if week not in weeks:
        week -= timedelta(weeks=1)  # this week is not over
    count = 0
    while week in weeks:
        count, week = count + 1, week - timedelta(weeks=1)
    return count


def fades(due_on: date, today: date) -> bool:
    """Whether what was promised for that local day is so long past that to name it would only remind of what was missed."""
    return today - due_on > FADES_AFTER


def _monday(day: date) -> date:
    return day - timedelta(days=day.weekday())
