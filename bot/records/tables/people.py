"""Who takes part: workspaces, people, cohorts, ways through the program, and what staff did about them."""

from datetime import date, datetime, time
from typing import Any

from sqlalchemy import Column, Index, UniqueConstraint
from sqlalchemy.dialects.postgresql import JSONB
from sqlmodel import Field, SQLModel

from bot.records.tables.columns import json_column


class Workspace(SQLModel, table=True):
    """A Slack workspace. Its row is the pace-keeper of everything that is said there."""

    id: str = Field(primary_key=True)  # Slack's team id
    name: str
    bot_user_id: str
    next_slot_at: datetime  # the next free moment to send something
    quiet_until: datetime | None = None  # Slack asked us to wait until then
    enterprise_id: str | None = (
        None  # the organisation that it belongs to: its one installation may serve this one, too
    )
    left_at: datetime | None = None  # the app was uninstalled there: nothing is said until it is installed again


class Person(SQLModel, table=True):
    """Someone in a workspace: manager, mentor or staff."""

    __table_args__ = (UniqueConstraint("workspace_id", "slack_id"),)

    id: int | None = Field(default=None, primary_key=True)
    workspace_id: str = Field(foreign_key="workspace.id")
    slack_id: str
    name: str
    first_name: str
    email: str | None = None
    timezone: str | None = None  # IANA, as Slack says; None: unknown
    roster_timezone: str | None = None  # IANA, as the roster says, which knows better; None: Slack's
    role: str | None = None  # staff or analyst, as a command gave it; the program names others
    locale: str | None = None  # as Slack says: «sl-SI»
    language: str | None = None  # as they chose; None: the locale's
    country: str | None = None  # whose public holidays they keep, as they chose; None: the program's
    paused_at: datetime | None = None  # they asked us to be quiet …
    paused_until: date | None = None  # … until that local day; None: until they say so
    away_until: datetime | None = None  # do-not-disturb, or a status that says so
    digest_day: str | None = None  # of a mentor, as they chose: mon, tue …; None: the program's
    digest_at: time | None = None  # local; as they chose
    dm_channel: str | None = None
    deactivated_at: datetime | None = None
    unreachable_at: datetime | None = None
    unreachable_reason: str | None = None


class Cohort(SQLModel, table=True):
    """New managers who start together."""

    __table_args__ = (UniqueConstraint("workspace_id", "name"),)

    id: int | None = Field(default=None, primary_key=True)
    workspace_id: str = Field(foreign_key="workspace.id")
    name: str
    starts_on: date | None = None  # who joins from now on starts then, or at once if that day is over
    user_group: str | None = None  # Slack's id of the user group that it is kept in step with
    paused_at: datetime | None = None  # staff paused all who were in it then …
    paused_until: date | None = None  # … until that local day; None: until staff say so
    more_weeks: int = Field(default=0, sa_column_kwargs={"server_default": "0"})  # of reviews, beyond the program's
    closed_at: datetime | None = None  # nobody joins any more, and nothing is said


class Enrollment(SQLModel, table=True):
    """One manager's way through the program, with a mentor."""

    __table_args__ = (UniqueConstraint("cohort_id", "person_id"),)

    id: int | None = Field(default=None, primary_key=True)
    cohort_id: int = Field(foreign_key="cohort.id", index=True)
    person_id: int = Field(foreign_key="person.id", unique=True)  # one way at a time
    mentor_id: int | None = Field(default=None, foreign_key="person.id", index=True)
    buddy_id: int | None = Field(default=None, foreign_key="person.id", index=True)  # a mentor who evaluates nothing
    team: str | None = None  # whom they work with every day: peers come from other teams
    starts_on: date
    begun_at: datetime | None = None  # week 1 begins here; None: the welcome waits for its click
    lesson_days: list[str] | None = Field(default=None, sa_column=Column(JSONB))  # own choice; None: the program's
    lesson_at: time | None = None  # local; own choice
    slower: bool = False  # one lesson a week, as they asked
    stopped_at: datetime | None = None  # they asked us to stop, or left: everything is kept, nothing is said
    # When they were away, as agenda/away.py keeps it: stops and pauses that are over, and pauses whose end is known.
    away: list[dict[str, Any]] = json_column(default_factory=list, server_default="[]")
    left_at: datetime | None = None  # staff took them out; the same as `stopped_at`, unless they had stopped before
    ended_at: datetime | None = None  # the last week is over
    goes_on: bool = False  # after the end they want their weekly review to go on
    reviews_ended_at: datetime | None = None  # it did, until then
    letting_go_shared_at: datetime | None = None  # the mentor may see that trend since then
    areas_shared_at: datetime | None = None  # the mentor may see where they stand in the areas since then
    next_talk_at: datetime | None = None  # the next one-to-one with the mentor, as the mentor set it
    rests_since: datetime | None = None  # from peer rounds, after some in which nothing was heard; one click ends it


class Erased(SQLModel, table=True):
    """That someone was erased: for user groups, which would enrol them again for as long as they are in one.

    No Slack id, and none can be read from it. Only who has one already can ask whether this is it: a salt of its own keeps one
    row from being compared with another, or with a table of all ids.
    """

    workspace_id: str = Field(foreign_key="workspace.id", primary_key=True)
    salt: str = Field(primary_key=True)
    mark: str


class StaffAct(SQLModel, table=True):
    """Something that staff did, by a click or a command: who, what, about whom. Ids and numbers, never what people wrote."""

    __tablename__ = "staff_act"
    __table_args__ = (Index("ix_staff_act_when", "workspace_id", "done_at"),)

    id: int | None = Field(default=None, primary_key=True)
    workspace_id: str = Field(foreign_key="workspace.id")
    done_at: datetime
    act: str  # «roster.moved», «cohort.pause», «round.swap»
    by_id: int | None = Field(default=None, foreign_key="person.id", index=True)  # None: a command, or someone erased
    by_command: bool
    person_id: int | None = Field(default=None, foreign_key="person.id", index=True)  # whom it is about …
    other_id: int | None = Field(default=None, foreign_key="person.id", index=True)  # … and their mentor or buddy in it
    about: dict[str, Any] = json_column(default_factory=dict)
