"""Draws messages that were said anew, from what is on record. What is drawn last shows all, whoever is slow meanwhile."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from bot.agenda.clock import Clock
from bot.delivery import ledger
from bot.delivery.courier import NOT_INSTALLED, Closed, Courier
from bot.delivery.drawing import Drawing, Renderer
from bot.delivery.lines import Later, Lines
from bot.records.database import Database
from bot.records.tables import Message

# Real time: until a workspace that does not let us in is asked anew.
SHUT_FOR = timedelta(minutes=10)
# Program time: for so long after a message was said it is tried where nobody lets us in, for whoever looks at it.
LOOKED_AT_FOR = timedelta(days=7)
MOST_TIMES = 5  # that one job draws: while others write, each of them has a job of its own


class StillBeingSaid(Exception):
    """It is not on record yet where a message stands: later."""


@dataclass(frozen=True)
class Looks:
    """Where a message was said, and how it looks now."""

    said: Sequence[Message]
    drawing: Drawing

    def differs_from(self, other: "Looks") -> bool:
        """Whether somebody would see another message, or somewhere else."""
        return self.drawing != other.drawing or [one.ts for one in self.said] != [one.ts for one in other.said]


@dataclass(frozen=True)
class Redrawing:
    """The parts of it. `renderers` has one for each kind."""

    clock: Clock
    database: Database
    courier: Courier
    renderers: Mapping[str, Renderer]
    lines: Lines

    async def refresh(self, message_id: str) -> None:
        """Draw a message anew wherever it was said: a job. Doing it twice does no harm.

        Raises StillBeingSaid while it is not on record where it stands, Later where Slack asks for silence or the workspace does
        not let us in, and Closed where the app is not installed any more, or nobody has let us in for days.
        """
        await self._draw_anew(UUID(message_id), "refresh")

    async def redraw(self, message_id: str) -> None:
        """The same where nobody looks on: of many at once, in a line of their own, behind which nobody's click has to wait, and
        until it is done."""
        await self._draw_anew(UUID(message_id), "redraw")

    async def _draw_anew(self, message_id: UUID, line: str) -> None:
        """Until what stands there is what is on record: another job may have read more, and have been quicker than this one."""
        looks = await self._read(message_id)
        for _ in range(MOST_TIMES):
            if looks is None:
                return
            await self._show(looks, line)
            shown, looks = looks, await self._read(message_id)
            if looks is None or not looks.differs_from(shown):
                return

    async def _read(self, message_id: UUID) -> Looks | None:
        """How it looks now; None if it is nowhere to be seen."""
        async with self.database.transaction() as session:
            message = await session.get(Message, message_id)
            if message is None:
                return None
            if message.state == "sending":
                raise StillBeingSaid  # somebody is quicker than our record of it: the job is tried again
            said = [one for one in (message, *await ledger.said_again(session, message)) if one.ts and one.channel]
            if not said:
                return None
            return Looks(said, (await self.renderers[message.kind](session, [message]))[message.id])

    async def _show(self, looks: Looks, line: str) -> None:
        try:
            with self.lines.turn(line, looks.said[0].workspace_id):
                for one in looks.said:
                    await self.courier.redraw(one, *looks.drawing)
        except Closed as why:
            if str(why) == NOT_INSTALLED or (line == "refresh" and self._is_long_ago(looks)):
                raise
            raise Later(self.lines.now() + SHUT_FOR) from None

    def _is_long_ago(self, looks: Looks) -> bool:
        latest = max((one.sent_at for one in looks.said if one.sent_at is not None), default=None)
        return latest is not None and self.clock.now() - latest > LOOKED_AT_FOR
