"""The directory: people's names, time zones and languages, and whether they are still there, as Slack says."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Collection, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from typing import Any

from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient
from slack_sdk.web.async_slack_response import AsyncSlackResponse
from sqlalchemy.dialects.postgresql import insert
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from bot.agenda import personal
from bot.agenda.clock import Clock
from bot.records import workspaces
from bot.records.database import Database
from bot.records.tables import Person, Workspace
from bot.slack import absence
from bot.slack.absence import DoNotDisturb
from bot.slack.access import Actor, on_record
from bot.slack.clients import ClientOf
from bot.slack.refusals import word_of

logger = logging.getLogger(__name__)

ASKED_ONE_BY_ONE = 20  # Slack answers some fifty such questions a minute …
PEOPLE_A_PAGE = 900  # … and some twenty pages of less than a thousand people; a page may hold fewer than were asked for
SILENCES, LONGEST_SILENCE_SECONDS = 5, 60.0  # waited for before each page of such a list

# Called within the transaction for someone whose time zone changed, or who is back from a long absence before its end, so
# that what is planned for them moves along.
Moved = Callable[[AsyncSession, Person, datetime], Awaitable[None]]


@dataclass(frozen=True)
class SlackUser:
    """What we keep of a Slack user."""

    slack_id: str
    name: str
    first_name: str
    email: str | None
    timezone: str | None
    locale: str | None  # «sl-SI»; None: Slack was not asked
    away_until: datetime | None  # aware UTC, by their status
    deleted: bool
    is_bot: bool


def slack_user(user: dict[str, Any]) -> SlackUser:
    """Slack's user object, as far as we need it. Slack may leave out nearly all of it."""
    profile = user.get("profile") or {}
    named = (profile.get("real_name"), user.get("real_name"), profile.get("display_name"), user.get("name"))
    name = next(filter(None, map(_trimmed, named)), "there")
    return SlackUser(
        slack_id=str(user["id"]),
        name=name,
        first_name=_trimmed(profile.get("first_name")) or name.split()[0],
        email=profile.get("email"),
        timezone=user.get("tz"),
        locale=user.get("locale"),
        away_until=absence.away_by_status(profile),
        deleted=bool(user.get("deleted")),
        is_bot=bool(user.get("is_bot")) or user["id"] in ("USLACKBOT", "USLACK"),
    )


def _trimmed(said: object) -> str:
    return str(said or "").strip()


@dataclass(frozen=True)
class Directory:
    """Asks Slack about people, and keeps what it says."""

    client_of: ClientOf
    clock: Clock
    do_not_disturb: DoNotDisturb = field(default_factory=DoNotDisturb)

    async def look_up(self, workspace_id: str, who: str) -> SlackUser | None:
        """Someone of a workspace by e-mail address or Slack id; None if Slack knows nobody of that name there."""
        return await look_up(await self.client_of(workspace_id), who)

    async def look_up_many(self, workspace_id: str, names: Collection[str]) -> dict[str, SlackUser]:
        """Some people of a workspace by e-mail addresses or Slack ids, as far as Slack knows them, by these names.

        Many are looked for in the list of everyone: Slack allows few single questions a minute.
        """
        client, found = await self.client_of(workspace_id), dict[str, SlackUser]()
        if len(names) > ASKED_ONE_BY_ONE:
            found = await _in_the_list(client, names)
        if not any(one.email for one in found.values()):  # few are wanted, or the list tells no addresses
            for who in set(names) - found.keys():
                user = await look_up(client, who)
                if user is not None:
                    found[who] = user
        return found

    async def keep(self, session: AsyncSession, workspace_id: str, user: SlackUser) -> Person:
        """Write down who someone is; the same again changes nothing."""
        values: dict[str, Any] = {
            "name": user.name, "first_name": user.first_name, "email": user.email, "timezone": user.timezone,
        }  # fmt: skip
        # A look-up by address tells no locale, and none tells of do-not-disturb: what is known of them stays.
        told = {"locale": user.locale, "away_until": user.away_until}
        values |= {name: value for name, value in told.items() if value is not None}
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

    async def note_change(
        self,
        session: AsyncSession,
        workspace_id: str,
        user: SlackUser,
        moved: Moved,
        undisturbed: Mapping[str, datetime | None] | None = None,
    ) -> None:
        """Slack says that someone changed. Of people we don't know, nothing is kept.

        `undisturbed` says of those whom it names (by Slack id) until when they are not to be disturbed.
        """
        person = await on_record(session, Actor(workspace_id, user.slack_id))
        if person is None:
            return
        now = self.clock.now()
        zone = person.timezone
        was_gone = person.deactivated_at is not None or absence.is_long(person.away_until, now)
        _write_down(person, user, now)
        if undisturbed is not None and user.slack_id in undisturbed:
            person.away_until = absence.later(user.away_until, undisturbed[user.slack_id])
        else:
            person.away_until = absence.after_status(person.away_until, user.away_until, now)
        session.add(person)
        if person.timezone != zone or (was_gone and personal.reachable(person, now)):
            await moved(session, person, now)

    async def note_dnd(
        self, session: AsyncSession, workspace_id: str, slack_id: str, dnd_status: Mapping[str, Any]
    ) -> None:
        """Slack says that someone's do-not-disturb changed. Of people we don't know, nothing is kept.

        Should it end early, what waits still comes when it would have ended: nothing planned for that day is lost.
        """
        person = await on_record(session, Actor(workspace_id, slack_id))
        if person is None:
            return
        now = self.clock.now()
        person.away_until = absence.after_dnd(person.away_until, absence.undisturbed_until(dnd_status, now), now)
        session.add(person)

    async def note_page(self, database: Database, workspace_id: str, moved: Moved, cursor: str) -> str:
        """Ask Slack about some of all people, from its `cursor` on (empty: from the first), and note what changed.

        Where the others begin; empty, if these were the last. Raises SlackApiError.
        """
        client = await self.client_of(workspace_id)
        page = await client.users_list(limit=PEOPLE_A_PAGE, include_locale=True, cursor=cursor)
        users = [slack_user(user) for user in page["members"]]
        async with database.transaction() as session:
            known = await self._known(session, workspace_id, users)
        asked = [user.slack_id for user in known if not user.deleted]
        undisturbed = await self.do_not_disturb.ask(client, workspace_id, asked, self.clock.now())
        async with database.transaction() as session:
            for user in known:
                await self.note_change(session, workspace_id, user, moved, undisturbed)
        return str((page.get("response_metadata") or {}).get("next_cursor") or "")

    async def _known(self, session: AsyncSession, workspace_id: str, users: list[SlackUser]) -> list[SlackUser]:
        rows = await session.exec(
            select(Person.slack_id).where(
                Person.workspace_id == workspace_id, col(Person.slack_id).in_([user.slack_id for user in users])
            )
        )
        known = set(rows)
        return [user for user in users if user.slack_id in known]


