"""A roster, done: every line is checked before any is written, and the same file again changes nothing."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from bot.cohorts.enrolling import Enrolling, Outcome, Step
from bot.cohorts.rules import RosterProblem, RosterRow, read_roster, repeated, same_person
from bot.records import reading
from bot.records.audit import Doer, note
from bot.records.cohorts import cohorts_of, keep_cohort
from bot.records.database import Database
from bot.records.tables import Cohort, Enrollment, Person
from bot.slack.directory import Directory, SlackUser

Users = Mapping[str, SlackUser]  # by the name that the roster gives them


@dataclass(frozen=True)
class Told:
    """What became of one manager, for people: their name, and each change in words."""

    name: str
    step: Step
    changes: tuple[str, ...] = ()


@dataclass(frozen=True)
class Enrolled:
    """What an import did, or would do. `remarks` are about nothing that has to be mended."""

    told: tuple[Told, ...] = ()
    problems: tuple[RosterProblem, ...] = ()
    remarks: tuple[RosterProblem, ...] = ()

    def names(self, step: Step) -> tuple[str, ...]:
        """Those whom that became of."""
        return tuple(one.name for one in self.told if one.step is step)


@dataclass(frozen=True)
class _Desk:
    """What an import needs at hand: what is on record by now, so that nobody is asked for twice."""

    by: Doer
    users: Users
    cohorts: dict[str, Cohort]
    on_record: dict[str, Person]  # by casefolded address and Slack id
    at_the_end: Mapping[str, str]  # the cohorts of those who came to the end of their program, by Slack id
    kept: dict[str, Person] = field(default_factory=dict)  # by Slack id


@dataclass(frozen=True)
class Rosters:
    """The parts of it."""

    database: Database
    directory: Directory
    enrolling: Enrolling

    async def import_roster(self, text: str, *, by: Doer, now: datetime, dry_run: bool) -> Enrolled:
        """Do what a CSV says, or nothing if any line has a problem. Doing it twice changes nothing; who is not in it stays."""
        rows, problems = read_roster(text)
        users = await self.directory.look_up_many(by.workspace_id, {who for row in rows for who in row.people})
        async with self.database.transaction() as session:
            desk = await _desk(session, by, users)
        problems = [*problems, *(found for row in rows for found in _misfits(row, desk)), *_twice(rows, desk)]
        remarks = [found for row in rows for found in _remarks(row, desk)]
        if problems:
            return Enrolled(problems=_in_order(problems), remarks=_in_order(remarks))
        told: list[Told] = []
        try:
            async with self.database.transaction() as session:
                told = await self._take_in(session, desk, rows, now)
                if dry_run:
                    raise _OnlyRehearsed
        except _OnlyRehearsed:
            pass
        return Enrolled(tuple(told), remarks=_in_order(remarks))

    async def _take_in(
        self, session: AsyncSession, desk: _Desk, rows: Sequence[RosterRow], now: datetime
    ) -> list[Told]:
        told = [await self._row(session, desk, row, now) for row in rows]
        counts = {step.value: sum(one.step is step for one in told) for step in Step}
        note(session, desk.by, "roster.imported", now, **counts)
        return told

    async def _row(self, session: AsyncSession, desk: _Desk, row: RosterRow, now: datetime) -> Told:
        if row.leaves:
            return await self._leave(session, desk, desk.on_record[row.manager.casefold()], now)
        manager = await self._keep(session, desk, row.manager)
        zone = await self._set_zone(session, manager, row, now)
        wanted = await self._wanted(session, desk, row)
        outcome = await self.enrolling.put(session, desk.by, manager, wanted, now)
        step = Step.MOVED if zone and outcome.step is Step.UNCHANGED else outcome.step
        return Told(manager.name, step, (*await _in_words(session, outcome), *zone))

    async def _leave(self, session: AsyncSession, desk: _Desk, person: Person, now: datetime) -> Told:
        way = await reading.way_of_person(session, person.id or 0)
        left = way is not None and await self.enrolling.leave(session, desk.by, way, now)
        return Told(person.name, Step.LEFT if left else Step.UNCHANGED)

    async def _set_zone(self, session: AsyncSession, manager: Person, row: RosterRow, now: datetime) -> tuple[str, ...]:
        """The roster's time zone, where it has such a column; what changed, in words."""
        before, after = manager.roster_timezone, row.timezone or None
        if row.timezone is None or before == after:
            return ()
        manager.roster_timezone = after
        session.add(manager)
        await session.flush()
        await self.enrolling.moved(session, manager, now)
        return (_change("time zone", before or "Slack's", after or "Slack's"),)

    async def _wanted(self, session: AsyncSession, desk: _Desk, row: RosterRow) -> dict[str, Any]:
        """What a row says of an enrollment; of what the file has no column for, it says nothing."""
        cohort = desk.cohorts.get(row.cohort)
        if cohort is None:
            cohort = desk.cohorts[row.cohort] = await keep_cohort(session, desk.by.workspace_id, row.cohort)
        wanted: dict[str, Any] = {"cohort_id": cohort.id, "starts_on": row.starts_on}
        for column, who in (("mentor_id", row.mentor), ("buddy_id", row.buddy)):
            if who is not None:
                wanted[column] = (await self._keep(session, desk, who)).id if who else None
        if row.team is not None:
            wanted["team"] = row.team or None
        return wanted

    async def _keep(self, session: AsyncSession, desk: _Desk, who: str) -> Person:
        user = desk.users[who]
        if user.slack_id not in desk.kept:
            desk.kept[user.slack_id] = await self.directory.keep(session, desk.by.workspace_id, user)
        return desk.kept[user.slack_id]


