"""The whole folder: files in, a consistent curriculum and all problems out. It never raises on a writer's slip."""

import re
from collections.abc import Iterable
from datetime import date
from pathlib import Path
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from bot.curriculum.lessonfile import read_lesson
from bot.curriculum.markdown import to_mrkdwn
from bot.curriculum.model import Area, Curriculum, Lesson, Level, Program
from bot.curriculum.shaped import shaped
from bot.curriculum.slips import Problem, did_you_mean
from bot.curriculum.textfile import Keys, TextFile, read_text, read_yaml, split_front_matter

_LEVEL = re.compile(r"^\s*(?P<value>[1-5])[.)]\s+(?P<text>.+)$")

_ID_LINE = re.compile(r"^id:\s*(?P<id>[a-z0-9-]+)\s*(#.*)?$")

# A file's content to what was made of it: an edit of one file parses that one again.
Cache = dict[tuple[str, tuple[str, ...], date], tuple[Lesson | None, list[Problem]]]


def read(directory: Path, *, today: date, cache: Cache | None = None) -> tuple[Curriculum | None, list[Problem]]:
    """The curriculum in a folder, and its problems; None if it can't be used as it stands."""
    cache = {} if cache is None else cache
    program, problems = _program(directory / "program.yaml", f"{directory.name}/program.yaml")
    if program is None:
        return None, problems
    areas: list[Area] = []
    lessons: list[tuple[str, Lesson]] = []
    for area_id in program.areas:
        folder, shown_as = directory / "areas" / area_id, f"{directory.name}/areas/{area_id}"
        area, found = _area(folder / "area.md", f"{shown_as}/area.md", area_id)
        problems += found
        areas += [area] if area else []
        read_lessons, found = _lessons(folder, shown_as, area_id, today, cache)
        lessons += read_lessons
        problems += found
    problems += _strangers(directory, program)
    problems += _together(lessons, _ids_written(directory))
    if any(problem.severity == "error" for problem in problems):
        return None, problems
    return Curriculum(program=program, areas=tuple(areas), lessons=tuple(lesson for _, lesson in lessons)), problems


def _program(path: Path, shown_as: str) -> tuple[Program | None, list[Problem]]:
    file = read_text(path, shown_as)
    if isinstance(file, Problem):
        return None, [file]
    keys, problems = read_yaml(shown_as, file.lines, first_line=1)
    if problems:
        return None, problems
    program, problems = shaped(Program, shown_as, keys)
    if program is not None:
        problems += _sound_program(shown_as, keys, program)
    return program, problems


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
    working = program.working_time
    if working.start >= working.end:
        problems.append(Problem(path, keys.line_of["working_time"], "work ends before it starts", "swap start and end"))
    cadences = {"lessons": (program.lessons.days, program.lessons.at), "peers": ((program.peers.day,), program.peers.at),
                "digest": ((program.digest.day,), program.digest.at)}  # fmt: skip
    for name, (days, at) in cadences.items():
        if not days or not set(days) <= set(working.days) or not working.start <= at < working.end:
            problems.append(
                Problem(
                    path, keys.line_of[name], f"«{name}» lies outside working time", "choose working days and hours"
                )
            )
    if len(set(program.areas)) != len(program.areas) or not program.areas:
        problems.append(
            Problem(path, keys.line_of["areas"], "the areas are none, or one stands twice", "name each once")
        )
    return problems


def _area(path: Path, shown_as: str, area_id: str) -> tuple[Area | None, list[Problem]]:
    file = read_text(path, shown_as)
    if isinstance(file, Problem):
        return None, [file]
    keys, taken, problems = split_front_matter(file)
    idea, levels, level_line = _area_body(file, taken)
    area, found = shaped(Area, shown_as, keys, {"idea": to_mrkdwn("\n".join(idea)), "levels": levels})
    problems += found
    if area is not None and area.id != area_id:
        problems.append(
            Problem(shown_as, keys.line_of["id"], f"the folder is called «{area_id}»", f"write id: {area_id}")
        )
    if [level.value for level in levels] != [1, 2, 3, 4, 5]:
        problems.append(
            Problem(shown_as, level_line, "a rubric has five levels", "number them 1. to 5. below ## Levels")
        )
    return area, problems


