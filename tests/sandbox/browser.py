"""The machine's own Chromium."""

import shutil

from playwright.async_api import Browser, Playwright, expect

from tests.lacking import lacking

FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-quic"]  # Playwright adds what keeps a browser quiet
PATIENCE_MS = 60_000  # what comes, comes at once; a machine that has much to do takes its time
NAMES = ("chromium", "chromium-browser", "google-chrome")


def chromium() -> str | None:
    """Where it is, if it is installed."""
    return next((path for path in map(shutil.which, NAMES) if path is not None), None)


def chromium_here() -> str:
    """Where it is; a test that needs it is over where it is not installed."""
    return chromium() or lacking("a browser: apt-get install chromium")


async def launched(playwright: Playwright, path: str) -> Browser:
    """A browser without a window."""
    expect.set_options(timeout=PATIENCE_MS)
    return await playwright.chromium.launch(executable_path=path, args=FLAGS)
