"""How envelopes reach an app: several connections, lost acknowledgements, and signed HTTP."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import pytest
from aiohttp import web
from slack_bolt.adapter.socket_mode.aiohttp import AsyncSocketModeHandler
from slack_bolt.async_app import AsyncApp
from slack_sdk.web.async_client import AsyncWebClient

from bot.sandbox.deliver import signature
from bot.sandbox.server import Sandbox
from tests.sandbox.asking import HOME, Json, actions, button, modal


class Socket:
    """A connection that a test answers by hand."""

    def __init__(self, sandbox: Sandbox) -> None:
        self.sandbox = sandbox

    async def __aenter__(self) -> "Socket":
        self.socket = await self.sandbox.http.ws_connect(self.sandbox.sockets.new_url())
        assert (await self.hear())["type"] == "hello"
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.socket.close()

    async def hear(self) -> Json:
        """The next frame."""
        frame: Json = await self.socket.receive_json(timeout=120)
        return frame

    async def ack(self) -> Json:
        """The next envelope, acknowledged."""
        envelope = await self.hear()
        await self.socket.send_json({"envelope_id": envelope["envelope_id"]})
        return envelope


async def test_connections_take_turns(sandbox: Sandbox) -> None:
    """Each envelope goes to one of them."""
    async with Socket(sandbox) as one, Socket(sandbox) as other:
        acks = [asyncio.create_task(socket.ack()) for socket in (one, other)]
        assert (await sandbox.open_home("UMAYA")).acked
        assert (await sandbox.open_home("UTOM")).acked
        envelopes = await asyncio.gather(*acks)
    assert {one["payload"]["event"]["user"] for one in envelopes} == {"UMAYA", "UTOM"}
    assert [one["retry_attempt"] for one in envelopes] == [0, 0]


async def test_an_event_that_nobody_acknowledged_goes_to_the_next(sandbox: Sandbox) -> None:
    """Under the same id, and it says that it is a second try."""
    sandbox.deliverer.ack_within = 0.05
    async with Socket(sandbox) as deaf, Socket(sandbox) as other:
        sending = asyncio.create_task(sandbox.open_home("UMAYA"))
        first = await deaf.hear()
        sandbox.deliverer.ack_within = 5
        second = await other.ack()
        assert (await sending).acked
    assert first["envelope_id"] == second["envelope_id"]
    assert (second["retry_attempt"], second["retry_reason"]) == (1, "timeout")


async def test_a_lost_connection_is_noticed_at_once(sandbox: Sandbox) -> None:
    """Nobody waits three seconds for an acknowledgement from an app that is gone."""
    sandbox.deliverer.ack_within = 3600
    async with Socket(sandbox) as dying:
        sending = asyncio.create_task(sandbox.open_home("UMAYA"))
        await dying.hear()
    async with asyncio.timeout(120):
        assert not (await sending).acked
    assert sandbox.sockets.connections == []


async def test_a_click_is_not_sent_twice(sandbox: Sandbox, client: AsyncWebClient) -> None:
    """Not acknowledged in time, it is the person who sees that."""
    sandbox.deliverer.ack_within = 0.05
    said = await client.chat_postMessage(channel="UMAYA", text="x", blocks=[actions(button("go"))])
    async with Socket(sandbox) as deaf:
        assert not (await sandbox.click("UMAYA", said["channel"], said["ts"], "go")).acked
        await sandbox.disconnect_all()
        assert [(await deaf.hear())["type"] for _ in range(2)] == ["interactive", "disconnect"]


async def test_slacks_client_comes_back_after_a_disconnect(
    sandbox: Sandbox, app: AsyncApp, handler: AsyncSocketModeHandler
) -> None:
    """As after Slack's refresh every few hours: what is clicked then is heard again."""
    heard: list[str] = []

    async def hear(event: Json) -> None:
        heard.append(event["user"])

    app.event("app_home_opened")(hear)
    before = list(sandbox.sockets.connections)
    await sandbox.disconnect_all()
    await sandbox.until(lambda: [one for one in sandbox.sockets.connections if one not in before])
    assert (await sandbox.open_home("UMAYA")).acked
    assert heard == ["UMAYA"]
    assert handler.client is not None


