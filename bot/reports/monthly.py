"""The monthly report, done: each of the staff reads how their cohorts go, on the first working day of a month."""

import asyncio
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import update
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from bot.agenda import book, calendar, personal
from bot.agenda.due import Decided
from bot.curriculum.library import Library
from bot.curriculum.model import Curriculum, Program
from bot.delivery.jobs import Queue
from bot.delivery.outbox import Outbox
from bot.records import reading
from bot.records.database import Database
from bot.records.editions import Editions
from bot.records.tables import AgendaItem, Cohort, Message, Person
from bot.reports import monthly_message as look
from bot.reports.figures import Facts, figures
from bot.reports.items import analyse
from bot.reports.monthly_rules import Told, latest_week, told, told_of
from bot.reports.reading import facts_of, options_of
from bot.slack.blocks import Drawn
from bot.slack.staff import readers_of, standing_of

KIND = "report"
SOON = timedelta(minutes=1)  # pictures are said below what is said
AGAIN = timedelta(hours=1)  # a report whose job was lost is asked for once more


@dataclass(frozen=True)
class Monthly:
    """The parts of it."""

    library: Library
    database: Database
    outbox: Outbox
    queue: Queue
    editions: Editions

    async def plan_month(self, session: AsyncSession, item: AgendaItem, now: datetime) -> datetime | None:
        """Put a report on the agenda of each of the staff and analysts; when the next month begins (aware UTC)."""
        first = calendar.local(now, self._program.timezone).date().replace(day=1)
        for person in await readers_of(session, item.workspace_id, self._program):
            zone = personal.zone_of(self._program, person)
            opening = calendar.at_local(first, self._program.working_time.start, zone)
            await book.put(
                session, key=f"report:{person.id}:{first:%Y-%m}", kind=KIND, workspace_id=item.workspace_id,
                person_id=person.id, due_at=max(now, opening),
            )  # fmt: skip
        return month_after(self._program, now)

    async def plan_many(self, session: AsyncSession, items: Sequence[AgendaItem], now: datetime) -> Decided:
        """Have reports made in their readers' working time; none for who may no longer read them. What is given back orders them.

        A job makes them: they are read from all that a program has on record, for which no tick has the time.
        """
        due: dict[int, datetime | None] = {}
        ready: dict[str, list[int]] = defaultdict(list)
        for item in items:
            moment = self._free_from(await session.get(Person, item.person_id), now)
            if moment == now:
                ready[item.workspace_id].append(item.id or 0)
                moment = now + AGAIN
            due[item.id or 0] = moment

        async def order() -> dict[int, datetime | None]:
            jobs = [{"workspace_id": workspace_id, "items": ids} for workspace_id, ids in ready.items()]
            await self.queue.defer(session, KIND, jobs)
            return due

        return order

    async def say(self, workspace_id: str, items: list[int]) -> None:
        """Say what is new of each cohort to those whose items these are, and be done with them. Twice says it once.

        Who does not work any more keeps their item, which has them wait.
        """
        now = self.outbox.clock.now()
        async with self.database.transaction() as session:
            readers = await self._readers(session, items, now)
            cohorts = await _still_told_of(session, self._program, workspace_id, now) if readers else ()
        for cohort in cohorts:
            news = await self._told(cohort)
            if news is not None:
                async with self.database.transaction() as session:
                    for reader in readers.values():
                        await self._say(session, reader, cohort, news, now)
        async with self.database.transaction() as session:
            await session.execute(
                update(AgendaItem)
                .where(col(AgendaItem.id).in_(readers), col(AgendaItem.done_at).is_(None))
                .values(done_at=now)
            )

    async def plan_pictures(self, session: AsyncSession, item: AgendaItem, now: datetime) -> datetime | None:
        """Have a report's pictures made once it is said; when to look again, as long as it is on its way."""
        message = await session.get(Message, UUID(item.about["message_id"]))
        if message is not None and message.state in ("waiting", "sending"):
            return now + SOON
        if message is not None and message.ts is not None:
            about = {"workspace_id": message.workspace_id, "message_id": str(message.id)}
            await self.queue.defer(session, "report_pictures", [about])
        return None

    async def draw(self, session: AsyncSession, message: Message) -> Drawn:
        """The figures as they stood when it was said."""
        return look.report(await self.shown(session, message))

    async def shown(self, session: AsyncSession, message: Message) -> look.Shown:
        """What a message says, in its reader's language."""
        reader = await session.get(Person, message.person_id)
        taught = reading.taught_for(self.library.current, reader)
        return look.Shown(
            words=taught.wording,
            language=taught.language,
            cohort=message.payload["cohort"],
            on=date.fromisoformat(message.payload["on"]),
            told=told_of(message.payload["told"]),
            areas={area.id: area.title for area in taught.curriculum.areas},
            lessons={lesson.id: lesson.title for lesson in taught.curriculum.lessons},
        )

    def _free_from(self, reader: Person | None, now: datetime) -> datetime | None:
        if reader is None or standing_of(reader, self._program) is None:
            return None
        return personal.free_from(self._program, reader, now)

    async def _readers(self, session: AsyncSession, items: Sequence[int], now: datetime) -> dict[int, Person]:
        """Of whom these items are, and who may read now, by the item's id."""
        rows = await session.execute(
            select(AgendaItem.id, Person)
            .join(Person, col(Person.id) == col(AgendaItem.person_id))
            .where(col(AgendaItem.id).in_(items), col(AgendaItem.done_at).is_(None))
        )
        return {item_id: reader for item_id, reader in rows if self._free_from(reader, now) == now}

    async def _say(self, session: AsyncSession, reader: Person, cohort: Cohort, news: Told, now: datetime) -> None:
        if news == await _told_last(session, reader, cohort):
            return
        on = calendar.local(now, personal.zone_of(self._program, reader)).date()
        message_id = await self.outbox.say(
            session,
            key=f"report:{reader.id}:{cohort.id}:{on:%Y-%m}",
            kind=KIND,
            workspace_id=cohort.workspace_id,
            person_id=reader.id,
            payload={"cohort_id": cohort.id, "cohort": cohort.name, "on": on.isoformat(), "told": news.plain},
        )
        if message_id is not None:
            await book.put(
                session, key=f"report_pictures:{message_id}", kind="report_pictures", workspace_id=cohort.workspace_id,
                person_id=reader.id, about={"message_id": str(message_id)}, due_at=now + SOON,
            )  # fmt: skip

    async def _told(self, cohort: Cohort) -> Told | None:
        curriculum = self.library.current.curriculum
        async with self.database.transaction() as session:
            facts = await facts_of(session, curriculum.program, cohort.workspace_id, cohort.name, self.editions)
            options = await options_of(session, facts.answers, self.editions)
        return await asyncio.to_thread(_counted, curriculum, facts, options)

    @property
    def _program(self) -> Program:
        return self.library.current.curriculum.program


