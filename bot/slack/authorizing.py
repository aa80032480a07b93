"""With which token a click is answered, known without a question to Slack.

Bolt's own way asks Slack who the token belongs to at the first click after each start; where Slack then fails, it answers
that click with 200 and drops it. A 200 has to mean stored.
"""

from collections.abc import Awaitable, Callable
from typing import Any

from slack_bolt.authorization import AuthorizeResult
from slack_bolt.authorization.async_authorize import AsyncAuthorize
from slack_bolt.context.ack.async_ack import AsyncAck
from slack_bolt.context.async_context import AsyncBoltContext
from slack_bolt.response import BoltResponse
from slack_sdk.errors import SlackApiError

from bot.records.workspaces import NotInstalled, TokenUnfit
from bot.slack.clients import Clients, Token, answer_in_place, in_place
from bot.slack.refusals import word_of
from bot.slack.whereabouts import is_of_org

# Whether a workspace that is not on record (its id) belongs to an organisation (its id) that installed the app.
Met = Callable[[str, str | None], Awaitable[bool]]


class NoToken(Exception):
    """Slack did not renew the token, or tell of it, just now. What was asked is not done, and Slack is told so."""


async def never_met(_: str, __: str | None) -> bool:
    """There is one workspace, and it is on record."""
    return False


class _AckThere(AsyncAck):
    """An answer that says in which workspace it stands: its modal, or, below a command, its blocks."""

    def __init__(self, workspace_id: str) -> None:
        super().__init__()  # type: ignore[no-untyped-call]  # Bolt left its types out
        self._workspace_id = workspace_id

    async def __call__(self, *args: Any, **how: Any) -> BoltResponse:
        if how.get("view"):
            how["view"] = in_place(how["view"], self._workspace_id)
        if how.get("blocks"):
            how["blocks"] = answer_in_place(how["blocks"], self._workspace_id)
        return await super().__call__(*args, **how)


class Authorize(AsyncAuthorize):
    """Finds the token of the workspace in which somebody acts. Where there is none, nothing is done."""

    def __init__(self, clients: Clients, met: Met = never_met) -> None:
        super().__init__()  # type: ignore[no-untyped-call]  # Bolt left its types out
        self._clients, self._met = clients, met

    async def __call__(
        self,
        *,
        context: AsyncBoltContext,
        enterprise_id: str | None,
        team_id: str | None,
        user_id: str | None,
        **_: Any,
    ) -> AuthorizeResult | None:
        """What Bolt's listeners then talk to Slack with; None: the app is not installed there. Raises NoToken."""
        if team_id is None or is_of_org(team_id):
            # it is about an organisation as a whole, and nobody in it is answered
            return AuthorizeResult(enterprise_id=enterprise_id, team_id=None) if enterprise_id else None
        try:
            token = await self._token_of(team_id, enterprise_id)
        except TokenUnfit as error:
            raise NoToken(str(error)) from None
        except SlackApiError as error:  # of which Bolt would make a 200
            raise NoToken(word_of(error)) from None
        if token is None:
            return None
        context["client"] = self._clients.acting(token, team_id)
        if token.is_of_org:
            context["ack"] = _AckThere(team_id)
        return AuthorizeResult(
            enterprise_id=enterprise_id,
            team_id=team_id,
            user_id=user_id,
            bot_id=token.bot_id,
            bot_user_id=token.bot_user_id,
            bot_token=token.secret,
        )

    async def _token_of(self, team_id: str, enterprise_id: str | None) -> Token | None:
        try:
            return (await self._clients.of(team_id)).token
        except NotInstalled:
            if not await self._met(team_id, enterprise_id):
                return None
            return (await self._clients.of(team_id)).token
