"""Peer rounds as tables of history, and the promises as properties checked against every possible grouping."""

import random
from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import combinations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.peers.rules import (
    NOBODY_ALLOWED,
    NOBODY_ELSE,
    Candidate,
    Group,
    PastGroup,
    Reason,
    Round,
    form_groups,
    pick_topic,
)

YEAR = 26  # rounds


def pool(size: int) -> list[Candidate]:
    return [Candidate(person) for person in range(1, size + 1)]


def people_of(groups: Sequence[Group]) -> list[int]:
    return sorted(person for group in groups for person in group.people)


def year(size: int, seed: int) -> Iterator[tuple[list[PastGroup], Round]]:
    """A year of rounds of one pool: what had been, and what was formed."""
    history: list[PastGroup] = []
    for number in range(1, YEAR + 1):
        formed = form_groups(pool(size), history, seed=seed, round_number=number)
        yield list(history), formed
        history += [PastGroup(number, group.people) for group in formed.groups]


def met_pairs(history: Sequence[PastGroup]) -> set[tuple[int, int]]:
    return {pair for past in history for pair in combinations(sorted(past.people), 2)}


def every_grouping(people: tuple[int, ...]) -> Iterator[list[tuple[int, ...]]]:
    """All ways to split people into groups of one, two and three."""
    if not people:
        yield []
        return
    first, rest = people[0], people[1:]
    for size in (0, 1, 2):
        for others in combinations(rest, size):
            for more in every_grouping(tuple(person for person in rest if person not in others)):
                yield [(first, *others), *more]


@pytest.mark.parametrize("size", [5, 6, 13, 40])
@pytest.mark.parametrize("seed", [1, 2])
def test_a_year_of_rounds_leaves_nobody_out_and_the_duty_of_three_goes_round(size: int, seed: int) -> None:
    """In each of 26 rounds everyone is in one group, an odd pool has one trio, and nobody is three too often."""
    duty = Counter(dict.fromkeys(range(1, size + 1), 0))
    for _, formed in year(size, seed):
        assert people_of(formed.groups) == list(range(1, size + 1))
        assert formed.left_out == ()
        trios = [group for group in formed.groups if len(group.people) == 3]
        assert len(trios) == size % 2
        assert all(group.reason is Reason.TRIO for group in trios)
        duty.update(person for group in trios for person in group.people)
        # Two apart only for a while, where an even turn would have made people meet again too soon.
        assert max(duty.values()) - min(duty.values()) <= 2
    assert max(duty.values()) - min(duty.values()) <= 1


@pytest.mark.parametrize(
    ("size", "rounds_without_repeat"), [(4, 3), (5, 1), (6, 5), (7, 3), (12, 9), (15, 9), (40, 26)]
)
def test_nobody_meets_again_while_new_pairs_last(size: int, rounds_without_repeat: int) -> None:
    """The first rounds bring only people together who never met, and who meets again is named."""
    for number, (history, formed) in enumerate(year(size, seed=7), start=1):
        met = met_pairs(history)
        again = {pair for group in formed.groups for pair in group.again}
        assert again == met & {pair for group in formed.groups for pair in combinations(group.people, 2)}
        if number <= rounds_without_repeat:
            assert not again
        for group in formed.groups:
            if len(group.people) == 2:
                assert group.reason is (Reason.LONGEST_AGO if group.again else Reason.NEW)


def test_four_people_meet_in_the_same_order_again() -> None:
    """When all three pairings of four are used up, the oldest comes back first, then the next."""
    rounds = [tuple(group.people for group in formed.groups) for _, formed in year(4, seed=3)]
    assert len(set(rounds[:3])) == 3
    assert rounds[3:6] == rounds[:3]
    assert rounds[23:26] == rounds[2:3] + rounds[:2]


def test_the_pair_that_met_longest_ago_meets_again() -> None:
    """One against all: who must repeat gets the oldest acquaintance, not the latest."""
    history = [PastGroup(1, (1, 2)), PastGroup(1, (3, 4)), PastGroup(2, (1, 3)), PastGroup(2, (2, 4))]
    history += [PastGroup(3, (1, 4)), PastGroup(3, (2, 3))]
    formed = form_groups(pool(4), history, seed=1, round_number=4)
    assert [(group.people, group.reason) for group in formed.groups] == [
        ((1, 2), Reason.LONGEST_AGO),
        ((3, 4), Reason.LONGEST_AGO),
    ]


def test_a_pool_of_one_two_and_three() -> None:
    """One has nobody and is told why, two are a pair, three are a trio, none is nothing."""
    formed = [form_groups(pool(size), [], seed=1, round_number=1) for size in range(4)]
    assert formed[0] == Round(())
    assert formed[1] == Round((), ((1, NOBODY_ELSE),))
    assert formed[2] == Round((Group((1, 2), Reason.NEW),))
    assert formed[3] == Round((Group((1, 2, 3), Reason.TRIO),))


def test_nobody_is_grouped_with_their_own_mentor() -> None:
    """A mentor who is a new manager too meets others; in a trio neither of the other two is their mentee."""
    people = [Candidate(1), Candidate(2, frozenset({1})), Candidate(3, frozenset({1})), Candidate(4), Candidate(5)]
    for seed in range(20):
        groups = form_groups(people, [], seed=seed, round_number=1).groups
        assert people_of(groups) == [1, 2, 3, 4, 5]
        assert not any({1, 2} <= set(group.people) or {1, 3} <= set(group.people) for group in groups)


