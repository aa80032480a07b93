"""The mentor's Monday, done."""

from collections import defaultdict
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID

from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from bot.agenda import book, calendar
from bot.curriculum.library import Library
from bot.curriculum.model import Lesson, Program
from bot.curriculum.wording import Wording
from bot.delivery.outbox import Outbox
from bot.mentors import message as look
from bot.mentors.rules import (
    Digest,
    DigestLine,
    LessonSeen,
    ManagerRecord,
    PromiseSeen,
    SharedSeen,
    digest,
    what_a_mentor_may_see,
)
from bot.records import reading
from bot.records.editions import Editions, in_words
from bot.records.reading import Way
from bot.records.tables import AgendaItem, Enrollment, LessonGiven, Message, Person, Promise, Response
from bot.slack.blocks import Block, Drawn

# How someone's letting go changed, in two lines, if they share it with their mentor; None if they don't.
TrendOf = Callable[[AsyncSession, Way], Awaitable[tuple[str, str] | None]]


async def _nothing_shared(session: AsyncSession, way: Way) -> None:
    """For a program that asks nothing about it."""


@dataclass(frozen=True)
class Mentors:
    """The room's parts."""

    library: Library
    outbox: Outbox
    editions: Editions
    letting_go: TrendOf = _nothing_shared

    async def plan(self, session: AsyncSession, item: AgendaItem, now: datetime) -> datetime | None:
        """Say the week's digest, if there is anything new; when the next one is due (aware UTC)."""
        mentor = await session.get(Person, item.person_id)
        if mentor is None:
            return None
        program = self.library.current.curriculum.program
        zone = calendar.zone_or(mentor.timezone, program.timezone)
        coming = _slot(program, zone, now)
        if not calendar.still_good(item.due_at, now, program.working_time, zone):
            return coming
        ways = await self._ways(session, mentor)
        if not ways:
            return coming
        records = await self._records(session, ways, since=now - timedelta(days=7))
        week = digest(records)
        if week is not None:
            await self._say(session, mentor, week, ways, calendar.local(now, zone).date())
        return coming

    async def draw(self, session: AsyncSession, message: Message) -> Drawn:
        """The digest as it was decided: a mentor who reads it later reads the same."""
        mentor = await session.get_one(Person, message.person_id)
        lines = tuple(_line(one) for one in message.payload["lines"])
        week = Digest(lines, more=int(message.payload["more"]))
        return look.digest(self.library.current.wording, week, mentor.first_name, message.payload["fills"])

    async def move(self, session: AsyncSession, person: Person, now: datetime) -> None:
        """Someone's time zone changed: the digest that they get as a mentor moves with them."""
        program = self.library.current.curriculum.program
        items = await session.exec(
            select(AgendaItem).where(
                AgendaItem.person_id == person.id, AgendaItem.kind == "digest", col(AgendaItem.done_at).is_(None)
            )
        )
        for item in items:
            item.due_at = _slot(program, calendar.zone_or(person.timezone, program.timezone), now)
            session.add(item)

    async def _say(self, session: AsyncSession, mentor: Person, week: Digest, ways: list[Way], on: date) -> None:
        program = self.library.current.curriculum.program
        told = {line.name for line in week.lines}
        await self.outbox.say(
            session,
            key=f"digest:{mentor.id}:{on.isoformat()}",
            kind="digest",
            workspace_id=mentor.workspace_id,
            person_id=mentor.id,
            payload={
                "lines": [_plain(line) for line in week.lines],
                "more": week.more,
                "fills": {way.manager.name: _fill(program, way) for way in ways if way.manager.name in told},
            },
        )

    async def _ways(self, session: AsyncSession, mentor: Person) -> list[Way]:
        ids = await session.exec(select(Enrollment.id).where(Enrollment.mentor_id == mentor.id))
        return await reading.ways_where(session, [one for one in ids if one is not None])

    async def _records(self, session: AsyncSession, ways: Sequence[Way], since: datetime) -> list[ManagerRecord]:
        """All managers' records in three queries, however many they are."""
        ids = [way.enrollment.id or 0 for way in ways]
        given: dict[int, list[LessonGiven]] = defaultdict(list)
        for one in await reading.lessons_given(session, ids):
            given[one.enrollment_id].append(one)
        answers = await self._answers(session, [one.message_id for lessons in given.values() for one in lessons])
        promises: dict[int, list[Promise]] = defaultdict(list)
        for promise in await session.exec(
            select(Promise)
            .where(col(Promise.enrollment_id).in_(ids), col(Promise.let_go_at).is_(None))
            .order_by(col(Promise.promised_at))
        ):
            promises[promise.enrollment_id].append(promise)
        return [
            ManagerRecord(
                name=way.manager.name,
                first_name=way.manager.first_name,
                lessons=[
                    await self._seen(session, one, answers.get(one.message_id, []), since)
                    for one in given[way.enrollment.id or 0]
                ],
                promises=[_promise_seen(one, since) for one in promises[way.enrollment.id or 0]],
                shared=[
                    *await self._shared(session, way, since),
                    *await self._notes(session, promises[way.enrollment.id or 0], since),
                ],
                letting_go=await self.letting_go(session, way),
            )
            for way in ways
        ]

    async def seen(self, session: AsyncSession, manager: Person) -> list[Block]:
        """Exactly what a manager's mentor can see of them right now; nothing without a mentor."""
        way = await reading.way_of_person(session, manager.id or 0)
        if way is None or way.mentor is None:
            return []
        program = self.library.current.curriculum.program
        (record,) = await self._records(
            session, [way], since=way.enrollment.begun_at or datetime.max.replace(tzinfo=UTC)
        )
        words = reading.taught_for(self.library.current, manager).wording
        return look.seen(words, what_a_mentor_may_see(record), _fill(program, way))

    async def seen_by(self, session: AsyncSession, way: Way, words: Wording, since: datetime) -> list[Block]:
        """What a mentor can see of one manager, in the mentor's own words; what is newer than `since` counts as new."""
        (record,) = await self._records(session, [way], since=since)
        return look.seen(words, what_a_mentor_may_see(record), _fill(self.library.current.curriculum.program, way))

    async def _shared(self, session: AsyncSession, way: Way, since: datetime) -> list[SharedSeen]:
        rows = await session.exec(
            select(Response)
            .where(Response.person_id == way.manager.id, col(Response.shared_at).is_not(None))
            .order_by(col(Response.shared_at))
        )
        shared = []
        for one in rows:
            lesson = await self.editions.get(session, one.edition_hash)
            is_new = one.shared_at is not None and one.shared_at > since
            shared.append(SharedSeen(lesson.title, in_words(lesson.check(one.check_id), one.answer), is_new))
        return shared

    async def _notes(self, session: AsyncSession, promises: Sequence[Promise], since: datetime) -> list[SharedSeen]:
        """What managers wrote about how it went, where they chose to show that line."""
        shared = [one for one in promises if one.note is not None and one.note_shared_at is not None]
        ids = [one.message_id for one in shared]
        rows = await session.exec(select(LessonGiven).where(col(LessonGiven.message_id).in_(ids)))
        titles: dict[UUID | None, str] = {
            one.message_id: (await self.editions.get(session, one.edition_hash)).title for one in rows
        }
        return [
            SharedSeen(
                titles.get(one.message_id, ""),
                one.note or "",
                one.note_shared_at is not None and one.note_shared_at > since,
            )
            for one in shared
        ]

    async def _answers(self, session: AsyncSession, message_ids: list[UUID]) -> dict[UUID, list[datetime]]:
        rows = await session.execute(
            select(Response.message_id, Response.answered_at).where(col(Response.message_id).in_(message_ids))
        )
        when: dict[UUID, list[datetime]] = defaultdict(list)
        for message_id, answered_at in rows:
            when[message_id].append(answered_at)
        return when

    async def _seen(
        self, session: AsyncSession, given: LessonGiven, answered: list[datetime], since: datetime
    ) -> LessonSeen:
        lesson: Lesson = await self.editions.get(session, given.edition_hash)
        return LessonSeen(
            lesson_id=lesson.id,
            title=lesson.title,
            area_title=self._area_title(lesson.area),
            mentor_text=lesson.mentor,
            done=len(answered) >= len(lesson.checks),
            is_new=given.given_at > since or any(moment > since for moment in answered),
        )

    def _area_title(self, area_id: str) -> str:
        try:
            return self.library.current.curriculum.area(area_id).title
        except KeyError:
            return area_id


