"""The composition root: the only file that knows every part, and fits them together."""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from slack_bolt.async_app import AsyncApp

from bot import fitting
from bot.agenda.clock import Clock
from bot.agenda.due import Due
from bot.curriculum.library import Library
from bot.delivery.courier import Courier
from bot.delivery.jobs import Queue
from bot.delivery.outbox import Outbox
from bot.delivery.sender import Sender
from bot.fitting import Parts, Rooms
from bot.home import listen as home_listen
from bot.records.database import Database, DatabaseUnfit
from bot.slack import hearing, receivers
from bot.slack.asides import Asides
from bot.slack.clients import Clients, slack_clients
from bot.slack.directory import Directory, keep_workspace, slack_user
from bot.slack.staff import keep_staff


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
        """Ask Slack who people are now, and who the staff are; let go of those whose time has come."""
        await self.rooms.privacy.sweep(self.clock.now())
        await keep_staff(self.directory, self.database, self.workspace_id, self.library.current.curriculum.program)
        await self.directory.sync(self.database, self.workspace_id, self.rooms.moved)
        await self.rooms.handover.watch.look(self.workspace_id, self.clock.now())

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
        fitting.listen(app, self.rooms, self.asides, self.clock)
        home_listen.register(app, show=self._show_home, changed=self._note_change)
        hearing.register(app, changed_dnd=self._note_dnd)
        return app

    async def _show_home(self, workspace_id: str, slack_id: str) -> None:
        async with self.database.transaction() as session:
            await self.queue.defer_home(session, workspace_id, slack_id)

    async def _note_change(self, workspace_id: str, user: dict[str, Any]) -> None:
        async with self.database.transaction() as session:
            await self.directory.note_change(session, workspace_id, slack_user(user), self.rooms.moved)

    async def _note_dnd(self, workspace_id: str, slack_id: str, dnd_status: dict[str, Any]) -> None:
        async with self.database.transaction() as session:
            await self.directory.note_dnd(session, workspace_id, slack_id, dnd_status)


@asynccontextmanager
async def house(
    *,
    clock: Clock,
    database_url: str,
    library: Library,
    token: str,
    api_url: str,
    messages_per_minute: int,
    retention: timedelta = timedelta(days=730),
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
        yield _fitted(
            clock, database, library, clients, queue, asides, workspace_id, 60 / messages_per_minute, retention
        )


def _fitted(
    clock: Clock,
    database: Database,
    library: Library,
    clients: Clients,
    queue: Queue,
    asides: Asides,
    workspace_id: str,
    gap: float,
    retention: timedelta,
) -> House:
    outbox = Outbox(clock, queue, gap)
    directory = Directory(clients.calm, clock)
    parts = Parts(clock, database, library, clients, queue, outbox, directory, retention)
    rooms = fitting.fit(parts)
    courier = Courier(posting=clients.posting, redrawing=clients.calm)
    sender = Sender(clock, database, courier, fitting.renderers(rooms, library))
    queue.handle(
        send=sender.send,
        refresh=sender.refresh,
        show_home=rooms.homes.show,
        export=rooms.privacy.export,
        unsay=rooms.privacy.unsay,
        picture=rooms.pictures.make,
        forget_picture=rooms.pictures.forget,
        report_pictures=rooms.illustrations.make,
        invite=rooms.invitations.share,
    )
    due = Due(clock, database, fitting.planners(rooms), outbox.release, fitting.batches(rooms))
    return House(clock, database, library, clients, queue, outbox, sender, due, directory, rooms, asides, workspace_id)
