"""Says messages in Slack exactly once: claim them, post them, record them; and look before saying one again.

The claim is committed before the post, the outcome after it. Whatever dies in between leaves a row `sending` whose lease
runs out: it is *in doubt*, and its id is looked for in the channel's history before anything is said again.
"""

import asyncio
import logging
from collections import Counter
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial
from uuid import UUID

from sqlmodel.ext.asyncio.session import AsyncSession

from bot.agenda.clock import Clock, wall
from bot.boundary import failures_stay
from bot.delivery import claims, ledger, pace
from bot.delivery.courier import (
    Closed,
    Courier,
    GivenBack,
    NotSaid,
    OutOfReach,
    Silence,
    To,
    Unasked,
    Undeliverable,
    Unknown,
    Unseen,
)
from bot.delivery.drawing import Drawings, Renderer, draw, draw_each
from bot.delivery.lanes import Lanes
from bot.delivery.lines import Later, Lines
from bot.delivery.recorder import Recorder
from bot.records.database import AWAY, PATIENCE_SECONDS, Database
from bot.records.tables import Message

logger = logging.getLogger(__name__)

# Posts under way at once in a batch.
AT_ONCE = 16
# Claimed and drawn together, while the last of those before are being said, so that a killed worker leaves few in doubt. More
# only where Slack is so quick that they are said before the next ones are drawn.
CLAIMED_AT_ONCE, CLAIMED_WHERE_QUICK = 24, 96
LOOKED_UP_AT_ONCE = 2  # Slack may allow one such question a minute; the others then stand in line
AT_ONCE_IN_A_WORKSPACE = 2  # batches of one workspace in a process: a small part of a worker's jobs
# How long before the next slot it is time to draw for it.
DRAWN_BEFORE_REAL_SECONDS = 1.0
NONE_LEFT = timedelta(0)

Draw = Callable[[AsyncSession, Mapping[str, Renderer], Sequence[Message]], Awaitable[Drawings]]
Pages = set[asyncio.Task[None]]  # that will write down what came of a batch's messages


@dataclass(frozen=True)
class Prepared:
    """What was claimed, with its recipients and its looks."""

    claimed: claims.Claimed
    to: Mapping[UUID, To]
    drawings: Drawings


@dataclass
class Stride:
    """How many are claimed at once."""

    most: int = CLAIMED_AT_ONCE


