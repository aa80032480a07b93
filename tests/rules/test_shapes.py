"""What looks like one of Slack's payloads: no listener has to wonder what it holds."""

from typing import Any

import pytest

from bot.slack.shapes import is_slacks

EVENTS: tuple[tuple[str, dict[str, Any], dict[str, Any]], ...] = (
    ("app_uninstalled", {}, {}),
    ("tokens_revoked", {"tokens": {"bot": ["U0BOT"]}}, {"tokens": "all"}),
    ("user_change", {"user": {"id": "U0MAYA", "profile": {"status_expiration": 0}}}, {"user": "U0MAYA"}),
    ("dnd_updated_user", {"user": "U0MAYA", "dnd_status": {"dnd_enabled": False}}, {"user": "U0MAYA"}),
    ("message", {"user": "U0MAYA"}, {"user": {"id": "U0MAYA"}}),
    ("a_kind_that_nobody_knows", {"user": {"id": "U0MAYA"}}, {"user": "\x00"}),
)


def told(kind: str, event: dict[str, Any], **more: Any) -> dict[str, Any]:
    """An event as Slack tells of it."""
    return {
        "type": "event_callback", "team_id": "T0", "event_id": "Ev1", "event_time": 1, "event": {"type": kind, **event},
    } | more  # fmt: skip


@pytest.mark.parametrize(("kind", "genuine", "spoilt"), EVENTS)
def test_each_kind_of_event_holds_what_is_read_of_it(
    kind: str, genuine: dict[str, Any], spoilt: dict[str, Any]
) -> None:
    """What is missing, or is of another kind, where a listener reads it was not Slack's."""
    assert is_slacks(told(kind, genuine))
    assert not is_slacks(told(kind, spoilt, event_time=None if kind == "app_uninstalled" else 1))


@pytest.mark.parametrize("moment", [-1, 10**30, 1.5, "1", None])
def test_a_moment_is_one(moment: object) -> None:
    """Nobody lets us go before 1970, or in a year that no calendar has."""
    assert not is_slacks(told("tokens_revoked", {}, event_time=moment))


@pytest.mark.parametrize("kind", [None, [], {}, 1])
def test_a_kind_is_a_word(kind: Any) -> None:
    """Whatever stands where an event's kind should, nothing fails of it."""
    assert not is_slacks(told(kind, {}))
