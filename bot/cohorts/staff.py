"""Staff's tab in App Home: the same acts as by command, each for who is staff at that moment, and on record."""

import asyncio
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import or_
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from bot.agenda import calendar, personal
from bot.cohorts import staff_message as look
from bot.cohorts.enrolling import Enrolling, Step
from bot.cohorts.explaining import TOLD, Reason, reasons
from bot.cohorts.leading import Leading, NotDone
from bot.curriculum.library import Library, Taught
from bot.records import reading
from bot.records.audit import Doer
from bot.records.cohorts import NoSuchCohort, cohort_of, cohorts_of, keep_cohort
from bot.records.database import Database
from bot.records.roles import Act, Role, may_do
from bot.records.tables import Cohort, Message, PeerMember, Person
from bot.slack import access, codec
from bot.slack.access import Actor, note_refused, on_record
from bot.slack.blocks import Block
from bot.slack.directory import Directory, SlackUser
from bot.slack.saying_when import day, moment
from bot.slack.staff import staff_member

MORE_WEEKS = 4
MOST_FAILURES = 15


class Refused(access.Refused):
    """`field` is the part of the modal that it is about, `values` what the words name."""

    def __init__(self, sentence: str, field: str = look.WHOM, **values: Any) -> None:
        super().__init__(sentence)
        self.field, self.values = field, values


@dataclass(frozen=True)
class Picked:
    """What was picked in a modal: Slack ids, the id of a cohort, a new cohort's name, a day."""

    whom: Sequence[str] = ()
    mentor: str = ""
    cohort: str = ""
    new_cohort: str = ""
    day: date | None = None
    what: str = ""


