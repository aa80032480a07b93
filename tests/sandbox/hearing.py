"""An app that listens to everything, and a message with one of everything in it."""

import re
from typing import Any

from slack_bolt.async_app import AsyncApp
from slack_sdk.web.async_client import AsyncWebClient

from tests.sandbox.asking import Json, actions, button, options, section

PICKS: list[Json] = [
    {"type": "radio_buttons", "action_id": "radio", "options": options("a", "b")},
    {"type": "checkboxes", "action_id": "boxes", "options": options("x", "y"), "initial_options": options("y")},
    {"type": "static_select", "action_id": "select", "options": options("1", "2")},
    {"type": "datepicker", "action_id": "date", "initial_date": "2026-11-24"},
    {"type": "timepicker", "action_id": "time"},
    {"type": "users_select", "action_id": "who"},
    {"type": "overflow", "action_id": "more", "options": options("p", "q")},
    button("go", "v7"),
]
_ANY = re.compile(".*")


class Heard:
    """What an app with a listener for everything was told."""

    def __init__(self, app: AsyncApp) -> None:
        self.bodies: list[Json] = []
        self.reply: Json = {}
        everything = {"action": app.action, "view": app.view}
        for listen in everything.values():
            listen({"action_id": _ANY} if listen is app.action else _ANY)(self.hear)
        app.view_closed("note")(self.hear)
        app.command("/coach")(self.answer)
        for kind in ("app_home_opened", "user_change", "dnd_updated_user", "message"):
            app.event(kind)(self.hear)

    async def hear(self, ack: Any, body: Json) -> None:
        """Note it, and answer as the test wants."""
        self.bodies.append(body)
        await ack(**self.reply)

    async def answer(self, ack: Any, body: Json) -> None:
        """A command is answered in words."""
        self.bodies.append(body)
        await ack("Here is help.")


async def ask(client: AsyncWebClient, channel: str = "UMAYA") -> tuple[str, str]:
    """A message with one of everything in it; where it stands."""
    blocks = [section(), actions(*PICKS, block_id="row")]
    said = await client.chat_postMessage(channel=channel, text="Which?", blocks=blocks)
    return said["channel"], said["ts"]
