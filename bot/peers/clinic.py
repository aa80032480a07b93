"""Case clinics, done: a group is asked whether it met, once more after «not yet», and what each of them will try."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlmodel.ext.asyncio.session import AsyncSession

from bot.agenda import book, calendar, personal
from bot.agenda.calendar import NoSlot
from bot.attention.days import spoken_for
from bot.curriculum.library import Library
from bot.curriculum.model import Program
from bot.delivery.outbox import Outbox
from bot.peers import meeting_message as look
from bot.peers.asked import Answer, Stage, counts, stage
from bot.peers.groups import (
    ClaimDay,
    acting,
    has_paused,
    introduction_of,
    members_of,
    redraw,
    still_there,
    taught_to,
    their_moment,
)
from bot.peers.when import ASKED_AFTER, OVER_AFTER, told_by
from bot.records.database import Database
from bot.records.roles import Act
from bot.records.tables import AgendaItem, Message, PeerGroup, Person
from bot.slack.access import Actor
from bot.slack.blocks import Block, Drawn

ASKED_AGAIN_AFTER = 2  # working days

# The modal for someone's plan after a meeting of that group.
PlanView = Callable[[Actor, int, datetime], Awaitable[Block]]


@dataclass(frozen=True)
class Clinics:
    """The parts of it."""

    library: Library
    database: Database
    outbox: Outbox
    claim_day: ClaimDay
    plan_view: PlanView

    async def plan(self, session: AsyncSession, item: AgendaItem, now: datetime) -> datetime | None:
        """Ask a group whether it met, where it was brought together: the working day after the time that they picked."""
        group = await session.get_one(PeerGroup, int(item.about["group_id"]))
        again = bool(item.about.get("again"))
        introduced = await introduction_of(session, group.id or 0)
        members = await still_there(session, group.id or 0)
        if introduced is None or introduced.ts is None or len(members) < 2:
            return None
        if stage(told_by(group), again=again) is not (Stage.STILL_TIME if again else Stage.ASKED):
            return None  # they have said it meanwhile
        latest = max(introduced.created_at, group.meets_at or introduced.created_at) + OVER_AFTER
        if has_paused(members):
            return now + personal.LOOK_AGAIN if now + personal.LOOK_AGAIN <= latest else None
        earliest = now if group.meets_at is None else group.meets_at + ASKED_AFTER
        moment = await their_moment(session, self._program, self.claim_day, members, "meeting", now, earliest)
        if moment is not None:
            # A question about last month's meeting would only nag: it is dropped when there is no room for it in time.
            return moment if moment <= latest else None
        message_id = await self._ask(session, group, introduced, again=again, now=now)
        await spoken_for(session, message_id, "meeting", [one.id or 0 for one in members], now)
        return None

    async def draw(self, session: AsyncSession, message: Message) -> Drawn:
        """The question, or what came of it."""
        group = await session.get_one(PeerGroup, message.group_id)
        members = await members_of(session, group.id or 0)
        again = bool(message.payload.get("again"))
        told = told_by(group)
        return look.did_you_meet(
            taught_to(self.library.current, members).wording,
            look.Asked(group.id or 0, len(members), stage(told, again=again), told.answer, again=again),
        )

    async def met(self, actor: Actor, group_id: int, answer: Answer, now: datetime) -> None:
        """Record whether a group met: the first answer counts, and one that corrects «not yet». Raises NotTheirs."""
        async with self.database.transaction() as session:
            by = await acting(session, group_id, actor, Act.SAY_MET, now)
            group = await session.get_one(PeerGroup, group_id, with_for_update=True)
            if counts(told_by(group), answer):
                group.met, group.met_by, group.met_at = answer.value, by.id, now
                session.add(group)
                if answer is Answer.NOT_YET and group.asked_again_at is None:
                    await self._ask_again(session, group_id, by, now)
            await redraw(session, self.outbox, group_id)

    async def try_view(self, actor: Actor, group_id: int, now: datetime) -> Block:
        """The modal for what someone will try. Raises NotTheirs."""
        async with self.database.transaction() as session:
            await acting(session, group_id, actor, Act.SAY_MET, now)
        return await self.plan_view(actor, group_id, now)

    @property
    def _program(self) -> Program:
        return self.library.current.curriculum.program

    async def _ask(
        self, session: AsyncSession, group: PeerGroup, introduced: Message, *, again: bool, now: datetime
    ) -> UUID | None:
        if again:
            group.asked_again_at = now
            session.add(group)
            await redraw(session, self.outbox, group.id or 0)
        return await self.outbox.say(
            session,
            key=f"meeting:{group.id}:again" if again else f"meeting:{group.id}",
            kind="meeting",
            workspace_id=introduced.workspace_id,
            group_id=group.id,
            channel=introduced.channel,
            payload={"again": True} if again else {},
        )

    async def _ask_again(self, session: AsyncSession, group_id: int, by: Person, now: datetime) -> None:
        working, zone = personal.personal_time(self._program, by), personal.zone_of(self._program, by)
        try:
            due_at = calendar.after_working_days(now, ASKED_AGAIN_AFTER, working, zone)
        except NoSlot:  # they have paused without an end
            return
        await book.put(
            session, key=f"meeting:{group_id}:again", kind="meeting", workspace_id=by.workspace_id,
            about={"group_id": group_id, "again": True}, due_at=due_at,
        )  # fmt: skip
