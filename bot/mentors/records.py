"""Reads what a digest could need of many managers at once: the same few queries, however many they are."""

from collections import defaultdict
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import text
from sqlalchemy.dialects.postgresql import distinct_on
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from bot.curriculum.model import Curriculum
from bot.mentors.asks import open_asks
from bot.mentors.rules import AskSeen, ManagerRecord, Owed, Progress, PromiseSeen, SharedSeen
from bot.records.editions import Editions, in_words
from bot.records.ratings import owed_by_mentors
from bot.records.reading import Way
from bot.records.tables import Checkpoint, LessonGiven, Promise, Response

WEEK = timedelta(days=7)

# How the letting go of those changed who share it with their mentor, by enrollment.
TrendsOf = Callable[[AsyncSession, Sequence[Way]], Awaitable[Mapping[int, tuple[str, str]]]]

_PROGRESS = text(
    """
    WITH sizes AS MATERIALIZED (
        SELECT hash, jsonb_array_length(content->'checks') AS checks FROM edition
        WHERE hash IN (SELECT edition_hash FROM lesson_given WHERE enrollment_id = ANY(:ids))
    ), had AS (
        SELECT g.enrollment_id, g.given_at, g.edition_hash, count(r.id) >= s.checks AS done, max(r.answered_at) AS last_at
        FROM lesson_given g JOIN sizes s ON s.hash = g.edition_hash LEFT JOIN response r ON r.message_id = g.message_id
        WHERE g.enrollment_id = ANY(:ids) GROUP BY g.id, s.checks
    )
    SELECT enrollment_id, count(*) FILTER (WHERE done) AS done,
           (array_agg(edition_hash ORDER BY given_at DESC))[1] AS latest,
           (array_agg(edition_hash ORDER BY given_at DESC) FILTER (WHERE done))[1] AS talk,
           (array_agg(edition_hash ORDER BY last_at DESC) FILTER (WHERE done AND last_at > :since))[1] AS finished,
           bool_or(given_at > :since OR last_at > :since) AS is_new
    FROM had GROUP BY enrollment_id
    """
)


