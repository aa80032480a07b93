"""A lesson file: front matter, body, and a heading for each part."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from bot.curriculum import advice
from bot.curriculum.actionfile import read_action
from bot.curriculum.checkfile import read_check
from bot.curriculum.faithful import INHERITED, TRANSLATED, faithful
from bot.curriculum.form import left_of_the_form
from bot.curriculum.markdown import to_mrkdwn
from bot.curriculum.model import Action, Check, Lesson
from bot.curriculum.sections import Section, headings, sections
from bot.curriculum.shaped import shaped
from bot.curriculum.slips import Problem
from bot.curriculum.soundness import (
    braces_are_sound,
    can_be_filled,
    is_all_words,
    keys_are_sound,
    parts_are_sound,
    title_is_sound,
)
from bot.curriculum.textfile import Keys, TextFile, split_front_matter

PARTS = ("Example", "Check", "Do it", "Mentor", "Peers")
NEEDED = ("Check", "Do it", "Mentor", "Peers")
_ASK = re.compile(r"^Ask:\s*(?P<first>\w?)")  # the digest says it by itself
_ID_LINE = re.compile(r"^id:\s*(?P<id>[a-z0-9-]+)\s*(#.*)?$")
_NO_ACTION = Action(text="-", due_working_days=1, follow_up="-")


@dataclass(frozen=True)
class LessonFile:
    """What was read of a lesson file. With an error in it, there is no lesson, but the id that it has."""

    path: str
    lesson: Lesson | None
    problems: tuple[Problem, ...]
    written_id: str = ""
    line_of: Mapping[str, int] = field(default_factory=dict)


def read_lesson(file: TextFile, *, area: str, today: date, language: str = "en") -> LessonFile:
    """The lesson in a file, and all problems with it."""
    keys, taken, problems = _front_matter(file)
    if taken == len(file.lines):  # the head never ends: nothing can be said of what is not there
        return LessonFile(file.path, None, tuple(problems), _id_in(file.lines), {"id": 1})
    body, *parts = sections(file.lines[taken:], "##", first_line=taken + 1)
    problems += headings(file.path, parts, PARTS, NEEDED)
    for section in (body, *parts):
        problems += [*braces_are_sound(file.path, section), *is_all_words(file.path, section)]
    lesson, found = _lesson(file.path, keys, body, {part.heading: part for part in parts}, language)
    problems += found
    if lesson is not None:
        problems += keys_are_sound(file.path, lesson, keys.line_of, area=area, today=today)
        problems += title_is_sound(file.path, lesson, keys.line_of)
        problems += parts_are_sound(file.path, lesson, body, parts)
        problems += advice.of_lesson(file.path, lesson, {**keys.line_of, **_lines(parts)}, language)
    if lesson is not None and not _errors(problems):
        problems += can_be_filled(file.path, lesson)
    usable = None if _errors(problems) else lesson
    problems += left_of_the_form(file.path, file.lines)  # as long as it is a draft, it can be looked at all the same
    written_id = str(keys.values.get("id") or _id_in(file.lines))
    return LessonFile(file.path, usable, tuple(problems), written_id, {"id": 1, **keys.line_of})


def _front_matter(file: TextFile) -> tuple[Keys, int, list[Problem]]:
    keys, taken, problems = split_front_matter(file)
    if not keys.values and not problems:
        problems = [Problem(file.path, 1, "the head is empty", "give the lesson its keys")]
    return keys, taken, problems


def read_translation(file: TextFile, original: Lesson, *, language: str) -> LessonFile:
    """A lesson in another language, with all of the original that is no words.

    One of an older revision says what is no longer meant: until it follows, there is no lesson, and the original is said.
    """
    keys, taken, problems = _front_matter(file)
    if _is_older(keys, original):
        what = f"translates revision {keys.values['revision']}, the lesson is at {original.revision}"
        mend = "follow it; until then the original is said"
        return LessonFile(file.path, None, (Problem(file.path, keys.line_of["revision"], what, mend, "warning"),))
    body, *parts = sections(file.lines[taken:], "##", first_line=taken + 1)
    known = [name for name in PARTS if name != "Example" or original.example]
    problems += headings(file.path, parts, known, known)
    for section in (body, *parts):
        problems += [*braces_are_sound(file.path, section), *is_all_words(file.path, section)]
    if keys.values:
        missing = [key for key in TRANSLATED if key not in keys.values]
        problems += [Problem(file.path, 1, f"no «{key}»", f"add a line «{key}: …»") for key in missing]
        keys = Keys({**_keys_of(original), **keys.values}, keys.line_of)
    lesson, found = _lesson(file.path, keys, body, {part.heading: part for part in parts}, language)
    problems += found
    if lesson is not None and not _errors(problems):
        lesson, found = faithful(file.path, lesson, original, {**keys.line_of, **_lines(parts)})
        problems += found
        problems += title_is_sound(file.path, lesson, keys.line_of)
        problems += parts_are_sound(file.path, lesson, body, parts)
        problems += can_be_filled(file.path, lesson) if not _errors(problems) else []
    return LessonFile(file.path, None if _errors(problems) else lesson, tuple(problems))


def _is_older(keys: Keys, original: Lesson) -> bool:
    revision = str(keys.values.get("revision", ""))
    return revision.isdecimal() and 0 < int(revision[:9]) < original.revision


def _keys_of(original: Lesson) -> dict[str, Any]:
    return original.model_dump(include={*TRANSLATED, *INHERITED}) | {"season": original.season}


def _lines(parts: Sequence[Section]) -> dict[str, int]:
    """The line of each part and of each check."""
    line_of = {part.heading: part.line for part in parts}
    for part in parts:
        if part.heading == "Check":
            each = sections(part.lines, "###", first_line=part.line + 1)
            line_of |= {one.heading.split("(")[0].strip(): one.line for one in each}
    return line_of


def _id_in(lines: Sequence[str]) -> str:
    """The id in a front matter that can't be read: others may name it as their «before»."""
    return next((match["id"] for line in lines[:30] if (match := _ID_LINE.match(line))), "")


