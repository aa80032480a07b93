"""The opener: where nobody picked a time for a working day, whoever organises gets a line to send. Once."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from typing import Any
from uuid import UUID

from sqlmodel.ext.asyncio.session import AsyncSession

from bot.agenda.clock import Clock
from bot.attention.flow import Answer, Over, Turn, Wish
from bot.curriculum.library import Library
from bot.peers import message as look
from bot.peers.groups import introduction_of, members_of, still_there
from bot.peers.when import when_of
from bot.records import reading
from bot.records.tables import AgendaItem, Message, PeerGroup
from bot.slack.blocks import Block
from bot.slack.saying_when import names

LOOK_AGAIN = timedelta(hours=1)  # whether the group was brought together


@dataclass(frozen=True)
class Openers:
    """The parts of it."""

    library: Library
    clock: Clock

    async def offer(self, session: AsyncSession, item: AgendaItem, turn: Turn) -> Answer:
        """The opener, as long as there is no time and the group is not asked yet whether it met."""
        group = await session.get_one(PeerGroup, int(item.about["group_id"]))
        introduced = await introduction_of(session, group.id or 0)
        if introduced is None or introduced.state in ("failed", "cancelled"):
            return Over("they were not brought together")
        if group.meets_at is not None or group.met is not None:
            return Over("they have a time")
        if len(await still_there(session, group.id or 0)) < 2:
            return Over("nobody is left to meet")
        if turn.now > introduced.created_at + timedelta(days=turn.program.peers.ask_after_days):
            return Over("too late")
        if introduced.ts is None:
            return turn.now + LOOK_AGAIN
        return Wish(item.key, {"group_id": group.id}, said=partial(_remember, group.id or 0))

    async def part(self, session: AsyncSession, message: Message, about: Mapping[str, Any]) -> list[Block]:
        """Its part of a message: a line to send and the times; or the time, once there is one."""
        group = await session.get_one(PeerGroup, int(about["group_id"]))
        introduced = await introduction_of(session, group.id or 0)
        members = await members_of(session, group.id or 0)
        reader = next((one for one in members if one.id == message.person_id), None)
        if introduced is None or reader is None:
            return []
        taught = reading.taught_for(self.library.current, reader)
        others = names([one.first_name for one in members if one is not reader], taught.language)
        return look.opener(taught.wording, others, when_of(taught, group, members, introduced, self.clock.now()))


async def _remember(group_id: int, session: AsyncSession, message_id: UUID) -> None:
    """Where the opener stands: it is drawn anew when someone picks a time."""
    introduced = await introduction_of(session, group_id, hold=True)
    if introduced is not None:
        introduced.payload = {**introduced.payload, "opener": str(message_id)}
        session.add(introduced)
