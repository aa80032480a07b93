"""The program file: which areas there are, in what order, and when people hear from it."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import time
from pathlib import Path
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from bot.curriculum.ids import LONGEST_ID, is_area_id
from bot.curriculum.languages import is_language
from bot.curriculum.model import Program, Weekday
from bot.curriculum.shaped import shaped
from bot.curriculum.slips import Problem, did_you_mean
from bot.curriculum.textfile import Keys, read_text, read_yaml

LONGEST_QUIET = 183  # days; whoever means the rest of the year has its two ends in the wrong places


def read_program(path: Path, shown_as: str) -> tuple[Program | None, Keys, list[Problem]]:
    """The program, its keys with their lines, and all problems with it; None if it can't be read."""
    file = read_text(path, shown_as)
    if isinstance(file, Problem):
        return None, Keys(), [file]
    keys, problems = read_yaml(shown_as, file.lines, first_line=1)
    if not keys.values:
        return None, keys, problems or [Problem(shown_as, 1, "no keys", "write one «key: value» a line")]
    program, found = shaped(Program, shown_as, keys)
    problems += found
    if program is not None:
        problems += _sound_program(shown_as, keys, program)
    return program, keys, problems


def _sound_program(path: str, keys: Keys, program: Program) -> list[Problem]:
    problems = []
    try:
        ZoneInfo(program.timezone)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        problems.append(
            Problem(
                path, keys.line_of["timezone"], f"no time zone «{program.timezone}»", "write it as Europe/Ljubljana"
            )
        )
    if not is_language(program.language):
        what = f"no language «{program.language}»"
        problems.append(Problem(path, keys.line_of["language"], what, "write it with two letters, as en or sl"))
    problems += _at_work(path, keys, program)
    if program.country is not None and not _has_holidays(program.country):
        what = f"no public holidays are known of «{program.country}»"
        mend = "write the country with two capital letters, as SI; or take the line out"
        problems.append(Problem(path, keys.line_of["country"], what, mend))
    for window in program.attention.quiet:
        if window.days > LONGEST_QUIET:
            what = f"«{window.name}» is {window.days} quiet days"
            mend = "nobody hears anything for so long: swap «first» and «last»"
            problems.append(Problem(path, keys.line_of["attention.quiet"], what, mend))
    return problems + _sound_areas(path, keys, program) + _sound_pools(path, keys, program)


def _has_holidays(country: str) -> bool:
    from holidays.registry import COUNTRIES

    return any(country in (str(one) for one in codes) for _, *codes in COUNTRIES.values())


def _sound_areas(path: str, keys: Keys, program: Program) -> list[Problem]:
    problems = []
    line = keys.line_of["areas"]
    if len(set(program.areas)) != len(program.areas) or not program.areas:
        problems.append(Problem(path, line, "the areas are none, or one stands twice", "name each once"))
    for name in program.areas:
        if not is_area_id(name):
            mend = f"rename its folder: letters without accents, digits and hyphens, at most {LONGEST_ID} of them"
            problems.append(Problem(path, line, f"the area «{name}»", mend))
    for name in program.targets:
        if name not in program.areas:
            what, mend = f"there is no area «{name}»", did_you_mean(name, program.areas)
            problems.append(Problem(path, keys.line_of[f"targets.{name}"], what, mend, "warning"))
    return problems


def _sound_pools(path: str, keys: Keys, program: Program) -> list[Problem]:
    """A cohort is in one pool: of two that name it, the second would lack its people, and nobody would know why."""
    pools_of: dict[str, list[str]] = defaultdict(list)
    for pool in program.peers.pools:
        for cohort in pool.cohorts:
            pools_of[cohort].append(pool.name)
    return [
        Problem(
            path, keys.line_of["peers.pools"],
            f"the cohort «{cohort}» is named {len(names)} times: in {', '.join(f'«{name}»' for name in names)}",
            "name it once: a cohort meets in one pool",
        )
        for cohort, names in pools_of.items()
        if len(names) > 1
    ]  # fmt: skip


def _at_work(path: str, keys: Keys, program: Program) -> list[Problem]:
    """What would fall due when nobody may be written to never comes. A review that nobody set moves by itself."""
    working, reviews = program.working_time, program.reviews
    if working.start >= working.end:
        return [Problem(path, keys.line_of["working_time"], "work ends before it starts", "swap start and end")]
    cadences: dict[str, tuple[Sequence[Weekday], time]] = {
        "lessons": (program.lessons.days, program.lessons.at),
        "peers": ((program.peers.day,), program.peers.at),
        "digest": ((program.digest.day,), program.digest.at),
        "reviews.day": ((reviews.day,), working.start),
        "reviews.at": (working.days, reviews.at),
    }
    return [
        Problem(path, keys.line_of[name], f"«{name}» lies outside working time", "choose working days and hours")
        for name, (days, at) in cadences.items()
        if name in keys.line_of
        and (not days or not set(days) <= set(working.days) or not working.start <= at < working.end)
    ]
