"""When questions come back: tables of history, and what holds for every history."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.reviews.rules import (
    LONGEST,
    SHORTEST,
    SOON,
    Answer,
    Candidate,
    Memory,
    SchedulerName,
    choose,
    forgetting,
    remember,
    replay,
    weeks_to_next,
)

START = datetime(2026, 9, 1, 7, 0, tzinfo=UTC)
SCHEDULERS: tuple[SchedulerName, ...] = ("fsrs", "ladder")
HOW = {
    "S": (True, "sure"),
    "T": (True, "think_so"),
    "G": (True, "guess"),
    "X": (False, "sure"),
    "w": (False, "think_so"),
}


def gaps(story: str, scheduler: SchedulerName) -> list[int]:
    """The days until a question comes back, after each answer that was given on the day on which it was due."""
    memory: Memory | None = None
    at, days = START, []
    for letter in story:
        memory = remember(memory, Answer(at, *HOW[letter]), scheduler=scheduler)
        days.append((memory.due_at - at).days)
        at = memory.due_at
    return days


@pytest.mark.parametrize(
    ("story", "scheduler", "expected"),
    [
        ("SSSS", "fsrs", [4, 31, 60, 60]),
        ("TTTT", "fsrs", [2, 9, 23, 47]),
        ("GGG", "fsrs", [2, 2, 2]),
        ("SSSS", "ladder", [7, 28, 56, 56]),
        ("SSwS", "ladder", [7, 28, 7, 28]),
        ("GTS", "ladder", [7, 28, 56]),
        ("X", "ladder", [1]),
        ("X", "fsrs", [1]),
    ],
)
def test_stories_of_one_question(story: str, scheduler: SchedulerName, expected: list[int]) -> None:
    """S: right and sure, T: right, thinks so, G: a right guess, X: wrong though sure, w: wrong."""
    assert gaps(story, scheduler) == expected


ANSWERS = st.builds(
    lambda days, how: (days, HOW[how]), st.integers(1, 90), st.sampled_from(sorted(HOW))
)  # fmt: skip
HISTORIES = st.lists(ANSWERS, min_size=1, max_size=8).map(
    lambda steps: [
        Answer(START + timedelta(days=sum(days for days, _ in steps[: place + 1])), *how)
        for place, (_, how) in enumerate(steps)
    ]
)


@given(history=HISTORIES, scheduler=st.sampled_from(SCHEDULERS))
def test_what_holds_for_every_history(history: list[Answer], scheduler: SchedulerName) -> None:
    """Replaying is remembering step by step; gaps keep their limits; forgetting only grows; a right answer never costs time."""
    memory = replay(history, scheduler=scheduler)
    *before, last = history
    step = remember(replay(before, scheduler=scheduler) if before else None, last, scheduler=scheduler)
    assert memory == step
    gap = memory.due_at - last.at
    assert gap == SOON if not last.correct and last.confidence == "sure" else SHORTEST <= gap <= LONGEST
    risks = [forgetting(memory, last.at + timedelta(days=days)) for days in range(0, 200, 7)]
    assert risks == sorted(risks)
    assert all(0 <= risk < 1 for risk in risks)
    base = replay(before, scheduler=scheduler) if before else None
    right = remember(base, Answer(last.at, True, "sure"), scheduler=scheduler)
    wrong = remember(base, Answer(last.at, False, "think_so"), scheduler=scheduler)
    assert right.due_at >= wrong.due_at


def candidate(name: str, area: str, days: int, gap: float, story: str = "S") -> Candidate:
    """A question whose last answer is so many days ago."""
    answers = [Answer(START - timedelta(days=days), *HOW[letter]) for letter in story]
    return Candidate(name, "q1", area, replay(answers, scheduler="fsrs"), gap)


def test_what_gains_most_comes_first_not_what_is_oldest() -> None:
    """A weak area's question is asked before an older one of an area that is nearly there."""
    old, weak = candidate("old", "talent", 30, 0.2), candidate("weak", "pricing", 20, 3.0)
    assert [one.lesson_id for one in choose([old, weak], START, most=1)] == ["weak"]


