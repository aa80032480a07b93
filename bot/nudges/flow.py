"""The nudge, done."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from bot.attention.flow import Answer, Over, Turn, Wish
from bot.curriculum.library import Library
from bot.nudges import message as look
from bot.nudges.rules import Drop, Waiting, decide
from bot.records import reading
from bot.records.editions import Editions
from bot.records.tables import AgendaItem, LessonGiven, Message, Person
from bot.slack.blocks import Block


@dataclass(frozen=True)
class Nudges:
    """The room's parts."""

    library: Library
    editions: Editions

    async def offer(self, session: AsyncSession, item: AgendaItem, turn: Turn) -> Answer:
        """A nudge for a lesson that waits; or when to look again, or why there is none."""
        message = await session.get(Message, UUID(item.about["message_id"]))
        if message is None:
            return Over("gone")
        decision = decide(
            Waiting(sent_at=message.sent_at, unanswered=await self._unanswered(session, message)),
            turn.now,
            rule=turn.program.nudge,
            working=turn.working,
            zone=turn.zone,
        )
        if isinstance(decision, datetime):
            return decision
        if isinstance(decision, Drop):
            return Over(decision.value)
        return Wish(f"nudge:{message.id}", {"about": str(message.id)})

    async def parts(
        self, session: AsyncSession, asked: Sequence[tuple[Message, Mapping[str, Any]]]
    ) -> list[list[Block]]:
        """For each one friendly line, and the lesson at one click; or that it is done, or was put away, meanwhile."""
        ids = [UUID(about["about"]) for _, about in asked]
        rows = await session.execute(
            select(LessonGiven, Person)
            .join(Message, col(Message.id) == col(LessonGiven.message_id))
            .join(Person, col(Person.id) == col(Message.person_id))
            .where(col(LessonGiven.message_id).in_(ids))
        )
        had = {given.message_id: (given, person) for given, person in rows}
        await self.editions.read(session, (given.edition_hash for given, _ in had.values()))
        answered = await reading.answered_counts(session, ids)
        return [
            await self._part(session, message, *had[first], answered.get(first, 0))
            for (message, _), first in zip(asked, ids, strict=True)
        ]

    async def _part(
        self, session: AsyncSession, message: Message, given: LessonGiven, person: Person, answered: int
    ) -> list[Block]:
        words = reading.taught_for(self.library.current, person).wording
        lesson = await self.editions.get(session, given.edition_hash)
        if given.set_aside_at is not None or answered >= len(lesson.checks):
            return look.settled(words, lesson.title, was_set_aside=given.set_aside_at is not None)
        return look.nudge(
            words, first_name=person.first_name, title=lesson.title, minutes=lesson.minutes,
            lesson_message=given.message_id, message_id=message.id,
        )  # fmt: skip

    async def _unanswered(self, session: AsyncSession, message: Message) -> int:
        given = (await session.exec(select(LessonGiven).where(LessonGiven.message_id == message.id))).first()
        if given is None or given.set_aside_at is not None:
            return 0
        lesson = await self.editions.get(session, given.edition_hash)
        answered = await reading.answered_counts(session, [message.id])
        return len(lesson.checks) - answered.get(message.id, 0)
