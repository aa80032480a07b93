"""Those whom nobody plays: what they press by themselves, and when they leave it to someone else."""

from typing import Any

from slack_bolt.adapter.socket_mode.aiohttp import AsyncSocketModeHandler
from slack_bolt.async_app import AsyncApp
from slack_sdk.web.async_client import AsyncWebClient

from bot.sandbox.server import Sandbox
from bot.sandbox.understudies import WORDS, Understudies
from tests.sandbox.asking import Json, actions, button, modal, options, section
from tests.sandbox.hearing import Heard

RADIO = {"type": "radio_buttons", "action_id": "pick", "options": options("a", "b")}
QUESTION = [section(), actions(RADIO, block_id="which"), actions(button("other"), button("sure:1", "7"))]


def understudies(sandbox: Sandbox, *wishes: str) -> Understudies:
    """Tom acts by himself; nothing has to be waited for."""

    async def settle() -> None:
        pass

    return Understudies(sandbox, {"UTOM": wishes}, settle)


def pressed(heard: Heard) -> list[tuple[str, str]]:
    """Who pressed what."""
    return [(body["user"]["id"], body["actions"][0]["action_id"]) for body in heard.bodies if "actions" in body]


async def test_a_wish_is_pressed_once_with_something_picked(
    sandbox: Sandbox, client: AsyncWebClient, heard: Heard
) -> None:
    """The first option before it counts as picked; what was read is not gone through again; Maya is left alone."""
    for channel in ("UTOM", "UMAYA"):
        await client.chat_postMessage(channel=channel, text="Which?", blocks=QUESTION)
    for _ in range(2):
        await understudies(sandbox, "sure").act()
    assert pressed(heard) == [("UTOM", "sure:1")]
    assert heard.bodies[0]["state"]["values"]["which"]["pick"]["selected_option"]["value"] == "a"


async def test_nobody_acts_for_someone_who_is_played_or_gone(
    sandbox: Sandbox, client: AsyncWebClient, heard: Heard
) -> None:
    """Once someone clicked as Tom on the page, and when he has left, nothing is pressed for him."""
    said = await client.chat_postMessage(channel="UTOM", text="Which?", blocks=QUESTION)
    await sandbox.change_person("UTOM", deleted=True)
    await understudies(sandbox, "sure").act()
    await sandbox.change_person("UTOM", deleted=False)
    where = {"container": "message", "channel": said["channel"], "ts": said["ts"], "action_id": "other"}
    async with sandbox.http.post(f"{sandbox.url}/page/as/UTOM/act", json=where) as response:
        assert (await response.json())["ok"]
    await understudies(sandbox, "sure").act()
    assert pressed(heard) == [("UTOM", "other")]


async def test_a_modal_is_filled_in_and_one_that_asks_for_more_is_closed(
    sandbox: Sandbox, client: AsyncWebClient, app: AsyncApp, handler: AsyncSocketModeHandler
) -> None:
    """A few words stand where something has to; nothing is left open."""
    assert handler.app is app
    sent: list[Json] = []

    async def write(ack: Any, body: Json) -> None:
        await client.views_open(trigger_id=body["trigger_id"], view=modal())
        await ack()

    async def noted(ack: Any, view: Json) -> None:
        sent.append(view["state"]["values"])
        await ack(response_action="errors", errors={"note": "Say more."})

    app.action("write")(write)
    app.view("note")(noted)
    await client.chat_postMessage(channel="UTOM", text="Write", blocks=[actions(button("write"))])
    await understudies(sandbox, "write").act()
    assert [values["note"]["words"]["value"] for values in sent] == [WORDS]
    assert sandbox.modals("UTOM") == []
