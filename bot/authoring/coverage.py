"""What the program has for each area and each way of learning, and where it has holes. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass

from bot.curriculum.model import Choice, Curriculum, Lesson

FEWEST_LESSONS = 8  # of an area: with fewer, a weak one has nothing left to go deeper into
FEWEST_CASES = 2  # that a mentor rates before rating people
LEVELS = {1: "first weeks", 2: "core", 3: "stretch"}


@dataclass(frozen=True)
class Row:
    """One area: how much there is of each way of learning."""

    area_id: str
    title: str
    lessons: int  # independent learning …
    questions: int  # … of which these come again in reviews
    actions: int
    to_ask: int  # mentoring: questions for the mentor …
    cases: int  # … and sample cases
    topics: int  # peer learning
    holes: tuple[str, ...]


def coverage(curriculum: Curriculum) -> list[Row]:
    """A row for each area, in the program's order."""
    return [
        _row(curriculum, area.id, [one for one in curriculum.lessons if one.area == area.id])
        for area in curriculum.areas
    ]


def _row(curriculum: Curriculum, area_id: str, lessons: Sequence[Lesson]) -> Row:
    area = curriculum.area(area_id)
    cases = len(area.cases)
    holes = []
    if len(lessons) < FEWEST_LESSONS:
        holes.append(f"{len(lessons)} lessons, {FEWEST_LESSONS} are wanted")
    holes += [f"no lesson for the {name}" for level, name in LEVELS.items() if level not in {x.level for x in lessons}]
    if cases < FEWEST_CASES:
        holes.append(f"{cases} sample cases for mentors, {FEWEST_CASES} are wanted")
    return Row(
        area_id=area_id,
        title=area.title,
        lessons=len(lessons),
        questions=sum(isinstance(check, Choice) for lesson in lessons for check in lesson.checks),
        actions=len(lessons),
        to_ask=sum(bool(lesson.mentor) for lesson in lessons),
        cases=cases,
        topics=sum(bool(lesson.peers) for lesson in lessons),
        holes=tuple(holes),
    )


def as_text(rows: Sequence[Row]) -> str:
    """The table in plain text, and the holes below it."""
    head = f"{'':18}{'lessons':>9}{'reviewed':>10}{'actions':>9}{'to ask':>8}{'cases':>7}{'topics':>8}"
    lines = [head]
    lines += [
        f"{row.area_id:18}{row.lessons:9}{row.questions:10}{row.actions:9}{row.to_ask:8}{row.cases:7}{row.topics:8}"
        for row in rows
    ]
    holes = [f"{row.area_id}: {hole}" for row in rows for hole in row.holes]
    return "\n".join([*lines, "", *(holes or ["No holes."])])
