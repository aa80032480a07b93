"""What managers and mentors say of how it goes: ratings, notes, observations, and the relation itself."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import Index, UniqueConstraint
from sqlmodel import Field, SQLModel


class Rating(SQLModel, table=True):
    """A level of an area's rubric, by the manager or by the mentor. The two are never averaged."""

    __table_args__ = (UniqueConstraint("enrollment_id", "area_id", "week", "rated_by"),)

    id: int | None = Field(default=None, primary_key=True)
    enrollment_id: int = Field(foreign_key="enrollment.id")
    area_id: str
    week: int  # of the program: 0 is the baseline
    rated_by: str  # self or mentor
    # Which mentor it was; None: the manager, or someone who is erased.
    by_id: int | None = Field(default=None, foreign_key="person.id")
    level: int | None = None  # 1 to 5; None: not seen yet
    seen: str | None = None  # what the mentor saw
    seen_on: date | None = None  # and on which local day
    rated_at: datetime


class Checkpoint(SQLModel, table=True):
    """A week of the program in which manager and mentor rate the same areas, each without seeing the other's."""

    enrollment_id: int = Field(foreign_key="enrollment.id", primary_key=True)
    week: int = Field(primary_key=True)  # of the program: 0 is the baseline
    opened_at: datetime
    sealed_until: datetime  # then both see what there is, whoever has not rated
    revealed_at: datetime | None = None  # both were in, or that time came; None: sealed


class CaseRated(SQLModel, table=True):
    """A sample case that a mentor rated before rating people in that area: to agree on what the levels mean."""

    __tablename__ = "case_rated"

    person_id: int = Field(foreign_key="person.id", primary_key=True)
    area_id: str = Field(primary_key=True)
    place: int = Field(primary_key=True)  # of the case in its area, from 0
    level: int
    rated_at: datetime


class Note(SQLModel, table=True):
    """What a mentor told a manager: kudos, a note, a line about a talk, or an observation card. The manager reads all of it."""

    __table_args__ = (Index("ix_note_enrollment", "enrollment_id"),)

    id: int | None = Field(default=None, primary_key=True)
    enrollment_id: int = Field(foreign_key="enrollment.id")
    by_id: int = Field(foreign_key="person.id")
    kind: str  # kudos, note, talk or card
    place: str = Field(unique=True)  # names the modal that it was written in: sent twice, it is one note
    what_for: str | None = None  # plain: what it is about, as it was picked or typed
    text: str | None = None  # plain, in the mentor's words
    written_at: datetime


class Observation(SQLModel, table=True):
    """A line of an observation card: one behaviour, and whether the mentor saw it."""

    note_id: int = Field(foreign_key="note.id", primary_key=True)
    place: int = Field(primary_key=True)  # on the card, from 0
    lesson_id: str
    behaviour: str  # plain, as it stood on the card
    saw: str  # yes, partly or not_yet


class Ask(SQLModel, table=True):
    """What a manager wants to talk about with their mentor, said to be read by them."""

    __table_args__ = (Index("ix_ask_enrollment", "enrollment_id"),)

    id: int | None = Field(default=None, primary_key=True)
    enrollment_id: int = Field(foreign_key="enrollment.id")
    place: str = Field(unique=True)  # names the modal or the line that it was written in
    text: str  # plain
    needs_help: bool = False  # it should not wait
    asked_at: datetime
    settled_at: datetime | None = None  # they talked about it, or it was taken back
    settled_by: int | None = Field(default=None, foreign_key="person.id")


class Relation(SQLModel, table=True):
    """Whether the talks with a mentor help, asked now and then. Only the manager's own word; the mentor never sees it."""

    __table_args__ = (UniqueConstraint("enrollment_id", "mentor_id", "number"),)

    id: int | None = Field(default=None, primary_key=True)
    enrollment_id: int = Field(foreign_key="enrollment.id")
    mentor_id: int = Field(foreign_key="person.id")
    number: int  # from 1
    message_id: UUID = Field(foreign_key="message.id")
    asked_at: datetime
    answer: str | None = None  # helps, could_be_more or stalls
    answered_at: datetime | None = None