def test_sure_and_wrong_comes_before_everything() -> None:
    """What someone was sure of and got wrong yesterday is asked first, whatever else waits."""
    missed = candidate("missed", "talent", 2, 0.0, "X")
    others = [candidate(f"other-{n}", "pricing", 60, 3.0) for n in range(6)]
    assert "missed" in [one.lesson_id for one in choose([*others, missed], START, most=5)]


@pytest.mark.parametrize("scheduler", SCHEDULERS)
def test_missed_on_thursday_afternoon_is_asked_on_friday_morning(scheduler: SchedulerName) -> None:
    """A sure but wrong answer comes back in the very next review, however soon that is."""
    missed = replay([Answer(START - timedelta(hours=17), *HOW["X"])], scheduler=scheduler)
    assert choose([Candidate("missed", "q1", "talent", missed, 0.0)], START, most=5)


def test_what_falls_due_an_hour_after_the_slot_does_not_wait_for_another_week() -> None:
    """Answered at ten last Friday, due after seven days: it is asked this Friday at nine; what is due on Sunday is not."""
    at_ten = replay([Answer(START - timedelta(days=7) + timedelta(hours=1), *HOW["S"])], scheduler="ladder")
    on_sunday = replay([Answer(START - timedelta(days=5), *HOW["S"])], scheduler="ladder")
    candidates = [Candidate("ten", "q1", "talent", at_ten, 2.0), Candidate("sunday", "q1", "talent", on_sunday, 2.0)]
    assert [one.lesson_id for one in choose(candidates, START, most=5)] == ["ten"]


def test_a_question_rests_while_others_wait_that_were_asked_longer_ago() -> None:
    """What is forgotten again and again does not take every slot; alone, it is asked all the same."""
    stubborn, waiting = candidate("stubborn", "talent", 7, 3.0, "www"), candidate("waiting", "talent", 50, 1.0)
    assert forgetting(stubborn.memory, START) > forgetting(waiting.memory, START)
    assert [one.lesson_id for one in choose([stubborn, waiting], START, most=1)] == ["waiting"]
    assert [one.lesson_id for one in choose([stubborn], START, most=1)] == ["stubborn"]


CANDIDATES = st.lists(
    st.tuples(st.integers(0, 40), st.sampled_from("abcde"), st.integers(1, 90), st.floats(0, 4), st.sampled_from("STXw")),
    max_size=20, unique_by=lambda one: one[0],
)  # fmt: skip


@given(drawn=CANDIDATES, most=st.integers(1, 5), chance=st.randoms(use_true_random=False))
def test_what_holds_for_every_slot(drawn: list[tuple[int, str, int, float, str]], most: int, chance: object) -> None:
    """At most so many, only what is due that day, the same in whatever order they come, and areas mixed where that can be."""
    candidates = [candidate(f"l{n:02}", area, days, gap, story) for n, area, days, gap, story in drawn]
    chosen = choose(candidates, START, most=most)
    assert len(chosen) <= most
    assert all(one.memory.due_at <= START + timedelta(days=1) for one in chosen)
    chance.shuffle(candidates)  # type: ignore[attr-defined]
    assert choose(candidates, START, most=most) == chosen
    areas = [one.area for one in chosen]
    neighbours = sum(first == second for first, second in pairwise(areas))
    most_of_one = max((areas.count(area) for area in areas), default=0)
    assert neighbours == max(0, 2 * most_of_one - len(areas) - 1)


@pytest.mark.parametrize(
    ("shares", "weeks"), [([], 1), ([1, 1], 1), ([1, 0.8, 1], 2), ([1, 1, 0.6], 1), ([0, 1, 1, 1], 2)]
)
def test_prompts_fade_out(shares: list[float], weeks: int) -> None:
    """Three good reviews in a row, and the next comes a fortnight later; one bad one, and it is weekly again."""
    assert weeks_to_next(shares) == weeks
