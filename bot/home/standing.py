"""Where a manager stands, read for App Home and for «today» and «progress»."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from html import unescape

from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from bot.agenda import calendar, personal
from bot.agenda.clock import Clock
from bot.attention import slots
from bot.curriculum.library import Library, Taught
from bot.curriculum.model import Lesson
from bot.home.message import AreaHome, ManagerHome, Waiting
from bot.home.rules import weeks_in_a_row
from bot.records import evidence, reading
from bot.records.editions import Editions
from bot.records.mastery import Standing
from bot.records.reading import Way
from bot.records.tables import AgendaItem, LessonGiven, Message, Promise, Rating, Response, Review
from bot.slack.saying_when import day, moment, weekdays

MOST_WAITING = 5


@dataclass(frozen=True)
class Standings:
    """Reads; it decides nothing and writes nothing."""

    library: Library
    editions: Editions
    clock: Clock

    async def of(self, session: AsyncSession, way: Way) -> ManagerHome:
        """All that a manager finds about themselves."""
        now, taught = self.clock.now(), reading.taught_for(self.library.current, way.manager)
        program = taught.curriculum.program
        given = await reading.lessons_given(session, [way.enrollment.id or 0])
        answered = await reading.answered_counts(session, [one.message_id for one in given])
        lessons = {one.message_id: await self.editions.get(session, one.edition_hash) for one in given}
        done = {
            one.lesson_id for one in given if answered.get(one.message_id, 0) >= len(lessons[one.message_id].checks)
        }
        due = await self._due(session, way)
        zone = personal.zone_of(program, way.manager)
        length = slots.weeks_of(program, way)
        return ManagerHome(
            first_name=way.manager.first_name,
            begun=way.enrollment.begun_at is not None,
            week=min(slots.week_of(program, way, now), length),
            weeks=length,
            weeks_in_a_row=await self._in_a_row(session, way, zone, now),
            waiting=await self._waiting(
                session, way, [(one, lessons[one.message_id]) for one in given], done, taught, now
            ),
            areas=await self._areas(session, way, taught, done),
            areas_to_rate=await self._to_rate(session, way, taught),
            done=len(done),
            total=max(
                min(len(taught.curriculum.lessons), program.length.lesson_weeks * len(program.lessons.days)), len(given)
            ),
            next_lesson=self._when(due.get("lesson"), zone, taught),
            next_review=self._when(due.get("review"), zone, taught),
            actions=await self._actions(session, way, taught),
            mentor_name=way.mentor.name if way.mentor else None,
            settings=_settings(taught, way),
            paused=_paused(taught, way, now),
            place=f"home-{now:%Y%m%d%H}",
        )

    async def _due(self, session: AsyncSession, way: Way) -> dict[str, datetime]:
        rows = await session.exec(
            select(AgendaItem).where(AgendaItem.person_id == way.manager.id, col(AgendaItem.done_at).is_(None))
        )
        return {item.kind: item.due_at for item in rows}

    async def _waiting(
        self,
        session: AsyncSession,
        way: Way,
        given: Sequence[tuple[LessonGiven, Lesson]],
        done: set[str],
        taught: Taught,
        now: datetime,
    ) -> list[Waiting]:
        arrived = await session.exec(
            select(Message).where(
                Message.person_id == way.manager.id,
                Message.state == "sent",
                col(Message.kind).in_(["lesson", "review", "follow_up"]),
            )
        )
        said = {message.id: message for message in arrived}
        waiting = [
            Waiting("lesson", lesson.title, one.message_id)
            for one, lesson in given
            if one.lesson_id not in done and one.set_aside_at is None and one.message_id in said
        ]
        rows = await session.exec(
            select(Review.message_id)
            .where(Review.enrollment_id == way.enrollment.id, col(Review.answered_at).is_(None))
            .distinct()
        )
        zone = personal.zone_of(taught.curriculum.program, way.manager)
        for message_id in rows:
            if message_id in said and (sent_at := said[message_id].sent_at) is not None and (now - sent_at).days < 7:
                when = day(calendar.local(sent_at, zone).date(), taught.language)
                waiting.append(Waiting("review", when, message_id))
        return waiting[-MOST_WAITING:]

    async def _areas(self, session: AsyncSession, way: Way, taught: Taught, done: set[str]) -> list[AreaHome]:
        standings = await evidence.standings(session, way.enrollment.id or 0, self.editions)
        return [
            _area(
                standings.get(area.id),
                area.title,
                taught.curriculum.program.target(area.id),
                [lesson.id in done for lesson in taught.curriculum.lessons if lesson.area == area.id],
            )
            for area in taught.curriculum.areas
        ]

    async def _to_rate(self, session: AsyncSession, way: Way, taught: Taught) -> int:
        rated = await session.exec(
            select(Rating.area_id).where(
                Rating.enrollment_id == way.enrollment.id, Rating.week == 0, Rating.rated_by == "self"
            )
        )
        return len({area.id for area in taught.curriculum.areas} - set(rated))

    async def _actions(self, session: AsyncSession, way: Way, taught: Taught) -> list[tuple[str, str]]:
        rows = await session.exec(
            select(Promise)
            .where(
                Promise.enrollment_id == way.enrollment.id,
                col(Promise.status).is_(None),
                col(Promise.let_go_at).is_(None),
            )
            .order_by(col(Promise.due_on).desc())
            .limit(2)
        )
        names = reading.names(taught.curriculum.program, way)
        return [
            # What the lesson says is mrkdwn with its «&» escaped, and is about to be escaped as what people type is.
            (one.plan or unescape(taught.wording.fill(one.text, **names)), day(one.due_on, taught.language))
            for one in sorted(rows, key=lambda one: one.due_on)
        ]

    async def _in_a_row(self, session: AsyncSession, way: Way, zone: str, now: datetime) -> int:
        answers = await session.exec(select(Response.answered_at).where(Response.person_id == way.manager.id))
        reviews = await session.exec(
            select(Review.answered_at).where(
                Review.enrollment_id == way.enrollment.id, col(Review.answered_at).is_not(None)
            )
        )
        days = [calendar.local(at, zone).date() for at in (*answers, *reviews) if at is not None]
        return weeks_in_a_row(days, calendar.local(now, zone).date())

    def _when(self, due: datetime | None, zone: str, taught: Taught) -> str | None:
        return None if due is None else moment(due, zone, taught.language)


def _area(standing: Standing | None, title: str, target: int, done: Sequence[bool]) -> AreaHome:
    return AreaHome(
        title=title,
        mastery=None if standing is None else standing.mastery,
        target=target,
        self_level=None if standing is None else standing.self_level,
        mentor_level=None if standing is None else standing.mentor_level,
        to_talk_about=standing is not None and standing.to_talk_about,
        done=sum(done),
        lessons=len(done),
    )


def _settings(taught: Taught, way: Way) -> str:
    program = taught.curriculum.program
    days = weekdays(slots.lesson_days(program, way), taught.language)
    return f"{days} · {slots.lesson_time(program, way):%H:%M}"


def _paused(taught: Taught, way: Way, now: datetime) -> str | None:
    person = way.manager
    if not personal.pauses(taught.curriculum.program, person, now):
        return None
    if person.paused_until is not None:
        return taught.wording.plain("home.until", when=day(person.paused_until, taught.language))
    return taught.wording.plain("home.until_you_say")