def _errors(problems: Sequence[Problem]) -> bool:
    return any(problem.severity == "error" for problem in problems)


def _lesson(
    path: str, keys: Keys, body: Section, parts: Mapping[str, Section], language: str
) -> tuple[Lesson | None, list[Problem]]:
    """The lesson in its shape. Without a front matter that can be read, its keys are not missed one by one."""
    problems: list[Problem] = []
    checks: list[Check] = []
    action: Action | None = None
    if "Check" in parts:
        checks, problems = _checks(path, parts["Check"])
    if "Do it" in parts:
        action, found = read_action(path, parts["Do it"], language=language)
        problems += found
    mentor = _ASK.sub(lambda match: match["first"].upper(), _part(parts, "Mentor")).strip()
    asked = parts["Mentor"].text if "Mentor" in parts else ""
    if asked and not mentor:
        problems.append(Problem(path, parts["Mentor"].line, "nothing to ask", "write the question after «Ask:»"))
    elif asked and not _ASK.match(asked):
        mend = "write «Ask:» in front of it"
        problems.append(Problem(path, parts["Mentor"].line, "the mentor's question has no «Ask:»", mend, "warning"))
    if not keys.values:
        return None, problems
    written = {
        "body": to_mrkdwn(body.text),
        "example": _part(parts, "Example"),
        "checks": tuple(checks),
        "action": action or _NO_ACTION,
        "mentor": mentor,
        "peers": _part(parts, "Peers"),
    }
    lesson, found = shaped(Lesson, path, keys, written)
    return lesson, problems + found


def _part(parts: Mapping[str, Section], name: str) -> str:
    return to_mrkdwn(parts[name].text) if name in parts else ""


def _checks(path: str, section: Section) -> tuple[list[Check], list[Problem]]:
    checks: list[Check] = []
    above, *each = sections(section.lines, "###", first_line=section.line + 1)
    problems = []
    if each and above.text:
        mend = "put them below the heading of a question"
        problems.append(Problem(path, above.first_words, "words above the first question", mend))
    for one in each:
        check, found = read_check(path, one.heading, one.line, one.lines)
        problems += found
        if check is not None and any(check.id == other.id for other in checks):
            problems.append(Problem(path, one.line, f"two checks are called «{check.id}»", "give each its own id"))
        if check is not None:
            checks.append(check)
    if not each and section.text:
        problems.append(Problem(path, section.line, "no question", "add one below a heading ### q1 (choose one)"))
    return checks, problems
