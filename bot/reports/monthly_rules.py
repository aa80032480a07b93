"""What of a report is told once a month, and whether it is any news. Pure."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from bot.reports.disclosure import FEWEST_PEOPLE
from bot.reports.figures import Level, Report

MOST_TO_MEND = 3


@dataclass(frozen=True)
class Moved:
    """An area's rating from the start to the latest week, by «self» or «mentor»: means, to one decimal."""

    area_id: str
    by: str
    people: int
    start: float
    end: float


@dataclass(frozen=True)
class Right:
    """By week of the program, the share of right answers in an area, in per cent."""

    area_id: str
    weeks: tuple[tuple[int, int], ...]


@dataclass(frozen=True)
class Told:
    """A cohort's figures as a message keeps them: with the same ones, it says nothing."""

    people: int
    begun: int
    ended: int
    lessons: int
    answered: int | None  # of them; None where fewer than five people did
    promised: int  # 0 also where fewer than five people did, as above and below
    done: int
    groups: int
    met: int
    active: tuple[tuple[int, int], ...]  # week of the program, people who answered something
    moved: tuple[Moved, ...]
    right: tuple[Right, ...]
    mend: tuple[tuple[str, str], ...]  # lesson, finding: what is most to be mended first

    @property
    def plain(self) -> dict[str, Any]:
        """In JSON's own types."""
        return asdict(self)


def told(found: Report) -> Told | None:
    """The figures of a month; None of fewer than five people, and before anyone has begun."""
    if found.is_too_small or not found.begun:
        return None
    return Told(
        people=found.enrolled,
        begun=found.begun,
        ended=found.ended,
        lessons=found.lessons or 0,
        answered=found.lessons_answered,
        promised=found.actions["promised"] or 0,
        done=found.actions["yes"] or 0,
        groups=found.groups or 0,
        met=found.groups_met or 0,
        active=tuple(found.active.items()),
        moved=tuple(
            Moved(one.area_id, one.by, one.people, round(one.start, 1), round(one.end, 1))
            for one in found.changes
            if one.by != "checks" and one.start is not None and one.end is not None
        ),
        right=tuple(
            Right(area, tuple((week, round(100 * share)) for week, share in weeks.items()))
            for area, weeks in found.heat.items()
            if weeks
        ),
        mend=tuple((one.lesson_id, one.findings[0].name) for one in found.items if one.findings)[:MOST_TO_MEND],
    )


def told_of(kept: Mapping[str, Any]) -> Told:
    """The figures that a message keeps."""
    return Told(
        **{
            **kept,
            "active": _pairs(kept["active"]),
            "moved": tuple(Moved(**one) for one in kept["moved"]),
            "right": tuple(Right(one["area_id"], _pairs(one["weeks"])) for one in kept["right"]),
            "mend": _pairs(kept["mend"]),
        }
    )


def latest_week(levels: Sequence[Level]) -> int | None:
    """The latest week after the baseline in which five people or more have a rating; None before there is one."""
    rated: dict[int, set[int]] = defaultdict(set)
    for one in levels:
        rated[one.week].add(one.person)
    return max((week for week, people in rated.items() if week > 0 and len(people) >= FEWEST_PEOPLE), default=None)


def _pairs(rows: Sequence[Sequence[Any]]) -> tuple[Any, ...]:
    return tuple(tuple(row) for row in rows)
