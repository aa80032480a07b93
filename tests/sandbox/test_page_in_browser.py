"""The stand-in's page in a real browser: someone acts as a person, with real Bolt behind it."""

import base64
import os
import shutil
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from playwright.async_api import Browser, Page, async_playwright, expect
from slack_bolt.adapter.socket_mode.aiohttp import AsyncSocketModeHandler
from slack_bolt.async_app import AsyncApp
from slack_sdk.web.async_client import AsyncWebClient

from bot.sandbox.server import Sandbox

Json = dict[str, Any]
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-quic"]  # Playwright adds what keeps a browser quiet
# A picture of one dot.
DOT = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
)
ATTACK = "<img src=x onerror=\"document.title='pwned'\"><script>document.title='pwned'</script>"


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
        """A tiny app: a button answers in place, another opens a modal, Home asks too."""
        app = AsyncApp(client=self.client)

        async def answered(ack: Any, body: Json) -> None:
            self.heard.append(body)
            await ack()
            where = {"channel": body["channel"]["id"], "ts": body["message"]["ts"]}
            await self.client.chat_update(**where, text="Right", blocks=[said("*Right.* A step costs them something.")])

        async def picked(ack: Any) -> None:
            await ack()

        async def write(ack: Any, body: Json) -> None:
            await ack()
            await self.client.views_open(trigger_id=body["trigger_id"], view=NOTE)

        async def noted(ack: Any, view: Json) -> None:
            self.heard.append(view["state"]["values"])
            short = len(view["state"]["values"]["what"]["text"]["value"]) < 10
            await (ack(response_action="errors", errors={"what": "Say a little more."}) if short else ack())

        async def home(event: Json) -> None:
            await self.client.views_publish(user_id=event["user"], view={"type": "home", "blocks": QUESTION})

        app.action("sure")(answered)
        app.action("pick")(picked)
        app.action("write")(write)
        app.view("note")(noted)
        app.event("app_home_opened")(home)
        return app


@pytest.fixture(scope="module")
async def browser() -> AsyncIterator[Browser]:
    """The machine's own Chromium; without one these tests are skipped, but fail in CI."""
    path = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if path is None:
        give_up = pytest.fail if os.environ.get("CI") else pytest.skip
        give_up("no chromium on this machine: apt-get install chromium")
    async with async_playwright() as playwright:
        started = await playwright.chromium.launch(executable_path=path, args=FLAGS)
        yield started
        await started.close()


@pytest.fixture
async def stage(browser: Browser) -> AsyncIterator[Stage]:
    """A stage of one's own, on a desktop's screen."""
    context = await browser.new_context(viewport={"width": 1280, "height": 800}, locale="en-GB")
    opened = Stage(await context.new_page())
    await opened.open()
    yield opened
    await opened.close()


async def test_a_click_answers_and_the_message_changes_before_ones_eyes(stage: Stage) -> None:
    """Someone picks an answer, presses a button, and the app hears both and answers in place."""
    await stage.ask()
    await stage.page.get_by_label("A step").check()
    await stage.page.get_by_role("button", name="Sure").press("Enter")
    await expect(stage.page.locator(".message")).to_contain_text("Right. A step costs them something.")
    await expect(stage.page.locator(".message")).to_be_focused()
    assert stage.heard[-1]["actions"][0]["value"] == "7"
    assert stage.heard[-1]["state"]["values"]["check"]["pick"]["selected_option"]["value"] == "A step"


async def test_a_pick_and_the_focus_survive_what_arrives_meanwhile(stage: Stage) -> None:
    """A message that arrives is shown at once and takes nothing away from the one in hand."""
    await stage.ask()
    await stage.page.get_by_label("A step").check()
    await stage.post(text="By the way: *hello*")
    await expect(stage.page.locator(".message").last).to_contain_text("By the way: hello")
    await expect(stage.page.locator("#announce")).to_have_text("New message from Playercoach: By the way: hello")
    await expect(stage.page.get_by_label("A step")).to_be_checked()
    await expect(stage.page.get_by_label("A step")).to_be_focused()


async def test_a_modal_says_at_the_field_what_is_wrong_and_closes_once_it_is_right(stage: Stage) -> None:
    """The page asks for what is required, the app for what it wants; then the note is heard as it was written."""
    await stage.ask()
    await stage.page.get_by_role("button", name="Write it down").click()
    modal = stage.page.get_by_role("dialog", name="Your note")
    field = modal.get_by_label("What happened?")
    await expect(field).to_be_focused()
    await modal.get_by_role("button", name="Save").click()
    await expect(modal.get_by_text("Please fill this in.").filter(visible=True)).to_have_count(2)
    await expect(field).to_have_attribute("aria-invalid", "true")
    await field.fill("Short")
    await modal.get_by_label("Very").check()
    await modal.get_by_role("button", name="Save").click()
    await expect(modal.get_by_text("Say a little more.")).to_be_visible()
    await expect(field).to_have_accessible_description("Briefly. ⚠ Say a little more.")
    await field.fill(ATTACK)
    await modal.get_by_role("button", name="Save").click()
    await expect(modal).to_have_count(0)
    assert stage.heard[-1]["what"]["text"]["value"] == ATTACK


async def test_escape_closes_a_modal_and_gives_the_focus_back(stage: Stage) -> None:
    """Someone who changes their mind is back where they were."""
    await stage.ask()
    await stage.page.get_by_role("button", name="Write it down").press("Enter")
    await expect(stage.page.get_by_role("dialog")).to_be_visible()
    await stage.page.keyboard.press("Escape")
    await expect(stage.page.get_by_role("dialog")).to_have_count(0)
    await expect(stage.page.get_by_role("button", name="Write it down")).to_be_focused()
    assert stage.box.modals("UMAYA") == []


