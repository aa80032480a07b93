"""What waits in the database, what is late, and what was given up."""

from collections.abc import AsyncIterator
from datetime import datetime, timedelta

from sqlalchemy import func
from sqlmodel import col, select

from bot.agenda.clock import Clock
from bot.findings import Finding
from bot.records.database import Database
from bot.records.tables import Message
from bot.records.workspaces import gone
from bot.watching.backlog import what_waits

LATE_REAL_SECONDS = 600.0
MANY_JOBS = 1000
LATELY = timedelta(days=1)  # as long as a failed job is kept: a line that never went away would help nobody


async def look_at_work(database: Database, clock: Clock) -> AsyncIterator[Finding]:
    """How deep the queue is, what is overdue by the program's time, and what could not be said."""
    now = clock.now()
    async with database.transaction() as session:
        waits = await what_waits(session, now)
        undelivered = await session.scalar(
            select(func.count(col(Message.id))).where(
                col(Message.state).in_(("failed", "unconfirmed")),
                col(Message.send_at) > now - LATELY,
                col(Message.workspace_id).not_in(gone()),
            )
        )
    yield _queue(waits["jobs_waiting"], waits["jobs_failed"], waits["workers"])
    start = "start `playercoach worker` and `playercoach clock` (or `run`); if they run, their logs say why"
    slots = [since for since in (waits["oldest_message"], waits["oldest_doubt"]) if since is not None]
    yield _in_time("messages", "the oldest", min(slots, default=None), clock, start)
    if undelivered:
        yield Finding("undelivered", f"{undelivered} of the last day", "the worker's log says why", is_fatal=False)
    yield _in_time("agenda", "the oldest item", waits["oldest_item"], clock, "start `playercoach clock` (or `run`)")


def _queue(waiting: int, failed: int, workers: int) -> Finding:
    if waiting and not workers:
        mend = "start `playercoach worker` (or `run`); if it runs, its log says why it does nothing"
        return Finding("queue", f"{waiting} jobs wait, and no worker runs", mend, is_fatal=False)
    mend = "the worker's log says why" if failed else ""
    if waiting > MANY_JOBS:
        mend = "start another `playercoach worker`; its log says what it can't do"
    lately = f", {failed} of the last day failed" if failed else ""
    return Finding("queue", f"{waiting} jobs wait{lately}", mend, is_fatal=False)


def _in_time(what: str, oldest: str, since: datetime | None, clock: Clock, start: str) -> Finding:
    late = timedelta() if since is None else clock.now() - since
    if late <= clock.span(LATE_REAL_SECONDS):
        return Finding(what, "nothing is late")
    return Finding(what, f"{oldest} is {late.total_seconds() / 3600:.1f} hours late", start)
