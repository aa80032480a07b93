"""What to teach next: stories of managers, and what holds for every curriculum and every history."""

from collections.abc import Sequence
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.curriculum.model import Curriculum, Lesson
from bot.curriculum.reader import read
from bot.lessons.rules import MOST_IN_A_ROW, Need, Why, choose_lesson
from tests.world import CONTENT

AREAS = ("sales-tracking", "talent", "performance", "contracting", "business-planning")
EVEN = Need(dict.fromkeys(AREAS, 2.0))


@pytest.fixture(scope="module")
def curriculum() -> Curriculum:
    """The program that ships."""
    found, _ = read(CONTENT, today=date(2026, 11, 24))
    assert found is not None
    return found


def walk(curriculum: Curriculum, need: Need, most: int = 100) -> list[tuple[Lesson, Why]]:
    """All lessons that someone gets whose needs never change."""
    had: list[str] = []
    way: list[tuple[Lesson, Why]] = []
    while len(way) < most and (chosen := choose_lesson(curriculum, had, need)) is not None:
        had.append(chosen.lesson.id)
        way.append((chosen.lesson, chosen.why))
    return way


def test_the_whole_program(curriculum: Curriculum) -> None:
    """Every lesson comes once, after what it builds on; each area in the first five; never three of one area in a row."""
    way = walk(curriculum, EVEN)
    ids = [lesson.id for lesson, _ in way]
    told = "\n".join(f"{lesson.id:40} {why.value}" for lesson, why in way)
    assert sorted(ids) == sorted(lesson.id for lesson in curriculum.lessons)
    assert {lesson.area for lesson, _ in way[:5]} == set(AREAS), told
    assert all(why is Why.FIRST_TOUCH for _, why in way[:5])
    for place, (lesson, _) in enumerate(way):
        assert set(lesson.before) <= set(ids[:place]), told


def test_the_largest_gap_comes_first_and_gets_most(curriculum: Curriculum) -> None:
    """Someone weak in pricing meets it first, and has half of it again before others have a third."""
    need = Need({**EVEN.gaps, "contracting": 4.0, "talent": 0.5})
    areas = [lesson.area for lesson, _ in walk(curriculum, need, most=10)]
    assert areas[0] == "contracting"
    assert areas.count("contracting") > areas.count("talent")


def test_mastery_skips_ahead(curriculum: Curriculum) -> None:
    """Where someone is at the target, a beginner's lesson is passed over for the next level."""
    had = [lesson.id for lesson, _ in walk(curriculum, EVEN, most=5)]
    need = Need({**dict.fromkeys(AREAS, 0.1), "performance": 0.0})
    later = [one for one in walk_from(curriculum, had, need) if one[0].area == "performance"]
    assert later[0][0].level > 1
    assert later[0][1] in (Why.SKIPS_AHEAD, Why.BUILDS_ON, Why.VARIETY)


def walk_from(curriculum: Curriculum, had: Sequence[str], need: Need) -> list[tuple[Lesson, Why]]:
    """What comes after these."""
    before, way = list(had), list[tuple[Lesson, Why]]()
    while (chosen := choose_lesson(curriculum, before, need)) is not None:
        before.append(chosen.lesson.id)
        way.append((chosen.lesson, chosen.why))
    return way


def test_who_was_unsure_reads_why_it_comes_again(curriculum: Curriculum) -> None:
    """After a wrong answer in an area, its next lesson says so."""
    had = [lesson.id for lesson, _ in walk(curriculum, EVEN, most=5)]
    chosen = choose_lesson(curriculum, had, Need({**EVEN.gaps, "talent": 3.5}, unsure={"talent"}))
    assert chosen is not None
    assert (chosen.lesson.area, chosen.why) == ("talent", Why.ASKED_AGAIN)


def test_a_retired_lesson_does_no_harm(curriculum: Curriculum) -> None:
    """Someone who had a lesson that is gone goes on with the others."""
    assert choose_lesson(curriculum, ["a-lesson-of-last-year"], EVEN) is not None


@st.composite
def curricula(draw: st.DrawFn, base: Curriculum) -> Curriculum:
    """Up to forty lessons in five areas, each building on some that stand before it."""
    lessons: list[Lesson] = []
    for number in range(draw(st.integers(1, 40))):
        earlier = [lesson.id for lesson in lessons]
        before = draw(st.lists(st.sampled_from(earlier), max_size=2, unique=True)) if earlier else []
        changed = {
            "id": f"l{number:02}",
            "area": draw(st.sampled_from(AREAS)),
            "level": draw(st.integers(1, 3)),
            "before": tuple(before),
        }
        lessons.append(base.lessons[0].model_copy(update=changed))
    order = {area: place for place, area in enumerate(AREAS)}
    return base.model_copy(update={"lessons": tuple(sorted(lessons, key=lambda one: order[one.area]))})


BASE, _ = read(CONTENT, today=date(2026, 11, 24))
assert BASE is not None


@given(
    made=curricula(BASE),
    gaps=st.lists(st.fixed_dictionaries({area: st.floats(0, 4) for area in AREAS}), min_size=1, max_size=5),
)
@settings(max_examples=150, deadline=None)
def test_what_holds_for_everyone(made: Curriculum, gaps: list[dict[str, float]]) -> None:
    """Nothing twice, nothing before what it builds on, never three in a row while another area is open, nobody left out."""
    had: list[str] = []
    areas: list[str] = []
    for step in range(len(made.lessons)):
        need = Need(gaps[step % len(gaps)])
        chosen = choose_lesson(made, had, need)
        assert chosen is not None
        assert chosen == choose_lesson(made, had, need)
        lesson = chosen.lesson
        assert lesson.id not in had
        assert set(lesson.before) <= set(had)
        open_areas = {one.area for one in made.lessons if one.id not in had and set(one.before) <= set(had)}
        untouched = open_areas - set(areas)
        if untouched:
            assert lesson.area in untouched
        elif areas[-MOST_IN_A_ROW:] == [lesson.area] * MOST_IN_A_ROW:
            assert open_areas == {lesson.area}
        had.append(lesson.id)
        areas.append(lesson.area)
    assert choose_lesson(made, had, Need({})) is None
