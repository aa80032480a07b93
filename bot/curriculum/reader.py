"""The whole folder: files in, a consistent curriculum and all problems out. It never raises on a writer's slip."""

import re
from collections.abc import Sequence
from datetime import date
from graphlib import CycleError, TopologicalSorter
from pathlib import Path
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from bot.curriculum.lessonfile import LessonFile, read_lesson
from bot.curriculum.markdown import to_mrkdwn
from bot.curriculum.model import Area, Curriculum, Level, Program
from bot.curriculum.sections import Section, headings, sections
from bot.curriculum.shaped import shaped
from bot.curriculum.slips import Problem, did_you_mean
from bot.curriculum.textfile import Keys, read_text, read_yaml, split_front_matter

_LEVEL = re.compile(r"^\s*(?P<value>[1-5])[.)]\s+(?P<text>.+)$")

# A file's content to what was made of it: an edit of one file parses that one again.
Cache = dict[tuple[str, tuple[str, ...], date], LessonFile]


def read(directory: Path, *, today: date, cache: Cache | None = None) -> tuple[Curriculum | None, list[Problem]]:
    """The curriculum in a folder, and its problems; None if it can't be used as it stands."""
    program, program_keys, problems = _program(directory / "program.yaml", f"{directory.name}/program.yaml")
    if program is None:
        return None, problems
    areas: list[Area] = []
    files: list[LessonFile] = []
    before, used = cache or {}, Cache()
    for area_id in dict.fromkeys(program.areas):
        folder, shown_as = directory / "areas" / area_id, f"{directory.name}/areas/{area_id}"
        if not folder.is_dir():
            what = f"there is no folder areas/{area_id}"
            problems.append(Problem(f"{directory.name}/program.yaml", program_keys.line_of["areas"], what, "make it"))
            continue
        area, found = _area(folder / "area.md", f"{shown_as}/area.md", area_id)
        problems += found
        areas += [area] if area else []
        read_files, found = _lessons(folder, shown_as, area_id, today, before, used)
        files += read_files
        problems += found
    if cache is not None:
        cache.clear()
        cache.update(used)
    problems += [problem for file in files for problem in file.problems]
    problems += _strangers(directory, program) + _together(files)
    if any(problem.severity == "error" for problem in problems):
        return None, problems
    lessons = tuple(file.lesson for file in files if file.lesson)
    return Curriculum(program=program, areas=tuple(areas), lessons=lessons), problems


def _program(path: Path, shown_as: str) -> tuple[Program | None, Keys, list[Problem]]:
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
    idea, *parts = sections(file.lines[taken:], "##", first_line=taken + 1)
    problems += headings(shown_as, parts, ("Levels",), ("Levels",))
    for section in (idea, *parts):
        if "{{" in section.text or "{%" in section.text:
            mend = "say it without: it is shown as it stands"
            problems.append(Problem(shown_as, section.first_words, "an area with a placeholder", mend))
    if not idea.text:
        problems.append(
            Problem(shown_as, taken + 1, "the idea of the area is missing", "write it in a sentence or two")
        )
    levels, found = _levels(shown_as, next((part for part in parts if part.heading == "Levels"), None))
    problems += found
    if not keys.values:
        return None, problems
    area, found = shaped(Area, shown_as, keys, {"idea": to_mrkdwn(idea.text), "levels": levels})
    problems += found
    if area is not None and area.id != area_id:
        what = f"the folder is called «{area_id}»"
        problems.append(Problem(shown_as, keys.line_of["id"], what, f"write id: {area_id}"))
    return area, problems


def _levels(path: str, section: Section | None) -> tuple[list[Level], list[Problem]]:
    levels: list[Level] = []
    for line in section.lines if section else ():
        if match := _LEVEL.match(line):
            levels.append(Level(value=int(match["value"]), behaviour=match["text"].strip()))
        elif line.strip() and levels:
            levels[-1] = Level(value=levels[-1].value, behaviour=f"{levels[-1].behaviour} {line.strip()}")
    if section is None or [level.value for level in levels] == [1, 2, 3, 4, 5]:
        return levels, []
    return levels, [Problem(path, section.line, "a rubric has five levels", "number them 1. to 5. below ## Levels")]


def _lessons(
    folder: Path, shown_as: str, area_id: str, today: date, before: Cache, used: Cache
) -> tuple[list[LessonFile], list[Problem]]:
    files: list[LessonFile] = []
    problems: list[Problem] = []
    for path in sorted(folder.glob("*.md")):
        name = f"{shown_as}/{path.name}"
        if path.name in ("area.md", "README.md") or path.name.startswith("."):
            continue
        if not path.name[0].isdigit():
            problems.append(Problem(name, 1, "no lesson: its name has no number", "call it as 05-name.md", "warning"))
            continue
        file = read_text(path, name)
        if isinstance(file, Problem):
            files.append(LessonFile(name, None, (file,)))
            continue
        key = (name, file.lines, today)
        used[key] = before.get(key) or read_lesson(file, area=area_id, today=today)
        files.append(used[key])
    if not files and not problems:
        problems.append(Problem(f"{shown_as}/area.md", 1, "the area has no lesson", "add a file as 01-first-lesson.md"))
    return files, problems


def _strangers(directory: Path, program: Program) -> list[Problem]:
    folders = sorted(path.name for path in (directory / "areas").glob("[!.]*") if path.is_dir())
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


def _together(files: Sequence[LessonFile]) -> list[Problem]:
    """What only shows over all files: ids twice, unknown and circular prerequisites.

    One slip should not make others of sound files: a file with slips still has its id, and as long as one has none,
    it may be the one that is named.
    """
    by_id: dict[str, LessonFile] = {}
    problems = []
    for file in files:
        if file.written_id in by_id:
            what = f"{by_id[file.written_id].path} has the id «{file.written_id}» too"
            problems.append(Problem(file.path, file.line_of["id"], what, "give this lesson its own"))
        elif file.written_id:
            by_id[file.written_id] = file
    after = {id_: list(file.lesson.before) if file.lesson else [] for id_, file in by_id.items()}
    for id_, names in after.items():
        file = by_id[id_]
        for name in names:
            if name not in by_id and all(file.written_id for file in files):
                what = f"«before» names the unknown lesson «{name}»"
                problems.append(Problem(file.path, file.line_of["before"], what, did_you_mean(name, by_id)))
    return problems + _circles(after, by_id)


def _circles(after: dict[str, list[str]], by_id: dict[str, LessonFile]) -> list[Problem]:
    problems = []
    while True:
        try:
            TopologicalSorter(after).prepare()
        except CycleError as error:
            circle = list(error.args[1])
            file = by_id[circle[-1]]
            what = f"«before» goes round in a circle: {' → '.join(reversed(circle))}"
            problems.append(Problem(file.path, file.line_of["before"], what, "let one of the lessons come first"))
            after = {**after, circle[-1]: []}  # go on, there may be another circle
        else:
            return problems
