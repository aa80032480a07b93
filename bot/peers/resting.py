"""Those without a group: who rests after some silent rounds, and who was left out of one. Both are told; a click ends a rest."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import func, update
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from bot.agenda import book, personal
from bot.attention.flow import Answer, Over, Turn, Wish
from bot.curriculum.library import Library
from bot.curriculum.model import Program
from bot.delivery.outbox import Outbox
from bot.peers import resting_message as look
from bot.peers.health import Sitting, heard_from
from bot.peers.pool import Pool, next_start, pool_named
from bot.peers.rest import rests
from bot.records import reading
from bot.records.database import Database
from bot.records.reading import Way
from bot.records.tables import AgendaItem, Message, PeerMember, PeerRound
from bot.slack.access import Actor, person_of
from bot.slack.blocks import Block
from bot.slack.saying_when import moment


@dataclass(frozen=True)
class Restings:
    """The parts of it."""

    library: Library
    database: Database
    outbox: Outbox

    async def offer_resting(self, session: AsyncSession, item: AgendaItem, turn: Turn) -> Answer:  # noqa: ARG002 — as every offer
        """«You rest»; not to someone who is back already."""
        if not _still_rests(turn.way, item.about):
            return Over("back already")
        return Wish(item.key, item.about)

    async def offer_no_group(self, session: AsyncSession, item: AgendaItem, turn: Turn) -> Answer:  # noqa: ARG002
        """«No group this round», with the next date; not once that has come."""
        if turn.now >= datetime.fromisoformat(item.about["next_at"]):
            return Over("the next round has come")
        return Wish(item.key, item.about)

    async def resting(self, session: AsyncSession, message: Message, about: Mapping[str, Any]) -> list[Block]:
        """Its part of a message: with the button, as long as they rest; then when the next round starts."""
        way = await reading.this_way(session, int(about["enrollment_id"]))
        taught = reading.taught_for(self.library.current, way.manager)
        program = taught.curriculum.program
        if _still_rests(way, about):
            return look.resting(taught.wording, program.peers.rest_after_rounds, message.id)
        pool = await pool_named(session, program, way.cohort.workspace_id, program.peers.pool_of(way.cohort.name))
        at = await next_start(session, program, pool)
        return look.back(taught.wording, moment(at, personal.zone_of(program, way.manager), taught.language))

    async def no_group(self, session: AsyncSession, message: Message, about: Mapping[str, Any]) -> list[Block]:  # noqa: ARG002
        """Its part of a message."""
        way = await reading.this_way(session, int(about["enrollment_id"]))
        taught = reading.taught_for(self.library.current, way.manager)
        zone = personal.zone_of(taught.curriculum.program, way.manager)
        return look.no_group(taught.wording, moment(datetime.fromisoformat(about["next_at"]), zone, taught.language))

    async def come_back(self, actor: Actor, message_id: UUID, now: datetime) -> None:
        """End someone's own rest, from the next round on; again, or without a rest, it changes nothing."""
        async with self.database.transaction() as session:
            person = await person_of(session, actor)
            way = None if person is None else await reading.way_of_person(session, person.id or 0)
            if way is None or way.enrollment.rests_since is None:
                return
            way.enrollment.rests_since = None
            session.add(way.enrollment)
            await _heard_now(session, way, now)
            message = await session.get(Message, message_id)
            if message is not None and message.person_id == way.manager.id:
                await self.outbox.refresh(session, message_id)


async def let_rest(
    session: AsyncSession, program: Program, pool: Pool, history: Sequence[Sitting], now: datetime
) -> None:
    """Those rest from now on from whom nothing was heard in their last rounds; each is told, once."""
    heard = heard_from(history)
    for way in pool.taking_part(program, now):
        if rests(heard.get(way.manager.id or 0, ()), program.peers.rest_after_rounds):
            way.enrollment.rests_since = now
            session.add(way.enrollment)
            await book.put(
                session,
                key=f"resting:{way.enrollment.id}:{now:%Y-%m-%d}",
                kind="resting",
                workspace_id=pool.workspace_id,
                person_id=way.manager.id,
                about={"enrollment_id": way.enrollment.id, "since": now.isoformat()},
                due_at=now,
            )


def _still_rests(way: Way, about: Mapping[str, Any]) -> bool:
    return way.enrollment.rests_since == datetime.fromisoformat(about["since"])


async def _heard_now(session: AsyncSession, way: Way, now: datetime) -> None:
    """Their last round is not silent any more: else the next look at it would have them rest again."""
    last = (
        select(func.max(PeerMember.round_id))
        .join(PeerRound, col(PeerRound.id) == col(PeerMember.round_id))
        .where(PeerMember.person_id == way.manager.id, col(PeerRound.started_at).is_not(None))
        .scalar_subquery()
    )
    await session.execute(
        update(PeerMember)
        .where(
            col(PeerMember.person_id) == way.manager.id,
            col(PeerMember.round_id) == last,
            col(PeerMember.heard_at).is_(None),
        )
        .values(heard_at=now)
    )
