"""Nothing can be read of one to four people, neither from a figure nor by subtracting figures from one another."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import chain, combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.reports.disclosure import FEWEST_PEOPLE, countable
from bot.reports.figures import Answered, Facts, Level, Person, Tried, figures
from bot.reports.items import Given, analyse

AREA = "sales-tracking"
LAST_WEEK = 26
Name = tuple[object, ...]  # of a figure


@dataclass(frozen=True)
class Manager:
    """Someone made up: what they answered, what they were rated, what they promised."""

    cohort: int
    week: int
    right: bool
    answered: bool
    reviewed: bool
    rated: bool
    promised: bool

    @property
    def lessons(self) -> int:
        """How many they got."""
        return self.week if self.answered or self.promised else 0


some = st.builds(Manager, cohort=st.sampled_from((1, 1, 1, 2, 2, 3)), week=st.integers(1, 2))


def facts_of(everyone: Sequence[Manager], cohort: int | None = None) -> Facts:
    """What is on record of them all, or of one cohort; a person is the place in the list."""
    people = {person: one for person, one in enumerate(everyone) if cohort in (None, one.cohort)}
    return Facts(
        people=[Person(who, one.cohort, True, False, False, True, one.lessons, one.lessons * one.answered,
                       frozenset({one.week}) if one.answered else frozenset()) for who, one in people.items()],
        levels=[Level(who, AREA, week, "self", 2) for who, one in people.items() if one.rated for week in (0, LAST_WEEK)],
        answers=[Answered(Given(who, "l", "q", ("a",), one.right, "guess", again), AREA, one.week)
                 for who, one in people.items() for again in (False, True) if (one.reviewed if again else one.answered)],
        actions=[Tried(who, "no") for who, one in people.items() if one.promised],
        groups=[],
    )  # fmt: skip


def said_of(facts: Facts) -> Mapping[Name, float]:
    """Every figure that a report and its tables publish, by a name."""
    items = analyse([one.given for one in facts.answers], {}, facts.cohorts)
    found = figures(facts, [AREA], items, LAST_WEEK)
    said: dict[Name, float | None] = {
        **{("promised", status): count for status, count in found.actions.items() if found.actions["promised"]},
        **{("heat", week): share for week, share in found.heat[AREA].items()},
        **{("change", one.by): one.end for one in found.changes},
        **{("lessons",): found.lessons, ("lessons answered",): found.lessons_answered, ("answers",): found.answers},
    }
    for one in items:
        said |= {("first",): one.first_right, ("later",): one.later_right, ("sure when wrong",): one.sure_when_wrong}
    return {name: value for name, value in said.items() if value is not None}


def counts_of(facts: Facts) -> Mapping[Name, int]:
    """Every figure that is a number of people itself."""
    items = analyse([one.given for one in facts.answers], {}, facts.cohorts)
    found = figures(facts, [AREA], items, LAST_WEEK)
    counts: dict[Name, int] = {
        ("enrolled",): found.enrolled,
        **{("active", week): count for week, count in found.active.items()},
        **{("change", one.by): one.people for one in found.changes},
        **{("first", one.check_id): one.people for one in items},
    }
    return {name: count for name, count in counts.items() if count}


def all_wrong(facts: Facts) -> Facts:
    """As if nobody had been right."""
    return replace(facts, answers=[replace(one, given=replace(one.given, correct=False)) for one in facts.answers])


def moved(facts: Facts, who: int) -> Facts:
    """As if this person alone had been right, kept a promise and gone up a level."""
    return replace(
        facts,
        answers=[replace(one, given=replace(one.given, correct=one.given.person == who)) for one in facts.answers],
        actions=[replace(one, status="yes") if one.person == who else one for one in facts.actions],
        levels=[replace(one, level=5) if one.person == who and one.week else one for one in facts.levels],
    )


def surer(facts: Facts, who: int) -> Facts:
    """As if this person alone had been sure."""
    return replace(
        facts,
        answers=[
            replace(one, given=replace(one.given, confidence="sure")) if one.given.person == who else one
            for one in facts.answers
        ],
    )


def busier(facts: Facts, who: int) -> Facts:
    """As if this person alone had got each lesson twice, and answered twice as much."""
    return replace(
        facts,
        people=[
            replace(one, lessons=2 * one.lessons, lessons_answered=2 * one.lessons_answered)
            if one.person == who
            else one
            for one in facts.people
        ],
        answers=[*facts.answers, *(one for one in facts.answers if one.given.person == who)],
    )


def behind(facts: Facts, change: Callable[[Facts, int], Facts]) -> dict[Name, set[int]]:
    """By figure, the people behind it: those by whose change it changes."""
    before = said_of(facts)
    found: dict[Name, set[int]] = {}
    for one in facts.people:
        after = said_of(change(facts, one.person))
        for name in before.keys() & after.keys():
            if before[name] != after[name]:
                found.setdefault(name, set()).add(one.person)
    return found


def unions(published: Sequence[set[int]]) -> list[set[int]]:
    """The people of any of these, together."""
    picks = chain.from_iterable(combinations(published, size) for size in range(len(published) + 1))
    return [set().union(*pick) for pick in picks]


def is_few(count: int) -> bool:
    """Whether a figure about so many would speak of single people."""
    return 0 < count < FEWEST_PEOPLE


@given(st.dictionaries(st.integers(0, 30), st.integers(1, 5), max_size=24))
def test_who_counts_is_never_a_few_less_any_cohorts(cohorts: dict[int, int]) -> None:
    """Everyone's figure, less those of any of the cohorts that have one, is about nobody or about five people and more."""
    everyone = countable(cohorts, cohorts)
    own = [countable((who for who in cohorts if cohorts[who] == one), cohorts) for one in set(cohorts.values())]
    assert all(one <= everyone for one in own)
    assert not [left for union in unions([set(one) for one in own]) if is_few(len(left := everyone - union))]
    assert len(cohorts) - len(everyone) < FEWEST_PEOPLE, "nobody is left out who could be counted"


@pytest.mark.long
@given(st.lists(some, min_size=FEWEST_PEOPLE, max_size=16))
def test_no_share_and_no_mean_speaks_of_few_less_any_cohorts(people: list[Manager]) -> None:
    """Of each share, mean and status: who is behind everyone's, and behind no cohort's that is taken away, are none or five."""
    for change, prepared in ((moved, all_wrong), (surer, lambda facts: facts), (busier, all_wrong)):
        everyone = behind(prepared(facts_of(people)), change)
        cohorts = [behind(prepared(facts_of(people, cohort)), change) for cohort in (1, 2, 3)]
        for name, counted in everyone.items():
            for union in unions([own[name] for own in cohorts if name in own]):
                assert not is_few(len(counted - union)), (name, counted, union)
                assert union <= counted, name


@given(st.lists(some, max_size=24))
def test_no_count_speaks_of_few_less_any_cohorts(people: list[Manager]) -> None:
    """The same of what is a number of people itself: taken away from everyone's, no numbers of cohorts leave one to four."""
    everyone = counts_of(facts_of(people))
    cohorts = [counts_of(facts_of(people, cohort)) for cohort in (1, 2, 3)]
    for name, count in everyone.items():
        own = [one[name] for one in cohorts if name in one]
        taken = chain.from_iterable(combinations(own, size) for size in range(len(own) + 1))
        assert not [pick for pick in taken if is_few(count - sum(pick)) or sum(pick) > count], (name, count, own)
