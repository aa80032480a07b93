"""Settings and pauses, done."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from bot.agenda import away, calendar, personal
from bot.attention import slots
from bot.curriculum.library import Library, Taught
from bot.preferences import message as look
from bot.preferences.countries import countries, language_name
from bot.preferences.rules import half_hours, may_pause_until, most_days
from bot.preferences.silence import heard
from bot.preferences.wishes import Wanted, set_lessons, set_person
from bot.records import reading
from bot.records.database import Database
from bot.records.reading import Way
from bot.records.tables import AgendaItem, Enrollment, Person
from bot.slack.access import Actor, person_of
from bot.slack.blocks import Block
from bot.slack.modals import Unfit
from bot.slack.saying_when import day, moment, weekdays

USUAL_PAUSE = timedelta(days=7)

# What other rooms move when someone changed what they want, within the same transaction.
Changed = Callable[[AsyncSession, Person, datetime], Awaitable[None]]


@dataclass(frozen=True)
class _Someone:
    """Who it is: their way, if they have one, and what is said to them."""

    person: Person
    way: Way | None
    taught: Taught


@dataclass(frozen=True)
class Preferences:
    """The room's parts. `changed` moves what is planned for someone, and draws anew what shows it."""

    library: Library
    database: Database
    changed: Changed

    async def settings_view(self, actor: Actor) -> Block:
        """The modal with someone's settings; a sentence for someone who has none."""
        async with self.database.transaction() as session:
            one = await self._someone(session, actor)
        return self._nothing_here("preferences.settings_title") if one is None else _settings(one)

    async def save(self, actor: Actor, wanted: Wanted, now: datetime) -> Block:
        """Keep what someone set; the modal that says so, and when the next lesson comes. Raises Unfit."""
        async with self.database.transaction() as session:
            one = await self._someone(session, actor)
            if one is None:
                return self._nothing_here("preferences.settings_title")
            if one.way is not None:
                set_lessons(one.way, wanted, one.taught)
                session.add(one.way.enrollment)
            set_person(one.person, wanted, one.taught)
            session.add(one.person)
            await self._follow(session, one.person, now)
            taught = reading.taught_for(self.library.current, one.person)
            next_at = await _next_lesson(session, one, taught)
        said = "preferences.saved" if next_at is None else "preferences.saved_next"
        values = {} if next_at is None else {"when": next_at}
        return look.told(taught.wording, "preferences.settings_title", taught.wording.mrkdwn(said, **values))

    async def pause_view(self, actor: Actor, now: datetime, message_id: UUID | None = None) -> Block:
        """The modal that asks until when; a sentence for someone who gets nothing anyway."""
        async with self.database.transaction() as session:
            one = await self._someone(session, actor)
        if one is None:
            return self._nothing_here("preferences.pause_title")
        return look.pause(one.taught.wording, _today(one, now) + USUAL_PAUSE, message_id)

    async def pause_from_modal(self, actor: Actor, until: date | None, now: datetime) -> Block:
        """Pause, and the modal that says so. Raises Unfit for a day that is no day to come back on."""
        async with self.database.transaction() as session:
            one = await self._someone(session, actor)
            if one is None:
                return self._nothing_here("preferences.pause_title")
            words = one.taught.wording
            if until is not None and not may_pause_until(until, _today(one, now)):
                raise Unfit(look.UNTIL, words.plain("preferences.not_such_day"))
            until = await self._pause(session, one, until, now)
        if until is None:
            return look.told(words, "preferences.pause_title", words.mrkdwn("preferences.paused_for_now"))
        sentence = words.mrkdwn("preferences.paused", when=day(until, one.taught.language))
        return look.told(words, "preferences.pause_title", sentence)

    async def pause(self, actor: Actor, until: date | None, now: datetime) -> date | None:
        """Say nothing until that local day (the first one back), or until they say so. Until when that is: their cohort may rest
        for longer. Someone unknown changes nothing."""
        async with self.database.transaction() as session:
            one = await self._someone(session, actor)
            return None if one is None else await self._pause(session, one, until, now)

    async def resume(self, actor: Actor, now: datetime) -> None:
        """Go on again, after a pause or a stop."""
        async with self.database.transaction() as session:
            one = await self._someone(session, actor)
            if one is None:
                return
            if one.way is None:
                one.person.paused_at = one.person.paused_until = None
            else:
                away.goes_on(one.way, now)
                session.add(one.way.enrollment)
            session.add(one.person)
            await self._follow(session, one.person, now)

    async def _pause(self, session: AsyncSession, one: _Someone, until: date | None, now: datetime) -> date | None:
        """Until which day they do, which is later where their cohort rests."""
        if one.way is None:
            one.person.paused_at, one.person.paused_until = now, until
        else:
            away.pauses_by_themselves(one.way, until, now)
            session.add(one.way.enrollment)
        session.add(one.person)
        await self._follow(session, one.person, now)
        return one.person.paused_until

    async def _follow(self, session: AsyncSession, person: Person, now: datetime) -> None:
        await session.flush()
        await heard(session, person, now)
        await self.changed(session, person, now)

    async def _someone(self, session: AsyncSession, actor: Actor) -> _Someone | None:
        person = await person_of(session, actor)
        if person is None:
            return None
        found = await session.exec(select(Enrollment.id).where(col(Enrollment.person_id) == person.id))
        enrollment_id = found.first()
        way = None if enrollment_id is None else await reading.way_of(session, enrollment_id)
        return _Someone(person, way, reading.taught_for(self.library.current, person))

    def _nothing_here(self, title: str) -> Block:
        words = self.library.current.wording
        return look.told(words, title, words.mrkdwn("preferences.nothing_here"))


def _settings(one: _Someone) -> Block:
    shown = look.Settings(
        lessons=None if one.way is None else _lessons(one, one.way),
        languages=[(language, language_name(language)) for language in one.taught.languages],
        language=one.taught.language,
        countries=countries(one.taught.language),
        country=one.person.country,
    )
    return look.settings(one.taught.wording, shown)


def _lessons(one: _Someone, way: Way) -> look.Lessons:
    program = one.taught.curriculum.program
    at = slots.lesson_time(program, way)
    return look.Lessons(
        days=[(name, weekdays([name], one.taught.language)) for name in program.working_time.days],
        chosen=slots.lesson_days(program, way),
        most=most_days(program),
        times=sorted({*half_hours(program.working_time), at}),
        at=at,
        zone=personal.zone_of(program, one.person),
    )


async def _next_lesson(session: AsyncSession, one: _Someone, taught: Taught) -> str | None:
    """When it comes, in words; None where none does, as after a stop."""
    if one.way is None:
        return None
    due = await session.exec(
        select(AgendaItem.due_at)
        .where(AgendaItem.person_id == one.person.id, AgendaItem.kind == "lesson", col(AgendaItem.done_at).is_(None))
        .execution_options(populate_existing=True)
    )
    program = taught.curriculum.program
    when, zone = slots.lesson_comes(program, one.way, due.first()), personal.zone_of(program, one.person)
    return None if when is None else moment(when, zone, taught.language)


def _today(one: _Someone, now: datetime) -> date:
    return calendar.local(now, personal.zone_of(one.taught.curriculum.program, one.person)).date()
