"""The report in a real browser: as a file, offline, on a phone, by the keyboard, and on paper."""

from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from playwright.async_api import Page, async_playwright, expect

from bot.curriculum.reader import read
from bot.reports.items import analyse
from bot.reports.report import render
from tests.flows.test_report import a_cohort
from tests.sandbox.browser import chromium_here, launched
from tests.world import CONTENT

WIDTH, HEIGHT = 375, 812  # of a phone


@pytest.fixture
def report(tmp_path: Path) -> Path:
    """The report of fourteen people who came to the end."""
    curriculum, _ = read(CONTENT, today=date(2026, 11, 24))
    assert curriculum is not None
    facts = a_cohort(14)
    options = {("tracking-01-metrics-chain", "q1"): ("later", "early", "push")}
    items = analyse([one.given for one in facts.answers], options, facts.cohorts)
    page = tmp_path / "report.html"
    page.write_text(render(curriculum, facts, items, "Autumn", datetime(2027, 5, 28, tzinfo=UTC)), "utf-8")
    return page


@pytest.mark.long
async def test_on_a_phone_by_the_keyboard_and_on_paper(report: Path) -> None:
    """It asks nothing of the network, fits 375 pixels, shows where one is, names all its parts, and prints."""
    async with async_playwright() as playwright:
        browser = await launched(playwright, chromium_here())
        page = await browser.new_page(viewport={"width": WIDTH, "height": HEIGHT})
        asked: list[str] = []
        page.on("request", lambda request: asked.append(request.url))
        slips: list[str] = []
        page.on("console", lambda line: slips.append(line.text))
        await page.goto(report.as_uri())
        await expect(page.get_by_role("main").get_by_role("heading", level=1)).to_have_text("From player to coach")
        assert await page.evaluate("document.documentElement.scrollWidth") == WIDTH
        assert await page.get_by_role("img").count() == 3
        assert await _unnamed(page) == []
        await _goes_by_tab(page)
        assert len(await page.pdf()) > 10_000
        assert asked == [report.as_uri()]
        assert slips == []
        await browser.close()


async def _unnamed(page: Page) -> list[str]:
    """Pictures, tables and regions that a screen reader could not name."""
    unnamed: list[str] = await page.evaluate(
        """() => [...document.querySelectorAll("svg[role], [role=region], table")]
            .filter((one) => !one.closest("[aria-label], [aria-labelledby]")).map((one) => one.outerHTML.slice(0, 80))"""
    )
    return unnamed


async def _goes_by_tab(page: Page) -> None:
    """What is wider than the phone can be reached and scrolled by the keyboard, and one sees where one is."""
    await page.keyboard.press("Tab")
    focused = page.locator(":focus")
    await expect(focused).to_have_attribute("role", "region")
    assert await focused.evaluate("(one) => getComputedStyle(one).outlineStyle") == "solid"
    await page.keyboard.press("ArrowRight")
    await page.wait_for_function("document.activeElement.scrollLeft > 0")
