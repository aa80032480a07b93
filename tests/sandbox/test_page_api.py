"""What the stand-in's page asks for, over HTTP."""

from typing import Any

import pytest
from slack_bolt.adapter.socket_mode.aiohttp import AsyncSocketModeHandler
from slack_bolt.async_app import AsyncApp
from slack_sdk.web.async_client import AsyncWebClient

from bot.sandbox.server import Sandbox
from tests.sandbox.asking import HOME, Json, actions, button, modal, options

RADIO = {"type": "radio_buttons", "action_id": "pick", "options": options("a", "b")}


class Page:
    """The page's half of the interface."""

    def __init__(self, sandbox: Sandbox) -> None:
        self.sandbox = sandbox

    async def get(self, path: str) -> Any:
        """Ask for something."""
        async with self.sandbox.http.get(f"{self.sandbox.url}/page/{path}") as response:
            return await response.json()

    async def post(self, path: str, **what: Any) -> Any:
        """Do something."""
        async with self.sandbox.http.post(f"{self.sandbox.url}/page/{path}", json=what) as response:
            return await response.json()


@pytest.fixture
async def page(sandbox: Sandbox) -> Page:
    """Someone has the page open."""
    return Page(sandbox)


@pytest.fixture
async def heard(app: AsyncApp, client: AsyncWebClient, handler: AsyncSocketModeHandler) -> list[Json]:
    """An app whose button opens a modal, whose modal wants more, and which fills Home."""
    bodies: list[Json] = []
    assert handler.app is app

    async def go(ack: Any, body: Json) -> None:
        bodies.append(body)
        await ack()
        await client.views_open(trigger_id=body["trigger_id"], view=modal())

    async def note(ack: Any) -> None:
        await ack(response_action="errors", errors={"note": "Say more."})

    async def home(event: Json) -> None:
        await client.views_publish(user_id=event["user"], view=HOME)

    async def changed(event: Json) -> None:
        bodies.append(event)

    app.event("user_change")(changed)
    app.action("go")(go)
    app.view("note")(note)
    app.event("app_home_opened")(home)
    return bodies


async def test_the_whole_workspace_at_a_glance(sandbox: Sandbox, client: AsyncWebClient, page: Page) -> None:
    """Everyone with their own time of day, and how much waits for them until they look."""
    said = await client.chat_postMessage(channel="UMAYA", text="hi")
    state = await page.get("state")
    maya = state["people"][0]
    assert (state["workspace"], state["can_move_time"], state["guide"]) == ("Acme", False, [])
    assert state["now"] == "2026-11-24T08:00:00+00:00"
    assert (maya["name"], maya["local_time"], maya["unread"]) == ("Maya Horvat", "Tue 24 Nov 09:00", 1)
    (shown,) = await page.get(f"as/UMAYA/messages/{said['channel']}")
    assert (shown["text"], shown["edited"], shown["ephemeral"]) == ("hi", False, False)
    assert "metadata" not in shown
    assert (await page.get("state"))["people"][0]["unread"] == 0
    assert (await page.get("as/UMAYA"))["conversations"][0]["title"] == "Playercoach"
    assert sandbox.state.open(["UMAYA"]).id == said["channel"]


async def test_a_click_a_modal_and_its_errors(client: AsyncWebClient, page: Page, heard: list[Json]) -> None:
    """The page says what was picked; the app hears it as from Slack; the modal shows what is wrong, and closes."""
    blocks = [actions(RADIO, button("go"), block_id="row")]
    said = await client.chat_postMessage(channel="UMAYA", text="Which?", blocks=blocks)
    where = {"container": "message", "channel": said["channel"], "ts": said["ts"], "block_id": "row"}
    done = await page.post("as/UMAYA/act", **where, action_id="go", state={"row": {"pick": ["b"]}})
    assert done == {"ok": True, "acked": True, "status": 200, "errors": None, "error": None}
    assert heard[0]["state"]["values"]["row"]["pick"]["selected_option"] == options("b")[0]
    (view,) = (await page.get("as/UMAYA"))["modals"]
    assert view["errors"] is None
    told = await page.post("as/UMAYA/submit", view_id=view["id"], state={"note": {"words": "x"}})
    assert (told["ok"], told["errors"]) == (False, {"note": "Say more."})
    (view,) = (await page.get("as/UMAYA"))["modals"]
    assert (view["errors"], view["values"]) == ({"note": "Say more."}, {"note": {"words": "x"}})
    assert (await page.post("as/UMAYA/close", view_id=view["id"]))["ok"]
    assert (await page.get("as/UMAYA"))["modals"] == []
    assert (await page.post("as/UMAYA/home"))["acked"]
    assert (await page.get("as/UMAYA"))["home"]["type"] == "home"


