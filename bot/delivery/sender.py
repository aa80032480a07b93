"""Says messages in Slack exactly once: claim them, post them, record them; and look before saying one again.

The claim is committed before the post, the outcome after it. Whatever dies in between leaves a row `sending` whose lease
runs out: it is *in doubt*, and its id is looked for in the channel's history before anything is said again.
"""

import asyncio
import logging
from collections import Counter
from collections.abc import Awaitable, Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import groupby
from typing import Any
from uuid import UUID

from sqlalchemy.exc import OperationalError
from sqlmodel.ext.asyncio.session import AsyncSession

from bot.agenda.clock import Clock, wall
from bot.boundary import failures_stay
from bot.delivery import ledger
from bot.delivery.courier import Closed, Courier, Silence, To, Undeliverable, Unknown
from bot.records.database import Database
from bot.records.tables import Message

logger = logging.getLogger(__name__)

# Posts under way at once in a batch. At most twice as many are ever claimed (those being said, and the next ones), so that
# a killed worker leaves few in doubt; more only where Slack is so quick that they are said before the next ones are drawn.
AT_ONCE = 16
AT_ONCE_WHERE_QUICK = 64
AT_ONCE_IN_A_WORKSPACE = 2  # batches of one workspace in a process: with the eight jobs of a worker, a quarter of it
TOGETHER_SECONDS = 0.004

# Draws messages of one kind as Slack takes them: for each id the text that says everything, and the blocks.
Drawings = Mapping[UUID, tuple[str, list[dict[str, Any]]]]
Renderer = Callable[[AsyncSession, Sequence[Message]], Awaitable[Drawings]]


Outcomes = asyncio.Queue[ledger.Outcome | None]  # None: there are no more


@dataclass(frozen=True)
class Prepared:
    """What was claimed, with its recipients and its looks."""

    claimed: ledger.Claimed
    to: Mapping[UUID, To]
    drawings: Drawings


