"""A text file as editors leave it, made uniform: its lines, and its front matter with the line of each key."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

from bot.curriculum.slips import Problem

LARGEST_FILE = 1_000_000
SHALLOW = 200  # marks that may nest: beyond some thousands, the quick parser of YAML would end the process
# A byte-order mark also comes into the middle, where one file was pasted behind another.
_SPACES = str.maketrans({**dict.fromkeys("\u00a0\u0085\u2028\u2029", " "), "\ufeff": ""})
# What neither YAML nor PostgreSQL takes. A file saved as UTF-16 is full of zeros.
_UNSEEN = re.compile("[^\t\n\x20-\x7e\xa0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
# Curly quotes around a whole value, as text editors make them; those inside of a value belong to its words.
_CURLY_QUOTED = re.compile(r"(?P<before>:\s+|-\s+|[\[,]\s*)[“”„‘‚](?P<words>[^“”„\"]*)[“”’](?=\s*(?:$|[,\]]|\s#))")
_UNQUOTED_COLON = re.compile(r"^\s*[\w-]+:\s+[^'\"\[{#>|].*:\s")
_MEANING_SOMETHING = re.compile(r"^\s*[\w-]+:\s+(?P<mark>[{*&!|>%@`])")


@dataclass(frozen=True)
class TextFile:
    """The uniform lines of a file; `path` is how problems name it."""

    path: str
    lines: tuple[str, ...]


@dataclass(frozen=True)
class Keys:
    """Front matter or a YAML file: its values, all of them text, and the line of each key (1 is the file's first).

    A key inside of another is named with a dot, as `lessons.at`.
    """

    values: dict[str, Any] = field(default_factory=dict)
    line_of: dict[str, int] = field(default_factory=dict)


def read_text(path: Path, shown_as: str) -> TextFile | Problem:
    """The file without byte-order mark, carriage returns and non-breaking spaces; or why it can't be read."""
    try:
        if path.stat().st_size > LARGEST_FILE:
            return Problem(shown_as, 1, "the file is larger than 1 MB", "a lesson is a page of text: move the rest out")
        raw = path.read_bytes()
    except OSError:
        return Problem(shown_as, 1, "the file can't be opened", "check that it is there and may be read")
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        return Problem(shown_as, line, "a character that is not UTF-8", "save the file with the encoding UTF-8")
    if not text.strip():
        return Problem(shown_as, 1, "the file is empty", "write it, or delete the file")
    uniform = text.replace("\r\n", "\n").replace("\r", "\n").translate(_SPACES)
    if unseen := _UNSEEN.search(uniform):
        line = uniform.count("\n", 0, unseen.start()) + 1
        code = f"U+{ord(unseen.group()):04X}"
        return Problem(shown_as, line, f"a character that nobody sees ({code})", "delete it, and save as UTF-8")
    return TextFile(shown_as, tuple(uniform.split("\n")))


def split_front_matter(file: TextFile) -> tuple[Keys, int, list[Problem]]:
    """The front matter between two lines of ---, the number of lines that it takes, and its problems."""
    lines = file.lines
    if lines[0].strip() != "---":
        return (
            Keys(),
            0,
            [
                Problem(
                    file.path,
                    1,
                    "no head",
                    "begin the file with a line ---, the keys and a line ---",
                )
            ],
        )
    for end in range(1, len(lines)):
        if lines[end].strip() == "---":
            keys, problems = read_yaml(file.path, lines[1:end], first_line=2)
            return keys, end + 1, problems
    return (
        Keys(),
        len(lines),
        [Problem(file.path, 1, "the head does not end", "close it with a line ---, below its last key")],
    )


def read_yaml(path: str, lines: tuple[str, ...], *, first_line: int) -> tuple[Keys, list[Problem]]:
    """YAML with the line of each key; a parser's complaint in plain words.

    Every value stays the text that was written: YAML 1.1 would make minutes of 09:00, true of yes, and stumble over a
    30th of February. The shapes of the model say what a value should be.
    """
    if tabs := [number for number, line in enumerate(lines) if "\t" in line[: len(line) - len(line.lstrip())]]:
        return Keys(), [Problem(path, first_line + tabs[0], "the line begins with a tab", "use two spaces instead")]
    text = "\n".join(_CURLY_QUOTED.sub(r'\g<before>"\g<words>"', line).replace("\t", " ") for line in lines)
    try:
        node, values = _loaded(text)
    except yaml.YAMLError as error:
        return Keys(), [_reworded(path, lines, first_line, error)]
    except RecursionError:  # thousands of brackets: a slip of the keyboard, or an attempt
        return Keys(), [Problem(path, first_line, "brackets in brackets, far too deep", "write a list as [one, two]")]
    if "\\" in text and (at := _escaped(text)) is not None:
        return Keys(), [Problem(path, first_line + at, "a \\ that makes a character nobody sees", "take it out")]
    return _with_lines(path, node, values, first_line)


def _loaded(text: str) -> tuple[yaml.Node | None, Any]:
    """By the quick parser where there is one; what it refuses is read again by the one that says what is wrong, and where."""
    quick = getattr(yaml, "CBaseLoader", None)
    if quick is not None and sum(map(text.count, "[{?-")) <= SHALLOW:
        try:
            return _loaded_by(quick, text)
        except yaml.YAMLError:
            pass
    return _loaded_by(yaml.BaseLoader, text)


def _loaded_by(loader_class: Any, text: str) -> tuple[yaml.Node | None, Any]:
    loader = loader_class(text)
    node = loader.get_single_node()
    return node, loader.construct_document(node) if node else {}


def _with_lines(path: str, node: yaml.Node | None, values: Any, first_line: int) -> tuple[Keys, list[Problem]]:
    if node is None:
        return Keys(), []
    if not isinstance(node, yaml.MappingNode):
        return Keys(), [Problem(path, first_line, "no keys", "write one «key: value» a line")]
    line_of: dict[str, int] = {}
    problems = []
    for name, at in _lines(node, first_line):
        if name in line_of:
            problems.append(Problem(path, at, f"«{name}» stands here twice", "keep one of the two"))
        line_of[name] = at
    return Keys(values, line_of), problems


def _escaped(text: str) -> int | None:
    """On which line, counted from 0, an escape such as backslash and 0 makes what can't be stored."""
    for token in yaml.scan(text, Loader=yaml.BaseLoader):
        if isinstance(token, yaml.ScalarToken) and _UNSEEN.search(token.value):
            return int(token.start_mark.line)
    return None


def _lines(node: yaml.MappingNode, first_line: int, above: str = "") -> Iterator[tuple[str, int]]:
    for key, value in node.value:
        yield f"{above}{key.value}", first_line + key.start_mark.line
        if isinstance(value, yaml.MappingNode) and not above:  # the model goes no deeper, and an alias may go round
            yield from _lines(value, first_line, f"{key.value}.")


def _reworded(path: str, lines: tuple[str, ...], first_line: int, error: yaml.YAMLError) -> Problem:
    mark, began = getattr(error, "problem_mark", None), getattr(error, "context_mark", None)
    context = str(getattr(error, "context", ""))
    at = min(mark.line if mark else 0, len(lines) - 1)
    opened = first_line + began.line if began else first_line + at
    for near in (at, at - 1):
        if near >= 0 and _UNQUOTED_COLON.match(lines[near] + " "):
            return Problem(path, first_line + near, "a value with a colon in it", 'put the value into "quotes"')
        if near >= 0 and (special := _MEANING_SOMETHING.match(lines[near])):
            what = f"a value that begins with {special['mark']}"
            return Problem(path, first_line + near, what, 'put the value into "quotes"')
    if "quoted scalar" in context:
        return Problem(path, opened, "a quote is opened but not closed", "close it at the end of the value")
    if "flow" in context:
        return Problem(path, opened, "a bracket is opened but not closed", "write a list as [one, two]")
    return Problem(
        path, first_line + at, "the line is not «key: value»", "check colons, quotes, brackets and indentation"
    )
