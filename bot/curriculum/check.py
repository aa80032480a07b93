"""Everything that can be said of a content folder without anyone's help: for `playercoach content check` and for CI."""

from datetime import date
from pathlib import Path

from bot.curriculum.model import Curriculum
from bot.curriculum.phrases import PHRASES
from bot.curriculum.reader import read
from bot.curriculum.slips import Problem
from bot.curriculum.wording import read_wording


def check(directory: Path, *, today: date) -> tuple[Curriculum | None, list[Problem]]:
    """The curriculum, if it can be used, and all problems in the order of files and lines."""
    if not directory.is_dir():
        return None, [Problem(str(directory), 1, "there is no such folder", "name the folder that holds program.yaml")]
    curriculum, problems = read(directory, today=today)
    wording, found = read_wording(directory / "messages", PHRASES, f"{directory.name}/messages")
    return (curriculum if wording else None), sorted({*problems, *found})


def summary(curriculum: Curriculum) -> str:
    """One line about a sound curriculum."""
    checks = sum(len(lesson.checks) for lesson in curriculum.lessons)
    minutes = sum(lesson.minutes for lesson in curriculum.lessons)
    return (
        f"{len(curriculum.areas)} areas, {len(curriculum.lessons)} lessons, {checks} checks, "
        f"{minutes} minutes of reading: all sound"
    )
