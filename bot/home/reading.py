"""All that App Home shows of a manager, read with one statement."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import Select, case, func, select
from sqlmodel import col
from sqlmodel.ext.asyncio.session import AsyncSession

from bot.curriculum.model import Lesson
from bot.records import evidence
from bot.records.editions import Editions
from bot.records.mastery import Standing, standing
from bot.records.reading import Way
from bot.records.tables import AgendaItem, LessonGiven, Message, Promise, Rating, Response, Review
from bot.records.together import Question, together

MOST_PROMISES = 2


@dataclass(frozen=True)
class Given:
    """A lesson that they got, as it was served, with how many of its questions they have answered."""

    lesson: Lesson
    message_id: UUID
    set_aside: bool
    arrived: bool
    answered: int

    @property
    def is_done(self) -> bool:
        """Whether all of it is answered."""
        return self.answered >= len(self.lesson.checks)


@dataclass(frozen=True)
class Promised:
    """What someone will try: their own words, the lesson's, the local day, and the message that asks whether it happened."""

    plan: str | None
    text: str  # mrkdwn
    due_on: date
    asked_in: UUID | None


@dataclass(frozen=True)
class OnRecord:
    """What is on record about a manager. Moments are aware UTC."""

    given: list[Given]  # oldest first
    due: dict[str, datetime]  # by kind
    reviews: list[tuple[UUID, datetime]]  # those with an open question that arrived, and when
    promises: list[Promised]  # those that nothing is said of yet, newest day first
    rated: set[str]  # areas of the baseline
    answered_at: list[datetime]
    standings: dict[str, Standing]


async def on_record(session: AsyncSession, way: Way, editions: Editions) -> OnRecord:
    """Read it; the editions that this process has not read yet take another statement."""
    enrollment_id, person_id = way.enrollment.id or 0, way.manager.id or 0
    given, due, reviews, promises, rated, answers, later, *rest = await together(
        session,
        _given(enrollment_id),
        select(col(AgendaItem.kind), col(AgendaItem.due_at)).where(
            col(AgendaItem.person_id) == person_id, col(AgendaItem.done_at).is_(None)
        ),
        _reviews(enrollment_id),
        _promises(enrollment_id, person_id),
        select(col(Rating.area_id)).where(
            col(Rating.enrollment_id) == enrollment_id, col(Rating.week) == 0, col(Rating.rated_by) == "self"
        ),
        select(col(Response.answered_at)).where(col(Response.person_id) == person_id),
        select(col(Review.answered_at)).where(
            col(Review.enrollment_id) == enrollment_id, col(Review.answered_at).is_not(None)
        ),
        *evidence.statements([enrollment_id]),
    )
    await editions.read(session, {row[0] for row in given})
    found = await evidence.evidence_read(session, rest, [enrollment_id], editions)
    return OnRecord(
        given=[Given(await editions.get(session, edition), *row) for edition, *row in given],
        due=dict(due),
        reviews=[(message_id, sent_at) for message_id, sent_at in reviews],
        promises=[Promised(*row) for row in promises],
        rated={area for (area,) in rated},
        answered_at=[at for (at,) in (*answers, *later)],
        standings={area: standing(one) for area, one in found[enrollment_id].items()},
    )


def _given(enrollment_id: int) -> Question:
    answers = (
        select(func.count())
        .where(col(Response.message_id) == col(LessonGiven.message_id))
        .correlate(LessonGiven)
        .scalar_subquery()
    )
    return (
        select(
            col(LessonGiven.edition_hash),
            col(LessonGiven.message_id),
            col(LessonGiven.set_aside_at).is_not(None).label("set_aside"),
            (col(Message.state) == "sent").label("arrived"),
            answers.label("answered"),
        )
        .join(Message, col(Message.id) == col(LessonGiven.message_id))
        .where(col(LessonGiven.enrollment_id) == enrollment_id)
        .order_by(col(LessonGiven.given_at), col(LessonGiven.id))
    )


def _reviews(enrollment_id: int) -> Question:
    return (
        select(col(Message.id), col(Message.sent_at))
        .where(
            col(Message.state) == "sent",
            col(Message.id).in_(
                select(col(Review.message_id)).where(
                    col(Review.enrollment_id) == enrollment_id, col(Review.answered_at).is_(None)
                )
            ),
        )
        .order_by(col(Message.sent_at))
    )


def _promises(enrollment_id: int, person_id: int) -> Question:
    return (
        select(
            col(Promise.plan),
            col(Promise.text),
            col(Promise.due_on),
            _asked_in(person_id).scalar_subquery().label("asked"),
        )
        .where(
            col(Promise.enrollment_id) == enrollment_id, col(Promise.status).is_(None), col(Promise.let_go_at).is_(None)
        )
        .order_by(col(Promise.due_on).desc())
        .limit(MOST_PROMISES)
    )


def _asked_in(person_id: int) -> Select[UUID]:
    """The newest message that asks after a promise, alone or below another one; its first question is over once it has moved."""
    about = func.jsonb_build_object(
        "promise_id", col(Promise.id), "round", case((col(Promise.moved_at).is_(None), 1), else_=2)
    )
    rides = func.jsonb_build_object(
        "joined", func.jsonb_build_array(func.jsonb_build_object("kind", "follow_up", "about", about))
    )
    payload = col(Message.payload)
    alone = (col(Message.kind) == "follow_up") & payload.op("@>")(about)
    return (
        select(col(Message.id))
        .where(col(Message.person_id) == person_id, col(Message.state) == "sent", alone | payload.op("@>")(rides))
        .order_by(col(Message.created_at).desc())
        .limit(1)
        .correlate(Promise)
    )
