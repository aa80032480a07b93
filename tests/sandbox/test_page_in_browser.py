"""The stand-in's page in a real browser: someone acts as a person, with real Bolt behind it."""

import base64

from playwright.async_api import expect

from tests.sandbox.stage import QUESTION, Stage, plain, said

# A picture of one dot.
DOT = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
)
ATTACK = "<img src=x onerror=\"document.title='pwned'\"><script>document.title='pwned'</script>"


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


async def test_a_picture_that_only_an_update_shows(stage: Stage) -> None:
    """Slack shows people no file that was not in a message of theirs before: they read so in its place."""
    await stage.see()
    answer = await stage.client.files_upload_v2(filename="dot.png", content=DOT, title="A dot")
    block = {"type": "image", "slack_file": {"id": str(answer["files"][0]["id"])}, "alt_text": "From 2 to 3"}
    message = await stage.client.chat_postMessage(channel="UMAYA", text="Your way")
    await stage.client.chat_update(channel=message["channel"], ts=message["ts"], text="Your way", blocks=[block])
    await expect(stage.page.locator(".no-image")).to_have_text("File not found")
    await stage.post(text="From 2 to 3", blocks=[block])
    await expect(stage.page.get_by_role("img", name="From 2 to 3")).to_have_js_property("naturalWidth", 1)
