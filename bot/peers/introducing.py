"""Groups, brought together: who can still come is introduced, with times to meet; who then has nobody is told."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import delete
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from bot.agenda import book, calendar, personal
from bot.attention.days import spoken_for
from bot.curriculum.library import Library, Taught
from bot.curriculum.model import Program
from bot.delivery.outbox import Outbox
from bot.peers import message as look
from bot.peers.bringing import tell_left_out
from bot.peers.groups import ClaimDay, introduction_of, members_of, taught_to, their_moment
from bot.peers.pool import is_back_in_time, next_proposed, pool_of_round
from bot.peers.times import propose_times
from bot.peers.when import when_of
from bot.records import reading
from bot.records.reading import Way
from bot.records.tables import AgendaItem, Enrollment, Message, PeerGroup, PeerMember, PeerRound, Person
from bot.slack.blocks import Drawn
from bot.slack.saying_when import names

LOOK_AGAIN = timedelta(hours=1)  # whether it arrived


@dataclass(frozen=True)
class Introductions:
    """The parts of it."""

    library: Library
    outbox: Outbox
    claim_day: ClaimDay

    async def plan(self, session: AsyncSession, item: AgendaItem, now: datetime) -> datetime | None:
        """Bring one group together, at a moment that is working time for all of them and when nobody was spoken to that day;
        and look again whether that arrived: a group DM can't be opened with everybody."""
        group = await session.get_one(PeerGroup, int(item.about["group_id"]))
        said = await introduction_of(session, group.id or 0)
        if said is not None:
            return await self._arrived(session, group, said, now)
        members = await self._who_can_come(session, group)
        if len(members) < 2:
            await self._tell(session, group, now)
            return None
        moment = await their_moment(session, self._program, self.claim_day, members, "introduction", now, now)
        if moment is not None:
            return moment
        await self._introduce(session, item, group, members, now)
        return now + LOOK_AGAIN

    async def draw(self, session: AsyncSession, message: Message) -> Drawn:
        """Names, reason, agenda and topic; and the times, as they now are."""
        group = await session.get_one(PeerGroup, message.group_id)
        members = await members_of(session, group.id or 0)
        taught = taught_to(self.library.current, members)
        organiser = next((one.first_name for one in members if one.id == group.organiser_id), None)
        shown = look.Introduction(
            names=names([one.first_name for one in members], taught.language),
            people=len(members),
            reason=group.reason,
            topic=_topic(taught, group.lesson_id),
            organiser=organiser,
            when=when_of(taught, group, members, message, self.outbox.clock.now()),
        )
        return look.introduction(taught.wording, shown)

    @property
    def _program(self) -> Program:
        return self.library.current.curriculum.program

    async def _who_can_come(self, session: AsyncSession, group: PeerGroup) -> list[Person]:
        """Whoever left since the round began leaves their group, too: a group DM could not be opened with them. So does who has
        gone on a holiday, or begun a pause, that is too long for this round."""
        one = await session.get_one(PeerRound, group.round_id)
        began = one.started_at or one.starts_at
        ways = await _ways(session, await members_of(session, group.id or 0))
        gone = [
            way.manager.id
            for way in ways
            if not (_can_come(way) and is_back_in_time(self._program, way.manager, began))
        ]
        await session.execute(
            delete(PeerMember).where(col(PeerMember.group_id) == group.id, col(PeerMember.person_id).in_(gone))
        )
        left = await members_of(session, group.id or 0)
        if left and group.organiser_id not in {one.id for one in left}:
            group.organiser_id = left[0].id
        return left

    async def _introduce(
        self, session: AsyncSession, item: AgendaItem, group: PeerGroup, members: Sequence[Person], now: datetime
    ) -> None:
        first = sorted(members, key=lambda one: one.id != group.organiser_id)
        hours = [(personal.personal_time(self._program, one), personal.zone_of(self._program, one)) for one in first]
        group.times = [one.isoformat() for one in propose_times(hours, now).moments]
        session.add(group)
        message_id = await self.outbox.say(
            session,
            key=f"introduction:{group.id}",
            kind="introduction",
            workspace_id=item.workspace_id,
            group_id=group.id,
            payload={},
        )
        await spoken_for(session, message_id, "introduction", [one.id or 0 for one in members], now)
        await book.put(
            session, key=f"meeting:{group.id}", kind="meeting", workspace_id=item.workspace_id,
            about={"group_id": group.id}, due_at=now + timedelta(days=self._program.peers.ask_after_days),
        )  # fmt: skip
        (way,) = await _ways(session, first[:1])
        await book.put(
            session, key=f"opener:{group.id}", kind="opener", workspace_id=item.workspace_id,
            person_id=way.manager.id, about={"enrollment_id": way.enrollment.id, "group_id": group.id},
            due_at=calendar.after_working_days(now, 1, *hours[0]),
        )  # fmt: skip

    async def _arrived(self, session: AsyncSession, group: PeerGroup, said: Message, now: datetime) -> datetime | None:
        if said.state in ("waiting", "sending"):
            return now + LOOK_AGAIN
        if said.state == "failed":
            await self._tell(session, group, now)
        return None

    async def _tell(self, session: AsyncSession, group: PeerGroup, now: datetime) -> None:
        """Those who are left read that there is no group this time, and when the next ones start."""
        one = await session.get_one(PeerRound, group.round_id)
        ways = [way for way in await _ways(session, await members_of(session, group.id or 0)) if _can_come(way)]
        if ways:
            pool = await pool_of_round(session, self._program, one)
            await tell_left_out(session, one, ways, await next_proposed(session, self._program, pool), now)


async def _ways(session: AsyncSession, people: Sequence[Person]) -> list[Way]:
    rows = await session.exec(
        select(Enrollment.id).where(col(Enrollment.person_id).in_([person.id for person in people]))
    )
    return await reading.ways_where(session, [one for one in rows if one is not None])


def _can_come(way: Way) -> bool:
    gone = way.manager.deactivated_at is not None or way.manager.unreachable_at is not None
    return not gone and way.enrollment.stopped_at is None


def _topic(taught: Taught, lesson_id: str | None) -> look.Topic | None:
    curriculum = taught.curriculum
    try:
        lesson = curriculum.lesson(lesson_id or "")
    except KeyError:
        return None
    company = curriculum.program.company.model_dump()
    # A group has no one manager or mentor: a topic that names them speaks of each reader's own.
    nobody = {"manager": {"first_name": ""}, "mentor": {"first_name": ""}, "cohort": {"name": ""}}
    return look.Topic(title=lesson.title, text=lesson.peers, names={**nobody, "company": company})
