"""Everyone whom a change concerns is told: the manager, both mentors, the buddy; each in their own time."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlmodel import select
from sqlmodel.ext.asyncio.session import AsyncSession

from bot.agenda import personal
from bot.attention.flow import Answer, Over, Turn, Wish
from bot.curriculum.library import Library
from bot.delivery.outbox import Outbox
from bot.handover import message as look
from bot.handover.changing import calls_again, share_again
from bot.handover.departures import Departures
from bot.handover.giving import BUDDY
from bot.records import reading
from bot.records.database import Database
from bot.records.reading import Way
from bot.records.tables import AgendaItem, Message, Person
from bot.slack.access import Actor, note_refused, person_of
from bot.slack.blocks import Block, Drawn

# Has a manager's mentor hear of what should not wait: a door of the room of mentors.
Call = Callable[[AsyncSession, Way, datetime], Awaitable[None]]


@dataclass(frozen=True)
class Tellings:
    """The room's parts."""

    library: Library
    database: Database
    outbox: Outbox
    departures: Departures
    call: Call

    async def offer(self, session: AsyncSession, item: AgendaItem, turn: Turn) -> Answer:  # noqa: ARG002 — as every offer
        """To the manager; not about a mentor who was replaced again."""
        if turn.way.enrollment.mentor_id != item.about["mentor_id"]:
            return Over("another mentor")
        return Wish(item.key, item.about)

    async def part(self, session: AsyncSession, message: Message, about: Mapping[str, Any]) -> list[Block]:
        """Who it is now, or that it is nobody; what they see, and the one button, as long as there is something to show again."""
        way = await reading.this_way(session, about["enrollment_id"])
        taught = reading.taught_for(self.library.current, way.manager)
        if way.enrollment.mentor_id != about["mentor_id"]:
            return look.changed_again(taught.wording)
        shared, shown = bool(about.get("shared")), bool(message.payload.get("shown_again"))
        if way.mentor is None:
            return look.no_mentor(taught.wording, shared=shared)
        return look.new_mentor(taught, way.mentor.name, way.mentor.first_name, message.id, shared=shared, shown=shown)

    async def share_again(self, actor: Actor, message_id: UUID, now: datetime) -> None:
        """The manager shows the new mentor what the one before could see; nobody else can, and twice is once."""
        async with self.database.transaction() as session:
            person = await person_of(session, actor)
            message = await session.get(Message, message_id, with_for_update=True)
            if person is None or message is None or message.person_id != person.id:
                note_refused(actor, "a message that did not come to them")
                return
            about = _about(message)
            if about is None:
                return
            # Else it says, drawn anew, that this has changed.
            is_theirs = await reading.has_mentor(session, person.id or 0, about["mentor_id"])
            way = await reading.way_of_person(session, person.id or 0)
            if way is None:
                return
            if is_theirs and not message.payload.get("shown_again"):
                await share_again(session, way, about.get("shared") or {}, now)
                message.payload = {**message.payload, "shown_again": True}
                session.add(message)
                if await calls_again(session, way, about.get("shared") or {}):
                    await self.call(session, way, now)
            await self.outbox.refresh(session, message_id)

    async def plan(self, session: AsyncSession, item: AgendaItem, now: datetime) -> datetime | None:
        """To the new mentor or the buddy, in their working time; not once it is somebody else, and not while the manager has
        stopped, or is gone."""
        way = await reading.way_of(session, int(item.about["enrollment_id"]))
        person = await session.get(Person, item.person_id)
        if way is None or person is None:
            return None
        if person.id != (way.enrollment.buddy_id if item.kind == BUDDY else way.enrollment.mentor_id):
            return None
        moment = personal.on_their_way(way, now)
        return await self.departures.say(session, item, person, now) if moment == now else moment

    async def plan_farewell(self, session: AsyncSession, item: AgendaItem, now: datetime) -> datetime | None:
        """To the mentor before, in their working time; not to one who has gone, or mentors them again."""
        way = await reading.way_of(session, int(item.about["enrollment_id"]))
        person = await session.get(Person, item.person_id)
        if way is None or person is None or person.id == way.enrollment.mentor_id:
            return None
        if person.deactivated_at is not None or person.unreachable_at is not None:
            return None
        return await self.departures.say(session, item, person, now)

    async def draw_farewell(self, session: AsyncSession, message: Message) -> Drawn:
        """What the mentor before reads: that it is over, and thanks; who it is now is for the manager to say."""
        way, words = await self._about(session, message)
        replaced = message.payload.get("mentor_id", 0) is not None
        return look.farewell(words, way.manager.name, way.manager.first_name, replaced=replaced)

    async def draw_given(self, session: AsyncSession, message: Message) -> Drawn:
        """What the new mentor reads: whom, and what to do first."""
        way, words = await self._about(session, message)
        return look.given(words, way.manager.name, way.manager.first_name)

    async def draw_buddy(self, session: AsyncSession, message: Message) -> Drawn:
        """What the buddy reads: whom they accompany, that they judge nothing, and five small things to do side by side."""
        way, words = await self._about(session, message)
        return look.buddy(words, way.manager.name, way.manager.first_name, message.payload.get("ticked", ()))

    async def tick(self, actor: Actor, message_ts: str, ticked: list[str]) -> None:
        """The buddy ticks a thing off, or not: kept with the message, for nobody else."""
        async with self.database.transaction() as session:
            person = await person_of(session, actor)
            if person is None:
                return
            rows = await session.exec(
                select(Message)
                .where(Message.person_id == person.id, Message.kind == "buddy", Message.ts == message_ts)
                .with_for_update()
            )
            message = rows.first()
            if message is not None:
                known = [one for one in look.STEPS if one in ticked]
                message.payload = {**message.payload, "ticked": known}
                session.add(message)
                await self.outbox.refresh(session, message.id)

    async def _about(self, session: AsyncSession, message: Message) -> tuple[Way, Any]:
        way = await reading.this_way(session, int(message.payload["enrollment_id"]))
        reader = await session.get_one(Person, message.person_id)
        return way, reading.taught_for(self.library.current, reader).wording


def _about(message: Message) -> dict[str, Any] | None:
    """What a message says of a new mentor: alone, or as a part of another."""
    if message.kind == "new_mentor":
        return dict(message.payload)
    joined = message.payload.get("joined", ())
    return next((dict(one["about"]) for one in joined if one["kind"] == "new_mentor"), None)
