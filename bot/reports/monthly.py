"""The monthly report, done: each of the staff reads how their cohorts go, on the first working day of a month."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import UUID

from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from bot.agenda import book, calendar, personal
from bot.curriculum.library import Library
from bot.curriculum.model import Program
from bot.delivery.jobs import Queue
from bot.delivery.outbox import Outbox
from bot.records import reading
from bot.records.editions import Editions
from bot.records.tables import AgendaItem, Cohort, Message, Person
from bot.reports import monthly_message as look
from bot.reports.figures import figures
from bot.reports.items import analyse
from bot.reports.monthly_rules import Told, latest_week, told, told_of
from bot.reports.reading import facts_of, options_of
from bot.slack.blocks import Drawn
from bot.slack.staff import readers_of, standing_of

KIND = "report"
SOON = timedelta(minutes=1)  # pictures are said below what is said


@dataclass(frozen=True)
class Monthly:
    """The parts of it."""

    library: Library
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

    async def plan(self, session: AsyncSession, item: AgendaItem, now: datetime) -> datetime | None:
        """Say what is new of each cohort, in the reader's working time; nothing to who may no longer read it."""
        reader = await session.get(Person, item.person_id)
        if reader is None or standing_of(reader, self._program) is None:
            return None
        free = personal.free_from(self._program, reader, now)
        if free != now:
            return free
        for cohort in await _still_told_of(session, self._program, item.workspace_id, now):
            await self._say(session, reader, cohort, now)
        return None

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

    async def _say(self, session: AsyncSession, reader: Person, cohort: Cohort, now: datetime) -> None:
        news = await self._told(session, cohort)
        if news is None or news == await _told_last(session, reader, cohort):
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

    async def _told(self, session: AsyncSession, cohort: Cohort) -> Told | None:
        curriculum = self.library.current.curriculum
        facts = await facts_of(session, curriculum.program, cohort.workspace_id, cohort.name, self.editions)
        options = await options_of(session, facts.answers, self.editions)
        items = analyse([one.given for one in facts.answers], options, facts.cohorts)
        week = latest_week(facts.levels) or curriculum.program.last_week
        return told(figures(facts, [area.id for area in curriculum.areas], items, week))

    @property
    def _program(self) -> Program:
        return self.library.current.curriculum.program


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
