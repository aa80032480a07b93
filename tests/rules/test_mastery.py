"""What counts as mastery: stories of one area, and that each answer moves it the right way."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.records.mastery import Answered, Evidence, Rated, Tried, gap, moved, standing

START = datetime(2026, 9, 1, 7, 0, tzinfo=UTC)


def day(number: int) -> datetime:
    """So many days after the start."""
    return START + timedelta(days=number)


def right(number: int, confidence: str = "sure", level: int = 2, *, later: bool = False) -> Answered:
    """A right answer on that day."""
    return Answered(level, True, confidence, day(number), later)


def wrong(number: int, confidence: str = "sure", level: int = 2) -> Answered:
    """A wrong one."""
    return Answered(level, False, confidence, day(number))


def test_a_rating_of_oneself_never_counts_alone() -> None:
    """Who puts themselves at the top begins in the middle, like everyone; the mentor's word is what lifts them."""
    alone = standing(Evidence(ratings=[Rated("self", 5, day(0))]))
    seen = standing(Evidence(ratings=[Rated("self", 5, day(0)), Rated("mentor", 5, day(1))]))
    assert alone.mastery < 3
    assert seen.mastery == 5
    assert (alone.self_level, seen.self_level, seen.mentor_level) == (5, 5, 5)


@pytest.mark.parametrize(("own", "mentor", "talk"), [(4, 2, True), (2, 4, True), (3, 2, False), (3, None, False)])
def test_what_is_worth_a_talk(own: int, mentor: int | None, talk: bool) -> None:
    """Two levels apart, in either direction; «not seen yet» is no level."""
    ratings = [Rated("self", own, day(0)), Rated("mentor", mentor, day(1))]
    assert standing(Evidence(ratings=ratings)).to_talk_about is talk


def test_levels_of_different_weeks_are_no_difference() -> None:
    """Both said 2 at first; eight weeks later the manager says 4, and the mentor nothing yet, then 4: they agree throughout."""
    start = [Rated("self", 2, day(0)), Rated("mentor", 2, day(1), by_id=7)]
    later = Rated("self", 4, day(56), week=8)
    assert not standing(Evidence(ratings=[*start, later])).to_talk_about
    assert not standing(Evidence(ratings=[*start, later, Rated("mentor", 4, day(57), week=8)])).to_talk_about
    apart = standing(Evidence(ratings=[*start, later, Rated("mentor", 2, day(57), week=8, by_id=9)]))
    assert (apart.to_talk_about, apart.talk_with) == (True, 9)


def test_the_mentor_starts_it_anew() -> None:
    """What was answered before the mentor looked is in what the mentor saw; what comes after moves on from there."""
    answers = [right(1), right(2), right(3)]
    before = standing(Evidence(ratings=[Rated("mentor", 2, day(10))], answers=answers))
    after = standing(Evidence(ratings=[Rated("mentor", 2, day(10))], answers=[*answers, right(11)]))
    assert before.mastery == 2
    assert after.mastery > 2


def test_a_good_half_year_leads_to_the_target() -> None:
    """Seven lessons and as many reviews, all right and sure, from a modest start: level four and more."""
    answers = [right(7 * n) for n in range(7)] + [right(60 + 7 * n, later=True) for n in range(7)]
    one = standing(Evidence(ratings=[Rated("self", 2, day(0))], answers=answers))
    assert gap(one, 4) == 0


def test_knowing_it_later_counts_more() -> None:
    """The same right answer says more in a review."""
    assert moved(2, right(1, later=True)) > moved(2, right(1))


MOVES = st.one_of(
    st.builds(
        Answered, st.integers(1, 3), st.booleans(), st.sampled_from(["sure", "think_so", "guess"]), st.just(START),
        st.booleans(),
    ),
    st.builds(Tried, st.sampled_from(["yes", "partly", "not_yet"]), st.just(START)),
)  # fmt: skip


