"""Nothing breaks, and nothing stays lying: the log, the jobs, the agenda, the outbox, and what Slack shows."""

import logging
import re
from collections import Counter
from dataclasses import dataclass, field
from datetime import timedelta

from sqlalchemy import text

from bot.records.tables import MESSAGE_BLOCK
from tests.wandering.place import Place
from tests.wandering.watching.state import Moment

LATE = timedelta(minutes=5)
CLOSED = "user_disabled"  # an account of whose end nobody told the app, as where it was not installed then
_OVERDUE = text(
    "SELECT key, due_at, failures FROM agenda_item WHERE done_at IS NULL AND (due_at < :late OR failures > 0)"
    " AND workspace_id NOT IN (SELECT id FROM workspace WHERE left_at IS NOT NULL)"
)
_JOBS = text(
    "SELECT task_name, status, attempts, args FROM procrastinate_jobs WHERE status NOT IN ('succeeded', 'todo')"
)
_STUCK = text(
    "SELECT key, state, send_at, wake_at, error, created_at, attempts, refusals, tried_at FROM message"
    " WHERE ((state = 'sending' AND wake_at < :late)"
    " OR (state = 'waiting' AND (wake_at IS NULL OR wake_at < :late)) OR state IN ('failed', 'unconfirmed'))"
    " AND workspace_id NOT IN (SELECT id FROM workspace WHERE left_at IS NOT NULL)"
)


class Complaints(logging.Handler):
    """Keeps what is logged as an error."""

    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self.heard: list[logging.LogRecord] = []

    def emit(self, record: logging.LogRecord) -> None:
        """Keep it."""
        if record.name.startswith("slack_bolt") and "AuthorizeResult" in record.getMessage():
            return  # what still comes from a workspace that has let the app go is nobody's fault
        if record.levelno >= logging.ERROR or record.exc_info:
            self.heard.append(record)


@dataclass
class Machinery:
    """What was seen of it so far."""

    place: Place
    complaints: Complaints
    posted: Counter[str] = field(default_factory=Counter)

    async def look(self, moment: Moment) -> None:
        """After a step."""
        place = self.place
        troubled = place.troubled()
        self._log(troubled)
        await self._records(troubled, moment)
        self._twice()

    def _log(self, troubled: bool) -> None:
        for record in self.complaints.heard:
            action = getattr(record, "action", "")
            if (troubled and not _is_ours(record)) or CLOSED in record.getMessage():
                continue
            why = record.exc_info[1] if record.exc_info else ""
            told = re.sub(r"[0-9a-f-]{36}|\d+", "…", f"{record.name}: {record.getMessage()} [{action}] {why!r}")
            if told not in self.place.diary.kinds:
                self.place.diary.kinds[told] += 1
                if record.exc_info:
                    self.place.diary.note(logging.Formatter().formatException(record.exc_info))
            self.place.diary.violation("the log complains", told)
        self.complaints.heard.clear()

    async def _records(self, troubled: bool, moment: Moment) -> None:
        place, now = self.place, moment.at
        async with place.town.house.database.transaction() as session:
            overdue = (await session.execute(_OVERDUE, {"late": now - LATE})).all()
            jobs = (await session.execute(_JOBS)).all()
            stuck = (await session.execute(_STUCK, {"late": now - LATE})).all()
        ticks = place.ticked_at is not None and now - place.ticked_at < LATE
        if ticks:
            for key, due_at, failures in overdue:
                place.diary.violation("overdue", f"{key} since {due_at:%d %b %H:%M}, {failures} failures")
        if place.workers_back is None and not troubled:
            for name, status, *more in jobs:
                place.diary.violation("a job is left", f"{name} {status} {more}")
        if ticks and place.workers_back is None and not troubled:
            for key, state, send_at, wake_at, error, *more in [one for one in stuck if one.error != CLOSED]:
                place.diary.violation(
                    "a message is stuck", f"{key} {state} since {send_at:%d %b %H:%M}, wakes {wake_at}, {error} {more}"
                )

    def _twice(self) -> None:
        for world in (self.place.town.here, self.place.town.there):
            counted: Counter[str] = Counter()
            for channel in world.sandbox.state.channels.values():
                for one in channel.messages.values():
                    block = one.blocks[0].get("block_id", "") if one.blocks else ""
                    if block.startswith(MESSAGE_BLOCK) and not one.deleted:
                        counted[block] += 1
            for block, count in counted.items():
                if count > 1:
                    self.place.diary.violation("said twice", f"{block} stands there {count} times")


def _is_ours(record: logging.LogRecord) -> bool:
    """Whether a complaint can't come of Slack's bad hour: a slip of our own code."""
    error = record.exc_info[1] if record.exc_info else None
    return isinstance(error, (AttributeError, KeyError, TypeError, IndexError, AssertionError, NameError))
