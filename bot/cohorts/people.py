"""Who is staff or analyst: given by the program, or by a command; never by a message."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlmodel import col, select

from bot.cohorts.leading import NotDone, state_of
from bot.curriculum.library import Library
from bot.records import reading
from bot.records.audit import Doer, note
from bot.records.database import Database
from bot.records.tables import Enrollment, Person
from bot.slack.directory import Directory
from bot.slack.staff import Standing, standing_of

ROLES = ("staff", "analyst", "none")


@dataclass(frozen=True)
class Someone:
    """A person for whoever leads the program: what they are, and where a manager is on their way."""

    name: str
    slack_id: str
    email: str | None
    roles: tuple[str, ...]  # staff, analyst, mentor, buddy, manager
    cohort: str | None = None
    state: str | None = None
    mentor: str | None = None
    buddy: str | None = None


@dataclass(frozen=True)
class People:
    """The parts of it."""

    library: Library
    database: Database
    directory: Directory

    async def give_role(self, by: Doer, who: str, role: str, now: datetime) -> Person:
        """Make someone staff or analyst, or («none») take back what a command gave. Raises NotDone."""
        if role not in ROLES:
            raise NotDone(
                f"there is no role «{role}»; there are {', '.join(ROLES)}. Managers and mentors are named by a roster."
            )
        user = await self.directory.look_up(by.workspace_id, who)
        if user is None or user.deleted or user.is_bot:
            raise NotDone(f"Slack knows no person called {who}; check the e-mail address or the Slack user id.")
        async with self.database.transaction() as session:
            person = await self.directory.keep(session, by.workspace_id, user)
            person.role = None if role == "none" else role
            session.add(person)
            note(session, by, "role.given", now, person_id=person.id, role=role)
            if role == "none" and self._standing(person) is not None:
                raise NotDone(f"{person.name} is named in program.yaml; take them out there.")
            return person

    async def everyone(self, workspace_id: str) -> list[Someone]:
        """All who are on record in a workspace and whose account lives, by name."""
        async with self.database.transaction() as session:
            people = await session.exec(
                select(Person)
                .where(Person.workspace_id == workspace_id, col(Person.deactivated_at).is_(None))
                .order_by(col(Person.name), col(Person.id))
            )
            known = list(people)
            ids = await session.exec(
                select(Enrollment.id).where(col(Enrollment.person_id).in_([one.id for one in known]))
            )
            ways = await reading.ways_where(session, [one for one in ids if one is not None])
            own = {way.manager.id: way for way in ways}
            under_way = [way.enrollment for way in ways if way.enrollment.stopped_at is None]
            of_others = {
                "mentor": {one.mentor_id for one in under_way},
                "buddy": {one.buddy_id for one in under_way},
            }
            return [
                self._someone(one, own.get(one.id), [role for role, ids in of_others.items() if one.id in ids])
                for one in known
            ]

    def _someone(self, person: Person, way: reading.Way | None, of_others: Sequence[str]) -> Someone:
        standing = self._standing(person)
        roles = [*([standing.value] if standing else []), *of_others]
        if way is None:
            return Someone(person.name, person.slack_id, person.email, tuple(roles))
        return Someone(
            person.name, person.slack_id, person.email, (*roles, "manager"), way.cohort.name, state_of(way),
            way.mentor.name if way.mentor else None, way.buddy.name if way.buddy else None,
        )  # fmt: skip

    def _standing(self, person: Person) -> Standing | None:
        return standing_of(person, self.library.current.curriculum.program)
