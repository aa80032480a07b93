"""Writes down what came of messages: what all batches of a process say within a second, in one transaction."""

import asyncio
import logging
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field

from sqlalchemy.exc import OperationalError
from sqlmodel.ext.asyncio.session import AsyncSession

from bot.agenda.clock import Clock
from bot.boundary import failures_stay
from bot.delivery import ledger
from bot.records.database import Database

logger = logging.getLogger(__name__)

# A transaction costs more than a post: so many outcomes go into one, or as many as came in so long.
AT_ONCE, WITHIN_SECONDS = 64, 1.0


@dataclass
class _Page:
    """Outcomes that are written down together, as soon as there are enough of them."""

    outcomes: list[ledger.Outcome] = field(default_factory=list)
    enough: asyncio.Event = field(default_factory=asyncio.Event)


@dataclass
class Recorder:
    """One for all batches. Each waits for the pages that its own outcomes stand on."""

    clock: Clock
    database: Database
    _open: tuple[_Page, asyncio.Task[None]] | None = None
    _turn: asyncio.Lock = field(default_factory=asyncio.Lock)
    _batches: int = 0

    def note(self, outcome: ledger.Outcome) -> asyncio.Task[None]:
        """The task that will write it down. It raises `OperationalError` where the database stays away."""
        if self._open is None:
            page = _Page()
            self._open = page, asyncio.create_task(self._fill(page))
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
            if not self._batches and self._open is not None:
                self._open[0].enough.set()

    async def write_down(self, outcomes: Sequence[ledger.Outcome]) -> None:
        """At once. One that the database refuses is left in doubt, and stops no other; `OperationalError` where it stays away."""
        with failures_stay(
            logger, "outcomes could not be recorded together", action="message.page_broken", level=logging.WARNING,
            unless=(OperationalError,),
        ) as boundary:  # fmt: skip
            await self._write(outcomes)
        for one in outcomes if boundary.failed else ():
            with failures_stay(
                logger, "what became of a message could not be recorded", action="message.not_recorded",
                unless=(OperationalError,), message_id=str(one.message.id),
            ):  # fmt: skip
                await self._write([one])

    async def _write(self, outcomes: Sequence[ledger.Outcome]) -> None:
        """What Slack answered is known only here: a database that goes away just now must not leave it in doubt."""

        async def write(session: AsyncSession) -> None:
            await ledger.record(session, outcomes, clock=self.clock)

        await self.database.write_down(write)

    async def _fill(self, page: _Page) -> None:
        with suppress(TimeoutError):
            async with asyncio.timeout(WITHIN_SECONDS):
                await page.enough.wait()
        async with self._turn:  # one after the other: what comes while a page waits for its turn stands on it, too
            self._open = None
            await self.write_down(page.outcomes)
