"""What is kept of someone, as they may take it along: values that become JSON and a page."""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from bot.curriculum.model import Lesson
from bot.privacy import mentoring
from bot.records.editions import Editions, in_words
from bot.records.tables import (
    Cohort,
    Enrollment,
    LessonGiven,
    Message,
    PeerBlock,
    PeerGroup,
    PeerMember,
    PeerRound,
    Person,
    Promise,
    Pulse,
    Response,
    Review,
)

CODES = frozenset({"kind", "state", "why", "confidence", "status"})  # what only the app wrote, as «think_so»
ABOUT_THEM = ("name", "first_name", "email", "timezone", "locale", "language", "country", "paused_at", "paused_until")


async def kept_of(session: AsyncSession, person: Person, editions: Editions) -> dict[str, Any]:
    """Everything that is on record about someone, in JSON's own types but for dates, which are ISO 8601 in UTC."""
    enrollment = (await session.exec(select(Enrollment).where(Enrollment.person_id == person.id))).first()
    found: dict[str, Any] = {"person": {name: getattr(person, name) for name in ABOUT_THEM}}
    messages = await session.exec(
        select(Message).where(Message.person_id == person.id).order_by(col(Message.created_at))
    )
    found["messages"] = [{"kind": one.kind, "sent_at": one.sent_at, "state": one.state} for one in messages]
    found |= {"notes": await mentoring.notes(session, person), "cases": await mentoring.cases(session, person)}
    if enrollment is not None:
        found |= await _of_enrollment(session, person, enrollment, editions)
    return found


async def _of_enrollment(
    session: AsyncSession, person: Person, enrollment: Enrollment, editions: Editions
) -> dict[str, Any]:
    cohort = await session.get_one(Cohort, enrollment.cohort_id)
    mentor = None if enrollment.mentor_id is None else await session.get(Person, enrollment.mentor_id)
    return {
        "program": {
            "cohort": cohort.name,
            "mentor": None if mentor is None else mentor.name,
            **enrollment.model_dump(include={
                "team", "starts_on", "begun_at", "lesson_days", "lesson_at", "slower", "stopped_at", "ended_at", "goes_on",
                "reviews_ended_at", "letting_go_shared_at", "areas_shared_at", "next_talk_at", "rests_since",
            }),
        },
        "away": [{"since": datetime.fromisoformat(one["since"]), "until": one["until"]} for one in enrollment.away],
        "lessons": await _lessons(session, enrollment, editions),
        "answers": await _answers(session, person, editions),
        "reviews": await _reviews(session, enrollment, editions),
        "actions": await _rows(
            session, select(Promise).where(Promise.enrollment_id == enrollment.id).order_by(col(Promise.promised_at)),
            without={"id", "enrollment_id", "message_id", "group_id"},
        ),
        "ratings": await mentoring.ratings(session, enrollment.id or 0),
        "asks": await mentoring.asks(session, person),
        "relations": await mentoring.relations(session, person),
        "pulses": await _rows(
            session, select(Pulse).where(Pulse.enrollment_id == enrollment.id).order_by(col(Pulse.answered_at)),
            without={"id", "enrollment_id", "message_id"},
        ),
        "peers": await _peers(session, person),
        "unwanted": await _unwanted(session, person),
    }  # fmt: skip


async def _rows(session: AsyncSession, statement: Any, *, without: set[str]) -> list[dict[str, Any]]:
    return [row.model_dump(exclude=without) for row in await session.exec(statement)]


async def _lessons(session: AsyncSession, enrollment: Enrollment, editions: Editions) -> list[dict[str, Any]]:
    rows = await session.exec(
        select(LessonGiven).where(LessonGiven.enrollment_id == enrollment.id).order_by(col(LessonGiven.given_at))
    )
    return [
        {
            "title": (await editions.get(session, one.edition_hash)).title,
            "given_at": one.given_at,
            "why": one.why,
            "set_aside_at": one.set_aside_at,
        }
        for one in rows
    ]


async def _answers(session: AsyncSession, person: Person, editions: Editions) -> list[dict[str, Any]]:
    rows = await session.exec(
        select(Response).where(Response.person_id == person.id).order_by(col(Response.answered_at))
    )
    return [
        {
            **_in_words(await editions.get(session, one.edition_hash), one.check_id, one.answer),
            **one.model_dump(include={"confidence", "correct", "answered_at", "shared_at"}),
        }
        for one in rows
    ]


async def _reviews(session: AsyncSession, enrollment: Enrollment, editions: Editions) -> list[dict[str, Any]]:
    rows = await session.exec(
        select(Review).where(Review.enrollment_id == enrollment.id).order_by(col(Review.asked_at), col(Review.place))
    )
    return [
        {
            **_in_words(await editions.get(session, one.edition_hash), one.check_id, one.answer or {}),
            **one.model_dump(include={"asked_at", "confidence", "correct", "answered_at"}),
        }
        for one in rows
    ]


def _in_words(lesson: Lesson, check_id: str, answer: dict[str, Any]) -> dict[str, Any]:
    """A question and its answer in the words that were shown, not in ids."""
    check = lesson.check(check_id)
    return {"lesson": lesson.title, "question": check.prompt, "answer": in_words(check, answer)}


async def _peers(session: AsyncSession, person: Person) -> list[dict[str, Any]]:
    mine = select(PeerMember.group_id).where(PeerMember.person_id == person.id)
    rows = await session.execute(
        select(PeerGroup.id, PeerGroup.meets_at, PeerGroup.met, Person.name)
        .join(PeerMember, col(PeerMember.group_id) == col(PeerGroup.id))
        .join(Person, col(Person.id) == col(PeerMember.person_id))
        .join(PeerRound, col(PeerRound.id) == col(PeerGroup.round_id))
        .where(col(PeerGroup.id).in_(mine), Person.id != person.id, col(PeerRound.started_at).is_not(None))
        .order_by(col(PeerGroup.id), Person.name)
    )
    groups: dict[int, dict[str, Any]] = {}
    for group_id, meets_at, met, name in rows:
        groups.setdefault(group_id, {"with": [], "meets_at": meets_at, "met": met})["with"].append(name)
    return list(groups.values())


async def _unwanted(session: AsyncSession, person: Person) -> list[dict[str, Any]]:
    """Whom they would rather not meet. Who would rather not meet them is not theirs to know."""
    rows = await session.execute(
        select(Person.name, PeerBlock.blocked_at)
        .join(Person, col(Person.id) == col(PeerBlock.blocked_id))
        .where(PeerBlock.person_id == person.id)
        .order_by(col(PeerBlock.blocked_at), Person.name)
    )
    return [{"name": name, "since": since} for name, since in rows]


def flat(rows: Sequence[dict[str, Any]], *, yes: str, no: str) -> list[list[tuple[str, str]]]:
    """Rows as pairs of a name and what stands there, for a page that people read; what is empty is left out."""

    def shown(name: str, value: Any) -> str:
        if isinstance(value, bool):
            return yes if value else no
        if isinstance(value, datetime):
            return f"{value.astimezone(UTC):%Y-%m-%d %H:%M}"
        if isinstance(value, list):
            return ", ".join(value)
        return str(value).replace("_", " ") if name in CODES else str(value)

    return [
        [(name.replace("_", " "), shown(name, value)) for name, value in row.items() if value not in (None, [], "")]
        for row in rows
    ]
