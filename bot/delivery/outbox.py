"""The outbox: what is to be said is written down here, in the transaction that decided it, and only then sent."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Protocol
from uuid import UUID, uuid4

from sqlalchemy import text
from sqlalchemy.dialects.postgresql import insert
from sqlmodel.ext.asyncio.session import AsyncSession

from bot.agenda.clock import Clock
from bot.delivery import pace
from bot.records.tables import Message

# A job that was lost with its worker is given again after this long. A job too many does no harm: the row is claimed first.
LOST_JOB_REAL_SECONDS = 300.0
LARGEST_BATCH = 100

_RELEASE = text(
    "UPDATE message SET wake_at = :again WHERE id IN ("
    " SELECT id FROM message WHERE wake_at <= :horizon"
    " AND workspace_id NOT IN (SELECT id FROM workspace WHERE left_at IS NOT NULL)"
    " ORDER BY wake_at LIMIT :most FOR UPDATE SKIP LOCKED)"
    " RETURNING id, workspace_id, send_at"
)
_CANCEL = text("UPDATE message SET state = 'cancelled', wake_at = NULL WHERE key = :key AND state = 'waiting'")


class Jobs(Protocol):
    """What the outbox needs of the job queue: to defer within the caller's transaction."""

    async def defer_sends(self, session: AsyncSession, batches: Iterable[tuple[str, list[UUID]]]) -> None:
        """A job for each workspace's id and batch of message ids."""

    async def defer_refresh(self, session: AsyncSession, message_id: UUID) -> None:
        """A job that draws a sent message anew."""


@dataclass(frozen=True)
class Outbox:
    """Where rooms say things. Nothing here talks to Slack."""

    clock: Clock
    jobs: Jobs
    gap_real_seconds: float  # between two messages in a workspace

    async def say(
        self,
        session: AsyncSession,
        *,
        key: str,
        kind: str,
        workspace_id: str,
        payload: Mapping[str, Any],
        person_id: int | None = None,
        group_id: int | None = None,
        channel: str | None = None,
        at_once: bool = False,
    ) -> UUID | None:
        """Write a message down, with its slot in the workspace's pace. None if that key was said before.

        `payload` holds ids and small values, never a token. What is to be said later belongs on the agenda, not here. `at_once`
        is for what someone waits for: it does not wait for the next tick to get its job.
        """
        now = self.clock.now()
        slot = await pace.book_slot(session, workspace_id, now=now, gap=self.clock.span(self.gap_real_seconds))
        row = await session.execute(
            insert(Message)
            .values(
                id=uuid4(),
                key=key,
                kind=kind,
                workspace_id=workspace_id,
                person_id=person_id,
                group_id=group_id,
                channel=channel,
                payload=dict(payload),
                state="waiting",
                created_at=now,
                send_at=slot,
                wake_at=slot + self.clock.span(LOST_JOB_REAL_SECONDS) if at_once else slot,
                attempts=0,
            )
            .on_conflict_do_nothing(index_elements=["key"])
            .returning(Message.__table__.c.id)  # type: ignore[attr-defined]
        )
        message_id: UUID | None = row.scalar_one_or_none()
        if at_once and message_id is not None:
            await self.jobs.defer_sends(session, [(workspace_id, [message_id])])
        return message_id

    async def cancel(self, session: AsyncSession, key: str) -> None:
        """Take back what has not been sent yet; too late is no error."""
        await session.execute(_CANCEL, {"key": key})

    async def refresh(self, session: AsyncSession, message_id: UUID) -> None:
        """Have a sent message drawn anew from what is on record, soon after this transaction."""
        await self.jobs.defer_refresh(session, message_id)

    async def release(self, session: AsyncSession, *, most: int = 1000) -> int:
        """Give a job to each message whose time has come (or whose job was lost); how many they were."""
        now = self.clock.now()
        rows = await session.execute(
            _RELEASE,
            {
                "horizon": now + self._ahead(),
                "again": now + self._ahead() + self.clock.span(LOST_JOB_REAL_SECONDS),
                "most": most,
            },
        )
        due = [(row.send_at, row.workspace_id, row.id) for row in rows]
        await self.jobs.defer_sends(session, _batches(due))
        return len(due)

    def _ahead(self) -> timedelta:
        return self.clock.span(pace.AHEAD_REAL_SECONDS)


def _batches(due: list[tuple[datetime, str, UUID]]) -> list[tuple[str, list[UUID]]]:
    """A workspace's due messages go into few jobs, in their order: one job each costs more than the sending."""
    by_workspace: dict[str, list[UUID]] = defaultdict(list)
    for _, workspace_id, message_id in sorted(due):
        by_workspace[workspace_id].append(message_id)
    return [
        (workspace_id, ids[start : start + LARGEST_BATCH])
        for workspace_id, ids in by_workspace.items()
        for start in range(0, len(ids), LARGEST_BATCH)
    ]
