"""Checkpoints: the weeks in which manager and mentor rate the same areas, each without seeing what the other says."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy.dialects.postgresql import insert
from sqlmodel import select
from sqlmodel.ext.asyncio.session import AsyncSession

from bot.agenda import book, calendar, personal
from bot.attention import slots
from bot.attention.flow import Answer, Over, Turn, Wish
from bot.curriculum.library import Library
from bot.curriculum.model import Program
from bot.delivery.outbox import Outbox
from bot.ratings import calibration
from bot.ratings import message as look
from bot.ratings.rules import both_are_in, latest_week, next_week
from bot.records import reading
from bot.records.ratings import ratings_of
from bot.records.reading import Way
from bot.records.tables import AgendaItem, Checkpoint, Message, Person, Rating
from bot.slack.blocks import Block
from bot.slack.saying_when import day

BASELINE = 0  # its week: the welcome asks for it
WITHOUT_CALENDAR = timedelta(days=14)  # for someone who has paused without an end


@dataclass(frozen=True)
class Checkpoints:
    """Opens and reveals; whoever else reads ratings goes by what was revealed."""

    library: Library
    outbox: Outbox

    async def offer(self, session: AsyncSession, item: AgendaItem, turn: Turn) -> Answer:
        """Open the week that has come, and ask the manager to rate themselves; the first and the last are asked elsewhere."""
        weeks, passed = turn.program.checkpoints, slots.week_of(turn.program, turn.way, turn.now) - 1
        week, later = latest_week(weeks, passed), next_week(weeks, passed)
        checkpoint = None if week is None else await open_checkpoint(session, turn.program, turn.way, week, turn.now)
        if later is None:
            return Over("the last week")
        again = moment_of(turn.program, turn.way, later, turn.now)
        if checkpoint is None or checkpoint.week == BASELINE or checkpoint.revealed_at is not None:
            return again
        if item.about.get("asked_for") == week:
            return again

        async def said(session: AsyncSession, message_id: UUID) -> None:
            """The item remembers where it stands, alone or along with another: there it is drawn anew."""
            item.about = {**item.about, "asked_for": week, "message_id": str(message_id)}
            session.add(item)

        about = {"enrollment_id": turn.enrollment_id, "week": week}
        return Wish(f"{item.key}:{week}", about, said=said, again=again)

    async def part(self, session: AsyncSession, message: Message, about: Mapping[str, Any]) -> list[Block]:  # noqa: ARG002
        """The request to rate oneself, with its button until that is done."""
        way = await reading.this_way(session, about["enrollment_id"])
        taught, week = reading.taught_for(self.library.current, way.manager), int(about["week"])
        own = await _areas_rated(session, about["enrollment_id"], week, "self")
        done = {area.id for area in taught.curriculum.areas} <= own
        checkpoint = await session.get_one(Checkpoint, (about["enrollment_id"], week))
        return look.checkpoint(
            taught.wording, week, done=done,
            mentor=None if way.mentor is None else way.mentor.first_name,
            until=day(last_day_of_seal(self._program, way.manager, checkpoint), taught.language),
        )  # fmt: skip

    async def rated(self, session: AsyncSession, enrollment_id: int, now: datetime) -> None:
        """Someone has rated, and holds the enrollment: what is complete is revealed, and the request is drawn anew."""
        way = await reading.this_way(session, enrollment_id)
        areas = [area.id for area in self.library.current.curriculum.areas]
        rows = await session.exec(select(Checkpoint).where(Checkpoint.enrollment_id == enrollment_id))
        for checkpoint in rows:
            own = await _areas_rated(session, enrollment_id, checkpoint.week, "self")
            seen = await _areas_rated(session, enrollment_id, checkpoint.week, "mentor")
            if checkpoint.revealed_at is not None:
                # A rating of oneself that came late may still lie far from the mentor's.
                await calibration.put(session, way, checkpoint.week, areas, now)
            elif both_are_in(areas, own, seen, has_mentor=way.mentor is not None):
                await self._reveal(session, way, checkpoint, now)
        item = (await session.exec(select(AgendaItem).where(AgendaItem.key == f"checkpoint:{enrollment_id}"))).first()
        if item is not None and "message_id" in item.about:
            await self.outbox.refresh(session, UUID(item.about["message_id"]))

    async def plan_reveal(self, session: AsyncSession, item: AgendaItem, now: datetime) -> datetime | None:
        """The seal's time has come: both see what there is. Nothing is said, but where the two lie far apart."""
        enrollment_id, week = int(item.about["enrollment_id"]), int(item.about["week"])
        await reading.hold(session, enrollment_id)
        way = await reading.way_of(session, enrollment_id)
        checkpoint = await session.get(Checkpoint, (enrollment_id, week), populate_existing=True)
        if way is not None and checkpoint is not None and checkpoint.revealed_at is None:
            await self._reveal(session, way, checkpoint, now)
        return None

    @property
    def _program(self) -> Program:
        return self.library.current.curriculum.program

    async def _reveal(self, session: AsyncSession, way: Way, checkpoint: Checkpoint, now: datetime) -> None:
        checkpoint.revealed_at = now
        session.add(checkpoint)
        await book.strike(session, _reveal_key(checkpoint), now=now, outcome="revealed")
        areas = [area.id for area in self.library.current.curriculum.areas]
        await calibration.put(session, way, checkpoint.week, areas, now)


