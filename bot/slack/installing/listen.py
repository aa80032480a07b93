"""Slack's word that a workspace let us go, or that an organisation opens others of its workspaces to us."""

from collections.abc import Awaitable, Callable, Collection
from datetime import UTC, datetime
from typing import Any

from slack_bolt.async_app import AsyncApp

from bot.slack.whereabouts import named

# An organisation's id, a workspace's id, and when it was (aware UTC, real time).
Uninstalled = Callable[[str | None, str | None, datetime], Awaitable[None]]
# An organisation's id, and the ids of those of its workspaces that are to be looked at.
Look = Callable[[str | None, Collection[str]], Awaitable[Any]]


def register(app: AsyncApp, *, uninstalled: Uninstalled, look: Look) -> None:
    """Listen to workspaces that let us go or in; it may be noted twice."""

    async def gone(body: dict[str, Any]) -> None:
        await uninstalled(_org_of(body), named(body), datetime.fromtimestamp(int(body["event_time"]), UTC))

    async def revoked(body: dict[str, Any], event: dict[str, Any]) -> None:
        if (event.get("tokens") or {}).get("bot"):  # else it is somebody's own token, and we have none of those
            await gone(body)

    # Slack is asked before this returns: if that fails, Slack is not told «ok» and tells us again.
    async def moved(body: dict[str, Any], event: dict[str, Any]) -> None:
        await look(_org_of(body), {str(one) for one in event.get("team_ids") or ()})

    app.event("team_access_granted")(moved)
    app.event("team_access_revoked")(moved)
    app.event("app_uninstalled")(gone)
    app.event("tokens_revoked")(revoked)


def _org_of(body: dict[str, Any]) -> str | None:
    authorized = (body.get("authorizations") or [{}])[0]
    org = body.get("enterprise_id") or authorized.get("enterprise_id")
    return None if org is None else str(org)
