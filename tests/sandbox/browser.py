"""The machine's own Chromium."""

import shutil

from playwright.async_api import Browser, Playwright

FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-quic"]  # Playwright adds what keeps a browser quiet
NAMES = ("chromium", "chromium-browser", "google-chrome")


def chromium() -> str | None:
    """Where it is, if it is installed."""
    return next((path for path in map(shutil.which, NAMES) if path is not None), None)


async def launched(playwright: Playwright, path: str) -> Browser:
    """A browser without a window."""
    return await playwright.chromium.launch(executable_path=path, args=FLAGS)
