"""The nudge, done."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy
from sqlalchemy import Row
from sqlmodel import col
from sqlmodel.ext.asyncio.session import AsyncSession

from bot.attention.days import ON_ITS_WAY
from bot.attention.flow import Answer, Asked, Over, Turn, Wish
from bot.curriculum.library import Library
from bot.nudges import message as look
from bot.nudges.rules import Drop, Waiting, decide
from bot.records import reading
from bot.records.editions import Editions
from bot.records.many import among, among_given, by_ids
from bot.records.tables import LessonGiven, Message, Person
from bot.slack.blocks import Block

_LESSONS = sqlalchemy.select(
    col(LessonGiven.message_id), col(LessonGiven.edition_hash), col(LessonGiven.set_aside_at),
    reading.answered_in(LessonGiven.message_id).label("answered"),
).where(among_given(LessonGiven.message_id))  # fmt: skip

# A lesson's message and edition, when it was put away, and how many of its checks are answered.
Had = tuple[UUID, str, datetime | None, int]


@dataclass(frozen=True)
class Nudges:
    """The room's parts."""

    library: Library
    editions: Editions

    async def offers(self, session: AsyncSession, asked: Sequence[Asked]) -> list[Answer]:
        """For each a nudge for a lesson that waits; or when to look again, or why there is none."""
        ids = [UUID(item.about["message_id"]) for item, _ in asked]
        waiting = await self._waiting(session, ids)
        return [_offer(turn, one, waiting.get(one)) for (_, turn), one in zip(asked, ids, strict=True)]

    async def parts(
        self, session: AsyncSession, asked: Sequence[tuple[Message, Mapping[str, Any]]]
    ) -> list[list[Block]]:
        """For each one friendly line, and the lesson at one click; or that it is done, or was put away, meanwhile."""
        ids = [UUID(about["about"]) for _, about in asked]
        rows = await session.execute(_LESSONS, {"given": ids})
        had = {given.message_id: given for given in rows}
        people = await by_ids(session, Person, {message.person_id for message, _ in asked})
        await self.editions.read(session, (given.edition_hash for given in had.values()))
        return [
            await self._part(session, message, had[first], people[message.person_id])
            for (message, _), first in zip(asked, ids, strict=True)
        ]

    async def _part(self, session: AsyncSession, message: Message, given: Row[Had], person: Person) -> list[Block]:
        words = reading.taught_for(self.library.current, person).wording
        lesson = await self.editions.get(session, given.edition_hash)
        if given.set_aside_at is not None or given.answered >= len(lesson.checks):
            return look.settled(words, lesson.title, was_set_aside=given.set_aside_at is not None)
        return look.nudge(
            words, first_name=person.first_name, title=lesson.title, minutes=lesson.minutes,
            lesson_message=given.message_id, message_id=message.id,
        )  # fmt: skip

    async def _waiting(self, session: AsyncSession, ids: Sequence[UUID]) -> dict[UUID, Waiting]:
        """What became of the lessons in these messages; a message that is gone is left out."""
        rows = await session.execute(
            sqlalchemy.select(
                col(Message.id),
                col(Message.sent_at),
                col(Message.state),
                col(LessonGiven.edition_hash),
                col(LessonGiven.set_aside_at),
            )
            .outerjoin(LessonGiven, col(LessonGiven.message_id) == col(Message.id))
            .where(among(Message.id, ids))
        )
        found = rows.all()
        await self.editions.read(session, (row.edition_hash for row in found if row.edition_hash is not None))
        answered = await reading.answered_counts(session, ids)
        waiting: dict[UUID, Waiting] = {}
        for message_id, sent_at, state, edition, set_aside_at in found:
            asks = 0 if edition is None or set_aside_at is not None else await self._checks(session, edition)
            waiting[message_id] = Waiting(sent_at, max(asks - answered.get(message_id, 0), 0), state in ON_ITS_WAY)
        return waiting

    async def _checks(self, session: AsyncSession, edition: str) -> int:
        return len((await self.editions.get(session, edition)).checks)


def _offer(turn: Turn, message_id: UUID, waiting: Waiting | None) -> Answer:
    if waiting is None:
        return Over("gone")
    match decide(waiting, turn.now, rule=turn.program.nudge, working=turn.working, zone=turn.zone):
        case datetime() as moment:
            return moment
        case Drop() as why:
            return Over(why.value)
    return Wish(f"nudge:{message_id}", {"about": str(message_id)})
