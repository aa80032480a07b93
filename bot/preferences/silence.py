"""When it stays quiet for weeks: one question, never to be told to anybody else."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import func, update
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from bot.agenda import book, calendar, personal
from bot.attention import slots
from bot.attention.flow import Answer, Over, Turn, Wish
from bot.attention.framing import message_of
from bot.attention.slots import Phase
from bot.curriculum.library import Library
from bot.curriculum.model import Program
from bot.delivery.outbox import Outbox
from bot.preferences import message as look
from bot.preferences.rules import Choice, last_heard, look_again_in, quiet_days
from bot.records import reading
from bot.records.database import Database
from bot.records.reading import Way
from bot.records.tables import (
    AgendaItem,
    Enrollment,
    Interruption,
    LessonGiven,
    Message,
    PeerGroup,
    PeerMember,
    Person,
    Promise,
    Pulse,
    Rating,
    Response,
    Review,
)
from bot.slack.access import Actor, NotTheirs, note_refused
from bot.slack.blocks import Block

ASKING = ("lesson", "review", "follow_up", "nudge", "pulse", "letting_go")  # kinds that want an answer


@dataclass(frozen=True)
class Silences:
    """The room's parts for it. `changed` moves what is planned for someone, as with settings."""

    library: Library
    database: Database
    outbox: Outbox
    changed: Callable[[AsyncSession, Person, datetime], Awaitable[None]]

    async def offer(self, session: AsyncSession, item: AgendaItem, turn: Turn) -> Answer:
        """The question, once a silence is long enough; only one for each silence."""
        phase = slots.phase_of(turn.program, turn.way, turn.now)
        if phase is Phase.OVER and not turn.way.enrollment.goes_on:
            return Over("the program is over")
        weeks = turn.program.silence.after_weeks
        since = last_heard(
            await _last_answer(session, turn.way), _heard_at(item), begun_at=slots.after_weeks(turn.way, 0, turn.now)
        )
        quiet = quiet_days(await _asked_on(session, turn, since), turn.today(), turn.working.is_off)
        days = look_again_in(quiet, weeks)
        if days:
            return _in_days(turn, days)
        key = f"silence:{turn.enrollment_id}:{calendar.local(since, turn.zone):%Y-%m-%d}"
        if (await session.exec(select(Message.id).where(Message.key == key))).first() is not None:
            return _in_days(turn, 7 * weeks)
        return Wish(key, {"enrollment_id": turn.enrollment_id, "weeks": weeks}, again=_in_days(turn, 7 * weeks))

    async def part(self, session: AsyncSession, message: Message, about: Mapping[str, Any]) -> list[Block]:
        """The question with its four ways to go on, or the way that was chosen."""
        person = await session.get_one(Person, message.person_id)
        words = reading.taught_for(self.library.current, person).wording
        return look.silence(words, person.first_name, about["weeks"], message.id, about.get("chosen"))

    async def choose(self, actor: Actor, message_id: UUID, choice: Choice, now: datetime) -> None:
        """Do what someone chose; the first choice counts. Raises NotTheirs.

        A pause is only noted here: until when is what its modal asks.
        """
        async with self.database.transaction() as session:
            message, person = await message_of(session, message_id, actor)
            if message.kind != "silence":
                note_refused(actor, "a choice that this message does not give")
                raise NotTheirs
            first = await session.execute(
                update(Message)
                .where(col(Message.id) == message.id, ~col(Message.payload).has_key("chosen"))  # type: ignore[attr-defined]
                .values(payload={**message.payload, "chosen": choice.value})
            )
            if first.rowcount:  # type: ignore[attr-defined]
                await self._do(session, person, choice, now)
                await self.outbox.refresh(session, message.id)

    async def _do(self, session: AsyncSession, person: Person, choice: Choice, now: datetime) -> None:
        stopped_at = func.coalesce(col(Enrollment.stopped_at), now)  # an older question is no second stop
        changes: dict[Choice, dict[str, Any]] = {
            Choice.SLOWER: {"slower": True},
            Choice.STOP: {"stopped_at": stopped_at},
        }
        await heard(session, person, now)
        if choice in changes:
            mine = update(Enrollment).where(col(Enrollment.person_id) == person.id)
            await session.execute(mine.values(changes[choice]))
            await self.changed(session, person, now)


async def enter(session: AsyncSession, program: Program, way: Way, now: datetime) -> None:
    """Put the look at a silence on the agenda when someone begins: one item, which moves on."""
    zone = personal.zone_of(program, way.manager)
    first_look = calendar.local(now, zone).date() + timedelta(weeks=program.silence.after_weeks)
    await book.put_own(session, "silence", way, calendar.at_local(first_look, slots.lesson_time(program, way), zone))


async def heard(session: AsyncSession, person: Person, now: datetime) -> None:
    """Someone set or said something that no other record holds: they are there."""
    items = await session.exec(
        select(AgendaItem).where(
            AgendaItem.person_id == person.id, AgendaItem.kind == "silence", col(AgendaItem.done_at).is_(None)
        )
    )
    for item in items:
        item.about = {**item.about, "heard_at": now.isoformat()}
        session.add(item)
    await session.flush()


async def _last_answer(session: AsyncSession, way: Way) -> datetime | None:
    """When someone last answered anything (aware UTC); None if they never did."""
    enrollment_id, person_id = way.enrollment.id, way.manager.id
    latest = [
        select(func.max(moment)).where(whose).scalar_subquery()
        for moment, whose in (
            (col(Response.answered_at), col(Response.person_id) == person_id),
            (col(Review.answered_at), col(Review.enrollment_id) == enrollment_id),
            (col(Pulse.answered_at), col(Pulse.enrollment_id) == enrollment_id),
            (col(Promise.promised_at), col(Promise.enrollment_id) == enrollment_id),
            (col(Promise.answered_at), col(Promise.enrollment_id) == enrollment_id),
            (col(LessonGiven.set_aside_at), col(LessonGiven.enrollment_id) == enrollment_id),
            (col(Rating.rated_at), (col(Rating.enrollment_id) == enrollment_id) & (col(Rating.rated_by) == "self")),
            (col(PeerGroup.met_at), col(PeerGroup.met_by) == person_id),
            (col(PeerMember.heard_at), col(PeerMember.person_id) == person_id),
        )
    ]
    found: datetime | None = (await session.execute(select(func.greatest(*latest)))).scalar_one()
    return found


async def _asked_on(session: AsyncSession, turn: Turn, since: datetime) -> set[date]:
    """The local days on which they were asked something since then."""
    rows = await session.exec(
        select(col(Interruption.on_day)).where(
            Interruption.person_id == turn.way.manager.id,
            col(Interruption.kind).in_(ASKING),
            col(Interruption.said_at) > since,
        )
    )
    return set(rows)


def _heard_at(item: AgendaItem) -> datetime | None:
    moment = item.about.get("heard_at")
    return None if moment is None else datetime.fromisoformat(moment)


def _in_days(turn: Turn, days: int) -> datetime:
    """Their lesson time so many local days on."""
    return calendar.at_local(turn.today() + timedelta(days=days), slots.lesson_time(turn.program, turn.way), turn.zone)