@dataclass(frozen=True)
class Records:
    """The parts of it."""

    editions: Editions
    trends: TrendsOf

    async def of(
        self, session: AsyncSession, curriculum: Curriculum, ways: Sequence[Way], since: datetime, now: datetime
    ) -> list[ManagerRecord]:
        """A record for each of these ways, in their order; what came after `since` (aware UTC) is new."""
        ids = [way.enrollment.id or 0 for way in ways]
        progress = await self._progress(session, curriculum, ids, since)
        promises = await _promises(session, ids, since)
        shared = await self._shared(session, ways, since)
        asks = await _asks(session, ids, since)
        owed = await _owed(session, ids, len(curriculum.areas), now)
        trends = await self.trends(session, ways)
        return [
            ManagerRecord(
                enrollment_id=way.enrollment.id or 0,
                name=way.manager.name,
                first_name=way.manager.first_name,
                progress=progress.get(way.enrollment.id or 0, Progress()),
                promise=promises.get(way.enrollment.id or 0),
                shared=shared[way.enrollment.id or 0],
                letting_go=trends.get(way.enrollment.id or 0),
                asks=asks[way.enrollment.id or 0],
                owed=owed.get(way.enrollment.id or 0),
            )
            for way in ways
        ]

    async def _progress(
        self, session: AsyncSession, curriculum: Curriculum, ids: Sequence[int], since: datetime
    ) -> dict[int, Progress]:
        titles = {area.id: area.title for area in curriculum.areas}
        rows = (await session.execute(_PROGRESS, {"ids": list(ids), "since": since})).all()
        await self.editions.read(session, (key for row in rows for key in (row.latest, row.talk, row.finished) if key))
        found: dict[int, Progress] = {}
        for row in rows:
            latest = await self.editions.get(session, row.latest)
            # The question is about what the manager has worked through; a lesson still unread would only embarrass.
            talk = None if row.talk is None else await self.editions.get(session, row.talk)
            finished = None if row.finished is None else await self.editions.get(session, row.finished)
            found[row.enrollment_id] = Progress(
                done=row.done,
                area_title=titles.get(latest.area, latest.area),
                ask=talk.mentor if talk else None,
                ask_lesson=talk.title if talk else None,
                finished=finished.title if finished else None,
                is_new=bool(row.is_new),
            )
        return found

    async def _shared(self, session: AsyncSession, ways: Sequence[Way], since: datetime) -> dict[int, list[SharedSeen]]:
        """Answers and lines about actions that their owners show, by enrollment."""
        shared: dict[int, list[SharedSeen]] = defaultdict(list)
        of_person = {way.manager.id: way.enrollment.id or 0 for way in ways}
        rows = await session.exec(
            select(Response)
            .where(col(Response.person_id).in_(of_person), col(Response.shared_at).is_not(None))
            .order_by(col(Response.shared_at))
        )
        answers = list(rows)
        notes = await session.execute(
            select(Promise, LessonGiven.edition_hash)
            .outerjoin(LessonGiven, col(LessonGiven.message_id) == col(Promise.message_id))
            .where(
                col(Promise.enrollment_id).in_(list(of_person.values())),
                col(Promise.note).is_not(None),
                col(Promise.note_shared_at).is_not(None),
            )
        )
        noted = notes.all()
        await self.editions.read(
            session, [*(one.edition_hash for one in answers), *(edition for _, edition in noted if edition)]
        )
        for one in answers:
            lesson = await self.editions.get(session, one.edition_hash)
            words = in_words(lesson.check(one.check_id), one.answer)
            shared[of_person[one.person_id]].append(SharedSeen(lesson.title, words, _after(one.shared_at, since)))
        for promise, edition in noted:
            title = "" if edition is None else (await self.editions.get(session, edition)).title
            note = SharedSeen(title, promise.note or "", _after(promise.note_shared_at, since))
            shared[promise.enrollment_id].append(note)
        return shared


async def _promises(session: AsyncSession, ids: Sequence[int], since: datetime) -> dict[int, PromiseSeen]:
    """The latest promise of each that was not let go."""
    rows = await session.exec(
        select(Promise)
        .where(col(Promise.enrollment_id).in_(ids), col(Promise.let_go_at).is_(None))
        .ext(distinct_on(col(Promise.enrollment_id)))
        .order_by(col(Promise.enrollment_id), col(Promise.promised_at).desc())
    )
    return {one.enrollment_id: _promise_seen(one, since) for one in rows}


def _promise_seen(promise: Promise, since: datetime) -> PromiseSeen:
    status = promise.status if promise.status in ("yes", "partly") else None
    told = status is not None and _after(promise.answered_at, since)
    return PromiseSeen(promise.text, promise.due_on, promise.promised_at > since or told, promise.plan, status)


async def _asks(session: AsyncSession, ids: Sequence[int], since: datetime) -> dict[int, list[AskSeen]]:
    asks: dict[int, list[AskSeen]] = defaultdict(list)
    for one in await open_asks(session, ids):
        is_new = one.asked_at > since
        asks[one.enrollment_id].append(AskSeen(one.text, one.needs_help, is_new=is_new, is_old=not is_new))
    return asks


async def _owed(session: AsyncSession, ids: Sequence[int], areas: int, now: datetime) -> dict[int, Owed]:
    weeks = await owed_by_mentors(session, ids, areas)
    rows = await session.exec(select(Checkpoint).where(col(Checkpoint.enrollment_id).in_(list(weeks))))
    return {
        one.enrollment_id: Owed(one.week, (now - one.opened_at) // WEEK)
        for one in rows
        if weeks[one.enrollment_id] == one.week
    }


def _after(moment: datetime | None, since: datetime) -> bool:
    return moment is not None and moment > since
