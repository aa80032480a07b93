"""The welcome, done: it is said on the start date, reminds once, and one click begins the program."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import func, update
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from bot.agenda import away, book, calendar, personal
from bot.agenda.clock import Clock
from bot.attention import slots
from bot.attention.flow import Answer, Over, Turn, Wish
from bot.curriculum.library import Library, Taught
from bot.curriculum.model import Program
from bot.delivery.outbox import Outbox
from bot.onboarding import message as look
from bot.onboarding.baseline import areas_open
from bot.onboarding.rules import Greeting, Word, what_to_say
from bot.records import reading
from bot.records.database import Database
from bot.records.reading import Way
from bot.records.tables import AgendaItem, Enrollment, Message, Person
from bot.slack.access import Actor, person_of
from bot.slack.blocks import Block, Drawn
from bot.slack.saying_when import moment, weekdays

A_WEEK = timedelta(weeks=1)  # after which staff may help someone to begin

# What other rooms put on the agenda for someone who begins, within the same transaction.
Begun = Callable[[AsyncSession, Way, datetime], Awaitable[None]]


@dataclass(frozen=True)
class Welcomes:
    """The room's parts."""

    library: Library
    database: Database
    outbox: Outbox
    begun: Sequence[Begun]

    async def offer(self, session: AsyncSession, item: AgendaItem, turn: Turn) -> Answer:  # noqa: ARG002 — as every offer
        """The welcome from the start date on; then one reminder, if they have not begun."""
        said = {message.key: message.created_at for message in await _said(session, turn.enrollment_id)}
        key = _key(turn.enrollment_id)
        greeting = Greeting(
            starts_at=_starts_at(turn.program, turn.way),
            begun=turn.way.enrollment.begun_at is not None,
            remind_at=_remind_at(turn.program, turn.way, said[key]) if key in said else None,
            reminded=_reminder_key(turn.enrollment_id) in said,
        )
        match what_to_say(greeting, turn.now):
            case None:
                return Over("begun" if greeting.begun else "not begun")
            case datetime() as earliest:
                return earliest
            case Word.WELCOME:
                again = _remind_at(turn.program, turn.way, turn.now)
                return Wish(key, {"enrollment_id": turn.enrollment_id}, again=again)
            case Word.REMINDER:
                return Wish(
                    _reminder_key(turn.enrollment_id), {"enrollment_id": turn.enrollment_id, "word": "reminder"}
                )

    async def draw(self, session: AsyncSession, message: Message) -> Drawn:
        """The welcome, or its reminder; once they have begun, with what comes next."""
        way = await reading.this_way(session, message.payload["enrollment_id"])
        taught = reading.taught_for(self.library.current, way.manager)
        begun = way.enrollment.begun_at is not None
        next_at = await self._next_at(session, way, taught) if begun else None
        if message.payload.get("word") == "reminder":
            return look.reminder(taught.wording, way.manager.first_name, begun=begun, next_at=next_at)
        return look.welcome(taught.wording, _welcome(taught, way), begun=begun, next_at=next_at)

    async def row(self, session: AsyncSession, message: Message) -> list[Block]:
        """«Begin», and other days; then the baseline, until it is in."""
        way = await reading.this_way(session, message.payload["enrollment_id"])
        taught = reading.taught_for(self.library.current, way.manager)
        if way.enrollment.begun_at is None:
            return look.not_begun_row(taught.wording)
        left = await areas_open(session, taught.curriculum, way.enrollment.id or 0)
        return look.baseline_row(taught.wording) if left else []

    async def begin(self, actor: Actor, now: datetime) -> None:
        """Begin someone's program, as they asked. Someone without one (any more) changes nothing; nor does a second click."""
        async with self.database.transaction() as session:
            person = await person_of(session, actor)
            found = await session.exec(
                select(Enrollment.id).where(
                    Enrollment.person_id == (person.id if person else None), col(Enrollment.left_at).is_(None)
                )
            )
            enrollment_id = found.first()
            if enrollment_id is not None:
                await self.begin_for(session, await reading.this_way(session, enrollment_id), now)

    async def begin_for(self, session: AsyncSession, way: Way, now: datetime) -> bool:
        """Begin a program without a click; whether that had not happened before."""
        row = await session.execute(
            update(Enrollment)
            .where(col(Enrollment.id) == way.enrollment.id, col(Enrollment.begun_at).is_(None))
            .values(begun_at=now)
        )
        if not row.rowcount:  # type: ignore[attr-defined]
            return False
        await session.refresh(way.enrollment)
        away.starts_on_another_day(way.enrollment, now)  # Home lets them begin ahead of it
        await book.strike(session, _key(way.enrollment.id), now=now, outcome="begun")
        await self.outbox.cancel(session, _reminder_key(way.enrollment.id))
        for follows in self.begun:
            await follows(session, way, now)
        await self._redraw(session, way.enrollment.id or 0)
        return True

    async def move(self, session: AsyncSession, person: Person, now: datetime) -> None:  # noqa: ARG002 — as every move
        """Someone chose other days, or another language, before they began: the welcome says so."""
        found = await session.exec(
            select(Enrollment.id).where(Enrollment.person_id == person.id, col(Enrollment.begun_at).is_(None))
        )
        for enrollment_id in found:
            await self._redraw(session, enrollment_id or 0)

    async def rated(self, session: AsyncSession, enrollment_id: int, now: datetime) -> None:  # noqa: ARG002 — as every one
        """The baseline is in: its button goes."""
        await self._redraw(session, enrollment_id)

    async def _redraw(self, session: AsyncSession, enrollment_id: int) -> None:
        for message in await _said(session, enrollment_id):
            await self.outbox.refresh(session, message.id)

    async def _next_at(self, session: AsyncSession, way: Way, taught: Taught) -> str | None:
        due = await session.exec(
            select(AgendaItem.due_at).where(
                AgendaItem.key == f"lesson:{way.enrollment.id}", col(AgendaItem.done_at).is_(None)
            )
        )
        program = taught.curriculum.program
        when = slots.lesson_comes(program, way, due.first())
        return None if when is None else moment(when, personal.zone_of(program, way.manager), taught.language)


