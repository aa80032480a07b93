"""Enrolment: every row is checked before any is written."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy.dialects.postgresql import insert
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from bot.onboarding.rules import RosterProblem, RosterRow, read_roster
from bot.records import reading
from bot.records.database import Database
from bot.records.reading import Way
from bot.records.tables import Cohort, Enrollment, Person
from bot.slack.directory import Directory, SlackUser

# What other rooms put on the agenda for someone who was enrolled, within the same transaction.
Entered = Callable[[AsyncSession, Way, datetime], Awaitable[None]]

# Gives a manager another mentor than they have: everyone whom it concerns is told.
AnotherMentor = Callable[[AsyncSession, Way, Person, datetime], Awaitable[None]]


@dataclass(frozen=True)
class Enrolled:
    """What an import did, or would do."""

    new: tuple[str, ...] = ()
    changed: tuple[str, ...] = ()
    unchanged: tuple[str, ...] = ()
    problems: tuple[RosterProblem, ...] = ()


@dataclass(frozen=True)
class Onboarding:
    """The room's parts."""

    database: Database
    directory: Directory
    entered: Entered
    another_mentor: AnotherMentor

    async def import_roster(self, text: str, *, workspace_id: str, now: datetime, dry_run: bool) -> Enrolled:
        """Enrol everyone of a CSV, or nobody if any line has a problem. Doing it twice changes nothing."""
        rows, problems = read_roster(text)
        users, unknown = await self._look_up(workspace_id, rows)
        problems = [*problems, *unknown]
        if problems:
            return Enrolled(problems=tuple(sorted(problems, key=lambda one: one.line)))
        done: dict[str, list[str]] = {"new": [], "changed": [], "unchanged": []}
        try:
            async with self.database.transaction() as session:
                for row in rows:
                    done[await self._enrol(session, workspace_id, row, users, now)].append(users[row.manager].name)
                if dry_run:
                    raise _OnlyRehearsed
        except _OnlyRehearsed:
            pass
        return Enrolled(tuple(done["new"]), tuple(done["changed"]), tuple(done["unchanged"]))

    async def _look_up(
        self, workspace_id: str, rows: Sequence[RosterRow]
    ) -> tuple[dict[str, SlackUser], list[RosterProblem]]:
        users: dict[str, SlackUser] = {}
        problems: list[RosterProblem] = []
        for row in rows:
            for who in filter(None, (row.manager, row.mentor, row.buddy)):
                user = users.get(who) or await self.directory.look_up(workspace_id, who)
                problem = _unfit(row.line, who, user)
                if problem is not None:
                    problems.append(problem)
                elif user is not None:
                    users[who] = user
            problems += _same_person(row, users)
        return users, problems

    async def _enrol(
        self, session: AsyncSession, workspace_id: str, row: RosterRow, users: dict[str, SlackUser], now: datetime
    ) -> str:
        manager = await self.directory.keep(session, workspace_id, users[row.manager])
        mentor = await self.directory.keep(session, workspace_id, users[row.mentor]) if row.mentor else None
        buddy = await self.directory.keep(session, workspace_id, users[row.buddy]) if row.buddy else None
        cohort = await _cohort(session, workspace_id, row.cohort)
        found = (await session.exec(select(Enrollment).where(col(Enrollment.person_id) == manager.id))).first()
        if found is not None and mentor is not None and found.mentor_id not in (None, mentor.id):
            await self.another_mentor(session, await reading.this_way(session, found.id or 0), mentor, now)
            await self._write(session, found, _wanted(row, cohort, mentor, buddy))
            outcome = "changed"
        else:
            outcome, found = await self._put(session, found, manager, _wanted(row, cohort, mentor, buddy))
        if outcome != "unchanged":
            await self.entered(session, await reading.this_way(session, found.id or 0), now)
        return outcome

    async def _put(
        self, session: AsyncSession, found: Enrollment | None, manager: Person, wanted: dict[str, Any]
    ) -> tuple[str, Enrollment]:
        if found is None:
            enrollment = Enrollment(person_id=manager.id or 0, **wanted)
            session.add(enrollment)
            await session.flush()
            return "new", enrollment
        if all(getattr(found, name) == value for name, value in wanted.items()):
            return "unchanged", found
        await self._write(session, found, wanted)
        return "changed", found

    async def _write(self, session: AsyncSession, enrollment: Enrollment, wanted: dict[str, Any]) -> None:
        for name, value in wanted.items():
            setattr(enrollment, name, value)
        session.add(enrollment)
        await session.flush()


class _OnlyRehearsed(Exception):
    """Rolls a dry run back."""


def _unfit(line: int, who: str, user: SlackUser | None) -> RosterProblem | None:
    if user is None:
        return RosterProblem(line, f"Slack knows nobody called {who}", "check the e-mail address or the Slack user id")
    if user.deleted:
        return RosterProblem(line, f"{who} is deactivated in Slack", "take the line out, or have the account restored")
    if user.is_bot:
        return RosterProblem(line, f"{who} is an app, not a person", "name a person")
    return None


def _same_person(row: RosterRow, users: dict[str, SlackUser]) -> list[RosterProblem]:
    manager, mentor = users.get(row.manager), users.get(row.mentor)
    if manager is None or mentor is None or manager.slack_id != mentor.slack_id:
        return []
    return [RosterProblem(row.line, "manager and mentor are the same person", "name someone else as mentor")]


async def _cohort(session: AsyncSession, workspace_id: str, name: str) -> Cohort:
    await session.execute(
        insert(Cohort)
        .values(workspace_id=workspace_id, name=name)
        .on_conflict_do_nothing(index_elements=["workspace_id", "name"])
    )
    return (await session.exec(select(Cohort).where(Cohort.workspace_id == workspace_id, Cohort.name == name))).one()


def _wanted(row: RosterRow, cohort: Cohort, mentor: Person | None, buddy: Person | None) -> dict[str, Any]:
    """What a row says of an enrollment; of what the file has no column for, it says nothing."""
    wanted: dict[str, Any] = {
        "cohort_id": cohort.id, "mentor_id": mentor.id if mentor else None, "starts_on": row.starts_on,
    }  # fmt: skip
    if row.buddy is not None:
        wanted["buddy_id"] = buddy.id if buddy else None
    if row.team is not None:
        wanted["team"] = row.team or None
    return wanted
