"""Bolt listeners of App Home, and of what Slack says about people."""

from collections.abc import Awaitable, Callable
from typing import Any

from slack_bolt.async_app import AsyncApp

from bot.slack.access import actor_of

Show = Callable[[str, str], Awaitable[None]]
Changed = Callable[[str, dict[str, Any]], Awaitable[None]]


def register(app: AsyncApp, *, show: Show, changed: Changed) -> None:
    """Listen to App Home being opened and to changes of people.

    `show` has someone's App Home drawn soon; `changed` notes what Slack says of a user. Both may be done twice.
    """

    async def opened(body: dict[str, Any], event: dict[str, Any]) -> None:
        if event.get("tab", "home") == "home":
            actor = actor_of(body)
            await show(actor.workspace_id, actor.slack_id)

    async def user_changed(body: dict[str, Any], event: dict[str, Any]) -> None:
        await changed(str(body["team_id"]), event["user"])

    async def message(body: dict[str, Any]) -> None:
        """What people write in the DM is not read (yet): Slack only has to hear that it arrived."""

    app.event("app_home_opened")(opened)
    app.event("user_change")(user_changed)
    app.event("message")(message)
