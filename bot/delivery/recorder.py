"""Writes down what came of messages: what all batches of a process say within a second, in one transaction.

What Slack answered is known only here. Where the database stays away, what is to be written waits for it beside everything else:
the batch may be over by then, and the worker have begun anew.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Coroutine, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from typing import Any

from sqlmodel.ext.asyncio.session import AsyncSession

from bot.agenda.clock import Clock
from bot.boundary import failures_stay
from bot.delivery import claims, ledger
from bot.delivery.courier import Said
from bot.records.database import AWAY, LONG_PATIENCE_SECONDS, Database
from bot.records.tables import Message

logger = logging.getLogger(__name__)

# A transaction costs more than a post: so many outcomes go into one, or as many as came in so long.
AT_ONCE, WITHIN_SECONDS = 96, 1.0
# How long someone who has to go waits until it is written: a database that is there takes less.
WAITED_FOR_SECONDS = 1.0


@dataclass
class _Page:
    """Outcomes that are written down together, as soon as there are enough of them."""

    outcomes: list[ledger.Outcome] = field(default_factory=list)
    enough: asyncio.Event = field(default_factory=asyncio.Event)


@dataclass
class Recorder:
    """One for all batches. Each waits for the pages that its own outcomes stand on. `defer` gives jobs within a transaction."""

    clock: Clock
    database: Database
    defer: Callable[[AsyncSession, str, list[dict[str, Any]]], Awaitable[None]]
    _open: tuple[_Page, asyncio.Task[None]] | None = None
    _turn: asyncio.Lock = field(default_factory=asyncio.Lock)
    _batches: int = 0
    _writing: set[asyncio.Task[None]] = field(default_factory=set)  # held, for nobody else may hold them by now

    def note(self, outcome: ledger.Outcome) -> asyncio.Task[None]:
        """The task that will write it down. It raises one of `AWAY` where the database stays away."""
        if self._open is None:
            page = _Page()
            self._open = page, self._started(self._fill(page))
        page, writing = self._open
        page.outcomes.append(outcome)
        if len(page.outcomes) >= AT_ONCE:
            page.enough.set()
        return writing

    @contextmanager
    def saying(self) -> Iterator[None]:
        """While a batch is being said. After the last one there is nothing to wait for."""
        self._batches += 1
        try:
            yield
        finally:
            self._batches -= 1
            if not self._batches:
                self._turn_over()

    async def leave(self, ids: Sequence[str]) -> None:
        """Have those of these that nobody has said given to a worker anew: now, or as soon as the database is back."""
        leaving = self._started(self._leave(ids))
        await asyncio.wait({leaving}, timeout=WAITED_FOR_SECONDS)

    async def finish(self) -> None:
        """This process ends: what is still to be written has a moment; then it is in doubt, or lost, as after a kill."""
        self._turn_over()
        if self._writing:
            await asyncio.wait(self._writing, timeout=WAITED_FOR_SECONDS)
        for one in self._writing:
            one.cancel()
        await asyncio.gather(*self._writing, return_exceptions=True)

    async def write_down(self, outcomes: Sequence[ledger.Outcome]) -> None:
        """At once. One that the database refuses is left in doubt, and stops no other; one of `AWAY` where it stays away."""
        with failures_stay(
            logger, "outcomes could not be recorded together", action="message.page_broken", level=logging.WARNING,
            unless=AWAY,
        ) as boundary:  # fmt: skip
            await self._write(outcomes)
        for one in outcomes if boundary.failed else ():
            with failures_stay(
                logger, "what became of a message could not be recorded", action="message.not_recorded",
                unless=AWAY, message_id=str(one.message.id),
            ):  # fmt: skip
                await self._write([one])

    async def _write(self, outcomes: Sequence[ledger.Outcome]) -> None:
        async def write(session: AsyncSession) -> None:
            gone = await ledger.record(session, outcomes, clock=self.clock)
            # Nobody else knows any more that these stand there.
            await self.defer(session, "unsay", [_place(message, said) for message, said in gone])

        await self.database.write_down(write, LONG_PATIENCE_SECONDS)

    async def _leave(self, ids: Sequence[str]) -> None:
        async def leave(session: AsyncSession) -> None:
            await claims.leave_for_later(session, ids, clock=self.clock)

        await self.database.write_down(leave, LONG_PATIENCE_SECONDS)

    def _started(self, work: Coroutine[Any, Any, None]) -> asyncio.Task[None]:
        task = asyncio.create_task(work)
        self._writing.add(task)
        task.add_done_callback(self._writing.discard)
        return task

    def _turn_over(self) -> None:
        """Nothing more comes: the open page need not wait."""
        if self._open is not None:
            self._open[0].enough.set()

    async def _fill(self, page: _Page) -> None:
        with suppress(TimeoutError):
            async with asyncio.timeout(WITHIN_SECONDS):
                await page.enough.wait()
        async with self._turn:  # one after the other: what comes while a page waits for its turn stands on it, too
            self._open = None
            await self.write_down(page.outcomes)


def _place(message: Message, said: Said) -> dict[str, Any]:
    return {"workspace_id": message.workspace_id, "channel": said.channel, "ts": said.ts}