async def enter(session: AsyncSession, program: Program, way: Way, now: datetime) -> None:
    """Someone begins: open the baseline, and put the next checkpoint on the agenda."""
    if BASELINE in program.checkpoints:
        await open_checkpoint(session, program, way, BASELINE, now)
    first = next_week(program.checkpoints, BASELINE)
    if first is not None:
        await book.put_own(session, "checkpoint", way, moment_of(program, way, first, now))


async def open_checkpoint(session: AsyncSession, program: Program, way: Way, week: int, now: datetime) -> Checkpoint:
    """Open a week's checkpoint, once, and say when its seal breaks; the checkpoint as it is on record."""
    enrollment_id = way.enrollment.id or 0
    row = await session.execute(
        insert(Checkpoint)
        .values(enrollment_id=enrollment_id, week=week, opened_at=now, sealed_until=_seal(program, way, now))
        .on_conflict_do_nothing(index_elements=["enrollment_id", "week"])
        .returning(Checkpoint.__table__.c.week)  # type: ignore[attr-defined]
    )
    checkpoint = await session.get_one(Checkpoint, (enrollment_id, week))
    if row.first() is not None:
        await book.put(
            session, key=_reveal_key(checkpoint), kind="checkpoint_reveal", workspace_id=way.manager.workspace_id,
            person_id=way.manager.id, about={"enrollment_id": enrollment_id, "week": week},
            due_at=checkpoint.sealed_until,
        )  # fmt: skip
    return checkpoint


def moment_of(program: Program, way: Way, week: int, now: datetime) -> datetime:
    """The first lesson slot (aware UTC) after so many weeks."""
    return slots.lesson_slot(program, way, slots.after_weeks(way, week, now))


def last_day_of_seal(program: Program, reader: Person, checkpoint: Checkpoint) -> date:
    """The local day of who reads it on which the seal breaks at the latest."""
    return calendar.local(checkpoint.sealed_until, personal.zone_of(program, reader)).date()


def _seal(program: Program, way: Way, now: datetime) -> datetime:
    """So many working days of the mentor later: they have the longer way, and the manager rates within minutes."""
    person = way.mentor or way.manager
    days, working = program.ratings.sealed_working_days, personal.personal_time(program, person)
    try:
        return calendar.after_working_days(now, days, working, personal.zone_of(program, person))
    except calendar.NoSlot:
        return now + WITHOUT_CALENDAR


async def _areas_rated(session: AsyncSession, enrollment_id: int, week: int, by: str) -> set[str]:
    ratings: list[Rating] = await ratings_of(session, [enrollment_id])
    return {one.area_id for one in ratings if (one.week, one.rated_by) == (week, by)}


def _reveal_key(checkpoint: Checkpoint) -> str:
    return f"checkpoint_reveal:{checkpoint.enrollment_id}:{checkpoint.week}"
