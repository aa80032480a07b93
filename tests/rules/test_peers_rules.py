"""Peer rounds as stories of pools: years, newcomers, mentors, zones, strengths."""

from collections import Counter
from collections.abc import Iterator
from itertools import combinations

import pytest

from bot.peers.rules import (
    NOBODY_ALLOWED,
    NOBODY_ELSE,
    Candidate,
    Group,
    PastGroup,
    Reason,
    Round,
    Unmet,
    form_groups,
    pick_topic,
)
from tests.rules.pools import LONDON, NEW_YORK, TOKYO, met_pairs, people_of, pool

YEAR = 26  # rounds


def year(size: int, seed: int) -> Iterator[tuple[list[PastGroup], Round]]:
    """A year of rounds of one pool: what had been, and what was formed."""
    history: list[PastGroup] = []
    for number in range(1, YEAR + 1):
        formed = form_groups(pool(size), history, seed=seed, round_number=number)
        yield list(history), formed
        history += [PastGroup(number, group.people) for group in formed.groups]


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
        assert max(duty.values()) - min(duty.values()) <= 1


@pytest.mark.parametrize(
    ("size", "rounds_without_repeat"), [(4, 3), (5, 1), (6, 5), (7, 1), (12, 9), (13, 7), (15, 9), (40, 26), (41, 26)]
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
    assert formed[1] == Round((), ((1, NOBODY_ELSE),), ((Unmet.LEFT_OUT, (1,)),))
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
    unmet = ((Unmet.LEFT_OUT, (1,)), (Unmet.MORE_TRIOS, (2, 3, 4)))
    assert formed == Round((Group((2, 3, 4), Reason.TRIO),), ((1, NOBODY_ALLOWED),), unmet)


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


def meet(one: Candidate, other: Candidate, **terms: int) -> bool:
    """Whether these two are grouped, if nobody else is there."""
    return bool(form_groups([one, other], [], seed=1, round_number=1, **terms).groups)


def test_a_team_a_block_and_the_mentor_of_either_keep_two_apart() -> None:
    """Two of one team never meet, nor do two of whom one has blocked the other; unknown teams keep nobody apart."""
    assert not meet(Candidate(1, team="red"), Candidate(2, team="red"))
    assert meet(Candidate(1, team="red"), Candidate(2, team="blue"))
    assert meet(Candidate(1), Candidate(2))
    for one, other in (
        (Candidate(1, blocked=frozenset({2})), Candidate(2)),
        (Candidate(1, mentors=frozenset({2})), Candidate(2)),
    ):
        assert not meet(one, other)
        assert not meet(other, one)


def test_two_need_so_many_working_hours_on_end() -> None:
    """London and New York share three hours a day, New York and Tokyo none; whose hours are unknown may meet anyone."""
    london, new_york, tokyo, unknown = (
        Candidate(number, hours=hours) for number, hours in enumerate((LONDON, NEW_YORK, TOKYO, None), 1)
    )
    assert meet(london, new_york, shared_hours=3)
    assert not meet(london, new_york, shared_hours=4)
    assert not meet(new_york, tokyo, shared_hours=1)
    assert meet(new_york, tokyo, shared_hours=0)
    assert meet(tokyo, unknown)


def test_hours_run_over_from_sunday_to_monday() -> None:
    """An hour before and an hour after the week's end in UTC are two on end, as in Auckland on a Monday morning."""
    over = frozenset({334, 335, 0, 1})
    assert meet(Candidate(1, hours=over), Candidate(2, hours=over), shared_hours=2)
    apart = frozenset({330, 331, 0, 1})
    assert not meet(Candidate(1, hours=apart), Candidate(2, hours=apart), shared_hours=2)


def test_a_trio_has_hours_in_which_all_three_work() -> None:
    """Three of whom any two share two hours, but not all three the same, are no group."""
    hours = [frozenset(range(0, 8)), frozenset(range(4, 12)), frozenset({*range(0, 4), *range(8, 12)})]
    people = [Candidate(number, hours=own) for number, own in enumerate(hours, 1)]
    assert len(form_groups(people, [], seed=1, round_number=1, shared_hours=2).left_out) == 1
    assert not form_groups(people, [], seed=1, round_number=1, shared_hours=0).left_out


def test_strengths_come_before_regions_and_both_before_chance() -> None:
    """One strong in what another asks for meets them; of the others, people of two regions meet; and that is the reason."""
    people = [
        Candidate(1, region="north", strong=frozenset({"calls"})),
        Candidate(2, region="north", asks=frozenset({"calls"})),
        Candidate(3, region="north"),
        Candidate(4, region="south"),
    ]
    for seed in range(10):
        groups = form_groups(people, [], seed=seed, round_number=1).groups
        assert [(group.people, group.reason) for group in groups] == [
            ((1, 2), Reason.COMPLEMENTARY),
            ((3, 4), Reason.REGION),
        ]


def test_a_new_pair_comes_before_different_strengths() -> None:
    """However well two fit, they meet others first when they have just met; then they fit again, and it is said so."""
    people = [
        Candidate(1, strong=frozenset({"calls"})),
        Candidate(2, asks=frozenset({"calls"})),
        Candidate(3),
        Candidate(4),
    ]
    formed = form_groups(people, [PastGroup(1, (1, 2)), PastGroup(1, (3, 4))], seed=1, round_number=2)
    assert (1, 2) not in [group.people for group in formed.groups]
    only = form_groups(people[:2], [PastGroup(1, (1, 2))], seed=1, round_number=2)
    assert only.groups == (Group((1, 2), Reason.LONGEST_AGO, ((1, 2),)),)


def test_a_stalled_pair_gets_others_as_long_as_there_are_others() -> None:
    """Two whose groups came to nothing twice are parted though each of the new pairs has met; of two they must meet."""
    people = [Candidate(1, stalled=frozenset({2})), Candidate(2), Candidate(3), Candidate(4)]
    history = [PastGroup(number, pair) for number, pair in enumerate(((1, 3), (2, 4), (1, 4), (2, 3)), 1)]
    formed = form_groups(people, history, seed=1, round_number=9)
    assert (1, 2) not in [group.people for group in formed.groups]
    assert Unmet.STALLED not in [what for what, _ in formed.unmet]
    assert form_groups(people[:2], [], seed=1, round_number=9).unmet == ((Unmet.STALLED, (1, 2)),)


def test_a_crowd_is_grouped_whole() -> None:
    """Cut into rooms, 403 people of three zones and many teams are all in one group each, and three of one."""
    zones = (LONDON, NEW_YORK, TOKYO)
    people = [Candidate(person, team=str(person // 9), hours=zones[person % 3]) for person in range(1, 404)]
    formed = form_groups(people, [], seed=1, round_number=1)
    assert people_of(formed.groups) == list(range(1, 404))
    assert [len(group.people) for group in formed.groups].count(3) == 1
    assert formed == form_groups(people[::-1], [], seed=1, round_number=1)


@pytest.mark.parametrize("size", [404, 405])
def test_in_a_crowd_someone_finds_the_one_person_whom_they_may_meet(size: int) -> None:
    """One of a crowd may meet only one other, in whichever room they are: these two are a pair, and all others have groups."""
    people = pool(size)
    people[0] = Candidate(1, blocked=frozenset(range(2, size)))
    for seed in range(4):
        formed = form_groups(people, [], seed=seed, round_number=1)
        assert people_of(formed.groups) == list(range(1, size + 1))
        assert (1, size) in [group.people for group in formed.groups]


def test_in_a_crowd_too_the_trio_is_of_those_whose_turn_it_is() -> None:
    """All but three of 405 people have been one of three: these three are next, though everyone is dealt into rooms."""
    last = (403, 17, 204)
    others = [person for person in range(1, 406) if person not in last]
    history = [PastGroup(1, tuple(others[place : place + 3])) for place in range(0, len(others), 3)]
    history += [PastGroup(1, (person,)) for person in last]
    formed = form_groups(pool(405), history, seed=1, round_number=2)
    assert [group.people for group in formed.groups if len(group.people) > 2] == [(17, 204, 403)]


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
