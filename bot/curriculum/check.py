"""Everything that can be said of a content folder without anyone's help: for `playercoach content check` and for CI."""

import json
from collections.abc import Sequence
from dataclasses import asdict
from datetime import date
from pathlib import Path

from bot.curriculum.library import in_all_languages
from bot.curriculum.model import Curriculum
from bot.curriculum.phrases import PHRASES
from bot.curriculum.reader import read
from bot.curriculum.slips import Problem
from bot.curriculum.untranslated import untranslated
from bot.curriculum.wording import read_wording


def check(directory: Path, *, today: date) -> tuple[Curriculum | None, list[Problem]]:
    """The curriculum, if it can be used, and all problems in the order of files and lines."""
    if not directory.is_dir():
        return None, [Problem(str(directory), 1, "there is no such folder", "name the folder that holds program.yaml")]
    curriculum, problems = read(directory, today=today)
    wording, found = read_wording(directory / "messages", PHRASES, f"{directory.name}/messages")
    if curriculum is not None and wording is not None:
        languages = in_all_languages(curriculum, wording).languages
        for folder in ("messages", *(f"areas/{area.id}" for area in curriculum.areas)):
            shown_as = f"{directory.name}/{folder}"
            problems += untranslated(directory / folder, shown_as, languages, curriculum.program.language)
    return (curriculum if wording else None), sorted({*problems, *found})


def as_text(curriculum: Curriculum | None, problems: Sequence[Problem]) -> str:
    """Each problem in a line, then how many there are to mend, or that all is sound."""
    lines = [f"{problem}{_SAID_OF[problem.severity]}" for problem in problems]
    errors, later = (sum(one.severity == severity for one in problems) for severity in ("error", "draft"))
    last = f"{errors} to mend." if errors or curriculum is None else summary(curriculum)
    drafts = [f"In drafts, {later} to mend before you publish them."] if later else []
    return "\n".join([*lines, last, *drafts])


_SAID_OF = {"error": "", "warning": " (warning)", "draft": " (draft: mend it before you publish)"}


def as_json(curriculum: Curriculum | None, problems: Sequence[Problem]) -> str:
    """The same for other programs: {"sound": bool, "problems": [{path, line, what, mend, severity}]}."""
    sound = curriculum is not None and not any(problem.severity == "error" for problem in problems)
    return json.dumps({"sound": sound, "problems": [asdict(problem) for problem in problems]}, ensure_ascii=False)


def summary(curriculum: Curriculum) -> str:
    """One line about a sound curriculum."""
    checks = sum(len(lesson.checks) for lesson in curriculum.lessons)
    minutes = sum(lesson.minutes for lesson in curriculum.lessons)
    return (
        f"{len(curriculum.areas)} areas, {len(curriculum.lessons)} lessons, {checks} checks, "
        f"{minutes} minutes of reading: all sound{_in_others(curriculum)}"
    )


def _in_others(curriculum: Curriculum) -> str:
    """How many lessons other languages have, as «; 4 lessons in sl»."""
    counts = {
        language: sum(one is not own for one, own in zip(other.lessons, curriculum.lessons, strict=True))
        for language, other in sorted(curriculum.translations.items())
    }
    return "".join(
        f"; {count} {'lesson' if count == 1 else 'lessons'} in {language}" for language, count in counts.items()
    )
