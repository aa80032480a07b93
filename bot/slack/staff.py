"""L&D staff as people: those whom the program names, so that they can be written to."""

import logging

from slack_sdk.errors import SlackApiError
from sqlmodel import select
from sqlmodel.ext.asyncio.session import AsyncSession

from bot.curriculum.model import Program
from bot.records.database import Database
from bot.records.tables import Person
from bot.slack.access import Actor, is_staff, person_of
from bot.slack.directory import Directory

logger = logging.getLogger(__name__)


async def staff_of(session: AsyncSession, workspace_id: str, program: Program) -> list[Person]:
    """The staff of a workspace who are on record and whose account lives, in the order of their ids."""
    rows = await session.exec(select(Person).where(Person.workspace_id == workspace_id))
    living = [one for one in rows if one.deactivated_at is None and is_staff(one.slack_id, one.email, program.staff)]
    return sorted(living, key=lambda one: one.id or 0)


async def staff_member(session: AsyncSession, actor: Actor, program: Program) -> Person | None:
    """The person behind a click, if they are staff."""
    person = await person_of(session, actor)
    return person if person is not None and is_staff(person.slack_id, person.email, program.staff) else None


async def keep_staff(directory: Directory, database: Database, workspace_id: str, program: Program) -> None:
    """Write down who the staff are that the program names and that nobody has written down yet."""
    async with database.transaction() as session:
        rows = await session.exec(select(Person).where(Person.workspace_id == workspace_id))
        known = {name.casefold() for one in rows for name in (one.slack_id, one.email) if name}
    for who in program.staff:
        if who.casefold() in known:
            continue
        try:
            user = await directory.look_up(workspace_id, who)
        except SlackApiError as error:
            logger.warning(
                "staff could not be looked up: %s", error.response["error"], extra={"action": "staff.unknown"}
            )
            continue
        if user is None or user.deleted or user.is_bot:
            logger.info("someone named as staff is not in Slack", extra={"action": "staff.unknown"})
            continue
        async with database.transaction() as session:
            await directory.keep(session, workspace_id, user)