@dataclass(frozen=True)
class Staff:
    """The parts of it. Everything raises Refused for who is not staff."""

    library: Library
    database: Database
    directory: Directory
    enrolling: Enrolling
    leading: Leading

    async def view(self, actor: Actor, door: str, now: datetime) -> Block:
        """The modal behind one of the buttons; a sentence for who may not."""
        async with self.database.transaction() as session:
            try:
                by, taught = await self._staff(session, actor, _ACTS[door])
            except Refused as refused:
                words = reading.taught_for(self.library.current, await on_record(session, actor)).wording
                return look.told(words, door, words.mrkdwn(refused.sentence))
            words = taught.wording
            if door == look.FAILED:
                return look.failures(words, await self._failures(session, by, taught))
            if door == look.WHY:
                return look.why(words)
            cohorts = [(str(one.id), one.name) for one in await _open_cohorts(session, by.workspace_id)]
        if door == look.ENROL:
            return look.enrol(words, cohorts, self._next_monday(by, now))
        return look.manager(words, cohorts) if door == look.MANAGER else look.cohort(words, cohorts)

    async def enrol(self, actor: Actor, picked: Picked, now: datetime) -> str:
        """Enrol some people, all of them or none; a sentence (mrkdwn) that says so. Raises Refused."""
        async with self.database.transaction() as session:
            by, taught = await self._staff(session, actor, Act.ENROL)
        users = await self._living(actor, [*picked.whom, picked.mentor])
        async with self.database.transaction() as session:
            cohort = await self._cohort(session, by, picked)
            mentor = await self._kept(session, by, users, picked.mentor)
            wanted = {"cohort_id": cohort.id, "starts_on": picked.day, **({"mentor_id": mentor.id} if mentor else {})}
            steps = []
            for who in picked.whom:
                person = await self.directory.keep(session, by.workspace_id, users[who])
                await self._may_join(session, person, cohort, mentor)
                steps.append((await self.enrolling.put(session, by, person, wanted, now)).step)
        came = len(steps) - steps.count(Step.UNCHANGED)
        return taught.wording.mrkdwn("staff.enrolled", count=came, there=len(steps) - came, cohort=cohort.name)

    async def change(self, actor: Actor, picked: Picked, now: datetime) -> str:
        """Move one manager, give them a mentor, take them out or bring them back; a sentence (mrkdwn). Raises Refused."""
        async with self.database.transaction() as session:
            by, taught = await self._staff(session, actor, Act.ENROL)
        users = await self._living(actor, [picked.mentor])
        async with self.database.transaction() as session:
            person = await _on_record(session, by.workspace_id, picked.whom)
            way = None if person is None else await reading.way_of_person(session, person.id or 0)
            if person is None or way is None:
                raise Refused("staff.not_enrolled")
            if picked.what == look.LEAVES:
                await self.enrolling.leave(session, by, way, now, why="manager")
                return taught.wording.mrkdwn("staff.taken_out", name=person.name)
            mentor = await self._kept(session, by, users, picked.mentor)
            cohort = await self._cohort(session, by, picked) if picked.cohort else way.cohort
            if cohort.closed_at is not None and way.enrollment.left_at is not None:
                raise Refused("staff.is_closed", look.WHICH)  # nobody comes back into the one that they had
            if mentor is not None and mentor.id == person.id:
                raise Refused("staff.themselves", look.MENTOR)
            wanted = {"cohort_id": cohort.id, **({"mentor_id": mentor.id} if mentor else {})}
            outcome = await self.enrolling.put(session, by, person, wanted, now)
        return taught.wording.mrkdwn(f"staff.is_{outcome.step.value}", name=person.name)

    async def lead(self, actor: Actor, picked: Picked, now: datetime) -> str:
        """Start, pause, go on, extend or close a cohort; a sentence (mrkdwn). Raises Refused."""
        async with self.database.transaction() as session:
            by, taught = await self._staff(session, actor, Act.LEAD)
            name = (await self._cohort(session, by, picked)).name
        try:
            count = await self._lead(by, name, picked, now)
        except (NotDone, NoSuchCohort) as error:
            raise Refused("staff.not_done", look.DAY if picked.what in ("start", "pause") else look.WHAT) from error
        return taught.wording.mrkdwn(f"staff.did_{picked.what}", cohort=name, count=count, weeks=MORE_WEEKS)

    async def why(self, actor: Actor, picked: Picked, now: datetime) -> Block:
        """The modal with what there is to say of someone. Raises Refused."""
        async with self.database.transaction() as session:
            by, taught = await self._staff(session, actor, Act.EXPLAIN)
            program = self.library.current.curriculum.program
            whom = picked.whom[0] if picked.whom else ""
            person, found = await reasons(session, by.workspace_id, whom, program, now)
        zone = personal.zone_of(program, person) if person else program.timezone
        head = [taught.wording.mrkdwn("staff.why_whom", name=person.name)] if person else []
        return look.why(taught.wording, head + [_in_words(one, taught, zone) for one in found])

    async def _lead(self, by: Doer, name: str, picked: Picked, now: datetime) -> int:
        match picked.what:
            case "start" if picked.day is not None:
                return (await self.leading.start(by, name, picked.day, now)).people
            case "pause":
                return await self.leading.pause(by, name, picked.day, now)
            case "resume":
                return await self.leading.resume(by, name, now)
            case "extend":
                return await self.leading.extend(by, name, MORE_WEEKS, now)
            case "close":
                return await self.leading.close(by, name, now)
        raise Refused("staff.no_day", look.DAY)

    async def _staff(self, session: AsyncSession, actor: Actor, act: Act) -> tuple[Doer, Taught]:
        person = await staff_member(session, actor, self.library.current.curriculum.program)
        if person is None or not may_do(Role.STAFF, act):
            note_refused(actor, "what staff do")
            raise Refused("staff.not_yours")
        return Doer(actor.workspace_id, person), reading.taught_for(self.library.current, person)

    async def _living(self, actor: Actor, people: Sequence[str]) -> dict[str, SlackUser]:
        """These people as Slack says now, all asked at once: an answer is wanted within three seconds."""
        ids = list(dict.fromkeys(filter(None, people)))[: look.MOST_AT_ONCE + 1]
        found = await asyncio.gather(*(self.directory.look_up(actor.workspace_id, one) for one in ids))
        users = {}
        for who, user in zip(ids, found, strict=True):
            if user is None or user.deleted or user.is_bot:
                raise Refused("staff.not_a_person", look.WHOM if who in people[:-1] else look.MENTOR)
            users[who] = user
        return users

    async def _cohort(self, session: AsyncSession, by: Doer, picked: Picked) -> Cohort:
        """The open cohort that was typed, or picked: one of this workspace, whatever the client says."""
        cohort, field = None, look.WHICH
        if picked.new_cohort:
            cohort, field = await keep_cohort(session, by.workspace_id, picked.new_cohort), look.NEW
        elif picked.cohort:
            cohort = await cohort_of(session, by.workspace_id, _cohort_id(picked.cohort))
        if cohort is None:
            raise Refused("staff.no_cohort", look.NEW)
        if cohort.closed_at is not None:  # a colleague may have closed it since the modal was opened
            raise Refused("staff.is_closed", field)
        return cohort

    async def _may_join(self, session: AsyncSession, person: Person, cohort: Cohort, mentor: Person | None) -> None:
        if mentor is not None and mentor.id == person.id:
            raise Refused("staff.themselves", look.MENTOR)
        way = await reading.way_of_person(session, person.id or 0)
        if way is not None and way.enrollment.stopped_at is None and way.cohort.id != cohort.id:
            raise Refused("staff.elsewhere", name=person.name, cohort=way.cohort.name)

    async def _kept(self, session: AsyncSession, by: Doer, users: dict[str, SlackUser], who: str) -> Person | None:
        return await self.directory.keep(session, by.workspace_id, users[who]) if who else None

    async def _failures(self, session: AsyncSession, by: Doer, taught: Taught) -> list[look.Failure]:
        rows = await session.exec(
            select(Message)
            .where(col(Message.workspace_id) == by.workspace_id, col(Message.state).in_(["failed", "unconfirmed"]))
            .order_by(col(Message.created_at).desc())
            .limit(MOST_FAILURES)
        )
        failed = list(rows)
        names = await _readers(session, failed)
        zone = personal.zone_of(self.library.current.curriculum.program, by.person) if by.person else "UTC"
        return [
            look.Failure(
                names.get(one.id, "?"), one.kind if one.kind in TOLD else "other",
                moment(one.created_at, zone, taught.language), one.state, one.error or "?",
            )
            for one in failed
        ]  # fmt: skip

    def _next_monday(self, by: Doer, now: datetime) -> date:
        zone = personal.zone_of(self.library.current.curriculum.program, by.person) if by.person else "UTC"
        today = calendar.local(now, zone).date()
        return today + timedelta(days=7 - today.weekday())


