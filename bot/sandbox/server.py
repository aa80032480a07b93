"""The stand-in for Slack: a real HTTP and WebSocket server that unmodified slack_sdk and Bolt talk to."""

import asyncio
from collections import Counter, deque
from collections.abc import Awaitable, Callable, Iterable, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

import aiohttp
from aiohttp import web

from bot.sandbox import api_files, page_api, web_api
from bot.sandbox.acting import Acting
from bot.sandbox.deliver import Delivered, Deliverer
from bot.sandbox.faults import Fault, Faults
from bot.sandbox.forms import State as Filled
from bot.sandbox.installing import Installs
from bot.sandbox.limits import Limits
from bot.sandbox.responses import Responses
from bot.sandbox.saying import Saying
from bot.sandbox.sockets import Sockets
from bot.sandbox.state import Channel, Message, Person, State
from bot.sandbox.store import Store
from bot.sandbox.triggers import Triggers
from bot.sandbox.views import Views
from bot.sandbox.web_api import ALL_SCOPES

Json = dict[str, Any]
MoveTime = Callable[[str], Awaitable[int]]

CALLS_REMEMBERED = 10_000
LARGEST_REQUEST = 20 * 1024 * 1024  # bytes: also a picture fits
MANY_CALLERS = 4096  # a whole morning: real Slack turns nobody away at the door


