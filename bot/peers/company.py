"""Who may meet whom, and what would be good about it. Pure."""

from collections.abc import Sequence
from functools import lru_cache
from itertools import combinations

from bot.peers.model import HALF_HOURS_A_WEEK, Candidate

_GIVES, _OTHER_REGION = 2, 1  # points
MOST_POINTS = 2 * _GIVES + _OTHER_REGION


def may_meet(people: Sequence[Candidate], shared_hours: int) -> bool:
    """Whether these may be one group: no mentor, no team, no block between any two, and so many hours on end for all."""
    if any(are_apart(one, other) for one, other in combinations(people, 2)):
        return False
    weeks = [week_of(one) for one in people]
    return have_in_common(tuple(week for week in weeks if week is not None), shared_hours)


def are_apart(one: Candidate, other: Candidate) -> bool:
    """Whether they are kept apart whatever their hours: by a mentor, a team or a block."""
    a, b = one.person, other.person
    if b in one.mentors or b in one.blocked or a in other.mentors or a in other.blocked:
        return True
    return one.team is not None and one.team == other.team


def week_of(one: Candidate) -> int | None:
    """Someone's working half-hours as bits; None if they are unknown."""
    return None if one.hours is None else sum(1 << half_hour for half_hour in one.hours)


@lru_cache(maxsize=4096)
def have_in_common(weeks: tuple[int, ...], hours: int) -> bool:
    """Whether so many hours on end are in all of these weeks, Sunday running over into Monday."""
    if hours == 0 or len(weeks) < 2:
        return True
    common = weeks[0]
    for week in weeks[1:]:
        common &= week
    common |= common << HALF_HOURS_A_WEEK
    length = 1  # of half-hours on end, of which the bits that are left are the first
    while length < 2 * hours:
        step = min(length, 2 * hours - length)
        common &= common >> step
        length += step
    return common != 0


def points(one: Candidate, other: Candidate) -> int:
    """How much two people are likely to give each other, 0 to MOST_POINTS."""
    given = gives(one, other) + gives(other, one)
    return _GIVES * given + _OTHER_REGION * differ(one.region, other.region)


def gives(one: Candidate, other: Candidate) -> bool:
    """Whether one is strong in what the other asks for."""
    return not one.strong.isdisjoint(other.asks)


def differ(one: str | None, other: str | None) -> bool:
    """Whether both are known, and not the same."""
    return one is not None and other is not None and one != other