async def enter(session: AsyncSession, program: Program, way: Way, now: datetime) -> None:
    """Put someone's welcome on the agenda, for their start date; a changed start date moves it."""
    due_at = max(_starts_at(program, way), now)
    await book.put_own(session, "welcome", way, due_at)
    await book.move_own(session, "welcome", way, due_at)


async def not_begun(clock: Clock, session: AsyncSession, workspace_id: str) -> list[str]:
    """The names of those who have not begun a week after their welcome, for staff: eleven at most, of whom they read ten.

    Whether a reminder went to them makes no difference: who ignored one is not for staff to read.
    """
    rows = await session.exec(
        select(Person.name)
        .join(Enrollment, col(Enrollment.person_id) == col(Person.id))
        .join(Message, col(Message.key) == func.concat("welcome:", col(Enrollment.id)))
        .where(
            Person.workspace_id == workspace_id,
            col(Message.created_at) <= clock.now() - A_WEEK,
            col(Person.deactivated_at).is_(None),
            col(Enrollment.begun_at).is_(None),
            col(Enrollment.stopped_at).is_(None),
        )
        .order_by(col(Person.name))
        .limit(11)
    )
    return list(rows)


def _welcome(taught: Taught, way: Way) -> look.Welcome:
    program = taught.curriculum.program
    return look.Welcome(
        first_name=way.manager.first_name,
        minutes=program.minutes_a_week,
        weeks=slots.weeks_of(program, way),
        days=weekdays(slots.lesson_days(program, way), taught.language),
        at=f"{slots.lesson_time(program, way):%H:%M}",
        every_weeks=program.peers.every_weeks,
        sealed_days=program.ratings.sealed_working_days,
        mentor=way.mentor.name if way.mentor else None,
        buddy=way.buddy.name if way.buddy else None,
    )


def _starts_at(program: Program, way: Way) -> datetime:
    zone = personal.zone_of(program, way.manager)
    return calendar.at_local(way.enrollment.starts_on, slots.lesson_time(program, way), zone)


def _remind_at(program: Program, way: Way, welcomed_at: datetime) -> datetime:
    zone = personal.zone_of(program, way.manager)
    day = calendar.local(welcomed_at, zone).date() + timedelta(days=program.welcome.remind_after_days)
    return calendar.at_local(day, slots.lesson_time(program, way), zone)


async def _said(session: AsyncSession, enrollment_id: int) -> list[Message]:
    keys = [_key(enrollment_id), _reminder_key(enrollment_id)]
    return list(await session.exec(select(Message).where(col(Message.key).in_(keys))))


def _key(enrollment_id: int | None) -> str:
    return f"welcome:{enrollment_id}"


def _reminder_key(enrollment_id: int | None) -> str:
    return f"welcome:{enrollment_id}:reminder"
