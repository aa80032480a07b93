"""When what is personal goes by itself, as a table."""

from datetime import UTC, datetime, timedelta

import pytest

from bot.privacy.rules import Ends, erased_from

MONTH = timedelta(days=30)
THEN = datetime(2026, 11, 24, tzinfo=UTC)
LATER = THEN + timedelta(days=10)

ENDS: list[tuple[Ends, datetime | None]] = [
    (Ends(), None),
    (Ends(ended_at=THEN), THEN),
    (Ends(stopped_at=THEN), THEN),
    (Ends(ended_at=THEN, stopped_at=LATER), LATER),
    (Ends(ended_at=THEN, reviews_ended_at=LATER), LATER),
    (Ends(ended_at=THEN, goes_on=True, reviews_ended_at=LATER), None),  # they go on once more
    (Ends(ended_at=THEN, goes_on=True), None),
    (Ends(ended_at=THEN, goes_on=True, stopped_at=LATER), LATER),
    (Ends(ended_at=THEN, goes_on=True, deactivated_at=LATER), LATER),
    (Ends(ended_at=LATER, deactivated_at=THEN), THEN),
    (Ends(left_at=THEN), THEN),
]


@pytest.mark.parametrize(("ends", "since"), ENDS)
def test_it_goes_so_long_after_the_end(ends: Ends, since: datetime | None) -> None:
    """While reviews go on, no end counts but that of the reviews: they stopped, or staff took them out."""
    assert erased_from(ends, MONTH) == (None if since is None else since + MONTH)


ACCOMPANIED: list[tuple[Ends, tuple[Ends, ...], bool, datetime | None]] = [
    (Ends(ended_at=THEN), (Ends(),), False, None),
    (Ends(ended_at=THEN), (Ends(ended_at=THEN), Ends()), False, None),
    (Ends(ended_at=THEN), (Ends(ended_at=LATER, goes_on=True),), False, None),
    (Ends(ended_at=THEN), (Ends(ended_at=LATER), Ends(stopped_at=THEN)), False, LATER),
    (Ends(ended_at=THEN), (Ends(deactivated_at=LATER),), False, LATER),
    (Ends(ended_at=LATER), (Ends(ended_at=THEN),), False, LATER),
    (Ends(), (Ends(ended_at=THEN),), False, None),
    (Ends(ended_at=THEN), (), True, None),
    (Ends(ended_at=THEN, deactivated_at=LATER), (Ends(),), True, LATER),
    (Ends(left_at=THEN), (Ends(),), True, THEN),
]


@pytest.mark.parametrize(("ends", "accompanied", "is_staff", "since"), ACCOMPANIED)
def test_who_has_a_part_in_others_ways_stays(
    ends: Ends, accompanied: tuple[Ends, ...], is_staff: bool, since: datetime | None
) -> None:
    """The last end counts, their own or of those whom they accompany; a closed account or workspace that left counts at once."""
    erased = erased_from(ends, MONTH, accompanied=accompanied, is_staff=is_staff)
    assert erased == (None if since is None else since + MONTH)