def _area_body(file: TextFile, taken: int) -> tuple[list[str], list[Level], int]:
    idea: list[str] = []
    levels: list[Level] = []
    level_line = taken + 1
    in_levels = False
    for number, line in enumerate(file.lines[taken:], start=taken + 1):
        if line.startswith("## "):
            in_levels, level_line = True, number
        elif not in_levels:
            idea.append(line)
        elif match := _LEVEL.match(line):
            levels.append(Level(value=int(match["value"]), behaviour=match["text"].strip()))
        elif line.strip() and levels:
            levels[-1] = Level(value=levels[-1].value, behaviour=f"{levels[-1].behaviour} {line.strip()}")
    return idea, levels, level_line


def _lessons(
    folder: Path, shown_as: str, area_id: str, today: date, cache: Cache
) -> tuple[list[tuple[str, Lesson]], list[Problem]]:
    lessons: list[tuple[str, Lesson]] = []
    problems: list[Problem] = []
    for path in sorted(folder.glob("[0-9]*.md")):
        name = f"{shown_as}/{path.name}"
        file = read_text(path, name)
        if isinstance(file, Problem):
            problems.append(file)
            continue
        key = (name, file.lines, today)
        if key not in cache:
            cache[key] = read_lesson(file, area=area_id, today=today)
        lesson, found = cache[key]
        problems += found
        lessons += [(name, lesson)] if lesson else []
    if not lessons and not problems:
        problems.append(Problem(f"{shown_as}/area.md", 1, "the area has no lesson", "add a file as 01-first-lesson.md"))
    return lessons, problems


def _strangers(directory: Path, program: Program) -> list[Problem]:
    folders = sorted(path.name for path in (directory / "areas").glob("*") if path.is_dir())
    return [
        Problem(
            f"{directory.name}/areas/{name}/area.md",
            1,
            f"the program has no area «{name}»",
            did_you_mean(name, program.areas),
        )
        for name in folders
        if name not in program.areas
    ]


def _ids_written(directory: Path) -> set[str]:
    """The ids in all lesson files, also in those that have slips: one slip should not make others of sound files."""
    texts = (read_text(path, path.name) for path in directory.glob("areas/*/[0-9]*.md"))
    lines = (line for text in texts if isinstance(text, TextFile) for line in text.lines[:30])
    return {match["id"] for line in lines if (match := _ID_LINE.match(line))}


def _together(lessons: Iterable[tuple[str, Lesson]], ids_written: set[str]) -> list[Problem]:
    """What only shows over all files: ids twice, unknown and circular prerequisites."""
    by_id: dict[str, tuple[str, Lesson]] = {}
    problems = []
    for path, lesson in lessons:
        if lesson.id in by_id:
            problems.append(
                Problem(path, 1, f"{by_id[lesson.id][0]} has the id «{lesson.id}» too", "give this lesson its own")
            )
        by_id.setdefault(lesson.id, (path, lesson))
    for path, lesson in by_id.values():
        for before in lesson.before:
            if before not in by_id and before not in ids_written:
                problems.append(
                    Problem(path, 1, f"«before» names the unknown lesson «{before}»", did_you_mean(before, by_id))
                )
        if _in_circle(lesson.id, by_id):
            problems.append(Problem(path, 1, "«before» goes round in a circle", "let one of the lessons come first"))
    return problems


def _in_circle(start: str, by_id: dict[str, tuple[str, Lesson]]) -> bool:
    seen: set[str] = set()
    open_ids = list(by_id[start][1].before)
    while open_ids:
        one = open_ids.pop()
        if one == start:
            return True
        if one in by_id and one not in seen:
            seen.add(one)
            open_ids += by_id[one][1].before
    return False
