"""Case clinics, done: a group is brought together, and asked whether it met."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import update
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from bot.agenda import book
from bot.curriculum.library import Library
from bot.delivery.outbox import Outbox
from bot.peers import message as look
from bot.peers.groups import member, members_of, note_heard, shared_moment
from bot.records.database import Database
from bot.records.tables import AgendaItem, Message, PeerGroup, Person
from bot.slack import codec
from bot.slack.access import Actor
from bot.slack.blocks import Drawn

# Takes the day's one message for all of a group; None if that is done, else when all of them may be free.
ClaimDay = Callable[[AsyncSession, Sequence[Person], str, datetime], Awaitable[datetime | None]]
ASKED_WITHIN = timedelta(days=21)


@dataclass(frozen=True)
class Clinics:
    """The parts of it."""

    library: Library
    database: Database
    outbox: Outbox
    claim_day: ClaimDay

    async def plan_introduction(self, session: AsyncSession, item: AgendaItem, now: datetime) -> datetime | None:
        """Bring one group together, at a moment that is working time for all of them and when nobody was spoken to that day."""
        group_id = int(item.about["group_id"])
        members = await members_of(session, group_id)
        if any(person.paused_at is not None and person.paused_until is None for person in members):
            return None  # someone has paused without an end since the round: the next round brings the others together
        busy = await self.claim_day(session, members, "introduction", now)
        if busy is not None:
            return shared_moment(self.library.current.curriculum.program, members, busy)
        await self.outbox.say(
            session,
            key=f"introduction:{group_id}",
            kind="introduction",
            workspace_id=item.workspace_id,
            group_id=group_id,
            payload={},
        )
        days = self.library.current.curriculum.program.peers.ask_after_days
        await book.put(
            session,
            key=f"meeting:{group_id}",
            kind="meeting",
            workspace_id=item.workspace_id,
            about={"group_id": group_id},
            due_at=now + timedelta(days=days),
        )
        return None

    async def plan_meeting(self, session: AsyncSession, item: AgendaItem, now: datetime) -> datetime | None:
        """Ask a group whether it met, where it was brought together; in working time."""
        group_id = int(item.about["group_id"])
        introduced = (await session.exec(select(Message).where(Message.key == f"introduction:{group_id}"))).first()
        if introduced is None or introduced.channel is None:
            return None
        members = await members_of(session, group_id)
        if any(person.paused_at is not None and person.paused_until is None for person in members):
            return None
        moment = shared_moment(self.library.current.curriculum.program, members, now)
        if moment > now:
            return moment if moment <= introduced.created_at + ASKED_WITHIN else None
        busy = await self.claim_day(session, members, "meeting", now)
        if busy is not None:
            # A question about last month's meeting would only nag: it is dropped when there is no room for it in time.
            return (
                None
                if busy > introduced.created_at + ASKED_WITHIN
                else shared_moment(self.library.current.curriculum.program, members, busy)
            )
        await self.outbox.say(
            session,
            key=f"meeting:{group_id}",
            kind="meeting",
            workspace_id=item.workspace_id,
            group_id=group_id,
            channel=introduced.channel,
            payload={},
        )
        return None

    async def draw_introduction(self, session: AsyncSession, message: Message) -> Drawn:
        """Names, reason and topic."""
        group = await session.get_one(PeerGroup, message.group_id)
        members = await members_of(session, group.id or 0)
        return look.introduction(
            self.library.current.wording,
            first_names=[person.first_name for person in members],
            reason=group.reason,
            topic=self._topic(group.lesson_id),
        )

    async def draw_meeting(self, session: AsyncSession, message: Message) -> Drawn:
        """The question, or its answer."""
        group = await session.get_one(PeerGroup, message.group_id)
        return look.did_you_meet(self.library.current.wording, group.id or 0, group.met)

    async def met(self, actor: Actor, group_id: int, answer: str, now: datetime) -> None:
        """Record whether a group met; the first answer counts. Raises NotInGroup, or Forged for no answer of ours."""
        if answer not in look.ANSWERS:
            raise codec.Forged("no such answer")
        async with self.database.transaction() as session:
            by = await member(session, group_id, actor)
            await note_heard(session, group_id, by, now)
            await session.execute(
                update(PeerGroup)
                .where(col(PeerGroup.id) == group_id, col(PeerGroup.met).is_(None))
                .values(met=answer, met_by=by.id, met_at=now)
            )
            asked = (await session.exec(select(Message.id).where(Message.key == f"meeting:{group_id}"))).first()
            if asked is not None:
                await self.outbox.refresh(session, asked)

    def _topic(self, lesson_id: str | None) -> look.Topic | None:
        curriculum = self.library.current.curriculum
        try:
            lesson = curriculum.lesson(lesson_id or "")
        except KeyError:
            return None
        company = curriculum.program.company.model_dump()
        # A group has no one manager or mentor: a topic that names them speaks of each reader's own.
        names = {
            "manager": {"first_name": ""},
            "mentor": {"first_name": ""},
            "company": company,
            "cohort": {"name": ""},
        }
        return look.Topic(title=lesson.title, text=lesson.peers, names=names)
