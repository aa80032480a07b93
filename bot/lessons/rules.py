"""What to teach next. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import Enum
from types import MappingProxyType

from bot.curriculum.model import Curriculum, Lesson

MOST_IN_A_ROW = 2  # of one area


class Why(Enum):
    """Why a lesson comes now."""

    FIRST_TOUCH = "first_touch"
    LARGEST_GAP = "largest_gap"
    ASKED_FOR = "asked_for"


@dataclass(frozen=True)
class Chosen:
    """The lesson to give, and the reason."""

    lesson: Lesson
    why: Why
    about: str | None


def choose_lesson(
    curriculum: Curriculum,
    had: Sequence[str],
    *,
    gaps: Mapping[str, float] = MappingProxyType({}),  # noqa: ARG001
) -> Chosen | None:
    """The lesson to give next."""
    lesson = next_lesson(curriculum, had)
    return None if lesson is None else Chosen(lesson, Why.LARGEST_GAP, lesson.area)


def next_lesson(curriculum: Curriculum, had: Sequence[str]) -> Lesson | None:
    """The lesson to give next to someone who has had those (ids, oldest first); None when all have been given.

    Areas take turns in the program's order, so that each is touched early; inside an area the order is the author's, and
    what a lesson builds on comes before it. The same history gives the same lesson.
    """
    areas_had = [lesson.area for lesson_id in had if (lesson := _known(curriculum, lesson_id)) is not None]
    open_lessons = [lesson for lesson in curriculum.lessons if lesson.id not in had and set(lesson.before) <= set(had)]
    fresh = [lesson for lesson in open_lessons if not _too_many_in_a_row(lesson.area, areas_had)] or open_lessons
    order = {lesson.id: place for place, lesson in enumerate(curriculum.lessons)}
    return min(fresh, key=lambda lesson: (areas_had.count(lesson.area), order[lesson.id]), default=None)


def _known(curriculum: Curriculum, lesson_id: str) -> Lesson | None:
    try:
        return curriculum.lesson(lesson_id)
    except KeyError:  # retired since
        return None


def _too_many_in_a_row(area: str, areas_had: Sequence[str]) -> bool:
    return list(areas_had[-MOST_IN_A_ROW:]) == [area] * MOST_IN_A_ROW
