"""A courier that counts what comes of each message."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from bot.agenda.clock import Clock
from bot.delivery.courier import (
    Closed,
    Courier,
    Named,
    NotSaid,
    OutOfReach,
    Said,
    Silence,
    To,
    Undeliverable,
    Unknown,
    Untold,
)
from bot.delivery.ledger import Result, is_last
from bot.records.tables import Message
from bot.watching.meters import Meters

_OUTCOMES: Mapping[type[Result], str] = {
    Said: "sent", NotSaid: "was_not_sent", Untold: "unconfirmed", Silence: "rate_limited", Closed: "shut_out",
    OutOfReach: "put_off", Unknown: "in_doubt",
}  # fmt: skip


@dataclass(frozen=True)
class CountingCourier(Courier):
    """Carries messages as any courier does."""

    meters: Meters
    clock: Clock

    async def post(
        self, message: Message, to: To, text: str, blocks: Sequence[dict[str, Any]], *, in_time: Callable[[], bool]
    ) -> Said:
        """Say it, and count what came of it. Raises Undeliverable, Silence, Closed, OutOfReach or Unknown."""
        try:
            said = await super().post(message, to, text, blocks, in_time=in_time)
        except (Undeliverable, Silence, Closed, OutOfReach, Unknown) as why:
            self._count(why, message)
            raise
        self._count(said, message)
        waited = (self.clock.now() - message.send_at).total_seconds() / self.clock.speed
        self.meters.send_lag.observe(max(waited, 0.0))
        return said

    async def find(self, message: Named, to: To, *, since: datetime) -> Said | NotSaid | Untold:
        """Look for a message in doubt, and count what was found."""
        found = await super().find(message, to, since=since)
        self.meters.messages_of(_OUTCOMES[type(found)]).inc()
        return found

    def _count(self, result: Result, message: Message) -> None:
        self.meters.messages_of(outcome_of(result, message)).inc()


def outcome_of(result: Result, message: Message) -> str:
    """A word for what came of an attempt, as `playercoach_messages_total` has it."""
    if isinstance(result, Undeliverable):
        return "failed" if is_last(result, message) else "put_off"
    return _OUTCOMES[type(result)]
