"""The composition root: the only file that knows every part, and fits them together."""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from slack_bolt.async_app import AsyncApp
from sqlmodel.ext.asyncio.session import AsyncSession

from bot.actions import listen as actions_listen
from bot.actions.flow import Actions
from bot.agenda.clock import Clock
from bot.agenda.due import Due
from bot.checks import listen as checks_listen
from bot.checks.flow import Checks
from bot.curriculum.library import Library
from bot.delivery.courier import Courier
from bot.delivery.jobs import Queue
from bot.delivery.outbox import Outbox
from bot.delivery.sender import Sender, one_by_one
from bot.home import listen as home_listen
from bot.home.flow import Homes
from bot.lessons import flow as lessons_flow
from bot.lessons.flow import Lessons
from bot.mentors import flow as mentors_flow
from bot.mentors.flow import Mentors
from bot.nudges.flow import Nudges
from bot.onboarding.flow import Onboarding
from bot.peers import flow as peers_flow
from bot.peers import listen as peers_listen
from bot.peers.flow import Peers
from bot.records.database import Database, DatabaseUnfit
from bot.records.editions import Editions
from bot.records.reading import Way
from bot.records.tables import Person
from bot.slack import receivers
from bot.slack.asides import Asides
from bot.slack.clients import Clients, slack_clients
from bot.slack.directory import Directory, keep_workspace, slack_user


@dataclass(frozen=True)
class Rooms:
    """One of each capability."""

    lessons: Lessons
    checks: Checks
    actions: Actions
    nudges: Nudges
    peers: Peers
    mentors: Mentors
    homes: Homes
    onboarding: Onboarding


@dataclass(frozen=True)
class House:
    """Everything fitted together; which of it runs is for the command to say."""

    clock: Clock
    database: Database
    library: Library
    clients: Clients
    queue: Queue
    outbox: Outbox
    sender: Sender
    due: Due
    directory: Directory
    rooms: Rooms
    asides: Asides
    workspace_id: str

    async def tick(self) -> int:
        """Plan what is due."""
        return await self.due.tick()

    async def sync_directory(self) -> None:
        """Ask Slack who people are now."""
        await self.directory.sync(self.database, self.workspace_id, self._moved)

    async def housekeep(self) -> None:
        """Give the jobs of killed workers to others."""
        await self.queue.reap()

    async def healthy(self) -> bool:
        """Whether the database answers."""
        try:
            await self.database.probe()
        except DatabaseUnfit:
            return False
        return True

    def bolt(self, *, signing_secret: str | None = None) -> AsyncApp:
        """Bolt's app with every room's listeners."""
        app = receivers.bolt_app(client=self.clients.calm, signing_secret=signing_secret)
        checks_listen.register(app, self.rooms.checks, self.asides, self.clock.now)
        actions_listen.register(app, self.rooms.actions, self.asides, self.clock.now)
        peers_listen.register(app, self.rooms.peers, self.asides, self.clock.now)
        home_listen.register(app, show=self._show_home, changed=self._note_change)
        return app

    async def _show_home(self, workspace_id: str, slack_id: str) -> None:
        async with self.database.transaction() as session:
            await self.queue.defer_home(session, workspace_id, slack_id)

    async def _note_change(self, workspace_id: str, user: dict[str, Any]) -> None:
        async with self.database.transaction() as session:
            await self.directory.note_change(session, workspace_id, slack_user(user), self._moved)

    async def _moved(self, session: AsyncSession, person: Person, now: datetime) -> None:
        await self.rooms.lessons.move(session, person, now)
        await self.rooms.mentors.move(session, person, now)


@asynccontextmanager
async def house(
    *, clock: Clock, database_url: str, library: Library, token: str, api_url: str, messages_per_minute: int
) -> AsyncIterator[House]:
    """Fit everything together, for as long as this is open. Nothing runs yet, and nothing is received."""
    async with AsyncExitStack() as stack:
        database = Database(database_url)
        stack.push_async_callback(database.close)
        await database.probe()
        clients = await stack.enter_async_context(slack_clients(token=token, api_url=api_url))
        queue = Queue(database_url)
        await stack.enter_async_context(queue.opened())
        async with database.transaction() as session:
            workspace_id = await keep_workspace(session, clients.calm, clock.now())
        asides = Asides()
        stack.push_async_callback(asides.finish)
        yield _fitted(clock, database, library, clients, queue, asides, workspace_id, 60 / messages_per_minute)


def _fitted(
    clock: Clock,
    database: Database,
    library: Library,
    clients: Clients,
    queue: Queue,
    asides: Asides,
    workspace_id: str,
    gap: float,
) -> House:
    outbox = Outbox(clock, queue, gap)
    directory = Directory(clients.calm, clock)
    rooms = _rooms(database, library, clients, outbox, directory)
    courier = Courier(posting=clients.posting, redrawing=clients.calm)
    sender = Sender(clock, database, courier, _renderers(rooms))
    queue.handle(send=sender.send, refresh=sender.refresh, show_home=rooms.homes.show)
    due = Due(clock, database, _planners(rooms), outbox.release)
    return House(clock, database, library, clients, queue, outbox, sender, due, directory, rooms, asides, workspace_id)


def _rooms(database: Database, library: Library, clients: Clients, outbox: Outbox, directory: Directory) -> Rooms:
    editions = Editions()
    checks = Checks(library, database, outbox, editions)
    actions = Actions(library, database, outbox, editions)

    async def entered(session: AsyncSession, way: Way, now: datetime) -> None:
        program = library.current.curriculum.program
        await lessons_flow.enter(session, program, way, now)
        await peers_flow.enter(session, program, way.cohort, way, now)
        if way.mentor is not None:
            await mentors_flow.enter(session, program, way.mentor, now)

    return Rooms(
        lessons=Lessons(library, outbox, editions, draw_parts=(checks.draw, actions.draw)),
        checks=checks,
        actions=actions,
        nudges=Nudges(library, outbox, editions),
        peers=Peers(library, database, outbox),
        mentors=Mentors(library, outbox, editions),
        homes=Homes(library, database, editions, clients.calm),
        onboarding=Onboarding(database, directory, entered),
    )


def _planners(rooms: Rooms) -> dict[str, Any]:
    return {
        "lesson": rooms.lessons.plan,
        "nudge": rooms.nudges.plan,
        "round": rooms.peers.plan_round,
        "introduction": rooms.peers.plan_introduction,
        "meeting": rooms.peers.plan_meeting,
        "digest": rooms.mentors.plan,
    }


def _renderers(rooms: Rooms) -> dict[str, Any]:
    return {
        "lesson": one_by_one(rooms.lessons.draw),
        "nudge": rooms.nudges.draw,
        "introduction": one_by_one(rooms.peers.draw_introduction),
        "meeting": one_by_one(rooms.peers.draw_meeting),
        "digest": one_by_one(rooms.mentors.draw),
    }
