"""App Home, done: read, draw, publish."""

from dataclasses import dataclass
from typing import Any

from slack_sdk.web.async_client import AsyncWebClient
from sqlalchemy import func
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from bot.agenda import calendar
from bot.curriculum.library import Library
from bot.home import message as look
from bot.records import reading
from bot.records.database import Database
from bot.records.editions import Editions
from bot.records.reading import Way
from bot.records.tables import AgendaItem, Enrollment, Message, Person
from bot.slack.access import Actor, is_staff, person_of
from bot.slack.directory import slack_user
from bot.slack.saying_when import moment


@dataclass(frozen=True)
class Homes:
    """The room's parts."""

    library: Library
    database: Database
    editions: Editions
    client: AsyncWebClient

    async def show(self, workspace_id: str, slack_id: str) -> None:
        """Publish someone's App Home as things stand now."""
        async with self.database.transaction() as session:
            view = await self.draw(session, Actor(workspace_id, slack_id))
        await self.client.views_publish(user_id=slack_id, view=view)

    async def draw(self, session: AsyncSession, actor: Actor) -> dict[str, Any]:
        """The view for someone, also for a person without a part in the program."""
        person = await person_of(session, actor)
        ways = [] if person is None else await self._ways(session, person)
        own = next((way for way in ways if person is not None and way.manager.id == person.id), None)
        staff = is_staff(
            actor.slack_id, await self._email(person, actor), self.library.current.curriculum.program.staff
        )
        return look.home(
            self.library.current.wording,
            manager=None if own is None else await self._manager(session, own),
            managers_of_mentor=[way.manager.name for way in ways if way.mentor is not None and way is not own],
            staff=await self._staff(session, actor.workspace_id) if staff else None,
        )

    async def _email(self, person: Person | None, actor: Actor) -> str | None:
        """Someone's address; of a person who is in no roster (as most staff are), as Slack says."""
        if person is not None:
            return person.email
        answer = await self.client.users_info(user=actor.slack_id)
        return slack_user(answer["user"]).email

    async def _ways(self, session: AsyncSession, person: Person) -> list[Way]:
        ids = await session.exec(
            select(Enrollment.id).where(
                (col(Enrollment.person_id) == person.id) | (col(Enrollment.mentor_id) == person.id)
            )
        )
        return await reading.ways_where(session, [one for one in ids if one is not None])

    async def _manager(self, session: AsyncSession, way: Way) -> look.ManagerHome:
        given = await reading.lessons_given(session, [way.enrollment.id or 0])
        answered = await reading.answered_counts(session, [one.message_id for one in given])
        waiting = []
        for one in given:
            lesson = await self.editions.get(session, one.edition_hash)
            if answered.get(one.message_id, 0) < len(lesson.checks):
                waiting.append(lesson.title)
        due = await session.exec(
            select(AgendaItem.due_at).where(
                AgendaItem.key == f"lesson:{way.enrollment.id}", col(AgendaItem.done_at).is_(None)
            )
        )
        when = due.first()
        zone = calendar.zone_or(way.manager.timezone, self.library.current.curriculum.program.timezone)
        return look.ManagerHome(
            first_name=way.manager.first_name,
            done=len(given) - len(waiting),
            given=len(given),
            total=len(self.library.current.curriculum.lessons),
            waiting=waiting,
            next_at=None if when is None else moment(when, zone),
            mentor_name=way.mentor.name if way.mentor else None,
        )

    async def _staff(self, session: AsyncSession, workspace_id: str) -> look.StaffHome:
        states = await session.execute(
            select(Message.state, func.count()).where(Message.workspace_id == workspace_id).group_by(Message.state)
        )
        by_state = {row[0]: row[1] for row in states}
        enrolled = (
            select(Enrollment.person_id)
            .join(Person, col(Person.id) == col(Enrollment.person_id))
            .where(Person.workspace_id == workspace_id)
        )
        count = await session.execute(select(func.count()).select_from(enrolled.subquery()))
        unreachable = await session.exec(
            select(Person.name)
            .where(Person.workspace_id == workspace_id, col(Person.unreachable_at).is_not(None))
            .limit(10)
        )
        alone = await session.exec(
            select(Person.name)
            .join(Enrollment, col(Enrollment.person_id) == col(Person.id))
            .where(Person.workspace_id == workspace_id, col(Enrollment.mentor_id).is_(None))
            .limit(10)
        )
        return look.StaffHome(
            enrolled=count.scalar_one(),
            unconfirmed=by_state.get("unconfirmed", 0),
            failed=by_state.get("failed", 0),
            unreachable=list(unreachable),
            without_mentor=list(alone),
        )
