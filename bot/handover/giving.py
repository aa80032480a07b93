"""Staff give managers a mentor, or a buddy: a modal, and one step that does it all or nothing."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from bot.agenda import book
from bot.curriculum.library import Library
from bot.curriculum.model import Program
from bot.delivery.outbox import Outbox
from bot.handover import message as look
from bot.handover.changing import change
from bot.records import reading
from bot.records.audit import Doer, note
from bot.records.database import Database
from bot.records.reading import Way
from bot.records.roles import Act, Role, may_do
from bot.records.tables import Enrollment, Message, Person
from bot.slack import access
from bot.slack.access import Actor, note_refused, wording_for
from bot.slack.blocks import Block
from bot.slack.directory import SlackUser
from bot.slack.staff import staff_member

LookUp = Callable[[str, str], Awaitable[SlackUser | None]]  # by workspace and Slack id
Keep = Callable[[AsyncSession, str, SlackUser], Awaitable[Person]]
# Puts a mentor's weekly digest on the agenda.
EnterMentor = Callable[[AsyncSession, Program, Person, datetime], Awaitable[None]]

BUDDY = "buddy"
TOLD_STAFF = ("mentor_gone", "relation_stalls")  # messages from which a mentor can be given


class Refused(access.Refused):
    """`field` is the part of the modal that it is about."""

    def __init__(self, sentence: str, field: str = look.WHO) -> None:
        super().__init__(sentence)
        self.field = field


@dataclass(frozen=True)
class Wanted:
    """What was picked in the modal: Slack ids of the new mentor and the buddy (empty: none), and the enrollments."""

    mentor: str
    buddy: str
    enrollments: Sequence[int]
    before: int  # the mentor whom they had when the modal was opened; 0: several or none


@dataclass(frozen=True)
class Giving:
    """The room's parts."""

    library: Library
    database: Database
    outbox: Outbox
    look_up: LookUp
    keep: Keep
    enter_mentor: EnterMentor

    async def view(self, actor: Actor, mentor_id: int, enrollment_id: int | None = None) -> Block:
        """The modal for all of a mentor's managers (0: for those without a mentor), or for one of them; a sentence for who
        may not."""
        words = await wording_for(self.database, self.library, actor)
        async with self.database.transaction() as session:
            try:
                await self._staff(session, actor)
            except Refused as refused:
                return look.told(words, refused.sentence)
            ways = await self._ways(session, actor.workspace_id, mentor_id)
        if enrollment_id is not None:
            ways = [way for way in ways if way.enrollment.id == enrollment_id]
        if not ways:
            return look.told(words, "handover.nobody_left_short")
        return look.giving(words, mentor_id, [(way.enrollment.id or 0, way.manager.name) for way in ways])

    async def give(self, actor: Actor, wanted: Wanted, now: datetime) -> None:
        """Do it, for all of them or for none. Raises Refused; the first of two who press at once is the one who counts."""
        async with self.database.transaction() as session:
            await self._staff(session, actor)
        users = {who: await self._living(actor, who, field) for who, field in _named(wanted)}
        async with self.database.transaction() as session:
            by = Doer(actor.workspace_id, await self._staff(session, actor))
            ways = await self._hold(session, actor.workspace_id, wanted)
            mentor = await self._kept(session, actor, users.get(wanted.mentor))
            buddy = await self._kept(session, actor, users.get(wanted.buddy))
            for way in ways:
                _check(way, mentor, buddy)
            for way in ways:
                if mentor is not None and mentor.id != way.enrollment.mentor_id:
                    await change(session, way, mentor, now)
                    note(session, by, "mentor.given", now, person_id=way.manager.id, other_id=mentor.id)
                if buddy is not None and buddy.id != way.enrollment.buddy_id:
                    await self._give_buddy(session, way, buddy, now)
                    note(session, by, "buddy.given", now, person_id=way.manager.id, other_id=buddy.id)
            if mentor is not None:
                await self.enter_mentor(session, self.library.current.curriculum.program, mentor, now)
            await self._redraw(session, actor.workspace_id, wanted.before)

    async def _staff(self, session: AsyncSession, actor: Actor) -> Person:
        person = await staff_member(session, actor, self.library.current.curriculum.program)
        if person is None or not may_do(Role.STAFF, Act.GIVE_MENTOR):
            note_refused(actor, "a mentor, whom staff give")
            raise Refused("handover.not_yours")
        return person

    async def _ways(self, session: AsyncSession, workspace_id: str, mentor_id: int) -> list[Way]:
        if mentor_id:
            ways = await reading.ways_of_mentor(session, mentor_id)
            return [way for way in ways if way.manager.workspace_id == workspace_id]
        ids = await session.exec(reading.waiting_for_mentor(workspace_id))
        return await reading.ways_where(session, [one for one in ids if one is not None])

    async def _living(self, actor: Actor, who: str, field: str) -> SlackUser:
        """Who was picked, as Slack says now: the one question that has to be asked before the answer, for it to be an answer."""
        user = await self.look_up(actor.workspace_id, who)
        if user is None or user.deleted:
            raise Refused("handover.not_there", field)
        if user.is_bot:
            raise Refused("handover.not_a_person", field)
        return user

    async def _hold(self, session: AsyncSession, workspace_id: str, wanted: Wanted) -> list[Way]:
        """The managers, held until this is done. Refused if somebody else has given them a mentor meanwhile."""
        rows = await session.exec(
            select(Enrollment)
            .where(col(Enrollment.id).in_(wanted.enrollments))
            .order_by(col(Enrollment.id))
            .with_for_update()
        )
        held = list(rows)
        if any((one.mentor_id or 0) != wanted.before for one in held):
            raise Refused("handover.given_already")
        ways = await reading.ways_where(session, [one.id or 0 for one in held])
        if not ways or any(way.manager.workspace_id != workspace_id for way in ways):
            raise Refused("handover.nobody_picked", look.WHOM)
        return ways

    async def _kept(self, session: AsyncSession, actor: Actor, user: SlackUser | None) -> Person | None:
        return None if user is None else await self.keep(session, actor.workspace_id, user)

    async def _give_buddy(self, session: AsyncSession, way: Way, buddy: Person, now: datetime) -> None:
        way.enrollment.buddy_id = buddy.id
        session.add(way.enrollment)
        await tell_buddy(session, way, buddy, now)

    async def _redraw(self, session: AsyncSession, workspace_id: str, mentor_id: int) -> None:
        """What told the staff of it shows that it is done."""
        said = await session.exec(
            select(Message.id).where(
                Message.workspace_id == workspace_id,
                col(Message.kind).in_(TOLD_STAFF),
                col(Message.payload).contains({"mentor_id": mentor_id}),
            )
        )
        for message_id in said:
            await self.outbox.refresh(session, message_id)


async def tell_buddy(session: AsyncSession, way: Way, buddy: Person, now: datetime) -> None:
    """Put on a buddy's agenda that they are one: once for each manager."""
    await book.put(
        session, key=f"{BUDDY}:{way.enrollment.id}:{buddy.id}", kind=BUDDY, workspace_id=buddy.workspace_id,
        person_id=buddy.id, about={"enrollment_id": way.enrollment.id}, due_at=now,
    )  # fmt: skip


def _named(wanted: Wanted) -> list[tuple[str, str]]:
    named = [(who, field) for who, field in ((wanted.mentor, look.WHO), (wanted.buddy, look.BUDDY)) if who]
    if not named:
        raise Refused("handover.nobody_named")
    return named


def _check(way: Way, mentor: Person | None, buddy: Person | None) -> None:
    if mentor is not None and mentor.id == way.manager.id:
        raise Refused("handover.themselves")
    if buddy is not None and buddy.id in (way.manager.id, mentor.id if mentor else way.enrollment.mentor_id):
        raise Refused("handover.buddy_is_another", look.BUDDY)
