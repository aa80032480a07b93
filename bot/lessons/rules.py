"""What to teach next. Pure."""

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum

from bot.curriculum.model import Curriculum, Lesson

MOST_IN_A_ROW = 2  # of one area
SMALLEST_WEIGHT = 0.25  # of an area whose target is reached: it gets less, but is not forgotten


class Why(Enum):
    """Why a lesson comes now; each names an area, or with BUILDS_ON a lesson."""

    FIRST_TOUCH = "first_touch"
    ASKED_AGAIN = "asked_again"
    SKIPS_AHEAD = "skips_ahead"
    LARGEST_GAP = "largest_gap"
    BUILDS_ON = "builds_on"
    VARIETY = "variety"
    LAST = "last"
    ASKED_FOR = "asked_for"


@dataclass(frozen=True)
class Chosen:
    """A lesson, and the reason for it with the area or lesson that it names."""

    lesson: Lesson
    why: Why
    about: str | None


@dataclass(frozen=True)
class Need:
    """What is known of a manager, by area: how far from its target they are, and where they were wrong or guessed last."""

    gaps: Mapping[str, float]
    unsure: Collection[str] = ()


def choose_lesson(curriculum: Curriculum, had: Sequence[str], need: Need) -> Chosen | None:
    """The lesson to give next to someone who has had those (ids, oldest first); None when all have been given.

    Every area is met once, the one with the largest gap first. Then areas get lessons in proportion to their gaps (by the highest
    quotient of gap and lessons had, as seats are given to parties), never three of one area in a row. Inside an area the order is
    the author's, and what a lesson builds on comes before it; where the target is reached, first lessons are passed over for
    those of a higher level. The same history gives the same lesson. Interleaving areas keeps similar cases apart, order inside
    an area helps with connected text (learning.md A4).
    """
    areas_had = [lesson.area for lesson_id in had if (lesson := _known(curriculum, lesson_id)) is not None]
    open_by_area: dict[str, list[Lesson]] = {}
    for lesson in curriculum.lessons:
        if lesson.id not in had and set(lesson.before) <= set(had):
            open_by_area.setdefault(lesson.area, []).append(lesson)
    if not open_by_area:
        return None
    area = _area(curriculum, areas_had, open_by_area, need)
    lesson = _in_area(open_by_area[area], need.gaps.get(area, 1.0))
    return Chosen(lesson, *_why(lesson, had, areas_had, open_by_area, need))


def _area(curriculum: Curriculum, had: Sequence[str], open_by_area: Mapping[str, object], need: Need) -> str:
    counts = Counter(had)
    order = {area: place for place, area in enumerate(curriculum.program.areas)}
    untouched = [area for area in open_by_area if not counts[area]]
    fresh = [area for area in open_by_area if list(had[-MOST_IN_A_ROW:]) != [area] * MOST_IN_A_ROW]
    return min(
        untouched or fresh or list(open_by_area),
        key=lambda area: (-_weight(area, need) / (1 + counts[area]), order.get(area, len(order)), area),
    )


def _weight(area: str, need: Need) -> float:
    return max(need.gaps.get(area, 1.0), SMALLEST_WEIGHT)


def _in_area(lessons: Sequence[Lesson], gap: float) -> Lesson:
    """The author's next lesson; where the target is reached, the next that is no beginner's, if there is one."""
    if gap > 0:
        return lessons[0]
    return next((lesson for lesson in lessons if lesson.level > 1), lessons[0])


def _why(
    lesson: Lesson,
    had: Sequence[str],
    areas_had: Sequence[str],
    open_by_area: Mapping[str, Sequence[Lesson]],
    need: Need,
) -> tuple[Why, str]:
    area = lesson.area
    if area not in areas_had:
        return Why.FIRST_TOUCH, area
    if len(open_by_area) == 1:
        return Why.LAST, area
    if lesson != open_by_area[area][0]:
        return Why.SKIPS_AHEAD, area
    if area in need.unsure:
        return Why.ASKED_AGAIN, area
    if need.gaps.get(area, 0) > 0 and need.gaps[area] == max(need.gaps.values()):
        return Why.LARGEST_GAP, area
    if lesson.before:
        return Why.BUILDS_ON, max(lesson.before, key=list(had).index)
    return Why.VARIETY, area


def _known(curriculum: Curriculum, lesson_id: str) -> Lesson | None:
    try:
        return curriculum.lesson(lesson_id)
    except KeyError:  # retired since
        return None
