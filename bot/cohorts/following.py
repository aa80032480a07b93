"""A cohort kept in step with a user group of Slack: who joins the group is enrolled, who leaves it leaves the program.

Who has everything erased, or was taken out by name, comes back only by name: the group does not know of it.
"""

import logging
from dataclasses import dataclass, field
from datetime import datetime

from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from bot.cohorts.enrolling import Enrolling, Step, start_day
from bot.cohorts.leading import NotDone
from bot.records import reading
from bot.records.audit import Doer, note
from bot.records.cohorts import cohort_named, cohorts_of, keep_cohort, members
from bot.records.database import Database
from bot.records.erased import erased_among
from bot.records.reading import Way
from bot.records.tables import Cohort, Person, StaffAct
from bot.slack.clients import ClientOf
from bot.slack.directory import Directory, SlackUser
from bot.slack.refusals import word_of
from bot.slack.scopes import OptionalScope

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class InStep:
    """What a look at a user group changed: so many joined, left and came back; so many are on their way in another cohort."""

    joined: int = 0
    left: int = 0
    elsewhere: int = 0


def _optional() -> OptionalScope:
    return OptionalScope("usergroups:read", "user groups are not looked at", "group.off")


@dataclass(frozen=True)
class Following:
    """The parts of it; off, and said once, where the app lacks the scope `usergroups:read`."""

    database: Database
    directory: Directory
    client_of: ClientOf
    enrolling: Enrolling
    scope: OptionalScope = field(default_factory=_optional)

    async def follow(self, by: Doer, name: str, group: str, now: datetime) -> tuple[str, InStep]:
        """Keep a cohort in step with a user group (its id, or its handle as @new-managers) from now on; the group's name.

        Raises NotDone if Slack knows no such group, or does not let us look, or if the cohort is closed.
        """
        found_id, found_name = await _find(await self.client_of(by.workspace_id), group)
        async with self.database.transaction() as session:
            await keep_cohort(session, by.workspace_id, name)
            cohort = await cohort_named(session, by.workspace_id, name, hold=True)
            if cohort.closed_at is not None:
                raise NotDone(f"the cohort «{name}» is closed; begin another under a new name.")
            cohort.user_group = found_id
            session.add(cohort)
            note(session, by, "cohort.follow", now, cohort=name, group=found_id)
        return found_name, await self._keep_in_step(by, cohort, now)

    async def let_go(self, by: Doer, name: str, now: datetime) -> None:
        """Keep a cohort in step with nothing any more; who is in it stays. Raises NoSuchCohort."""
        async with self.database.transaction() as session:
            cohort = await cohort_named(session, by.workspace_id, name, hold=True)
            cohort.user_group = None
            session.add(cohort)
            note(session, by, "cohort.let_go", now, cohort=name)

    async def sync(self, workspace_id: str, now: datetime) -> None:
        """Look at every user group that a cohort of a workspace is kept in step with. Slack's refusal changes nobody."""
        async with self.database.transaction() as session:
            followed = [one for one in await cohorts_of(session, workspace_id) if one.user_group]
        for cohort in followed if not self.scope.is_withheld(workspace_id) else ():
            try:
                await self._keep_in_step(Doer(workspace_id), cohort, now)
            except SlackApiError as error:
                self._refused(workspace_id, word_of(error))

    async def _keep_in_step(self, by: Doer, cohort: Cohort, now: datetime) -> InStep:
        client = await self.client_of(by.workspace_id)
        ids = set((await client.usergroups_users_list(usergroup=str(cohort.user_group)))["users"])
        if not ids:
            # Far more often a slip in Slack than the end of everyone's program; closing the cohort is how to say that.
            logger.warning("a user group is empty: nobody is taken out", extra={"action": "group.empty"})
            return InStep()
        users = await self.directory.look_up_many(by.workspace_id, ids)
        async with self.database.transaction() as session:
            held = await cohort_named(session, by.workspace_id, cohort.name, hold=True)
            if held.user_group != cohort.user_group:  # while Slack was asked, staff closed it or let the group go
                return InStep()
            left = await self._take_out(session, by, held, ids, now)
            gone = await erased_among(session, by.workspace_id, ids)
            there = [one for one in users.values() if not (one.deleted or one.is_bot or one.slack_id in gone)]
            steps = [await self._take_in(session, by, held, one, now) for one in there]
        return InStep(sum(one in (Step.NEW, Step.BACK) for one in steps), left, steps.count(None))

    async def _take_in(
        self, session: AsyncSession, by: Doer, cohort: Cohort, user: SlackUser, now: datetime
    ) -> Step | None:
        """Enrol someone, or bring them back if a group may; None for who is on their way in another cohort, and stays there."""
        person = await self.directory.keep(session, by.workspace_id, user)
        way = await reading.way_of_person(session, person.id or 0)
        if way is not None and way.cohort.id != cohort.id and way.enrollment.stopped_at is None:
            return None
        if way is not None and not await _may_come_back(session, way):
            return Step.UNCHANGED
        wanted = {"cohort_id": cohort.id}
        if way is None:
            return (
                await self.enrolling.put(
                    session, by, person, {**wanted, "starts_on": start_day(cohort, now.date())}, now
                )
            ).step
        return (await self.enrolling.put(session, by, person, wanted, now)).step

    async def _take_out(self, session: AsyncSession, by: Doer, cohort: Cohort, ids: set[str], now: datetime) -> int:
        """Who is not in the group any more; whoever has come to the end has nothing left to leave, and keeps what is theirs."""
        there = [way for way in await members(session, cohort) if way.enrollment.ended_at is None]
        gone = [way for way in there if not _in_group(way.manager, ids)]
        return sum([await self.enrolling.leave(session, by, way, now, why="group") for way in gone])

    def _refused(self, workspace_id: str, reason: str) -> None:
        if reason == "missing_scope":
            self.scope.withhold(workspace_id)
        else:
            logger.warning("Slack did not say who is in a user group: %s", reason, extra={"action": "group.unknown"})


async def _may_come_back(session: AsyncSession, way: Way) -> bool:
    """Whom staff took out by name, no group brings back. The same moment on both rows says how someone left."""
    by_name = select(StaffAct.id).where(
        StaffAct.person_id == way.manager.id,
        StaffAct.done_at == way.enrollment.left_at,
        col(StaffAct.act).in_(("roster.left", "manager.left")),
    )
    return way.enrollment.left_at is None or (await session.exec(by_name)).first() is None


def _in_group(person: Person, ids: set[str]) -> bool:
    return person.slack_id in ids


async def _find(client: AsyncWebClient, group: str) -> tuple[str, str]:
    """A user group's id and name. Raises NotDone."""
    try:
        answer = await client.usergroups_list()
    except SlackApiError as error:
        if word_of(error) != "missing_scope":
            raise
        raise NotDone(
            "the app may not read user groups: add the scope usergroups:read, and install it again."
        ) from error
    groups = list(answer["usergroups"])
    for one in groups:
        if group.lstrip("@").casefold() in (one["id"].casefold(), str(one.get("handle", "")).casefold()):
            return str(one["id"]), str(one["name"])
    names = ", ".join(f"@{one['handle']}" for one in groups)
    raise NotDone(f"Slack knows no user group «{group}»; there are: {names or 'none'}.")
