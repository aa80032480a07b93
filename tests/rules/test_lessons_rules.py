"""What to teach next: stories of managers."""

from collections.abc import Collection, Mapping, Sequence
from datetime import UTC, date, datetime, timedelta

import pytest

from bot.curriculum.model import Curriculum, Lesson
from bot.curriculum.reader import read
from bot.lessons.rules import Need, Why, choose_lesson
from bot.records.mastery import Answered, Evidence, Rated, gap, standing
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
    for place, (lesson, why) in enumerate(way):
        assert set(lesson.before) <= set(ids[:place]), told
        assert (
            why is Why.LAST or {one.area for one, _ in way[max(0, place - 2) : place]} != {lesson.area} or place < 2
        ), told


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


@pytest.mark.parametrize(
    ("had", "seasons", "lesson_id", "why"),
    [
        ((), {"planning"}, "planning-03-capacity", Why.IN_SEASON),  # before the author's next, «Who can say yes inside»
        ((), {"pay"}, "planning-02-who-says-yes", Why.LARGEST_GAP),  # another area's season changes nothing
        ((), (), "planning-02-who-says-yes", Why.LARGEST_GAP),
        (("planning-03-capacity",), {"planning"}, "planning-02-who-says-yes", Why.LARGEST_GAP),  # the next builds on it
        (
            ("planning-03-capacity", "planning-02-who-says-yes"),
            {"planning"},
            "planning-09-business-case",
            Why.IN_SEASON,
        ),
    ],
)
def test_what_fits_the_season_comes_first_in_its_area(
    curriculum: Curriculum, had: Sequence[str], seasons: Collection[str], lesson_id: str, why: Why
) -> None:
    """When plans are made, lessons about plans come before others of their area, but never before what they build on."""
    first = [next(lesson.id for lesson in curriculum.lessons if lesson.area == area) for area in AREAS]
    gaps = {**EVEN.gaps, "business-planning": 40.0}
    chosen = choose_lesson(curriculum, [first[-1], *had, *first[:-1]], Need(gaps, seasons=seasons))
    assert chosen is not None
    assert (chosen.lesson.id, chosen.why) == (lesson_id, why)


@pytest.mark.parametrize(
    ("day", "names"),
    [
        (date(2026, 11, 24), {"planning"}), (date(2026, 12, 1), {"pay", "quarter-end"}), (date(2027, 2, 15), {"pay"}),
        (date(2027, 2, 16), set()), (date(2027, 9, 30), {"planning", "quarter-end"}),
    ],
)  # fmt: skip
def test_the_sales_year(curriculum: Curriculum, day: date, names: set[str]) -> None:
    """Both ends of a season belong to it, and one may run over New Year."""
    assert curriculum.program.seasons_on(day) == names


def test_a_retired_lesson_does_no_harm(curriculum: Curriculum) -> None:
    """Someone who had a lesson that is gone goes on with the others."""
    assert choose_lesson(curriculum, ["a-lesson-of-last-year"], EVEN) is not None


def test_a_set_aside_lesson_holds_nothing_up(curriculum: Curriculum) -> None:
    """«Not for me» counts as had: it does not come again, and what builds on it may come."""
    weak = Need({**dict.fromkeys(AREAS, 0.0), "talent": 4.0})
    had = [lesson.id for lesson, _ in walk(curriculum, EVEN, most=5)]  # talent-01 among them, put away or not
    assert "talent-02-scorecard" in [lesson.id for lesson, _ in walk_from(curriculum, had, weak)][:2]


WEEK = timedelta(days=7)
START = datetime(2026, 9, 1, 7, 0, tzinfo=UTC)
ALL_TWOS = {area: Evidence(ratings=[Rated("self", 2, START)]) for area in AREAS}


def need_of(curriculum: Curriculum, evidence: Mapping[str, Evidence]) -> Need:
    """What a room makes of the records."""
    standings = {area: standing(one) for area, one in evidence.items()}
    return Need(
        gaps={area: gap(standings.get(area), curriculum.program.target(area)) for area in AREAS},
        unsure=[area for area, one in standings.items() if one.unsure],
        steady=[area for area, one in standings.items() if one.steady],
    )