async def enter(session: AsyncSession, program: Program, mentor: Person, now: datetime) -> None:
    """Put a mentor's weekly digest on the agenda: one item, which moves from week to week."""
    zone = calendar.zone_or(mentor.timezone, program.timezone)
    await book.put(
        session,
        key=f"digest:{mentor.id}",
        kind="digest",
        workspace_id=mentor.workspace_id,
        person_id=mentor.id,
        due_at=_slot(program, zone, now),
    )


def _slot(program: Program, zone: str, now: datetime) -> datetime:
    return calendar.next_slot(now, days=[program.digest.day], at=program.digest.at, zone=zone)


def _promise_seen(promise: Promise, since: datetime) -> PromiseSeen:
    status = promise.status if promise.status in ("yes", "partly") else None
    told = status is not None and promise.answered_at is not None and promise.answered_at > since
    return PromiseSeen(promise.text, promise.due_on, promise.promised_at > since or told, promise.plan, status)


def _fill(program: Program, way: Way) -> dict[str, Any]:
    return {
        "manager": {"first_name": way.manager.first_name},
        "mentor": {"first_name": way.mentor.first_name if way.mentor else "you"},
        "company": program.company.model_dump(),
        "cohort": {"name": way.cohort.name},
    }


def _plain(line: DigestLine) -> dict[str, Any]:
    return {**asdict(line), "promise_due": line.promise_due.isoformat() if line.promise_due else None}


def _line(values: dict[str, Any]) -> DigestLine:
    due = values["promise_due"]
    shared = tuple((lesson, answer) for lesson, answer in values.get("shared", ()))
    trend = values.get("letting_go")
    return DigestLine(
        **{
            **values,
            "promise_due": date.fromisoformat(due) if due else None,
            "shared": shared,
            "letting_go": None if trend is None else (trend[0], trend[1]),
        }
    )
