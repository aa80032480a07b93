"""The mentor's Monday, done: many digests at once, since most of them fall due in the same minute."""

from collections import defaultdict
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, fields
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from uuid import UUID

from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from bot.agenda import book, calendar, personal
from bot.agenda.due import Decided
from bot.curriculum.library import Library, Taught
from bot.curriculum.model import Program, Weekday
from bot.delivery.drawing import Drawings
from bot.delivery.outbox import Outbox
from bot.mentors import message as look
from bot.mentors.records import Records
from bot.mentors.rules import Digest, DigestLine, Kind, Told, digest, what_a_mentor_may_see
from bot.records import reading
from bot.records.many import by_ids
from bot.records.reading import Way
from bot.records.tables import AgendaItem, Enrollment, Message, Person
from bot.slack.blocks import Block

EVER = datetime.max.replace(tzinfo=UTC)
WEEK = timedelta(days=7)


@dataclass(frozen=True)
class Stands:
    """Where managers stand in the areas, as far as they show it: doors of the room that draws pictures."""

    seen: Callable[[AsyncSession, Way, Taught], Awaitable[list[Block]]]  # in words; nothing unless they show it
    sharing: Callable[[Sequence[Way]], list[int]]  # the enrollments of those who do
    ask_for: Callable[[AsyncSession, str, UUID], Awaitable[None]]  # has a picture made, in a workspace, below a digest


@dataclass(frozen=True)
class Mentors:
    """The room's parts."""

    library: Library
    outbox: Outbox
    records: Records
    stands: Stands

    async def plan_many(self, session: AsyncSession, items: Sequence[AgendaItem], now: datetime) -> Decided:
        """Decide about the week's digests, where there is anything new. What is given back says them, and when each is due again
        (aware UTC), by the item's id."""
        mentors = await by_ids(session, Person, {item.person_id for item in items if item.person_id is not None})
        due: dict[int, datetime | None] = {}
        ready: list[Person] = []
        for item in items:
            mentor = mentors.get(item.person_id)
            moment = None if mentor is None else self._moment(mentor, item.due_at, now)
            if mentor is not None and moment == now:
                ready.append(mentor)
                moment = slot(self._program, mentor, now)
            due[item.id or 0] = moment
        weeks = await self._weeks(session, ready, now)

        async def say_all() -> dict[int, datetime | None]:
            for week in weeks:
                await self._say(session, *week, now)
            return due

        return say_all

    async def draw(self, session: AsyncSession, messages: Sequence[Message]) -> Drawings:
        """Digests as they were decided: a mentor who reads one later reads the same."""
        people = await by_ids(session, Person, {message.person_id for message in messages})
        return {message.id: self._drawn(message, people[message.person_id]) for message in messages}

    async def move(self, session: AsyncSession, person: Person, now: datetime) -> None:
        """Someone's time zone or wish changed: the digest that they get as a mentor moves with them."""
        items = await session.exec(
            select(AgendaItem).where(
                AgendaItem.person_id == person.id, AgendaItem.kind == "digest", col(AgendaItem.done_at).is_(None)
            )
        )
        for item in items:
            item.due_at = slot(self._program, person, now)
            session.add(item)

    async def seen(self, session: AsyncSession, manager: Person) -> list[Block]:
        """Exactly what a manager's mentor can see of them right now; nothing without a mentor."""
        way = await reading.way_of_person(session, manager.id or 0)
        if way is None or way.mentor is None:
            return []
        taught = reading.taught_for(self.library.current, manager)
        return await self.seen_by(session, way, taught, way.enrollment.begun_at or EVER)

    async def seen_by(self, session: AsyncSession, way: Way, taught: Taught, since: datetime) -> list[Block]:
        """What a mentor can see of one manager, as the reader is `taught`; what is newer than `since` counts as new."""
        curriculum, now = self.library.current.curriculum, self.outbox.clock.now()
        (record,) = await self.records.of(session, curriculum, [way], since, now)
        shown = look.seen(taught, what_a_mentor_may_see(record), reading.names(taught, way))
        return [*shown, *await self.stands.seen(session, way, taught)]

    @property
    def _program(self) -> Program:
        return self.library.current.curriculum.program

    def _moment(self, mentor: Person, due: datetime, now: datetime) -> datetime:
        """Now, if this is a time for it; else when: on a day off the next working day at that hour, or the week after."""
        zone, working = personal.zone_of(self._program, mentor), personal.personal_time(self._program, mentor)
        if not personal.reachable(mentor, now) or not calendar.still_good(due, now, self._program.working_time, zone):
            return slot(self._program, mentor, now)
        if not working.is_off(calendar.local(now, zone).date()):
            return now
        try:
            return calendar.after_working_days(now, 1, working, zone)
        except calendar.NoSlot:  # paused without an end
            return slot(self._program, mentor, now)

    async def _weeks(
        self, session: AsyncSession, mentors: Sequence[Person], now: datetime
    ) -> list[tuple[Person, Digest, Sequence[Way]]]:
        """What is new for each of these, and their managers' ways; without those for whom nothing is."""
        if not mentors:
            return []
        ways = await _ways_of(session, [mentor.id or 0 for mentor in mentors])
        every = [way for theirs in ways.values() for way in theirs]
        records = await self.records.of(session, self.library.current.curriculum, every, now - WEEK, now)
        by_way = {one.enrollment_id: one for one in records}
        weeks: list[tuple[Person, Digest, Sequence[Way]]] = []
        for mentor in mentors:
            theirs = ways.get(mentor.id or 0, [])
            week = digest([by_way[way.enrollment.id or 0] for way in theirs])
            if week is not None:
                weeks.append((mentor, week, theirs))
        return weeks

    async def _say(
        self, session: AsyncSession, mentor: Person, week: Digest, ways: Sequence[Way], now: datetime
    ) -> None:
        day = calendar.local(now, personal.zone_of(self._program, mentor)).date()
        taught = reading.taught_for(self.library.current, mentor)
        by_id = {way.enrollment.id: way for way in ways}
        shares = self.stands.sharing([by_id[told.line.enrollment_id] for told in week.people])
        message_id = await self.outbox.say(
            session,
            key=f"digest:{mentor.id}:{day.isoformat()}",
            kind="digest",
            workspace_id=mentor.workspace_id,
            person_id=mentor.id,
            payload={
                "people": [
                    {
                        **_plain(told),
                        "manager_id": by_id[told.line.enrollment_id].manager.id,
                        "fill": reading.names(taught, by_id[told.line.enrollment_id]),
                    }
                    for told in week.people
                ],
                "more": week.more,
                "shares": shares,
            },
        )
        if message_id is not None and shares:
            await self.stands.ask_for(session, mentor.workspace_id, message_id)

    def _drawn(self, message: Message, mentor: Person) -> Any:
        told = [(_told(one), one["fill"]) for one in message.payload.get("people", ())]
        taught = reading.taught_for(self.library.current, mentor)
        return look.digest(taught, told, int(message.payload["more"]), mentor.first_name)