def answered(area: str, *, correct: bool, confidence: str, level: int = 1, times: int = 2) -> dict[str, Evidence]:
    """Someone who put themselves at two everywhere, and then answered in one area."""
    answers = [Answered(level, correct, confidence, START + n * WEEK) for n in range(1, times + 1)]
    return {**ALL_TWOS, area: Evidence(ALL_TWOS[area].ratings, answers)}


STORIES = [
    (
        "Maya puts herself at two everywhere: the first area of the largest gap, and why, is what she reads",
        ALL_TWOS,
        ("sales-tracking", Why.LARGEST_GAP),
    ),
    (
        "Maya then answers talent wrong and sure, twice: talent comes, and says that it gave her pause",
        answered("talent", correct=False, confidence="sure"),
        ("talent", Why.ASKED_AGAIN),
    ),
    (
        "Ben only guesses right in performance: he proved nothing, and it is said kindly",
        {
            **answered("performance", correct=True, confidence="guess"),
            **{area: Evidence(ratings=[Rated("mentor", 3, START)]) for area in AREAS if area != "performance"},
        },
        ("performance", Why.ASKED_AGAIN),
    ),
    (
        "Nika's mentor has seen her at five everywhere but in talent, where she is right and sure: past the basics there",
        {
            **answered("talent", correct=True, confidence="sure"),
            **{area: Evidence(ratings=[Rated("mentor", 5, START)]) for area in AREAS if area != "talent"},
        },
        ("talent", Why.SKIPS_AHEAD),
    ),
    (
        "Omar calls himself a five everywhere, his mentor saw a one in contracting: the mentor's word counts",
        {
            **{area: Evidence(ratings=[Rated("self", 5, START)]) for area in AREAS},
            "contracting": Evidence(ratings=[Rated("self", 5, START), Rated("mentor", 1, START + WEEK)]),
        },
        ("contracting", Why.LARGEST_GAP),
    ),
]


@pytest.mark.parametrize(("story", "evidence", "expected"), STORIES, ids=[story.split(":")[0] for story, *_ in STORIES])
def test_the_sixth_lesson(
    curriculum: Curriculum, story: str, evidence: Mapping[str, Evidence], expected: tuple[str, Why]
) -> None:
    """Five areas met; what is on record decides which comes now, and what the one line says of it."""
    had = [lesson.id for lesson, _ in walk(curriculum, EVEN, most=5)]
    chosen = choose_lesson(curriculum, had, need_of(curriculum, evidence))
    assert chosen is not None
    assert (chosen.lesson.area, chosen.why) == expected, story


def test_basics_that_were_skipped_come_in_the_end(curriculum: Curriculum) -> None:
    """Who is right and sure goes past the basics of talent; when nothing else is open there, they come after all."""
    had = [lesson.id for lesson, _ in walk(curriculum, EVEN, most=5)]
    rest = walk_from(curriculum, had, Need(EVEN.gaps, steady={"talent"}))
    talent = [lesson for lesson, _ in rest if lesson.area == "talent"]
    told = "\n".join(f"{lesson.id:40} {lesson.level} {why.value}" for lesson, why in rest)
    assert talent[0].level == 2, told
    assert "talent-02-scorecard" in [lesson.id for lesson in talent[1:]], told


def test_a_program_of_one_area_is_not_at_its_end_from_the_start(curriculum: Curriculum) -> None:
    """«What is left» is said of the last of several areas, not of the only one."""
    only = tuple(lesson for lesson in curriculum.lessons if lesson.id.startswith("planning"))
    one_area = curriculum.model_copy(update={"lessons": only})
    assert Why.LAST not in [why for _, why in walk(one_area, EVEN)]
    assert walk(curriculum, EVEN)[-1][1] is Why.LAST
