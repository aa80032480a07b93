"""The sample cases of an area: what a new manager did, and below it the level that it shows and why."""

from collections.abc import Sequence

from bot.curriculum.model import Area, Case
from bot.curriculum.sections import Section, sections
from bot.curriculum.slips import Problem

WANTED = 2  # of each area: mentors rate them before they rate people
_LEVELS = ("1", "2", "3", "4", "5")


def read_cases(path: str, section: Section | None) -> tuple[list[Case], list[Problem]]:
    """The cases below `## Cases`, and all problems with them; how many there are is only advice."""
    if section is None:
        return [], []
    above, *parts = sections(section.lines, "###", first_line=section.line + 1)
    problems = []
    if above.text:
        what = "words above the first case"
        problems.append(Problem(path, above.first_words, what, "begin each case with its level, as ### 3"))
    cases: list[Case] = []
    for part in parts:
        case, found = _case(path, part)
        cases += [case] if case else []
        problems += found
    if parts and len(parts) != WANTED:
        what = f"{len(parts)} sample case{'s' if len(parts) > 1 else ''}"
        mend = f"write {WANTED}, of different levels: more take too long"
        problems.append(Problem(path, section.line, what, mend, "warning"))
    return cases, problems


def same_cases(path: str, area: Area, original: Area, line: int) -> tuple[Area, list[Problem]]:
    """A translated area with the cases of its original, in its own words as far as it has any; a level never differs."""
    levels, expected = ([case.level for case in one.cases] for one in (area, original))
    if levels == expected:
        return area, []
    if not levels:
        what, mend = "the sample cases are not translated", "they are said in the original until you translate them"
        return area.model_copy(update={"cases": original.cases}), [Problem(path, line, what, mend, "warning")]
    what = f"the cases have the levels {_listed(levels)}; in the original {_listed(expected)}"
    return area, [Problem(path, line, what, "translate each, in that order, with its level")]


def _case(path: str, part: Section) -> tuple[Case | None, list[Problem]]:
    if part.heading not in _LEVELS:
        what = f"«{part.heading}» is no level"
        return None, [Problem(path, part.line, what, "write the level that the case shows, as ### 3")]
    told = [line.strip() for line in part.lines if not line.lstrip().startswith(">")]
    why = [line.strip().removeprefix(">").strip() for line in part.lines if line.lstrip().startswith(">")]
    problems = []
    if not _joined(told):
        problems.append(Problem(path, part.line, "a case in which nobody does anything", "tell it in two sentences"))
    if not _joined(why):
        what = f"the case does not say why it is a {part.heading}"
        problems.append(Problem(path, part.line, what, "add a line below it: > Why it is that level"))
    return (None if problems else Case(text=_joined(told), level=int(part.heading), why=_joined(why))), problems


def _joined(lines: Sequence[str]) -> str:
    return " ".join(line for line in lines if line)


def _listed(levels: Sequence[int]) -> str:
    return ", ".join(str(level) for level in levels) or "none"
