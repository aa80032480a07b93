"""The time of a meeting: proposed, picked by whoever is first, and changed until it comes."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from sqlalchemy import update
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from bot.agenda import book, calendar, personal
from bot.curriculum.library import Library, Taught
from bot.delivery.jobs import Queue
from bot.delivery.outbox import Outbox
from bot.peers import meeting_message as look
from bot.peers.asked import may_set_time
from bot.peers.groups import acting, introduction_of, redraw
from bot.peers.when import ASKED_AFTER, OVER_AFTER, moments_of, told_by
from bot.records import reading
from bot.records.database import Database
from bot.records.roles import Act
from bot.records.tables import AgendaItem, Message, PeerGroup, Person
from bot.slack import codec
from bot.slack.access import Actor, NotTheirs
from bot.slack.blocks import Block
from bot.slack.modals import Unfit
from bot.slack.saying_when import moment

FURTHEST = timedelta(weeks=4)  # a meeting later than that is none


@dataclass(frozen=True)
class Held:
    """A group with the message that brought it together, held for this transaction; and who acts, in what language."""

    group: PeerGroup
    introduced: Message
    by: Person
    taught: Taught

    @property
    def zone(self) -> str:
        """The time zone of who acts."""
        return personal.zone_of(self.taught.curriculum.program, self.by)

    def is_open(self, now: datetime) -> bool:
        """Whether a time may be set."""
        over_at = self.introduced.created_at + OVER_AFTER
        return may_set_time(told_by(self.group), self.group.meets_at, over_at, now)


@dataclass(frozen=True)
class MeetingTimes:
    """The parts of it. Each says what went otherwise in a sentence for who acted (mrkdwn); raises NotTheirs."""

    library: Library
    database: Database
    outbox: Outbox
    queue: Queue

    async def pick(self, actor: Actor, group_id: int, place: int, now: datetime) -> str | None:
        """Pick a proposed time; the first pick counts. Raises codec.Forged for a time that was not proposed."""
        async with self.database.transaction() as session:
            held = await self._hold(session, actor, group_id, now)
            times = moments_of(held.group)
            if place >= len(times):
                raise codec.Forged("no such time")
            return await self._set(session, held, times[place], 0, now)

    async def view(self, actor: Actor, group_id: int, now: datetime) -> Block:
        """The modal for another time; a sentence, if it is too late for that."""
        async with self.database.transaction() as session:
            held = await self._hold(session, actor, group_id, now)
            words = held.taught.wording
            if not held.is_open(now):
                return look.told(words, words.mrkdwn("peers.is_over"))
            return look.other_time(words, codec.write(group_id, _minutes(held.group.meets_at)), held.zone)

    async def other(
        self, actor: Actor, group_id: int, before: int, local: tuple[date, time] | None, now: datetime
    ) -> str | None:
        """Set a time on one's own clock, in place of the one that stood there (minutes since 1970; 0 for none). Raises Unfit."""
        async with self.database.transaction() as session:
            held = await self._hold(session, actor, group_id, now)
            at = None if local is None else calendar.at_local(*local, held.zone)
            if at is not None and now < at <= now + FURTHEST:
                return await self._set(session, held, at, before, now)
        raise Unfit(look.ON, held.taught.wording.plain("peers.not_such_time"))

    async def _hold(self, session: AsyncSession, actor: Actor, group_id: int, now: datetime) -> Held:
        # In the order of the tick, which holds what is due before the group: else each could wait for the other.
        await session.exec(
            select(AgendaItem.id)
            .where(col(AgendaItem.key).in_([*_questions(group_id), f"opener:{group_id}"]))
            .order_by(col(AgendaItem.id))
            .with_for_update()
        )
        by = await acting(session, group_id, actor, Act.PICK_TIME, now)
        introduced = await introduction_of(session, group_id, hold=True)
        if introduced is None:
            raise NotTheirs
        group = await session.get_one(PeerGroup, group_id, with_for_update=True)
        return Held(group, introduced, by, reading.taught_for(self.library.current, by))

    async def _set(self, session: AsyncSession, held: Held, at: datetime, before: int, now: datetime) -> str | None:
        group, words = held.group, held.taught.wording
        if at == group.meets_at:
            return None
        if not held.is_open(now):
            return words.mrkdwn("peers.is_over")
        if _minutes(group.meets_at) != before:
            return words.mrkdwn("peers.quicker", when=moment(group.meets_at or at, held.zone, held.taught.language))
        if at <= now:
            await redraw(session, self.outbox, group.id or 0)
            return words.mrkdwn("peers.gone_by")
        group.meets_at, group.picked_by = at, held.by.id
        session.add(group)
        await self._follow(session, held, now)
        return None

    async def _follow(self, session: AsyncSession, held: Held, now: datetime) -> None:
        """What a time leads to: the question whether they met moves along, and a new calendar file comes."""
        group, introduced = held.group, held.introduced
        group_id, at = group.id or 0, group.meets_at or now
        await session.execute(
            update(AgendaItem)
            .where(col(AgendaItem.key).in_(_questions(group_id)), col(AgendaItem.done_at).is_(None))
            .values(due_at=at + ASKED_AFTER)
        )
        await book.strike(session, f"opener:{group_id}", now=now, outcome="they have a time")
        earlier = introduced.payload.get("invitation") or {"number": -1}
        number = int(earlier["number"]) + 1
        introduced.payload = {**introduced.payload, "invitation": {**earlier, "number": number, "is_shared": False}}
        session.add(introduced)
        about = {"workspace_id": introduced.workspace_id, "group_id": group_id, "number": number}
        await self.queue.defer(session, "invite", [about])
        await redraw(session, self.outbox, group_id)


def _questions(group_id: int) -> list[str]:
    return [f"meeting:{group_id}", f"meeting:{group_id}:again"]


def _minutes(moment: datetime | None) -> int:
    return 0 if moment is None else int(moment.timestamp()) // 60
