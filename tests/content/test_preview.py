"""The preview: what a writer sees of a folder, over HTTP and in a real browser, and how soon after a save."""

import shutil
from collections.abc import AsyncIterator
from datetime import date
from pathlib import Path
from typing import Any

import aiohttp
import pytest
from playwright.async_api import Locator, Page, async_playwright, expect

from bot.authoring.desk import look, message
from bot.authoring.preview import Preview, serving
from bot.curriculum.library import Words
from bot.curriculum.phrases import PHRASES
from bot.slack.blocks import reading
from tests.content.makers import LESSON, a_copy, change
from tests.sandbox.browser import chromium_here, launched

TODAY = date(2026, 11, 23)
PATH = f"content/{LESSON}"
Json = dict[str, Any]


class Desk:
    """A folder with its preview, and a client that asks it."""

    def __init__(self, folder: Path, address: str, client: aiohttp.ClientSession) -> None:
        self.folder, self.address, self.client = folder, address, client

    async def get(self, path: str) -> Json:
        """What it answers."""
        async with self.client.get(self.address + path) as answer:
            assert answer.status == 200, path
            return dict(await answer.json())

    async def lesson(self, given: Json | None = None, language: str = "en", path: str = PATH) -> Json:
        """A lesson with its answers."""
        asked = {"path": path, "language": language, "given": given or {}}
        async with self.client.post(f"{self.address}/lesson", json=asked) as answer:
            assert answer.status == 200
            return dict(await answer.json())


@pytest.fixture
async def desk(tmp_path: Path) -> AsyncIterator[Desk]:
    """The content that ships, in all its languages."""
    folder = a_copy(tmp_path, translated=True)
    async with serving(Preview(folder, lambda: TODAY)) as address, aiohttp.ClientSession() as client:
        yield Desk(folder, address, client)


def words(drawn: Json) -> str:
    """All words that are shown."""
    return "\n".join(block["text"]["text"] for block in drawn["blocks"] if "text" in block)


async def test_a_draft_of_a_lesson_that_is_live(desk: Desk) -> None:
    """A writer works on a new version beside the lesson, under its id: each of the two files is shown as it is."""
    draft = desk.folder / LESSON.replace(".md", ".draft.md")
    draft.write_text((desk.folder / LESSON).read_text().replace("Orders are on plan.", "Orders are over plan."))
    assert "Orders are on plan." in words(await desk.lesson())
    assert "Orders are over plan." in words(await desk.lesson(path=PATH.replace(".md", ".draft.md")))
    now = look(desk.folder, today=TODAY, cache={}, words=Words())
    assert "Orders are over plan." in reading(message(now, "tracking-01-metrics-chain", "en"))


@pytest.mark.long
async def test_everything_is_listed_and_can_be_shown(desk: Desk) -> None:
    """Areas, lessons and words; each of them is drawn within Slack's size, in each language."""
    seen = await desk.get("/overview")
    assert (len(seen["areas"]), seen["languages"], seen["words"]) == (5, ["en", "sl"], sorted(PHRASES))
    for language in seen["languages"]:
        for area in seen["areas"]:
            assert (await desk.get(f"/area?id={area['id']}&language={language}"))["blocks"]
            for lesson in area["lessons"]:
                drawn = await desk.lesson(path=lesson["path"], language=language)
                assert 0 < drawn["size"] < drawn["limit"]
        for kind in seen["words"]:
            assert (await desk.get(f"/words?kind={kind}&language={language}"))["blocks"]


async def test_right_and_wrong_are_told_apart(desk: Desk) -> None:
    """An answer shows the sentence for what was picked, as it will in Slack."""
    text = (desk.folder / LESSON).read_text("utf-8")
    assert "### q1 (choose one)" in text
    drawn = await desk.lesson()
    (picker,) = [e for b in drawn["blocks"] for e in b.get("elements", ()) if e.get("action_id") == "check_pick"]
    said = {
        option["value"]: words(await desk.lesson({"q1": {"options": [option["value"]], "confidence": "sure"}}))
        for option in picker["options"]
    }
    assert len(set(said.values())) == len(picker["options"])
    assert sum("Right" in one or "✅" in one for one in said.values()) == 1


async def test_a_slip_is_shown_where_it_is_and_nothing_else_is_hidden(desk: Desk) -> None:
    """The lesson with the slip says what to mend; the others are drawn as before; a draft is listed as one."""
    change(desk.folder, LESSON, "[x]", "[ ]")
    shutil.copy(desk.folder / "areas/talent/02-scorecard.md", desk.folder / "areas/talent/09-new.draft.md")
    seen = await desk.get("/overview")
    lessons = {one["path"]: one for area in seen["areas"] for one in area["lessons"]}
    assert lessons[PATH]["slips"] == 1
    assert lessons["content/areas/talent/09-new.draft.md"]["draft"]
    broken = await desk.lesson()
    assert (broken["blocks"], [one["what"] for one in broken["problems"]]) == ([], ["«q1» has no right answer"])
    assert (await desk.lesson(path="content/areas/talent/02-scorecard.md"))["blocks"]


