"""What Slack's statuses and do-not-disturb say of who is away."""

from datetime import UTC, datetime
from typing import Any

import pytest

from bot.slack import absence

NOW = datetime(2026, 11, 24, 8, 0, tzinfo=UTC)
AT = int(NOW.timestamp())


@pytest.mark.parametrize(
    ("profile", "away"),
    [
        ({"status_emoji": ":palm_tree:", "status_expiration": AT}, True),
        ({"status_emoji": ":sneezing_face::skin-tone-3:", "status_expiration": AT}, True),
        ({"status_emoji": ":palm_tree:", "status_expiration": 0}, False),  # without an end
        ({"status_emoji": ":palm_tree:"}, False),
        ({"status_emoji": ":bus:", "status_expiration": AT}, False),  # commuting
        ({"status_emoji": None, "status_expiration": None}, False),
        ({}, False),
    ],
)
def test_which_statuses_say_away(profile: dict[str, Any], away: bool) -> None:
    """Holidays, travels and illness, with an end; nothing that Slack leaves out is an error."""
    assert absence.away_by_status(profile) == (NOW if away else None)


@pytest.mark.parametrize(
    ("status", "minutes"),
    [
        ({"dnd_enabled": True, "next_dnd_start_ts": AT, "next_dnd_end_ts": AT + 600}, 10),
        ({"dnd_enabled": True, "next_dnd_start_ts": AT - 600, "next_dnd_end_ts": AT}, None),  # just over
        ({"dnd_enabled": True, "next_dnd_start_ts": AT + 1, "next_dnd_end_ts": AT + 600}, None),  # tonight
        ({"dnd_enabled": False, "next_dnd_start_ts": AT - 60, "next_dnd_end_ts": AT + 600}, None),
        ({"dnd_enabled": True, "next_dnd_start_ts": 1, "next_dnd_end_ts": 1}, None),  # Slack's never
        ({"dnd_enabled": True, "snooze_enabled": True, "snooze_endtime": AT + 1200}, 20),
        ({"dnd_enabled": True, "next_dnd_start_ts": AT - 60, "next_dnd_end_ts": AT + 600,
          "snooze_enabled": True, "snooze_endtime": AT + 300}, 10),
        ({"snooze_enabled": True, "snooze_endtime": AT - 1}, None),
        ({}, None),
    ],
)  # fmt: skip
def test_when_do_not_disturb_ends(status: dict[str, Any], minutes: int | None) -> None:
    """At the end of the window or the snooze that now lies in, whichever is later; a night to come says nothing of now."""
    until = absence.undisturbed_until(status, NOW)
    assert (until and (until - NOW).total_seconds() / 60) == minutes
