"""When to welcome, to remind and to be silent; and what is left of a baseline."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.onboarding.rules import Greeting, Word, areas_left, may_rate, what_to_say

START = datetime(2026, 11, 24, 8, tzinfo=UTC)
WEEK = timedelta(days=7)
AREAS = ("tracking", "talent", "performance", "contracting", "planning")

GREETINGS: list[tuple[Greeting, datetime, object]] = [
    (Greeting(START), START - WEEK, START),
    (Greeting(START), START, Word.WELCOME),
    (Greeting(START), START + WEEK, Word.WELCOME),
    (Greeting(START, begun=True), START, None),
    (Greeting(START, remind_at=START + WEEK), START, START + WEEK),
    (Greeting(START, remind_at=START + WEEK), START + WEEK, Word.REMINDER),
    (Greeting(START, remind_at=START + WEEK, reminded=True), START + WEEK, None),
    (Greeting(START, begun=True, remind_at=START + WEEK), START + WEEK, None),
]


@pytest.mark.parametrize(("greeting", "now", "said"), GREETINGS)
def test_one_welcome_one_reminder_and_no_third_word(greeting: Greeting, now: datetime, said: object) -> None:
    """Not before the start, once again after a week, and never to someone who has begun."""
    assert what_to_say(greeting, now) == said


@given(st.sets(st.sampled_from(AREAS)))
def test_a_baseline_can_be_changed_until_it_is_in(rated: set[str]) -> None:
    """What is left comes in the program's order; once nothing is, every level stands."""
    left = areas_left(AREAS, rated)
    assert left == [area for area in AREAS if area not in rated]
    assert all(may_rate(area, AREAS, rated) for area in AREAS) is bool(left)
    assert not may_rate("an-area-of-last-year", AREAS, rated)
