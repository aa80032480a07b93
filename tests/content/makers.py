"""A small sound content folder, and ways to spoil it."""

import shutil
from pathlib import Path

CONTENT = Path(__file__).parents[2] / "content"
LESSON = "areas/sales-tracking/01-metrics-chain.md"


def a_copy(tmp_path: Path, *, translated: bool = False) -> Path:
    """The content that ships, to be spoilt; in the program's own language, unless it is about translations."""
    folder = tmp_path / "content"
    shutil.copytree(CONTENT, folder, ignore=None if translated else shutil.ignore_patterns("*.sl.md"))
    return folder


def change(folder: Path, file: str, old: str, new: str) -> None:
    """Replace the first place where something stands; it has to be there."""
    path = folder / file
    text = path.read_text("utf-8")
    assert old in text, f"{file} has no «{old}»"
    path.write_text(text.replace(old, new, 1), "utf-8")


def line_of(folder: Path, file: str, words: str) -> int:
    """On which line some words stand (1 is the first)."""
    lines = (folder / file).read_text("utf-8").splitlines()
    return next(number for number, line in enumerate(lines, start=1) if words in line)
