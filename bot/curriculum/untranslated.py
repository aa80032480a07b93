"""What is still to be translated, for `playercoach content check`: a line a file, or one for a folder of which nothing is."""

from collections.abc import Collection, Iterator
from pathlib import Path

from bot.curriculum.languages import language_in, originals
from bot.curriculum.slips import Problem


def untranslated(folder: Path, shown_as: str, languages: Collection[str], own: str) -> Iterator[Problem]:
    """The files of a folder that are missing in some of the languages, and those in the program's own that nobody reads."""
    names = [path.name for path in originals(folder)]
    there = {language_in(path.name) for path in folder.glob("[!.]*.md")}
    for of in sorted(of for of, language in there if language == own):
        mend = f"write it in {of}, which is in «{own}»"
        yield Problem(f"{shown_as}/{_in(own, of)}", 1, "nobody reads this file", mend, "warning")
    for language in sorted(set(languages) - {own}):
        missing = [name for name in names if (name, language) not in there]
        if missing and len(missing) == len(names):
            what, mend = f"nothing of this folder is in «{language}»", f"it is said in «{own}» until you translate it"
            yield Problem(f"{shown_as}/{_in(language, _first(names))}", 1, what, mend, "warning")
            continue
        for name in missing:
            what, mend = f"{name} is not in «{language}»", f"it is said in «{own}» until you translate it"
            yield Problem(f"{shown_as}/{_in(language, name)}", 1, what, mend, "warning")


def _in(language: str, name: str) -> str:
    return f"{name.removesuffix('.md')}.{language}.md"


def _first(names: Collection[str]) -> str:
    return "area.md" if "area.md" in names else min(names)
