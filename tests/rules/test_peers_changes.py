"""What becomes of an announced round when someone leaves, comes or changes places; who organises; who rests."""

import pytest

from bot.peers.rest import rests
from bot.peers.rules import (
    Candidate,
    Group,
    PastGroup,
    Reason,
    Refusal,
    Round,
    Unmet,
    form_groups,
    organiser_of,
    repair,
    swap,
)
from tests.rules.pools import people_of, pool

NEW = Reason.NEW


def announced(*groups: tuple[int, ...]) -> list[Group]:
    return [Group(group, Reason.TRIO if len(group) > 2 else NEW) for group in groups]


def mended(groups: list[Group], gone: set[int], newcomers: set[int], history: list[PastGroup] | None = None) -> Round:
    return repair(groups, gone, newcomers, pool(20), history or [], seed=1, round_number=5)


def groups_in(formed: Round) -> list[tuple[int, ...]]:
    return [group.people for group in formed.groups]


def test_a_round_in_which_nothing_changed_stays_as_it_is() -> None:
    """Nobody left and nobody came: the same groups, with their reasons."""
    formed = form_groups(pool(13), [], seed=1, round_number=1)
    assert repair(formed.groups, (), (), pool(13), [], seed=1, round_number=1) == formed


def test_who_comes_takes_the_place_of_who_left() -> None:
    """One leaves and one comes: only their group changes."""
    assert groups_in(mended(announced((1, 2), (3, 4), (5, 6)), {2}, {7})) == [(1, 7), (3, 4), (5, 6)]


def test_who_is_alone_joins_one_other_group() -> None:
    """One leaves a pair: the other joins another pair, and all others stay as announced."""
    for seed in range(10):
        formed = repair(announced((1, 2), (3, 4), (5, 6)), {2}, (), pool(6), [], seed=seed, round_number=1)
        assert groups_in(formed) in ([(1, 3, 4), (5, 6)], [(1, 5, 6), (3, 4)])


def test_a_trio_that_loses_one_stays_a_pair() -> None:
    """One of three leaves: the other two meet, and nobody else is troubled."""
    assert groups_in(mended(announced((1, 2, 3), (4, 5), (6, 7)), {3}, set())) == [(1, 2), (4, 5), (6, 7)]


def test_a_trio_gives_one_to_who_is_alone() -> None:
    """One leaves a pair while there is a trio: one of the three joins who is alone."""
    formed = mended(announced((1, 2, 3), (4, 5), (6, 7)), {4}, set())
    assert (6, 7) in groups_in(formed)
    assert sorted(map(len, groups_in(formed))) == [2, 2, 2]


def test_a_trio_stays_while_two_pairs_fall_apart() -> None:
    """One leaves each of two pairs: the other two meet, and the trio stays as announced."""
    formed = mended(announced((1, 2, 3), (4, 5), (6, 7), (8, 9)), {4, 6}, set())
    assert groups_in(formed) == [(1, 2, 3), (5, 7), (8, 9)]


def test_the_promises_come_before_what_was_announced() -> None:
    """Who is alone and who comes have met already: another pair is opened, so that nobody meets again."""
    formed = mended(announced((1, 2), (3, 4)), {2}, {5}, [PastGroup(1, (1, 5))])
    assert groups_in(formed) in ([(1, 3), (4, 5)], [(1, 4), (3, 5)])
    assert not formed.unmet


def test_what_staff_have_swapped_stays_so() -> None:
    """Two who have met, and a trio whose turn it is not, were put together by staff: a change elsewhere leaves them alone."""
    history = [PastGroup(1, group) for group in ((1, 3), (4, 5, 6), (7,), (9,))]
    formed = mended(announced((1, 3), (4, 5, 6), (7, 8), (9, 10)), {8, 10}, set(), history)
    assert groups_in(formed) == [(1, 3), (4, 5, 6), (7, 9)]
    assert Unmet.AGAIN in [what for what, _ in formed.unmet]


def test_a_pair_that_may_no_longer_meet_is_parted() -> None:
    """One blocks the other between preview and start: they meet others."""
    people = [Candidate(1, blocked=frozenset({2})), *pool(4)[1:]]
    formed = repair(announced((1, 2), (3, 4)), (), (), people, [], seed=1, round_number=1)
    assert groups_in(formed) in ([(1, 3), (2, 4)], [(1, 4), (2, 3)])


