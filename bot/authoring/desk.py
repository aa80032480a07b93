"""What the preview shows: areas, lessons and words as they stand in the files now, drawn by the bot's own renderers."""

from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from datetime import date
from pathlib import Path
from typing import Any
from uuid import NAMESPACE_URL, uuid5

from bot.actions import message as actions_look
from bot.checks import message as checks_look
from bot.checks.message import Answered
from bot.curriculum.lessonfile import LessonFile
from bot.curriculum.library import Taught, Words, in_all_languages
from bot.curriculum.markdown import escape
from bot.curriculum.model import Area, Choice, Curriculum, Lesson, Program
from bot.curriculum.phrases import PHRASES
from bot.curriculum.reader import Cache, Folder, look_through
from bot.curriculum.slips import Problem
from bot.curriculum.wording import Wording
from bot.lessons import message as lessons_look
from bot.slack.blocks import Block, context, header, reading, section

# Whom the lessons speak to here.
MANAGER, MENTOR, COHORT = "Maya", "Ana", "Autumn"
SIZE_LIMIT = 9000  # characters of text over a message's blocks (research of Slack's limits)


@dataclass(frozen=True)
class Desk:
    """The folder as it was last looked at. `wording` is None as long as it has something to mend."""

    name: str
    folder: Folder
    wording: Wording | None
    problems: tuple[Problem, ...]

    @property
    def lessons(self) -> dict[str, LessonFile]:
        """Each lesson's file, and each draft's, by the file's path."""
        return {file.path: file for file in (*self.folder.files, *self.folder.drafts)}

    @property
    def taught(self) -> Taught | None:
        """What could be taught of it, in all languages: the sound lessons, whatever is wrong with others."""
        if self.folder.program is None or self.wording is None:
            return None
        own = Curriculum(
            program=self.folder.program,
            areas=tuple(self.folder.areas),
            lessons=tuple(file.lesson for file in self.lessons.values() if file.lesson),
        )
        sayings = {language: self._in(own, language) for language, _ in self.folder.said}
        return in_all_languages(own.model_copy(update={"translations": sayings}), self.wording)

    def _in(self, own: Curriculum, language: str) -> Curriculum:
        said = {(type(one), one.id): one for code, one in self.folder.said if code == language}
        areas = tuple(self._said(said, Area, one) for one in own.areas)
        lessons = tuple(self._said(said, Lesson, one) for one in own.lessons)
        return own.model_copy(update={"areas": areas, "lessons": lessons})

    @staticmethod
    def _said(said: Mapping[tuple[type, str], Any], kind: type, one: Any) -> Any:
        return said.get((kind, one.id), one)


def look(directory: Path, *, today: date, cache: Cache, words: Words) -> Desk:
    """Read the folder as it stands; it never raises on a writer's slip."""
    folder = look_through(directory, today=today, cache=cache)
    wording, found = words.read(directory / "messages", f"{directory.name}/messages")
    return Desk(directory.name, folder, wording, tuple(sorted({*folder.problems, *found})))


def overview(desk: Desk) -> dict[str, Any]:
    """What there is to look at, and all problems. Shapes: see page/preview.js."""
    taught = desk.taught
    return {
        "title": desk.folder.program.title if desk.folder.program else "program.yaml",
        "languages": list(taught.languages) if taught else [],
        "areas": [_area(desk, area) for area in desk.folder.areas],
        "words": sorted(PHRASES),
        "problems": [{**asdict(one), "said": str(one)} for one in desk.problems],
    }


def _area(desk: Desk, area: Area) -> dict[str, Any]:
    folder = f"{desk.name}/areas/{area.id}/"
    files = [file for path, file in desk.lessons.items() if path.startswith(folder)]
    return {
        "id": area.id,
        "title": area.title,
        "lessons": [
            {
                "path": file.path,
                "title": file.lesson.title if file.lesson else file.path.removeprefix(folder),
                "draft": file in desk.folder.drafts,
                "slips": sum(one.severity in ("error", "draft") for one in file.problems),
                "advice": sum(one.severity == "warning" for one in file.problems),
            }
            for file in sorted(files, key=lambda one: one.path)
        ],
    }


