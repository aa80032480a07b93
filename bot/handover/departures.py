"""Mentors who are gone: noticed with every look at the directory, and told to each of the staff once an occasion."""

from dataclasses import dataclass
from datetime import datetime

from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from bot.agenda import book, calendar, personal
from bot.curriculum.library import Library
from bot.delivery.outbox import Outbox
from bot.handover import message as look
from bot.handover.rules import Gone, Presence, gone
from bot.records import reading
from bot.records.database import Database
from bot.records.reading import Way
from bot.records.tables import AgendaItem, Enrollment, Message, Person
from bot.slack.blocks import Drawn
from bot.slack.saying_when import day
from bot.slack.staff import staff_of

KIND = "mentor_gone"


@dataclass(frozen=True)
class Departures:
    """The room's parts."""

    library: Library
    database: Database
    outbox: Outbox

    async def look(self, workspace_id: str, now: datetime) -> None:
        """Put on the agenda of staff whoever of the mentors is gone. Looking twice does no harm: an occasion has one key."""
        program = self.library.current.curriculum.program
        async with self.database.transaction() as session:
            mentors = await _mentors(session, workspace_id)
            found = [(mentor, gone(_presence(mentor), now)) for mentor in mentors]
            absent = [(mentor, why) for mentor, why in found if why is not None]
            for person in await staff_of(session, workspace_id, program) if absent else ():
                for mentor, why in absent:
                    await _tell(session, mentor, why, person, now)

    async def plan(self, session: AsyncSession, item: AgendaItem, now: datetime) -> datetime | None:
        """Tell one of the staff, in their working time; not once the mentor is back, or mentors nobody any more."""
        person = await session.get(Person, item.person_id)
        mentor = await session.get(Person, int(item.about["mentor_id"]))
        if person is None or mentor is None or gone(_presence(mentor), now) is None:
            return None
        if not await _led_by(session, mentor):
            return None
        return await self.say(session, item, person, now)

    async def say(self, session: AsyncSession, item: AgendaItem, person: Person, now: datetime) -> datetime | None:
        """Say an item of the agenda to one of the staff; when to try again (aware UTC), if this is no time for it."""
        free = personal.free_sometime(self.library.current.curriculum.program, person, now)
        if free != now:
            return free
        await self.outbox.say(
            session, key=item.key, kind=item.kind, workspace_id=item.workspace_id, person_id=person.id,
            payload=item.about,
        )  # fmt: skip
        return None

    async def draw(self, session: AsyncSession, message: Message) -> Drawn:
        """Who is gone, since when, and whom they mentor as things stand now."""
        reader = await session.get_one(Person, message.person_id)
        taught = reading.taught_for(self.library.current, reader)
        mentor = await session.get(Person, int(message.payload["mentor_id"]))
        if mentor is None:
            return look.nobody_left(taught.wording, "")
        names = [way.manager.name for way in await _led_by(session, mentor)]
        if not names:
            return look.nobody_left(taught.wording, mentor.name)
        since = datetime.fromisoformat(message.payload["since"])
        local = calendar.local(since, personal.zone_of(taught.curriculum.program, reader)).date()
        return look.mentor_gone(
            taught.wording, mentor.id or 0, mentor.name, message.payload["why"], day(local, taught.language), names
        )


def _presence(one: Person) -> Presence:
    return Presence(one.deactivated_at, one.unreachable_at, one.paused_at, one.paused_until, one.away_until)


async def _led_by(session: AsyncSession, mentor: Person) -> list[Way]:
    """The ways of those whom someone mentors: who has come to the end waits for no other mentor."""
    ways = await reading.ways_of_mentor(session, mentor.id or 0)
    return [way for way in ways if way.enrollment.ended_at is None]


async def _mentors(session: AsyncSession, workspace_id: str) -> list[Person]:
    """Those who mentor anybody on their way who is still here."""
    manager = select(Person.id).where(Person.workspace_id == workspace_id, col(Person.deactivated_at).is_(None))
    ids = select(Enrollment.mentor_id).where(
        col(Enrollment.stopped_at).is_(None), col(Enrollment.ended_at).is_(None), col(Enrollment.person_id).in_(manager)
    )
    rows = await session.exec(select(Person).where(Person.workspace_id == workspace_id, col(Person.id).in_(ids)))
    return list(rows)


async def _tell(session: AsyncSession, mentor: Person, why: Gone, person: Person, now: datetime) -> None:
    await book.put(
        session, key=f"{KIND}:{mentor.id}:{why.why.value}:{why.since:%Y%m%d}:{person.id}", kind=KIND,
        workspace_id=person.workspace_id, person_id=person.id,
        about={"mentor_id": mentor.id, "why": why.why.value, "since": why.since.isoformat()}, due_at=now,
    )  # fmt: skip
