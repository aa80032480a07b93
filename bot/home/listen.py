"""Bolt listeners of App Home, and of what Slack says about people."""

from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from slack_bolt.async_app import AsyncAck, AsyncApp

from bot.slack.access import Actor, actor_of
from bot.slack.asides import Asides
from bot.slack.doors import Opens, door

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
        await changed(actor_of(body).workspace_id, event["user"])

    app.event("app_home_opened")(opened)
    app.event("user_change")(user_changed)


def register_doors(app: AsyncApp, asides: Asides, doors: Mapping[str, Opens], does: Mapping[str, Any]) -> None:
    """Listen to the buttons of Home: `doors` open a modal each, `does` do something at once for whoever pressed."""
    for action_id, opens in doors.items():
        app.action(action_id)(door(opens, asides))
    for action_id, do in does.items():
        app.action(action_id)(_doing(do))


def _doing(do: Callable[[Actor], Awaitable[None]]) -> Callable[..., Awaitable[None]]:
    async def pressed(ack: AsyncAck, body: dict[str, Any]) -> None:
        await do(actor_of(body))
        await ack()

    return pressed
