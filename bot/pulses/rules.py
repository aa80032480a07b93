"""When something small is asked, about what, and what its answers add up to. Pure; moments are aware UTC."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

MOST_AREAS = 2  # of one pulse: it is small, or it is not answered
SURE = range(1, 6)
MOST_COUNTED = 5  # «5+»
COUNTS = range(MOST_COUNTED + 1)
QUESTIONS = DEALS, TALKS = ("deals_taken_over", "talks_held")
LONGEST_TREND = 6


def first_pulse(every_weeks: int) -> int:
    """After how many weeks the first pulse comes: once there was something to become sure of."""
    return every_weeks


def first_letting_go(every_weeks: int) -> int:
    """After how many weeks the letting go is first asked: in the weeks between, so that the two don't make one long message."""
    return max(1, every_weeks - 1)


def next_turn(begun_at: datetime, asked_at: datetime | None, *, first_week: int, every_weeks: int) -> datetime:
    """The moment from which it is asked next, by the weeks since someone began: what was late once does not stay late."""
    turn = begun_at + timedelta(weeks=first_week)
    clear = begun_at if asked_at is None else asked_at + timedelta(weeks=every_weeks - 1)
    while asked_at is not None and turn <= clear:
        turn += timedelta(weeks=every_weeks)
    return turn


def areas_to_ask(
    areas: Sequence[str], lessons: Mapping[str, datetime], pulses: Mapping[str, datetime], most: int = MOST_AREAS
) -> list[str]:
    """The areas that a pulse asks about, of all in the program's order.

    `lessons` and `pulses` say when each area last had a lesson, and an answer. Areas with a lesson since then come first,
    so that the number can move; then those that were asked the longest ago.
    """

    def turn(area: str) -> tuple[bool, float]:
        asked = pulses[area].timestamp() if area in pulses else float("-inf")
        taught = area in lessons and lessons[area].timestamp() > asked
        return not taught, asked

    return sorted(areas, key=turn)[:most]


def confidence_in(area_id: str) -> str:
    """The question of how sure someone feels in an area, as it is kept."""
    return f"confidence:{area_id}"


def shown(value: int) -> str:
    """A count as it is said: the last one means «or more»."""
    return f"{value}+" if value >= MOST_COUNTED else str(value)


def trend(values: Sequence[int]) -> str:
    """Counts, oldest first, in one line: «4 → 2 → 1». It says how they changed, and nothing about how that is."""
    return " → ".join(shown(value) for value in values[-LONGEST_TREND:])
