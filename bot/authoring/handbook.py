"""The whole course as one HTML page: to read it through, to print it, to send it to someone without Slack."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib import resources
from pathlib import Path
from typing import Any

from jinja2 import Environment, StrictUndefined, Template
from markdown_it import MarkdownIt
from markupsafe import Markup

from bot.curriculum import templates
from bot.curriculum.languages import language_in, originals
from bot.curriculum.model import Area, Curriculum, Lesson, Program
from bot.curriculum.sections import sections
from bot.curriculum.textfile import TextFile, read_text, split_front_matter

_LINK = re.compile(r"<(https?://[^|>\"]+)\|([^<>]*)>")
_STRONG = re.compile(r"(?<!\w)\*(\S(?:[^*\n]*\S)?)\*(?!\w)")
_EM = re.compile(r"(?<![\w/])_(\S(?:[^_\n]*\S)?)_(?!\w)")
PARTS = {"": "body", "Example": "example", "Peers": "peers"}


@dataclass(frozen=True)
class Page:
    """A lesson as it is printed: what is known of it, and its parts as HTML."""

    lesson: Lesson
    parts: Mapping[str, Markup]


@dataclass(frozen=True)
class Chapter:
    """An area with its lessons in their order."""

    area: Area
    pages: tuple[Page, ...]


def handbook(directory: Path, curriculum: Curriculum, *, today: date) -> str:
    """The page. Its words come from the lesson files, which are Markdown; nothing in it needs the network."""
    files = _files(directory, curriculum)
    names = _names(curriculum.program)
    chapters = [
        Chapter(
            area,
            tuple(_page(lesson, files[lesson.id], names) for lesson in curriculum.lessons if lesson.area == area.id),
        )
        for area in curriculum.areas
    ]
    program = curriculum.program
    return _template().render(
        program=program, chapters=chapters, today=today, said=lambda text: _from_mrkdwn(text, names)
    )


def _files(directory: Path, curriculum: Curriculum) -> dict[str, TextFile]:
    """The file of each lesson, by its id."""
    found: dict[str, TextFile] = {}
    for area in curriculum.program.areas:
        for path in originals(directory / "areas" / area):
            file = read_text(path, path.name)
            if isinstance(file, TextFile) and not language_in(path.name)[1]:
                keys, _, _ = split_front_matter(file)
                found[str(keys.values.get("id"))] = file
    return found


def _names(program: Program) -> dict[str, Any]:
    """What the placeholders stand for where nobody in particular reads."""
    return {
        "manager": {"first_name": "Maya"},
        "mentor": {"first_name": "your mentor"},
        "company": program.company.model_dump(),
        "cohort": {"name": "your cohort"},
    }


def _page(lesson: Lesson, file: TextFile, names: Mapping[str, Any]) -> Page:
    written = {name: _html(text, names) for name, text in _parts(file)}
    parts = {name: written.get(name, Markup()) for name in PARTS.values()}
    return Page(lesson, {**parts, "do_it": Markup("<p>{}</p>").format(_from_mrkdwn(lesson.action.text, names))})


def _parts(file: TextFile) -> Iterator[tuple[str, str]]:
    """The texts of a lesson file, by name."""
    _, taken, _ = split_front_matter(file)
    for section in sections(file.lines[taken:], "##", first_line=taken + 1):
        if section.heading in PARTS:
            yield PARTS[section.heading], section.text


def _html(text: str, names: Mapping[str, Any]) -> Markup:
    filled = templates.fill(text, dict(names), escaping=False)
    return Markup(_markdown().render(filled))  # noqa: S704 — markdown-it escapes all HTML that stands in a lesson


def _from_mrkdwn(text: str, names: Mapping[str, Any]) -> Markup:
    """What is kept as Slack's mrkdwn, in which `&<>` are escaped already, as HTML."""
    filled = templates.fill(text, dict(names), escaping=True)
    linked = _LINK.sub(r'<a href="\1">\2</a>', filled)
    return Markup(_STRONG.sub(r"<strong>\1</strong>", _EM.sub(r"<em>\1</em>", linked)).replace("\n", "<br>"))  # noqa: S704


@cache
def _markdown() -> MarkdownIt:
    return MarkdownIt("commonmark", {"html": False}).enable("strikethrough")


@cache
def _template() -> Template:
    source = resources.files("bot.authoring").joinpath("page", "handbook.html").read_text("utf-8")
    return Environment(undefined=StrictUndefined, autoescape=True, trim_blocks=True, lstrip_blocks=True).from_string(
        source
    )
