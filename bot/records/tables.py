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
    begun_at: datetime | None = None  # week 1 is counted from here; None: the welcome waits for its click
    lesson_days: list[str] | None = Field(default=None, sa_column=Column(JSONB))  # own choice; None: the program's
    lesson_at: time | None = None  # local; own choice
    slower: bool = False  # one lesson a week, as they asked
    stopped_at: datetime | None = None  # they asked us to stop, or left: everything is kept, nothing is said
    left_at: datetime | None = None  # staff took them out; the same as `stopped_at`, unless they had stopped before
    ended_at: datetime | None = None  # the last week is over
    goes_on: bool = False  # after the end they want their weekly review to go on
    letting_go_shared_at: datetime | None = None  # the mentor may see that trend since then
    areas_shared_at: datetime | None = None  # the mentor may see where they stand in the areas since then
    next_talk_at: datetime | None = None  # the next one-to-one with the mentor, as the mentor set it
    rests_since: datetime | None = None  # from peer rounds, after some in which nothing was heard; one click ends it


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
    about: dict[str, Any] = _json(default_factory=dict)


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
    times: list[str] = _json(default_factory=list)  # proposed moments, ISO 8601 with their offset (UTC)
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
