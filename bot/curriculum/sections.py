"""The parts of a Markdown file below its headings, with the line of each."""

import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass

from bot.curriculum.slips import Problem, closest, did_you_mean

_LOOKS_LIKE_A_HEADING = re.compile(r"^\s*#{1,6}\s*(?P<name>[^#]+?)\s*#*\s*$")


_FENCE = re.compile(r"\s*```[^`]*$")  # code in the middle of a line opens none


@dataclass(frozen=True)
class Section:
    """A heading's text, its line, and the lines below it."""

    heading: str
    line: int
    lines: tuple[str, ...]

    @property
    def text(self) -> str:
        return "\n".join(self.lines).strip()

    @property
    def first_words(self) -> int:
        """The line on which its text begins."""
        blank = next((number for number, line in enumerate(self.lines) if line.strip()), 0)
        return self.line + 1 + blank


def sections(lines: Sequence[str], mark: str, *, first_line: int) -> Iterator[Section]:
    """What stands above the first heading (its own heading is empty), then each heading with what is below it."""
    heading, line, below = "", first_line - 1, list[str]()
    code = _in_code(lines)
    for number, text in enumerate(lines, start=first_line):
        if mark in text[:9] and re.match(rf" {{0,3}}{mark}\s", text) and number - first_line not in code:
            yield Section(heading, line, tuple(below))
            heading, line, below = text.strip().strip("#").strip(), number, []
        else:
            below.append(text)
    yield Section(heading, line, tuple(below))


def fences(lines: Sequence[str]) -> list[int]:
    """On which lines, counted from 0, code begins and ends: each second one ends it."""
    return [number for number, text in enumerate(lines) if _FENCE.match(text)]


def _in_code(lines: Sequence[str]) -> set[int]:
    """The lines of code: what looks like a heading there is none. Code that never ends hides nothing."""
    ends = fences(lines)
    return {line for first, last in zip(ends[::2], ends[1::2], strict=False) for line in range(first, last)}


def headings(path: str, found: Sequence[Section], known: Collection[str], needed: Collection[str]) -> list[Problem]:
    """Unknown, missing, doubled and empty parts. A misspelt heading is one slip: the part is not missing too."""
    problems = []
    seen: set[str] = set()
    for section in found:
        if section.heading not in known:
            mend = did_you_mean(section.heading, known)
            problems.append(Problem(path, section.line, f"unknown heading «{section.heading}»", mend))
        elif section.heading in seen:
            what = f"the part «{section.heading}» stands here twice"
            problems.append(Problem(path, section.line, what, "make one of the two"))
        elif not section.text:
            problems.append(Problem(path, section.line, f"the part «{section.heading}» is empty", "write it"))
        seen.add(section.heading if section.heading in known else closest(section.heading, known) or section.heading)
    for section in found:
        for line, written, name in _strays(section, known):
            problems.append(Problem(path, line, f"«{written}» is not the heading of a part", f"write it as ## {name}"))
            seen.add(name)
    missing = [name for name in needed if name not in seen]
    return problems + [Problem(path, 1, f"no part «{name}»", f"add a heading ## {name}") for name in missing]


def _strays(section: Section, known: Collection[str]) -> Iterator[tuple[int, str, str]]:
    """Lines that were meant as the heading of a part, and are read as text."""
    by_folded = {name.casefold(): name for name in known}
    for number, line in enumerate(section.lines, start=section.line + 1):
        match = _LOOKS_LIKE_A_HEADING.match(line)
        if match and match["name"].casefold() in by_folded:
            yield number, line.strip(), by_folded[match["name"].casefold()]
