"""A round before it starts: shown to staff, who may change it or let it go. Silence means go."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from bot.agenda import personal
from bot.agenda.clock import Clock
from bot.curriculum.library import Library
from bot.curriculum.model import Program
from bot.delivery.outbox import Outbox
from bot.peers import preview_message as look
from bot.peers.checkup import checkup
from bot.peers.model import Group
from bot.peers.pool import Pool, pool_of_round
from bot.peers.seats import groups_of_round, left_out_of, preview_key
from bot.records import reading
from bot.records.tables import AgendaItem, Message, PeerRound, Person
from bot.slack.blocks import Drawn
from bot.slack.saying_when import moment
from bot.slack.staff import staff_of


@dataclass(frozen=True)
class Previews:
    """The parts of showing it."""

    library: Library
    outbox: Outbox
    clock: Clock

    async def plan(self, session: AsyncSession, item: AgendaItem, now: datetime) -> datetime | None:
        """Show a round to one of the staff in their working time, if that comes before it starts and they are there."""
        one = await session.get(PeerRound, int(item.about["round_id"]))
        person = await session.get(Person, item.person_id)
        if one is None or person is None or one.started_at is not None:
            return None
        free = personal.free_from(self.library.current.curriculum.program, person, now)
        if free != now:
            return free if free is not None and free < one.starts_at else None
        await self.outbox.say(
            session, key=item.key, kind="preview", workspace_id=item.workspace_id, person_id=person.id,
            payload={"round_id": one.id},
        )  # fmt: skip
        return None

    async def draw(self, session: AsyncSession, message: Message) -> Drawn:
        """The round as it stands now."""
        one = await session.get_one(PeerRound, int(message.payload["round_id"]))
        reader = await session.get_one(Person, message.person_id)
        taught = reading.taught_for(self.library.current, reader)
        zone = personal.zone_of(taught.curriculum.program, reader)
        shown = await self._shown(session, one)
        return look.preview(
            taught.wording, replace(shown, when=moment(one.started_at or one.starts_at, zone, taught.language))
        )

    async def _shown(self, session: AsyncSession, one: PeerRound) -> look.Preview:
        program = self.library.current.curriculum.program
        pool = await pool_of_round(session, program, one)
        groups = [group for group in await groups_of_round(session, one.id or 0) if group.people]
        names = await _names(session, [person for group in groups[: look.MOST_GROUPS] for person in group.people])
        left_out = await left_out_of(session, one.id or 0)
        names |= await _names(session, list(left_out))
        by = None if one.started_by is None else await session.get(Person, one.started_by)
        health, has_new_pairs = await checkup(session, program, pool, min(one.starts_at, self.clock.now()))
        return look.Preview(
            round_id=one.id or 0,
            pool=one.pool,
            when="",
            started=one.started_at is not None,
            started_by=None if by is None else by.name,
            groups=[_described(group, names) for group in groups[: look.MOST_GROUPS]],
            more=max(0, len(groups) - look.MOST_GROUPS),
            can_swap=len(groups) > 1,
            left_out=[(names[person], why) for person, why in left_out.items() if person in names],
            absent=_absent(pool, program, one, {*left_out, *(person for group in groups for person in group.people)}),
            health=health,
            has_new_pairs=has_new_pairs,
        )


async def redraw_previews(session: AsyncSession, outbox: Outbox, program: Program, one: PeerRound) -> None:
    """All of the staff see what has become of a round."""
    keys = [preview_key(one.id, person.id) for person in await staff_of(session, one.workspace_id, program)]
    said = await session.exec(select(Message.id).where(col(Message.key).in_(keys)))
    for message_id in said:
        await outbox.refresh(session, message_id)


async def _names(session: AsyncSession, people: Sequence[int]) -> dict[int, str]:
    rows = await session.exec(select(Person).where(col(Person.id).in_(people)))
    return {one.id or 0: one.name for one in rows}


def _described(group: Group, names: dict[int, str]) -> tuple[list[str], str]:
    return sorted(names[person] for person in group.people), group.reason.value


def _absent(pool: Pool, program: Program, one: PeerRound, told: Collection[int]) -> list[str]:
    """Who is on their way and takes no part, but for those of whom more is told. Whether they rest is not for staff to read."""
    here = {way.manager.id for way in pool.taking_part(program, one.started_at or one.starts_at)}
    return sorted(way.manager.name for way in pool.on_their_way() if way.manager.id not in here.union(told))
