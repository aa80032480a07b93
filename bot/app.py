"""The composition root: the only file that knows every part, and fits them together."""

import logging
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, replace
from datetime import timedelta
from functools import partial
from typing import Any

from slack_sdk.web.async_client import AsyncWebClient

from bot import fitting
from bot.agenda import personal
from bot.agenda.clock import Clock
from bot.agenda.due import Due
from bot.attention.days import keep_in_sight
from bot.boundary import failures_stay
from bot.cohorts import listen as cohorts_listen
from bot.curriculum.library import Library
from bot.delivery.jobs import Queue, Work
from bot.delivery.lines import Later, Lines
from bot.delivery.outbox import Outbox
from bot.delivery.recorder import Recorder
from bot.delivery.redrawing import Redrawing
from bot.delivery.sender import Sender
from bot.fitting import Parts, Rooms
from bot.home import listen as home_listen
from bot.records import workspaces
from bot.records.database import AWAY, Database, DatabaseUnfit
from bot.records.tables import Workspace
from bot.records.workspaces import NotInstalled
from bot.slack import hearing, receivers
from bot.slack.access import Actor, person_of
from bot.slack.asides import Asides
from bot.slack.authorizing import Authorize
from bot.slack.clients import Clients, OneToken, Token, Tokens, clients_of_workspaces
from bot.slack.directory import Directory, slack_user, write_workspace
from bot.slack.installing import listen as installing_listen
from bot.slack.installing.house import Credentials, Installing, installing, stored_tokens
from bot.slack.installing.tokens import StoredTokens
from bot.slack.staff import keep_staff
from bot.slack.whereabouts import Whereabouts
from bot.watching.backlog import Backlog
from bot.watching.courier import CountingCourier
from bot.watching.meters import Meters
from bot.watching.page import Watch
from bot.watching.signs import CLOCK, WORKER, Signs

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class House:
    """Everything fitted together; which of it runs is for the command to say.

    `workspace_id` is that of the only token; it is empty, and `installing` is there, where workspaces install the app.
    """

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
    installing: Installing | None
    meters: Meters
    signs: Signs

    async def tick(self) -> int:
        """Plan what is due."""
        with self.meters.ticking():
            planned = await self.due.tick()
        self.meters.planned.inc(planned)
        self.signs.give(CLOCK)
        return planned

    async def sync_directory(self) -> None:
        """Ask Slack who people are now, and who the staff are; let go of those whose time has come."""
        await self.rooms.privacy.sweep(self.clock.now())
        if self.installing is None:
            await self.sync(self.workspace_id)
            return
        async with self.database.transaction() as session:
            present = await workspaces.present(session)
            await self.queue.defer_once(session, "sync", [{"workspace_id": one.id} for one in present])

    async def sync(self, workspace_id: str) -> None:
        """Ask Slack about one workspace: where there are several, each is a job of its own, and none waits for another."""
        await self.rooms.cohorts.catching_up.look(workspace_id, self.clock.now())
        await self.meet_staff(workspace_id)
        with failures_stay(
            logger, "people could not be looked at: it is done in an hour", action="directory.failed",
            unless=(*AWAY, NotInstalled), workspace=workspace_id,
        ):  # fmt: skip
            await self.list_people(workspace_id)
        await self.rooms.cohorts.following.sync(workspace_id, self.clock.now())
        await self.rooms.handover.departures.look(workspace_id, self.clock.now())

    async def list_people(self, workspace_id: str, cursor: str = "") -> None:
        """Note what Slack says of everyone from its `cursor` on, page by page. Where it says «too many», the rest is a job that
        comes when Slack may be asked again: a large workspace has more pages than Slack gives in a minute."""
        while True:
            try:
                with self.sender.lines.turn("list_people", workspace_id):
                    cursor = await self.directory.note_page(self.database, workspace_id, self.rooms.moved, cursor)
            except Later as why:
                async with self.database.transaction() as session:
                    rest = {"workspace_id": workspace_id, "cursor": cursor}
                    await self.queue.defer(session, "list_people", [rest], at=why.at)
                return
            if not cursor:
                return

    async def has_on_record(self, workspace_id: str) -> bool:
        """Whether a workspace is on record, also one that has let the app go."""
        async with self.database.transaction() as session:
            return await session.get(Workspace, workspace_id) is not None

    async def meet_staff(self, workspace_id: str) -> None:
        """Those whom the program names as staff can be written to from now on."""
        program = self.library.current.curriculum.program
        await keep_staff(self.directory, self.database, workspace_id, program)

    async def housekeep(self) -> None:
        """Give the jobs of killed workers to others; speak at once where a clock ran ahead; forget nothing that waits."""
        await self.queue.reap()
        async with self.database.transaction() as session:
            await self.outbox.set_right(session)
            await keep_in_sight(session, self.clock.now())

    async def healthy(self) -> bool:
        """Whether the database answers, and all that runs here works."""
        try:
            await self.database.probe()
        except DatabaseUnfit:
            return False
        return self.signs.all_given()

    def watch(self) -> Watch:
        """What there is to see of this process."""
        return Watch(self.meters, Backlog(self.database, self.clock), self.healthy)

    def bolt(self, *, signing_secret: str | None = None) -> receivers.App:
        """Bolt's app with every room's listeners."""
        app = self._bolt(signing_secret)
        fitting.listen(app, self.rooms, self.asides, self.clock)
        home_listen.register(app, show=self._show_home, changed=self._note_change)
        cohorts_listen.register(app, self.rooms.cohorts.staff, self.asides, self.clock.now, self._show_home)
        hearing.register(app, changed_dnd=self._note_dnd)
        return app

    def _bolt(self, signing_secret: str | None) -> receivers.App:
        client = AsyncWebClient(base_url=self.clients.api_url, session=self.clients.session)
        settle = Whereabouts(self.database).settle
        if self.installing is None:
            return receivers.bolt_app(
                client=client, signing_secret=signing_secret, settle=settle, authorize=Authorize(self.clients),
                heard=self.meters.heard,
            )  # fmt: skip
        coming = self.installing.coming
        app = receivers.bolt_app(
            client=client, signing_secret=signing_secret, settle=settle, authorize=Authorize(self.clients, coming.met),
            installs=self.installing.installs, heard=self.meters.heard,
        )  # fmt: skip
        installing_listen.register(app, uninstalled=coming.uninstalled, look=coming.look)
        return app

    async def _show_home(self, workspace_id: str, slack_id: str) -> None:
        async with self.database.transaction() as session:
            await person_of(session, Actor(workspace_id, slack_id))  # who opens it can be reached
            await self.queue.defer_home(session, workspace_id, slack_id)

    async def _note_change(self, workspace_id: str, user: dict[str, Any]) -> None:
        async with self.database.transaction() as session:
            await self.directory.note_change(session, workspace_id, slack_user(user), self.rooms.moved)
        if user.get("deleted"):  # perhaps a mentor: their managers should not wait for the next look at the directory
            await self.rooms.handover.departures.look(workspace_id, self.clock.now())

    async def _note_dnd(self, workspace_id: str, slack_id: str, dnd_status: dict[str, Any]) -> None:
        async with self.database.transaction() as session:
            await self.directory.note_dnd(session, workspace_id, slack_id, dnd_status)


