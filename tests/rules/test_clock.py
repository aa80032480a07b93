"""The program's clock."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from bot.agenda.clock import Clock, wall

START = datetime(2026, 11, 24, 6, 0, tzinfo=UTC)
SLOWLY = 1e-6  # so that the time which the test itself takes does not show
A_MOMENT = timedelta(milliseconds=1)


def test_processes_that_are_told_the_same_have_one_time() -> None:
    """It is the start, and what has passed since it was, at the clock's speed, however late the clock is made."""
    early, late = wall() - timedelta(hours=10), wall() - timedelta(hours=1)
    for since, passed in ((early, timedelta(hours=10)), (late, timedelta(hours=1))):
        assert abs(Clock(start=START, speed=SLOWLY, since=since).now() - START - passed * SLOWLY) < A_MOMENT


def test_a_clock_that_is_told_no_beginning_begins_at_its_start() -> None:
    """What is rehearsed in one process starts when the process does."""
    assert Clock(start=START, speed=SLOWLY).now() - START < A_MOMENT


@pytest.mark.parametrize("name", ["start", "since"])
def test_a_moment_without_an_offset_is_none(name: str) -> None:
    """Nobody knows which moment it is: it is refused."""
    naive: dict[str, Any] = {"start": START, name: START.replace(tzinfo=None)}
    with pytest.raises(ValueError, match="offset"):
        Clock(**naive)
