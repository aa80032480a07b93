"""The nudge, done."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from bot.agenda import calendar
from bot.curriculum.library import Library
from bot.delivery.outbox import Outbox
from bot.nudges import message as look
from bot.nudges.rules import Drop, Waiting, decide
from bot.records import reading
from bot.records.editions import Editions
from bot.records.tables import AgendaItem, LessonGiven, Message, Person
from bot.slack.blocks import Drawn


@dataclass(frozen=True)
class Nudges:
    """The room's parts."""

    library: Library
    outbox: Outbox
    editions: Editions

    async def plan(self, session: AsyncSession, item: AgendaItem, now: datetime) -> datetime | None:
        """Nudge, wait or drop; when to look again (aware UTC)."""
        message = await session.get(Message, UUID(item.about["message_id"]))
        person = await session.get(Person, item.person_id)
        if message is None or person is None:
            return None
        program = self.library.current.curriculum.program
        decision = decide(
            Waiting(sent_at=message.sent_at, unanswered=await self._unanswered(session, message)),
            now,
            rule=program.nudge,
            working=program.working_time,
            zone=calendar.zone_or(person.timezone, program.timezone),
        )
        if isinstance(decision, datetime):
            return decision
        if isinstance(decision, Drop):
            item.outcome = decision.value
            return None
        await self._say(session, message, person)
        item.outcome = "nudged"
        return None

    async def draw(self, session: AsyncSession, messages: Sequence[Message]) -> dict[UUID, Drawn]:
        """The words of some nudges, in one query."""
        about = {UUID(message.payload["about"]): message.id for message in messages}
        rows = await session.execute(
            select(LessonGiven.message_id, LessonGiven.edition_hash, Person.first_name)
            .join(Message, col(Message.id) == col(LessonGiven.message_id))
            .join(Person, col(Person.id) == col(Message.person_id))
            .where(col(LessonGiven.message_id).in_(about))
        )
        words, drawn = self.library.current.wording, {}
        for lesson_message, edition, first_name in rows.all():
            lesson = await self.editions.get(session, edition)
            drawn[about[lesson_message]] = look.nudge(
                words, first_name=first_name, title=lesson.title, minutes=lesson.minutes
            )
        return drawn

    async def _say(self, session: AsyncSession, message: Message, person: Person) -> None:
        await self.outbox.say(
            session,
            key=f"nudge:{message.id}",
            kind="nudge",
            workspace_id=message.workspace_id,
            person_id=person.id,
            payload={"about": str(message.id)},
        )

    async def _unanswered(self, session: AsyncSession, message: Message) -> int:
        given = (await session.exec(select(LessonGiven).where(LessonGiven.message_id == message.id))).first()
        if given is None:
            return 0
        lesson = await self.editions.get(session, given.edition_hash)
        answered = await reading.answered_counts(session, [message.id])
        return len(lesson.checks) - answered.get(message.id, 0)
