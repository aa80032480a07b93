"""Rounds of peers: who meets whom, who was left out, who would rather not."""

from datetime import datetime

from sqlalchemy import UniqueConstraint
from sqlmodel import Field, SQLModel

from bot.records.tables.columns import json_column


class PeerRound(SQLModel, table=True):
    """One grouping of a pool: proposed to staff, then started. The seed makes it repeatable."""

    __tablename__ = "peer_round"
    __table_args__ = (UniqueConstraint("workspace_id", "pool", "number"),)

    id: int | None = Field(default=None, primary_key=True)
    workspace_id: str = Field(foreign_key="workspace.id")
    pool: str  # a cohort's name, or that of a pool of several in program.yaml
    number: int
    seed: int
    formed_at: datetime
    starts_at: datetime  # silence until then means «go»
    started_at: datetime | None = None  # None: still a proposal
    started_by: int | None = Field(default=None, foreign_key="person.id")  # None: nobody said anything


class PeerGroup(SQLModel, table=True):
    """Two managers, or three, of one round; when they meet, and whether they did."""

    __tablename__ = "peer_group"

    id: int | None = Field(default=None, primary_key=True)
    round_id: int = Field(foreign_key="peer_round.id", index=True)
    reason: str  # the name of a Reason
    lesson_id: str | None = None  # what they may talk about
    organiser_id: int | None = Field(default=None, foreign_key="person.id")
    times: list[str] = json_column(default_factory=list)  # proposed moments, ISO 8601 with their offset (UTC)
    meets_at: datetime | None = None  # the time that was picked: the first click counts
    picked_by: int | None = Field(default=None, foreign_key="person.id")
    met: str | None = None  # all, some, not_yet or could_not; «not yet» may change once more
    met_by: int | None = Field(default=None, foreign_key="person.id")
    met_at: datetime | None = None
    asked_again_at: datetime | None = None  # after «not yet», once


class PeerMember(SQLModel, table=True):
    """Who is in which group. The primary key keeps anyone from being in two groups of a round."""

    __tablename__ = "peer_member"

    round_id: int = Field(foreign_key="peer_round.id", primary_key=True)
    person_id: int = Field(foreign_key="person.id", primary_key=True)
    group_id: int = Field(foreign_key="peer_group.id", index=True)
    heard_at: datetime | None = None  # they pressed something about it; None: silence


class PeerLeftOut(SQLModel, table=True):
    """Someone of a pool for whom a round had no group, and why."""

    __tablename__ = "peer_left_out"

    round_id: int = Field(foreign_key="peer_round.id", primary_key=True)
    person_id: int = Field(foreign_key="person.id", primary_key=True)
    reason: str  # nobody_else, nobody_allowed or staff


class PeerBlock(SQLModel, table=True):
    """Someone would rather not be in a group with someone else. Private, and it holds both ways."""

    __tablename__ = "peer_block"

    person_id: int = Field(foreign_key="person.id", primary_key=True)
    blocked_id: int = Field(foreign_key="person.id", primary_key=True, index=True)
    blocked_at: datetime
