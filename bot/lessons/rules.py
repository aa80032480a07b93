"""What to teach next. Pure."""

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum
from functools import lru_cache

from bot.curriculum.model import Curriculum, Itself, Lesson

MOST_IN_A_ROW = 2  # of one area
SMALLEST_WEIGHT = 0.25  # of an area whose target is reached: it gets less …
LONGEST_WAIT = 8  # … but is not forgotten: after four weeks of others it comes, whatever the gaps
BASIC = 1  # the level that mastery skips


class Why(Enum):
    """Why a lesson comes now; each names an area, or with BUILDS_ON a lesson."""

    FIRST_TOUCH = "first_touch"
    ASKED_AGAIN = "asked_again"
    SKIPS_AHEAD = "skips_ahead"
    IN_SEASON = "in_season"
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
    again: bool = False  # it was chosen before, and never came


@dataclass(frozen=True)
class Need:
    """What is known of a manager, by area: how far from its target they are, and how they answered there last."""

    gaps: Mapping[str, float]
    unsure: Collection[str] = ()  # wrong, or a guess
    steady: Collection[str] = ()  # right and sure, twice running
    seasons: Collection[str] = ()  # of the sales year, in which they are


@dataclass(frozen=True)
class _Course:
    """What each choice asks of a curriculum: its lessons by their ids, and each with what it builds on; the areas' places."""

    by_id: Mapping[str, Lesson]
    steps: Sequence[tuple[str, Lesson, frozenset[str]]]
    places: Mapping[str, int]


@lru_cache(maxsize=16)  # a program in its languages, and the one before
def _course(curriculum: Itself[Curriculum]) -> _Course:
    lessons, areas = curriculum.value.lessons, curriculum.value.program.areas
    return _Course(
        {lesson.id: lesson for lesson in lessons},
        [(lesson.id, lesson, frozenset(lesson.before)) for lesson in lessons],
        {area: place for place, area in enumerate(areas)},
    )


def choose_lesson(curriculum: Curriculum, had: Sequence[str], need: Need) -> Chosen | None:
    """The lesson to give next to someone who has had those (ids, oldest first); None when all have been given.

    Every area is met once, the one with the largest gap first. Then areas get lessons in proportion to their gaps (by the highest
    quotient of gap and lessons had, as seats are given to parties), never three of one area in a row, and none waits for longer
    than LONGEST_WAIT. Inside an area the order is the author's, and what a lesson builds on comes before it (what was set aside
    counts as had); where the target is reached, or the last two answers were right and sure, basics are passed over for a higher
    level, and come when nothing else of the area is open. What its season fits comes first in its area, never sooner than what it
    builds on. The same history gives the same lesson. Interleaving areas keeps
    similar cases apart, order inside an area helps with connected text (learning.md A4).
    """
    course = _course(Itself(curriculum))
    known = [lesson for one in had if (lesson := course.by_id.get(one)) is not None]  # others are retired since
    open_by_area = _open(course, had, need)
    if not open_by_area:
        return None
    area = _area(course, [lesson.area for lesson in known], open_by_area, need)
    lesson = _in_area(open_by_area[area], area, need)
    return Chosen(lesson, *_why(curriculum, lesson, known, open_by_area, need))


def _open(course: _Course, had: Sequence[str], need: Need) -> dict[str, list[Lesson]]:
    """By area, what may come next in the author's order: what fits the season, where there is such a lesson."""
    found: dict[str, list[Lesson]] = {}
    known = frozenset(had)
    for lesson_id, lesson, before in course.steps:
        if lesson_id not in known and before <= known:
            found.setdefault(lesson.area, []).append(lesson)
    return {
        area: [lesson for lesson in lessons if lesson.season in need.seasons] or lessons
        for area, lessons in found.items()
    }


def _area(course: _Course, had: Sequence[str], open_by_area: Mapping[str, object], need: Need) -> str:
    """The area of the next lesson, after lessons of those areas."""
    counts = Counter(had)
    untouched = [area for area in open_by_area if not counts[area]]
    waiting = [area for area in open_by_area if area not in had[-LONGEST_WAIT:]]
    fresh = [area for area in open_by_area if list(had[-MOST_IN_A_ROW:]) != [area] * MOST_IN_A_ROW]
    if waiting and not untouched:
        return max(waiting, key=had[::-1].index)  # whichever has waited longest
    return min(
        untouched or fresh or list(open_by_area),
        key=lambda area: (-_weight(area, need) / (1 + counts[area]), course.places.get(area, len(course.places)), area),
    )


def _weight(area: str, need: Need) -> float:
    return max(need.gaps.get(area, 1.0), SMALLEST_WEIGHT)


def _in_area(lessons: Sequence[Lesson], area: str, need: Need) -> Lesson:
    """The author's next lesson; where someone knows the basics, the next that is none, if there is one."""
    if need.gaps.get(area, 1.0) > 0 and area not in need.steady:
        return lessons[0]
    return next((lesson for lesson in lessons if lesson.level > BASIC), lessons[0])


def _why(
    curriculum: Curriculum,
    lesson: Lesson,
    known: Sequence[Lesson],
    open_by_area: Mapping[str, Sequence[Lesson]],
    need: Need,
) -> tuple[Why, str]:
    """The first reason that is true of this lesson: it is read as a sentence, so it must not only be nearly so."""
    area, had = lesson.area, [one.id for one in known]
    earlier = [one.id for one in known if one.area == area]
    if not earlier:
        return Why.FIRST_TOUCH, area
    if _only_one_left(curriculum, frozenset(had)):
        return Why.LAST, area
    if lesson.season in need.seasons:
        return Why.IN_SEASON, area
    if lesson != open_by_area[area][0]:
        return Why.SKIPS_AHEAD, area
    if area in need.unsure:
        return Why.ASKED_AGAIN, area
    if need.gaps.get(area, 0) > 0 and need.gaps[area] == max(need.gaps.values()):
        return Why.LARGEST_GAP, area
    if lesson.before:
        return Why.BUILDS_ON, max(lesson.before, key=had.index)
    return (Why.BUILDS_ON, earlier[-1]) if known[-1].area == area else (Why.VARIETY, area)


def _only_one_left(curriculum: Curriculum, had: Collection[str]) -> bool:
    """Whether all that is left is of one area, in a program that has several."""
    left = {lesson.area for lesson in curriculum.lessons if lesson.id not in had}
    return len(left) == 1 < len({lesson.area for lesson in curriculum.lessons})
