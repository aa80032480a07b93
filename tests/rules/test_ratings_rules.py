"""When a checkpoint has come, when both are in, what is worth a talk, and what stands on a card."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.curriculum.model import Area, Level
from bot.ratings.rules import Behaviour, both_are_in, far_apart, latest_week, next_week, on_card

WEEKS = (0, 8, 16, 26)
AREAS = ("talent", "contracting", "performance")


@pytest.mark.parametrize(
    ("passed", "latest", "coming"),
    [(-1, None, 0), (0, 0, 8), (7, 0, 8), (8, 8, 16), (15, 8, 16), (25, 16, 26), (26, 26, None), (90, 26, None)],
)
def test_which_week_has_come(passed: int, latest: int | None, coming: int | None) -> None:
    """A week counts from its first day on; who comes back after months finds only the last one that they missed."""
    assert latest_week(WEEKS, passed) == latest
    assert next_week(WEEKS, passed) == coming


def test_both_are_in_when_each_has_rated_everything() -> None:
    """One area short on either side, and it stays sealed; without a mentor one's own are enough."""
    short = AREAS[:-1]
    assert both_are_in(AREAS, AREAS, AREAS, has_mentor=True)
    assert not both_are_in(AREAS, short, AREAS, has_mentor=True)
    assert not both_are_in(AREAS, AREAS, short, has_mentor=True)
    assert both_are_in(AREAS, AREAS, (), has_mentor=False)
    assert not both_are_in(AREAS, short, (), has_mentor=False)


def test_what_is_worth_a_talk() -> None:
    """Two levels apart and more, in either direction, the furthest first; «not seen yet» is no level, nor is a gone area."""
    own = {"talent": 4, "contracting": 1, "performance": 3, "retired": 5}
    assert far_apart(AREAS, own, {"talent": 2, "contracting": 5, "performance": 2}) == ["contracting", "talent"]
    assert far_apart(AREAS, own, {"talent": None, "retired": 1}) == []


@given(st.dictionaries(st.sampled_from(AREAS), st.one_of(st.none(), st.integers(1, 5))))
def test_who_agrees_with_themselves_need_not_talk(levels: dict[str, int | None]) -> None:
    """The same levels on both sides never lead to a talk."""
    assert far_apart(AREAS, levels, levels) == []


def area(name: str) -> Area:
    """An area whose levels say which they are."""
    levels = tuple(Level(value=n, behaviour=f"{name} at {n}") for n in range(1, 6))
    return Area(id=name, title=name.title(), idea="An idea.", levels=levels)


def lesson(number: int, of: str) -> Behaviour:
    """What a lesson was about."""
    return Behaviour(f"lesson-{number}", of, f"Does {number}")


CARDS: list[tuple[str, list[Behaviour], list[str]]] = [
    ("nothing done yet: the rubrics", [], ["talent at 3", "contracting at 3", "performance at 3"]),
    (
        "one lesson, then rubrics of other areas",
        [lesson(9, "contracting")],
        ["Does 9", "talent at 3", "performance at 3"],
    ),
    (
        "the latest of each area",
        [lesson(5, "talent"), lesson(4, "talent"), lesson(3, "contracting"), lesson(2, "performance")],
        ["Does 5", "Does 3", "Does 2"],
    ),
    (
        "all of one area: the latest three",
        [lesson(number, "talent") for number in (7, 6, 5, 4)],
        ["Does 7", "Does 6", "Does 5"],
    ),
]


@pytest.mark.parametrize(("story", "done", "expected"), CARDS, ids=[story for story, *_ in CARDS])
def test_what_stands_on_a_card(story: str, done: list[Behaviour], expected: list[str]) -> None:
    """Three behaviours: what was worked through lately, of different areas where there are any."""
    assert [one.text for one in on_card(done, [area(name) for name in AREAS])] == expected, story
