"""What to teach next: what holds for every curriculum and every history."""

from dataclasses import dataclass, field
from datetime import date
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.curriculum.model import Curriculum, Lesson
from bot.curriculum.reader import read
from bot.lessons.rules import BASIC, LONGEST_WAIT, MOST_IN_A_ROW, Chosen, Need, Why, choose_lesson
from tests.world import CONTENT

AREAS = ("sales-tracking", "talent", "performance", "contracting", "business-planning")
SLOTS = 32  # sixteen weeks of two lessons
AT_LEAST = 4  # of them for each area that has so many
BASE, _ = read(CONTENT, today=date(2026, 11, 24))
assert BASE is not None
MODEL: Curriculum = BASE


def curriculum_of(lessons: list[Lesson]) -> Curriculum:
    """A curriculum of those, by area as a reader leaves them."""
    order = {area: place for place, area in enumerate(AREAS)}
    return MODEL.model_copy(update={"lessons": tuple(sorted(lessons, key=lambda one: order[one.area]))})


@st.composite
def curricula(draw: st.DrawFn, *, most: int = 60, across: bool = True) -> Curriculum:
    """Lessons in five areas, each building on some made before it: of any area, or (not `across`) of its own."""
    lessons: list[Lesson] = []
    for number in range(draw(st.integers(1, most))):
        area = draw(st.sampled_from(AREAS))
        earlier = [lesson.id for lesson in lessons if across or lesson.area == area]
        before = draw(st.lists(st.sampled_from(earlier), max_size=2, unique=True)) if earlier else []
        changed = {"id": f"l{number:02}", "area": area, "level": draw(st.integers(1, 3)), "before": tuple(before),
                   "season": draw(st.sampled_from([None, None, *SEASONS]))}  # fmt: skip
        lessons.append(MODEL.lessons[0].model_copy(update=changed))
    return curriculum_of(lessons)


@st.composite
def needs(draw: st.DrawFn) -> Need:
    """Any gaps, any areas unsure, any others steady."""
    gaps = draw(st.fixed_dictionaries({area: st.sampled_from([0.0, 0.3, 1.0, 2.0, 4.0]) for area in AREAS}))
    unsure = draw(st.sets(st.sampled_from(AREAS), max_size=2))
    steady = draw(st.sets(st.sampled_from(AREAS), max_size=2)) - unsure
    return Need(gaps, unsure, steady, draw(st.sets(st.sampled_from(SEASONS))))


SEASONS = ("planning", "quarter-end")
NEEDS = st.lists(needs(), min_size=1, max_size=6)


@dataclass
class Walk:
    """Someone's way through a curriculum, whose needs change from lesson to lesson."""

    made: Curriculum
    needs: list[Need]
    had: list[str] = field(default_factory=list)
    areas: list[str] = field(default_factory=list)

    @property
    def need(self) -> Need:
        """What they need now."""
        return self.needs[len(self.had) % len(self.needs)]

    def open(self) -> list[Lesson]:
        """What they could have now, in the author's order."""
        return [one for one in self.made.lessons if one.id not in self.had and set(one.before) <= set(self.had)]

    def next_in(self, area: str) -> list[Lesson]:
        """What they could have of an area, in the author's order: what fits the season, if there is such a lesson."""
        lessons = [one for one in self.open() if one.area == area]
        return [one for one in lessons if one.season in self.need.seasons] or lessons

    def take(self, lesson: Lesson) -> None:
        """They have it."""
        self.had.append(lesson.id)
        self.areas.append(lesson.area)

    def __str__(self) -> str:
        """As it reads in a failure."""
        return "\n".join(f"{area:20} {lesson}" for area, lesson in zip(self.areas, self.had, strict=True))


@pytest.mark.long
@given(made=curricula(), needs=NEEDS)
@settings(max_examples=100)
def test_what_holds_for_everyone(made: Curriculum, needs: list[Need]) -> None:
    """Nothing twice, nothing too early, never three in a row while avoidable, all in the end; and what is said is true."""
    walk = Walk(made, needs)
    for _ in made.lessons:
        chosen = choose_lesson(made, walk.had, walk.need)
        assert chosen is not None, str(walk)
        assert chosen == choose_lesson(made, tuple(walk.had), walk.need), str(walk)
        in_order(walk, chosen.lesson)
        well_mixed(walk, chosen.lesson)
        told_truly(walk, chosen)
        walk.take(chosen.lesson)
    assert choose_lesson(made, walk.had, walk.need) is None


