"""When the small questions come, what they are about, and how their numbers are told."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.pulses.rules import areas_to_ask, first_letting_go, first_pulse, next_turn, trend

BEGUN = datetime(2026, 11, 24, 8, 0, tzinfo=UTC)
AREAS = ["tracking", "talent", "performance", "contracting", "planning"]


def after(**span: float) -> datetime:
    """So long after the beginning."""
    return BEGUN + timedelta(**span)


TURNS = [
    (None, 2, after(weeks=2)),  # never asked
    (after(weeks=2, days=3), 2, after(weeks=4)),  # asked on the Friday of its week
    (after(weeks=3, days=1), 2, after(weeks=6)),  # asked more than a week late: the next turn is too near
    (after(weeks=9, days=3), 2, after(weeks=12)),  # back after a long pause
    (after(weeks=1, days=3), 1, after(weeks=2)),
]


@pytest.mark.parametrize(("asked_at", "every", "turn"), TURNS)
def test_turns_keep_to_the_weeks_of_the_program(asked_at: datetime | None, every: int, turn: datetime) -> None:
    """What was late once does not stay late, and does not come twice in a row."""
    assert next_turn(BEGUN, asked_at, first_week=2 if every == 2 else 1, every_weeks=every) == turn


@given(late=st.lists(st.integers(0, 40), min_size=1, max_size=20), every=st.integers(1, 8))
def test_it_is_never_asked_more_often_than_it_was_said(late: list[int], every: int) -> None:
    """However late each was asked, there are never more than one in so many weeks, and hardly less than that between two."""
    asked: datetime | None = None
    for days in late:
        turn = next_turn(BEGUN, asked, first_week=first_pulse(every), every_weeks=every)
        assert asked is None or turn > asked + timedelta(weeks=every - 1)
        asked = turn + timedelta(days=days)
    assert asked is not None
    assert len(late) <= (asked - BEGUN) / timedelta(weeks=every)


@given(every=st.integers(2, 8))
def test_the_two_kinds_take_turns(every: int) -> None:
    """In a week with one of them there is none of the other, as long as both come equally often."""
    pulse, letting_go = first_pulse(every), first_letting_go(every)
    assert pulse % every != letting_go % every


ASKED = [
    ({}, {}, ["tracking", "talent"]),
    ({"planning": after(days=1)}, {}, ["planning", "tracking"]),
    ({"tracking": after(days=1), "planning": after(days=3)}, {"tracking": after(days=2)}, ["planning", "talent"]),
    (
        {"tracking": after(days=1), "talent": after(days=3)},
        {area: after(days=10 + place) for place, area in enumerate(AREAS)},
        ["tracking", "talent"],
    ),
    (
        {"planning": after(days=30)},
        {area: after(days=20 - place) for place, area in enumerate(AREAS)},
        ["planning", "contracting"],
    ),
]


@pytest.mark.parametrize(("lessons", "pulses", "asked"), ASKED)
def test_what_a_pulse_is_about(lessons: dict[str, datetime], pulses: dict[str, datetime], asked: list[str]) -> None:
    """Areas with something new first; then those that were asked the longest ago, in the program's order."""
    assert areas_to_ask(AREAS, lessons, pulses) == asked


@given(days=st.dictionaries(st.sampled_from(AREAS), st.integers(0, 200)), st_lessons=st.data())
def test_a_pulse_is_small_and_forgets_no_area(days: dict[str, int], st_lessons: st.DataObject) -> None:
    """Two areas at most; without new lessons each area comes up once in three pulses."""
    lessons = st_lessons.draw(st.dictionaries(st.sampled_from(AREAS), st.integers(0, 200)))
    first = areas_to_ask(AREAS, _moments(lessons), _moments(days))
    assert len(first) == len(set(first)) == 2
    pulses, seen = _moments(days), set[str]()
    for number in range(3):
        asked = areas_to_ask(AREAS, {}, pulses)
        seen |= set(asked)
        pulses |= dict.fromkeys(asked, after(days=300 + number))
    assert seen == set(AREAS)


def _moments(days: dict[str, int]) -> dict[str, datetime]:
    return {area: after(days=day) for area, day in days.items()}


@pytest.mark.parametrize(
    ("values", "told"),
    [
        ([], ""),
        ([4], "4"),
        ([4, 2, 1], "4 → 2 → 1"),
        ([1, 5], "1 → 5+"),
        ([0, 1, 2, 3, 4, 5, 0], "1 → 2 → 3 → 4 → 5+ → 0"),
    ],
)
def test_a_trend_is_its_numbers(values: list[int], told: str) -> None:
    """Oldest first, the last six; five means «or more»."""
    assert trend(values) == told
