"""Promises, kept on record."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy.dialects.postgresql import insert
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from bot.actions import message as look
from bot.agenda import calendar
from bot.curriculum.library import Library
from bot.curriculum.model import Lesson
from bot.delivery.outbox import Outbox
from bot.records import reading
from bot.records.database import Database
from bot.records.editions import Editions
from bot.records.reading import Way
from bot.records.tables import LessonGiven, Message, Promise, Response
from bot.slack.access import Actor
from bot.slack.blocks import Block
from bot.slack.saying_when import day


class NotYours(Exception):
    """The action was offered to someone else, or to nobody."""


@dataclass(frozen=True)
class Actions:
    """The room's parts."""

    library: Library
    database: Database
    outbox: Outbox
    editions: Editions

    async def promise(self, actor: Actor, message_id: UUID, now: datetime) -> None:
        """Record that someone will try the action of a lesson. Promised before: nothing changes. Raises NotYours."""
        async with self.database.transaction() as session:
            given, way = await self._offered(session, actor, message_id)
            lesson = await self.editions.get(session, given.edition_hash)
            await session.execute(
                insert(Promise)
                .values(
                    enrollment_id=given.enrollment_id,
                    lesson_id=given.lesson_id,
                    message_id=message_id,
                    text=lesson.action.text,
                    due_on=self._due_on(way, lesson, now),
                    promised_at=now,
                )
                .on_conflict_do_nothing(index_elements=["enrollment_id", "lesson_id"])
            )
            await self.outbox.refresh(session, message_id)

    async def draw(
        self, session: AsyncSession, message: Message, lesson: Lesson, way: Way, names: dict[str, Any]
    ) -> tuple[list[Block], bool]:
        """The action, once the checks are behind its reader: one thing at a time. An open offer holds nothing up."""
        answered = await session.exec(select(Response.check_id).where(Response.message_id == message.id))
        if len(set(answered)) < len(lesson.checks):
            return [], True
        words = self.library.current.wording
        promise = (await session.exec(select(Promise).where(Promise.message_id == message.id))).first()
        if promise is None:
            return look.offer(words, lesson.action, str(message.id), names), True
        return look.promised(words, words.fill(promise.text, **names), day(promise.due_on)), True

    async def _offered(self, session: AsyncSession, actor: Actor, message_id: UUID) -> tuple[LessonGiven, Way]:
        given = (await session.exec(select(LessonGiven).where(col(LessonGiven.message_id) == message_id))).first()
        way = None if given is None else await reading.way_of(session, given.enrollment_id)
        if given is None or way is None or (way.manager.workspace_id, way.manager.slack_id) != (
            actor.workspace_id, actor.slack_id
        ):  # fmt: skip
            raise NotYours
        return given, way

    def _due_on(self, way: Way, lesson: Lesson, now: datetime) -> date:
        program = self.library.current.curriculum.program
        zone = calendar.zone_or(way.manager.timezone, program.timezone)
        due = calendar.after_working_days(now, lesson.action.due_working_days, program.working_time, zone)
        return calendar.local(due, zone).date()
