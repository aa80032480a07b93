"""All tables. Plain foreign keys and explicit joins; UNIQUE constraints are the referees of who was first.

Every `datetime` is aware UTC. (No `from __future__ import annotations` here: SQLModel reads the annotations.)
"""

from datetime import date, datetime, time
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import CheckConstraint, Column, Index, UniqueConstraint, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlmodel import Field, SQLModel


def _json(**options: Any) -> Any:
    return Field(sa_column=Column(JSONB, nullable=False), **options)


class Workspace(SQLModel, table=True):
    """A Slack workspace. Its row is the pace-keeper of everything that is said there."""

    id: str = Field(primary_key=True)  # Slack's team id
    name: str
    bot_user_id: str
    next_slot_at: datetime  # the next free moment to send something
    quiet_until: datetime | None = None  # Slack asked us to wait until then


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
    locale: str | None = None  # as Slack says: «sl-SI»
    language: str | None = None  # as they chose; None: the locale's
    country: str | None = None  # whose public holidays they keep, as they chose; None: the program's
    paused_at: datetime | None = None  # they asked us to be quiet …
    paused_until: date | None = None  # … until that local day; None: until they say so
    away_until: datetime | None = None  # do-not-disturb, or a status that says so
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


class Enrollment(SQLModel, table=True):
    """One manager's way through the program, with a mentor."""

    __table_args__ = (UniqueConstraint("cohort_id", "person_id"),)

    id: int | None = Field(default=None, primary_key=True)
    cohort_id: int = Field(foreign_key="cohort.id", index=True)
    person_id: int = Field(foreign_key="person.id", unique=True)  # one way at a time
    mentor_id: int | None = Field(default=None, foreign_key="person.id", index=True)
    starts_on: date
    begun_at: datetime | None = None  # week 1 is counted from here; None: the welcome waits for its click
    lesson_days: list[str] | None = Field(default=None, sa_column=Column(JSONB))  # own choice; None: the program's
    lesson_at: time | None = None  # local; own choice
    slower: bool = False  # one lesson a week, as they asked
    stopped_at: datetime | None = None  # they asked us to stop: everything is kept, nothing is said
    ended_at: datetime | None = None  # the last week is over
    goes_on: bool = False  # after the end they want their weekly review to go on
    letting_go_shared_at: datetime | None = None  # the mentor may see that trend since then


class AgendaItem(SQLModel, table=True):
    """Something that falls due. A repeating item is one row whose `due_at` moves on; `done_at` ends it."""

    __tablename__ = "agenda_item"
    __table_args__ = (
        Index("ix_agenda_item_due", "due_at", postgresql_where=text("done_at IS NULL")),
        Index("ix_agenda_item_person", "person_id"),
    )

    id: int | None = Field(default=None, primary_key=True)
    key: str = Field(unique=True)  # «lesson:17»: one such item, ever
    kind: str
    workspace_id: str = Field(foreign_key="workspace.id")
    person_id: int | None = Field(default=None, foreign_key="person.id")
    about: dict[str, Any] = _json(default_factory=dict)  # ids only
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
    joined: list[str] = _json(default_factory=list)  # kinds that rode along
    held_back: list[str] = _json(default_factory=list)  # kinds that wait for another day


class PeerRound(SQLModel, table=True):
    """One grouping of a cohort. The seed makes it repeatable."""

    __tablename__ = "peer_round"
    __table_args__ = (UniqueConstraint("cohort_id", "number"),)

    id: int | None = Field(default=None, primary_key=True)
    cohort_id: int = Field(foreign_key="cohort.id")
    number: int
    seed: int
    formed_at: datetime


class PeerGroup(SQLModel, table=True):
    """Two managers, or three, of one round; and whether they met."""

    __tablename__ = "peer_group"

    id: int | None = Field(default=None, primary_key=True)
    round_id: int = Field(foreign_key="peer_round.id", index=True)
    reason: str
    lesson_id: str | None = None  # what they may talk about
    met: str | None = None  # yes, not_yet or could_not: the first answer counts
    met_by: int | None = Field(default=None, foreign_key="person.id")
    met_at: datetime | None = None


class PeerMember(SQLModel, table=True):
    """Who is in which group. The primary key keeps anyone from being in two groups of a round."""

    __tablename__ = "peer_member"

    round_id: int = Field(foreign_key="peer_round.id", primary_key=True)
    person_id: int = Field(foreign_key="person.id", primary_key=True)
    group_id: int = Field(foreign_key="peer_group.id", index=True)


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
    payload: dict[str, Any] = _json(default_factory=dict)
    state: str = "waiting"
    created_at: datetime
    send_at: datetime  # its slot in the workspace's pace
    wake_at: datetime | None  # when it next needs a worker's job; None: never again
    lease_until: datetime | None = None  # someone is saying it, until then
    attempts: int = 0
    tried_at: datetime | None = None  # Slack's own time, not the program's: for the look-up in its history
    sent_at: datetime | None = None
    channel: str | None = None
    ts: str | None = None
    error: str | None = None