def test_who_was_left_out_by_staff_stays_so_and_who_is_unknown_is_gone() -> None:
    """A candidate in no group is not pulled in; someone in a group who is no candidate any more is out."""
    formed = repair(announced((1, 2), (3, 4), (5, 6)), (), (), pool(5), [], seed=1, round_number=1)
    assert people_of(formed.groups) == [1, 2, 3, 4, 5]
    assert groups_in(repair(announced((1, 2)), (), (), pool(3), [], seed=1, round_number=1)) == [(1, 2)]


def test_when_all_others_leave_one_is_left_out() -> None:
    """A pool of two of whom one leaves has no group; when both do, there is nothing at all."""
    assert mended(announced((1, 2)), {2}, set()).unmet == ((Unmet.LEFT_OUT, (1,)),)
    assert mended(announced((1, 2)), {1, 2}, set()) == Round(())


def test_in_a_crowd_few_groups_are_opened() -> None:
    """One of a thousand leaves: at most three groups are other than announced."""
    people = pool(1000)
    groups = form_groups(people, [], seed=1, round_number=1).groups
    formed = repair(groups, {groups[0].people[0]}, (), people, [], seed=2, round_number=1)
    assert len(people_of(formed.groups)) == 999
    assert len(set(groups_in(formed)) - {group.people for group in groups}) <= 3


def test_two_change_places_and_the_reasons_with_them() -> None:
    """A swap puts each in the other's group; who has met is told again, and all other groups stay."""
    people = [*pool(5), Candidate(6, region="south"), Candidate(7, region="north")]
    swapped = swap(announced((1, 2), (3, 4, 5), (6, 7)), 2, 3, people, [PastGroup(1, (1, 3))])
    assert swapped == (
        Group((1, 3), Reason.LONGEST_AGO, ((1, 3),)), Group((2, 4, 5), Reason.TRIO), Group((6, 7), NEW)
    )  # fmt: skip


def test_a_swap_that_may_not_be_has_one_reason_for_mentors_teams_hours_and_blocks() -> None:
    """Whether it is a block or a team nobody can tell from the answer; the same group and strangers have their own."""
    groups = announced((1, 2), (3, 4))
    apart = (
        Candidate(3, blocked=frozenset({1})), Candidate(3, mentors=frozenset({1})), Candidate(3, team="red"),
        Candidate(3, hours=frozenset({0})),
    )  # fmt: skip
    for third in apart:
        people = [Candidate(1, team="red", hours=frozenset(range(8))), Candidate(2), third, Candidate(4)]
        assert swap(groups, 2, 3, people) is Refusal.MAY_NOT_MEET
    assert swap(groups, 1, 2, pool(4)) is Refusal.SAME_GROUP
    assert swap(groups, 1, 9, pool(9)) is Refusal.NOT_HERE


@pytest.mark.parametrize(
    ("past", "organiser"),
    [
        ([1], 2),  # who never did
        ([1, 2, 1, 3], 2),  # who did so least often, and longest ago
        ([3, 2, 1], 3),
        ([2, 2, 3, 1], 3),
        ([9, 9, 3, 1], 2),
    ],
)
def test_the_organiser_is_who_was_that_least_often_then_longest_ago(past: list[int], organiser: int) -> None:
    """Naming the time goes round in a group, whatever others have done."""
    assert organiser_of((1, 2, 3) if past != [1] else (1, 2), past) == organiser


def test_chance_names_the_first_organiser() -> None:
    """Of people who never did it, the seed decides, and not the order in which they are named."""
    assert {organiser_of((1, 2, 3), [], seed) for seed in range(20)} == {1, 2, 3}
    assert all(organiser_of((1, 2, 3), [], seed) == organiser_of((3, 1, 2), [], seed) for seed in range(20))


@pytest.mark.parametrize(
    ("heard", "rest"),
    [
        ([], False),
        ([False, False], False),
        ([False, False, False], True),
        ([True, False, False, False], True),
        ([False, False, True, False, False], False),
        ([False, False, False, True], False),
    ],
)
def test_who_was_silent_in_three_rounds_rests(heard: list[bool], rest: bool) -> None:
    """Only the last three rounds count, and one word in them is enough."""
    assert rests(heard, 3) is rest


def test_nobody_rests_after_no_round() -> None:
    """Zero rounds make no sense, and are said to."""
    with pytest.raises(ValueError, match="no round"):
        rests([], 0)
