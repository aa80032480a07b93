"""Cohorts by their names, and who is in them."""

from collections.abc import Sequence

from sqlalchemy.dialects.postgresql import insert
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from bot.records import reading
from bot.records.reading import Way
from bot.records.tables import Cohort, Enrollment


class NoSuchCohort(Exception):
    """No cohort of the workspace has that name, or none that is not closed; the message lists those that there are."""


async def cohort_named(session: AsyncSession, workspace_id: str, name: str, *, hold: bool = False) -> Cohort:
    """The cohort of that name, held until the commit if wanted. Raises NoSuchCohort."""
    wanted = select(Cohort).where(Cohort.workspace_id == workspace_id, Cohort.name == name)
    found = (await session.exec(wanted.with_for_update() if hold else wanted)).first()
    if found is None:
        names = sorted(await session.exec(select(Cohort.name).where(Cohort.workspace_id == workspace_id)))
        raise NoSuchCohort(f"there is no cohort «{name}»; there are: {', '.join(names) or 'none yet'}")
    return found


async def cohort_of(session: AsyncSession, workspace_id: str, cohort_id: int) -> Cohort | None:
    """A cohort of the workspace by its id."""
    wanted = select(Cohort).where(Cohort.workspace_id == workspace_id, Cohort.id == cohort_id)
    return (await session.exec(wanted)).first()


async def keep_cohort(session: AsyncSession, workspace_id: str, name: str) -> Cohort:
    """The cohort of that name, which is there from now on."""
    await session.execute(
        insert(Cohort)
        .values(workspace_id=workspace_id, name=name)
        .on_conflict_do_nothing(index_elements=["workspace_id", "name"])
    )
    return await cohort_named(session, workspace_id, name)


async def cohorts_of(session: AsyncSession, workspace_id: str) -> Sequence[Cohort]:
    """All cohorts of a workspace, by name."""
    return (
        await session.exec(select(Cohort).where(Cohort.workspace_id == workspace_id).order_by(col(Cohort.name)))
    ).all()


async def members(session: AsyncSession, cohort: Cohort) -> list[Way]:
    """The ways of all who are in a cohort, also of those who have stopped or left."""
    ids = await session.exec(select(Enrollment.id).where(Enrollment.cohort_id == cohort.id))
    return await reading.ways_where(session, [one for one in ids if one is not None])
