"""Says a message in Slack exactly once: claim it, post it, record it; and look before saying it again.

The claim is committed before the post, the outcome after it. Whatever dies in between leaves a row `sending` whose lease
runs out: it is *in doubt*, and its id is looked for in the channel's history before anything is said again.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlmodel.ext.asyncio.session import AsyncSession

from bot.agenda.clock import Clock, wall
from bot.delivery import ledger
from bot.delivery.courier import Courier, Silence, Undeliverable, Unknown
from bot.records.database import Database
from bot.records.tables import Message

logger = logging.getLogger(__name__)

# Posts under way in one batch. No more than these are ever claimed, so that a killed worker leaves no more in doubt.
AT_ONCE = 8


# Draws a message as Slack takes it: the text that says everything, and the blocks.
Renderer = Callable[[AsyncSession, Message], Awaitable[tuple[str, list[dict[str, Any]]]]]


@dataclass(frozen=True)
class Sender:
    """Turns rows of the outbox into messages. `renderers` has one for each kind."""

    clock: Clock
    database: Database
    courier: Courier
    renderers: Mapping[str, Renderer]

    async def send(self, ids: list[str]) -> None:
        """Say these messages, each when its slot comes. Those that are not ours to say (any more) are passed over."""
        wanted = [UUID(one) for one in ids]
        while True:
            claimed, doubted, next_slot = await self._claim(wanted)
            await self._settle(doubted)
            await self._say_all(claimed)
            if claimed or doubted:
                continue
            if next_slot is None:
                return
            await self.clock.sleep_until(next_slot)

    async def refresh(self, message_id: str) -> None:
        """Draw a sent message anew from what is on record. Doing it twice does no harm."""
        async with self.database.transaction() as session:
            message = await session.get(Message, UUID(message_id))
            if message is None or message.channel is None or message.ts is None:
                return
            text, blocks = await self.renderers[message.kind](session, message)
        await self.courier.redraw(message, text, blocks)

    async def _claim(self, wanted: list[UUID]) -> tuple[list[Message], list[Message], datetime | None]:
        async with self.database.transaction() as session:
            return await ledger.claim(session, wanted, most=AT_ONCE, clock=self.clock)

    async def _say_all(self, messages: list[Message]) -> None:
        """Say some messages at once, and record each outcome as it comes in."""
        outcomes: asyncio.Queue[ledger.Outcome | None] = asyncio.Queue()

        async def one(message: Message) -> None:
            outcomes.put_nowait(await self._say(message))

        async def all_of_them() -> None:
            await asyncio.gather(*(one(message) for message in messages))
            outcomes.put_nowait(None)

        if messages:
            await asyncio.gather(all_of_them(), self._record(outcomes))

    async def _say(self, message: Message) -> ledger.Outcome:
        try:
            async with self.database.transaction() as session:
                text, blocks = await self.renderers[message.kind](session, message)
                to = await ledger.recipients(session, message)
            return ledger.Outcome(message, await self.courier.post(message, to, text, blocks))
        except (Undeliverable, Silence, Unknown) as why:
            return ledger.Outcome(message, why)
        except Exception:
            # A message that can't be drawn must not stop the others of its batch; it was not said, so it is tried later.
            logger.exception(
                "could not draw a message", extra={"action": "message.broken", "message_id": str(message.id)}
            )
            return ledger.Outcome(message, Undeliverable("broken", permanent=False))

    async def _record(self, outcomes: "asyncio.Queue[ledger.Outcome | None]") -> None:
        """Record outcomes as they come in: at once when there is one, in one transaction when there are many."""
        done = False
        while not done:
            batch = [await outcomes.get()]
            while not outcomes.empty():
                batch.append(outcomes.get_nowait())
            done = batch[-1] is None
            async with self.database.transaction() as session:
                await ledger.record(session, [one for one in batch if one is not None], clock=self.clock)

    async def _settle(self, doubted: list[Message]) -> None:
        """Find out whether messages in doubt were said; one that was not waits for its turn again."""
        if not doubted:
            return
        found = await asyncio.gather(*(self._look_up(message) for message in doubted))
        outcomes = [ledger.Outcome(message, result) for message, result in zip(doubted, found, strict=True)]
        for one in outcomes:
            logger.warning(
                "a message was in doubt and was looked up",
                extra={
                    "action": "message.in_doubt",
                    "message_id": str(one.message.id),
                    "found": type(one.result).__name__,
                },
            )
        async with self.database.transaction() as session:
            await ledger.record(session, outcomes, clock=self.clock)

    async def _look_up(self, message: Message) -> ledger.Result:
        async with self.database.transaction() as session:
            to = await ledger.recipients(session, message)
        try:
            return await self.courier.find(message, to, since=message.tried_at or wall())
        except (Undeliverable, Silence, Unknown) as why:
            return why
