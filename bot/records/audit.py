"""What staff did: written down in the transaction that does it, so that neither is there without the other."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy.orm import aliased
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from bot.records.tables import Person, StaffAct


@dataclass(frozen=True)
class Doer:
    """Who acts for a workspace: one of its staff, or (None) whoever may run commands."""

    workspace_id: str
    person: Person | None = None


@dataclass(frozen=True)
class Done:
    """An act as it is read: when (aware UTC), by whom, what, about whom; names as they are now, empty for who is erased."""

    at: datetime
    by: str
    act: str
    person: str
    other: str
    about: dict[str, Any]

    @property
    def details(self) -> str:
        """What else there is to it, in a line: «cohort=Autumn, people=12»."""
        return ", ".join(f"{name}={value}" for name, value in self.about.items() if value not in (None, [], 0))


def note(
    session: AsyncSession,
    by: Doer,
    act: str,
    now: datetime,
    *,
    person_id: int | None = None,
    other_id: int | None = None,
    **about: Any,
) -> None:
    """Write down an act. `about` holds ids, names of cohorts and numbers: never what people wrote."""
    session.add(
        StaffAct(
            workspace_id=by.workspace_id, done_at=now, act=act, by_id=None if by.person is None else by.person.id,
            by_command=by.person is None, person_id=person_id, other_id=other_id, about=about,
        )
    )  # fmt: skip


async def acts_since(session: AsyncSession, workspace_id: str, since: datetime) -> Sequence[Done]:
    """What was done in a workspace since then, in the order in which it was written down."""
    by, person, other = aliased(Person), aliased(Person), aliased(Person)
    rows = await session.execute(
        select(StaffAct, by.name, person.name, other.name)
        .outerjoin(by, col(by.id) == col(StaffAct.by_id))
        .outerjoin(person, col(person.id) == col(StaffAct.person_id))
        .outerjoin(other, col(other.id) == col(StaffAct.other_id))
        .where(col(StaffAct.workspace_id) == workspace_id, col(StaffAct.done_at) >= since)
        .order_by(col(StaffAct.id))
    )
    return [
        Done(one.done_at, "a command" if one.by_command else who or "", one.act, about or "", beside or "", one.about)
        for one, who, about, beside in rows
    ]
