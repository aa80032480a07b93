"""Slack's word that a workspace let us go."""

from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from typing import Any

from slack_bolt.async_app import AsyncApp

# An organisation's id, a workspace's id, and when it was (aware UTC, real time).
Uninstalled = Callable[[str | None, str | None, datetime], Awaitable[None]]


def register(app: AsyncApp, *, uninstalled: Uninstalled) -> None:
    """Listen to workspaces that let us go; it may be noted twice."""

    async def gone(body: dict[str, Any]) -> None:
        await uninstalled(_org_of(body), body.get("team_id"), datetime.fromtimestamp(int(body["event_time"]), UTC))

    async def revoked(body: dict[str, Any], event: dict[str, Any]) -> None:
        if (event.get("tokens") or {}).get("bot"):  # else it is somebody's own token, and we have none of those
            await gone(body)

    app.event("app_uninstalled")(gone)
    app.event("tokens_revoked")(revoked)


def _org_of(body: dict[str, Any]) -> str | None:
    authorized = (body.get("authorizations") or [{}])[0]
    org = body.get("enterprise_id") or authorized.get("enterprise_id")
    return None if org is None else str(org)
