"""The baseline, done: one area at a time, each saved as it is answered, and asked again at each checkpoint."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from bot.agenda import calendar, personal
from bot.curriculum.library import Library, Taught
from bot.curriculum.model import Curriculum, Program
from bot.onboarding import message as look
from bot.onboarding.rules import areas_left, may_rate
from bot.records import reading
from bot.records.database import Database
from bot.records.ratings import ratings_of, record_rating
from bot.records.tables import Checkpoint, Enrollment, Person, Rating
from bot.slack.access import Actor, note_refused, person_of
from bot.slack.blocks import Block
from bot.slack.saying_when import day

BASELINE = 0  # its week

# What other rooms reveal, or draw anew, once all areas are rated, within the same transaction; it holds the enrollment.
Rated = Callable[[AsyncSession, int, datetime], Awaitable[None]]


@dataclass(frozen=True)
class Given:
    """A level as it came in."""

    actor: Actor
    week: int
    area_id: str
    level: int


@dataclass(frozen=True)
class Baselines:
    """The room's parts."""

    library: Library
    database: Database
    rated: Sequence[Rated]

    async def view(self, actor: Actor, week: int | None = BASELINE) -> Block:
        """The modal at the first area that has no level yet in that week (None: the last); later ones beside the first."""
        async with self.database.transaction() as session:
            enrollment, taught = await self._enrollment(session, actor)
            week = taught.curriculum.program.last_week if week is None else week
            if enrollment is None or not await _asked(session, enrollment, week, taught.curriculum.program):
                note_refused(actor, "levels that they are not asked for")
                return look.not_yours(taught.wording)
            return await self._step(session, enrollment, week, taught)

    async def rate(self, given: Given, now: datetime) -> Block:
        """Keep a level; the modal of the next step. Once all areas have one, nothing changes it any more."""
        async with self.database.transaction() as session:
            enrollment, taught = await self._enrollment(session, given.actor)
            if enrollment is None or not await _asked(session, enrollment, given.week, taught.curriculum.program):
                note_refused(given.actor, "levels that they are not asked for")
                return look.not_yours(taught.wording)
            # Two devices at once: the second waits, and then finds what the first has left.
            await reading.hold(session, enrollment.id or 0)
            areas = [area.id for area in taught.curriculum.areas]
            before = _levels(await ratings_of(session, [enrollment.id or 0]), given.week)
            if may_rate(given.area_id, areas, before):
                await record_rating(
                    session, enrollment.id or 0, given.area_id, given.week, "self", given.level, None, now
                )
                if not areas_left(areas, {*before, given.area_id}):
                    for follows in self.rated:
                        await follows(session, enrollment.id or 0, now)
            return await self._step(session, enrollment, given.week, taught)

    async def baseline_open(self, session: AsyncSession, enrollment_id: int) -> int:
        """How many areas of the baseline have no level yet."""
        return await areas_open(session, self.library.current.curriculum, enrollment_id)

    async def _step(self, session: AsyncSession, enrollment: Enrollment, week: int, taught: Taught) -> Block:
        ratings = await ratings_of(session, [enrollment.id or 0])
        areas = taught.curriculum.areas
        left = areas_left([area.id for area in areas], _levels(ratings, week))
        if not left:
            thanks = look.Thanks(
                is_first=week == BASELINE,
                is_last=week == taught.curriculum.program.last_week,
                has_mentor=enrollment.mentor_id is not None,
            )
            return look.thanks(taught.wording, thanks)
        sealed = await session.get(Checkpoint, (enrollment.id, week), populate_existing=True)
        step = look.Step(
            area=taught.curriculum.area(left[0]),
            number=len(areas) - len(left) + 1,
            total=len(areas),
            week=week,
            earlier=_levels(ratings, BASELINE).get(left[0]) if week != BASELINE else None,
            has_mentor=enrollment.mentor_id is not None,
            until=None if sealed is None else await self._last_day(session, enrollment, sealed, taught),
            is_open=sealed is not None and sealed.revealed_at is not None,
        )
        return look.step(taught.wording, step)

    async def _last_day(self, session: AsyncSession, enrollment: Enrollment, sealed: Checkpoint, taught: Taught) -> str:
        """The manager's local day on which the mentor sees it at the latest, in words."""
        person = await session.get_one(Person, enrollment.person_id)
        zone = personal.zone_of(taught.curriculum.program, person)
        return day(calendar.local(sealed.sealed_until, zone).date(), taught.language)

    async def _enrollment(self, session: AsyncSession, actor: Actor) -> tuple[Enrollment | None, Taught]:
        person = await person_of(session, actor)
        taught = reading.taught_for(self.library.current, person)
        if person is None:
            return None, taught
        rows = await session.exec(select(Enrollment).where(col(Enrollment.person_id) == person.id))
        return rows.first(), taught


async def areas_open(session: AsyncSession, curriculum: Curriculum, enrollment_id: int) -> int:
    """How many areas of someone's baseline have no level yet."""
    levels = _levels(await ratings_of(session, [enrollment_id]), BASELINE)
    return len(areas_left([area.id for area in curriculum.areas], levels))


async def _asked(session: AsyncSession, enrollment: Enrollment, week: int, program: Program) -> bool:
    """Whether someone is asked for that week's levels: what a modal says of it is only the client's word."""
    if enrollment.left_at is not None:
        return False
    if week == BASELINE or (week == program.last_week and enrollment.ended_at is not None):
        return True
    return await session.get(Checkpoint, (enrollment.id, week)) is not None


def _levels(ratings: Sequence[Rating], week: int) -> dict[str, int]:
    return {
        one.area_id: one.level
        for one in ratings
        if one.week == week and one.rated_by == "self" and one.level is not None
    }
