"""What waits in the database, and what is late."""

from collections.abc import AsyncIterator
from datetime import timedelta

from sqlalchemy import func, text
from sqlmodel import col, select

from bot.agenda.clock import wall
from bot.findings import Finding
from bot.records.database import Database
from bot.records.tables import AgendaItem
from bot.records.workspaces import gone

LATE = timedelta(minutes=10)
MANY_JOBS = 1000

# Those that stand in line for Slack come in their time, and no other worker does them sooner.
_JOBS = (
    "SELECT count(*) FROM procrastinate_jobs WHERE status = 'todo' AND (scheduled_at IS NULL OR scheduled_at <= now())"
)


async def look_at_work(database: Database) -> AsyncIterator[Finding]:
    """How deep the queue is, and what is overdue."""
    async with database.transaction() as session:
        jobs = await session.scalar(text(_JOBS))
        due = await session.scalar(
            select(func.min(AgendaItem.due_at)).where(
                col(AgendaItem.done_at).is_(None), col(AgendaItem.workspace_id).not_in(gone())
            )
        )
    mend = "start another `playercoach worker`; its log says what it can't do" if (jobs or 0) > MANY_JOBS else ""
    yield Finding("queue", f"{jobs} jobs wait", mend, is_fatal=False)
    late = None if due is None else wall() - due
    if late is not None and late > LATE:
        hours = late.total_seconds() / 3600
        yield Finding("agenda", f"the oldest item is {hours:.1f} hours late", "start `playercoach clock` (or `run`)")
    else:
        yield Finding("agenda", "nothing is late")
