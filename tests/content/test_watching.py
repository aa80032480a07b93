"""The live curriculum, day after day: nothing that happens to the folder ends its watch."""

import asyncio
import logging
import os
import shutil
from datetime import date
from pathlib import Path

import pytest

from bot.curriculum import library as live
from bot.curriculum.library import Library
from tests.content.makers import LESSON, a_copy, change
from tests.content.sample import TODAY

ID = "tracking-01-metrics-chain"


def a_library(folder: Path) -> Library:
    return Library(folder, today=lambda: TODAY)


def test_only_the_edited_file_is_parsed_again(tmp_path: Path) -> None:
    """The others are the very lessons of before; what was made of an old text is forgotten."""
    folder = a_copy(tmp_path)
    library = a_library(folder)
    before = library.current.curriculum.lessons
    for minutes in (5, 6, 7):
        change(folder, LESSON, f"minutes: {minutes - 1}", f"minutes: {minutes}")
        assert library.refresh()
    after = library.current.curriculum.lessons
    assert [old.id for old, new in zip(before, after, strict=True) if old is not new] == [ID]
    assert len(library._cache) == len(after)


def test_a_new_day_alone_reads_nothing(tmp_path: Path) -> None:
    """A day to look a lesson over that passes is for `content check`; it doesn't touch what is live."""
    day = TODAY
    library = Library(a_copy(tmp_path), today=lambda: day)
    before = library.current
    day = date(2031, 1, 1)
    assert not library.refresh()
    assert library.current is before


def test_a_copy_that_keeps_its_time_is_seen(tmp_path: Path) -> None:
    """Deployed over the old file, with the same size and the same time of change."""
    folder = a_copy(tmp_path)
    library = a_library(folder)
    path, other = folder / LESSON, tmp_path / "other.md"
    other.write_text(path.read_text("utf-8").replace("minutes: 4", "minutes: 9"), "utf-8")
    os.utime(other, ns=(path.stat().st_atime_ns, path.stat().st_mtime_ns))
    other.replace(path)
    assert library.refresh()
    assert library.current.curriculum.lesson(ID).minutes == 9


def test_an_edit_behind_a_link_is_seen(tmp_path: Path) -> None:
    """An area's folder, or all of them, may lie elsewhere, as on a drive that the team shares."""
    folder = a_copy(tmp_path)
    elsewhere = (folder / "areas").rename(tmp_path / "shared")
    talent = (elsewhere / "talent").rename(tmp_path / "talent")
    (folder / "areas").symlink_to(elsewhere)
    (elsewhere / "talent").symlink_to(talent)
    library = Library(folder, today=lambda: TODAY)
    for file in (LESSON, "areas/talent/02-scorecard.md"):
        change(folder, file, "minutes: 4", "minutes: 5")
        assert library.refresh(), file


def test_an_editors_own_files_are_no_edit(tmp_path: Path) -> None:
    """Swap files, back-ups and locks come and go beside a lesson."""
    folder = a_copy(tmp_path)
    library = a_library(folder)
    for name in (".01-metrics-chain.md.swp", "01-metrics-chain.md~", ".#01-metrics-chain.md", "#01-metrics-chain.md#"):
        (folder / "areas/sales-tracking" / name).write_text("half a lesson", "utf-8")
    assert not library.refresh()


def test_each_problem_is_told_once(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    """Other files are saved before it is mended; told again only if it comes back after it was mended."""
    folder = a_copy(tmp_path)
    library = a_library(folder)
    caplog.set_level(logging.WARNING, "bot")

    def told() -> int:
        return sum("«minutes» can't be read" in record.getMessage() for record in caplog.records)

    change(folder, LESSON, "minutes: 4", "minutes: many")
    library.refresh()
    change(folder, "areas/sales-tracking/02-clean-pipeline.md", "minutes: 4", "minutes: 5")
    library.refresh()
    assert told() == 1
    change(folder, LESSON, "minutes: many", "minutes: 4")
    assert library.refresh()
    change(folder, LESSON, "minutes: 4", "minutes: many")
    library.refresh()
    assert told() == 2


def test_a_folder_that_goes_and_comes_back(tmp_path: Path) -> None:
    """While a deployment swaps it, the last good version stays; then the new one is live."""
    folder = a_copy(tmp_path)
    library = a_library(folder)
    before = library.current
    shutil.move(folder, tmp_path / "away")
    assert not library.refresh()
    assert library.current is before
    change(tmp_path / "away", LESSON, "minutes: 4", "minutes: 5")
    shutil.move(tmp_path / "away", folder)
    assert library.refresh()
    assert library.current.curriculum.lesson(ID).minutes == 5


async def test_the_watch_outlives_a_surprise(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """A fault of the disk in the middle of a look is told, and the next edit still goes live."""
    monkeypatch.setattr(live, "LOOK_EVERY_SECONDS", 0.0)
    looks, live_again = 0, asyncio.Event()
    loop = asyncio.get_running_loop()

    class OnABadDisk(Library):
        def refresh(self) -> bool:
            nonlocal looks
            looks += 1
            if looks == 1:
                raise OSError("the disk has gone")
            if renewed := super().refresh():
                loop.call_soon_threadsafe(live_again.set)
            return renewed

    folder = a_copy(tmp_path)
    library = OnABadDisk(folder, today=lambda: TODAY)
    change(folder, LESSON, "minutes: 4", "minutes: 5")
    caplog.set_level(logging.ERROR, "bot")
    watching = asyncio.create_task(library.watch())
    async with asyncio.timeout(120):
        await live_again.wait()
    watching.cancel()
    assert library.current.curriculum.lesson(ID).minutes == 5
    assert "the last good version stays live" in caplog.text
