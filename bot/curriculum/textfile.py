"""A text file as editors leave it, made uniform: its lines, and its front matter with the line of each key."""

import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

from bot.curriculum.slips import Problem

LARGEST_FILE = 1_000_000
_CURLY = str.maketrans({"\u201c": '"', "\u201d": '"', "\u201e": '"', "\u2018": "'", "\u2019": "'", "\u00a0": " "})
_UNQUOTED_COLON = re.compile(r"^\s*[\w-]+:\s+[^'\"\[{#>|].*:\s")


@dataclass(frozen=True)
class TextFile:
    """The uniform lines of a file; `path` is how problems name it."""

    path: str
    lines: tuple[str, ...]


@dataclass(frozen=True)
class Keys:
    """Front matter or a YAML file: its values, and on which line each key stands (1 is the file's first)."""

    values: dict[str, Any] = field(default_factory=dict)
    line_of: dict[str, int] = field(default_factory=dict)


def read_text(path: Path, shown_as: str) -> TextFile | Problem:
    """The file without byte-order mark, carriage returns and non-breaking spaces; or why it can't be read."""
    try:
        raw = path.read_bytes()
    except OSError:
        return Problem(shown_as, 1, "the file can't be opened", "check that it is there and may be read")
    if len(raw) > LARGEST_FILE:
        return Problem(shown_as, 1, "the file is larger than 1 MB", "a lesson is a page of text: move the rest out")
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        return Problem(shown_as, line, "a character that is not UTF-8", "save the file with the encoding UTF-8")
    if not text.strip():
        return Problem(shown_as, 1, "the file is empty", "write it, or delete the file")
    uniform = text.replace("\r\n", "\n").replace("\r", "\n").replace("\u00a0", " ")
    return TextFile(shown_as, tuple(uniform.split("\n")))


def split_front_matter(file: TextFile) -> tuple[Keys, int, list[Problem]]:
    """The front matter between two lines of ---, the number of lines that it takes, and its problems."""
    lines = file.lines
    if lines[0].strip() != "---":
        return Keys(), 0, [Problem(file.path, 1, "no front matter", "begin the file with a line --- and its keys")]
    for end in range(1, len(lines)):
        if lines[end].strip() == "---":
            keys, problems = read_yaml(file.path, lines[1:end], first_line=2)
            return keys, end + 1, problems
    return Keys(), len(lines), [Problem(file.path, 1, "the front matter does not end", "close it with a line ---")]


def read_yaml(path: str, lines: tuple[str, ...], *, first_line: int) -> tuple[Keys, list[Problem]]:
    """YAML with the line of each top-level key; a parser's complaint in plain words."""
    for number, line in enumerate(lines):
        if line.startswith("\t") or "\t" in line[: len(line) - len(line.lstrip())]:
            return Keys(), [Problem(path, first_line + number, "the line begins with a tab", "use two spaces instead")]
    text = "\n".join(line.translate(_CURLY) for line in lines)
    try:
        values = yaml.load(text, Loader=_PlainTimes)  # noqa: S506 — a SafeLoader, with fewer surprises
        node = yaml.compose(text, Loader=_PlainTimes)
    except yaml.YAMLError as error:
        return Keys(), [_reworded(path, lines, first_line, error)]
    if values is None:
        return Keys(), []
    if not isinstance(values, dict) or not isinstance(node, yaml.MappingNode):
        return Keys(), [Problem(path, first_line, "no keys", "write one «key: value» a line")]
    line_of: dict[str, int] = {}
    problems = []
    for key, _ in node.value:
        line = first_line + key.start_mark.line
        if key.value in line_of:
            problems.append(Problem(path, line, f"«{key.value}» stands here twice", "keep one of the two"))
        line_of[str(key.value)] = line
    return Keys({str(key): value for key, value in values.items()}, line_of), problems


class _PlainTimes(yaml.SafeLoader):
    """YAML 1.1 reads 09:00 as a number of minutes, and yes as true: here a time stays text."""


_PlainTimes.yaml_implicit_resolvers = {
    first: [(tag, rule) for tag, rule in rules if tag not in ("tag:yaml.org,2002:int", "tag:yaml.org,2002:float")]
    for first, rules in yaml.SafeLoader.yaml_implicit_resolvers.items()
}
_PlainTimes.add_implicit_resolver("tag:yaml.org,2002:int", re.compile(r"^[-+]?\d+$"), list("-+0123456789"))


def _reworded(path: str, lines: tuple[str, ...], first_line: int, error: yaml.YAMLError) -> Problem:
    mark = getattr(error, "problem_mark", None)
    at = min(mark.line if mark else 0, len(lines) - 1)
    for near in (at, at - 1):
        if 0 <= near < len(lines) and _UNQUOTED_COLON.match(lines[near] + " "):
            return Problem(path, first_line + near, "a value with a colon in it", 'put the value into "quotes"')
    if "found character" in str(error) and "start any token" in str(error):
        return Problem(path, first_line + at, "a character that YAML gives a meaning", 'put the value into "quotes"')
    return Problem(
        path, first_line + at, "the line is not «key: value»", "check colons, quotes, brackets and indentation"
    )
