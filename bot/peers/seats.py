"""The groups of a round on record, as the rules know them, and changed as the rules say."""

from collections import defaultdict
from collections.abc import Iterable, Sequence

from sqlalchemy import delete
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from bot.peers.model import Group, Reason, Round
from bot.records.tables import PeerGroup, PeerLeftOut, PeerMember, PeerRound

BY_STAFF = "staff"  # why someone was left out


def start_key(round_id: int | None) -> str:
    """The key of the agenda item that starts a round."""
    return f"round_start:{round_id}"


def preview_key(round_id: int | None, person_id: int | None) -> str:
    """The key of the agenda item that shows a round to one of the staff, and of its message."""
    return f"preview:{round_id}:{person_id}"


async def hold_round(session: AsyncSession, round_id: int) -> PeerRound | None:
    """A round, held for this transaction: whoever comes second finds what the first has done."""
    rows = await session.exec(
        select(PeerRound).where(PeerRound.id == round_id).with_for_update().execution_options(populate_existing=True)
    )
    return rows.first()


async def groups_of_round(session: AsyncSession, round_id: int) -> list[Group]:
    """The groups of a round, in the order in which they were formed. Someone who was erased has left theirs."""
    return list((await _seated(session, round_id)).values())


async def left_out_of(session: AsyncSession, round_id: int) -> dict[int, str]:
    """By person, why a round has no group for them."""
    rows = await session.exec(select(PeerLeftOut).where(PeerLeftOut.round_id == round_id))
    return {one.person_id: one.reason for one in rows}


async def seat(session: AsyncSession, round_id: int, formed: Round) -> None:
    """Have these groups in the place of those before, and these people left out; what stays the same is not touched."""
    await _seat_groups(session, round_id, formed.groups)
    await session.execute(delete(PeerLeftOut).where(col(PeerLeftOut.round_id) == round_id))
    session.add_all(PeerLeftOut(round_id=round_id, person_id=person, reason=why) for person, why in formed.left_out)
    await session.flush()


async def _seat_groups(session: AsyncSession, round_id: int, groups: Sequence[Group]) -> None:
    before = await _seated(session, round_id)
    wanted = {group.people: group.reason for group in groups}
    gone = {group_id for group_id, group in before.items() if wanted.get(group.people) is not group.reason}
    await session.execute(delete(PeerMember).where(col(PeerMember.group_id).in_(gone)))
    await session.execute(delete(PeerGroup).where(col(PeerGroup.id).in_(gone)))
    kept = {group.people for group_id, group in before.items() if group_id not in gone}
    await _add(session, round_id, [group for group in groups if group.people not in kept])


async def _add(session: AsyncSession, round_id: int, groups: Iterable[Group]) -> None:
    rows = [(group, PeerGroup(round_id=round_id, reason=group.reason.value)) for group in groups]
    session.add_all(row for _, row in rows)
    await session.flush()
    session.add_all(
        PeerMember(round_id=round_id, person_id=person, group_id=row.id or 0)
        for group, row in rows
        for person in group.people
    )
    await session.flush()


async def _seated(session: AsyncSession, round_id: int) -> dict[int, Group]:
    rows = await session.execute(
        select(PeerGroup.id, PeerGroup.reason, PeerMember.person_id)
        .outerjoin(PeerMember, col(PeerMember.group_id) == col(PeerGroup.id))
        .where(PeerGroup.round_id == round_id)
        .order_by(col(PeerGroup.id), col(PeerMember.person_id))
    )
    reasons: dict[int, str] = {}
    people: dict[int, list[int]] = defaultdict(list)
    for group_id, reason, person in rows:
        reasons[group_id] = reason
        people[group_id] += [] if person is None else [person]
    return {group_id: Group(tuple(people[group_id]), Reason(reason)) for group_id, reason in reasons.items()}
