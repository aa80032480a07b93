"""Which token opens which workspace."""

import logging
from dataclasses import dataclass, field

import aiohttp
from slack_sdk.errors import SlackTokenRotationError
from slack_sdk.oauth.installation_store.models.bot import Bot
from slack_sdk.oauth.token_rotation.async_rotator import AsyncTokenRotator

from bot.agenda.clock import wall
from bot.records.database import Database
from bot.records.tables import Workspace
from bot.records.workspaces import KeyLost, NotInstalled, TokenUnfit
from bot.slack.clients import Token
from bot.slack.installing.keys import KeysUnfit
from bot.slack.installing.store import Installations

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class StoredTokens:
    """The tokens that workspaces, or whole organisations, gave us when they installed the app."""

    database: Database
    installations: Installations
    rotator: AsyncTokenRotator = field(repr=False)

    async def token_of(self, workspace_id: str) -> Token:
        """A token that does not end soon. Raises NotInstalled or TokenUnfit."""
        async with self.database.transaction() as session:
            workspace = await session.get(Workspace, workspace_id)
        if workspace is None or workspace.left_at is not None:
            raise NotInstalled(workspace_id)
        try:
            bot = await self.installations.bot_of(workspace.enterprise_id, workspace_id)
        except KeysUnfit as error:
            logger.error("%s", error, extra={"action": "token.sealed", "workspace": workspace_id})
            raise KeyLost(str(error)) from None
        if bot is None:
            raise NotInstalled(workspace_id)
        bot = await self._renewed(workspace_id, bot)
        return Token(bot.bot_token, bot.is_enterprise_install, bot.bot_id, bot.bot_user_id)

    async def _renewed(self, workspace_id: str, bot: Bot) -> Bot:
        """With a new token where it ends soon; as long as Slack gives none, the old one until its end. Raises TokenUnfit."""
        try:
            return await self.installations.renewed(bot, self.rotator)
        except (SlackTokenRotationError, aiohttp.ClientError, TimeoutError) as error:
            logger.warning(
                "a token could not be renewed (%s)", type(error).__name__,
                extra={"action": "token.not_renewed", "workspace": workspace_id},
            )  # fmt: skip
            if (bot.bot_token_expires_at or 0) <= wall().timestamp():
                raise TokenUnfit(
                    f"Slack did not renew the token of the workspace {workspace_id}, which has ended"
                ) from None
            return bot
