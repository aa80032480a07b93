"""The pace of each workspace: its row holds the next free slot, and booking one moves it on.

Any number of processes keep to it without talking to each other, since the row is locked until their commit.
"""

from datetime import datetime, timedelta

from sqlalchemy import text
from sqlmodel.ext.asyncio.session import AsyncSession

# When the next slot of a workspace is so near (a little more than a tick's interval), its messages get a job: all of them whose
# slots come within seven seconds, which the sender waits out. More would not be said within the time that a worker has to stop.
NEAR_REAL_SECONDS = 2.5
AHEAD_REAL_SECONDS = 7.0

# Slots that passed unused lately are made up for at once: what falls due at nine is planned a few seconds later, and Slack, which
# counts by the minute, allows short bursts.
MADE_UP_REAL_SECONDS = 3.0

_BOOK = text(
    "UPDATE workspace SET next_slot_at = greatest(next_slot_at, :not_before) + :taken WHERE id = :workspace"
    " RETURNING next_slot_at - :taken"
)
_FALL_SILENT = text(
    "UPDATE workspace SET quiet_until = :until, next_slot_at = greatest(next_slot_at, :now) + :pause"
    " WHERE id = :workspace AND (quiet_until IS NULL OR quiet_until <= :now)"
)
_SHIFT = text(
    "UPDATE message SET send_at = send_at + :pause, wake_at = greatest(wake_at, send_at + :pause)"
    " WHERE workspace_id = :workspace AND state = 'waiting' AND send_at < :horizon"
)


async def book_slots(
    session: AsyncSession, workspace_id: str, count: int, *, now: datetime, gap: timedelta, made_up: timedelta
) -> list[datetime]:
    """The workspace's next free moments to send, aware UTC, which are now taken; those of the last `made_up` are now."""
    row = await session.execute(_BOOK, {"workspace": workspace_id, "not_before": now - made_up, "taken": count * gap})
    first: datetime = row.scalar_one()
    return [max(now, first + place * gap) for place in range(count)]


async def fall_silent(session: AsyncSession, workspace_id: str, *, now: datetime, pause: timedelta) -> bool:
    """Slack asked for `pause`: all that this workspace is about to say moves by it. Asked twice at once, it moves once.

    Whether it moved.
    """
    values = {"workspace": workspace_id, "now": now, "until": now + pause, "pause": pause}
    if not (await session.execute(_FALL_SILENT, values)).rowcount:  # type: ignore[attr-defined]
        return False
    await session.execute(_SHIFT, {"workspace": workspace_id, "pause": pause, "horizon": now + pause})
    return True