@dataclass(frozen=True)
class Sender:
    """Turns rows of the outbox into messages. `renderers` has one for each kind."""

    clock: Clock
    database: Database
    courier: Courier
    renderers: Mapping[str, Renderer]
    recorder: Recorder
    lines: Lines
    late_until: claims.LateUntil
    leaving: asyncio.Event  # this worker was told to stop
    busy: Counter[str] = field(default_factory=Counter)  # batches under way, by workspace
    stride: Stride = field(default_factory=Stride)
    silent_until: dict[str, datetime] = field(default_factory=dict)  # where Slack asked for it, by workspace

    async def send(self, ids: list[str], workspace_id: str = "") -> None:
        """Say these messages, each when its slot comes. Those that are not ours to say (any more) are passed over.

        Where a workspace answers slowly and has its share of this worker already, its next batch waits: others have theirs.
        """
        if self.busy[workspace_id] >= AT_ONCE_IN_A_WORKSPACE and len(ids) > 1:
            await self.recorder.leave(ids)
            return
        self.busy[workspace_id] += 1
        try:
            await self._send_batch(ids)
        finally:
            self.busy[workspace_id] -= 1

    async def _send_batch(self, wanted: Sequence[str]) -> None:
        pages: Pages = set()
        try:
            with self.recorder.saying():
                await self._send(wanted, pages)
            await _written(pages)
        except (asyncio.CancelledError, *AWAY):
            # This worker has to go, or its database has gone: what nobody has claimed is for another one.
            await self.recorder.leave(wanted)
            raise

    async def _send(self, wanted: Sequence[str], pages: Pages) -> None:
        lanes, passed = Lanes(AT_ONCE, partial(self._say_next, pages)), list[str]()
        try:
            # What can't be recorded is not said: the rest then waits for another job.
            while wanted and not _is_lost(pages) and not self.leaving.is_set():
                next_ones, before = wanted[: self.stride.most], lanes.left  # they come in the order of their slots
                prepared = await self._prepare(next_ones)  # while those before are being said
                self.stride.most = _next_time(self.stride.most, before, lanes.left)
                claimed = prepared.claimed
                lanes.give([(message, prepared) for message in claimed.ours])
                await self._settle(claimed.doubted, prepared.to)
                untaken, wanted = _untaken(next_ones, claimed), wanted[len(next_ones) :]
                if claimed.next_slot is not None or claimed.doubted:
                    wanted = [*untaken, *wanted]  # their turn comes, or what was looked up may be said now
                else:
                    passed += untaken
                if claimed.next_slot is not None:
                    await self._wait(claimed.next_slot - self.clock.span(DRAWN_BEFORE_REAL_SECONDS))
                # While the next are drawn, these are still being said: neither Slack nor we wait for the other.
                await lanes.down_to(self.stride.most if self.stride.most > CLAIMED_AT_ONCE else AT_ONCE)
            if wanted or passed:
                # Others have them, or they come later than they were given to us: Slack asked for silence, or this worker goes.
                await self.recorder.leave([*wanted, *passed])
        finally:
            await lanes.down_to(0)

    async def _prepare(self, wanted: Sequence[str]) -> Prepared:
        with failures_stay(
            logger, "messages could not be drawn together", action="message.batch_broken", level=logging.WARNING,
            unless=AWAY,
        ):  # fmt: skip
            return await self._claimed(wanted, draw)
        # Nothing was claimed, for the transaction is undone: they are claimed again, and each is drawn by itself.
        return await self._claimed(wanted, draw_each)

    async def _claimed(self, wanted: Sequence[str], drawn: Draw) -> Prepared:
        """A database that goes away just now is waited for."""

        async def prepare(session: AsyncSession) -> Prepared:
            claimed = await claims.claim(session, wanted, clock=self.clock, late_until=self.late_until)
            to = await claims.recipients(session, claimed)
            known = [one for one in claimed.ours if one.kind in self.renderers]
            return Prepared(claimed, to, await drawn(session, self.renderers, known))

        return await self.database.write_down(prepare, PATIENCE_SECONDS)

    async def _say_next(self, pages: Pages, one: tuple[Message, Prepared]) -> None:
        message, prepared = one
        await self._wait(message.send_at)
        pages.add(self.recorder.note(ledger.Outcome(message, await self._say(message, prepared))))

    async def _wait(self, slot: datetime) -> None:
        """Until a slot that is near, or this worker has to go; no longer, should the machine's clock be set back meanwhile."""
        if slot <= self.clock.now():
            return
        either = [asyncio.create_task(one) for one in (self.clock.sleep_until(slot), self.leaving.wait())]
        try:
            await asyncio.wait(either, timeout=pace.AHEAD_REAL_SECONDS, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for one in either:
                one.cancel()

    async def _say(self, message: Message, prepared: Prepared) -> ledger.Result:
        drawing, to = prepared.drawings.get(message.id), prepared.to.get(message.id)
        if message.kind not in self.renderers:
            return OutOfReach("unknown_kind")  # it waits for a process of another version
        if drawing is None or to is None:
            return Undeliverable("broken", permanent=False)
        try:
            return self._kept_from(message) or await self.courier.post(
                message, to, *drawing, in_time=partial(self._has_time, message)
            )
        except Silence as why:
            self.silent_until[message.workspace_id] = self.clock.now() + self.clock.span(why.seconds)
            return why
        except Unknown as why:
            logger.warning(
                "nobody knows whether a message was said: it is in doubt (%s)", why,
                extra={"action": "message.unknown", "message_id": str(message.id)},
            )  # fmt: skip
            return why
        except (Undeliverable, Closed, OutOfReach) as why:
            return why

    def _kept_from(self, message: Message) -> GivenBack | NotSaid | Silence | None:
        """Why a message that was claimed some time ago is not said now."""
        if self.leaving.is_set():
            return GivenBack()  # others say it in its slot; else it would be waited for, or be in doubt
        if not self._has_time(message):
            return NotSaid()  # this process was asleep, and someone else may be looking for it already
        until = self.silent_until.get(message.workspace_id)
        silence = None if until is None else until - self.clock.now()
        return None if silence is None or silence <= NONE_LEFT else Silence(silence / self.clock.span(1.0))

    def _has_time(self, message: Message) -> bool:
        """Whether it stays ours for as long as a call to Slack may take."""
        over, until = self.clock.now() + self.clock.span(claims.LEFT_FOR_A_CALL_REAL_SECONDS), message.lease_until
        return until is not None and until >= over

    async def _settle(self, doubted: Sequence[Message], to: Mapping[UUID, To]) -> None:
        """Find out whether messages in doubt were said; one that was not waits for its turn again."""
        if not doubted:
            return
        few = asyncio.Semaphore(LOOKED_UP_AT_ONCE)
        outcomes = await asyncio.gather(*(self._look_up(message, to, few) for message in doubted))
        for one in outcomes:
            if isinstance(one.result, Unasked):
                continue
            logger.warning(
                "a message was in doubt and was looked up",
                extra={
                    "action": "message.in_doubt",
                    "message_id": str(one.message.id),
                    "found": type(one.result).__name__,
                },
            )
        await self.recorder.write_down(outcomes)

    async def _look_up(self, message: Message, to: Mapping[UUID, To], few: asyncio.Semaphore) -> ledger.Outcome:
        async with few:
            return ledger.Outcome(message, await self._found(message, to[message.id]))

    async def _found(self, message: Message, to: To) -> ledger.Result:
        try:
            with self.lines.turn("look_up", message.workspace_id):
                return await self.courier.find(message, to, since=message.tried_at or wall())
        except Later as why:
            return Unasked((why.at - self.lines.now()).total_seconds())
        except Undeliverable as why:
            return why if why.permanent else Unseen(why.reason)
        except Closed as why:
            return Unseen(str(why), is_shut=True)
        except (OutOfReach, Unknown) as why:
            # Nobody answered the question: it stays in doubt, for what may have been said is not said again unseen.
            return Unknown(str(why))


def _is_lost(pages: Pages) -> bool:
    """Whether the database stayed away while one of these was to be written."""
    return any(one.done() and one.exception() is not None for one in pages)


def _untaken(ids: Sequence[str], claimed: claims.Claimed) -> list[str]:
    """Those of these that are neither being said by us now nor put off."""
    taken = {str(message.id) for message in claimed.ours}.union(map(str, claimed.put_off))
    return [one for one in ids if one not in taken]


async def _written(pages: Pages) -> None:
    """Wait until all of these are. Raises what one of them raised."""
    for page in asyncio.as_completed(pages):
        await page


def _next_time(most: int, before: int, left: int) -> int:
    """How many to claim next time, after so many: more, if many of those `before` were said before these were drawn."""
    if not before:
        return most  # these are the first of their batch
    waits_for_us = before - left >= min(before / 2, CLAIMED_AT_ONCE)
    return min(2 * most, CLAIMED_WHERE_QUICK) if waits_for_us else CLAIMED_AT_ONCE