async def test_no_app_no_acknowledgement(sandbox: Sandbox) -> None:
    """Said at once."""
    assert not (await sandbox.open_home("UMAYA")).acked
    with pytest.raises(LookupError):
        await Sandbox(now=sandbox.state.now).redeliver_last()


@pytest.fixture
async def web_app(app: AsyncApp, sandbox: Sandbox) -> AsyncIterator[AsyncApp]:
    """The app listens on HTTP instead."""
    runner = web.AppRunner(app.web_app(path="/slack/events"), access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    sandbox.events_url = f"http://127.0.0.1:{runner.addresses[0][1]}/slack/events"
    yield app
    await runner.cleanup()


async def test_over_http_all_is_signed_and_answered(
    sandbox: Sandbox, client: AsyncWebClient, web_app: AsyncApp
) -> None:
    """Bolt checks the signature; an event, a click, a submission with errors, and a command arrive."""
    heard: list[str] = []

    async def home(event: Json) -> None:
        await client.views_publish(user_id=event["user"], view=HOME)

    async def go(ack: Any, body: Json) -> None:
        heard.append(body["actions"][0]["value"])
        await ack()

    async def note(ack: Any) -> None:
        await ack(response_action="errors", errors={"note": "Say more."})

    async def coach(ack: Any) -> None:
        await ack("Here is help.")

    web_app.event("app_home_opened")(home)
    web_app.action("go")(go)
    web_app.view("note")(note)
    web_app.command("/coach")(coach)
    assert (await sandbox.open_home("UMAYA")).status == 200
    assert sandbox.home("UMAYA") is not None
    said = await client.chat_postMessage(channel="UMAYA", text="x", blocks=[actions(button("go", "7"))])
    assert (await sandbox.click("UMAYA", said["channel"], said["ts"], "go")).acked
    assert heard == ["7"]
    opened = await client.views_open(trigger_id=sandbox.triggers.give("UMAYA"), view=modal())
    await sandbox.submit("UMAYA", opened["view"]["id"])
    assert sandbox.views.errors[opened["view"]["id"]] == {"note": "Say more."}
    await sandbox.command("UMAYA", "/coach help")
    assert sandbox.dms("UMAYA")[-1].text == "Here is help."


async def test_a_failing_listener_is_tried_again_over_http(sandbox: Sandbox, web_app: AsyncApp) -> None:
    """The second try says so in its headers; a wrong secret is refused by Bolt."""
    tries: list[Any] = []

    async def home(request: Any) -> None:
        tries.append(request.headers.get("x-slack-retry-num"))
        if len(tries) == 1:
            raise ConnectionError("the database is away")

    web_app.event("app_home_opened")(home)
    assert (await sandbox.open_home("UMAYA")).acked
    assert tries == [None, ["1"]]
    sandbox.signing_secret = "another"
    assert (await sandbox.open_home("UMAYA")).status == 401


def test_the_signature_is_slacks_own() -> None:
    """The worked example of Slack's documentation."""
    body = (
        "token=xyzz0WbapA4vBCDEFasx0q6G&team_id=T1DC2JH3J&team_domain=testteamnow&channel_id=G8PSS9T3V&channel_name="
        "foobar&user_id=U2CERLKJA&user_name=roadrunner&command=%2Fwebhook-collect&text=&response_url=https%3A%2F%2F"
        "hooks.slack.com%2Fcommands%2FT1DC2JH3J%2F397700885554%2F96rGlfmibIGlgcZRskXaIFfN&trigger_id=398738663015."
        "47445629121.803a0bc887a14d10d2c447fce8b6703c"
    )
    told = signature("8f742231b10e8888abcd99yyyzzz85a5", body, 1531420618)
    assert told["X-Slack-Signature"] == "v0=a2114d57b48eac39b9ad189dd8316235a7b4a8d21a10bd27519666489c69b503"
