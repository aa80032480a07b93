"""Says what was decided, for many people at once: the messages, the days that they take, and what follows."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlmodel.ext.asyncio.session import AsyncSession

from bot.attention.days import Day, take
from bot.attention.flow import Follows, Turn, Wish
from bot.delivery.outbox import Outbox, Words
from bot.records.tables import AgendaItem


@dataclass(frozen=True)
class Saying:
    """One message of a turn: what speaks, what rides along, and the kinds that wait."""

    turn: Turn
    item: AgendaItem
    wish: Wish
    riders: Sequence[tuple[AgendaItem, Wish]]
    held_back: Sequence[str]

    def words(self) -> Words:
        """What the outbox is given."""
        return Words(
            key=self.wish.key,
            kind=self.item.kind,
            workspace_id=self.turn.workspace_id,
            person_id=self.turn.way.manager.id,
            payload=self._payload(),
        )

    def all(self) -> Sequence[tuple[AgendaItem, Wish]]:
        """What speaks, and what rides along."""
        return ((self.item, self.wish), *self.riders)

    def _payload(self) -> dict[str, Any]:
        joined = [{"kind": one.kind, "about": dict(its.payload)} for one, its in self.riders]
        return {**self.wish.payload, "joined": joined}


async def say(session: AsyncSession, outbox: Outbox, sayings: Sequence[Saying]) -> None:
    """Say them all. What was said before is done, and takes no day."""
    ids = await outbox.say_all(session, [one.words() for one in sayings])
    new = [(one, message_id) for one, message_id in zip(sayings, ids, strict=True) if message_id is not None]
    await take(session, [_day(one, message_id) for one, message_id in new])
    for one, message_id in new:
        for _, wish in one.all():
            await wish.said(session, message_id)
    await _write_together(session, new)
    for one in sayings:
        for item, wish in one.all():
            _move(item, wish, one.turn.now)


async def _write_together(session: AsyncSession, said: Sequence[tuple[Saying, UUID]]) -> None:
    ids: dict[Follows, dict[str, UUID]] = defaultdict(dict)
    for one, message_id in said:
        for _, wish in one.all():
            if wish.all_said is not None:
                ids[wish.all_said][wish.key] = message_id
    for follow, theirs in ids.items():
        await follow(session, theirs)


def _day(one: Saying, message_id: UUID) -> Day:
    return Day(
        one.turn.way.manager.id or 0,
        one.turn.today(),
        one.item.kind,
        one.turn.now,
        message_id,
        joined=[item.kind for item, _ in one.riders],
        held_back=one.held_back,
    )


def _move(item: AgendaItem, wish: Wish, now: datetime) -> None:
    if wish.again is None:
        item.done_at, item.outcome = now, "said"
    else:
        item.due_at = wish.again
