"""The directory: people's names, time zones and whether they are still there, as Slack says."""

import logging
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient
from sqlalchemy import update
from sqlalchemy.dialects.postgresql import insert
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from bot.agenda.clock import Clock
from bot.records.database import Database
from bot.records.tables import Person, Workspace

logger = logging.getLogger(__name__)

# Called within the transaction for someone whose time zone changed, so that what is planned for them moves along.
Moved = Callable[[AsyncSession, Person, datetime], Awaitable[None]]


@dataclass(frozen=True)
class SlackUser:
    """What we keep of a Slack user."""

    slack_id: str
    name: str
    first_name: str
    email: str | None
    timezone: str | None
    deleted: bool
    is_bot: bool


def slack_user(user: dict[str, Any]) -> SlackUser:
    """Slack's user object, as far as we need it. Slack may leave out nearly all of it."""
    profile = user.get("profile") or {}
    name = (
        profile.get("real_name") or user.get("real_name") or profile.get("display_name") or user.get("name") or "there"
    )
    return SlackUser(
        slack_id=str(user["id"]),
        name=str(name),
        first_name=str(profile.get("first_name") or str(name).split()[0]),
        email=profile.get("email"),
        timezone=user.get("tz"),
        deleted=bool(user.get("deleted")),
        is_bot=bool(user.get("is_bot")) or user["id"] in ("USLACKBOT", "USLACK"),
    )


@dataclass(frozen=True)
class Directory:
    """Asks Slack about people, and keeps what it says."""

    client: AsyncWebClient
    clock: Clock

    async def look_up(self, who: str) -> SlackUser | None:
        """Someone by e-mail address or Slack id; None if Slack knows nobody of that name."""
        try:
            if "@" in who:
                answer = await self.client.users_lookupByEmail(email=who)
            else:
                answer = await self.client.users_info(user=who)
        except SlackApiError as error:
            if error.response["error"] in ("users_not_found", "user_not_found", "user_not_visible"):
                return None
            raise
        return slack_user(answer["user"])

    async def keep(self, session: AsyncSession, workspace_id: str, user: SlackUser) -> Person:
        """Write down who someone is; the same again changes nothing."""
        values = {"name": user.name, "first_name": user.first_name, "email": user.email, "timezone": user.timezone}
        # Naming someone anew is also how staff say that a person who could not be reached can be.
        back = {"deactivated_at": None, "unreachable_at": None, "unreachable_reason": None}
        await session.execute(
            insert(Person)
            .values(workspace_id=workspace_id, slack_id=user.slack_id, **values)
            .on_conflict_do_update(index_elements=["workspace_id", "slack_id"], set_={**values, **back})
        )
        rows = await session.exec(
            select(Person)
            .where(Person.workspace_id == workspace_id, Person.slack_id == user.slack_id)
            .execution_options(populate_existing=True)
        )
        return rows.one()

    async def note_change(self, session: AsyncSession, workspace_id: str, user: SlackUser, moved: Moved) -> None:
        """Slack says that someone changed. Of people we don't know, nothing is kept."""
        rows = await session.exec(
            select(Person).where(Person.workspace_id == workspace_id, Person.slack_id == user.slack_id)
        )
        person = rows.first()
        if person is None:
            return
        now, old_zone = self.clock.now(), person.timezone
        person.name, person.first_name = user.name, user.first_name
        person.timezone = user.timezone or person.timezone
        person.email = user.email or person.email
        if user.deleted:
            person.deactivated_at = person.deactivated_at or now
        elif person.deactivated_at is not None:
            person.deactivated_at = person.unreachable_at = person.unreachable_reason = None
        session.add(person)
        if person.timezone != old_zone:
            await moved(session, person, now)

    async def sync(self, database: Database, workspace_id: str, moved: Moved) -> int:
        """Ask Slack about everyone, and note what changed; how many people Slack told of."""
        seen = 0
        async for page in await self.client.users_list(limit=200):
            users = [slack_user(user) for user in page["members"]]
            seen += len(users)
            async with database.transaction() as session:
                for user in await self._known(session, workspace_id, users):
                    await self.note_change(session, workspace_id, user, moved)
        return seen

    async def _known(self, session: AsyncSession, workspace_id: str, users: list[SlackUser]) -> list[SlackUser]:
        rows = await session.exec(
            select(Person.slack_id).where(
                Person.workspace_id == workspace_id, col(Person.slack_id).in_([user.slack_id for user in users])
            )
        )
        known = set(rows)
        return [user for user in users if user.slack_id in known]


async def keep_workspace(session: AsyncSession, client: AsyncWebClient, now: datetime) -> str:
    """Write down which workspace the token belongs to; its id."""
    me = await client.auth_test()
    values = {"name": me["team"], "bot_user_id": me["user_id"]}
    await session.execute(
        insert(Workspace)
        .values(id=me["team_id"], next_slot_at=now, **values)
        .on_conflict_do_update(index_elements=["id"], set_=values)
    )
    # After a rehearsal the pace may stand in a future that has not come; it starts again from now.
    await session.execute(
        update(Workspace)
        .where(col(Workspace.id) == me["team_id"], col(Workspace.next_slot_at) < now)
        .values(next_slot_at=now)
    )
    return str(me["team_id"])