async def test_slips_are_answered_in_a_sentence(client: AsyncWebClient, page: Page) -> None:
    """For a stranger, a conversation of others, a view that is gone, a fault that there is not, and no app."""
    said = await client.chat_postMessage(channel="UMAYA", text="hi", blocks=[actions(button("go"))])
    channel = said["channel"]
    where = {"container": "message", "channel": channel, "ts": said["ts"], "action_id": "go"}
    slips = [
        (await page.get("as/UNOBODY"), "no such person"),
        (await page.get(f"as/UTOM/messages/{channel}"), "not theirs"),
        (await page.post("as/UTOM/act", **where), "not theirs"),
        (await page.post("as/UMAYA/act", **{**where, "action_id": "other"}), "no «other» to click"),
        (await page.post("as/UMAYA/submit", view_id="V0"), "no such view"),
        (await page.post("as/UMAYA/close", view_id="V0"), "no such view"),
        (await page.post("faults", method="auth.test", kind="flood"), "no fault «flood»"),
        (await page.post("time", by="hour"), "can't be moved"),
        (await page.post("as/UMAYA/act", **where), "did not answer"),
    ]
    for answer, wanted in slips:
        assert not answer["ok"]
        assert wanted in answer["error"]


async def test_someone_goes_on_holiday_leaves_and_is_back(page: Page, heard: list[Json]) -> None:
    """The list says so each time, and so does Slack's own answer; what else one could become there is not."""

    async def state() -> tuple[bool, bool]:
        maya = (await page.get("state"))["people"][0]
        return maya["away"], maya["deleted"]

    for what, then in (("away", (True, False)), ("deactivated", (True, True)), ("here", (False, False))):
        assert (await page.post("as/UMAYA/become", what=what))["ok"]
        assert await state() == then
    assert [(one["user"]["deleted"], one["user"]["profile"]["status_emoji"]) for one in heard] == [
        (False, ":palm_tree:"),
        (True, ":palm_tree:"),
        (False, ""),
    ]
    assert not (await page.post("as/UMAYA/become", what="famous"))["ok"]


async def test_time_moves_if_there_is_who_moves_it(sandbox: Sandbox, page: Page) -> None:
    """The page hears how much happened."""

    async def move(by: str) -> int:
        return {"hour": 3}[by]

    sandbox.move_time = move
    assert await page.post("time", by="hour") == {"ok": True, "now": "2026-11-24T08:00:00+00:00", "happened": 3}


async def test_faults_can_be_set_seen_and_cleared(sandbox: Sandbox, client: AsyncWebClient, page: Page) -> None:
    """From the page as from a test."""
    await page.post("faults", method="auth.test", kind="error:fatal_error", times=2)
    (fault,) = await page.get("faults")
    assert (fault["method"], fault["kind"], fault["times"]) == ("auth.test", "error:fatal_error", 2)
    async with sandbox.http.delete(f"{sandbox.url}/page/faults") as response:
        assert await response.json() == []
    assert (await client.auth_test())["ok"]


async def test_an_open_page_hears_of_changes(sandbox: Sandbox, client: AsyncWebClient) -> None:
    """One line for each change or for several at once."""
    async with sandbox.http.get(f"{sandbox.url}/page/events") as response:
        assert await response.content.readline() == b": hello\n"
        await client.chat_postMessage(channel="UMAYA", text="hi")
        assert await response.content.readline() == b"\n"
        assert await response.content.readline() == b"data: changed\n"


async def test_other_sites_in_the_browser_may_not_act(sandbox: Sandbox) -> None:
    """Neither from another origin nor under a name that was bent to this machine."""
    for headers in ({"Origin": "https://evil.test"}, {"Host": "evil.test"}, {"Origin": "null"}):
        async with sandbox.http.post(f"{sandbox.url}/page/as/UMAYA/home", json={}, headers=headers) as response:
            assert response.status == 403
    own = {"Origin": sandbox.url}
    async with sandbox.http.post(f"{sandbox.url}/page/as/UMAYA/home", json={}, headers=own) as response:
        assert response.status == 200
