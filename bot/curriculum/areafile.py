"""An area file: front matter, the idea, the five levels of its rubric, and sample cases."""

import re

from bot.curriculum.casefile import read_cases
from bot.curriculum.markdown import to_mrkdwn
from bot.curriculum.model import Area, Level
from bot.curriculum.sections import Section, headings, sections
from bot.curriculum.shaped import shaped
from bot.curriculum.slips import Problem
from bot.curriculum.textfile import Keys, TextFile, split_front_matter

_LEVEL = re.compile(r"^\s*(?P<value>[1-5])[.)]\s+(?P<text>.+)$")


def read_area(file: TextFile, *, area_id: str, translated: bool = False) -> tuple[Area | None, list[Problem]]:
    """The area in a file, and all problems with it. A translation has its id from the folder."""
    keys, taken, problems = split_front_matter(file)
    idea, *parts = sections(file.lines[taken:], "##", first_line=taken + 1)
    problems += headings(file.path, parts, ("Levels", "Cases"), ("Levels",))
    for section in (idea, *parts):
        if "{{" in section.text or "{%" in section.text:
            mend = "say it without: it is shown as it stands"
            problems.append(Problem(file.path, section.first_words, "an area with a placeholder", mend))
    if not idea.text:
        line = min(taken + 1, len(file.lines))  # the file may end with its keys
        problems.append(Problem(file.path, line, "the idea of the area is missing", "write it in a sentence or two"))
    by_heading = {part.heading: part for part in parts}
    levels, found = _levels(file.path, by_heading.get("Levels"))
    problems += found
    cases, found = read_cases(file.path, by_heading.get("Cases"))
    problems += found
    if not keys.values:
        return None, problems
    if translated:
        keys = Keys({"id": area_id, **keys.values}, {"id": 1, **keys.line_of})
    area, found = shaped(Area, file.path, keys, {"idea": to_mrkdwn(idea.text), "levels": levels, "cases": cases})
    problems += found
    if area is not None and area.id != area_id:
        what = f"the folder is called «{area_id}»"
        problems.append(Problem(file.path, keys.line_of["id"], what, f"write id: {area_id}"))
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
