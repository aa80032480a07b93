"""The words of every message, from content/messages/<kind>.md: one section `## key` for each place where words are needed."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Any

from jinja2 import TemplateError

from bot.curriculum import templates
from bot.curriculum.languages import originals, translations
from bot.curriculum.markdown import to_mrkdwn
from bot.curriculum.slips import MANY, Problem, did_you_mean
from bot.curriculum.textfile import TextFile, read_text, split_front_matter

# kind → key → sample values of the names that may stand in it
Phrases = Mapping[str, Mapping[str, Mapping[str, Any]]]

LONGEST_PHRASE = 2900
_HEADING = re.compile(r"^##\s+(\S+)\s*$")


@dataclass(frozen=True)
class Wording:
    """All words, by «kind.key». Values are escaped for mrkdwn; where there is no markup they are left as they are."""

    phrases: Mapping[str, str]  # as written, in Markdown
    mrkdwn_phrases: Mapping[str, str]
    translations: Mapping[str, "Wording"] = field(default_factory=dict)  # each of them has words for every place

    def mrkdwn(self, place: str, **values: Any) -> str:
        """The words for a place with markup. Whatever a person typed is harmless in it."""
        return templates.fill(self.mrkdwn_phrases[place], values, escaping=True)

    def plain(self, place: str, **values: Any) -> str:
        """The words for a place without markup: a button, a heading. One line."""
        return _line(self.phrases[place], values) if values else _label(self.phrases[place])

    def fill(self, text: str, **values: Any) -> str:
        """A lesson's text, which is mrkdwn already, with its placeholders filled."""
        return templates.fill(text, values, escaping=True)


@lru_cache(maxsize=4096)  # five of them stand on each message
def _label(text: str) -> str:
    """A line that says the same each time."""
    return _line(text, {})


def _line(text: str, values: dict[str, Any]) -> str:
    return " ".join(templates.fill(text, values, escaping=False).split())


def read_wording(directory: Path, phrases: Phrases, shown_as: str) -> tuple[Wording | None, list[Problem]]:
    """The words in a folder, and all problems with them; None if any place has no usable words."""
    written: dict[str, str] = {}
    problems = _strangers(directory, phrases, shown_as)
    for kind, keys in phrases.items():
        path = f"{shown_as}/{kind}.md"
        words, found = _words(directory / f"{kind}.md", path, kind, keys)
        if words is not None:
            missing = [key for key in keys if f"{kind}.{key}" not in words]
            found += [Problem(path, 1, f"no words for «{key}»", f"add a section ## {key}") for key in missing]
        problems += found
        written |= words or {}
    said, found = _translated(directory, phrases, shown_as)
    problems += found
    if any(problem.severity == "error" for problem in problems):
        return None, problems
    mrkdwn = _as_mrkdwn(written)
    others = {one: Wording({**written, **words}, {**mrkdwn, **_as_mrkdwn(words)}) for one, words in said.items()}
    return Wording(written, mrkdwn, others), problems


def _translated(directory: Path, phrases: Phrases, shown_as: str) -> tuple[dict[str, dict[str, str]], list[Problem]]:
    """The words of each other language, as far as there are any; what is missing is one warning a file."""
    said: dict[str, dict[str, str]] = {}
    files, problems = translations(directory, shown_as)
    for file in files:
        kind = file.of.removesuffix(".md")
        if kind not in phrases:
            continue
        words, found = _words(file.path, file.shown_as, kind, phrases[kind])
        missing = [key for key in phrases[kind] if f"{kind}.{key}" not in (words or {})]
        if words is not None and missing:
            what = f"{len(missing)} of {len(phrases[kind])} texts are not translated: there the original is said"
            mend = f"add ## {', ## '.join(missing[:MANY])}{', …' if len(missing) > MANY else ''}"
            problems.append(Problem(file.shown_as, 1, what, mend, "warning"))
        problems += found
        said.setdefault(file.language, {}).update(words or {})
    return said, problems


