"""The stand-in with a few people, Slack's own client on it, and a Bolt app that a test gives its listeners."""

from collections.abc import AsyncIterator

import aiohttp
import pytest
from playwright.async_api import Browser, async_playwright
from slack_bolt.adapter.socket_mode.aiohttp import AsyncSocketModeHandler
from slack_bolt.async_app import AsyncApp
from slack_sdk.web.async_client import AsyncWebClient

from bot.sandbox.server import Sandbox
from tests.sandbox.asking import NOW
from tests.sandbox.browser import chromium_here, launched
from tests.sandbox.hearing import Heard
from tests.sandbox.stage import Stage


@pytest.fixture
async def sandbox() -> AsyncIterator[Sandbox]:
    """A workspace with Maya, Tom and Ana in it."""
    box = Sandbox(now=lambda: NOW)
    box.add_person(id="UMAYA", name="Maya Horvat", email="maya@acme.test", tz="Europe/Ljubljana")
    box.add_person(id="UTOM", name="Tom Baker", email="tom@acme.test", tz="America/New_York")
    box.add_person(id="UANA", name="Ana Kovač", email="ana@acme.test", tz="Europe/Ljubljana")
    await box.start()
    yield box
    await box.stop()


@pytest.fixture
async def client(sandbox: Sandbox) -> AsyncIterator[AsyncWebClient]:
    """Slack's own client, which tries nothing twice."""
    async with aiohttp.ClientSession() as session:
        yield AsyncWebClient(
            sandbox.bot_token, base_url=sandbox.api_url, session=session, retry_handlers=[], timeout=60
        )


@pytest.fixture
async def app(client: AsyncWebClient) -> AsyncApp:
    """A Bolt app without listeners."""
    return AsyncApp(client=client, signing_secret=Sandbox.signing_secret, process_before_response=True)


@pytest.fixture
async def handler(app: AsyncApp, sandbox: Sandbox) -> AsyncIterator[AsyncSocketModeHandler]:
    """The app is connected by Socket Mode."""
    connected = AsyncSocketModeHandler(app, sandbox.app_token)
    await connected.connect_async()  # type: ignore[no-untyped-call]  # Bolt leaves it untyped
    await sandbox.until(lambda: sandbox.sockets.connections)
    yield connected
    await connected.close_async()  # type: ignore[no-untyped-call]


@pytest.fixture
async def heard(app: AsyncApp, handler: AsyncSocketModeHandler) -> Heard:
    """The app listens to everything."""
    assert handler.app is app
    return Heard(app)


@pytest.fixture(scope="session")
async def browser() -> AsyncIterator[Browser]:
    """The machine's own Chromium."""
    async with async_playwright() as playwright:
        started = await launched(playwright, chromium_here())
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
