"""`python -m tests.looks FOLDER`: how it all looks. Walks through `playercoach try` and saves a picture of each surface.

Each is saved as on a phone and on a desk. What is not there (yet) is named at the end, and is no error.
"""

import sys
import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from aiohttp import ClientSession
from playwright.async_api import async_playwright

from bot import living
from tests.album import SCREENS, Album
from tests.sandbox.browser import chromium, launched
from tests.trying import free_port, ready, start, stopped

MAYA, ANA, MARKO, LENA = "U0MAYA", "U0ANA", "U0MARKO", "U0LENA"
MOST_BESIDE = 5
STAFF_DOORS = ("staff_enrol", "staff_manager", "staff_cohort", "staff_why")


async def walk(album: Album) -> None:
    """A manager's first weeks, a mentor's Monday, and a round of peers; then whatever else each of them was told."""
    await a_managers_week(album)
    await a_mentors_monday(album)
    await a_round(album)
    await album.message("review", MAYA, "review_confidence")
    await album.said("help", MAYA, "/coach help")
    await album.home("home-staff", LENA)
    for door in STAFF_DOORS:
        await album.door(door.replace("_", "-"), LENA, door)
    for who in (MAYA, ANA, MARKO, LENA):
        await album.others(who, MOST_BESIDE)


async def a_managers_week(album: Album) -> None:
    """From the welcome to the first promise."""
    await album.message("welcome", MAYA, "welcome_begin")
    await album.modal("baseline", MAYA, "welcome_begin")
    await album.home("home-manager", MAYA)
    await album.message("lesson", MAYA, "check_confidence", days=4)
    await album.pressed("feedback", MAYA, "check_confidence:sure")
    await album.modal("reflection", MAYA, "check_write")
    await album.modal("plan", MAYA, "action_promise")


async def a_mentors_monday(album: Album) -> None:
    """The digest, and what its buttons open."""
    await album.message("digest", ANA, "mentor_", days=4)
    await album.modal("more", ANA, "mentor_more", send=False)
    for what in ("rate", "kudos", "talked"):
        await album.modal(what, ANA, f"mentor_{what}")
    await album.said("brief", ANA, "/coach brief @Maya")
    await album.home("home-mentor", ANA)


async def a_round(album: Album) -> None:
    """From the preview for staff to «did you meet?»."""
    await album.message("preview", LENA, "preview_|round_", days=8)
    await album.modal("swap", LENA, "preview_swap|round_swap", send=False)
    await album.message("introduction", MAYA, "peers_", days=2)
    await album.pressed("picked-time", MAYA, "peers_time|peers_pick")
    await album.message("did-you-meet", MAYA, "peers_met", days=6)
    await album.pressed("met", MAYA, "peers_met")
    await album.modal("try", MAYA, "peers_try")


@asynccontextmanager
async def trying(folder: Path) -> AsyncIterator[str]:
    """`try` with its data in a folder; its address."""
    port = free_port()
    process = await start(folder, port)
    await ready(process)
    try:
        yield f"http://127.0.0.1:{port}"
    finally:
        await stopped(process)


async def take_pictures(folder: Path) -> Album:
    """Walk, with a `try` of its own."""
    path = chromium()
    if path is None:
        raise SystemExit("no chromium on this machine: apt-get install chromium")
    with tempfile.TemporaryDirectory(prefix="playercoach-looks-") as home:
        async with trying(Path(home)) as url, async_playwright() as playwright, ClientSession() as http:
            browser = await launched(playwright, path)
            page = await browser.new_page(locale="en-GB")
            album = Album(page, http, url, folder)
            await walk(album)
            await browser.close()
    return album


def main() -> None:
    """Take the pictures, and say what is missing."""
    if len(sys.argv) != 2:
        raise SystemExit("say where the pictures go: python -m tests.looks FOLDER")
    folder = Path(sys.argv[1])
    folder.mkdir(parents=True, exist_ok=True)
    album = living.run(take_pictures(folder))
    missing = ", ".join(album.missing) or "nothing"
    print(f"{album.taken} surfaces on {len(SCREENS)} screens; not there: {missing}")  # noqa: T201


if __name__ == "__main__":
    main()