@dataclass(frozen=True)
class Sender:
    """Turns rows of the outbox into messages. `renderers` has one for each kind."""

    clock: Clock
    database: Database
    courier: Courier
    renderers: Mapping[str, Renderer]
    busy: Counter[str] = field(default_factory=Counter)  # batches under way, by workspace

    async def send(self, ids: list[str], workspace_id: str = "") -> None:
        """Say these messages, each when its slot comes. Those that are not ours to say (any more) are passed over.

        Where a workspace answers slowly and has its share of this worker already, its next batch waits: others have theirs.
        """
        if self.busy[workspace_id] >= AT_ONCE_IN_A_WORKSPACE and len(ids) > 1:
            await self._leave([UUID(one) for one in ids])
            return
        self.busy[workspace_id] += 1
        try:
            await self._send_batch([UUID(one) for one in ids])
        finally:
            self.busy[workspace_id] -= 1

    async def _send_batch(self, wanted: Sequence[UUID]) -> None:
        outcomes: Outcomes = asyncio.Queue()
        recording = asyncio.create_task(self._record(outcomes))
        try:
            await self._send(wanted, outcomes, recording)
        finally:
            outcomes.put_nowait(None)
            await recording

    async def _send(self, wanted: Sequence[UUID], outcomes: Outcomes, recording: asyncio.Task[None]) -> None:
        lanes, saying, most = asyncio.Semaphore(AT_ONCE), set[asyncio.Task[None]](), AT_ONCE
        left = len(wanted)
        try:
            while (
                left > 0 and not recording.done()
            ):  # what can't be recorded is not said: the rest waits for another job
                prepared = await self._prepare(wanted, most)  # while those before are being said
                most = _next_time(most, saying)
                claimed = prepared.claimed
                left -= len(claimed.ours)
                for message in claimed.ours:
                    saying.add(asyncio.create_task(self._say_next(message, prepared, lanes, outcomes)))
                await self._settle(claimed.doubted, prepared.to)
                if claimed.ours or claimed.doubted:
                    saying = await _at_most(saying, AT_ONCE)
                elif claimed.next_slot is None:
                    # Later than they were given to us: Slack asked for silence, or whoever gave them has another clock.
                    await self._leave(wanted)
                    return
                else:
                    await self.clock.sleep_until(claimed.next_slot)
        finally:
            await _at_most(saying, 0)

    async def _leave(self, ids: Sequence[UUID]) -> None:
        async with self.database.transaction() as session:
            await ledger.leave_for_later(session, ids, clock=self.clock)

    async def refresh(self, message_id: str) -> None:
        """Draw a sent message anew from what is on record, wherever it was said. Doing it twice does no harm."""
        async with self.database.transaction() as session:
            message = await session.get(Message, UUID(message_id))
            if message is None:
                return
            said = [one for one in (message, *await ledger.said_again(session, message)) if one.ts is not None]
            if not said:
                return
            text, blocks = (await self.renderers[message.kind](session, [message]))[message.id]
        for one in said:
            await self.courier.redraw(one, text, blocks)

    async def _prepare(self, wanted: Sequence[UUID], most: int) -> Prepared:
        async with self.database.transaction() as session:
            claimed = await ledger.claim(session, wanted, most=most, clock=self.clock)
            to = await ledger.recipients(session, claimed)
            return Prepared(claimed, to, await self._draw(session, claimed.ours))

    async def _draw(self, session: AsyncSession, messages: Sequence[Message]) -> Drawings:
        drawings: dict[UUID, tuple[str, list[dict[str, Any]]]] = {}
        for kind, group in groupby(sorted(messages, key=lambda one: one.kind), key=lambda one: one.kind):
            same = list(group)
            with failures_stay(
                logger, "messages could not be drawn together", action="message.batch_broken", level=logging.WARNING,
                unless=(OperationalError,), kind=kind,
            ) as boundary:  # fmt: skip
                # In a savepoint: a query that fails would else spoil the claim, and its commit would be a silent rollback.
                async with session.begin_nested():
                    drawings.update(await self.renderers[kind](session, same))
            if boundary.failed:
                for message in same:
                    drawings.update(await self._draw_alone(session, message))
        return drawings

    async def _draw_alone(self, session: AsyncSession, message: Message) -> Drawings:
        with failures_stay(
            logger, "could not draw a message", action="message.broken", unless=(OperationalError,),
            message_id=str(message.id),
        ):  # fmt: skip
            async with session.begin_nested():
                return await self.renderers[message.kind](session, [message])
        return {}  # it was not said, so it is tried later

    async def _say_next(
        self, message: Message, prepared: Prepared, lanes: asyncio.Semaphore, outcomes: Outcomes
    ) -> None:
        async with lanes:
            outcomes.put_nowait(await self._say(message, prepared))

    async def _say(self, message: Message, prepared: Prepared) -> ledger.Outcome:
        drawing, to = prepared.drawings.get(message.id), prepared.to.get(message.id)
        if drawing is None or to is None:
            return ledger.Outcome(message, Undeliverable("broken", permanent=False))
        try:
            return ledger.Outcome(message, await self.courier.post(message, to, *drawing))
        except (Undeliverable, Silence, Closed, Unknown) as why:
            return ledger.Outcome(message, why)

    async def _record(self, outcomes: Outcomes) -> None:
        """Record outcomes as they come in; those that come together in one transaction."""
        done = False
        while not done:
            batch = [await outcomes.get()]
            await asyncio.sleep(TOGETHER_SECONDS)
            while not outcomes.empty():
                batch.append(outcomes.get_nowait())
            done = batch[-1] is None
            await self._write_down([one for one in batch if one is not None])

    async def _write_down(self, outcomes: Sequence[ledger.Outcome]) -> None:
        """What Slack answered is known only here: a database that goes away just now must not leave it in doubt."""

        async def write(session: AsyncSession) -> None:
            await ledger.record(session, outcomes, clock=self.clock)

        await self.database.write_down(write)

    async def _settle(self, doubted: Sequence[Message], to: Mapping[UUID, To]) -> None:
        """Find out whether messages in doubt were said; one that was not waits for its turn again."""
        if not doubted:
            return
        found = await asyncio.gather(*(self._look_up(message, to) for message in doubted))
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
        await self._write_down(outcomes)

    async def _look_up(self, message: Message, to: Mapping[UUID, To]) -> ledger.Result:
        try:
            return await self.courier.find(message, to[message.id], since=message.tried_at or wall())
        except Undeliverable as why:
            return why if why.permanent else Unknown(why.reason)
        except (Closed, Silence, Unknown) as why:
            # Nobody answered the question: it stays in doubt, for what may have been said is not said again unseen.
            return Unknown(str(why))


def _next_time(most: int, saying: Collection[asyncio.Task[None]]) -> int:
    """How many to claim next time, after so many: more, if these were said before the next ones were drawn."""
    waits_for_us = bool(saying) and all(one.done() for one in saying)
    return min(2 * most, AT_ONCE_WHERE_QUICK) if waits_for_us else AT_ONCE


async def _at_most(saying: set[asyncio.Task[None]], most: int) -> set[asyncio.Task[None]]:
    """Wait until at most so many are still being said: these. Raises what one of the others raised."""
    while len(saying) > most:
        done, saying = await asyncio.wait(saying, return_when=asyncio.FIRST_COMPLETED)
        for one in done:
            one.result()
    return saying


def one_by_one(draw: Callable[[AsyncSession, Message], Awaitable[tuple[str, list[dict[str, Any]]]]]) -> Renderer:
    """A renderer for many from a renderer for one: for kinds that come in small numbers."""

    async def drawn(session: AsyncSession, messages: Sequence[Message]) -> Drawings:
        return {message.id: await draw(session, message) for message in messages}

    return drawn
