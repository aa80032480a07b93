"""The outbox: what is to be said is written down here, in the transaction that decided it, and only then sent."""

import logging
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from operator import itemgetter
from typing import Any, Protocol
from uuid import UUID, uuid4

from sqlalchemy import text
from sqlmodel.ext.asyncio.session import AsyncSession

from bot.agenda.clock import Clock
from bot.delivery import pace
from bot.records import workspaces
from bot.records.many import insert_new
from bot.records.tables import Message

logger = logging.getLogger(__name__)

# A job that was lost with its worker is given again after this long. A job too many does no harm: the row is claimed first.
LOST_JOB_REAL_SECONDS = 300.0
LONGEST_SILENCE_REAL_SECONDS = 600.0  # Slack asks for a minute or so
LARGEST_BATCH = 1024  # many times what is drawn at once where Slack is quick: what a job costs by itself is little then

# Materialised, or PostgreSQL may look for what is near once for each message that is due. What is being said, or in doubt, is
# given when its lease is over and not ahead of that: nobody could claim it yet.
_RELEASE = text(
    "WITH near AS MATERIALIZED (SELECT workspace_id FROM message WHERE wake_at <= :near ORDER BY wake_at LIMIT :most),"
    " due AS MATERIALIZED (SELECT id FROM message WHERE wake_at <= :horizon AND workspace_id IN (SELECT workspace_id FROM near)"
    " AND (state = 'waiting' OR wake_at <= :now)"
    " AND workspace_id NOT IN (SELECT id FROM workspace WHERE left_at IS NOT NULL)"
    " ORDER BY wake_at LIMIT :most FOR UPDATE SKIP LOCKED)"
    " UPDATE message SET wake_at = :again FROM due WHERE message.id = due.id"
    " RETURNING message.id, message.workspace_id, message.send_at"
)
# A plan from before nine, when nothing was waiting, would look through all messages for each that is due, until PostgreSQL has
# counted them anew. So it is planned each time, for the table as it is.
_PLANNED_ANEW = text("SET LOCAL plan_cache_mode = force_custom_plan")
_CANCEL = text("UPDATE message SET state = 'cancelled', wake_at = NULL WHERE key = :key AND state = 'waiting'")


class Jobs(Protocol):
    """What the outbox needs of the job queue: to defer within the caller's transaction."""

    async def defer_sends(self, session: AsyncSession, batches: Iterable[tuple[str, list[UUID]]]) -> None:
        """A job for each workspace's id and batch of message ids."""

    async def defer_refresh(self, session: AsyncSession, message_ids: Iterable[UUID]) -> None:
        """A job for each sent message, that draws it anew."""

    async def defer_redraw(self, session: AsyncSession, message_ids: Iterable[UUID]) -> None:
        """The same, after what somebody waits for."""


