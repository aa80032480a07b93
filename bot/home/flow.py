"""App Home, done: read, draw, publish."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

from slack_sdk.web.async_client import AsyncWebClient
from sqlalchemy import func
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from bot.curriculum.library import Library
from bot.curriculum.wording import Wording
from bot.home import message as look
from bot.home.standing import Standings
from bot.records import reading
from bot.records.database import Database
from bot.records.tables import Enrollment, Message, Person
from bot.slack.access import Actor, is_named, on_record
from bot.slack.blocks import Block, Drawn, drawn
from bot.slack.blocks import reading as read_aloud
from bot.slack.clients import ClientOf
from bot.slack.directory import slack_user
from bot.slack.staff import Standing, standing_of

MOST_CLOSED = 5  # mentors, of those who are shown with a button of their own

# Names of those who have not begun for a while: a few, and one more than are shown where there are more.
NotBegun = Callable[[AsyncSession, str], Awaitable[list[str]]]
# How the peer groups of a workspace go, in the words of who looks.
RoundsGo = Callable[[AsyncSession, str, Wording], Awaitable[list[Block]]]
# Staff's buttons, in their words; one more where messages failed.
StaffDoors = Callable[[Wording, bool], Block]


@dataclass(frozen=True)
class Homes:
    """The room's parts."""

    library: Library
    database: Database
    standing: Standings
    client_of: ClientOf
    not_begun: NotBegun
    rounds_go: RoundsGo
    staff_doors: StaffDoors

    async def show(self, workspace_id: str, slack_id: str) -> None:
        """Publish someone's App Home as things stand now. Whatever Slack is asked, no transaction waits for the answer."""
        actor = Actor(workspace_id, slack_id)
        async with self.database.transaction() as session:
            view = await self.draw(session, actor)
        client = await self.client_of(workspace_id)
        if view is None:
            view = await self._draw_for_stranger(client, actor)
        await client.views_publish(user_id=slack_id, view=view)

    async def draw(self, session: AsyncSession, actor: Actor) -> dict[str, Any] | None:
        """The view for someone, also without a part in the program; None for who is not on record."""
        person = await on_record(session, actor)
        if person is None:
            return None
        ways = await reading.ways_around(session, person.id or 0)
        own = next((way for way in ways if way.manager.id == person.id), None)
        has_left = own is not None and own.enrollment.left_at is not None
        taught = reading.taught_for(self.library.current, person)
        leads = standing_of(person, self.library.current.curriculum.program) is Standing.STAFF
        mentors = [way.manager.name for way in reading.led_by(ways, person.id or 0)]
        under_way = own if own is not None and not has_left else None
        others = look.Themselves(self.standing.pause_of(person), pauses=bool(mentors)) if mentors or leads else None
        return look.home(
            taught.wording,
            manager=None if under_way is None else await self.standing.of(session, under_way),
            left=has_left,
            managers_of_mentor=mentors,
            staff=await self._staff(session, actor.workspace_id, taught.wording) if leads else None,
            about=others if under_way is None else None,
        )

    async def _draw_for_stranger(self, client: AsyncWebClient, actor: Actor) -> dict[str, Any]:
        """Of who is not on record yet, Slack says the address: they may lead the program."""
        answer = await client.users_info(user=actor.slack_id)
        taught = reading.taught_for(self.library.current, None)
        staff = None
        if is_named(actor.slack_id, slack_user(answer["user"]).email, taught.curriculum.program.staff):
            async with self.database.transaction() as session:
                staff = await self._staff(session, actor.workspace_id, taught.wording)
        return look.home(taught.wording, manager=None, left=False, managers_of_mentor=[], staff=staff)

    async def _staff(self, session: AsyncSession, workspace_id: str, words: Wording) -> look.StaffHome:
        states = await session.execute(
            select(Message.state, func.count()).where(Message.workspace_id == workspace_id).group_by(Message.state)
        )
        by_state = {row[0]: row[1] for row in states}
        here = Person.workspace_id == workspace_id
        count = await session.execute(
            select(func.count(col(Enrollment.id)))
            .join(Person, col(Person.id) == col(Enrollment.person_id))
            .where(here, col(Enrollment.left_at).is_(None), col(Person.deactivated_at).is_(None))
        )
        # Also mentors and staff; not whom nothing is said to any more.
        unreachable = await session.exec(
            select(Person.name)
            .outerjoin(Enrollment, col(Enrollment.person_id) == col(Person.id))
            .where(
                here,
                col(Person.unreachable_at).is_not(None),
                col(Person.deactivated_at).is_(None),
                col(Enrollment.stopped_at).is_(None),
            )
            .order_by(Person.name)
            .limit(look.MOST_NAMES + 1)
        )
        alone = await session.exec(
            select(Person.name)
            .join(Enrollment, col(Enrollment.person_id) == col(Person.id))
            .where(col(Enrollment.id).in_(reading.waiting_for_mentor(workspace_id)))
            .order_by(Person.name)
            .limit(look.MOST_NAMES + 1)
        )
        went_wrong = bool(by_state.get("unconfirmed") or by_state.get("failed"))
        return look.StaffHome(
            doors=self.staff_doors(words, went_wrong),
            enrolled=count.scalar_one(),
            unconfirmed=by_state.get("unconfirmed", 0),
            failed=by_state.get("failed", 0),
            unreachable=list(unreachable),
            without_mentor=list(alone),
            mentors_closed=await _closed(session, workspace_id),
            not_begun=await self.not_begun(session, workspace_id),
            rounds=await self.rounds_go(session, workspace_id, words),
        )


async def _closed(session: AsyncSession, workspace_id: str) -> list[tuple[int, str, list[str]]]:
    """Mentors of people on their way whose account is closed, and those people: the message that tells of it comes once."""
    mentors = await session.exec(
        select(Person)
        .where(
            Person.workspace_id == workspace_id,
            col(Person.deactivated_at).is_not(None),
            col(Person.id).in_(select(Enrollment.mentor_id).where(col(Enrollment.ended_at).is_(None))),
        )
        .order_by(Person.name)
        .limit(MOST_CLOSED)
    )
    ways = [(one, await reading.ways_of_mentor(session, one.id or 0)) for one in mentors]
    left = [(one, [way.manager.name for way in theirs if way.enrollment.ended_at is None]) for one, theirs in ways]
    return [(one.id or 0, one.name, names) for one, names in left if names]


@dataclass(frozen=True)
class Views:
    """What «today» and «progress» say in the conversation: parts of App Home."""

    library: Library
    standing: Standings

    async def today(self, session: AsyncSession, person: Person) -> Drawn:
        """What waits."""
        return await self._part(session, person, look.today)

    async def progress(self, session: AsyncSession, person: Person) -> Drawn:
        """Where someone stands."""
        return await self._part(session, person, look.progress)

    async def _part(
        self, session: AsyncSession, person: Person, part: Callable[[Wording, look.ManagerHome], list[Block]]
    ) -> Drawn:
        words = reading.taught_for(self.library.current, person).wording
        ids = await session.exec(select(Enrollment.id).where(Enrollment.person_id == person.id))
        ways = await reading.ways_where(session, [one for one in ids if one is not None])
        blocks = part(words, await self.standing.of(session, ways[0])) if ways else []
        return drawn(blocks, read_aloud(blocks))
