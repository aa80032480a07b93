"""What falls due, and the days on which someone was interrupted."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Index, text
from sqlmodel import Field, SQLModel

from bot.records.tables.columns import json_column

# What falls due at the same moment, as at nine, is taken in an order in which no workspace waits until another one is done. Who
# was enrolled together has ids in a row: multiplied by 997 over the golden ratio, they lie as far apart as they can.
BY_CHANCE = text("(id % 997 * 616 % 997)")


class AgendaItem(SQLModel, table=True):
    """Something that falls due. A repeating item is one row whose `due_at` moves on; `done_at` ends it."""

    __tablename__ = "agenda_item"
    __table_args__ = (
        Index("ix_agenda_item_due", "due_at", BY_CHANCE, postgresql_where=text("done_at IS NULL")),
        Index("ix_agenda_item_person", "person_id"),
    )

    id: int | None = Field(default=None, primary_key=True)
    key: str = Field(unique=True)  # «lesson:17»: one such item, ever
    kind: str
    workspace_id: str = Field(foreign_key="workspace.id")
    person_id: int | None = Field(default=None, foreign_key="person.id")
    about: dict[str, Any] = json_column(default_factory=dict)  # ids only
    due_at: datetime
    done_at: datetime | None = None
    outcome: str | None = None
    failures: int = 0


class Interruption(SQLModel, table=True):
    """A local day on which someone got an unprompted message. The primary key allows one a day, whoever decides."""

    person_id: int = Field(foreign_key="person.id", primary_key=True)
    on_day: date = Field(primary_key=True)
    kind: str
    message_id: UUID | None = Field(default=None, foreign_key="message.id", index=True)
    said_at: datetime
    joined: list[str] = json_column(default_factory=list)  # kinds that rode along
    held_back: list[str] = json_column(default_factory=list)  # kinds that wait for another day
