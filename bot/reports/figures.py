"""The figures of a report, from plain rows. Pure. A share or a mean of fewer than five people is None, and is never shown."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from statistics import mean

from bot.reports.items import FEWEST_PEOPLE, Given, Item


@dataclass(frozen=True)
class Person:
    """How far one manager came; `weeks` are those of the program in which they answered anything."""

    person: int
    begun: bool
    ended: bool
    stopped: bool
    has_mentor: bool
    lessons: int
    lessons_answered: int  # something in them was
    weeks: frozenset[int] = frozenset()


@dataclass(frozen=True)
class Level:
    """A rating that both may see: by «self» or «mentor», in a week of the program."""

    person: int
    area_id: str
    week: int
    by: str
    level: int


@dataclass(frozen=True)
class Answered:
    """An answer to a choice, with its area and the week of the program in which it was given."""

    given: Given
    area_id: str
    week: int


@dataclass(frozen=True)
class Tried:
    """An action that was promised, and what came of it so far."""

    person: int
    status: str | None


@dataclass(frozen=True)
class Met:
    """A peer group of a round that started: its people, and whether it met."""

    people: tuple[int, ...]
    met: str | None


@dataclass(frozen=True)
class Facts:
    """Everything that a report is made of."""

    people: Sequence[Person]
    levels: Sequence[Level]
    answers: Sequence[Answered]
    actions: Sequence[Tried]
    groups: Sequence[Met]


@dataclass(frozen=True)
class Change:
    """How an area changed from the first to the last week, by one kind of evidence, for those who have both."""

    area_id: str
    by: str  # self, mentor or checks
    people: int
    start: float | None
    end: float | None


@dataclass(frozen=True)
class Report:
    """The figures; `heat` is by area and week the share of right answers. What fewer than five people did is None."""

    enrolled: int
    begun: int
    ended: int
    stopped: int
    with_mentor: int
    lessons: int
    lessons_answered: int
    answers: int
    changes: tuple[Change, ...]
    actions: Mapping[str, int | None]
    groups: int | None
    groups_met: int | None
    heat: Mapping[str, Mapping[int, float]]
    active: Mapping[int, int]  # by week, how many answered anything; a week with fewer than five is left out
    items: tuple[Item, ...]

    @property
    def is_too_small(self) -> bool:
        """Whether there are too few people for any figure at all."""
        return self.enrolled < FEWEST_PEOPLE


def figures(facts: Facts, areas: Sequence[str], items: Sequence[Item], last_week: int) -> Report:
    """The figures of these people; `last_week` is the program's."""
    people = facts.people
    in_groups = len({person for one in facts.groups for person in one.people})
    return Report(
        enrolled=len(people),
        begun=sum(one.begun for one in people),
        ended=sum(one.ended for one in people),
        stopped=sum(one.stopped for one in people),
        with_mentor=sum(one.has_mentor for one in people),
        lessons=sum(one.lessons for one in people),
        lessons_answered=sum(one.lessons_answered for one in people),
        answers=len(facts.answers),
        changes=tuple(change for area in areas for change in _changes(facts, area, last_week)),
        actions=_actions(facts.actions),
        groups=_of(in_groups, len(facts.groups)),
        groups_met=_of(in_groups, sum(one.met in ("all", "some") for one in facts.groups)),
        heat={area: _weeks(one for one in facts.answers if one.area_id == area) for area in areas},
        active=_active(people),
        items=tuple(items),
    )


def _changes(facts: Facts, area: str, last_week: int) -> list[Change]:
    rated = [
        _paired(
            area, by,
            {one.person: float(one.level) for one in facts.levels if (one.area_id, one.by, one.week) == (area, by, 0)},
            {one.person: float(one.level) for one in facts.levels if (one.area_id, one.by, one.week) == (area, by, last_week)},
        )
        for by in ("self", "mentor")
    ]  # fmt: skip
    answers = [one.given for one in facts.answers if one.area_id == area]
    first = _by_person(one for one in answers if not one.is_review)
    later = _by_person(one for one in answers if one.is_review)
    return [*rated, _paired(area, "checks", first, later)]


def _paired(area: str, by: str, start: Mapping[int, float], end: Mapping[int, float]) -> Change:
    """Only those who have both: a mean over different people would show a change that nobody made."""
    both = start.keys() & end.keys()
    if len(both) < FEWEST_PEOPLE:
        return Change(area, by, len(both), None, None)
    return Change(area, by, len(both), mean(start[one] for one in both), mean(end[one] for one in both))


def _by_person(answers: Iterable[Given]) -> dict[int, float]:
    right: dict[int, list[bool]] = defaultdict(list)
    for one in answers:
        right[one.person].append(one.correct)
    return {person: mean(found) for person, found in right.items()}


def _actions(actions: Sequence[Tried]) -> dict[str, int | None]:
    people = len({one.person for one in actions})
    counts = {status: sum(one.status == status for one in actions) for status in ("yes", "partly", "not_yet")}
    return {name: _of(people, count) for name, count in {"promised": len(actions), **counts}.items()}


def _of(people: int, count: int) -> int | None:
    """A count of what so many people did: none is a fact about nobody, what a few did is one about them."""
    return count if people == 0 or people >= FEWEST_PEOPLE else None


def _weeks(answers: Iterable[Answered]) -> dict[int, float]:
    weeks: dict[int, list[Given]] = defaultdict(list)
    for one in answers:
        weeks[one.week].append(one.given)
    return {
        week: mean(one.correct for one in found)
        for week, found in sorted(weeks.items())
        if len({one.person for one in found}) >= FEWEST_PEOPLE
    }


def _active(people: Sequence[Person]) -> dict[int, int]:
    weeks = sorted({week for one in people for week in one.weeks})
    counts = {week: sum(week in one.weeks for one in people) for week in weeks}
    return {week: count for week, count in counts.items() if count >= FEWEST_PEOPLE}
