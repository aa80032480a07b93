"""The live curriculum: an edit is picked up, a broken one changes nothing."""

import asyncio
import logging
from datetime import date
from pathlib import Path

import pytest

from bot.curriculum.library import LOOK_EVERY_SECONDS, ContentBroken, Library
from tests.content.makers import LESSON, a_copy, change

TODAY = date(2026, 11, 24)


def test_an_edit_is_live(tmp_path: Path) -> None:
    """A changed sentence is there at the next look."""
    folder = a_copy(tmp_path)
    library = Library(folder, today=lambda: TODAY)
    change(folder, LESSON, "minutes: 4", "minutes: 5")
    assert library.refresh()
    assert library.current.curriculum.lesson("tracking-01-metrics-chain").minutes == 5
    assert not library.refresh()


def test_a_broken_edit_keeps_the_last_good_version(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    """The log says what to mend; the program goes on as before, and takes the mended file."""
    folder = a_copy(tmp_path)
    library = Library(folder, today=lambda: TODAY)
    before = library.current
    change(folder, LESSON, "minutes: 4", "minutes: many")
    with caplog.at_level(logging.WARNING, "bot"):
        assert not library.refresh()
    assert library.current is before
    assert "the last good version stays live" in caplog.text
    assert "«minutes» can't be read" in caplog.text
    change(folder, LESSON, "minutes: many", "minutes: 6")
    assert library.refresh()


def test_a_half_written_save_changes_nothing(tmp_path: Path) -> None:
    """A file cut in the middle, as an editor leaves it for an instant, breaks nothing."""
    folder = a_copy(tmp_path)
    library = Library(folder, today=lambda: TODAY)
    text = (folder / LESSON).read_text("utf-8")
    for cut in range(0, len(text), 97):
        (folder / LESSON).write_text(text[:cut], "utf-8")
        library.refresh()
        assert library.current.curriculum.lesson("tracking-01-metrics-chain").minutes == 4


def test_nothing_usable_to_begin_with(tmp_path: Path) -> None:
    """A program without content does not start; it says what is missing."""
    with pytest.raises(ContentBroken) as broken:
        Library(tmp_path, today=lambda: TODAY)
    assert "program.yaml" in str(broken.value.problems[0])


async def test_a_running_bot_picks_an_edit_up(tmp_path: Path) -> None:
    """The watch finds an edit by itself; it looks often enough for an edit to be live within two seconds."""
    assert LOOK_EVERY_SECONDS <= 1.0
    folder = a_copy(tmp_path)
    library = Library(folder, today=lambda: TODAY)
    watching = asyncio.create_task(library.watch())
    before = library.current
    change(folder, LESSON, "minutes: 4", "minutes: 5")
    async with asyncio.timeout(120):
        while library.current is before:  # noqa: ASYNC110 — the watcher is a real one, with nothing to wait on
            await asyncio.sleep(0.02)
    watching.cancel()
    assert library.current.curriculum.lesson("tracking-01-metrics-chain").minutes == 5
