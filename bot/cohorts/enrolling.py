"""Someone joins a cohort, moves, leaves or comes back: one step for rosters, user groups and staff alike."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import Enum
from typing import Any

from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from bot.agenda import away
from bot.records import erased, reading
from bot.records.audit import Doer, note
from bot.records.reading import Way
from bot.records.tables import Cohort, Enrollment, Person
from bot.slack.directory import Moved

# What other rooms put on the agenda for someone who was enrolled, within the same transaction.
Entered = Callable[[AsyncSession, Way, datetime], Awaitable[None]]
# Gives a manager another mentor than they have, or takes theirs away: everyone whom it concerns is told.
AnotherMentor = Callable[[AsyncSession, Way, Person | None, datetime], Awaitable[None]]


class Step(Enum):
    """What became of someone."""

    NEW = "new"
    MOVED = "moved"
    BACK = "back"
    LEFT = "left"
    UNCHANGED = "unchanged"


@dataclass(frozen=True)
class Outcome:
    """What became of someone, and what changed for them: by column, from what to what (ids, days, words)."""

    step: Step
    changes: Mapping[str, tuple[Any, Any]] = field(default_factory=dict)


@dataclass(frozen=True)
class Enrolling:
    """The parts of it. `moved` has what is planned for someone follow; each of these is written down as an act of staff."""

    entered: Entered
    another_mentor: AnotherMentor
    moved: Moved

    async def put(
        self, session: AsyncSession, by: Doer, manager: Person, wanted: Mapping[str, Any], now: datetime
    ) -> Outcome:
        """Make someone's enrollment say what is `wanted` (columns and their values). The same again changes nothing.

        A new one needs at least `cohort_id` and `starts_on`. Whoever had left is back.
        """
        found = (await session.exec(select(Enrollment).where(col(Enrollment.person_id) == manager.id))).first()
        if found is None:
            return await self._join(session, by, manager, wanted, now)
        outcome = _outcome(found, wanted)
        if outcome.step is not Step.UNCHANGED:
            await self._change(session, by, found, outcome, wanted, now)
        return outcome

    async def leave(self, session: AsyncSession, by: Doer, way: Way, now: datetime, *, why: str = "roster") -> bool:
        """Nothing more is said to someone, and their mentor has one manager less; whether they were still there."""
        one = way.enrollment
        if one.left_at is not None:
            return False
        one.left_at, one.stopped_at = now, one.stopped_at or now
        session.add(one)
        lift(session, way, now)
        await session.flush()
        await self.moved(session, way.manager, now)
        note(session, by, f"{why}.left", now, person_id=way.manager.id, other_id=one.mentor_id, cohort=way.cohort.name)
        return True

    async def _join(
        self, session: AsyncSession, by: Doer, manager: Person, wanted: Mapping[str, Any], now: datetime
    ) -> Outcome:
        await erased.forget(session, manager)
        enrollment = Enrollment(person_id=manager.id or 0, **wanted)
        session.add(enrollment)
        await session.flush()
        way = await reading.this_way(session, enrollment.id or 0)
        await self.entered(session, way, now)
        await self._rest_with_cohort(session, way, now)
        note(
            session, by, "manager.enrolled", now, person_id=manager.id, other_id=enrollment.mentor_id, cohort=way.cohort.name
        )  # fmt: skip
        return Outcome(Step.NEW)

    async def _change(
        self,
        session: AsyncSession,
        by: Doer,
        found: Enrollment,
        outcome: Outcome,
        wanted: Mapping[str, Any],
        now: datetime,
    ) -> None:
        if "mentor_id" in outcome.changes:
            # Also of who has none now, or gets none: what was shown to the one before must not pass on by itself.
            mentor_id = wanted["mentor_id"]
            mentor = None if mentor_id is None else await session.get_one(Person, mentor_id)
            await self.another_mentor(session, await reading.this_way(session, found.id or 0), mentor, now)
        changes_pause = outcome.step is Step.BACK or "cohort_id" in outcome.changes
        if changes_pause:
            lift(session, await reading.this_way(session, found.id or 0), now)
        for name, value in wanted.items():
            setattr(found, name, value)
        _bring_back(found, now)
        if "starts_on" in outcome.changes and outcome.step is Step.MOVED:
            away.starts_on_another_day(found, now)
        session.add(found)
        await session.flush()
        way = await reading.this_way(session, found.id or 0)
        await self.entered(session, way, now)
        if changes_pause:
            await self.moved(session, way.manager, now)
            await self._rest_with_cohort(session, way, now)
        note(
            session, by, f"manager.{outcome.step.value}", now, person_id=found.person_id, other_id=found.mentor_id,
            cohort=way.cohort.name, what=sorted(outcome.changes),
        )  # fmt: skip

    async def _rest_with_cohort(self, session: AsyncSession, way: Way, now: datetime) -> None:
        """Whoever comes into a cohort that rests does so, too."""
        if away.rests(way.cohort, now):
            await pause(session, way, self.moved, now)


def _outcome(found: Enrollment, wanted: Mapping[str, Any]) -> Outcome:
    now = {name: getattr(found, name) for name in wanted}
    changes = {name: (now[name], value) for name, value in wanted.items() if now[name] != value}
    if found.left_at is not None:
        return Outcome(Step.BACK, changes)
    return Outcome(Step.MOVED if changes else Step.UNCHANGED, changes)


def _bring_back(one: Enrollment, now: datetime) -> None:
    """Whoever had left goes on where they were; who had stopped before still has, until they say so."""
    if one.left_at is None:
        return
    if one.stopped_at == one.left_at:
        away.comes_back(one, one.left_at, now)
    one.left_at = None


def rests_with_cohort(way: Way) -> bool:
    """Whether the pause of someone is that of their cohort: the same moment on both rows says whose it is."""
    return way.manager.paused_at is not None and way.manager.paused_at == way.cohort.paused_at


async def pause(session: AsyncSession, way: Way, moved: Moved, now: datetime) -> None:
    """Pause someone as their cohort does, unless they pause by themselves, and for as long."""
    person, cohort = way.manager, way.cohort
    if cohort.paused_at is None or (
        person.paused_at is not None and not away.rests_longer(cohort, person.paused_until)
    ):
        return
    away.pauses_with_cohort(way, cohort.paused_at)
    session.add(person)
    session.add(way.enrollment)
    await session.flush()
    await moved(session, person, now)


def lift(session: AsyncSession, way: Way, now: datetime) -> bool:
    """Take the cohort's pause off someone, and not one of their own; whether there was one. What is planned is left to move."""
    person, since = way.manager, way.manager.paused_at
    if since is None or not rests_with_cohort(way):
        return False
    away.was_away(way.enrollment, since, min(now.date(), person.paused_until or now.date()))
    person.paused_at, person.paused_until = away.own_pause(way.enrollment, now.date()) or (None, None)
    session.add(person)
    session.add(way.enrollment)
    return True


def start_day(cohort: Cohort, today: date) -> date:
    """The day on which someone who joins a cohort starts: the cohort's, or today if that is over."""
    return max(cohort.starts_on or today, today)
