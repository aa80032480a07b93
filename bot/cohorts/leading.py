"""Staff lead a cohort: start, pause, go on, extend, close. Each in one transaction, with who did it."""

from collections import Counter
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlmodel.ext.asyncio.session import AsyncSession

from bot.agenda import away
from bot.cohorts.enrolling import Enrolling, lift, pause
from bot.records.audit import Doer, note
from bot.records.cohorts import cohort_named, cohorts_of, keep_cohort, members
from bot.records.database import Database
from bot.records.reading import Way
from bot.records.tables import Cohort

MOST_MORE_WEEKS = 52
LONGEST_PAUSE = timedelta(days=365)

# Ends the reviews that went on after someone's end.
EndReviews = Callable[[AsyncSession, Way, datetime], Awaitable[None]]


class NotDone(Exception):
    """Nothing was changed; the message says why, and what to do."""


@dataclass(frozen=True)
class Overview:
    """A cohort, and how many are in it in each state."""

    name: str
    starts_on: date | None
    user_group: str | None
    paused: bool
    paused_until: date | None
    more_weeks: int
    closed: bool
    people: Counter[str]  # by their state, as `state_of`


@dataclass(frozen=True)
class Started:
    """A cohort that starts on a day: whether nobody knew it before, and how many start then."""

    is_new: bool
    people: int


@dataclass(frozen=True)
class Leading:
    """The parts of it. All raise NoSuchCohort; what is asked for twice is done once."""

    database: Database
    enrolling: Enrolling
    end_reviews: EndReviews

    async def overview(self, workspace_id: str, now: datetime) -> list[Overview]:
        """All cohorts of a workspace, by name."""
        async with self.database.transaction() as session:
            return [await _overview(session, one, now) for one in await cohorts_of(session, workspace_id)]

    async def start(self, by: Doer, name: str, on: date, now: datetime) -> Started:
        """Have a cohort start on that local day, as do all in it who have not begun. It is there from now on."""
        async with self.database.transaction() as session:
            known = {one.name for one in await cohorts_of(session, by.workspace_id)}
            cohort = await self._open(session, by, name, new=True)
            cohort.starts_on = on
            session.add(cohort)
            waiting = [way for way in await _on_their_way(session, cohort) if way.enrollment.begun_at is None]
            for way in waiting:
                way.enrollment.starts_on = on
                session.add(way.enrollment)
                await session.flush()
                await self.enrolling.entered(session, way, now)
            note(session, by, "cohort.start", now, cohort=name, on=on.isoformat(), people=len(waiting))
            return Started(name not in known, len(waiting))

    async def pause(self, by: Doer, name: str, until: date | None, now: datetime) -> int:
        """Say nothing unasked to a cohort until that local day, or until staff say so; to how many."""
        if until is not None and until <= now.date():
            raise NotDone(f"{until} is no day to come back on; name one that is to come.")
        if until is not None and until > now.date() + LONGEST_PAUSE:
            raise NotDone(f"{until} is more than a year away; without a day, it is until you say so.")
        async with self.database.transaction() as session:
            cohort = await self._open(session, by, name)
            ways = await _on_their_way(session, cohort)
            for way in ways:
                lift(session, way, now)  # one before, which this one takes the place of
            cohort.paused_at, cohort.paused_until = now, until
            session.add(cohort)
            for way in ways:
                await pause(session, way, self.enrolling.moved, now)
            resting = sum(way.manager.paused_at == now for way in ways)
            note(session, by, "cohort.pause", now, cohort=name, until=until and until.isoformat(), people=resting)
            return resting

    async def resume(self, by: Doer, name: str, now: datetime) -> int:
        """Go on with a cohort; how many do. Who paused by themselves does not."""
        async with self.database.transaction() as session:
            cohort = await self._open(session, by, name)
            resting = [way for way in await _on_their_way(session, cohort) if lift(session, way, now)]
            cohort.paused_at = cohort.paused_until = None
            session.add(cohort)
            await session.flush()
            for way in resting:
                await self.enrolling.moved(session, way.manager, now)
            people = sum(way.manager.paused_at is None for way in resting)
            note(session, by, "cohort.resume", now, cohort=name, people=people)
            return people

    async def extend(self, by: Doer, name: str, weeks: int, now: datetime) -> int:
        """Give a cohort so many more weeks of reviews; how many get them. Whose last word was said has ended all the same."""
        async with self.database.transaction() as session:
            cohort = await self._open(session, by, name)
            if not 0 < cohort.more_weeks + weeks <= MOST_MORE_WEEKS:
                raise NotDone(
                    f"a cohort may have 1 to {MOST_MORE_WEEKS} weeks more in all; this has {cohort.more_weeks} now."
                )
            cohort.more_weeks += weeks
            session.add(cohort)
            gain = [way for way in await _on_their_way(session, cohort) if way.enrollment.ended_at is None]
            note(session, by, "cohort.extend", now, cohort=name, weeks=weeks, people=len(gain))
            return len(gain)

    async def close(self, by: Doer, name: str, now: datetime) -> int:
        """End it for everyone in a cohort who still hears from us; how many. Who had come to the end has ended, and is asked no
        more; the others leave, also who has stopped, and could have begun again. What they wrote stays theirs."""
        async with self.database.transaction() as session:
            cohort = await cohort_named(session, by.workspace_id, name, hold=True)
            if cohort.closed_at is not None:
                return 0
            cohort.closed_at, cohort.user_group = now, None
            session.add(cohort)
            there = [(way, _hears(way)) for way in await members(session, cohort)]
            for way, _ in there:
                if way.enrollment.ended_at is None:
                    await self.enrolling.leave(session, by, way, now, why="cohort")
                elif way.enrollment.goes_on:
                    await self.end_reviews(session, way, now)
            people = sum(hears for _, hears in there)
            note(session, by, "cohort.close", now, cohort=name, people=people)
            return people

    async def _open(self, session: AsyncSession, by: Doer, name: str, *, new: bool = False) -> Cohort:
        """The cohort, held until the commit, so that two of the staff take turns. Raises NotDone for a closed one."""
        if new:
            await keep_cohort(session, by.workspace_id, name)
        cohort = await cohort_named(session, by.workspace_id, name, hold=True)
        if cohort.closed_at is not None:
            raise NotDone(f"the cohort «{name}» is closed; begin another under a new name.")
        return cohort


async def _on_their_way(session: AsyncSession, cohort: Cohort) -> list[Way]:
    return [way for way in await members(session, cohort) if way.enrollment.stopped_at is None]


def _hears(way: Way) -> bool:
    """Whether something still comes to someone."""
    one = way.enrollment
    return one.stopped_at is None and (one.ended_at is None or one.goes_on)


async def _overview(session: AsyncSession, cohort: Cohort, now: datetime) -> Overview:
    return Overview(
        cohort.name, cohort.starts_on, cohort.user_group, away.rests(cohort, now), cohort.paused_until, cohort.more_weeks,
        cohort.closed_at is not None, Counter(state_of(way) for way in await members(session, cohort)),
    )  # fmt: skip


STATES = ("not_begun", "under_way", "ended", "stopped", "left")


def state_of(way: Way) -> str:
    """Where someone is on their way: one of STATES."""
    one = way.enrollment
    marks: Sequence[tuple[str, bool]] = (
        ("left", one.left_at is not None),
        ("stopped", one.stopped_at is not None),
        ("ended", one.ended_at is not None),
        ("not_begun", one.begun_at is None),
    )
    return next((state for state, is_so in marks if is_so), "under_way")