class Edition(SQLModel, table=True):
    """A lesson exactly as it was served; never changed, so that an old answer keeps the words it answered."""

    hash: str = Field(primary_key=True)
    lesson_id: str = Field(index=True)
    revision: int
    content: dict[str, Any] = _json()
    served_at: datetime


class LessonGiven(SQLModel, table=True):
    """A lesson that a manager got; the constraint keeps it from being given twice."""

    __tablename__ = "lesson_given"
    __table_args__ = (UniqueConstraint("enrollment_id", "lesson_id"),)

    id: int | None = Field(default=None, primary_key=True)
    enrollment_id: int = Field(foreign_key="enrollment.id")
    lesson_id: str
    edition_hash: str = Field(foreign_key="edition.hash")
    message_id: UUID = Field(foreign_key="message.id", unique=True)
    given_at: datetime
    why: str | None = None  # the reason for this lesson now …
    why_about: str | None = None  # … and the area or lesson that it names
    set_aside_at: datetime | None = None  # «not for me»


class Response(SQLModel, table=True):
    """What someone answered. The constraint makes the first answer the one that counts."""

    __table_args__ = (UniqueConstraint("message_id", "check_id"),)

    id: int | None = Field(default=None, primary_key=True)
    message_id: UUID = Field(foreign_key="message.id")
    check_id: str
    edition_hash: str = Field(foreign_key="edition.hash")
    person_id: int = Field(foreign_key="person.id", index=True)
    answer: dict[str, Any] = _json()  # {"options": [id]}, {"value": 3} or {"text": "…"}
    confidence: str | None = None  # sure, think_so or guess
    correct: bool | None = None
    answered_at: datetime
    shared_at: datetime | None = None  # the mentor may see it since then


class Promise(SQLModel, table=True):
    """An action that a manager said they would try."""

    __table_args__ = (UniqueConstraint("enrollment_id", "lesson_id"),)

    id: int | None = Field(default=None, primary_key=True)
    enrollment_id: int = Field(foreign_key="enrollment.id")
    lesson_id: str
    message_id: UUID = Field(foreign_key="message.id", unique=True)
    text: str  # mrkdwn of the lesson's action
    plan: str | None = None  # the if-then in their own words, plain; None: the lesson's
    due_on: date  # the local day on which they mean to do it
    promised_at: datetime
    status: str | None = None  # yes, partly or not_yet
    note: str | None = None  # what came of it, in their own words
    note_shared_at: datetime | None = None
    answered_at: datetime | None = None
    moved_at: datetime | None = None  # «not yet» got its one new date
    let_go_at: datetime | None = None  # and then it is let go


class Rating(SQLModel, table=True):
    """A level of an area's rubric, by the manager or by the mentor. The two are never averaged."""

    __table_args__ = (UniqueConstraint("enrollment_id", "area_id", "week", "rated_by"),)

    id: int | None = Field(default=None, primary_key=True)
    enrollment_id: int = Field(foreign_key="enrollment.id")
    area_id: str
    week: int  # of the program: 0 is the baseline
    rated_by: str  # self or mentor
    level: int | None = None  # 1 to 5; None: not seen yet
    seen: str | None = None  # what the mentor saw
    rated_at: datetime


class Review(SQLModel, table=True):
    """A check that was asked again. Unanswered rows are no answers; answered ones are the truth about what is remembered."""

    __table_args__ = (
        UniqueConstraint("message_id", "lesson_id", "check_id"),
        Index("ix_review_enrollment", "enrollment_id"),
    )

    id: int | None = Field(default=None, primary_key=True)
    enrollment_id: int = Field(foreign_key="enrollment.id")
    message_id: UUID = Field(foreign_key="message.id")
    place: int  # in the message, from 0
    lesson_id: str
    check_id: str
    edition_hash: str = Field(foreign_key="edition.hash")
    asked_at: datetime
    answer: dict[str, Any] | None = Field(default=None, sa_column=Column(JSONB(none_as_null=True)))  # {"options": [id]}
    confidence: str | None = None
    correct: bool | None = None
    answered_at: datetime | None = None


class Card(SQLModel, table=True):
    """What the scheduler knows of one question for one manager: a cache, rebuilt from responses and reviews at any time."""

    enrollment_id: int = Field(foreign_key="enrollment.id", primary_key=True)
    lesson_id: str = Field(primary_key=True)
    check_id: str = Field(primary_key=True)
    revision: int
    scheduler: str  # fsrs or ladder
    stability: float | None = None
    difficulty: float | None = None
    step: int
    due_at: datetime
    last_at: datetime


class Pulse(SQLModel, table=True):
    """A number that a manager gave about themselves: confidence in an area, or how the letting go went."""

    __table_args__ = (UniqueConstraint("message_id", "question"), Index("ix_pulse_enrollment", "enrollment_id"))

    id: int | None = Field(default=None, primary_key=True)
    enrollment_id: int = Field(foreign_key="enrollment.id")
    message_id: UUID = Field(foreign_key="message.id")
    question: str  # «confidence:talent», «deals_taken_over», «talks_held»
    value: int
    answered_at: datetime


class Tally(SQLModel, table=True):
    """What stays after an erasure: counts that belong to nobody."""

    key: str = Field(primary_key=True)  # «answers:tracking-01:q1:right»
    count: int