@asynccontextmanager
async def house(
    *,
    clock: Clock,
    database_url: str,
    library: Library,
    token: str | Credentials,
    api_url: str,
    messages_per_minute: int,
    retention: timedelta = timedelta(days=730),
) -> AsyncIterator[House]:
    """Fit everything together, for as long as this is open. Nothing runs yet, and nothing is received.

    `token` opens the only workspace; with credentials in its place, any number of workspaces install the app.
    """
    async with AsyncExitStack() as stack:
        database = Database(database_url)
        stack.push_async_callback(database.close)
        await database.probe()
        tokens = _tokens(token, database, api_url)
        meters = Meters()
        clients = await stack.enter_async_context(
            clients_of_workspaces(tokens, api_url=api_url, watched_by=[meters.calling])
        )
        signs = Signs()
        queue = Queue(database_url, asked=partial(signs.give, WORKER))
        await stack.enter_async_context(queue.opened())
        gap = 60 / messages_per_minute
        workspace_id = await _only_workspace(clients, database, clock, clock.span(gap))
        asides = Asides(database, library)
        stack.push_async_callback(asides.finish)
        comes = None
        if isinstance(token, Credentials) and isinstance(tokens, StoredTokens):
            comes = installing(
                token, tokens, clients=clients, clock=clock, library=library, gap=clock.span(gap)
            )  # fmt: skip
        parts = Parts(
            clock, database, library, clients, queue, Outbox(clock, queue, gap), Directory(clients.calm, clock), retention
        )  # fmt: skip
        fitted = _fitted(parts, asides, workspace_id, comes, meters, signs)
        stack.push_async_callback(fitted.sender.recorder.finish)
        yield fitted


def _tokens(token: str | Credentials, database: Database, api_url: str) -> Tokens:
    if isinstance(token, Credentials):
        return stored_tokens(token, database, api_url=api_url)
    return OneToken(Token(token))


async def _only_workspace(clients: Clients, database: Database, clock: Clock, gap: timedelta) -> str:
    """The id of the workspace that the only token opens, which is now on record; empty where there is no such token."""
    tokens = clients.tokens
    if not isinstance(tokens, OneToken):
        return ""
    me = await clients.with_token(tokens.token).calm.auth_test()
    tokens.token = replace(tokens.token, bot_id=me.get("bot_id"), bot_user_id=me["user_id"])
    async with database.transaction() as session:
        workspace_id = str(me["team_id"])
        await write_workspace(session, workspace_id, clock.now(), name=me["team"], bot_user_id=me["user_id"])
        await workspaces.come_back(session, workspace_id, now=clock.now(), gap=gap)
        return workspace_id


def _fitted(
    parts: Parts, asides: Asides, workspace_id: str, comes: Installing | None, meters: Meters, signs: Signs
) -> House:
    rooms, clients = fitting.fit(parts), parts.clients
    courier = CountingCourier(clients.posting, clients.calm, clients.forget, meters, parts.clock)
    recorder, lines = Recorder(parts.clock, parts.database, parts.queue.defer), Lines()
    renderers = fitting.renderers(rooms, parts.library)
    sender = Sender(
        parts.clock, parts.database, courier, renderers, recorder, lines, partial(personal.late_until, parts.library),
        parts.queue.leaving,
    )  # fmt: skip
    redrawing = Redrawing(parts.clock, parts.database, courier, renderers, lines)
    due = Due(parts.clock, parts.database, fitting.planners(rooms), parts.outbox.release, fitting.batches(rooms))
    fitted = House(
        parts.clock, parts.database, parts.library, clients, parts.queue, parts.outbox, sender, due, parts.directory, rooms,
        asides, workspace_id, comes, meters, signs,
    )  # fmt: skip
    others: dict[str, Work] = {
        "refresh": redrawing.refresh, "redraw": redrawing.redraw, "sync": fitted.sync, "list_people": fitted.list_people,
    }  # fmt: skip
    parts.queue.handle(send=sender.send, **fitting.works(rooms, lines, others, fitted.has_on_record))
    return fitted