_ACTS = {
    look.ENROL: Act.ENROL, look.MANAGER: Act.ENROL, look.COHORT: Act.LEAD, look.WHY: Act.EXPLAIN, look.FAILED: Act.EXPLAIN,
}  # fmt: skip


def _cohort_id(picked: str) -> int:
    """From a menu's option; Forged for another one, as the place in a list that it was before."""
    name, cohort_id = codec.read(picked, 2)
    if name != look.WHICH:
        raise codec.Forged("no cohort")
    return codec.read_number(cohort_id)


async def _open_cohorts(session: AsyncSession, workspace_id: str) -> list[Cohort]:
    return [one for one in await cohorts_of(session, workspace_id) if one.closed_at is None]


async def _on_record(session: AsyncSession, workspace_id: str, whom: Sequence[str]) -> Person | None:
    rows = await session.exec(
        select(Person).where(Person.workspace_id == workspace_id, col(Person.slack_id).in_(list(whom)))
    )
    return rows.first()


async def _readers(session: AsyncSession, messages: Sequence[Message]) -> dict[UUID, str]:
    """By message, the name of whom it was for: of all of a group."""
    theirs = or_(col(Person.id) == col(Message.person_id), col(Person.id) == col(PeerMember.person_id))
    rows = await session.execute(
        select(Message.id, Person.name)
        .outerjoin(PeerMember, col(PeerMember.group_id) == col(Message.group_id))
        .join(Person, theirs)
        .where(col(Message.id).in_([one.id for one in messages]))
        .order_by(col(Person.name))
    )
    found: dict[UUID, list[str]] = defaultdict(list)
    for message_id, name in rows:
        found[message_id].append(name)
    return {message_id: ", ".join(names) for message_id, names in found.items()}


def _in_words(one: Reason, taught: Taught, zone: str) -> str:
    values = dict(one.values)
    if "when" in values:
        values["when"] = moment(values["when"], zone, taught.language)
    if "day" in values:
        values["day"] = day(values["day"], taught.language)
    if "kind" in values:
        values["what"] = taught.wording.plain(f"staff.kind_{values.pop('kind')}")
    return taught.wording.mrkdwn(f"staff.{one.place}", **values)
