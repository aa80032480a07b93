"""Whom a figure may speak of, so that nobody can read it as one about fewer than five people. Pure."""

from collections import defaultdict
from collections.abc import Iterable, Mapping

FEWEST_PEOPLE = 5  # of a group that any figure speaks of (DESIGN 6)


def countable(people: Iterable[int], cohorts: Mapping[int, int]) -> frozenset[int]:
    """Of the people behind a figure those whom it may count: five at least, or nobody. `cohorts` has each one's, by person.

    Complementary disclosure control (secondary suppression): a cohort with five such people has this figure of its own, and
    whoever subtracts such cohorts from everyone must again be left with five people, or with nobody. So the people of
    smaller cohorts count where they are five together, and not at all where they aren't.
    """
    large, small = set[int](), set[int]()
    by_cohort: dict[int, set[int]] = defaultdict(set)
    for person in people:
        by_cohort[cohorts[person]].add(person)
    for found in by_cohort.values():
        (large if len(found) >= FEWEST_PEOPLE else small).update(found)
    return frozenset(large | small if len(small) >= FEWEST_PEOPLE else large)
