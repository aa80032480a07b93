"""A thousand lessons are read within two seconds, and an edit of one of them within a fifth of one."""

import re
import shutil
import sys
from pathlib import Path
from statistics import median
from time import perf_counter

from bot.curriculum.library import Library
from tests.bench.crowd import NOW
from tests.world import CONTENT

LESSONS, EDITS = 1_000, 9
MOST_TO_LOAD, MOST_FOR_AN_EDIT = 2.0, 0.2  # seconds
_ID = re.compile(r"^id: (?P<id>.+)$", re.MULTILINE)


def test_a_thousand_lessons(tmp_path: Path) -> None:
    """The program's own lessons over and over, each with an id of its own; then one of them is saved again and again."""
    folder = _a_large_folder(tmp_path / "content")
    loads, edits = [], []
    for _ in range(3):
        began = perf_counter()
        library = Library(folder, today=NOW.date)
        loads.append(perf_counter() - began)
    assert len(library.current.curriculum.lessons) == LESSONS
    edited = next(path for path in sorted(folder.glob("areas/*/0*.md")) if path.name.count(".") == 1)
    for _ in range(EDITS):
        edited.write_text(edited.read_text("utf-8") + "\n", "utf-8")
        began = perf_counter()
        assert library.refresh()
        edits.append(perf_counter() - began)
    sys.stdout.write(
        f"\n{LESSONS:,} lessons: read in {median(loads):.2f} s (at most {max(loads):.2f}),"
        f" one edited: {1000 * median(edits):.0f} ms (at most {1000 * max(edits):.0f})\n"
    )
    assert median(loads) <= MOST_TO_LOAD
    assert median(edits) <= MOST_FOR_AN_EDIT


def _a_large_folder(folder: Path) -> Path:
    shutil.copytree(CONTENT, folder)
    originals = [path for path in sorted(folder.glob("areas/*/[0-9]*.md")) if path.name.count(".") == 1]
    for number in range(LESSONS - len(originals)):
        path = originals[number % len(originals)]
        text = _ID.sub(rf"id: \g<id>-{number}", path.read_text("utf-8"), count=1)
        (path.parent / f"{100 + number}-{path.name}").write_text(text, "utf-8")
    return folder
