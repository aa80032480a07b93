"""Bolt's side of it: who may act, and Slack's word that a workspace let us go."""

from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from typing import Any

from slack_bolt.async_app import AsyncApp
from slack_bolt.authorization import AuthorizeResult
from slack_bolt.authorization.async_authorize import AsyncAuthorize

from bot.records.workspaces import NotInstalled
from bot.slack.clients import Clients

# Whether a workspace that is not on record (its id) belongs to an organisation (its id) that installed the app.
Met = Callable[[str, str | None], Awaitable[bool]]
# An organisation's id, a workspace's id, and when it was (aware UTC, real time).
Uninstalled = Callable[[str | None, str | None, datetime], Awaitable[None]]


class Authorize(AsyncAuthorize):
    """Finds the token of the workspace in which somebody acts. Where there is none, nothing is done."""

    def __init__(self, clients: Clients, met: Met) -> None:
        super().__init__()  # type: ignore[no-untyped-call]  # Bolt left its types out
        self._clients, self._met = clients, met

    async def __call__(
        self, *, enterprise_id: str | None, team_id: str | None, user_id: str | None, **_: Any
    ) -> AuthorizeResult | None:
        """What Bolt's listeners then talk to Slack with; None: the app is not installed there."""
        if team_id is None:
            return None
        try:
            token = (await self._clients.of(team_id)).token
        except NotInstalled:
            if not await self._met(team_id, enterprise_id):
                return None
            token = (await self._clients.of(team_id)).token
        return AuthorizeResult(
            enterprise_id=enterprise_id,
            team_id=team_id,
            user_id=user_id,
            bot_id=token.bot_id,
            bot_user_id=token.bot_user_id,
            bot_token=token.secret,
        )


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