async def test_whatever_is_written_stays_text(stage: Stage) -> None:
    """Markup in any kind of text runs nowhere; a link that would run a script is no link; a broadcast is seen."""
    rich = {"type": "rich_text_section", "elements": [{"type": "text", "text": ATTACK}]}
    await stage.post(
        text=ATTACK,
        blocks=[
            said(f"{ATTACK} *bold* <javascript:alert(1)|bad> <https://example.test|good> <!channel> &lt;!here&gt;"),
            {"type": "header", "text": plain("<b>header</b>")},
            {"type": "rich_text", "elements": [rich]},
            {"type": "markdown", "text": f"{ATTACK} [bad](javascript:alert(1))"},
        ],
    )
    await stage.see()
    message = stage.page.locator(".message-body")
    await expect(message.locator(".broadcast")).to_have_text("@channel")
    await expect(message.get_by_role("link")).to_have_text(["good"])
    await expect(message.locator("img, script, b")).to_have_count(0)
    await expect(message).to_contain_text("<!here>")
    await expect(stage.page).to_have_title("Maya Novak · Acme · stand-in for Playercoach")


async def test_home_opens_and_the_address_brings_one_back(stage: Stage) -> None:
    """Opening Home tells the app, which fills it; a reload shows the same person and tab."""
    await stage.see()
    await stage.page.get_by_role("tab", name="Home").click()
    await expect(stage.page.get_by_role("tabpanel", name="Home")).to_contain_text("Which fact counts?")
    await stage.page.reload()
    await expect(stage.page.get_by_role("tabpanel", name="Home")).to_contain_text("Which fact counts?")


async def test_time_moves_on_and_everyone_reads_it_in_their_own_zone(stage: Stage) -> None:
    """An hour later the lesson is there, at Maya's time of day; for Tom it is still night."""
    await stage.see()
    await expect(stage.page.locator("#clock-now")).to_contain_text("09:00")
    await stage.page.get_by_role("button", name="1 hour").click()
    await expect(stage.page.get_by_text("1 thing happened.")).to_be_visible()
    await expect(stage.page.locator(".message")).to_contain_text("A new lesson")
    await expect(stage.page.locator(".message time")).to_have_text("10:00")
    await expect(stage.page.get_by_role("link", name="Tom Berg")).to_contain_text("03:00")


async def test_a_message_for_someone_else_shows_as_unread(stage: Stage) -> None:
    """Who acts as Maya sees that something waits for Tom, and reads it as Tom."""
    await stage.see()
    await stage.post("UTOM", text="For Tom")
    tom = stage.page.get_by_role("link", name="Tom Berg")
    await expect(tom).to_contain_text("1 unread")
    await tom.click()
    await expect(stage.page.locator(".message")).to_contain_text("For Tom")
    await expect(tom).not_to_contain_text("unread")


async def test_a_click_that_nobody_answers_is_marked(stage: Stage) -> None:
    """With the app gone, the message itself says that the click was not heard."""
    await stage.ask()
    await stage.hang_up()
    await stage.page.get_by_role("button", name="Sure").click()
    await expect(stage.page.locator(".message").get_by_role("alert")).to_contain_text("⚠")


async def test_on_a_phone_people_and_conversation_are_two_panes(stage: Stage) -> None:
    """One chooses a person, reads, and goes back; nothing is wider than the screen."""
    await stage.page.set_viewport_size({"width": 390, "height": 844})
    await stage.post(text="Which fact counts?", blocks=QUESTION)
    await stage.page.goto(stage.box.url)
    await stage.page.get_by_role("link", name="Maya Novak").click()
    await expect(stage.page.get_by_role("radio", name="A step")).to_be_visible()
    await expect(stage.page.get_by_role("navigation", name="Act as")).to_be_hidden()
    assert await stage.page.evaluate("document.documentElement.scrollWidth") == 390
    await stage.page.get_by_role("button", name="Back to the people").click()
    await expect(stage.page.get_by_role("link", name="Maya Novak")).to_be_visible()


async def test_every_control_has_a_name(stage: Stage) -> None:
    """What a screen reader is told of the page holds no button, link or field without a name."""
    await stage.ask()
    await expect(stage.page.get_by_role("radiogroup", name="Which fact counts?")).to_be_visible()
    told = (await stage.page.locator("body").aria_snapshot()).splitlines()
    controls = ("- button", "- link", "- radio", "- textbox", "- tab ", "- navigation", "- region", "- radiogroup")
    named = [line for line in told if line.strip().startswith(controls)]
    assert len(named) > 15
    assert [line for line in named if '"' not in line] == []


async def test_a_picture_in_a_message(stage: Stage) -> None:
    """A file that a block shows is seen, with its description; once it is deleted its description stands there."""
    await stage.see()
    answer = await stage.client.files_upload_v2(filename="dot.png", content=DOT, title="A dot")
    file_id = str(answer["files"][0]["id"])
    block = {"type": "image", "slack_file": {"id": file_id}, "alt_text": "From 2 to 3"}
    await stage.post(text="From 2 to 3", blocks=[block])
    await expect(stage.page.get_by_role("img", name="From 2 to 3")).to_have_js_property("naturalWidth", 1)
    await stage.client.files_delete(file=file_id)
    await stage.page.reload()
    await expect(stage.page.locator(".no-image")).to_have_text("From 2 to 3")