@dataclass(frozen=True)
class Words:
    """What is to be said, to whom. `payload` holds ids and small values, never a token."""

    key: str
    kind: str
    workspace_id: str
    payload: Mapping[str, Any]
    person_id: int | None = None
    group_id: int | None = None
    channel: str | None = None


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
        (message_id,) = await self.say_all(
            session,
            [Words(key, kind, workspace_id, payload, person_id=person_id, group_id=group_id, channel=channel)],
            lost_after=LOST_JOB_REAL_SECONDS if at_once else 0.0,
        )
        if at_once and message_id is not None:
            await self.jobs.defer_sends(session, [(workspace_id, [message_id])])
        return message_id

    async def say_all(
        self, session: AsyncSession, words: Sequence[Words], *, lost_after: float = 0.0
    ) -> list[UUID | None]:
        """The same for many, in their order: with few statements, however many they are.

        They get their jobs from the next tick, so many real seconds after their slot.
        """
        if not words:
            return []
        slots = await self._book(session, words)
        rows = [
            self._row(one, slot, slot + self.clock.span(lost_after)) for one, slot in zip(words, slots, strict=True)
        ]
        new = await insert_new(session, Message, rows, key="id")
        return [row["id"] if row["id"] in new else None for row in rows]

    async def _book(self, session: AsyncSession, words: Sequence[Words]) -> list[datetime]:
        """A slot for each of these. Workspaces come in one order in every process, so that no two wait for each other's."""
        now, gap = self.clock.now(), self.clock.span(self.gap_real_seconds)
        made_up = self.clock.span(pace.MADE_UP_REAL_SECONDS)
        slots: dict[str, Iterator[datetime]] = {}
        for workspace_id, count in sorted(Counter(one.workspace_id for one in words).items()):
            booked = await pace.book_slots(session, workspace_id, count, now=now, gap=gap, made_up=made_up)
            slots[workspace_id] = iter(booked)
        return [next(slots[one.workspace_id]) for one in words]

    def _row(self, words: Words, slot: datetime, wake_at: datetime) -> dict[str, Any]:
        return {
            "id": uuid4(),
            "key": words.key,
            "kind": words.kind,
            "workspace_id": words.workspace_id,
            "person_id": words.person_id,
            "group_id": words.group_id,
            "channel": words.channel,
            "payload": dict(words.payload),
            "state": "waiting",
            "created_at": self.clock.now(),
            "send_at": slot,
            "wake_at": wake_at,
            "attempts": 0,
        }

    async def cancel(self, session: AsyncSession, key: str) -> None:
        """Take back what has not been sent yet; too late is no error."""
        await session.execute(_CANCEL, {"key": key})

    async def refresh(self, session: AsyncSession, *message_ids: UUID) -> None:
        """Have sent messages drawn anew from what is on record, soon after this transaction."""
        await self.jobs.defer_refresh(session, message_ids)

    async def redraw(self, session: AsyncSession, message_ids: Iterable[UUID]) -> None:
        """The same for many at once, at which nobody looks just now: each once, after what somebody waits for, and tried until
        it is done. For what somebody was told is gone."""
        await self.jobs.defer_redraw(session, dict.fromkeys(message_ids))

    async def release(self, session: AsyncSession, *, most: int = 1000) -> bool:
        """Give jobs to the messages whose time is near (or whose job was lost), by workspace; whether those were all."""
        now, ahead = self.clock.now(), self.clock.span(pace.AHEAD_REAL_SECONDS)
        await session.execute(_PLANNED_ANEW)
        rows = await session.execute(
            _RELEASE,
            {
                "now": now,
                "near": now + self.clock.span(pace.NEAR_REAL_SECONDS),
                "horizon": now + ahead,
                "again": now + ahead + self.clock.span(LOST_JOB_REAL_SECONDS),
                "most": most,
            },
        )
        due = [(row.send_at, row.workspace_id, row.id) for row in rows]
        await self.jobs.defer_sends(session, _batches(due))
        return len(due) < most

    async def set_right(self, session: AsyncSession) -> None:
        """Speak from now on where a clock ran ahead and was set right: it had booked slots that nobody would wait for."""
        gap, longest = self.clock.span(self.gap_real_seconds), self.clock.span(LONGEST_SILENCE_REAL_SECONDS)
        for one in await workspaces.set_right(session, now=self.clock.now(), gap=gap, longest=longest):
            logger.warning(
                "a workspace's next slot was far in the future, though little waits there, and is now",
                extra={"action": "pace.set_right", "workspace": one},
            )


def _batches(due: list[tuple[datetime, str, UUID]]) -> list[tuple[str, list[UUID]]]:
    """A workspace's due messages go into few jobs, in their order: one job each costs more than the sending."""
    by_workspace: dict[str, list[UUID]] = defaultdict(list)
    for _, workspace_id, message_id in sorted(due, key=itemgetter(0)):
        by_workspace[workspace_id].append(message_id)
    return [
        (workspace_id, ids[start : start + LARGEST_BATCH])
        for workspace_id, ids in by_workspace.items()
        for start in range(0, len(ids), LARGEST_BATCH)
    ]
