"""Answers to what someone asked, done."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import asdict, dataclass
from datetime import date, datetime
from functools import partial
from typing import Any

from sqlalchemy import ColumnElement
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from bot.agenda import calendar, personal
from bot.coach import message as look
from bot.coach.rules import OF_MENTORS, Command, understand
from bot.curriculum.library import Library
from bot.delivery.outbox import Outbox
from bot.records import reading
from bot.records.database import Database
from bot.records.finding import find_lessons
from bot.records.reading import Way
from bot.records.tables import Enrollment, Message, Person
from bot.slack.access import Actor, person_of
from bot.slack.blocks import Drawn
from bot.slack.payloads import mentioned, with_names
from bot.slack.saying_when import day
from bot.slack.staff import Standing, standing_of

# What other rooms show of someone, for «today» and «progress».
View = Callable[[AsyncSession, Person], Awaitable[Drawn]]
ReadUntil = Callable[[str, date, str], date | None]
Pause = Callable[[Actor, date | None, datetime], Awaitable[date | None]]
Resume = Callable[[Actor, datetime], Awaitable[None]]
IN_A_MODAL = frozenset({"settings", "privacy", "kudos", "talked", "ask"})
FOR_ALL = frozenset({"help", "privacy", "pause", "resume", "settings"})  # also for someone who only mentors, or leads
Find = Callable[[AsyncSession, Person, str], Awaitable[list[Way]]]
Brief = Callable[[AsyncSession, Person, int], Awaitable[Drawn]]
# Keeps what someone wants to talk about; what to say to it: its place in the words, and who reads what was kept.
KeepAsk = Callable[[Actor, str, str, datetime], Awaitable[dict[str, Any]]]


@dataclass(frozen=True)
class Reply:
    """What to say: JSON that is drawn when it is said; and which modal to open instead, where one can be."""

    say: Mapping[str, Any]
    opens: str | None = None


@dataclass(frozen=True)
class Coach:
    """The room's parts; `views` are shown by other rooms, as are pausing and resuming done by them."""

    library: Library
    database: Database
    outbox: Outbox
    views: Mapping[str, View]
    read_until: ReadUntil
    pause: Pause
    resume: Resume
    show_picture: Callable[[Actor], Awaitable[bool]]
    find: Find
    brief: Brief
    keep_ask: KeepAsk

    async def answer(self, actor: Actor, text: str, now: datetime, *, place: str) -> tuple[Reply, Drawn]:
        """Do what was asked for, and what to say to it. `place` is an id: a button of the answer works once in it."""
        reply = await self._reply(actor, understand(text), now, place)
        async with self.database.transaction() as session:
            return reply, await self._draw(session, await person_of(session, actor), reply.say)

    async def write_back(
        self, actor: Actor, text: str, now: datetime, *, event_id: str, with_file: bool = False
    ) -> None:
        """Answer in the DM; an event that Slack delivers again is answered once. Someone unknown is answered by nobody's row."""
        say = (await self._reply(actor, understand(text), now, event_id)).say
        await self._say_back(actor, {**say, "with_file": True} if with_file else say, event_id)

    async def say_back(self, actor: Actor, place: str, *, event_id: str) -> None:
        """Say one sentence (its place in the words) in the DM, for that event once."""
        await self._say_back(actor, {"say": "sentence", "place": place}, event_id)

    async def _say_back(self, actor: Actor, say: Mapping[str, Any], event_id: str) -> None:
        async with self.database.transaction() as session:
            person = await person_of(session, actor)
            if person is not None:
                await self.outbox.say(
                    session,
                    key=f"reply:{person.workspace_id}:{event_id}",
                    kind="reply",
                    workspace_id=person.workspace_id,
                    person_id=person.id,
                    payload=dict(say),
                    at_once=True,
                )

    async def draw(self, session: AsyncSession, message: Message) -> Drawn:
        """An answer in the DM."""
        person = await session.get_one(Person, message.person_id)
        drawn = await self._draw(session, person, message.payload)
        words = reading.taught_for(self.library.current, person).wording
        return look.of_a_file(words, drawn) if message.payload.get("with_file") else drawn

    async def _reply(self, actor: Actor, command: Command, now: datetime, place: str) -> Reply:
        """Read, and be done with that transaction before other rooms act, each in one of its own: with two, a crowd would wait
        for itself."""
        async with self.database.transaction() as session:
            person = await person_of(session, actor)
            enrolled = person is not None and await self._is_enrolled(session, person)
            mentors = person is not None and bool(await self.find(session, person, ""))
            leads = person is not None and self._standing(person) is not None
            if person is None or not (enrolled or mentors or leads or command.name in ("help", "privacy")):
                has_left = person is not None and await self._has_left(session, person)
                return Reply({"say": "sentence", "place": "home.left" if has_left else "coach.not_enrolled"})
            if not enrolled and command.name not in FOR_ALL | set(OF_MENTORS):
                return Reply({"say": "help"})
            found = await self._look_up(session, person, command, place)
        return found or await self._act(actor, person, command, now, place)

    async def _look_up(self, session: AsyncSession, person: Person, command: Command, place: str) -> Reply | None:
        """What only has to be read; None for a command that does something, or opens it."""
        match command.name:
            case "brief":
                return await self._brief(session, person, command.words)
            case "find":
                return Reply({"say": "found", "place": place, "hits": await self._hits(session, command.words, person)})
            case None:
                hits = await self._hits(session, command.words, person)
                return Reply({"say": "not_understood", "place": place, "meant": command.meant, "hits": hits})
        return None

    async def _act(self, actor: Actor, person: Person, command: Command, now: datetime, place: str) -> Reply:
        match command.name:
            case "ask" if command.words:
                words = await self._with_names(actor, command.words)
                return Reply({"say": "sentence", **await self.keep_ask(actor, words, place, now)})
            case "pause":
                return await self._pause(actor, person, command.words, now)
            case "resume":
                await self.resume(actor, now)
                return Reply({"say": "sentence", "place": "coach.resumed"})
            case "picture":
                await self.show_picture(actor)
                return Reply({"say": "sentence", "place": "coach.picture"})
        return Reply({"say": command.name}, opens=command.name if command.name in IN_A_MODAL else None)

    async def _with_names(self, actor: Actor, words: str) -> str:
        """What someone typed, with the names of those whom it mentions."""
        ids = mentioned(words)
        if not ids:
            return words
        async with self.database.transaction() as session:
            rows = await session.exec(
                select(Person.slack_id, Person.name).where(
                    Person.workspace_id == actor.workspace_id, col(Person.slack_id).in_(ids)
                )
            )
            return with_names(words, dict(rows.all()))

    async def _brief(self, session: AsyncSession, mentor: Person, words: str) -> Reply:
        """About whom, if that is clear; else whom there is to choose from. It never says who else is in the program."""
        ways = await self.find(session, mentor, words)
        if len(ways) == 1:
            return Reply({"say": "brief", "enrollment_id": ways[0].enrollment.id})
        if not ways:
            return Reply({"say": "sentence", "place": "mentor.no_brief"})
        names = ", ".join(way.manager.name for way in ways)
        # Of whom it speaks: it goes with each of them.
        of = [way.enrollment.id for way in ways]
        return Reply({"say": "sentence", "place": "mentor.brief_of_whom", "values": {"names": names}, "of": of})

    async def _pause(self, actor: Actor, person: Person, words: str, now: datetime) -> Reply:
        taught = reading.taught_for(self.library.current, person)
        program = taught.curriculum.program
        today = calendar.local(now, personal.zone_of(program, person)).date()
        until = self.read_until(words, today, taught.language) if words else None
        if words and until is None:
            return Reply({"say": "sentence", "place": "coach.no_such_day"})
        until = await self.pause(actor, until, now)
        if until is None:
            return Reply({"say": "sentence", "place": "coach.paused_for_now"})
        return Reply({"say": "sentence", "place": "coach.paused", "values": {"when": day(until, taught.language)}})

    async def _hits(self, session: AsyncSession, words: str, person: Person) -> list[dict[str, Any]]:
        """The lessons that fit, as they read to them."""
        way = await reading.way_of_person(session, person.id or 0)
        if way is None:
            return []
        taught = reading.taught_for(self.library.current, person)
        lessons = {lesson.id: lesson for lesson in taught.curriculum.lessons}
        fill = partial(taught.wording.fill, **reading.names(taught, way))
        found = await find_lessons(session, list(lessons.values()), words, language=taught.language, fill=fill)
        return [asdict(look.Hit(one.lesson_id, lessons[one.lesson_id].title, one.snippet)) for one in found]

    async def _draw(self, session: AsyncSession, person: Person | None, say: Mapping[str, Any]) -> Drawn:
        words = reading.taught_for(self.library.current, person).wording
        hits = [look.Hit(**one) for one in say.get("hits", ())]
        match say["say"]:
            case "sentence":
                return look.sentence(words, say["place"], {**say.get("values", {}), **await _reader(session, say)})
            case "found":
                return look.found(words, hits, say["place"])
            case "not_understood":
                return look.not_understood(words, say["meant"], hits, say["place"])
            case "brief" if person is not None:
                return await self.brief(session, person, int(say["enrollment_id"]))
            case "help":
                mentors = person is not None and bool(await self.find(session, person, ""))
                enrolled = person is not None and await self._is_enrolled(session, person)
                leads = None if person is None else self._standing(person)
                return look.help_(words, mentors=mentors, enrolled=enrolled, leads=leads)
            case name if name in self.views and person is not None:
                return await self.views[name](session, person)
            case name if name in IN_A_MODAL:
                return look.door(words, name)
        return look.help_(words, mentors=False, enrolled=True, leads=None)

    def _standing(self, person: Person) -> Standing | None:
        return standing_of(person, self.library.current.curriculum.program)

    async def _is_enrolled(self, session: AsyncSession, person: Person) -> bool:
        """Whether they are in the program as a manager: also one who stopped, but not one whom staff took out."""
        return await self._any(session, person, col(Enrollment.left_at).is_(None))

    async def _has_left(self, session: AsyncSession, person: Person) -> bool:
        return await self._any(session, person, col(Enrollment.left_at).is_not(None))

    async def _any(self, session: AsyncSession, person: Person, which: ColumnElement[bool]) -> bool:
        rows = await session.exec(select(Enrollment.id).where(Enrollment.person_id == person.id, which))
        return rows.first() is not None


async def _reader(session: AsyncSession, say: Mapping[str, Any]) -> dict[str, str]:
    """Who reads what was kept, by name, as long as they are on record."""
    if "reader_id" not in say:
        return {}
    reader = await session.get(Person, say["reader_id"])
    return {"mentor": "" if reader is None else reader.first_name}
