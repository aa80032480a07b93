"""A modal that was sent: what was picked and typed in its fields, and what is said where that can't be taken."""

from collections.abc import Awaitable
from datetime import date, time
from typing import Any

from slack_bolt.async_app import AsyncAck

from bot.slack.blocks import Block
from bot.slack.codec import Forged, read
from bot.slack.payloads import state_of, typed


class Unfit(Exception):
    """A field that can't be taken as it is; `sentence` says why, in the language of whoever filled it in."""

    def __init__(self, field: str, sentence: str) -> None:
        super().__init__(field)
        self.field, self.sentence = field, sentence


async def take(ack: AsyncAck, taking: Awaitable[Block | None]) -> None:
    """Show what comes of it in the modal's place, or close it; of a field that can't be taken, say why below it."""
    try:
        view = await taking
    except Unfit as unfit:
        await ack(response_action="errors", errors={unfit.field: unfit.sentence})
    else:
        await (ack() if view is None else ack(response_action="update", view=view))


def field_of(view: dict[str, Any], block_id: str) -> dict[str, Any]:
    """What is in a field, as Slack has it; empty for one that is not in the modal."""
    values = (view.get("state") or {}).get("values") or {}
    elements: dict[str, dict[str, Any]] = values.get(block_id) or {}
    return next(iter(elements.values()), {})


def typed_in(view: dict[str, Any], block_id: str) -> str:
    """What someone typed in a field; empty for one that is not in the modal."""
    return typed(field_of(view, block_id).get("value"))


def day_in(view: dict[str, Any], block_id: str) -> date | None:
    """The day that was picked in a field; None for none. Forged for what is no day."""
    picked = field_of(view, block_id).get("selected_date")
    try:
        return None if picked is None else date.fromisoformat(str(picked))
    except ValueError:
        raise Forged("no day") from None


def time_in(view: dict[str, Any], block_id: str) -> time | None:
    """The time of day that was picked in a field; None for none. Forged for what is none."""
    picked = field_of(view, block_id).get("selected_time")
    try:
        return None if picked is None else time.fromisoformat(str(picked)).replace(tzinfo=None)
    except ValueError:
        raise Forged("no time") from None


def option_in(view: dict[str, Any], block_id: str) -> str:
    """The option that was picked in a menu; empty for none."""
    return str((field_of(view, block_id).get("selected_option") or {}).get("value") or "")


def person_in(view: dict[str, Any], block_id: str) -> str:
    """The Slack id of the person who was picked in a menu; empty for none."""
    return str(field_of(view, block_id).get("selected_user") or "")


def people_in(view: dict[str, Any], block_id: str) -> list[str]:
    """The Slack ids of those who were picked in a menu."""
    return [str(one) for one in field_of(view, block_id).get("selected_users") or ()]


def picked_or_meant(view: dict[str, Any], block_id: str, action_id: str) -> str:
    """The id that was picked in a modal; where there was no choice, the one that the modal was about. Forged if there is neither.

    A modal stays open while the only choice there was becomes another one.
    """
    picked = state_of(view, block_id, action_id)
    return picked[0] if picked else read(view.get("private_metadata"), 1)[0]
