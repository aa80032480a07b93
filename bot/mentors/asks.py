"""What managers want to talk about with their mentor: said on purpose, and said beforehand who reads it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import update
from sqlalchemy.dialects.postgresql import insert
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from bot.agenda import book, calendar, personal
from bot.curriculum.library import Library
from bot.delivery.outbox import Outbox
from bot.mentors import asks_message as look
from bot.records import reading
from bot.records.database import Database
from bot.records.reading import Way
from bot.records.tables import AgendaItem, Ask, Message, Person
from bot.slack.access import Actor, note_refused, person_of
from bot.slack.blocks import Block, Drawn

LONGEST = 300  # characters


class AnotherMentor(Exception):
    """It was written for someone who is not their mentor (any more)."""


@dataclass(frozen=True)
class Asks:
    """The room's parts."""

    library: Library
    database: Database
    outbox: Outbox

    async def view(self, actor: Actor, written: str = "") -> Block:
        """The modal: one line, whether it is urgent, who reads it, and what is open already.

        `written` was meant for the mentor before: it is theirs to send to this one, or not.
        """
        async with self.database.transaction() as session:
            way = await self._way(session, actor)
            person, mentor = (None, None) if way is None else (way.manager, _reader(way))
            words = reading.taught_for(self.library.current, person).wording
            if way is None or mentor is None:
                return look.told(words, "mentor.no_mentor")
            asks = await open_asks(session, [way.enrollment.id or 0])
        reader = look.Reader(mentor.id or 0, mentor.first_name)
        return look.ask(words, reader, [(one.id or 0, one.text) for one in asks], written)

    async def save(
        self, actor: Actor, text: str, *, needs_help: bool, place: str, now: datetime, mentor_id: int | None = None
    ) -> Person | None:
        """Keep what someone wants to talk about; who reads it. None, and nothing is kept, where there is no mentor who could.

        Nor where it is another than that one, who was named to them as the reader: AnotherMentor.
        """
        async with self.database.transaction() as session:
            way = await self._held_way(session, actor)
            mentor = None if way is None else _reader(way)
            if way is None or mentor is None or not text:
                return None
            if mentor_id not in (None, mentor.id):
                raise AnotherMentor
            row = await session.execute(
                insert(Ask)
                .values(
                    enrollment_id=way.enrollment.id,
                    place=place,
                    text=text[:LONGEST],
                    needs_help=needs_help,
                    asked_at=now,
                )
                .on_conflict_do_nothing(index_elements=["place"])
                .returning(Ask.__table__.c.id)  # type: ignore[attr-defined]
            )
            if row.first() is not None and needs_help:
                await self.call(session, way, now)
        return mentor

    async def call(self, session: AsyncSession, way: Way, now: datetime) -> None:
        """Have a mentor hear of what should not wait.

        At most once a day for each manager: the next ask of that day is in the same message, or in Monday's.
        """
        mentor = way.mentor
        if mentor is None:
            return
        zone = personal.zone_of(self.library.current.curriculum.program, mentor)
        await book.put(
            session,
            key=f"help:{way.enrollment.id}:{mentor.id}:{calendar.local(now, zone).date()}",
            kind="help",
            workspace_id=mentor.workspace_id,
            person_id=mentor.id,
            about={"enrollment_id": way.enrollment.id},
            due_at=now + timedelta(seconds=1),
        )

    async def take_back(self, actor: Actor, ask_id: int, now: datetime) -> Block:
        """Take one's own ask back; what is left, to look at."""
        async with self.database.transaction() as session:
            way = await self._way(session, actor)
            if way is None or not await _taken_back(session, way, ask_id, now):
                note_refused(actor, "an ask that is not theirs to take back")
        return await self.view(actor)

    async def plan_help(self, session: AsyncSession, item: AgendaItem, now: datetime) -> datetime | None:
        """Tell a mentor in their working time that someone asked for help; not once it is settled, or with another mentor, nor if
        they have stopped since, or left."""
        way = await reading.way_of(session, int(item.about["enrollment_id"]))
        if way is None or way.mentor is None or way.mentor.id != item.person_id:
            return None
        asks = [
            one for one in await open_asks(session, [way.enrollment.id or 0]) if one.needs_help and _holds(one, way)
        ]
        if not asks:
            return None
        free = personal.free_sometime(self.library.current.curriculum.program, way.mentor, now)
        if free != now:
            return free
        await self.outbox.say(
            session,
            key=item.key,
            kind="help",
            workspace_id=way.mentor.workspace_id,
            person_id=way.mentor.id,
            payload={"enrollment_id": way.enrollment.id, "asks": [one.id for one in asks]},
        )
        return None

    async def draw_help(self, session: AsyncSession, message: Message) -> Drawn:
        """Who asked for help, and with what; what was taken back meanwhile is not shown."""
        way = await reading.this_way(session, int(message.payload["enrollment_id"]))
        mentor = await session.get_one(Person, message.person_id)
        rows = await session.exec(select(Ask).where(col(Ask.id).in_(message.payload["asks"])))
        texts = [one.text for one in rows if one.settled_by is None or one.settled_by != way.manager.id]
        return look.help_(reading.taught_for(self.library.current, mentor).wording, way.manager.name, texts)

    async def _way(self, session: AsyncSession, actor: Actor) -> Way | None:
        person = await person_of(session, actor)
        return None if person is None else await reading.way_of_person(session, person.id or 0)

    async def _held_way(self, session: AsyncSession, actor: Actor) -> Way | None:
        """The same, with whoever is their mentor until the commit: who changes that waits, and takes back what is kept here."""
        way = await self._way(session, actor)
        if way is None:
            return None
        await session.refresh(way.enrollment, with_for_update={"key_share": True})
        return await reading.this_way(session, way.enrollment.id or 0)


async def _taken_back(session: AsyncSession, way: Way, ask_id: int, now: datetime) -> bool:
    """Whether it was theirs, and still open."""
    taken = await session.execute(
        update(Ask)
        .where(col(Ask.id) == ask_id, col(Ask.enrollment_id) == way.enrollment.id, col(Ask.settled_at).is_(None))
        .values(settled_at=now, settled_by=way.manager.id)
        .returning(col(Ask.id))
    )
    return taken.first() is not None


def _reader(way: Way) -> Person | None:
    """Who reads what someone wants to talk about; nobody once staff have taken them out, or the mentor's account is closed: the
    next one is asked nothing that was meant for this one."""
    gone = way.mentor is None or way.mentor.deactivated_at is not None
    return None if gone or way.enrollment.left_at is not None else way.mentor


def _holds(ask: Ask, way: Way) -> bool:
    """Whether a call still holds: it does not for who has stopped since then, or is gone. Who calls after a stop means it."""
    is_gone = way.enrollment.left_at is not None or way.manager.deactivated_at is not None
    return not is_gone and (way.enrollment.stopped_at is None or way.enrollment.stopped_at < ask.asked_at)


async def open_asks(session: AsyncSession, enrollment_ids: Sequence[int]) -> list[Ask]:
    """What is still to be talked about, the urgent first, then the oldest."""
    rows = await session.exec(
        select(Ask)
        .where(col(Ask.enrollment_id).in_(enrollment_ids), col(Ask.settled_at).is_(None))
        .order_by(col(Ask.needs_help).desc(), col(Ask.asked_at), col(Ask.id))
    )
    return list(rows)
