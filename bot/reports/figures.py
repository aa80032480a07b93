"""The figures of a report, from plain rows. Pure. A share or a mean of fewer than five people is None, and is never shown."""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from statistics import mean

from bot.reports.disclosure import FEWEST_PEOPLE, countable
from bot.reports.items import Given, Item, counted


@dataclass(frozen=True)
class Person:
    """How far one manager came; `weeks` are those of the program in which they answered anything."""

    person: int
    cohort: int
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

    @property
    def cohorts(self) -> Mapping[int, int]:
        """By person, their cohort."""
        return {one.person: one.cohort for one in self.people}


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
    lessons: int | None
    lessons_answered: int | None
    answers: int | None
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
    """The figures of these people; `last_week` is the program's. Each counts whom it may, so that none is left by subtraction.

    Only groups are all counted: who met whom, and whether, is not kept from staff, and a group may be of several cohorts.
    """
    cohorts = facts.cohorts
    reached = countable(cohorts, cohorts)
    people = [one for one in facts.people if one.person in reached]
    lessons = {one.person: one.lessons for one in facts.people}
    with_lessons = countable((one for one in reached if lessons[one]), cohorts)
    in_groups = len({person for one in facts.groups for person in one.people})
    return Report(
        enrolled=len(people),
        begun=sum(one.begun for one in people),
        ended=sum(one.ended for one in people),
        stopped=sum(one.stopped for one in people),
        with_mentor=sum(one.has_mentor for one in people),
        lessons=_total(lessons, reached, cohorts),
        lessons_answered=_total({one.person: one.lessons_answered for one in facts.people}, with_lessons, cohorts),
        answers=_total(Counter(one.given.person for one in facts.answers), reached, cohorts),
        changes=tuple(change for area in areas for change in _changes(facts, area, last_week)),
        actions=_actions(facts.actions, cohorts),
        groups=_of(in_groups, len(facts.groups)),
        groups_met=_of(in_groups, sum(one.met in ("all", "some") for one in facts.groups)),
        heat={area: _weeks((one for one in facts.answers if one.area_id == area), cohorts) for area in areas},
        active=_active(people, cohorts),
        items=tuple(items),
    )


def _changes(facts: Facts, area: str, last_week: int) -> list[Change]:
    cohorts = facts.cohorts
    rated = [
        _paired(
            area, by,
            {one.person: float(one.level) for one in facts.levels if (one.area_id, one.by, one.week) == (area, by, 0)},
            {one.person: float(one.level) for one in facts.levels if (one.area_id, one.by, one.week) == (area, by, last_week)},
            cohorts,
        )
        for by in ("self", "mentor")
    ]  # fmt: skip
    answers = [one.given for one in facts.answers if one.area_id == area]
    first = _by_person(one for one in answers if not one.is_review)
    later = _by_person(one for one in answers if one.is_review)
    return [*rated, _paired(area, "checks", first, later, cohorts)]


def _paired(
    area: str, by: str, start: Mapping[int, float], end: Mapping[int, float], cohorts: Mapping[int, int]
) -> Change:
    """Only those who have both: a mean over different people would show a change that nobody made."""
    both = countable(start.keys() & end.keys(), cohorts)
    if not both:
        return Change(area, by, 0, None, None)
    return Change(area, by, len(both), mean(start[one] for one in both), mean(end[one] for one in both))


def _by_person(answers: Iterable[Given]) -> dict[int, float]:
    right: dict[int, list[bool]] = defaultdict(list)
    for one in answers:
        right[one.person].append(one.correct)
    return {person: mean(found) for person, found in right.items()}


def _actions(actions: Sequence[Tried], cohorts: Mapping[int, int]) -> dict[str, int | None]:
    people = countable((one.person for one in actions), cohorts)
    found = [one.status for one in actions if one.person in people]
    counts: dict[str, int | None] = {status: found.count(status) for status in ("yes", "partly", "not_yet")}
    counts["promised"] = len(found)
    return counts if found or not actions else dict.fromkeys(counts)


def _total(counts: Mapping[int, int], reached: Collection[int], cohorts: Mapping[int, int]) -> int | None:
    """What those of these people have together who have any of it: none is a fact about nobody, what a few have is one about
    them."""
    having = [person for person, count in counts.items() if count]
    people = countable((person for person in having if person in reached), cohorts)
    return sum(counts[person] for person in people) if people or not having else None


def _of(people: int, count: int) -> int | None:
    """A count of what so many people did: none is a fact about nobody, what a few did is one about them."""
    return count if people == 0 or people >= FEWEST_PEOPLE else None


def _weeks(answers: Iterable[Answered], cohorts: Mapping[int, int]) -> dict[int, float]:
    weeks: dict[int, list[Given]] = defaultdict(list)
    for one in answers:
        weeks[one.week].append(one.given)
    return {
        week: mean(one.correct for one in found)
        for week, given in sorted(weeks.items())
        if (found := counted(given, cohorts))
    }


def _active(people: Sequence[Person], cohorts: Mapping[int, int]) -> dict[int, int]:
    weeks = sorted({week for one in people for week in one.weeks})
    counts = {week: len(countable((one.person for one in people if week in one.weeks), cohorts)) for week in weeks}
    return {week: count for week, count in counts.items() if count}
