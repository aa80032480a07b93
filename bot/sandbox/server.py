"""The stand-in for Slack: a real HTTP and WebSocket server that unmodified slack_sdk and Bolt talk to."""

import asyncio
from collections import Counter
from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

import aiohttp
from aiohttp import web

from bot.sandbox import page_api, web_api
from bot.sandbox.acting import Acting
from bot.sandbox.acting import State as Filled
from bot.sandbox.deliver import Delivered, Deliverer
from bot.sandbox.faults import Fault, Faults
from bot.sandbox.sockets import Sockets
from bot.sandbox.state import Channel, Message, Person, State
from bot.sandbox.store import Store
from bot.sandbox.triggers import Triggers
from bot.sandbox.web_api import ALL_SCOPES

Json = dict[str, Any]
MoveTime = Callable[[str], Awaitable[int]]


class Sandbox:
    """One workspace with one app in it. `now` is the program's time, for what people see; Slack's `ts` are real time."""

    team_id = "T0ACME"
    app_id = "A0PLAYER"
    bot_user_id = "U0PLAYER"
    bot_id = "B0PLAYER"
    bot_token = "xoxb-stand-in-for-a-bot-token"  # noqa: S105 — opens nothing but the stand-in
    app_token = "xapp-stand-in-for-an-app-token"  # noqa: S105
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
    ) -> None:
        self.workspace, self.granted, self.move_time, self.guide = workspace, granted, move_time, list(guide)
        self._store = Store(store)
        self.state = State(now=now, store=self._store, bot_user_id=self.bot_user_id)
        self.state.changed = self._on_change
        self.faults, self.triggers, self.sockets = Faults(), Triggers(), Sockets()
        self.deliverer, self.acting = Deliverer(self), Acting(self)
        self.latency = 0.0
        self.calls: Counter[str] = Counter()
        self.posts = 0
        self.events_url = ""
        self.url = ""
        self.stopping = asyncio.Event()
        self.watchers: set[asyncio.Event] = set()
        self._changed = asyncio.Event()
        self._runner: web.AppRunner | None = None

    @property
    def api_url(self) -> str:
        """What SLACK_API_URL should be."""
        return f"{self.url}/api/"

    async def start(self, *, port: int = 0) -> None:
        """Listen on this machine only. OSError if the port is in use."""
        site = web.Application(client_max_size=4 * 1024 * 1024)
        site.router.add_route("*", "/api/{method}", web_api.handler(self))
        site.router.add_get("/link", self.sockets.handle)
        page_api.add_routes(site, self)
        self._runner = web.AppRunner(site, access_log=None, shutdown_timeout=0.5)
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", port).start()
        real_port = self._runner.addresses[0][1]
        self.url = self.sockets.base_url = f"http://127.0.0.1:{real_port}"
        self.http = aiohttp.ClientSession()

    async def stop(self) -> None:
        """Stop listening; what is known stays in the store."""
        self.stopping.set()
        self._on_change()
        if self._runner is not None:
            for socket in list(self.sockets.connections):
                await socket.close()
            await self.http.close()
            await self._runner.cleanup()
        self._store.close()

    def add_person(self, *, name: str, email: str, id: str | None = None, **more: Any) -> Person:
        """Someone new in the workspace."""
        person = Person(id or self.state.new_id("U"), name, email, **more)
        self.state.add_person(person)
        return person

    async def change_person(self, user: str, **fields: Any) -> Delivered:
        """Someone changes (their time zone, say, or they leave), and the app hears of it."""
        person = self.state.people[user]
        for name, value in fields.items():
            setattr(person, name, value)
        self.state.add_person(person)
        told = page_api.user_object(self, person)
        return await self.deliverer.event({"type": "user_change", "user": told, "event_ts": "1"})

    async def click(self, user: str, channel: str, ts: str, action_id: str, **how: Any) -> Delivered:
        """Press or pick something in a message; see `Acting.click`."""
        return await self.acting.click(user, channel, ts, action_id, **how)

    async def submit(self, user: str, view_id: str, state: Filled | None = None) -> Delivered:
        """Send a modal in."""
        return await self.acting.submit(user, view_id, state)

    async def open_home(self, user: str) -> Delivered:
        """Someone opens the app's Home tab."""
        channel = self.state.open([user])
        event = {"type": "app_home_opened", "user": user, "channel": channel.id, "tab": "home", "event_ts": "1"}
        return await self.deliverer.event(event)

    async def command(self, user: str, text: str, channel: str | None = None) -> Delivered:
        """A slash command, as «/coach help»."""
        command, _, rest = text.partition(" ")
        where = channel or self.state.open([user]).id
        payload = {
            "command": command, "text": rest, "user_id": user, "user_name": "x", "team_id": self.team_id,
            "team_domain": self.workspace.lower(), "channel_id": where, "channel_name": "directmessage",
            "api_app_id": self.app_id, "token": "unused", "trigger_id": self.triggers.give(user),
            "response_url": f"{self.url}/respond/{self.state.new_id('R')}",
        }  # fmt: skip
        return await self.deliverer.command(payload)

    async def say(self, user: str, channel: str, text: str) -> Delivered:
        """Someone writes in a conversation; the app hears of it if it may read there."""
        message = self.state.say(self.state.channels[channel], user=user, text=text)
        if "im:history" not in self.granted:
            return Delivered(True)
        kind = self.state.channels[channel].kind
        event = {
            "type": "message", "channel": channel, "channel_type": kind, "user": user, "text": text, "ts": message.ts,
            "event_ts": message.ts,
        }  # fmt: skip
        return await self.deliverer.event(event)

    def fail(self, method: str, kind: str, **how: Any) -> None:
        """Let a coming call of a method go wrong; `*` is any method."""
        self.faults.add(Fault(method, kind, **how))

    def dms(self, user: str) -> list[Message]:
        """What stands in someone's DM with the bot, oldest first; for their eyes."""
        return self.seen(self.state.open([user]), user)

    def seen(self, channel: Channel, user: str) -> list[Message]:
        """What someone sees of a conversation."""
        return [one for one in channel.messages.values() if not one.deleted and one.only_for in (None, user)]

    def view(self, user: str, view_id: str) -> Json:
        """A modal or App Home that someone has before them. KeyError if it is gone."""
        view: Json | None
        for view in (*self.state.modals.get(user, ()), self.state.homes.get(user)):
            if view is not None and view["id"] == view_id:
                return view
        raise KeyError("there is no such view (any more)")

    def modals(self, user: str) -> list[Json]:
        """Someone's open modals, the top one last."""
        return self.state.modals.get(user, [])

    def dressed(self, view: Json, user: str) -> Json:
        """A view with what Slack adds to it."""
        blocks = [{**block, "block_id": block.get("block_id") or self.state.new_id("b")} for block in view["blocks"]]
        number = self.state.new_id("V")
        more = {
            "id": number,
            "hash": f"{number}.hash",
            "team_id": self.team_id,
            "app_id": self.app_id,
            "bot_id": self.bot_id,
        }
        return {
            "private_metadata": "",
            "callback_id": "",
            **view,
            **more,
            "blocks": blocks,
            "state": {"values": {}},
            "user": user,
        }

    def after_submission(self, user: str, view_id: str, answer: Json) -> None:
        """What becomes of a modal once the app has answered its submission."""
        stack = self.state.modals.get(user, [])
        match answer.get("response_action"):
            case "errors":
                self.view(user, view_id)["errors"] = answer["errors"]
            case "update" | "push" as what:
                view = self.dressed(answer["view"], user)
                stack[-1:] = [view] if what == "update" else [stack[-1], view]
            case "clear":
                stack.clear()
            case _:
                stack[:] = [view for view in stack if view["id"] != view_id]
        self.state.changed()

    def close_modal(self, user: str) -> None:
        """Someone closes the modal on top."""
        if self.state.modals.get(user):
            self.state.modals[user].pop()
            self.state.changed()

    def forget_picks(self, message: Message) -> None:
        """A message was drawn anew."""
        self.acting.forget(message.ts)

    async def until(self, there: Callable[[], Any], *, timeout: float = 10.0) -> Any:  # noqa: ASYNC109
        """Wait until something is there, looking after each change. TimeoutError if it never comes."""
        async with asyncio.timeout(timeout):
            while not (found := there()):
                await self._changed.wait()
        return found

    def _on_change(self) -> None:
        changed, self._changed = self._changed, asyncio.Event()
        changed.set()
        for watcher in self.watchers:
            watcher.set()
