"""Bolt listener of what Slack says about people's do-not-disturb."""

from collections.abc import Awaitable, Callable
from typing import Any

from slack_bolt.async_app import AsyncApp

# Gets a workspace's id, a person's id there, and Slack's `dnd_status`.
ChangedDnd = Callable[[str, str, dict[str, Any]], Awaitable[None]]


def register(app: AsyncApp, *, changed_dnd: ChangedDnd) -> None:
    """Listen to people who pause their notifications; it may be noted twice."""

    async def dnd_updated(body: dict[str, Any], event: dict[str, Any]) -> None:
        await changed_dnd(str(body["team_id"]), str(event["user"]), event["dnd_status"])

    app.event("dnd_updated_user")(dnd_updated)
