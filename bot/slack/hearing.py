"""Bolt listener of what Slack says about people's do-not-disturb."""

from collections.abc import Awaitable, Callable
from typing import Any

from slack_bolt.async_app import AsyncApp

from bot.slack.access import actor_of

# Gets a workspace's id, a person's id there, and Slack's `dnd_status`.
ChangedDnd = Callable[[str, str, dict[str, Any]], Awaitable[None]]


def register(app: AsyncApp, *, changed_dnd: ChangedDnd) -> None:
    """Listen to people who pause their notifications; it may be noted twice."""

    async def dnd_updated(body: dict[str, Any], event: dict[str, Any]) -> None:
        actor = actor_of(body)
        await changed_dnd(actor.workspace_id, actor.slack_id, event["dnd_status"])

    app.event("dnd_updated_user")(dnd_updated)
