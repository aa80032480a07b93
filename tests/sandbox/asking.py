"""What the stand-in's tests share: blocks to post, and what Slack refused."""

from collections.abc import Awaitable
from datetime import UTC, datetime
from typing import Any

import pytest
from slack_sdk.errors import SlackApiError

Json = dict[str, Any]
NOW = datetime(2026, 11, 24, 8, 0, tzinfo=UTC)


def plain(text: str) -> Json:
    """A plain_text object."""
    return {"type": "plain_text", "text": text}


def options(*values: str) -> list[Json]:
    """Options whose values are their texts."""
    return [{"text": plain(value), "value": value} for value in values]


def section(text: str = "hello", **more: Any) -> Json:
    """A section of mrkdwn."""
    return {"type": "section", "text": {"type": "mrkdwn", "text": text}, **more}


def actions(*elements: Json, **more: Any) -> Json:
    """A row of things to press."""
    return {"type": "actions", "elements": list(elements), **more}


def button(action_id: str, value: str = "1", **more: Any) -> Json:
    """A button."""
    return {"type": "button", "action_id": action_id, "text": plain("Press"), "value": value, **more}


def modal(*blocks: Json, **more: Any) -> Json:
    """A modal, by default with one thing to write."""
    write = {"type": "plain_text_input", "action_id": "words"}
    asked = {"type": "input", "block_id": "note", "label": plain("What happened?"), "element": write}
    shown = list(blocks) or [asked]
    return {
        "type": "modal",
        "callback_id": "note",
        "title": plain("Note"),
        "submit": plain("Save"),
        "blocks": shown,
        **more,
    }


HOME = {"type": "home", "blocks": [section("Hello at home")]}


async def refusal(call: Awaitable[Any]) -> Json:
    """What Slack answered to a call that it refused."""
    with pytest.raises(SlackApiError) as caught:
        await call
    answer: Json = caught.value.response.data
    return answer


async def error(call: Awaitable[Any]) -> str:
    """Slack's word for why it refused."""
    return str((await refusal(call))["error"])