def test_who_may_meet_nobody_is_left_out_with_the_reason() -> None:
    """A pool of one mentor with all her managers: they meet one another, and she is told why she has no group."""
    people = [Candidate(1), *(Candidate(person, frozenset({1})) for person in (2, 3, 4))]
    formed = form_groups(people, [], seed=1, round_number=1)
    assert formed == Round((Group((2, 3, 4), Reason.TRIO),), ((1, NOBODY_ALLOWED),))


def test_a_newcomer_is_not_put_into_every_trio() -> None:
    """Who joins a pool after a year has an average share of trios behind them, not none."""
    history = [
        PastGroup(number, group.people) for number, (_, round_) in enumerate(year(13, 5), 1) for group in round_.groups
    ]
    people = [*pool(13), Candidate(14), Candidate(15)]
    trios = Counter[int]()
    for number in range(YEAR + 1, YEAR + 6):
        formed = form_groups(people, history, seed=5, round_number=number)
        trios.update(person for group in formed.groups if len(group.people) == 3 for person in group.people)
        history += [PastGroup(number, group.people) for group in formed.groups]
    assert trios[14] <= 2
    assert trios[15] <= 2


def test_another_seed_and_another_round_give_other_groups() -> None:
    """Chance decides among equals, and it is another one each time."""
    formed = {form_groups(pool(12), [], seed=seed, round_number=number).groups for seed in (1, 2) for number in (1, 2)}
    assert len(formed) == 4


@st.composite
def situations(draw: st.DrawFn, most: int) -> tuple[list[Candidate], list[PastGroup]]:
    """A pool with mentors among it, and a history of it."""
    ids = draw(st.lists(st.integers(1, 99), unique=True, max_size=most))
    mentors = [draw(st.lists(st.sampled_from(ids), max_size=2)) for _ in ids]
    people = [Candidate(one, frozenset(others) - {one}) for one, others in zip(ids, mentors, strict=True)]
    history = [
        PastGroup(number, tuple(draw(st.permutations(ids))[: draw(st.integers(2, 3))]))
        for number in range(1, draw(st.integers(1, 8)))
        if len(ids) > 1
    ]
    return people, history


@given(situations(most=24), st.integers(), st.randoms(use_true_random=False))
def test_the_promises_hold_or_the_unmet_one_is_named(
    situation: tuple[list[Candidate], list[PastGroup]], seed: int, shuffle: random.Random
) -> None:
    """Everyone is in one group or named as left out, no group is too large or of mentor and mentee, order is nothing."""
    people, history = situation
    formed = form_groups(people, history, seed=seed, round_number=9)
    left_out = [person for person, _ in formed.left_out]
    assert sorted(people_of(formed.groups) + left_out) == sorted(one.person for one in people)
    assert all(2 <= len(group.people) <= 3 for group in formed.groups)
    mentors = {one.person: one.mentors for one in people}
    for group in formed.groups:
        assert not any(set(mentors[person]) & set(group.people) for person in group.people)
    assert formed == form_groups(shuffle.sample(people, len(people)), history[::-1], seed=seed, round_number=9)


@given(situations(most=7), st.integers(0, 99))
@settings(max_examples=60, deadline=None)
def test_no_grouping_at_all_would_keep_more_of_the_promises(
    situation: tuple[list[Candidate], list[PastGroup]], seed: int
) -> None:
    """Against every possible grouping: none leaves out fewer, and if one brings no two together again, ours doesn't."""
    people, history = situation
    formed = form_groups(people, history, seed=seed, round_number=9)
    barred = {tuple(sorted((one.person, mentor))) for one in people for mentor in one.mentors}
    met = met_pairs(history)
    possible = []
    for groups in every_grouping(tuple(sorted(one.person for one in people))):
        pairs = [pair for group in groups for pair in combinations(group, 2)]
        if not barred.intersection(pairs):
            alone = sum(len(group) == 1 for group in groups)
            trios = sum(len(group) == 3 for group in groups)
            possible.append((alone, trios, len(met.intersection(pairs))))
    fewest = min(possible)
    again = sum(len(group.again) for group in formed.groups)
    trios = sum(len(group.people) == 3 for group in formed.groups)
    assert (len(formed.left_out), trios) == fewest[:2]
    assert (again == 0) == (fewest[2] == 0)


@pytest.mark.parametrize(
    ("had", "talked_about", "topic"),
    [
        ([["a", "b", "c"], ["b", "a"]], [], "b"),  # the latest that both have had
        ([["a", "b", "c"], ["b", "a"]], ["b"], "a"),
        ([["a", "b"], ["a", "b"]], ["a", "b"], "b"),  # all talked about: the latest again
        ([["a"], ["b"]], [], None),
        ([["a", "b"], ["a", "b"], ["a"]], [], "a"),
        ([["a"], []], [], None),
        ([], [], None),
    ],
)
def test_the_topic_is_what_all_have_had(had: list[list[str]], talked_about: list[str], topic: str | None) -> None:
    """A topic is a lesson that everyone in the group has had, the latest they haven't talked about."""
    assert pick_topic(had, talked_about) == topic