class _OnlyRehearsed(Exception):
    """Rolls a dry run back."""


async def _desk(session: AsyncSession, by: Doer, users: Users) -> _Desk:
    managers = await session.exec(
        select(Person)
        .join(Enrollment, col(Enrollment.person_id) == col(Person.id))
        .where(Person.workspace_id == by.workspace_id)
    )
    on_record = {name.casefold(): one for one in managers for name in (one.slack_id, one.email) if name}
    ended = await session.execute(
        select(Person.slack_id, Cohort.name)
        .join(Enrollment, col(Enrollment.person_id) == col(Person.id))
        .join(Cohort, col(Cohort.id) == col(Enrollment.cohort_id))
        .where(Person.workspace_id == by.workspace_id, col(Enrollment.ended_at).is_not(None))
    )
    cohorts = {one.name: one for one in await cohorts_of(session, by.workspace_id)}
    return _Desk(by, users, cohorts, on_record, dict(tuple(row) for row in ended))


def _misfits(row: RosterRow, desk: _Desk) -> Iterable[RosterProblem]:
    """What is wrong with a row once it is known who is meant."""
    for who in row.people:
        yield from _unfit(row.line, who, desk.users.get(who))
    if row.leaves and row.manager and row.manager.casefold() not in desk.on_record:
        yield RosterProblem(row.line, f"{row.manager} takes no part", "take the line out, or mend the address")
    manager, mentor, buddy = [desk.users.get(who or "") for who in (row.manager, row.mentor, row.buddy)]
    if not row.leaves and manager is not None:
        ids = [one.slack_id if one else None for one in (mentor, buddy)]
        typed = set(same_person(row.manager, row.mentor, row.buddy))  # said already
        yield from (
            RosterProblem(row.line, *found) for found in same_person(manager.slack_id, *ids) if found not in typed
        )
    yield from _closed(row, desk.cohorts.get(row.cohort))


def _closed(row: RosterRow, cohort: Cohort | None) -> Iterable[RosterProblem]:
    if cohort is not None and cohort.closed_at is not None and not row.leaves:
        yield RosterProblem(row.line, f"the cohort «{cohort.name}» is closed", "name another cohort")


def _unfit(line: int, who: str, user: SlackUser | None) -> Iterable[RosterProblem]:
    if user is None:
        yield RosterProblem(line, f"Slack knows nobody called {who}", "check the e-mail address or the Slack user id")
    elif user.deleted:
        yield RosterProblem(line, f"{who} is deactivated in Slack", "write status left, or have the account restored")
    elif user.is_bot:
        yield RosterProblem(line, f"{who} is an app, not a person", "name a person")


def _twice(rows: Sequence[RosterRow], desk: _Desk) -> Iterable[RosterProblem]:
    """Who stands in two lines under two names. Under one name, it was said already."""
    seen: dict[str, RosterRow] = {}
    told_apart = []
    for row in rows:
        # Of who leaves Slack was not asked: the account may be closed.
        someone = desk.on_record.get(row.manager.casefold()) if row.leaves else desk.users.get(row.manager)
        if someone is not None and seen.setdefault(someone.slack_id, row).manager.casefold() != row.manager.casefold():
            first = seen[someone.slack_id]
            told_apart += [(first.line, first.manager, someone.slack_id), (row.line, row.manager, someone.slack_id)]
    return repeated(told_apart)


def _remarks(row: RosterRow, desk: _Desk) -> Iterable[RosterProblem]:
    user = desk.users.get(row.manager)
    if user is not None and desk.at_the_end.get(user.slack_id, row.cohort) != row.cohort:
        what = f"{user.name} has come to the end of the program"
        yield RosterProblem(row.line, what, "it has no second time: in another cohort no lesson comes, either")
    if user is not None and row.name and row.name.casefold() != user.name.casefold():
        yield RosterProblem(row.line, f"«{row.name}» is {user.name} in Slack", "make sure that this is who you mean")


def _in_order(problems: Iterable[RosterProblem]) -> tuple[RosterProblem, ...]:
    return tuple(sorted(problems, key=lambda one: one.line))


_IN_WORDS = {"cohort_id": "cohort", "mentor_id": "mentor", "buddy_id": "buddy", "starts_on": "start", "team": "team"}


async def _in_words(session: AsyncSession, outcome: Outcome) -> list[str]:
    """What changed for someone: «mentor: Ana Kovač → Lena Fischer»."""
    told = []
    for column, (before, after) in outcome.changes.items():
        table = {"cohort_id": Cohort, "mentor_id": Person, "buddy_id": Person}.get(column)
        if table is not None:
            before, after = [await _name(session, table, one) for one in (before, after)]
        told.append(_change(_IN_WORDS[column], before, after))
    return told


async def _name(session: AsyncSession, table: Any, row_id: int | None) -> str | None:
    return None if row_id is None else str((await session.get_one(table, row_id)).name)


def _change(what: str, before: Any, after: Any) -> str:
    return f"{what}: {before or 'none'} → {after or 'none'}"
