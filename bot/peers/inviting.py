"""The calendar file of a group, shared where it was brought together: there is never more than one.

What creates something in Slack may not be done twice, and a job may die anywhere. So the file's id is on record before its
bytes are sent, and whatever was there before is taken back first: the file of an earlier time, and one that nobody knows the
end of. That needs no look at what is in the group, and no scope for one. Where no file can be uploaded, the words say the time.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlmodel.ext.asyncio.session import AsyncSession

from bot.agenda.clock import Clock
from bot.curriculum.library import Library
from bot.peers.groups import introduction_of, members_of, taught_to
from bot.peers.invitation import FILE_NAME, Invitation, calendar_file
from bot.records.database import Database
from bot.records.tables import Message, PeerGroup
from bot.slack import files
from bot.slack.clients import ClientOf
from bot.slack.saying_when import names
from bot.slack.scopes import OptionalScope

LEASE_REAL_SECONDS = 60.0  # longer than the three steps take


class StillBusy(Exception):
    """Another job shares a file of this group or introduces it, or died doing so: the job is tried again."""


@dataclass(frozen=True)
class Claimed:
    """A file to share: where, what is in it, what it is called, and the one to be taken back first."""

    workspace_id: str
    channel: str
    content: bytes
    title: str
    earlier: str | None


@dataclass(frozen=True)
class Invitations:
    """The parts of it. `client` never retries: a file twice is two files."""

    library: Library
    database: Database
    clock: Clock
    client_of: ClientOf
    scope: OptionalScope  # to share files

    async def share(self, group_id: int, number: int) -> None:
        """Share the calendar file of that change of time, unless there is a later one: a job, which may be done twice. Raises
        StillBusy, and Slack's errors."""
        claimed = await self._claim(group_id, number)
        if claimed is None:
            return
        client = await self.client_of(claimed.workspace_id)
        if claimed.earlier is not None:
            await files.take_back(client, claimed.earlier)
        try:
            announced = await files.announce(client, FILE_NAME, claimed.content, title=claimed.title)
        except files.NoFiles:
            await self._write(group_id, number, busy_until=None)
            self.scope.withhold(claimed.workspace_id)
            return
        if not await self._write(group_id, number, file_id=announced.file_id):
            return
        await files.share(client, [announced], channel=claimed.channel)
        await self._write(group_id, number, is_shared=True, busy_until=None)

    async def _claim(self, group_id: int, number: int) -> Claimed | None:
        """Take this work under a lease; None if there is nothing to do (any more)."""
        now = self.clock.now()
        async with self.database.transaction() as session:
            introduced = await introduction_of(session, group_id, hold=True)
            if introduced is None:
                return None
            if introduced.channel is None and introduced.state == "sending":
                raise StillBusy
            if introduced.channel is None:
                return None
            if self.scope.is_withheld(introduced.workspace_id):
                return None
            state: dict[str, Any] = introduced.payload.get("invitation") or {}
            if state.get("number") != number or state.get("is_shared"):
                return None
            if state.get("busy_until") and datetime.fromisoformat(state["busy_until"]) > now:
                raise StillBusy
            until = now + self.clock.span(LEASE_REAL_SECONDS)
            _keep(session, introduced, {**state, "busy_until": until.isoformat()})
            return await self._file(session, introduced, number, now, state.get("file_id"))

    async def _file(
        self, session: AsyncSession, introduced: Message, number: int, now: datetime, earlier: str | None
    ) -> Claimed | None:
        group = await session.get_one(PeerGroup, introduced.group_id)
        members = await members_of(session, group.id or 0)
        if group.meets_at is None or introduced.channel is None:
            return None
        taught = taught_to(self.library.current, members)
        invitation = Invitation(
            uid=f"peers-{group.id}-{introduced.workspace_id}@playercoach",
            number=number,
            starts_at=group.meets_at,
            made_at=now,
            title=taught.wording.plain(
                "peers.calendar_title", names=names([one.first_name for one in members], taught.language)
            ),
            text=taught.wording.plain("peers.calendar_text"),
        )
        title = taught.wording.plain("peers.file_title")
        return Claimed(introduced.workspace_id, introduced.channel, calendar_file(invitation), title, earlier)

    async def _write(self, group_id: int, number: int, **what: Any) -> bool:
        """Write down how far it has come; False if there is a later time by now: then it is only no longer busy."""
        async with self.database.transaction() as session:
            introduced = await introduction_of(session, group_id, hold=True)
            if introduced is None:
                return False
            state: dict[str, Any] = introduced.payload.get("invitation") or {}
            is_latest = state.get("number") == number
            _keep(session, introduced, {**state, **(what if is_latest else {"busy_until": None})})
            return is_latest


def _keep(session: AsyncSession, introduced: Message, state: dict[str, Any]) -> None:
    introduced.payload = {**introduced.payload, "invitation": state}
    session.add(introduced)
