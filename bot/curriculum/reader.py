"""The whole folder: files in, a consistent curriculum and all problems out. It never raises on a writer's slip."""

from collections.abc import Hashable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

from bot.curriculum import advice
from bot.curriculum.areafile import read_area
from bot.curriculum.casefile import same_cases
from bot.curriculum.languages import Translation, drafts, originals, translations
from bot.curriculum.lessonfile import LessonFile, read_lesson, read_translation
from bot.curriculum.model import Area, Curriculum, Lesson, Program
from bot.curriculum.programfile import read_program
from bot.curriculum.slips import Problem, did_you_mean
from bot.curriculum.textfile import read_text

# A file's content, and what else its reading depends on, to what was made of it: an edit of one file parses that one again.
Cache = dict[tuple[Hashable, ...], LessonFile]
Said = tuple[str, Area | Lesson]  # a language, and what is said in it


@dataclass
class Folder:
    """What was made of a folder. `before` is what was parsed the last time, `used` what still counts of it."""

    today: date
    before: Cache
    used: Cache = field(default_factory=dict)
    program: Program | None = None
    areas: list[Area] = field(default_factory=list)
    files: list[LessonFile] = field(default_factory=list)
    drafts: list[LessonFile] = field(default_factory=list)
    said: list[Said] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)

    @property
    def language(self) -> str:
        """The program's own language."""
        return self.program.language if self.program else "en"

    def curriculum(self) -> Curriculum | None:
        """The curriculum, if nothing in the folder keeps it from being used."""
        if self.program is None or any(problem.severity == "error" for problem in self.problems):
            return None
        lessons = tuple(file.lesson for file in self.files if file.lesson)
        own = Curriculum(program=self.program, areas=tuple(self.areas), lessons=lessons)
        return own.model_copy(update={"translations": _in_languages(own, self.said)})


def read(directory: Path, *, today: date, cache: Cache | None = None) -> tuple[Curriculum | None, list[Problem]]:
    """The curriculum in a folder, and its problems; None if it can't be used as it stands."""
    folder = look_through(directory, today=today, cache=cache)
    return folder.curriculum(), folder.problems


def look_through(directory: Path, *, today: date, cache: Cache | None = None) -> Folder:
    """Everything that can be read in a folder, file by file, whatever is wrong with the others; and all problems."""
    program, keys, problems = read_program(directory / "program.yaml", f"{directory.name}/program.yaml")
    reading = Folder(today, cache or {}, program=program, problems=problems)
    if program is None:
        return reading
    for area_id in dict.fromkeys(program.areas):
        folder = directory / "areas" / area_id
        if _is_folder(folder):
            _read_area(reading, folder, f"{directory.name}/areas/{area_id}", area_id)
        else:
            what = f"there is no folder areas/{area_id}"
            problems.append(Problem(f"{directory.name}/program.yaml", keys.line_of["areas"], what, "make it"))
    if cache is not None:
        cache.clear()
        cache.update(reading.used)
    problems += [problem for file in (*reading.files, *reading.drafts) for problem in file.problems]
    problems += _strangers(directory, program) + _together(reading.files) + _seasons(reading.files, program)
    problems += advice.of_all(directory.name, reading.areas, [file.lesson for file in reading.files if file.lesson])
    return reading


def _read_area(reading: Folder, folder: Path, shown_as: str, area_id: str) -> None:
    area, found = _area(folder / "area.md", f"{shown_as}/area.md", area_id)
    reading.areas += [area] if area else []
    reading.problems += found
    if area is not None:
        reading.problems += advice.of_area(f"{shown_as}/area.md", area, 1, reading.language)
    files, found = _lessons(reading, folder, shown_as, area_id)
    reading.files += files
    reading.problems += found
    said, found = _translations(reading, folder, shown_as, area_id, files)
    reading.said += said
    reading.problems += found
    reading.drafts += [_draft(reading, path, f"{shown_as}/{path.name}", area_id) for path in drafts(folder)]


def _draft(reading: Folder, path: Path, name: str, area_id: str) -> LessonFile:
    """A draft, with what is still wrong with it. None of it is an error: a draft reaches nobody."""
    file = read_text(path, name)
    if isinstance(file, Problem):
        return LessonFile(name, None, (replace(file, severity="draft"),))
    made = read_lesson(file, area=area_id, today=reading.today, language=reading.language)
    return replace(made, problems=tuple(_of_draft(problem) for problem in made.problems))