def _words(
    path: Path, shown_as: str, kind: str, keys: Mapping[str, Any]
) -> tuple[dict[str, str] | None, list[Problem]]:
    """The words in one file, by «kind.key», and what is wrong with those that are there; None if it can't be read."""
    file = read_text(path, shown_as)
    if isinstance(file, Problem):
        return None, [file]
    sections, problems = _sections(file)
    problems += _unknown(shown_as, sections, keys)
    for key, (line, text) in sections.items():
        problems += _checked(shown_as, line, key, text, keys[key]) if key in keys else []
    return {f"{kind}.{key}": text.strip() for key, (_, text) in sections.items() if key in keys}, problems


def _as_mrkdwn(words: Mapping[str, str]) -> dict[str, str]:
    return {place: to_mrkdwn(text) for place, text in words.items()}


def _sections(file: TextFile) -> tuple[dict[str, tuple[int, str]], list[Problem]]:
    start = 0
    problems: list[Problem] = []
    if file.lines[0].strip() == "---":
        _, start, problems = split_front_matter(file)
    sections: dict[str, tuple[int, str]] = {}
    key, first, body = "", 0, list[str]()
    for number, line in enumerate((*file.lines[start:], "## end"), start=start + 1):
        heading = _HEADING.match(line)
        if not heading:
            body.append(line)
            continue
        if not key and "\n".join(body).strip():
            problems.append(Problem(file.path, start + 1, "words above the first ## heading", "put them below one"))
        if key in sections:
            problems.append(Problem(file.path, first, f"«{key}» stands here twice", "keep one of the two"))
        if key:
            sections[key] = (first, "\n".join(body))
        key, first, body = heading.group(1), number, []
    return sections, problems


def _unknown(path: str, sections: Mapping[str, tuple[int, str]], keys: Mapping[str, Any]) -> list[Problem]:
    return [
        Problem(path, line, f"nothing is called «{key}» here", did_you_mean(key, keys))
        for key, (line, _) in sections.items()
        if key not in keys
    ]


def _strangers(directory: Path, phrases: Phrases, shown_as: str) -> list[Problem]:
    return [
        Problem(f"{shown_as}/{path.name}", 1, "no message is called so", did_you_mean(path.stem, phrases), "warning")
        for path in originals(directory)
        if path.stem not in phrases
    ]


def _checked(path: str, line: int, key: str, body: str, samples: Mapping[str, Any]) -> list[Problem]:
    text = body.strip()  # as it is said: what is compiled here is not compiled anew then
    if not text:
        return [Problem(path, line, f"«{key}» is empty", "write what should be said")]
    above = line + body[: body.index(text)].count("\n")
    try:
        unknown = [(name, at) for name, at in templates.names_in(text) if not _known(name, samples)]
        if unknown:
            return [
                Problem(path, above + at, f"«{name}» is not known here", _instead(name, samples))
                for name, at in unknown
            ]
        rendered = templates.fill(to_mrkdwn(text), dict(samples), escaping=True)
        plain = templates.fill(text, dict(samples), escaping=False)
    except templates.Broken as error:
        return [Problem(path, above + error.line, error.what, error.mend)]
    except (TemplateError, TypeError, ValueError) as error:  # as when a number is compared with words
        what = f"words that can't be put together ({str(error)[:80]})"
        return [Problem(path, line + 1, what, "check the names in them")]
    if not rendered.strip() or not plain.strip():
        return [Problem(path, line, f"«{key}» says nothing", "write what should be said")]
    if len(rendered) > LONGEST_PHRASE:
        what = f"«{key}» is {len(rendered)} characters"
        return [Problem(path, line, what, f"Slack shows {LONGEST_PHRASE}: shorten it")]
    return []


def _known(name: str, samples: Mapping[str, Any]) -> bool:
    """Whether a dotted name leads somewhere, also where the samples don't take its way through an «if»."""
    first, *rest = name.split(".")
    value = samples.get(first)
    for part in rest:
        value = value.get(part) if isinstance(value, Mapping) else getattr(value, part, None)
    return first in samples and (not rest or (value is not None and not callable(value)))


def _instead(name: str, samples: Mapping[str, Any]) -> str:
    return did_you_mean(name, samples) if samples else "take it out: these words are always the same"
