"""What was said goes from Slack: from where it stands, or from where it is found, if nobody knew yet whether it had been said."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from slack_sdk.errors import SlackApiError
from sqlalchemy import ColumnElement
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from bot.agenda.clock import wall
from bot.delivery.claims import LEASE_REAL_SECONDS
from bot.delivery.courier import NotSaid, Said, To, Undeliverable, Untold
from bot.delivery.jobs import Queue
from bot.records.tables import Message, Person
from bot.slack.clients import ClientOf
from bot.slack.refusals import word_of

# Slack's words for a message that is gone already, or that it will never let us delete.
UNSAID = frozenset(
    {"message_not_found", "channel_not_found", "cant_delete_message", "compliance_exports_prevent_deletion"}
)  # fmt: skip
IN_DOUBT = frozenset({"sending", "unconfirmed"})  # states of a message: it may have been said, or be said just now
# Real time: whoever was saying something has ended by then, one way or the other.
SETTLED_AFTER = timedelta(seconds=LEASE_REAL_SECONDS + 10)


@dataclass(frozen=True)
class InDoubt:
    """A message that may stand in someone's conversation, which is known or not, from that moment on (Slack's, aware UTC)."""

    id: UUID
    workspace_id: str
    slack_id: str
    channel: str | None
    since: datetime


# Looks for a message in the conversation of whoever it was for. Raises the courier's errors.
Find = Callable[..., Awaitable[Said | NotSaid | Untold]]


async def said(session: AsyncSession, of_them: ColumnElement[bool]) -> list[Said | InDoubt]:
    """Where these messages to people stand, or may stand. Until the commit nobody says one, or writes down where it is."""
    rows = await session.exec(
        select(Message, Person)
        .join(Person, col(Person.id) == col(Message.person_id))
        .where(of_them)
        .with_for_update(of=Message)
    )
    found: list[Said | InDoubt] = []
    for one, person in rows:
        if one.channel and one.ts:
            found.append(Said(one.channel, one.ts))
        elif one.state in IN_DOUBT and one.tried_at is not None:
            found.append(
                InDoubt(one.id, one.workspace_id, person.slack_id, one.channel or person.dm_channel, one.tried_at)
            )
    return found


@dataclass(frozen=True)
class Unsaying:
    """The parts of it."""

    queue: Queue
    client_of: ClientOf
    find: Find

    async def defer(self, session: AsyncSession, workspace_id: str, said: Sequence[Said | InDoubt]) -> None:
        """Have these deleted from Slack once this transaction is committed, in whose records they are no more."""
        stand = [
            {"workspace_id": workspace_id, "channel": one.channel, "ts": one.ts}
            for one in said
            if isinstance(one, Said)
        ]
        await self.queue.defer(session, "unsay", stand)
        may_stand = [_written(one) for one in said if isinstance(one, InDoubt)]
        await self.queue.defer(session, "unsay_if_said", may_stand, at=wall() + SETTLED_AFTER)

    async def unsay(self, channel: str, ts: str, workspace_id: str = "") -> None:
        """Delete a message from Slack: a job. Gone already is as good."""
        client = await self.client_of(workspace_id)
        try:
            await client.chat_delete(channel=channel, ts=ts)
        except SlackApiError as error:
            if word_of(error) not in UNSAID:
                raise

    async def unsay_if_said(self, **about: Any) -> None:
        """The same for one that has to be looked for: a job. Raises the courier's errors while nobody can tell.

        Where the app may not look, it stays: nobody else finds it either.
        """
        one = _read(**about)
        try:
            found = await self.find(one, To((one.slack_id,), one.channel), since=one.since)
        except Undeliverable as why:
            if not why.permanent:
                raise
            return
        if isinstance(found, Said):
            await self.unsay(found.channel, found.ts, one.workspace_id)


def _written(one: InDoubt) -> dict[str, Any]:
    return {**asdict(one), "id": str(one.id), "since": one.since.isoformat()}


def _read(id: str, since: str, **rest: Any) -> InDoubt:
    return InDoubt(UUID(id), since=datetime.fromisoformat(since), **rest)
