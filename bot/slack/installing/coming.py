"""Workspaces come and go: what is written down when the app is installed, and when it is not any more."""

import logging
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from slack_sdk.oauth.installation_store.models.installation import Installation
from sqlmodel import col, select

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
            found = {str(installation.team_id): str(installation.team_name)}
        await self._write(found, installation.enterprise_id, installation.bot_user_id)
        for workspace_id in found:
            logger.info("installed", extra={"action": "workspace.installed", "workspace": workspace_id})

    async def met(self, workspace_id: str, enterprise_id: str | None) -> bool:
        """Somebody acts in a workspace that is not on record, or has left: whether its organisation lets us in there."""
        return workspace_id in await self.look(enterprise_id, {workspace_id})

    async def look(self, enterprise_id: str | None, asked: Collection[str]) -> Collection[str]:
        """Write down which of these workspaces an organisation lets us into now, and which not any more; the former.

        Slack is asked, since what it tells us may come late, twice or in another order. Raises its errors.
        """
        org = await self.installations.of_org(enterprise_id)
        if org is None:
            return ()
        names = await self._of_org(Token(org.bot_token, is_of_org=True))
        by_org = [one for one in asked if not await self.installations.has_own(enterprise_id, one)]
        let_in = {one: names[one] for one in by_org if one in names}
        await self._write(let_in, enterprise_id, org.bot_user_id)
        await self._leave([one for one in await self._of(enterprise_id) if one in by_org and one not in names])
        return let_in

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
        asked = [team_id] if team_id else await self._of(enterprise_id)
        await self._leave([one for one in asked if await self.installations.bot_of(enterprise_id, one) is None])
        self.clients.forget(team_id or "")

    async def _write(self, names: Mapping[str, str], enterprise_id: str | None, bot_user_id: str | None) -> None:
        now = self.clock.now()
        async with self.database.transaction() as session:
            for workspace_id, name in names.items():
                await write_workspace(
                    session, workspace_id, now, name=name, enterprise_id=enterprise_id, bot_user_id=bot_user_id or ""
                )
                await workspaces.come_back(session, workspace_id, now=now, gap=self.gap)
        self._forget(names)

    async def _of_org(self, token: Token) -> Mapping[str, str]:
        """The workspaces of an organisation that we may work in: their names by their ids."""
        client, found = self.clients.with_token(token).calm, dict[str, str]()
        cursor: str | None = None
        while True:
            answer = await client.auth_teams_list(limit=200, cursor=cursor)
            found |= {str(team["id"]): str(team["name"]) for team in answer["teams"]}
            cursor = (answer.get("response_metadata") or {}).get("next_cursor")
            if not cursor:
                return found

    async def _of(self, enterprise_id: str | None) -> Sequence[str]:
        """The workspaces of an organisation that are with us."""
        of_it = select(Workspace.id).where(
            col(Workspace.enterprise_id) == enterprise_id, col(Workspace.left_at).is_(None)
        )
        async with self.database.transaction() as session:
            return (await session.exec(of_it)).all()

    async def _leave(self, shut: Collection[str]) -> None:
        async with self.database.transaction() as session:
            left = [one for one in shut if await workspaces.leave(session, one, self.clock.now())]
        self._forget(shut)
        for workspace_id in left:
            logger.warning("uninstalled", extra={"action": "workspace.left", "workspace": workspace_id})

    def _forget(self, ids: Iterable[str]) -> None:
        for workspace_id in ids:
            self.clients.forget(workspace_id)
