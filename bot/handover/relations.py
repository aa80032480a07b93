"""Whether the talks with a mentor help: asked of the manager now and then, and nobody else's to read."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from typing import Any
from uuid import UUID

from sqlalchemy import func
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from bot.agenda import book, personal
from bot.attention import slots
from bot.attention.flow import Answer, Over, Turn, Wish
from bot.curriculum.library import Library
from bot.curriculum.model import Program
from bot.delivery.outbox import Outbox
from bot.handover import message as look
from bot.handover.changing import TO_MANAGER
from bot.handover.departures import Departures
from bot.handover.rules import stalled
from bot.records import reading
from bot.records.database import Database
from bot.records.reading import Way
from bot.records.tables import AgendaItem, Message, Person, Relation
from bot.slack.access import Actor, note_refused, person_of
from bot.slack.blocks import Block, Drawn
from bot.slack.staff import staff_of

KIND, STALLS = "relation", "relation_stalls"


@dataclass(frozen=True)
class Relations:
    """The room's parts."""

    library: Library
    database: Database
    outbox: Outbox
    departures: Departures

    async def offer(self, session: AsyncSession, item: AgendaItem, turn: Turn) -> Answer:  # noqa: ARG002 — as every offer
        """Ask, where there is a mentor; and again after the program's days."""
        again = turn.now + timedelta(days=turn.program.relation.every_days)
        mentor_id = turn.way.enrollment.mentor_id
        if turn.way.enrollment.ended_at is not None:
            return Over("the program has ended")
        earliest = await _earliest(session, turn)
        if earliest > turn.now:  # looked at anew, as after a move to another time zone
            return earliest
        if mentor_id is None:
            return again
        number = 1 + len(await _asked(session, turn.way.enrollment.id or 0, mentor_id))
        about = {"enrollment_id": turn.way.enrollment.id, "mentor_id": mentor_id, "number": number}
        key = f"relation:{turn.way.enrollment.id}:{mentor_id}:{number}"
        return Wish(key, about, said=partial(_keep, about, turn.now), again=again)

    async def part(self, session: AsyncSession, message: Message, about: Mapping[str, Any]) -> list[Block]:
        """The question; or what was answered, and, where talks have stalled, the one way out."""
        way = await reading.this_way(session, about["enrollment_id"])
        words = reading.taught_for(self.library.current, way.manager).wording
        mentor = await session.get(Person, about["mentor_id"])
        if mentor is None:  # erased, and with them what was asked of their talks
            return look.changed_again(words)
        asked = await _asked(session, about["enrollment_id"], about["mentor_id"])
        row = next((one for one in asked if one.number == about["number"]), None)
        if row is None or row.answer is None:
            return look.relation(words, mentor.first_name, message.id)
        till_then = [one.answer for one in asked if one.number <= row.number]
        if row.answer != "stalls" or not stalled(till_then):
            return look.relation_answered(words, row.answer)
        has_changed = way.enrollment.mentor_id != row.mentor_id
        return look.changed_again(words) if has_changed else look.another(words, message.id)

    async def answer(self, actor: Actor, message_id: UUID, answer: str, now: datetime) -> None:
        """Keep what the manager says of it; whoever else presses changes nothing, and the first answer counts."""
        async with self.database.transaction() as session:
            row, way = await self._theirs(session, actor, message_id)
            if row is not None and way is not None and row.answer is None and answer in look.ANSWERS:
                row.answer, row.answered_at = answer, now
                session.add(row)
                await self.outbox.refresh(session, message_id)

    async def choose(self, actor: Actor, message_id: UUID, *, another: bool, now: datetime) -> None:
        """«Another mentor, please», which staff are then told; or «no, thanks», which nobody is. Not once there is another."""
        async with self.database.transaction() as session:
            row, way = await self._theirs(session, actor, message_id)
            if row is None or way is None or row.answer != "stalls":
                return
            if way.enrollment.mentor_id == row.mentor_id:  # else it says, drawn anew, that this has changed
                row.answer = "stalls_change" if another else "stalls_stay"
                session.add(row)
                if another:
                    await self._tell_staff(session, way, row, now)
            await self.outbox.refresh(session, message_id)

    async def plan(self, session: AsyncSession, item: AgendaItem, now: datetime) -> datetime | None:
        """Tell one of the staff in their working time; not once there is another mentor, nor while the manager has stopped, or is
        gone."""
        way = await reading.way_of(session, int(item.about["enrollment_id"]))
        person = await session.get(Person, item.person_id)
        if way is None or person is None or way.enrollment.mentor_id != item.about["mentor_id"]:
            return None
        moment = personal.on_their_way(way, now)
        return await self.departures.say(session, item, person, now) if moment == now else moment

    async def draw(self, session: AsyncSession, message: Message) -> Drawn:
        """Who would like another mentor: about the two of them, without a judgement."""
        way = await reading.way_of(session, int(message.payload["enrollment_id"]))
        reader = await session.get_one(Person, message.person_id)
        mentor = await session.get(Person, int(message.payload["mentor_id"]))
        words = reading.taught_for(self.library.current, reader).wording
        name = mentor.name if mentor else ""
        if way is None or way.enrollment.mentor_id != message.payload["mentor_id"]:  # erased, or with another mentor
            return look.nobody_left(words, name)
        ids = (message.payload["mentor_id"], way.enrollment.id or 0)
        return look.relation_stalls(words, ids, way.manager.name, name)

    async def _theirs(
        self, session: AsyncSession, actor: Actor, message_id: UUID
    ) -> tuple[Relation | None, Way | None]:
        person = await person_of(session, actor)
        way = None if person is None else await reading.way_of_person(session, person.id or 0)
        enrollment_id = None if way is None else way.enrollment.id
        rows = await session.exec(
            select(Relation)
            .where(Relation.message_id == message_id, Relation.enrollment_id == enrollment_id)
            .with_for_update()
        )
        row = rows.first()
        if row is None:
            note_refused(actor, "a question that was not put to them")
        return row, way

    async def _tell_staff(self, session: AsyncSession, way: Way, row: Relation, now: datetime) -> None:
        program = self.library.current.curriculum.program
        for person in await staff_of(session, way.manager.workspace_id, program):
            await book.put(
                session, key=f"{STALLS}:{row.id}:{person.id}", kind=STALLS, workspace_id=person.workspace_id,
                person_id=person.id, about={"enrollment_id": way.enrollment.id, "mentor_id": row.mentor_id}, due_at=now,
            )  # fmt: skip


