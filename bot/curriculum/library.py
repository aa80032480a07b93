"""The live curriculum: picks an edit up by itself, and keeps the last good one when the edit is broken."""

import asyncio
import logging
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from bot.boundary import failures_stay
from bot.curriculum.model import Curriculum
from bot.curriculum.phrases import PHRASES
from bot.curriculum.reader import Cache, read
from bot.curriculum.slips import Problem
from bot.curriculum.wording import Wording, read_wording

logger = logging.getLogger(__name__)

LOOK_EVERY_SECONDS = 1.0
DEPTHS = ("", "*/", "*/*/")  # as far as anything is read; unlike «**», it goes into a folder that is a link


class ContentBroken(Exception):
    """There is no usable content to begin with; `problems` says why."""

    def __init__(self, problems: list[Problem]) -> None:
        super().__init__(f"{len(problems)} problems in the content")
        self.problems = problems


@dataclass(frozen=True)
class Taught:
    """One consistent version of everything that is taught and said, in one language."""

    curriculum: Curriculum
    wording: Wording
    language: str = "en"
    languages: tuple[str, ...] = ("en",)  # all that there are, the program's first
    _in_all: Mapping[str, "Taught"] = field(default_factory=dict, repr=False, compare=False)

    def speaking(self, language: str | None) -> "Taught":
        """The same in a language, as far as it exists in it; in the program's, if it doesn't."""
        return self._in_all.get(language or "") or self._in_all.get(self.languages[0], self)


def in_all_languages(curriculum: Curriculum, wording: Wording) -> Taught:
    """What is taught and said in the program's language; `speaking` gives it in the others."""
    own = curriculum.program.language
    languages = (own, *sorted({*curriculum.translations, *wording.translations} - {own}))
    in_all: dict[str, Taught] = {}
    for language in languages:
        lessons = curriculum.translations.get(language, curriculum) if language != own else curriculum
        words = wording.translations.get(language, wording) if language != own else wording
        in_all[language] = Taught(lessons, words, language, languages, in_all)
    return in_all[own]


def language_of(chosen: str | None, locale: str | None, available: Sequence[str]) -> str:
    """The language for someone: their choice, else their locale's (as sl-SI), else the first, which is the program's."""
    local = (locale or "").replace("_", "-").lower()
    for wanted in (chosen, local, local.split("-")[0]):
        if wanted and wanted in available:
            return wanted
    return available[0]


class Words:
    """The words of a folder, read anew only once one of its files was saved."""

    def __init__(self) -> None:
        self._seen: object = None
        self._read: tuple[Wording | None, list[Problem]] = (None, [])

    def read(self, directory: Path, shown_as: str) -> tuple[Wording | None, list[Problem]]:
        """As `read_wording`."""
        seen = signature(directory)
        if seen != self._seen:
            self._seen, self._read = seen, read_wording(directory, PHRASES, shown_as)
        return self._read


class Library:
    """Holds the current version. Looking at files' dates once a second is dull, and works on every disk and mount."""

    def __init__(self, directory: Path, *, today: Callable[[], date]) -> None:
        self._directory = directory
        self._today = today
        self._cache: Cache = {}
        self._words = Words()
        self._told: set[Problem] = set()
        self._seen = signature(self._directory)
        taught, problems = self._read()
        if taught is None:
            raise ContentBroken(problems)
        self.current = taught

    def refresh(self) -> bool:
        """Look whether anything was edited; whether there is a new version."""
        now = signature(self._directory)
        if now == self._seen:
            return False
        self._seen = now
        taught, problems = self._read()
        if taught is None:
            self._tell(problems)
            return False
        self.current = taught
        self._told.clear()
        logger.info("an edit of the content is live", extra={"action": "content.reloaded"})
        return True

    async def watch(self) -> None:
        """Pick edits up until cancelled."""
        while True:
            await asyncio.sleep(LOOK_EVERY_SECONDS)
            # Nobody awaits this task: one surprise (a folder swapped while it is listed) would else end the watch in
            # silence, and no later edit would ever go live.
            with failures_stay(
                logger, "the content could not be read; the last good version stays live", action="content.unreadable"
            ):
                await asyncio.to_thread(self.refresh)

    def _read(self) -> tuple[Taught | None, list[Problem]]:
        name = self._directory.name
        curriculum, problems = read(self._directory, today=self._today(), cache=self._cache)
        wording, found = self._words.read(self._directory / "messages", f"{name}/messages")
        if curriculum is None or wording is None:
            return None, [problem for problem in [*problems, *found] if problem.severity == "error"]
        return in_all_languages(curriculum, wording), []

    def _tell(self, problems: list[Problem]) -> None:
        """Each problem once, however often other files are saved before it is mended."""
        logger.warning(
            "the content was edited and has problems; the last good version stays live",
            extra={"action": "content.kept"},
        )
        for problem in problems:
            if problem not in self._told:
                logger.warning("%s", problem, extra={"action": "content.problem"})
        self._told = set(problems)


def signature(directory: Path) -> tuple[tuple[str, int, int, int], ...]:
    """What changes with every save. Other files than these, such as an editor's own, say nothing."""
    files = []
    for path in sorted(path for depth in DEPTHS for path in directory.glob(f"{depth}*.*")):
        try:
            stat = path.stat()
        except OSError:  # gone between the listing and the look: the next look sees it
            continue
        if path.suffix in (".md", ".yaml") and not path.name.startswith("."):
            # A copy may keep the time of its original; no copy keeps the time of its own inode.
            files.append((str(path), stat.st_mtime_ns, stat.st_ctime_ns, stat.st_size))
    return tuple(files)