async def _in_the_list(client: AsyncWebClient, names: Collection[str]) -> dict[str, SlackUser]:
    everyone: dict[str, SlackUser] = {}
    cursor: str | None = ""
    while cursor is not None:
        page = await _patiently(partial(client.users_list, limit=PEOPLE_A_PAGE, include_locale=True, cursor=cursor))
        for user in map(slack_user, page["members"]):
            everyone |= {name.casefold(): user for name in (user.slack_id, user.email) if name}
        cursor = (page.get("response_metadata") or {}).get("next_cursor") or None
    return {who: everyone[who.casefold()] for who in names if who.casefold() in everyone}


async def _patiently(ask: Callable[[], Awaitable[AsyncSlackResponse]]) -> AsyncSlackResponse:
    """Slack's answer; where it asks for silence, after that. A list of twenty thousand is longer than what it gives in a minute,
    and whoever began at the top again would never see its end."""
    for _ in range(SILENCES):
        try:
            return await ask()
        except SlackApiError as error:
            if error.response.status_code != 429:
                raise
            seconds = min(float(error.response.headers.get("Retry-After", 1)), LONGEST_SILENCE_SECONDS)
            logger.info(
                "Slack asks for %.0f seconds of silence; then its list goes on", seconds,
                extra={"action": "directory.rate_limited"},
            )  # fmt: skip
            await asyncio.sleep(seconds)
    return await ask()


async def look_up(client: AsyncWebClient, who: str) -> SlackUser | None:
    """Someone by e-mail address or Slack id; None if Slack knows nobody of that name."""
    try:
        if "@" in who:
            answer = await client.users_lookupByEmail(email=who)
        else:
            answer = await client.users_info(user=who, include_locale=True)
    except SlackApiError as error:
        if word_of(error) in ("users_not_found", "user_not_found", "user_not_visible"):
            return None
        raise
    return slack_user(answer["user"])


def _write_down(person: Person, user: SlackUser, now: datetime) -> None:
    person.name, person.first_name = user.name, user.first_name
    person.timezone = user.timezone or person.timezone
    person.locale = user.locale or person.locale
    person.email = user.email or person.email
    if user.deleted:
        person.deactivated_at = person.deactivated_at or now
    elif person.deactivated_at is not None:
        person.deactivated_at = person.unreachable_at = person.unreachable_reason = None


async def write_workspace(
    session: AsyncSession, workspace_id: str, now: datetime, *, bot_user_id: str, **values: Any
) -> None:
    """Write down a workspace with its `name`, its bot and, if it has one, its `enterprise_id`."""
    await workspaces.speak_as(session, workspace_id, bot_user_id)
    values |= {"bot_user_id": bot_user_id}
    await session.execute(
        insert(Workspace)
        .values(id=workspace_id, next_slot_at=now, **values)
        .on_conflict_do_update(index_elements=["id"], set_=values)
    )