@pytest.mark.long
@given(made=curricula(most=30), needs=NEEDS, chance=st.randoms(use_true_random=False))
@settings(max_examples=100)
def test_whatever_someone_opened_by_themselves(made: Curriculum, needs: list[Need], chance: Random) -> None:
    """Lessons opened early, in any order, and one that is retired: what comes next still keeps every promise."""
    some = chance.sample(made.lessons, chance.randint(0, len(made.lessons) - 1))
    walk = Walk(made, needs)
    for lesson in some:
        walk.take(lesson)
    chosen = choose_lesson(made, ["retired", *walk.had], walk.need)
    if not walk.open():
        assert chosen is None
    else:
        assert chosen is not None
        in_order(walk, chosen.lesson)
        well_mixed(walk, chosen.lesson)
        told_truly(walk, chosen)


def in_order(walk: Walk, lesson: Lesson) -> None:
    """It is new and open, and the next in its area; only basics that someone knows are passed over."""
    passed_over = walk.next_in(lesson.area)
    assert lesson in passed_over, str(walk)
    passed_over = passed_over[: passed_over.index(lesson)]
    knows = walk.need.gaps[lesson.area] == 0 or lesson.area in walk.need.steady
    assert all(one.level == BASIC and knows for one in passed_over), str(walk)


def well_mixed(walk: Walk, lesson: Lesson) -> None:
    """Areas that were never met come first; then none waits too long; and never three of one in a row while avoidable."""
    open_areas = {one.area for one in walk.open()}
    untouched = open_areas - set(walk.areas)
    waiting = open_areas - set(walk.areas[-LONGEST_WAIT:])
    assert lesson.area in (untouched or waiting or open_areas), str(walk)
    if walk.areas[-MOST_IN_A_ROW:] == [lesson.area] * MOST_IN_A_ROW:
        assert open_areas == {lesson.area}, str(walk)


def told_truly(walk: Walk, chosen: Chosen) -> None:
    """The one line of «why now» holds, word for word."""
    lesson, need = chosen.lesson, walk.need
    left = {one.area for one in walk.made.lessons if one.id not in walk.had}
    first = walk.next_in(lesson.area)[0]
    assert {
        Why.FIRST_TOUCH: lesson.area not in walk.areas,
        Why.LAST: left == {lesson.area} != {one.area for one in walk.made.lessons},
        Why.IN_SEASON: lesson.season in need.seasons,
        Why.SKIPS_AHEAD: lesson.level > BASIC and first.level == BASIC,
        Why.ASKED_AGAIN: lesson.area in need.unsure,
        Why.LARGEST_GAP: need.gaps[lesson.area] == max(need.gaps.values()) > 0,
        Why.BUILDS_ON: chosen.about in walk.had,
        Why.VARIETY: walk.areas[-1:] != [lesson.area],
    }[chosen.why], f"{chosen.why} {lesson.id}\n{walk}"
    assert chosen.why is Why.BUILDS_ON or chosen.about == lesson.area


@pytest.mark.long
@given(made=curricula(across=False), needs=NEEDS)
@settings(max_examples=100)
def test_nobody_starves(made: Curriculum, needs: list[Need]) -> None:
    """Each area is met in the first five lessons, and has four of the 32, or all that it has; whatever the gaps."""
    walk = Walk(made, needs)
    while len(walk.had) < SLOTS and (chosen := choose_lesson(made, walk.had, walk.need)) is not None:
        walk.take(chosen.lesson)
    taught = {lesson.area for lesson in made.lessons}
    assert set(walk.areas[: len(taught)]) == taught, str(walk)
    for area in taught:
        there_are = sum(lesson.area == area for lesson in made.lessons)
        assert walk.areas.count(area) >= min(AT_LEAST, there_are), f"{area}\n{walk}"


def test_an_area_at_its_target_is_not_forgotten() -> None:
    """Twelve lessons in each of five areas, and nothing to gain in one: it still has four of the 32."""
    changes = [{"id": f"{area}-{n:02}", "area": area, "before": ()} for area in AREAS for n in range(12)]
    made = curriculum_of([MODEL.lessons[0].model_copy(update=change) for change in changes])
    walk = Walk(made, [Need({**dict.fromkeys(AREAS, 4.0), "talent": 0.0})])
    for _ in range(SLOTS):
        chosen = choose_lesson(made, walk.had, walk.need)
        assert chosen is not None
        walk.take(chosen.lesson)
    assert walk.areas.count("talent") == AT_LEAST, str(walk)


def test_of_two_that_waited_too_long_the_longer_comes_first() -> None:
    """Talent and then contracting were last met long ago, both waited: talent comes, though contracting has the larger gap."""
    ways = ["talent", "contracting", *["performance", "sales-tracking"] * 5, "business-planning"]
    met = [
        MODEL.lessons[0].model_copy(update={"id": f"{n:02}", "area": area, "before": ()}) for n, area in enumerate(ways)
    ]
    left = [one.model_copy(update={"id": f"{one.id}-next"}) for one in met[:2]]
    need = Need({**dict.fromkeys(AREAS, 1.0), "contracting": 4.0})
    chosen = choose_lesson(curriculum_of([*met, *left]), [one.id for one in met], need)
    assert chosen is not None
    assert chosen.lesson.area == "talent"
