"""The shapes of peer rounds: who takes part, who met whom, groups, and what could not be had. Pure."""

from dataclasses import dataclass
from enum import Enum
from itertools import combinations

HALF_HOURS_A_WEEK = 7 * 48

NOBODY_ELSE = "nobody_else"  # nobody else takes part
NOBODY_ALLOWED = "nobody_allowed"  # nobody is left whom they may meet

Pair = tuple[int, int]
People = tuple[int, ...]


class Reason(Enum):
    """Why a group was formed; the words for it are in the content. None tells who is weak in what, or has blocked whom."""

    NEW = "new"
    LONGEST_AGO = "longest_ago"  # of what could be; so it may not be that of either one's colleagues
    TRIO = "trio"
    COMPLEMENTARY = "complementary"
    REGION = "region"


class Unmet(Enum):
    """A promise that a round could not keep for some people."""

    LEFT_OUT = "left_out"
    MORE_TRIOS = "more_trios"  # one of three, though the number of people doesn't ask for it
    DUTY = "duty"  # one of three again, while others have been that two times less
    STALLED = "stalled"  # together once more, though two groups in a row did not come about
    AGAIN = "again"  # together once more


class Refusal(Enum):
    """Why two people can't change groups. One answer for all that keeps people apart: a block stays private."""

    NOT_HERE = "not_here"
    SAME_GROUP = "same_group"
    MAY_NOT_MEET = "may_not_meet"


@dataclass(frozen=True)
class Candidate:
    """Someone who takes part in a round. Unknown (None) team, region or hours keep nobody apart.

    `hours` are working half-hours of the UTC week: 0 is Monday 0:00, 335 Sunday 23:30. `strong` and `asks` are area ids.
    """

    person: int
    mentors: frozenset[int] = frozenset()  # people they are never grouped with …
    team: str | None = None
    region: str | None = None
    hours: frozenset[int] | None = None
    strong: frozenset[str] = frozenset()
    asks: frozenset[str] = frozenset()
    blocked: frozenset[int] = frozenset()  # … nor with these, whoever of the two said so
    stalled: frozenset[int] = frozenset()  # people with whom two groups in a row did not come about


@dataclass(frozen=True)
class PastGroup:
    """Who met in which round."""

    round: int
    people: People


@dataclass(frozen=True)
class Group:
    """Two people, or three; `again` names those pairs of them who have met before."""

    people: People
    reason: Reason
    again: tuple[Pair, ...] = ()


@dataclass(frozen=True)
class Round:
    """The groups of one round, those for whom there was no group, with why, and each promise that could not be kept."""

    groups: tuple[Group, ...]
    left_out: tuple[tuple[int, str], ...] = ()
    unmet: tuple[tuple[Unmet, People], ...] = ()


def pairs_of(people: People) -> list[Pair]:
    """The pairs among some people, each in order."""
    return list(combinations(sorted(people), 2))
