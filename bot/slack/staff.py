"""L&D staff and analysts as people: those whom the program or a command names, so that they can be written to."""

import logging
from collections.abc import Iterable
from enum import Enum

from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from bot.curriculum.model import Program
from bot.records.database import Database
from bot.records.tables import Person
from bot.slack.access import Actor, is_named, person_of
from bot.slack.directory import Directory, look_up
from bot.slack.refusals import word_of

logger = logging.getLogger(__name__)


class Standing(Enum):
    """What someone may do beyond their own part: lead the program, or read its figures."""

    STAFF = "staff"
    ANALYST = "analyst"


def standing_of(person: Person, program: Program) -> Standing | None:
    """Whether someone is staff or analyst, by the program or by a command; None: neither. Staff may all that analysts may."""
    if person.role == Standing.STAFF.value or is_named(person.slack_id, person.email, program.staff):
        return Standing.STAFF
    if person.role == Standing.ANALYST.value or is_named(person.slack_id, person.email, program.analysts):
        return Standing.ANALYST
    return None


async def staff_of(session: AsyncSession, workspace_id: str, program: Program) -> list[Person]:
    """The staff of a workspace who are on record and whose account lives, in the order of their ids."""
    readers = await readers_of(session, workspace_id, program)
    return [one for one in readers if standing_of(one, program) is Standing.STAFF]


async def readers_of(session: AsyncSession, workspace_id: str, program: Program) -> list[Person]:
    """Staff and analysts: those who read figures, as staff_of."""
    rows = await session.exec(
        select(Person)
        .where(Person.workspace_id == workspace_id, col(Person.deactivated_at).is_(None))
        .order_by(col(Person.id))
    )
    return [one for one in rows if standing_of(one, program) is not None]


async def staff_member(session: AsyncSession, actor: Actor, program: Program) -> Person | None:
    """The person behind a click, if they are staff."""
    person = await person_of(session, actor)
    return person if person is not None and standing_of(person, program) is Standing.STAFF else None


async def strangers(client: AsyncWebClient, names: Iterable[str]) -> list[str]:
    """Those of them, by e-mail address or Slack id, whom Slack does not know, or no more. Raises SlackApiError."""
    users = [(who, await look_up(client, who)) for who in names]
    return [who for who, user in users if user is None or user.deleted or user.is_bot]


async def keep_staff(directory: Directory, database: Database, workspace_id: str, program: Program) -> None:
    """Write down who the staff and analysts are that the program names and that nobody has written down yet."""
    async with database.transaction() as session:
        rows = await session.exec(select(Person).where(Person.workspace_id == workspace_id))
        known = {name.casefold() for one in rows for name in (one.slack_id, one.email) if name}
    for who in (*program.staff, *program.analysts):
        if who.casefold() in known:
            continue
        try:
            user = await directory.look_up(workspace_id, who)
        except SlackApiError as error:
            logger.warning("staff could not be looked up: %s", word_of(error), extra={"action": "staff.unknown"})
            continue
        if user is None or user.deleted or user.is_bot:
            logger.info("someone named as staff is not in Slack", extra={"action": "staff.unknown"})
            continue
        async with database.transaction() as session:
            await directory.keep(session, workspace_id, user)
