"""The end, done: said once, in the week after the last."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import update
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from bot.agenda import book
from bot.attention import slots
from bot.attention.flow import Answer, Turn, Wish
from bot.attention.slots import Phase
from bot.curriculum.library import Library, Taught
from bot.curriculum.model import Lesson, Program
from bot.delivery.outbox import Outbox
from bot.endings import message as look
from bot.endings.rules import keep_practising
from bot.records import evidence, reading
from bot.records.database import Database
from bot.records.editions import Editions
from bot.records.mastery import gap
from bot.records.reading import Way
from bot.records.tables import AgendaItem, Enrollment, Message, Promise, Rating
from bot.slack.access import Actor, person_of
from bot.slack.blocks import Drawn


@dataclass(frozen=True)
class Endings:
    """The room's parts."""

    library: Library
    database: Database
    outbox: Outbox
    editions: Editions
    ask_for_picture: Callable[[AsyncSession, str, UUID], Awaitable[None]]  # in a workspace, below a message

    async def offer(self, session: AsyncSession, item: AgendaItem, turn: Turn) -> Answer:  # noqa: ARG002 — as every offer
        """The last word, once all weeks are over."""
        if slots.phase_of(turn.program, turn.way, turn.now) is not Phase.OVER:
            return last_moment(turn.program, turn.way, turn.now)

        async def ended(session: AsyncSession, message_id: UUID) -> None:
            turn.way.enrollment.ended_at = turn.now
            session.add(turn.way.enrollment)
            await self.ask_for_picture(session, turn.workspace_id, message_id)

        return Wish(f"ending:{turn.enrollment_id}", {"enrollment_id": turn.enrollment_id}, said=ended)

    async def draw(self, session: AsyncSession, message: Message) -> Drawn:
        """The way from the first week to the last."""
        way = await reading.this_way(session, message.payload["enrollment_id"])
        taught = reading.taught_for(self.library.current, way.manager)
        return look.ending(taught.wording, await self._end(session, way, taught), taught.language)

    async def go_on(self, actor: Actor, goes_on: bool, now: datetime) -> None:
        """Reviews go on once a week, or they don't, as in a cohort that was closed. Someone without a program at its end changes
        nothing."""
        async with self.database.transaction() as session:
            person = await person_of(session, actor)
            found = (
                await session.exec(
                    select(Enrollment).where(
                        Enrollment.person_id == (person.id if person else None), col(Enrollment.ended_at).is_not(None)
                    )
                )
            ).first()
            if found is None:
                return
            way = await reading.this_way(session, found.id or 0)
            await self._go_on(session, way, goes_on and found.stopped_at is None and way.cohort.closed_at is None, now)

    async def end_reviews(self, session: AsyncSession, way: Way, now: datetime) -> None:
        """Those that went on after someone's end are over, as their cohort is closed."""
        await self._go_on(session, way, False, now)

    async def _go_on(self, session: AsyncSession, way: Way, goes_on: bool, now: datetime) -> None:
        one = way.enrollment
        if one.goes_on and not goes_on:
            one.reviews_ended_at = now
        one.goes_on = goes_on
        session.add(one)
        coming = slots.review_slot(self.library.current.curriculum.program, way, now)
        await session.execute(
            update(AgendaItem)
            .where(col(AgendaItem.key) == f"review:{one.id}")
            .values(done_at=None if goes_on else now, due_at=coming)
        )
        await self._said_so(session, one, goes_on)

    async def rated_again(self, session: AsyncSession, enrollment_id: int, now: datetime) -> None:  # noqa: ARG002 — as all
        """The areas were rated once more: the last word shows it."""
        message = (await session.exec(select(Message.id).where(Message.key == f"ending:{enrollment_id}"))).first()
        if message is not None:
            await self.outbox.refresh(session, message)

    async def _said_so(self, session: AsyncSession, enrollment: Enrollment, goes_on: bool) -> None:
        message = (await session.exec(select(Message).where(Message.key == f"ending:{enrollment.id}"))).first()
        if message is not None:
            message.payload = {**message.payload, "goes_on": goes_on}
            session.add(message)
            await self.outbox.refresh(session, message.id)

    async def _end(self, session: AsyncSession, way: Way, taught: Taught) -> look.End:
        program, enrollment_id = taught.curriculum.program, way.enrollment.id or 0
        standings = await evidence.standings(session, enrollment_id, self.editions)
        ratings = list(await session.exec(select(Rating).where(Rating.enrollment_id == enrollment_id)))
        done = [lesson for lesson, _ in await evidence.lessons_done(session, enrollment_id, self.editions)]
        promises = list(await session.exec(select(Promise).where(Promise.enrollment_id == enrollment_id)))
        last_week = program.last_week
        gaps = {area.id: gap(standings.get(area.id), program.target(area.id)) for area in taught.curriculum.areas}
        said = (await session.exec(select(Message).where(Message.key == f"ending:{enrollment_id}"))).first()
        return look.End(
            first_name=way.manager.first_name,
            lessons=len(done),
            actions=sum(one.status in ("yes", "partly") for one in promises),
            areas=[
                look.AreaWay(
                    area.title,
                    _level(ratings, area.id, "self", 0),
                    _level(ratings, area.id, "self", last_week),
                    standings[area.id].mentor_level if area.id in standings else None,
                    standings[area.id].mastery if area.id in standings else 1.0,
                )
                for area in taught.curriculum.areas
            ],
            practise=_practise(done, keep_practising(gaps), way, taught),
            rated_again=all(_level(ratings, area.id, "self", last_week) for area in taught.curriculum.areas),
            goes_on=None if said is None else said.payload.get("goes_on"),
        )


def _practise(done: Sequence[Lesson], areas: Sequence[str], way: Way, taught: Taught) -> list[tuple[str, str]]:
    """The action of the last lesson that was done in each of these areas: the one to keep doing."""
    found = []
    for area_id in areas:
        last = next((lesson for lesson in reversed(done) if lesson.area == area_id), None)
        if last is not None:
            names = reading.names(taught, way)
            found.append((taught.curriculum.area(area_id).title, taught.wording.fill(last.action.text, **names)))
    return found


def _level(ratings: Sequence[Rating], area_id: str, by: str, week: int) -> int | None:
    return next((one.level for one in ratings if (one.area_id, one.rated_by, one.week) == (area_id, by, week)), None)


def last_moment(program: Program, way: Way, now: datetime) -> datetime:
    """When all weeks of the program are over for a manager (aware UTC), at their lesson time."""
    over = slots.after_weeks(way, slots.weeks_of(program, way), now)
    return slots.lesson_slot(program, way, max(over, now))


async def enter(session: AsyncSession, program: Program, way: Way, now: datetime) -> None:
    """Put the end on the agenda when someone begins."""
    await book.put_own(session, "ending", way, last_moment(program, way, now))
