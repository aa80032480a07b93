"""Where Slack says «too many»: what may be done twice stands in line, and each comes again at a moment of its own.

A cohort ends in one week, and then thousands of messages are to be deleted, of which Slack takes fifty a minute. What comes
during a silence that Slack asked for goes to the end of its line without asking. Lines are each process's own: where there are
several, Slack refuses some, and they line up anew.
"""

import logging
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from slack_sdk.errors import SlackApiError

from bot.agenda.clock import wall
from bot.delivery.courier import Silence

logger = logging.getLogger(__name__)

GAP = timedelta(seconds=1.2)  # most of Slack's methods may be called fifty times a minute
LONG_AGO = datetime.min.replace(tzinfo=UTC)


class Later(Exception):
    """It was not done. It may be tried again at that moment (aware UTC, real time), which nobody else in line has."""

    def __init__(self, at: datetime) -> None:
        super().__init__("Slack asked for silence")
        self.at = at


@dataclass
class Line:
    """Until when Slack is not asked, and the moment of the last one in line."""

    silent_until: datetime = LONG_AGO
    last: datetime = LONG_AGO

    def next_place(self) -> datetime:
        """A moment after the silence and after all others, which is now taken."""
        self.last = max(self.last + GAP, self.silent_until)
        return self.last


@dataclass(frozen=True)
class Lines:
    """A line for each kind of thing in each workspace, as Slack counts. `now` is real time, aware UTC."""

    now: Callable[[], datetime] = wall
    _lines: defaultdict[tuple[str, str], Line] = field(default_factory=lambda: defaultdict(Line))

    @contextmanager
    def turn(self, what: str, workspace_id: str) -> Iterator[None]:
        """Inside, Slack is asked for such a thing. Raises Later where it asks for silence, or did so a moment ago."""
        line = self._lines[what, workspace_id]
        if self.now() < line.silent_until:
            raise Later(line.next_place())
        try:
            yield
        except (Silence, SlackApiError) as why:
            seconds = _asked_for(why)
            if seconds is None:
                raise
            line.silent_until = max(line.silent_until, self.now() + timedelta(seconds=seconds))
            logger.warning(
                "Slack asked for %.0f seconds of silence", seconds,
                extra={"action": "job.rate_limited", "job": what, "workspace": workspace_id},
            )  # fmt: skip
            raise Later(line.next_place()) from None


def _asked_for(why: Silence | SlackApiError) -> float | None:
    """How many seconds of silence; None if it is another refusal."""
    if isinstance(why, Silence):
        return why.seconds
    if getattr(why.response, "status_code", None) != 429:
        return None
    return float(why.response.headers.get("Retry-After", 1))