class Sandbox:
    """One workspace with one app in it. `now` is the program's time, for what people see; Slack's `ts` are real time.

    It may have neighbours: other workspaces with the same app, whose calls come here, too, and are told apart by their tokens.
    """

    team_id = "T0ACME"
    app_id = "A0PLAYER"
    bot_user_id = "U0PLAYER"
    bot_id = "B0PLAYER"
    bot_token = "xoxb-stand-in-for-a-bot-token"  # noqa: S105 — opens nothing but the stand-in
    app_token = "xapp-stand-in-for-an-app-token"  # noqa: S105
    granted_to_the_app = frozenset({"connections:write"})  # with that token; `granted` is what the bot's has
    signing_secret = "stand-in-for-a-signing-secret"  # noqa: S105

    def __init__(
        self,
        *,
        now: Callable[[], datetime],
        workspace: str = "Acme",
        store: Path | None = None,
        granted: frozenset[str] = ALL_SCOPES,
        move_time: MoveTime | None = None,
        guide: Sequence[str] = (),
        enforce_limits: bool = False,
        team_id: str = team_id,
        enterprise: Json | None = None,
    ) -> None:
        self.team_id, self.enterprise = team_id, enterprise  # an organisation that it is a part of
        self.workspace, self.granted, self.move_time, self.guide = workspace, granted, move_time, list(guide)
        self.provided, self.enforce_limits = ",".join(sorted(granted)), enforce_limits
        self._store = Store(store)
        self.state = State(now=now, store=self._store, bot_user_id=self.bot_user_id)
        self.state.changed = self._on_change
        self.refused = 0  # calls beyond the limits
        self.faults, self.limits, self.triggers, self.sockets = Faults(), Limits(), Triggers(), Sockets(self._wake)
        self.deliverer, self.responses, self.views = Deliverer(self), Responses(self), Views(self)
        self.acting, self.saying, self.installs = Acting(self), Saying(self), Installs(self)
        self.people_a_page = 1000  # at the most
        self.latency = 0.0  # seconds that each Web API call takes longer
        self.scanning = False  # files are still being looked through, and can't be shown in blocks yet
        self.played: set[str] = set()  # who was acted as on the page
        self.calls: Counter[str] = Counter()
        self.calls_log: deque[tuple[str, Json]] = deque(maxlen=CALLS_REMEMBERED)
        self.posts = 0
        self.dnd: dict[str, tuple[int, int]] = {}  # by person: from when until when, in Unix seconds
        self.events_url = ""
        self.url = ""
        self.stopping = asyncio.Event()
        self.watchers: set[asyncio.Event] = set()
        self._changed, self._awaited = asyncio.Event(), False
        self._runner: web.AppRunner | None = None

    @property
    def api_url(self) -> str:
        """What SLACK_API_URL should be."""
        return f"{self.url}/api/"

    async def start(self, *, port: int = 0) -> None:
        """Listen on this machine only. OSError if the port is in use."""
        site = web.Application(client_max_size=LARGEST_REQUEST)
        site.router.add_route("*", "/api/{method}", web_api.handler(self))
        site.router.add_get("/link", self.sockets.handle)
        self.installs.add_routes(site)
        site.router.add_post("/respond/{key}", self.responses.handle)
        api_files.add_routes(site, self)
        page_api.add_routes(site, self)
        self._runner = web.AppRunner(site, access_log=None, shutdown_timeout=0.5)
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", port, backlog=MANY_CALLERS).start()
        real_port = self._runner.addresses[0][1]
        self.url = self.sockets.base_url = f"http://127.0.0.1:{real_port}"
        self.http = aiohttp.ClientSession()

    async def stop(self) -> None:
        """Stop listening; what is known stays in the store."""
        for other in self.installs.neighbours.values() if self.installs.home is self else ():
            await other.stop()
        self.stopping.set()
        self._on_change()
        if self._runner is not None:
            for socket in list(self.sockets.connections):
                await socket.close()
            if self.url:
                await self.http.close()
            await self._runner.cleanup()
        self._store.close()

    async def add_workspace(self, team_id: str, name: str, *, enterprise: Json | None = None) -> "Sandbox":
        """A neighbour, which is listening and has nobody in it yet."""
        other = Sandbox(
            now=self.state.now, workspace=name, granted=self.granted, team_id=team_id, enterprise=enterprise
        )
        await other.start()
        other.enforce_limits = self.enforce_limits
        other.sockets, other.installs = self.sockets, self.installs  # it is one app, wherever it is installed
        self.installs.neighbours[team_id] = other
        return other

    def add_person(self, *, name: str, email: str, id: str | None = None, **more: Any) -> Person:
        """Someone new in the workspace."""
        person = Person(id or self.state.new_id("U"), name, email, **more)
        self.state.add_person(person)
        return person

    async def change_person(self, user: str, **fields: Any) -> Delivered:
        """Someone changes (their time zone, say, or they leave), and the app hears of it."""
        return await self.saying.change_person(user, fields)

    async def become(self, user: str, what: str) -> Delivered:
        """Someone becomes «deactivated», «away» (for a week) or «here» again. KeyError for anything else."""
        return await self.saying.become(user, what)

    async def change_dnd(self, user: str, start: datetime | None = None, end: datetime | None = None) -> Delivered:
        """Someone is not to be disturbed from when until when (or never, without both), and the app hears of it."""
        since, until = (1 if one is None else int(one.timestamp()) for one in (start, end))  # Slack says 1 for never
        return await self.saying.change_dnd(user, since, until)

    def add_group(self, *, handle: str, name: str, users: Iterable[str]) -> Json:
        """A user group, as Slack tells of it."""
        group = {
            "id": self.state.new_id("S"),
            "team_id": self.team_id,
            "handle": handle,
            "name": name,
            "users": [*users],
        }
        self.state.put_group(group)
        return group

    async def click(self, user: str, channel: str, ts: str, action_id: str, **how: Any) -> Delivered:
        """Press or pick something in a message; see `Acting.click`."""
        return await self.acting.click(user, channel, ts, action_id, **how)

    async def click_in_view(self, user: str, view_id: str, action_id: str, **how: Any) -> Delivered:
        """Press or pick something in a modal or in App Home; see `Acting.click_in_view`."""
        return await self.acting.click_in_view(user, view_id, action_id, **how)

    async def submit(self, user: str, view_id: str, state: Filled | None = None) -> Delivered:
        """Send a modal in."""
        return await self.acting.submit(user, view_id, state)

    async def close(self, user: str, view_id: str, *, all_of_them: bool = False) -> Delivered:
        """Close a modal, or the whole stack."""
        return await self.acting.close(user, view_id, all_of_them=all_of_them)

    async def open_home(self, user: str) -> Delivered:
        """Someone opens the app's Home tab."""
        return await self.saying.open_home(user)

    async def command(self, user: str, text: str, channel: str | None = None) -> Delivered:
        """A slash command, as «/coach help»."""
        return await self.saying.command(user, text, channel)

    async def say(self, user: str, channel: str, text: str, **how: Any) -> Delivered:
        """Someone writes in a conversation; the app hears of it if it may read there."""
        return await self.saying.say(user, channel, text, **how)

    async def redeliver_last(self) -> Delivered:
        """What was delivered last once more, under the same id. LookupError if there was nothing."""
        return await self.deliverer.again()

    def fail(self, method: str, kind: str, times: int | None = None, **how: Any) -> None:
        """Let coming calls of a method go wrong; `*` is any method. See `Fault`."""
        self.faults.add(Fault(method, kind, times, **how))

    def messages(self, channel: str) -> list[Message]:
        """What stands in a conversation, oldest first, also what only one person sees."""
        return [one for one in self.state.channels[channel].messages.values() if not one.deleted]

    def dms(self, user: str) -> list[Message]:
        """What stands in someone's DM with the bot, oldest first; for their eyes."""
        return self.seen(self.state.open([user]), user)

    def seen(self, channel: Channel, user: str) -> list[Message]:
        """What someone sees of a conversation."""
        return [one for one in channel.messages.values() if not one.deleted and one.only_for in (None, user)]

    def conversations(self, user: str) -> list[Channel]:
        """Someone's conversations with the bot, DM first."""
        return self.state.conversations(user)

    def home(self, user: str) -> Json | None:
        """Someone's App Home, if it was published."""
        return self.state.homes.get(user)

    def modals(self, user: str) -> list[Json]:
        """Someone's open modals, the top one last."""
        return self.views.stack(user)

    async def until(self, there: Callable[[], Any], *, timeout: float = 60.0) -> Any:  # noqa: ASYNC109
        """Wait until something is there, looking after each change and call. TimeoutError if it never comes."""
        async with asyncio.timeout(timeout):
            while not (found := there()):
                self._awaited = True
                await self._changed.wait()
        return found

    async def disconnect_all(self, reason: str = "refresh_requested") -> None:
        """Close every Socket Mode connection, as Slack does every few hours."""
        await self.sockets.disconnect_all(reason)

    def count(self, method: str, args: Json) -> None:
        """A Web API call has come."""
        self.calls[method] += 1
        self.calls_log.append((method, args))
        self._wake()

    def _on_change(self) -> None:
        self._wake()
        for watcher in self.watchers:
            watcher.set()

    def _wake(self) -> None:
        if self._awaited:
            self._awaited = False
            changed, self._changed = self._changed, asyncio.Event()
            changed.set()
