"""What a mentor tells a manager: kudos, a note, or that they talked. It comes from the mentor, so it is no prompt of ours."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from sqlalchemy import update
from sqlalchemy.dialects.postgresql import insert
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from bot.agenda import book, calendar, personal
from bot.curriculum.library import Library
from bot.curriculum.model import Program
from bot.delivery.outbox import Outbox
from bot.mentors import words_message as look
from bot.mentors.asks import open_asks
from bot.records import reading, roles
from bot.records.database import Database
from bot.records.editions import Editions
from bot.records.reading import Way
from bot.records.roles import Act
from bot.records.tables import AgendaItem, Ask, LessonGiven, Message, Note, Observation, Person, Promise
from bot.slack.access import Actor, note_refused, person_of
from bot.slack.blocks import Block, Drawn
from bot.slack.modals import Unfit
from bot.slack.saying_when import day, moment

LONGEST = 500  # characters
FURTHEST = timedelta(days=180)  # a next talk later than that is none
MOST_CHOICES = 10  # of things that it may be for
BEFORE_TALK = timedelta(hours=1)


@dataclass(frozen=True)
class Told:
    """What came in with a modal. `place` names that modal: sent twice, it is one note. `what_for` is a lesson's id."""

    actor: Actor
    place: str
    enrollment_id: int
    text: str
    kind: str = "talk"
    what_for: str | None = None
    on: date | None = None
    at: time | None = None
    settles: bool = False


