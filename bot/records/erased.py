"""Who was erased, kept so that nobody can read who they were: a user group does not enrol them again, naming them does."""

from collections.abc import Collection
from hashlib import blake2b
from secrets import token_hex

from sqlalchemy import delete
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from bot.records.tables import Cohort, Erased, Person

SALT_BYTES = 16


async def remember(session: AsyncSession, person: Person) -> None:
    """Keep that someone was erased. A look at a user group that has begun is waited for: it would take them in again."""
    followed = select(Cohort.id).where(Cohort.workspace_id == person.workspace_id, col(Cohort.user_group).is_not(None))
    await session.exec(followed.order_by(col(Cohort.id)).with_for_update(read=True))
    salt = token_hex(SALT_BYTES)
    session.add(Erased(workspace_id=person.workspace_id, salt=salt, mark=_mark(salt, person.slack_id)))
    await session.flush()


async def erased_among(session: AsyncSession, workspace_id: str, slack_ids: Collection[str]) -> set[str]:
    """Those of these who were erased, and whom nobody has named since."""
    rows = await session.exec(select(Erased).where(Erased.workspace_id == workspace_id))
    return {slack_id for one in rows for slack_id in slack_ids if _mark(one.salt, slack_id) == one.mark}


async def forget(session: AsyncSession, person: Person) -> None:
    """Someone was named: they are like anybody again."""
    rows = await session.exec(select(Erased).where(Erased.workspace_id == person.workspace_id))
    marks = [one.mark for one in rows if _mark(one.salt, person.slack_id) == one.mark]
    await session.execute(
        delete(Erased).where(col(Erased.workspace_id) == person.workspace_id, col(Erased.mark).in_(marks))
    )


def _mark(salt: str, slack_id: str) -> str:
    return blake2b(slack_id.encode(), key=salt.encode(), digest_size=16).hexdigest()
