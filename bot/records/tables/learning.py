"""What a manager was given, answered, promised and reviewed."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Column, Index, UniqueConstraint
from sqlalchemy.dialects.postgresql import JSONB
from sqlmodel import Field, SQLModel

from bot.records.tables.columns import json_column


class Edition(SQLModel, table=True):
    """A lesson exactly as it was served; never changed, so that an old answer keeps the words it answered."""

    hash: str = Field(primary_key=True)
    lesson_id: str = Field(index=True)
    revision: int
    content: dict[str, Any] = json_column()
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
    answer: dict[str, Any] = json_column()  # {"options": [id]}, {"value": 3} or {"text": "…"}
    confidence: str | None = None  # sure, think_so or guess
    correct: bool | None = None
    answered_at: datetime
    shared_at: datetime | None = None  # the mentor may see it since then


class Promise(SQLModel, table=True):
    """An action that a manager said they would try."""

    __table_args__ = (UniqueConstraint("enrollment_id", "lesson_id"),)

    id: int | None = Field(default=None, primary_key=True)
    enrollment_id: int = Field(foreign_key="enrollment.id")
    lesson_id: str  # or «peers:17»: what came of a meeting of that group
    message_id: UUID | None = Field(
        default=None, foreign_key="message.id", unique=True
    )  # the lesson's; None: of a group
    group_id: int | None = Field(default=None, foreign_key="peer_group.id")
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


class StatementSent(SQLModel, table=True):
    """An xAPI statement that the learning record store has taken: it is not posted again."""

    __tablename__ = "statement_sent"

    id: UUID = Field(primary_key=True)
    sent_at: datetime
