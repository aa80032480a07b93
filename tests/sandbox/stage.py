"""The stand-in's page in a real browser, with a tiny app behind it."""

import asyncio
import re
from datetime import UTC, datetime, timedelta
from typing import Any, cast

from playwright.async_api import Page
from slack_bolt.adapter.socket_mode.aiohttp import AsyncSocketModeHandler
from slack_bolt.async_app import AsyncApp
from slack_sdk.web.async_client import AsyncWebClient

from bot.sandbox.server import Sandbox

Json = dict[str, Any]


def plain(text: str) -> Json:
    """A plain_text object."""
    return {"type": "plain_text", "text": text}


def said(text: str) -> Json:
    """A section of mrkdwn."""
    return {"type": "section", "text": {"type": "mrkdwn", "text": text}}


def options(*labels: str) -> list[Json]:
    """Options whose values are their labels."""
    return [{"text": plain(label), "value": label} for label in labels]


def action(kind: str, action_id: str, **more: Any) -> Json:
    """An interactive element."""
    return {"type": kind, "action_id": action_id, **more}


CHECK = [
    action("radio_buttons", "pick", options=options("A compliment", "A step")),
    action("button", "sure", text=plain("Sure"), value="7"),
    action("button", "write", text=plain("Write it down")),
]
QUESTION = [said("Which *fact* counts?"), {"type": "actions", "block_id": "check", "elements": CHECK}]
WHAT = {"element": action("plain_text_input", "text", multiline=True)}
HOW = {"element": action("radio_buttons", "level", options=options("A little", "Very"))}
NOTE = {
    "type": "modal",
    "callback_id": "note",
    "title": plain("Your note"),
    "submit": plain("Save"),
    "blocks": [
        {"type": "input", "block_id": "what", "label": plain("What happened?"), "hint": plain("Briefly.")} | WHAT,
        {"type": "input", "block_id": "how", "label": plain("How sure are you?")} | HOW,
    ],
}


class Stage:
    """The stand-in with two people, a browser's page, and what the app heard."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.now = datetime(2026, 11, 24, 8, 0, tzinfo=UTC)
        self.box = Sandbox(now=lambda: self.now, move_time=self.move, guide=["Choose Maya first."])
        self.box.add_person(name="Maya Novak", email="maya@acme.test", id="UMAYA", tz="Europe/Ljubljana")
        self.box.add_person(name="Tom Berg", email="tom@acme.test", id="UTOM", tz="America/Chicago")
        self.heard: list[Json] = []
        self.changes: asyncio.Queue[Json] = asyncio.Queue()  # of people
        self.picks: list[Json] = []
        self.views: list[Json] = []  # what «form» opens, and what each submission of it then leads to

    async def move(self, by: str) -> int:
        """Time moves, and a lesson falls due."""
        self.now += {"hour": timedelta(hours=1)}[by]
        await self.post(text="A new lesson")
        return 1

    async def post(self, channel: str = "UMAYA", **message: Any) -> None:
        """The app says something."""
        await self.client.chat_postMessage(channel=channel, **message)

    async def ask(self) -> None:
        """The app asks Maya something, and the page shows it."""
        await self.post(text="Which fact counts?", blocks=QUESTION)
        await self.see()

    async def see(self) -> None:
        """Open the page as Maya."""
        await self.page.goto(f"{self.box.url}/#/UMAYA/messages/")

    async def open(self) -> None:
        """Start the stand-in, and connect an app to it by Socket Mode."""
        await self.box.start()
        self.client = AsyncWebClient(token=self.box.bot_token, base_url=self.box.api_url)
        self.sockets = AsyncSocketModeHandler(self.app(), self.box.app_token)
        await self.sockets.connect_async()  # type: ignore[no-untyped-call]  # Bolt leaves it untyped

    async def close(self) -> None:
        """Leave nothing running."""
        await self.page.context.close()
        await self.hang_up()
        await self.box.stop()

    async def hang_up(self) -> None:
        """The app is gone."""
        await self.sockets.close_async()  # type: ignore[no-untyped-call]  # Bolt leaves it untyped

    def app(self) -> AsyncApp:
        """A tiny app: a button answers in place, others open modals, Home asks too."""
        app = AsyncApp(client=self.client)
        for name, heard in (("sure", self.answered), ("write", self.write), ("form", self.form)):
            app.action(name)(heard)
        app.action(re.compile("pick.*"))(self.picked)
        app.view("note")(self.noted)
        app.view("form")(self.filled)
        app.command("/coach")(self.commanded)
        app.event("app_home_opened")(self.home)
        app.event("user_change")(self.changed)
        return app

    async def answered(self, ack: Any, body: Json) -> None:
        """The message changes into its answer."""
        self.heard.append(body)
        await ack()
        where = {"channel": body["channel"]["id"], "ts": body["message"]["ts"]}
        await self.client.chat_update(**where, text="Right", blocks=[said("*Right.* A step costs them something.")])

    async def picked(self, ack: Any, body: Json) -> None:
        """A pick alone changes nothing."""
        self.picks.append(body)
        await ack()

    async def write(self, ack: Any, body: Json) -> None:
        """A note can be written."""
        await ack()
        await self.client.views_open(trigger_id=body["trigger_id"], view=NOTE)

    async def noted(self, ack: Any, view: Json) -> None:
        """A note has to say a little."""
        self.heard.append(view["state"]["values"])
        short = len(view["state"]["values"]["what"]["text"]["value"]) < 10
        await (ack(response_action="errors", errors={"what": "Say a little more."}) if short else ack())

    async def form(self, ack: Any, body: Json) -> None:
        """The next of `views` opens."""
        await ack()
        await self.client.views_open(trigger_id=body["trigger_id"], view=self.views.pop(0))

    async def filled(self, ack: Any, view: Json) -> None:
        """A form was sent, and is answered with the next of `views`."""
        self.heard.append(view["state"]["values"])
        await (ack(**self.views.pop(0)) if self.views else ack())

    async def commanded(self, ack: Any, body: Json) -> None:
        """A command is answered in words."""
        self.heard.append(body)
        await ack("Here it is.")

    async def changed(self, event: Json) -> None:
        """Someone is no longer who they were."""
        self.changes.put_nowait(event)

    async def change(self) -> Json:
        """Who someone is now, as the app hears it: maybe a moment after the page shows it."""
        async with asyncio.timeout(120):
            return cast(Json, (await self.changes.get())["user"])

    async def home(self, event: Json) -> None:
        """Home asks the same question."""
        await self.client.views_publish(user_id=event["user"], view={"type": "home", "blocks": QUESTION})
