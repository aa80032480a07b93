"""When a mentor is as good as gone, and when talks have stalled."""

from datetime import UTC, date, datetime, timedelta

import pytest

from bot.handover.rules import Presence, Why, gone, stalled

NOW = datetime(2026, 12, 1, 12, 0, tzinfo=UTC)
BEFORE = NOW - timedelta(days=3)


@pytest.mark.parametrize(
    ("presence", "why"),
    [
        (Presence(), None),
        (Presence(deactivated_at=BEFORE), Why.CLOSED),
        (Presence(unreachable_at=BEFORE), Why.UNREACHABLE),
        (Presence(deactivated_at=BEFORE, unreachable_at=BEFORE), Why.CLOSED),
        (Presence(paused_at=BEFORE), Why.AWAY),
        (Presence(paused_at=BEFORE, paused_until=date(2026, 12, 15)), None),
        (Presence(paused_at=BEFORE, paused_until=date(2026, 12, 16)), Why.AWAY),
        (Presence(away_until=NOW + timedelta(days=14)), None),
        (Presence(away_until=NOW + timedelta(days=14, seconds=1)), Why.AWAY),
    ],
)
def test_who_is_gone(presence: Presence, why: Why | None) -> None:
    """A closed account, nobody to reach, or more than two weeks away from now; a fortnight's holiday is none of it."""
    found = gone(presence, NOW)
    assert (None if found is None else found.why) == why


@pytest.mark.parametrize(
    ("answers", "is_stalled"),
    [
        ([], False),
        (["stalls"], False),
        (["stalls", "stalls"], True),
        (["stalls", None, "stalls"], True),
        (["stalls", "helps", "stalls"], False),
        (["helps", "stalls_stay", "stalls"], True),
        (["stalls", "stalls", "could_be_more"], False),
    ],
)
def test_when_talks_have_stalled(answers: list[str | None], is_stalled: bool) -> None:
    """Twice in a row, whatever was left unanswered in between."""
    assert stalled(answers) == is_stalled