async def enter(session: AsyncSession, program: Program, way: Way, now: datetime) -> None:
    """Put the question on a manager's agenda, for the first time after the program's days."""
    await book.put_own(session, KIND, way, now + timedelta(days=program.relation.first_after_days))


async def _earliest(session: AsyncSession, turn: Turn) -> datetime:
    """Before this moment (aware UTC) nobody is asked: so many days after the begin, after the last time, or with the mentor."""
    rule, began = turn.program.relation, slots.after_weeks(turn.way, 0, turn.now)
    rows = await session.exec(select(Relation.asked_at).where(Relation.enrollment_id == turn.way.enrollment.id))
    last = max(rows, default=None)
    since = max(began, await _told_of_mentor(session, turn.way) or began)
    first = since + timedelta(days=rule.first_after_days)
    return first if last is None else max(first, last + timedelta(days=rule.every_days))


async def _told_of_mentor(session: AsyncSession, way: Way) -> datetime | None:
    """When a manager last read that their mentor is theirs now; None for the first one, whom nobody had to announce."""
    about = {"enrollment_id": way.enrollment.id, "mentor_id": way.enrollment.mentor_id}
    rows = await session.exec(
        select(func.max(AgendaItem.done_at)).where(
            AgendaItem.kind == TO_MANAGER,
            AgendaItem.person_id == way.manager.id,
            AgendaItem.outcome == "said",
            col(AgendaItem.about).contains(about),
        )
    )
    return rows.one()


async def _asked(session: AsyncSession, enrollment_id: int, mentor_id: int) -> list[Relation]:
    rows = await session.exec(
        select(Relation)
        .where(Relation.enrollment_id == enrollment_id, Relation.mentor_id == mentor_id)
        .order_by(col(Relation.number))
        .execution_options(populate_existing=True)
    )
    return list(rows)


async def _keep(about: Mapping[str, Any], now: datetime, session: AsyncSession, message_id: UUID) -> None:
    session.add(Relation(**about, message_id=message_id, asked_at=now))
    await session.flush()
