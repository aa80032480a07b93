"""Languages: which files say in another language what a file beside them says in the program's own."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from bot.curriculum.slips import Problem, did_you_mean

DRAFT = "draft"  # stands where a language would: `07-new.draft.md` is checked, and reaches nobody until it is renamed
_CODE = re.compile(r"[a-z]{2,3}(-[a-z]{2,4})?")


@dataclass(frozen=True)
class Translation:
    """A file such as `01-first.sl.md`: `of` is `01-first.md`, `language` is sl, `shown_as` is how problems name it."""

    path: Path
    shown_as: str
    of: str
    language: str


def is_language(code: str) -> bool:
    """Whether it is the code of a language, as en, sl or pt-br, in which dates can be said."""
    return bool(_CODE.fullmatch(code)) and _has_dates(code)


@cache
def _has_dates(code: str) -> bool:
    from babel import localedata

    return bool(localedata.exists(code.replace("-", "_")))


def language_in(name: str) -> tuple[str, str]:
    """A file's name without its language, and the language: («01-first.md», «sl»), or «» for an original."""
    stem, dot, code = name.removesuffix(".md").rpartition(".")
    return (f"{stem}.md", code.lower()) if dot else (name, "")


def originals(folder: Path) -> Iterator[Path]:
    """The Markdown files of a folder in the program's own language, by name. What is there for people is left out."""
    for path in sorted(folder.glob("[!.]*.md")):
        if not language_in(path.name)[1] and path.name != "README.md":
            yield path


def drafts(folder: Path) -> Iterator[Path]:
    """The lessons of a folder that are not finished, by name."""
    return (path for path in sorted(folder.glob(f"[!.]*.{DRAFT}.md")) if path.name[0].isdigit())


def translations(folder: Path, shown_as: str) -> tuple[list[Translation], list[Problem]]:
    """The translations in a folder, and the files that look like one and are none: nobody reads those."""
    found: list[Translation] = []
    problems: list[Problem] = []
    names = [path.name for path in originals(folder)]
    for path in sorted(folder.glob("[!.]*.md")):
        of, code = language_in(path.name)
        one = Translation(path, f"{shown_as}/{path.name}", of, code)
        if not code or code == DRAFT or of == "README.md":
            continue
        if not is_language(code):
            what, mend = f"no language «{code}»", "between two dots stands a language, as in 01-first.sl.md"
            problems.append(Problem(one.shown_as, 1, what, mend, "warning"))
        elif of not in names:
            what = f"there is no «{of}» that it could translate"
            problems.append(Problem(one.shown_as, 1, what, did_you_mean(of, names), "warning"))
        else:
            found.append(one)
    return found, problems
