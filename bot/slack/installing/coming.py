"""Workspaces come and go: what is written down when the app is installed, and when it is not any more."""

import logging
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from slack_sdk.oauth.installation_store.models.installation import Installation
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from bot.agenda.clock import Clock
from bot.records import workspaces
from bot.records.database import Database
from bot.records.tables import Workspace
from bot.slack.clients import Clients, Token
from bot.slack.directory import write_workspace
from bot.slack.installing.store import Installations

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class Coming:
    """The parts of it. `gap` is the time (of the program) between two messages in a workspace."""

    clock: Clock
    database: Database
    installations: Installations
    clients: Clients
    gap: timedelta

    async def installed(self, installation: Installation) -> None:
        """A workspace, or an organisation, lets us in; one that had us before goes on where it was."""
        await self.installations.async_save(installation)
        if installation.is_enterprise_install:
            found = await self._of_org(Token(installation.bot_token or "", is_of_org=True))
        else:
            found = [(str(installation.team_id), str(installation.team_name))]
        async with self.database.transaction() as session:
            for workspace_id, name in found:
                await self._write(session, workspace_id, name, installation.enterprise_id, installation.bot_user_id)
        for workspace_id, _ in found:
            self.clients.forget(workspace_id)
            logger.info("installed", extra={"action": "workspace.installed", "workspace": workspace_id})

    async def met(self, workspace_id: str, enterprise_id: str | None) -> bool:
        """Somebody acts in a workspace that is not on record: whether its organisation lets us in there."""
        org = await self.installations.async_find_bot(
            enterprise_id=enterprise_id, team_id=None, is_enterprise_install=True
        )
        if enterprise_id is None or org is None:
            return False
        async with self.database.transaction() as session:
            if await session.get(Workspace, workspace_id) is not None:
                return False  # it is known, and has left
        names = dict(await self._of_org(Token(org.bot_token, is_of_org=True)))
        if workspace_id not in names:
            return False
        async with self.database.transaction() as session:
            await self._write(session, workspace_id, names[workspace_id], enterprise_id, org.bot_user_id)
        return True

    async def uninstalled(self, enterprise_id: str | None, team_id: str | None, at: datetime) -> None:
        """A workspace (without one: an organisation) let us go at that moment (aware UTC, real time).

        Slack may tell it late and again: an installation after that moment stays.
        """
        if team_id is not None:
            async with self.database.transaction() as session:
                workspace = await session.get(Workspace, team_id)
            enterprise_id = workspace.enterprise_id if workspace is not None else enterprise_id
        bot = await self.installations.async_find_bot(
            enterprise_id=enterprise_id, team_id=team_id, is_enterprise_install=team_id is None
        )
        if bot is not None and int(bot.installed_at) > at.timestamp():  # Slack tells whole seconds
            return
        await self.installations.async_delete_bot(enterprise_id=enterprise_id, team_id=team_id)
        async with self.database.transaction() as session:
            left = await self._without_token(session, enterprise_id, team_id)
            for workspace_id in left:
                await workspaces.leave(session, workspace_id, self.clock.now())
        self.clients.forget(team_id or "")
        for workspace_id in left:
            self.clients.forget(workspace_id)
            logger.warning("uninstalled", extra={"action": "workspace.left", "workspace": workspace_id})

    async def _write(
        self, session: AsyncSession, workspace_id: str, name: str, enterprise_id: str | None, bot_user_id: str | None
    ) -> None:
        now = self.clock.now()
        await write_workspace(
            session, workspace_id, now, name=name, enterprise_id=enterprise_id, bot_user_id=bot_user_id or ""
        )
        await workspaces.come_back(session, workspace_id, now=now, gap=self.gap)

    async def _of_org(self, token: Token) -> Sequence[tuple[str, str]]:
        """The workspaces of an organisation that we may work in, with their names."""
        client, found = self.clients.with_token(token).calm, list[tuple[str, str]]()
        cursor: str | None = None
        while True:
            answer = await client.auth_teams_list(limit=200, cursor=cursor)
            found += [(str(team["id"]), str(team["name"])) for team in answer["teams"]]
            cursor = (answer.get("response_metadata") or {}).get("next_cursor")
            if not cursor:
                return found

    async def _without_token(
        self, session: AsyncSession, enterprise_id: str | None, team_id: str | None
    ) -> Sequence[str]:
        """Of the workspace, or of all of the organisation, those that nothing opens any more."""
        asked = col(Workspace.id) == team_id if team_id else col(Workspace.enterprise_id) == enterprise_id
        rows = await session.exec(select(Workspace).where(asked, col(Workspace.left_at).is_(None)))
        return [one.id for one in rows if await self.installations.bot_of(one.enterprise_id, one.id) is None]