def lesson(desk: Desk, path: str, language: str, given: Mapping[str, Mapping[str, Any]]) -> dict[str, Any]:
    """A lesson's message with its questions, or with the answers `given` to them, as {check: {options, confidence}},
    {check: {value}} or {check: {text}}. KeyError for a file that is not there (any more)."""
    file, taught = desk.lessons[path], desk.taught
    problems = [{**asdict(one), "said": str(one)} for one in file.problems]
    if file.lesson is None or taught is None:
        return {"blocks": [], "problems": problems, "size": 0, "limit": SIZE_LIMIT}
    spoken = taught.speaking(language)
    # A draft has no translation, and may have the id of the lesson that it is to replace.
    said = file.lesson if file in desk.folder.drafts else spoken.curriculum.lesson(file.lesson.id)
    blocks = _message(spoken, said, given)
    return {"blocks": blocks, "problems": problems, "size": len(reading(blocks)), "limit": SIZE_LIMIT}


def _message(taught: Taught, one: Lesson, given: Mapping[str, Mapping[str, Any]]) -> list[Block]:
    words, names = taught.wording, _names(taught.curriculum.program)
    message_id = str(uuid5(NAMESPACE_URL, one.id))
    answers = {check.id: _answered(one, check.id, given[check.id]) for check in one.checks if check.id in given}
    checks = [
        block
        for check in one.checks
        for block in checks_look.check(words, check, message_id, names, answers.get(check.id))
    ]
    action = actions_look.offer(words, one.action, message_id, names, has_mentor=True)
    place = lessons_look.Given(
        lesson=one,
        area_title=next(area.title for area in taught.curriculum.areas if area.id == one.area),
        names=names,
        number=1,
        total=len(taught.curriculum.lessons),
        why=None,
        next_at=None,
    )
    _, blocks = lessons_look.lesson(words, place, [checks, action], done=False)
    return blocks


def _answered(one: Lesson, check_id: str, given: Mapping[str, Any]) -> Answered:
    check = one.check(check_id)
    correct = check.is_right(given.get("options", ())) if isinstance(check, Choice) else None
    return Answered(given, given.get("confidence"), correct, shared=False)


def message(desk: Desk, lesson_id: str, language: str, *, is_a_look: bool = False) -> list[Block]:
    """A lesson's message as it would be sent, by the lesson's id; a draft comes before what it is to replace. KeyError for one
    that can't be drawn.

    One that is only to be looked at says so itself.
    """
    taught = desk.taught
    if taught is None or lesson_id not in {one.id for one in taught.curriculum.lessons}:
        raise KeyError(lesson_id)
    spoken = taught.speaking(language)
    above = [context(spoken.wording.mrkdwn("lesson.only_a_look"))] if is_a_look else []
    drafts = (file.lesson for file in desk.folder.drafts if file.lesson is not None and file.lesson.id == lesson_id)
    return [*above, *_message(spoken, next(drafts, None) or spoken.curriculum.lesson(lesson_id), {})]


def area(desk: Desk, area_id: str, language: str) -> dict[str, Any]:
    """An area: its idea, and what is picked from when people rate themselves. KeyError for one that is not there."""
    if desk.taught is None:
        return {"blocks": []}
    one = desk.taught.speaking(language).curriculum.area(area_id)
    levels = "\n".join(f"*{level.value}*  {escape(level.behaviour)}" for level in one.levels)
    blocks = [header(one.title), section(one.idea), section(levels, expand=True)]
    return {"blocks": blocks + [block for case in one.cases for block in _case(case.level, case.text, case.why)]}


def _case(level: int, text: str, why: str) -> list[Block]:
    return [section(f"_{escape(text)}_"), context(f"*{level}*  {escape(why)}")]


def words(desk: Desk, kind: str, language: str) -> dict[str, Any]:
    """Every sentence of a kind, filled with the sample values that the check uses. KeyError for an unknown kind."""
    if desk.taught is None:
        return {"blocks": []}
    return {"blocks": list(_sentences(desk.taught.speaking(language).wording, kind))}


def _sentences(wording: Wording, kind: str) -> Iterator[Block]:
    for key, samples in PHRASES[kind].items():
        yield context(f"`{kind}.{key}`")
        yield section(wording.mrkdwn(f"{kind}.{key}", **samples))


def _names(program: Program) -> dict[str, Any]:
    return {
        "manager": {"first_name": MANAGER},
        "mentor": {"first_name": MENTOR},
        "company": program.company.model_dump(),
        "cohort": {"name": COHORT},
    }


def draft_named(directory: Path, lesson_id: str, *, today: date) -> Lesson | None:
    """The sound draft of that id; None if there is none."""
    folder = look(directory, today=today, cache={}, words=Words()).folder
    return next((one.lesson for one in folder.drafts if one.lesson is not None and one.lesson.id == lesson_id), None)
