"""Answers: record, then acknowledge. The first answer counts; a second one finds it on record and changes nothing."""

import json
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import update
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from bot.attention.again import call_off
from bot.checks import message as look
from bot.checks.rules import Confidence
from bot.curriculum.library import Library
from bot.curriculum.model import Choice, Lesson, Reflection, Scale
from bot.delivery.outbox import Outbox
from bot.records import reading
from bot.records.database import Database, directly
from bot.records.editions import Editions
from bot.records.many import among_given
from bot.records.reading import Served, Way
from bot.records.tables import Response
from bot.slack import codec
from bot.slack.access import Actor, Gone, NotTheirs, note_refused, person_of
from bot.slack.blocks import Block

_ASKED = (
    "SELECT person.id, person.slack_id, person.workspace_id, given.edition_hash,"
    " person.unreachable_at IS NOT NULL, (SELECT count(*) FROM response WHERE response.message_id = message.id)"
    " FROM message JOIN person ON person.id = message.person_id JOIN lesson_given given ON given.message_id = message.id"
    " WHERE message.id = %(message)s"
)
_FIRST = (
    "INSERT INTO response (message_id, check_id, edition_hash, person_id, answer, confidence, correct, answered_at)"
    " VALUES (%(message)s, %(check)s, %(edition)s, %(person)s, %(answer)s, %(confidence)s, %(correct)s, %(now)s)"
    " ON CONFLICT (message_id, check_id) DO NOTHING RETURNING id"
)
_ANSWERS = select(Response).where(among_given(Response.message_id))


@dataclass(frozen=True)
class Given:
    """An answer as it came in: one of the three fields is filled."""

    actor: Actor
    message_id: UUID
    check_id: str
    options: tuple[str, ...] = ()
    confidence: Confidence | None = None
    value: int | None = None
    text: str | None = None


@dataclass(frozen=True)
class Question:
    """A question that was put to someone, as far as an answer needs it."""

    person_id: int
    slack_id: str
    workspace_id: str
    edition_hash: str
    out_of_reach: bool  # as far as we knew
    answered: int  # how many checks of this message have an answer


@dataclass(frozen=True)
class Checks:
    """The room's parts."""

    library: Library
    database: Database
    outbox: Outbox
    editions: Editions

    async def answer(self, given: Given, now: datetime) -> bool:
        """Record an answer, if it is the first; whether it is the one on record now.

        Raises NotTheirs, Gone, or Forged for an answer that fits no question.
        """
        async with self.database.transaction() as session:
            question = await self._question(session, given)
            lesson = await self.editions.get(session, question.edition_hash)
            is_first = await self._record(session, given, question, lesson, now)
            shown = [given.message_id]
            if is_first and question.answered + 1 >= len(lesson.checks):
                shown += await call_off(session, question.person_id, given.message_id, now=now, outcome="answered")
            await self.outbox.refresh(session, *shown)
            return is_first or await self._stands(session, given, lesson)

    async def share(
        self, actor: Actor, message_id: UUID, check_id: str, mentor_id: int | None, shared_at: datetime | None
    ) -> bool:
        """Let that mentor see an answer from now on, or (None) no longer. Raises NotTheirs; what is not answered stays so.

        False, and nothing is shared, where it is another mentor by now: it is drawn anew.
        """
        async with self.database.transaction() as session:
            question = await self._question(session, Given(actor, message_id, check_id))
            may = shared_at is None or await reading.has_mentor(session, question.person_id, mentor_id)
            if may:
                await session.execute(
                    update(Response)
                    .where(col(Response.message_id) == message_id, col(Response.check_id) == check_id)
                    .values(shared_at=shared_at)
                )
            await self.outbox.refresh(session, message_id)
        return may

    async def draw(self, session: AsyncSession, served: Sequence[Served]) -> list[tuple[list[Block], bool]]:
        """The checks of each lesson's message, and whether all of them are answered."""
        rows = await session.exec(_ANSWERS, params={"given": [one.message_id for one in served]})
        answers: dict[UUID, list[Response]] = defaultdict(list)
        for row in rows:
            answers[row.message_id].append(row)
        return [self._drawn(one, answers[one.message_id]) for one in served]

    def _drawn(self, served: Served, rows: Sequence[Response]) -> tuple[list[Block], bool]:
        answers = {row.check_id: _answered(row, served.way) for row in rows}
        words = reading.taught_for(self.library.current, served.way.manager).wording
        blocks = [
            block
            for one in served.lesson.checks
            for block in look.check(words, one, str(served.message_id), served.names, answers.get(one.id))
        ]
        return blocks, all(one.id in answers for one in served.lesson.checks)

    async def _question(self, session: AsyncSession, given: Given) -> Question:
        found = await directly(session, _ASKED, {"message": given.message_id})
        if not found:
            note_refused(given.actor, "a question that is not there")
            raise Gone
        question = Question(*found[0])
        if (question.workspace_id, question.slack_id) != (given.actor.workspace_id, given.actor.slack_id):
            note_refused(given.actor, "somebody else's question")
            raise NotTheirs
        if question.out_of_reach:
            await person_of(session, given.actor)
        return question

    async def _record(
        self, session: AsyncSession, given: Given, question: Question, lesson: Lesson, now: datetime
    ) -> bool:
        answer, correct = _judged(lesson, given)
        values = {
            "message": given.message_id, "check": given.check_id, "edition": question.edition_hash,
            "person": question.person_id, "answer": json.dumps(answer), "confidence": given.confidence,
            "correct": correct, "now": now,
        }  # fmt: skip
        return bool(await directly(session, _FIRST, values))

    async def _stands(self, session: AsyncSession, given: Given, lesson: Lesson) -> bool:
        """Whether the same is on record: a click that came twice."""
        answer, _ = _judged(lesson, given)
        rows = await session.exec(
            select(Response.answer).where(Response.message_id == given.message_id, Response.check_id == given.check_id)
        )
        return rows.first() == answer


def _answered(row: Response, way: Way) -> look.Answered:
    shared = None if way.mentor is None else row.shared_at is not None
    return look.Answered(row.answer, row.confidence, row.correct, shared, way.enrollment.mentor_id or 0)


def _judged(lesson: Lesson, given: Given) -> tuple[dict[str, Any], bool | None]:
    """What is kept of an answer, and whether it is right (None where there is no right and wrong)."""
    try:
        check = lesson.check(given.check_id)
    except KeyError:
        raise Gone from None
    match check:
        case Choice() if given.confidence is not None and check.takes(given.options):
            return {"options": sorted(given.options)}, check.is_right(given.options)
        case Scale() if given.value in range(1, 6):
            return {"value": given.value}, None
        case Reflection() if given.text:
            return {"text": given.text}, None
    raise codec.Forged("an answer that does not fit its question")
