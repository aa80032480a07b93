"""The tokens of workspaces, where slack_sdk keeps them, encrypted; and the single-use states of visits to the install page.

Only the bot's own token is ever kept: the app asks for nobody else's.
"""

from datetime import UTC, datetime
from typing import Any

from slack_sdk.oauth.installation_store.models.bot import Bot
from slack_sdk.oauth.installation_store.models.installation import Installation
from slack_sdk.oauth.installation_store.sqlalchemy import AsyncSQLAlchemyInstallationStore, SQLAlchemyInstallationStore
from slack_sdk.oauth.state_store.sqlalchemy import AsyncSQLAlchemyOAuthStateStore
from slack_sdk.oauth.token_rotation.async_rotator import AsyncTokenRotator
from sqlalchemy import ColumnElement, RowMapping, and_, delete, select, text, update
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from bot.slack.installing.keys import Keyring, Sealed

STATE_SECONDS = 600
# A token that ends sooner is changed for a new one.
MINUTES_BEFORE = 120

_ALL = text("SELECT id, bot_token, bot_refresh_token FROM slack_bots ORDER BY id FOR UPDATE")
_RESEAL = text("UPDATE slack_bots SET bot_token = :bot_token, bot_refresh_token = :bot_refresh_token WHERE id = :id")


class Installations(AsyncSQLAlchemyInstallationStore):
    """slack_sdk's store, with tokens sealed by a keyring."""

    def __init__(self, client_id: str, engine: AsyncEngine, keyring: Keyring) -> None:
        super().__init__(client_id, engine)
        for name in ("bot_token", "bot_refresh_token"):
            self.bots.c[name].type = Sealed(keyring)

    async def async_save(self, installation: Installation) -> None:
        """Keep what an installation gave us; the one before it, of the same workspace, is forgotten with its token."""
        if installation.is_enterprise_install:  # Slack may name a workspace all the same: it is looked for without one
            installation.team_id = None
        await self.async_delete_bot(enterprise_id=installation.enterprise_id, team_id=installation.team_id)
        await self.async_save_bot(installation.to_bot())

    async def bot_of(self, enterprise_id: str | None, team_id: str) -> Bot | None:
        """A workspace's own installation, or else that of its organisation."""
        own = await self.async_find_bot(enterprise_id=enterprise_id, team_id=team_id)
        return own if own is not None else await self.of_org(enterprise_id)

    async def of_org(self, enterprise_id: str | None) -> Bot | None:
        """What an organisation as a whole installed."""
        if enterprise_id is None:
            return None
        return await self.async_find_bot(enterprise_id=enterprise_id, team_id=None, is_enterprise_install=True)

    async def has_own(self, enterprise_id: str | None, team_id: str) -> bool:
        """Whether a workspace installed the app by itself."""
        return await self.async_find_bot(enterprise_id=enterprise_id, team_id=team_id) is not None

    async def renewed(self, bot: Bot, rotator: AsyncTokenRotator) -> Bot:
        """The bot with a token that does not end soon. Of two processes one asks Slack, and the other takes what it got.

        Raises SlackTokenRotationError, and aiohttp's errors.
        """
        if not ends_soon(bot):
            return bot
        async with self.engine.begin() as connection:
            held = await self._hold(connection, bot)
            if held is None:
                return bot
            latest = SQLAlchemyInstallationStore.build_bot_entity(held)
            new = await rotator.perform_bot_token_rotation(bot=latest, minutes_before_expiration=MINUTES_BEFORE)
            if new is None:
                return latest
            await connection.execute(update(self.bots).where(self.bots.c.id == held["id"]).values(**_token(new)))
            return new

    async def _hold(self, connection: AsyncConnection, bot: Bot) -> RowMapping | None:
        """Its row, held until the end of the transaction."""
        rows = await connection.execute(
            select(self.bots).where(self._is(bot)).order_by(self.bots.c.installed_at.desc()).limit(1).with_for_update()
        )
        return rows.mappings().first()

    def _is(self, bot: Bot) -> ColumnElement[bool]:
        c = self.bots.c
        return and_(
            c.client_id == self.client_id, c.enterprise_id == bot.enterprise_id, c.team_id == bot.team_id
        )  # fmt: skip


class States(AsyncSQLAlchemyOAuthStateStore):
    """slack_sdk's store of states, in which the first of two who bring the same one wins."""

    def __init__(self, engine: AsyncEngine) -> None:
        super().__init__(STATE_SECONDS, engine)

    async def async_consume(self, state: str) -> bool:
        """Whether it was given out here, is not too old, and was not used before."""
        c, now = self.oauth_states.c, datetime.now(UTC).replace(tzinfo=None)
        async with self.engine.begin() as connection:
            used = await connection.execute(delete(self.oauth_states).where(c.state == state, c.expire_at > now))
            await connection.execute(delete(self.oauth_states).where(c.expire_at <= now))
        return used.rowcount == 1


async def seal_anew(engine: AsyncEngine, keyring: Keyring) -> int:
    """Put every token under the first key; how many workspaces they were. KeysUnfit changes nothing."""
    async with engine.begin() as connection:
        rows = (await connection.execute(_ALL)).mappings().all()
        for row in rows:
            sealed = {name: row[name] and keyring.seal_anew(row[name]) for name in ("bot_token", "bot_refresh_token")}
            await connection.execute(_RESEAL, {"id": row["id"], **sealed})
    return len(rows)


def ends_soon(bot: Bot) -> bool:
    """Whether its token should be changed for a new one."""
    ends = bot.bot_token_expires_at
    return ends is not None and ends - datetime.now(UTC).timestamp() < MINUTES_BEFORE * 60


def _token(bot: Bot) -> dict[str, Any]:
    ends = None
    if bot.bot_token_expires_at is not None:
        ends = datetime.fromtimestamp(bot.bot_token_expires_at, UTC).replace(tzinfo=None)
    return {
        "bot_token": bot.bot_token, "bot_refresh_token": bot.bot_refresh_token, "bot_token_expires_at": ends,
    }  # fmt: skip
