"""The machine's own Chromium."""

import shutil

from playwright.async_api import Browser, Playwright

from tests.lacking import lacking

FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-quic"]  # Playwright adds what keeps a browser quiet
NAMES = ("chromium", "chromium-browser", "google-chrome")


def chromium() -> str | None:
    """Where it is, if it is installed."""
    return next((path for path in map(shutil.which, NAMES) if path is not None), None)


def chromium_here() -> str:
    """Where it is; a test that needs it is over where it is not installed."""
    return chromium() or lacking("a browser: apt-get install chromium")


async def launched(playwright: Playwright, path: str) -> Browser:
    """A browser without a window."""
    return await playwright.chromium.launch(executable_path=path, args=FLAGS)
