"""Peer rounds, done: who meets whom in a pool, every so many weeks."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import func
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from bot.agenda import book, calendar, personal
from bot.curriculum.library import Library
from bot.curriculum.model import Program
from bot.peers.groups import shared_moment
from bot.peers.rules import Candidate, PastGroup, form_groups, pick_topic
from bot.records import reading
from bot.records.reading import Way
from bot.records.tables import AgendaItem, Cohort, Enrollment, PeerGroup, PeerMember, PeerRound, Person


@dataclass(frozen=True)
class Rounds:
    """The parts of it."""

    library: Library

    async def plan_round(self, session: AsyncSession, item: AgendaItem, now: datetime) -> datetime | None:
        """Group a cohort anew; when its next round is due (aware UTC)."""
        cohort_id = int(item.about["cohort_id"])
        program = self.library.current.curriculum.program
        ways = await self._pool(session, cohort_id, now)
        zone = pool_zone(ways, program)
        coming = calendar.next_slot(
            item.due_at + timedelta(weeks=program.peers.every_weeks) - timedelta(days=1),
            days=[program.peers.day], at=program.peers.at, zone=zone,
        )  # fmt: skip
        if not calendar.still_good(item.due_at, now, program.working_time, zone):
            return calendar.next_slot(now, days=[program.peers.day], at=program.peers.at, zone=zone)
        if len(ways) > 1:
            await self._form(session, item, cohort_id, ways, now)
        return coming

    async def _form(
        self, session: AsyncSession, item: AgendaItem, cohort_id: int, ways: list[Way], now: datetime
    ) -> None:
        cohort = await session.get_one(Cohort, cohort_id)
        pool = self.library.current.curriculum.program.peers.pool_of(cohort.name)
        history = await self._history(session, item.workspace_id, pool)
        number = 1 + max((past.round for past in history), default=0)
        formed = form_groups([_candidate(way) for way in ways], history, seed=cohort_id, round_number=number)
        peer_round = PeerRound(
            workspace_id=item.workspace_id,
            pool=pool,
            number=number,
            seed=cohort_id,
            formed_at=now,
            starts_at=now,
            started_at=now,
        )
        session.add(peer_round)
        await session.flush()
        by_person = {way.manager.id: way for way in ways}
        for group in formed.groups:
            together = [by_person[person_id] for person_id in group.people]
            await self._add_group(session, item, peer_round, together, group.reason.value, now)

    async def _add_group(
        self,
        session: AsyncSession,
        item: AgendaItem,
        peer_round: PeerRound,
        ways: list[Way],
        reason: str,
        now: datetime,
    ) -> None:
        group = PeerGroup(
            round_id=peer_round.id or 0, reason=reason, lesson_id=await self._shared_lesson(session, ways)
        )
        session.add(group)
        await session.flush()
        for way in ways:
            session.add(PeerMember(round_id=peer_round.id or 0, person_id=way.manager.id or 0, group_id=group.id or 0))
        await session.flush()
        await book.put(
            session,
            key=f"introduction:{group.id}",
            kind="introduction",
            workspace_id=item.workspace_id,
            about={"group_id": group.id},
            due_at=shared_moment(self.library.current.curriculum.program, [way.manager for way in ways], now),
        )

    async def _shared_lesson(self, session: AsyncSession, ways: list[Way]) -> str | None:
        given = await reading.lessons_given(session, [way.enrollment.id or 0 for way in ways])
        had: dict[int, list[str]] = {way.enrollment.id or 0: [] for way in ways}
        for one in given:
            had[one.enrollment_id].append(one.lesson_id)
        people = [way.manager.id for way in ways]
        member = select(PeerMember.group_id).where(col(PeerMember.person_id).in_(people))
        talked = await session.exec(
            select(PeerGroup.lesson_id).where(
                col(PeerGroup.id).in_(member.group_by(col(PeerMember.group_id)).having(func.count() == len(people)))
            )
        )
        return pick_topic(list(had.values()), [lesson for lesson in talked if lesson is not None])

    async def _pool(self, session: AsyncSession, cohort_id: int, now: datetime) -> list[Way]:
        rows = await session.exec(
            select(Enrollment.id)
            .join(Person, col(Person.id) == col(Enrollment.person_id))
            .where(
                Enrollment.cohort_id == cohort_id,
                col(Person.deactivated_at).is_(None),
                col(Person.unreachable_at).is_(None),
            )
        )
        ways = await reading.ways_where(session, [one for one in rows if one is not None])
        program = self.library.current.curriculum.program
        return [way for way in ways if _takes_part(way) and not personal.pauses(program, way.manager, now)]

    async def _history(self, session: AsyncSession, workspace_id: str, pool: str) -> list[PastGroup]:
        rows = await session.execute(
            select(PeerRound.number, PeerMember.group_id, PeerMember.person_id)
            .join(PeerMember, col(PeerMember.round_id) == col(PeerRound.id))
            .where(PeerRound.workspace_id == workspace_id, PeerRound.pool == pool)
            .order_by(col(PeerRound.number), col(PeerMember.group_id), col(PeerMember.person_id))
        )
        groups: dict[tuple[int, int], list[int]] = defaultdict(list)
        for number, group_id, person_id in rows:
            groups[number, group_id].append(person_id)
        return [PastGroup(round=number, people=tuple(people)) for (number, _), people in groups.items()]


async def enter(session: AsyncSession, program: Program, cohort: Cohort, way: Way, now: datetime) -> None:
    """Put a cohort's rounds on the agenda: the first comes when its first managers have had a week of lessons."""
    zone = calendar.zone_or(way.manager.timezone, program.timezone)
    start = calendar.at_local(way.enrollment.starts_on, program.peers.at, zone) + timedelta(days=6)
    await book.put(
        session,
        key=f"round:{cohort.id}",
        kind="round",
        workspace_id=cohort.workspace_id,
        about={"cohort_id": cohort.id},
        due_at=calendar.next_slot(max(now, start), days=[program.peers.day], at=program.peers.at, zone=zone),
    )


def pool_zone(ways: list[Way], program: Program) -> str:
    """The time zone of most people of a pool; of equals, the program's own, else the first by name."""
    zones = [calendar.zone_or(way.manager.timezone, program.timezone) for way in ways]
    return min(
        set(zones), key=lambda zone: (-zones.count(zone), zone != program.timezone, zone), default=program.timezone
    )


def _takes_part(way: Way) -> bool:
    """Whether someone is on their way: begun, and neither stopped nor at the end."""
    one = way.enrollment
    return one.begun_at is not None and one.stopped_at is None and one.ended_at is None


def _candidate(way: Way) -> Candidate:
    mentors = frozenset() if way.mentor is None or way.mentor.id is None else frozenset({way.mentor.id})
    return Candidate(person=way.manager.id or 0, mentors=mentors)
