"""Whose time has come: the ends of people's parts, read from the records."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from sqlmodel import col, or_, select
from sqlmodel.ext.asyncio.session import AsyncSession

from bot.curriculum.model import Program
from bot.privacy.rules import Ends, erased_from
from bot.records.many import among
from bot.records.tables import Enrollment, Person, Workspace
from bot.slack.staff import standing_of


async def whose_time_has_come(
    session: AsyncSession, program: Program, retention: timedelta, now: datetime
) -> list[Person]:
    """Those of whom nothing personal is kept any longer, in the order of their ids."""
    ended = await _ended(session)
    accompanied = await _accompanied(session, [person.id or 0 for person, _ in ended])
    due = []
    for person, ends in ended:
        since = erased_from(
            ends,
            retention,
            accompanied=accompanied.get(person.id or 0, ()),
            is_staff=standing_of(person, program) is not None,
        )
        if since is not None and since <= now:
            due.append(person)
    return due


async def _ended(session: AsyncSession) -> list[tuple[Person, Ends]]:
    """Everyone with an end of any kind."""
    rows = await session.execute(
        select(Person, Enrollment, Workspace.left_at)
        .join(Workspace, col(Workspace.id) == col(Person.workspace_id))
        .outerjoin(Enrollment, col(Enrollment.person_id) == col(Person.id))
        .where(
            or_(
                col(Workspace.left_at).is_not(None),
                col(Person.deactivated_at).is_not(None),
                col(Enrollment.ended_at).is_not(None),
                col(Enrollment.stopped_at).is_not(None),
            )
        )
        .order_by(col(Person.id))
    )
    return [(person, _ends(person, one, left_at)) for person, one, left_at in rows]


async def _accompanied(session: AsyncSession, person_ids: Sequence[int]) -> Mapping[int, Sequence[Ends]]:
    """The ends of those to whom each of these is mentor or buddy."""
    rows = await session.execute(
        select(Person, Enrollment)
        .join(Enrollment, col(Enrollment.person_id) == col(Person.id))
        .where(or_(among(Enrollment.mentor_id, person_ids), among(Enrollment.buddy_id, person_ids)))
    )
    found: dict[int, list[Ends]] = defaultdict(list)
    for person, one in rows:
        for by in {one.mentor_id, one.buddy_id} - {None}:
            found[by].append(_ends(person, one))
    return found


def _ends(person: Person, one: Enrollment | None, left_at: datetime | None = None) -> Ends:
    if one is None:
        return Ends(deactivated_at=person.deactivated_at, left_at=left_at)
    return Ends(one.ended_at, one.stopped_at, person.deactivated_at, one.goes_on, one.reviews_ended_at, left_at=left_at)
