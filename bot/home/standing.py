"""Where a manager stands, read for App Home and for «today» and «progress»."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from html import unescape
from typing import Any

from sqlmodel.ext.asyncio.session import AsyncSession

from bot.agenda import calendar, personal
from bot.agenda.clock import Clock
from bot.attention import slots
from bot.curriculum.library import Library, Taught
from bot.home.message import AreaHome, ManagerHome, Waiting
from bot.home.reading import OnRecord, Promised, on_record
from bot.home.rules import fades, weeks_in_a_row
from bot.records import reading
from bot.records.editions import Editions
from bot.records.mastery import Standing
from bot.records.reading import Way
from bot.records.tables import Person
from bot.slack.blocks import clip
from bot.slack.saying_when import day, moment, weekdays

DAYS_OF_A_REVIEW = 7
MOST_WAITING = 5
LONGEST_TITLE = 120  # of what was promised, as a line


@dataclass(frozen=True)
class Standings:
    """Reads; it decides nothing and writes nothing."""

    library: Library
    editions: Editions
    clock: Clock

    async def of(self, session: AsyncSession, way: Way) -> ManagerHome:
        """All that a manager finds about themselves."""
        now, taught = self.clock.now(), reading.taught_for(self.library.current, way.manager)
        found = await on_record(session, way, self.editions)
        program, curriculum = taught.curriculum.program, taught.curriculum
        done = {one.lesson.id for one in found.given if one.is_done}
        zone = personal.zone_of(program, way.manager)
        names = reading.names(taught, way)
        length = slots.weeks_of(program, way)
        return ManagerHome(
            first_name=way.manager.first_name,
            begun=way.enrollment.begun_at is not None,
            week=min(slots.week_of(program, way, now), length),
            weeks=length,
            weeks_in_a_row=weeks_in_a_row(
                [calendar.local(at, zone).date() for at in found.answered_at], calendar.local(now, zone).date()
            ),
            waiting=_waiting(found, taught, zone, now, names),
            areas=[
                _area(
                    found.standings.get(area.id),
                    area.title,
                    program.target(area.id),
                    [lesson.id in done for lesson in curriculum.lessons if lesson.area == area.id],
                    way.enrollment.mentor_id,
                )
                for area in curriculum.areas
            ],
            areas_to_rate=len({area.id for area in curriculum.areas} - found.rated),
            done=len(done),
            total=max(
                min(len(curriculum.lessons), program.length.lesson_weeks * len(program.lessons.days)), len(found.given)
            ),
            next_lesson=_when(_next_lesson(found, taught, way), zone, taught),
            next_review=_when(slots.review_comes(program, way, found.due.get("review")), zone, taught),
            actions=_actions(found, taught, calendar.local(now, zone).date(), names),
            mentor_name=way.mentor.name if way.mentor else None,
            mentor_is_gone=way.mentor is not None and way.mentor.deactivated_at is not None,
            settings=_settings(taught, way),
            rests=_rests(taught, way, now),
            place=f"home-{now:%Y%m%d%H}",
        )

    def pause_of(self, person: Person) -> str | None:
        """That someone pauses, and until when (mrkdwn); None if they don't."""
        return _pause(reading.taught_for(self.library.current, person), person, self.clock.now())


def _next_lesson(found: OnRecord, taught: Taught, way: Way) -> datetime | None:
    """When it comes (aware UTC); None if none does, or they have had them all."""
    had = {one.lesson.id for one in found.given}
    if all(lesson.id in had for lesson in taught.curriculum.lessons):
        return None
    return slots.lesson_comes(taught.curriculum.program, way, found.due.get("lesson"))


def _waiting(found: OnRecord, taught: Taught, zone: str, now: datetime, names: Mapping[str, Any]) -> list[Waiting]:
    """The newest that arrived and wants an answer: lessons, then what they were asked about, then reviews of the last days."""
    waiting = [
        Waiting("lesson", one.lesson.title, one.message_id)
        for one in found.given
        if one.arrived and not one.is_done and not one.set_aside
    ]
    today = calendar.local(now, zone).date()
    waiting += [
        Waiting("follow_up", clip(_wanted(one, taught, names), LONGEST_TITLE), one.asked_in)
        for one in reversed(found.promises)
        if one.asked_in is not None and not fades(one.due_on, today)
    ]
    waiting += [
        Waiting("review", day(calendar.local(sent_at, zone).date(), taught.language), message_id)
        for message_id, sent_at in found.reviews
        if (now - sent_at).days < DAYS_OF_A_REVIEW
    ]
    return waiting[-MOST_WAITING:]


def _actions(found: OnRecord, taught: Taught, today: date, names: Mapping[str, Any]) -> list[tuple[str, str]]:
    """What they will try, for each with its day; not what they are asked about already, nor what is long past."""
    return [
        (_wanted(one, taught, names), day(one.due_on, taught.language))
        for one in reversed(found.promises)
        if one.asked_in is None and not fades(one.due_on, today)
    ]


def _wanted(one: Promised, taught: Taught, names: Mapping[str, Any]) -> str:
    # What the lesson says is mrkdwn with its «&» escaped, and is about to be escaped as what people type is.
    return one.plan or unescape(taught.wording.fill(one.text, **names))


def _when(due: datetime | None, zone: str, taught: Taught) -> str | None:
    return None if due is None else moment(due, zone, taught.language)


def _area(standing: Standing | None, title: str, target: int, done: Sequence[bool], mentor_id: int | None) -> AreaHome:
    return AreaHome(
        title=title,
        mastery=None if standing is None else standing.mastery,
        target=target,
        self_level=None if standing is None else standing.self_level,
        mentor_level=None if standing is None else standing.mentor_level,
        # What a former mentor saw differently is nothing to talk about with this one.
        to_talk_about=standing is not None and standing.to_talk_about and standing.talk_with == mentor_id,
        done=sum(done),
        lessons=len(done),
    )


def _settings(taught: Taught, way: Way) -> str:
    program = taught.curriculum.program
    days = weekdays(slots.lesson_days(program, way), taught.language)
    return f"{days} · {slots.lesson_time(program, way):%H:%M}"


def _rests(taught: Taught, way: Way, now: datetime) -> str | None:
    """That nothing comes, if that is so: what they have stopped stays so, whatever becomes of a pause."""
    if way.enrollment.stopped_at is not None:
        return taught.wording.mrkdwn("home.stopped")
    return _pause(taught, way.manager, now)


def _pause(taught: Taught, person: Person, now: datetime) -> str | None:
    if not personal.pauses(taught.curriculum.program, person, now):
        return None
    until = person.paused_until
    words = taught.wording
    when = (
        words.plain("home.until_you_say")
        if until is None
        else words.plain("home.until", when=day(until, taught.language))
    )
    return words.mrkdwn("home.paused", when=when)
