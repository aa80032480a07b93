"""What is said in Slack: the outbox."""

from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import CheckConstraint, Index, text
from sqlmodel import Field, SQLModel

from bot.records.tables.columns import json_column

MESSAGE_BLOCK = "message:"  # … and the id: that of its first block in Slack
STATES = ("waiting", "sending", "sent", "unconfirmed", "failed", "cancelled")


class Message(SQLModel, table=True):
    """Something to be said in Slack, once. Written down before it is sent; its id travels with it.

    waiting → sending → sent, or failed for good, or cancelled, or `unconfirmed`: it may have been said, and nobody can tell.
    """

    __table_args__ = (
        CheckConstraint(f"state IN {STATES}", name="ck_message_state"),
        Index("ix_message_wake", "wake_at", postgresql_where=text("wake_at IS NOT NULL")),
        Index("ix_message_waiting", "workspace_id", "send_at", postgresql_where=text("state = 'waiting'")),
        Index("ix_message_person", "person_id"),
    )

    id: UUID = Field(default_factory=uuid4, primary_key=True)
    key: str = Field(unique=True)  # «lesson:17:tracking-01»: said once, ever
    kind: str
    workspace_id: str = Field(foreign_key="workspace.id")
    person_id: int | None = Field(default=None, foreign_key="person.id")  # a DM …
    group_id: int | None = Field(default=None, foreign_key="peer_group.id")  # … or a group DM
    payload: dict[str, Any] = json_column(default_factory=dict)
    state: str = "waiting"
    created_at: datetime
    send_at: datetime  # its slot in the workspace's pace
    wake_at: datetime | None  # when it next needs a worker's job; None: never again
    lease_until: datetime | None = None  # someone is saying it, until then
    attempts: int = 0
    refusals: int = Field(default=0, sa_column_kwargs={"server_default": "0"})  # by Slack, or as it couldn't be drawn
    tried_at: datetime | None = None  # Slack's own time, not the program's: for the look-up in its history
    sent_at: datetime | None = None
    channel: str | None = None
    ts: str | None = None
    error: str | None = None