def _counted(curriculum: Curriculum, facts: Facts, options: Mapping[tuple[str, str], Sequence[str]]) -> Told | None:
    """In a thread of its own: of a large cohort it takes a while, in which others want to be heard."""
    items = analyse([one.given for one in facts.answers], options, facts.cohorts)
    week = latest_week(facts.levels) or curriculum.program.last_week
    return told(figures(facts, [area.id for area in curriculum.areas], items, week))


async def enter(session: AsyncSession, program: Program, workspace_id: str, now: datetime) -> None:
    """Put the reports of a workspace on the agenda: one item, which moves from month to month."""
    await book.put(
        session, key=f"reports:{workspace_id}", kind="reports", workspace_id=workspace_id,
        due_at=month_after(program, now),
    )  # fmt: skip


def month_after(program: Program, now: datetime) -> datetime:
    """The moment (UTC) at which the next month begins in the program's time zone."""
    here = calendar.local(now, program.timezone).date()
    first = date(here.year + here.month // 12, here.month % 12 + 1, 1)
    return calendar.at_local(first, time(0), program.timezone)


async def _still_told_of(session: AsyncSession, program: Program, workspace_id: str, now: datetime) -> Sequence[Cohort]:
    """The cohorts that go on, and those that were closed in this month or the last: one more report is the last word on them.

    Later only who is erased would be news of a cohort, to be read from two reports; and who is new would read of all there were.
    """
    this = calendar.local(now, program.timezone).date().replace(day=1)
    since = calendar.at_local((this - timedelta(days=1)).replace(day=1), time(0), program.timezone)
    goes_on = col(Cohort.closed_at).is_(None) | (col(Cohort.closed_at) >= since)
    wanted = select(Cohort).where(Cohort.workspace_id == workspace_id, goes_on).order_by(Cohort.name)
    return (await session.exec(wanted)).all()


async def _told_last(session: AsyncSession, reader: Person, cohort: Cohort) -> Told | None:
    said: Sequence[Mapping[str, Any]] = (
        await session.exec(
            select(Message.payload)
            .where(
                Message.person_id == reader.id,
                Message.kind == KIND,
                col(Message.payload).contains({"cohort_id": cohort.id}),
            )
            .order_by(col(Message.created_at).desc())
            .limit(1)
        )
    ).all()
    return told_of(said[0]["told"]) if said else None