@given(level=st.floats(1, 5), move=MOVES)
def test_each_answer_moves_it_the_right_way(level: float, move: Answered | Tried) -> None:
    """Right never lowers, wrong never lifts, «not yet» changes nothing, and nothing leads beyond 1 and 5."""
    after = moved(level, move)
    assert 1 <= after <= 5
    if isinstance(move, Tried):
        assert after >= level
    else:
        assert after >= level if move.correct else after <= level


@given(level=st.floats(1.1, 4.9))
def test_confidence_matters(level: float) -> None:
    """Sure and right lifts most, sure and wrong lowers most."""
    up = [moved(level, right(1, how)) for how in ("guess", "think_so", "sure")]
    down = [moved(level, wrong(1, how)) for how in ("guess", "think_so", "sure")]
    assert up == sorted(up)
    assert down == sorted(down, reverse=True)


@given(st.integers(1, 5))
def test_no_rating_of_oneself_leads_past_the_middle(level: int) -> None:
    """Whatever someone says of themselves alone, there is something left to learn where the target is the middle or more."""
    alone = standing(Evidence(ratings=[Rated("self", level, day(0))]))
    assert 1 <= alone.mastery <= min(level, 3)
    assert gap(alone, 3) > 0


def test_the_two_ratings_are_never_averaged() -> None:
    """Where a mentor has rated, what one says of oneself changes nothing about the level."""
    seen = [standing(Evidence(ratings=[Rated("self", n, day(0)), Rated("mentor", 2, day(1))])) for n in range(1, 6)]
    assert {one.mastery for one in seen} == {2.0}
    assert [one.self_level for one in seen] == [1, 2, 3, 4, 5]


STEADY: list[tuple[str, list[Answered], bool, bool]] = [
    ("nothing answered yet", [], False, False),
    ("one right answer may be luck", [right(1)], False, False),
    ("two that are right and sure", [right(1), right(2)], True, False),
    ("right, but not so sure", [right(1), right(2, "think_so")], False, False),
    ("an old mistake, since mended", [wrong(1), right(2), right(3, later=True)], True, False),
    ("a mistake just now", [right(1), right(2), wrong(3)], False, True),
    ("a guess just now", [right(1), right(2, "guess")], False, True),
]


@pytest.mark.parametrize(("story", "answers", "steady", "unsure"), STEADY, ids=[story for story, *_ in STEADY])
def test_how_they_answered_last(story: str, answers: list[Answered], steady: bool, unsure: bool) -> None:
    """Two right and sure in a row are steady, a mistake or a guess just now is unsure, and nobody is both."""
    one = standing(Evidence(answers=answers))
    assert (one.steady, one.unsure) == (steady, unsure), story


@st.composite
def histories(draw: st.DrawFn) -> list[Answered]:
    """Up to twelve answers, a few days apart."""
    how = draw(
        st.lists(st.tuples(st.booleans(), st.sampled_from(CONFIDENCE), st.integers(1, 3), st.booleans()), max_size=12)
    )
    return [Answered(level, ok, sure, day(3 * n), later) for n, (ok, sure, level, later) in enumerate(how, 1)]


CONFIDENCE = ["guess", "think_so", "sure"]
RATINGS = st.lists(
    st.builds(Rated, st.sampled_from(["self", "mentor"]), st.sampled_from([None, 1, 2, 3, 4, 5]), st.just(START)),
    max_size=3,
)


@given(ratings=RATINGS, answers=histories(), which=st.integers(0, 11))
def test_one_answer_more_right_is_never_worse(ratings: list[Rated], answers: list[Answered], which: int) -> None:
    """Through any whole history: had one wrong answer of it been right, they would stand no lower; and always within 1 to 5."""
    told = standing(Evidence(ratings, answers))
    better = [replace(one, correct=True) if place == which else one for place, one in enumerate(answers)]
    assert 1 <= told.mastery <= 5
    assert standing(Evidence(ratings, better)).mastery >= told.mastery
    assert standing(Evidence(ratings, answers)) == told