def _of_draft(problem: Problem) -> Problem:
    return replace(problem, severity="draft") if problem.severity == "error" else problem


def _in_languages(curriculum: Curriculum, said: Sequence[Said]) -> dict[str, Curriculum]:
    """The curriculum in each language: what is said in it, and the original of all else."""
    areas = {(language, one.id): one for language, one in said if isinstance(one, Area)}
    lessons = {(language, one.id): one for language, one in said if isinstance(one, Lesson)}
    return {
        language: curriculum.model_copy(
            update={
                "areas": tuple(areas.get((language, one.id), one) for one in curriculum.areas),
                "lessons": tuple(lessons.get((language, one.id), one) for one in curriculum.lessons),
            }
        )
        for language in dict.fromkeys(language for language, _ in said)
    }


def _area(path: Path, shown_as: str, area_id: str, *, translated: bool = False) -> tuple[Area | None, list[Problem]]:
    file = read_text(path, shown_as)
    return (None, [file]) if isinstance(file, Problem) else read_area(file, area_id=area_id, translated=translated)


def _lessons(reading: Folder, folder: Path, shown_as: str, area_id: str) -> tuple[list[LessonFile], list[Problem]]:
    files: list[LessonFile] = []
    problems: list[Problem] = []
    for path in originals(folder):
        name = f"{shown_as}/{path.name}"
        if path.name == "area.md":
            continue
        if not path.name[0].isdigit():
            problems.append(Problem(name, 1, "no lesson: its name has no number", "call it as 05-name.md", "warning"))
            continue
        file = read_text(path, name)
        if isinstance(file, Problem):
            files.append(LessonFile(name, None, (file,)))
            continue
        key = (name, file.lines, reading.today, reading.language)
        reading.used[key] = reading.before.get(key) or read_lesson(
            file, area=area_id, today=reading.today, language=reading.language
        )
        files.append(reading.used[key])
    if not files and not problems:
        problems.append(Problem(f"{shown_as}/area.md", 1, "the area has no lesson", "add a file as 01-first-lesson.md"))
    return files, problems


def _translations(
    reading: Folder, folder: Path, shown_as: str, area_id: str, files: Sequence[LessonFile]
) -> tuple[list[Said], list[Problem]]:
    """What is said in other languages. As long as its original has slips, a translation is not looked at."""
    lessons = {file.path.removeprefix(f"{shown_as}/"): file.lesson for file in files if file.lesson}
    said: list[Said] = []
    written, problems = translations(folder, shown_as)
    for one in written:
        made: tuple[Area | Lesson | None, Sequence[Problem]] = (None, ())
        if one.of == "area.md":
            made = _translated_area(reading, one, area_id)
        elif one.of in lessons:
            made = _translation(reading, one, lessons[one.of])
        said += [(one.language, made[0])] if made[0] else []
        problems += made[1]
    return said, problems


def _translated_area(reading: Folder, one: Translation, area_id: str) -> tuple[Area | None, list[Problem]]:
    area, problems = _area(one.path, one.shown_as, area_id, translated=True)
    original = next((each for each in reading.areas if each.id == area_id), None)
    if area is None or original is None:
        return area, problems
    area, found = same_cases(one.shown_as, area, original, 1)
    return area, problems + found


def _translation(reading: Folder, one: Translation, original: Lesson) -> tuple[Lesson | None, Sequence[Problem]]:
    file = read_text(one.path, one.shown_as)
    if isinstance(file, Problem):
        return None, [file]
    key = (one.shown_as, file.lines, original)
    reading.used[key] = reading.before.get(key) or read_translation(file, original, language=one.language)
    return reading.used[key].lesson, reading.used[key].problems


def _is_folder(path: Path) -> bool:
    try:
        return path.is_dir()
    except (OSError, ValueError):  # a name that no folder can have
        return False


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
                mend = f"{did_you_mean(name, by_id)} If you gave that lesson another id, give it the old one back"
                problems.append(Problem(file.path, file.line_of["before"], what, mend))
    return problems + _circles(after, by_id)


def _seasons(files: Sequence[LessonFile], program: Program) -> list[Problem]:
    known = list(dict.fromkeys(season.name for season in program.seasons))
    return [
        Problem(
            file.path,
            file.line_of["season"],
            f"program.yaml has no season «{file.lesson.season}»",
            did_you_mean(file.lesson.season, known) if known else "add it there, or take the line out",
        )
        for file in files
        if file.lesson is not None and file.lesson.season is not None and file.lesson.season not in known
    ]


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