@dataclass(frozen=True)
class Words:
    """The room's parts."""

    library: Library
    database: Database
    outbox: Outbox
    editions: Editions

    async def kudos_view(self, actor: Actor) -> Block:
        """The modal for kudos or a note; a sentence for someone who mentors nobody."""
        async with self.database.transaction() as session:
            mentor, ways = await self._managers(session, actor)
            words = reading.taught_for(self.library.current, mentor).wording
            choices = list((await self._what_for(session, ways[0])).items())[:MOST_CHOICES] if len(ways) == 1 else []
        return look.kudos(words, look.people(ways), choices) if ways else look.told(words, "mentor.nobody")

    async def talked_view(self, actor: Actor) -> Block:
        """The modal for «we talked»: a line, the next date, and what they had asked to talk about."""
        async with self.database.transaction() as session:
            mentor, ways = await self._managers(session, actor)
            words = reading.taught_for(self.library.current, mentor).wording
            names = {way.enrollment.id or 0: way.manager.name for way in ways}
            asks = [(names[one.enrollment_id], one.text) for one in await open_asks(session, list(names))]
        return look.talked(words, look.people(ways), asks) if ways else look.told(words, "mentor.nobody")

    async def save(self, told: Told, now: datetime) -> Block:
        """Keep what a mentor told, and have it said to the manager. Raises Unfit; a modal of a former mentor keeps nothing."""
        async with self.database.transaction() as session:
            mentor, ways = await self._managers(session, told.actor)
            words = reading.taught_for(self.library.current, mentor).wording
            way = reading.way_among(ways, told.enrollment_id)
            act = Act.TALKED if told.kind == "talk" else Act.KUDOS
            if mentor is None or way is None or not roles.may_do(reading.role_of(mentor.id, way), act):
                note_refused(told.actor, "words to somebody else's manager")
                return look.told(words, "mentor.not_yours")
            next_at = self._next_talk(mentor, told, now)
            what_for = (await self._what_for(session, way)).get(told.what_for) if told.what_for else None
            note_id = await _keep(session, way, mentor, told, what_for, now)
            if note_id is not None:
                await self._follow(session, way, mentor, told, next_at, now)
                await put_from_mentor(session, way, note_id, now)
        return look.told(words, "mentor.sent", name=way.manager.first_name)

    async def plan(self, session: AsyncSession, item: AgendaItem, now: datetime) -> datetime | None:
        """Say a note in the manager's working time; someone away or paused gets it when they are back, who stopped if they begin
        again, and who was taken out never."""
        note = await session.get(Note, int(item.about["note_id"]))
        way = None if note is None else await reading.way_of(session, note.enrollment_id)
        if way is None:
            return None
        person, free = way.manager, personal.on_their_way(way, now)
        if free == now:
            free = personal.free_sometime(self._program, person, now)
        if free != now:
            return free
        await self.outbox.say(
            session,
            key=item.key,
            kind="from_mentor",
            workspace_id=person.workspace_id,
            person_id=person.id,
            payload={"note_id": item.about["note_id"]},
        )
        return None

    async def draw(self, session: AsyncSession, message: Message) -> Drawn:
        """A note as its manager reads it."""
        note = await session.get_one(Note, int(message.payload["note_id"]))
        way = await reading.this_way(session, note.enrollment_id)
        by = await session.get_one(Person, note.by_id)
        taught = reading.taught_for(self.library.current, way.manager)
        zone = personal.zone_of(self._program, way.manager)
        rows = await session.exec(
            select(Observation).where(Observation.note_id == note.id).order_by(col(Observation.place))
        )
        return look.note(
            taught.wording,
            look.Shown(
                kind=note.kind,
                by=by.first_name,
                what_for=note.what_for,
                text=note.text,
                on=day(calendar.local(note.written_at, zone).date(), taught.language),
                next_at=None if way.enrollment.next_talk_at is None or note.kind != "talk"
                else moment(way.enrollment.next_talk_at, zone, taught.language),
                saw=[(one.behaviour, one.saw) for one in rows],
            ),
        )  # fmt: skip

    @property
    def _program(self) -> Program:
        return self.library.current.curriculum.program

    async def _managers(self, session: AsyncSession, actor: Actor) -> tuple[Person | None, list[Way]]:
        mentor = await person_of(session, actor)
        return mentor, [] if mentor is None else await reading.ways_of_mentor(session, mentor.id or 0)

    async def _what_for(self, session: AsyncSession, way: Way) -> dict[str, str]:
        """What kudos may be for: the latest kept promises and lessons of a manager, by their lessons' ids and titles."""
        promised = await session.exec(
            select(Promise.lesson_id).where(
                Promise.enrollment_id == way.enrollment.id, col(Promise.status).in_(["yes", "partly"])
            )
        )
        kept = set(promised)
        rows = await session.exec(
            select(LessonGiven)
            .where(LessonGiven.enrollment_id == way.enrollment.id)
            .order_by(col(LessonGiven.given_at).desc())
        )
        latest: dict[str, str] = {}
        for one in rows:
            latest.setdefault(one.lesson_id, one.edition_hash)
        kept_first = sorted(latest, key=lambda lesson_id: lesson_id not in kept)
        return {one: (await self.editions.get(session, latest[one])).title for one in kept_first}

    def _next_talk(self, mentor: Person, told: Told, now: datetime) -> datetime | None:
        """The next talk in the mentor's own time; Unfit for one that is past, or too far away."""
        if told.on is None:
            return None
        zone = personal.zone_of(self._program, mentor)
        at = calendar.at_local(told.on, told.at or time(9), zone)
        if not now < at <= now + FURTHEST:
            words = reading.taught_for(self.library.current, mentor).wording
            raise Unfit(look.ON, words.plain("mentor.not_such_day"))
        return at

    async def _follow(
        self, session: AsyncSession, way: Way, mentor: Person, told: Told, next_at: datetime | None, now: datetime
    ) -> None:
        """What a talk leads to: the next date with a brief before it, and what they had asked for is settled."""
        if told.kind != "talk":
            return
        way.enrollment.next_talk_at = next_at
        session.add(way.enrollment)
        if next_at is not None:
            await book.put(
                session,
                key=f"brief:{way.enrollment.id}:{mentor.id}:{next_at.isoformat(timespec='minutes')}",
                kind="brief",
                workspace_id=mentor.workspace_id,
                person_id=mentor.id,
                about={"enrollment_id": way.enrollment.id, "talk_at": next_at.isoformat()},
                due_at=max(now, next_at - BEFORE_TALK),
            )
        if told.settles:
            await session.execute(
                update(Ask)
                .where(col(Ask.enrollment_id) == way.enrollment.id, col(Ask.settled_at).is_(None))
                .values(settled_at=now, settled_by=mentor.id)
            )


async def put_from_mentor(session: AsyncSession, way: Way, note_id: int, now: datetime) -> None:
    """Have a note said to its manager, once."""
    await book.put(
        session,
        key=f"from_mentor:{note_id}",
        kind="from_mentor",
        workspace_id=way.manager.workspace_id,
        person_id=way.manager.id,
        about={"note_id": note_id},
        due_at=now,
    )


async def _keep(
    session: AsyncSession, way: Way, mentor: Person, told: Told, what_for: str | None, now: datetime
) -> int | None:
    """Write a note down; None if that modal was sent before."""
    row = await session.execute(
        insert(Note)
        .values(
            enrollment_id=way.enrollment.id,
            by_id=mentor.id,
            kind=told.kind,
            place=told.place,
            what_for=what_for,
            text=told.text[:LONGEST],
            written_at=now,
        )
        .on_conflict_do_nothing(index_elements=["place"])
        .returning(Note.__table__.c.id)  # type: ignore[attr-defined]
    )
    return row.scalar_one_or_none()