async def test_a_broken_program_or_wording_is_a_list_of_problems(desk: Desk) -> None:
    """Where nothing can be drawn, what to mend is still said."""
    change(desk.folder, "program.yaml", "timezone: ", "\ttimezone: ")
    seen = await desk.get("/overview")
    assert seen["areas"] == []
    assert "tab" in seen["problems"][0]["said"]


async def test_it_answers_only_to_its_own_name(desk: Desk) -> None:
    """A page elsewhere that points its own name at this machine is refused; so is a file outside of the page's folder."""
    async with desk.client.get(f"{desk.address}/overview", headers={"Host": "evil.example"}) as answer:
        assert answer.status == 403
    for path in ("/preview/..%2f..%2fcli.py", "/page/..%2fserver.py", "/preview/nothing.js", "/area?id=nowhere"):
        async with desk.client.get(f"{desk.address}{path}") as answer:
            assert answer.status == 404, path
    async with desk.client.post(f"{desk.address}/lesson", data="no json") as answer:
        assert answer.status == 400


@pytest.fixture
async def page() -> AsyncIterator[Page]:
    """A phone's screen in the machine's own browser; it fails on an error of the page, and on anything asked of elsewhere."""
    async with async_playwright() as playwright:
        browser = await launched(playwright, chromium_here())
        page = await browser.new_page(viewport={"width": 375, "height": 812})
        slips: list[str] = []
        page.on("pageerror", lambda error: slips.append(str(error)))
        page.on("request", lambda asked: None if asked.url.startswith("http://127.0.0.1:") else slips.append(asked.url))
        yield page
        await browser.close()
        assert slips == []


@pytest.mark.long
async def test_in_a_browser(desk: Desk, page: Page) -> None:
    """A writer picks a lesson, answers it, saves a slip, sees it said, mends it, and sees the lesson again."""
    await page.goto(desk.address)
    await page.get_by_role("link", name="Read the chain, not the total").click()
    shown = page.get_by_role("main")
    await shown.get_by_role("radio").first.check()
    await shown.get_by_role("button", name="Sure", exact=True).click()
    await expect(shown.get_by_role("button", name="Sure", exact=True)).to_have_count(0)
    await expect(page.get_by_role("button", name="Answer again")).to_be_visible()
    change(desk.folder, LESSON, "[x]", "[ ]")
    await expect(shown).to_contain_text("«q1» has no right answer")
    await expect(page.get_by_role("status")).to_contain_text("to mend")
    change(desk.folder, LESSON, "- [ ] Find", "- [x] Find")
    await expect(shown.get_by_role("heading", name="Read the chain, not the total")).to_be_visible()
    await page.get_by_role("button", name="Back to the list").click()
    await expect(page.get_by_role("link", name="All problems")).to_be_visible()


@pytest.mark.long
async def test_without_a_mouse(desk: Desk, page: Page) -> None:
    """By Tab, Space and Enter alone: to a lesson, an answer, its feedback, and back to where one was; nothing is too wide."""
    await page.goto(desk.address)
    link = page.get_by_role("link", name="Read the chain, not the total")
    await expect(link).to_be_visible()
    await _tab_to(page, link)
    assert await link.evaluate("(one) => getComputedStyle(one).outlineStyle") == "solid", "one sees where one is"
    await page.keyboard.press("Enter")
    shown = page.get_by_role("main")
    await expect(shown).to_be_focused()
    radio = shown.get_by_role("radio").first
    await _tab_to(page, radio)
    await page.keyboard.press("Space")
    await expect(radio).to_be_checked()
    sure = shown.get_by_role("button", name="Sure", exact=True)
    await _tab_to(page, sure)
    await page.keyboard.press("Enter")
    await expect(sure).to_have_count(0)
    await expect(shown).to_be_focused()
    assert await page.evaluate("document.documentElement.scrollWidth") == 375
    assert await page.locator("header, nav, main").count() == 3
    await _tab_to(page, page.get_by_role("button", name="Back to the list"), key="Shift+Tab")
    await page.keyboard.press("Enter")
    await expect(link).to_be_focused()
    assert await page.evaluate("document.documentElement.scrollWidth") == 375


async def _tab_to(page: Page, wanted: Locator, *, key: str = "Tab") -> None:
    """Press a key until that has the focus; fifty times are too many."""
    for _ in range(50):
        if await wanted.evaluate("(one) => one === document.activeElement"):
            return
        await page.keyboard.press(key)
    raise AssertionError(f"{wanted} can't be reached by {key}")