async def enter(session: AsyncSession, program: Program, mentor: Person, now: datetime) -> None:
    """Put a mentor's weekly digest on the agenda: one item, which moves from week to week."""
    await book.put(
        session,
        key=f"digest:{mentor.id}",
        kind="digest",
        workspace_id=mentor.workspace_id,
        person_id=mentor.id,
        due_at=slot(program, mentor, now),
    )


def slot(program: Program, mentor: Person, now: datetime) -> datetime:
    """The next time for a mentor's digest (aware UTC): the program's day and hour, or their own."""
    day: Weekday = mentor.digest_day if mentor.digest_day in calendar.WEEKDAYS else program.digest.day
    at: time = mentor.digest_at or program.digest.at
    return calendar.next_slot(now, days=[day], at=at, zone=personal.zone_of(program, mentor))


async def _ways_of(session: AsyncSession, mentor_ids: Sequence[int]) -> dict[int, list[Way]]:
    """The ways of many mentors' managers who have neither stopped nor left, by mentor."""
    ids = await session.exec(
        select(Enrollment.id)
        .join(Person, col(Person.id) == col(Enrollment.person_id))
        .where(
            col(Enrollment.mentor_id).in_(mentor_ids),
            col(Enrollment.stopped_at).is_(None),
            col(Person.deactivated_at).is_(None),
        )
    )
    ways: dict[int, list[Way]] = defaultdict(list)
    for way in await reading.ways_where(session, [one for one in ids if one is not None]):
        ways[way.enrollment.mentor_id or 0].append(way)
    return ways


def _plain(told: Told) -> dict[str, Any]:
    line = asdict(told.line)
    due = told.line.promise_due
    return {
        "line": {**line, "promise_due": due.isoformat() if due else None},
        "facts": [list(one) for one in told.facts],
    }


def _told(values: Mapping[str, Any]) -> Told:
    names = {one.name for one in fields(DigestLine)}  # a version before this one wrote down more
    line = {name: value for name, value in values["line"].items() if name in names}
    due, trend = line["promise_due"], line["letting_go"]
    line |= {
        "promise_due": date.fromisoformat(due) if due else None,
        "shared": tuple((lesson, answer) for lesson, answer in line["shared"]),
        "letting_go": None if trend is None else (trend[0], trend[1]),
        **{name: tuple(line[name]) for name in ("help", "waits", "wants")},
    }
    return Told(DigestLine(**line), tuple((Kind(kind), number) for kind, number in values["facts"]))
