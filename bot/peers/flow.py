"""Peer rounds, done: form the groups, bring each together, ask whether they met."""

from collections import defaultdict
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta

from sqlalchemy import func, update
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from bot.agenda import book, calendar, personal
from bot.curriculum.library import Library
from bot.curriculum.model import Program
from bot.delivery.outbox import Outbox
from bot.peers import message as look
from bot.peers.rules import Candidate, PastGroup, form_groups, pick_topic
from bot.records import reading
from bot.records.database import Database
from bot.records.reading import Way
from bot.records.tables import AgendaItem, Cohort, Enrollment, Message, PeerGroup, PeerMember, PeerRound, Person
from bot.slack import codec
from bot.slack.access import Actor
from bot.slack.blocks import Drawn

# Takes the day's one message for all of a group; None if that is done, else when all of them may be free.
ClaimDay = Callable[[AsyncSession, Sequence[Person], str, datetime], Awaitable[datetime | None]]
ASKED_WITHIN = timedelta(days=21)


class NotInGroup(Exception):
    """The question was put to others."""


@dataclass(frozen=True)
class Peers:
    """The room's parts."""

    library: Library
    database: Database
    outbox: Outbox
    claim_day: ClaimDay

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

    async def plan_introduction(self, session: AsyncSession, item: AgendaItem, now: datetime) -> datetime | None:
        """Bring one group together, at a moment that is working time for all of them and when nobody was spoken to that day."""
        group_id = int(item.about["group_id"])
        members = await self._members(session, group_id)
        if any(person.paused_at is not None and person.paused_until is None for person in members):
            return None  # someone has paused without an end since the round: the next round brings the others together
        busy = await self.claim_day(session, members, "introduction", now)
        if busy is not None:
            return self._shared_moment(members, busy)
        await self.outbox.say(
            session,
            key=f"introduction:{group_id}",
            kind="introduction",
            workspace_id=item.workspace_id,
            group_id=group_id,
            payload={},
        )
        days = self.library.current.curriculum.program.peers.ask_after_days
        await book.put(
            session,
            key=f"meeting:{group_id}",
            kind="meeting",
            workspace_id=item.workspace_id,
            about={"group_id": group_id},
            due_at=now + timedelta(days=days),
        )
        return None

    async def plan_meeting(self, session: AsyncSession, item: AgendaItem, now: datetime) -> datetime | None:
        """Ask a group whether it met, where it was brought together; in working time."""
        group_id = int(item.about["group_id"])
        introduced = (await session.exec(select(Message).where(Message.key == f"introduction:{group_id}"))).first()
        if introduced is None or introduced.channel is None:
            return None
        members = await self._members(session, group_id)
        if any(person.paused_at is not None and person.paused_until is None for person in members):
            return None
        moment = self._shared_moment(members, now)
        if moment > now:
            return moment if moment <= introduced.created_at + ASKED_WITHIN else None
        busy = await self.claim_day(session, members, "meeting", now)
        if busy is not None:
            # A question about last month's meeting would only nag: it is dropped when there is no room for it in time.
            return None if busy > introduced.created_at + ASKED_WITHIN else self._shared_moment(members, busy)
        await self.outbox.say(
            session,
            key=f"meeting:{group_id}",
            kind="meeting",
            workspace_id=item.workspace_id,
            group_id=group_id,
            channel=introduced.channel,
            payload={},
        )
        return None

    async def draw_introduction(self, session: AsyncSession, message: Message) -> Drawn:
        """Names, reason and topic."""
        group = await session.get_one(PeerGroup, message.group_id)
        members = await self._members(session, group.id or 0)
        return look.introduction(
            self.library.current.wording,
            first_names=[person.first_name for person in members],
            reason=group.reason,
            topic=self._topic(group.lesson_id),
        )

    async def draw_meeting(self, session: AsyncSession, message: Message) -> Drawn:
        """The question, or its answer."""
        group = await session.get_one(PeerGroup, message.group_id)
        return look.did_you_meet(self.library.current.wording, group.id or 0, group.met)

    async def met(self, actor: Actor, group_id: int, answer: str, now: datetime) -> None:
        """Record whether a group met; the first answer counts. Raises NotInGroup, or Forged for no answer of ours."""
        if answer not in look.ANSWERS:
            raise codec.Forged("no such answer")
        async with self.database.transaction() as session:
            members = await self._members(session, group_id)
            by = next(
                (p for p in members if (p.workspace_id, p.slack_id) == (actor.workspace_id, actor.slack_id)), None
            )
            if by is None:
                raise NotInGroup
            await session.execute(
                update(PeerGroup)
                .where(col(PeerGroup.id) == group_id, col(PeerGroup.met).is_(None))
                .values(met=answer, met_by=by.id, met_at=now)
            )
            asked = (await session.exec(select(Message.id).where(Message.key == f"meeting:{group_id}"))).first()
            if asked is not None:
                await self.outbox.refresh(session, asked)

    async def _form(
        self, session: AsyncSession, item: AgendaItem, cohort_id: int, ways: list[Way], now: datetime
    ) -> None:
        history = await self._history(session, cohort_id)
        number = 1 + max((past.round for past in history), default=0)
        formed = form_groups([_candidate(way) for way in ways], history, seed=cohort_id, round_number=number)
        peer_round = PeerRound(cohort_id=cohort_id, number=number, seed=cohort_id, formed_at=now)
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
            due_at=self._shared_moment([way.manager for way in ways], now),
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

    async def _history(self, session: AsyncSession, cohort_id: int) -> list[PastGroup]:
        rows = await session.execute(
            select(PeerRound.number, PeerMember.group_id, PeerMember.person_id)
            .join(PeerMember, col(PeerMember.round_id) == col(PeerRound.id))
            .where(PeerRound.cohort_id == cohort_id)
            .order_by(col(PeerRound.number), col(PeerMember.group_id), col(PeerMember.person_id))
        )
        groups: dict[tuple[int, int], list[int]] = defaultdict(list)
        for number, group_id, person_id in rows:
            groups[number, group_id].append(person_id)
        return [PastGroup(round=number, people=tuple(people)) for (number, _), people in groups.items()]

    async def _members(self, session: AsyncSession, group_id: int) -> list[Person]:
        rows = await session.exec(
            select(Person)
            .join(PeerMember, col(PeerMember.person_id) == col(Person.id))
            .where(PeerMember.group_id == group_id)
            .order_by(col(Person.first_name), col(Person.id))
        )
        return list(rows)

    def _shared_moment(self, people: list[Person], now: datetime) -> datetime:
        """The earliest moment from now on that is working time for all; where their hours never meet, the first person's on
        a day that is nobody's day off; a week from now, if someone is away for long."""
        program = self.library.current.curriculum.program
        times = [(personal.personal_time(program, one), personal.zone_of(program, one)) for one in people]
        all_day = [
            (working.model_copy(update={"start": time.min, "end": time.max}), zone) for working, zone in times[1:]
        ]
        return (
            calendar.shared_working_moment(now, times)
            or calendar.shared_working_moment(now, [*times[:1], *all_day])
            or now + timedelta(weeks=1)
        )

    def _topic(self, lesson_id: str | None) -> look.Topic | None:
        curriculum = self.library.current.curriculum
        try:
            lesson = curriculum.lesson(lesson_id or "")
        except KeyError:
            return None
        company = curriculum.program.company.model_dump()
        # A group has no one manager or mentor: a topic that names them speaks of each reader's own.
        names = {
            "manager": {"first_name": ""},
            "mentor": {"first_name": ""},
            "company": company,
            "cohort": {"name": ""},
        }
        return look.Topic(title=lesson.title, text=lesson.peers, names=names)


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
