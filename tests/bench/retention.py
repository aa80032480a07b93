"""How much is retained at week 26, by what is asked again: `python -m tests.bench.retention` prints the table.

Two lessons a week for 16 weeks with 60 questions in all, one review a week of at most five questions, and people who answer about
70 % of them. Every policy asks each person as many questions in each week as the bot's own does.
"""

import random
import sys
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from functools import lru_cache
from statistics import mean, stdev

from bot.records import mastery
from bot.reviews import rules
from bot.reviews.rules import Answer
from tests.bench.minds import BaseLevel, Mind, OwnCurve, Spaced, moment
from tests.bench.policies import (
    AREAS,
    MOST,
    QUESTIONS_A_LESSON,
    Leitner,
    Ours,
    OursOnTheLadder,
    PlainFsrs,
    PlainLadder,
    Policy,
    area_of,
)

SEEDS, PEOPLE, SOME = 20, 50, 10
WEEKS, LESSONS, LESSONS_A_WEEK = 26, 30, 2
QUESTIONS = LESSONS * QUESTIONS_A_LESSON
LESSON_DAYS, REVIEW_DAY = (1, 3), 4  # of the week, Monday is 0
FIRST_TRY = 0.75  # right at first, just after reading (learning.md A1)
TARGETS = (4, 4, 4, 3, 3)
TURNOUT, TURNOUTS = 0.7, (0.5, 0.9, 1.0)
GOAL = 0.85

MINDS: Mapping[str, type[Mind]] = {"spaced traces": Spaced, "base level": BaseLevel, "FSRS's own": OwnCurve}
POLICIES: Mapping[str, type[Policy] | None] = {
    "no reviews": None,
    "ladder 7/28/56": PlainLadder,
    "plain FSRS, oldest first": PlainFsrs,
    "Leitner 2/7/21/60": Leitner,
    "ours": Ours,
    "ours on the ladder": OursOnTheLadder,
}


@dataclass(frozen=True)
class Result:
    """What one person kept (0 to 1): at the end, and on the way every fourth week; and how much each review asked."""

    retained: float
    on_the_way: float
    asked: tuple[int, ...]


@dataclass
class Person:
    """A made-up person under one policy. The same seed gives the same mind, start and turnout under each."""

    mind: Mind
    policy: Policy | None
    answers_lesson: Sequence[bool]
    answers_review: Sequence[bool]
    levels: list[float]
    chance: random.Random

    def live(self, quota: Sequence[int]) -> Result:
        """Go through the whole program, with at most so many questions in each week's review."""
        met: list[int] = []
        asked, shares = [], []
        for week in range(WEEKS):
            for question, day in self._lessons(week):
                self._answer(question, day, recall=FIRST_TRY, is_review=False)
                met.append(question)
            asked.append(self._review(7 * week + REVIEW_DAY, quota[week]) if self.answers_review[week] else 0)
            if met and week % 4 == 3:
                shares.append(self._kept(met, 7 * week + 7))
        return Result(self._kept(met, 7 * WEEKS), mean(shares), tuple(asked)) if met else Result(0, 0, tuple(asked))

    def _lessons(self, week: int) -> Iterator[tuple[int, int]]:
        for place, day in enumerate(LESSON_DAYS):
            lesson = LESSONS_A_WEEK * week + place
            if lesson < LESSONS and self.answers_lesson[lesson]:
                for number in range(QUESTIONS_A_LESSON):
                    yield QUESTIONS_A_LESSON * lesson + number, 7 * week + day

    def _review(self, day: int, most: int) -> int:
        if self.policy is None:
            return 0
        gaps = [self._gap(area) for area in range(AREAS)]
        picked = self.policy.picks(moment(day), most, gaps)
        for question in picked:
            self._answer(question, day, recall=self.mind.recall(question, day), is_review=True)
        return len(picked)

    def _answer(self, question: int, day: int, *, recall: float, is_review: bool) -> None:
        knew = self.chance.random() < recall
        right = knew or self.chance.random() < 1 / 3
        felt = (recall + knew) / 2 + self.chance.gauss(0, 0.25)  # some are sure of what is wrong
        confidence = "sure" if felt > 0.7 else "think_so" if felt > 0.4 else "guess"
        self.mind.meets(question, day, knew=knew)
        answered = mastery.Answered(2, right, confidence, moment(day), is_review)
        self.levels[area_of(question)] = mastery.moved(self.levels[area_of(question)], answered)
        if self.policy is not None:
            self.policy.learns(question, Answer(moment(day), right, confidence))

    def _gap(self, area: int) -> float:
        return mastery.gap(mastery.Standing(self.levels[area]), TARGETS[area])

    def _kept(self, met: Sequence[int], day: int) -> float:
        return mean(self.mind.recall(question, day) for question in met)


def a_person(name: str, mind: type[Mind], policy: type[Policy] | None, turnout: float) -> Person:
    """Someone; the same for the same name."""
    chance = random.Random(name)
    own = mind(chance, QUESTIONS)
    diligence = 1.0 if turnout == 1 else min(0.98, max(0.3, chance.gauss(turnout, 0.15)))
    return Person(
        mind=own,
        policy=policy() if policy else None,
        answers_lesson=[chance.random() < (1 + diligence) / 2 for _ in range(LESSONS)],  # there was one nudge
        answers_review=[chance.random() < diligence for _ in range(WEEKS)],
        levels=[chance.choice((1.0, 1.7, 1.7, 2.7)) for _ in range(AREAS)],
        chance=random.Random(f"answers of {name}"),
    )


def a_cohort(mind: str, seed: int) -> dict[str, list[Result]]:
    """The same people under every policy, and some of them under our own with other turnouts."""
    results: dict[str, list[Result]] = {name: [] for name in (*POLICIES, *map(_at, TURNOUTS))}
    for number in range(PEOPLE):
        name = f"{seed}:{number}"
        ours = a_person(name, MINDS[mind], Ours, TURNOUT).live([MOST] * WEEKS)
        for policy, kind in POLICIES.items():
            is_ours = kind is Ours
            results[policy].append(ours if is_ours else a_person(name, MINDS[mind], kind, TURNOUT).live(ours.asked))
    for turnout in TURNOUTS:
        for number in range(SOME):
            one = a_person(f"{seed}:{number}", MINDS[mind], Ours, turnout)
            results[_at(turnout)].append(one.live([MOST] * WEEKS))
    return results


def lines() -> Iterator[str]:
    """The table, line by line."""
    jobs = [(mind, seed) for mind in MINDS for seed in range(1, SEEDS + 1)]
    with ProcessPoolExecutor(initializer=_remember_what_was_computed) as pool:
        found = dict(zip(jobs, pool.map(a_cohort, *zip(*jobs, strict=True)), strict=True))
    yield f"Retained at week 26 and (on the way): {SEEDS} cohorts of {PEOPLE}, ± between cohorts. Goal for ours: {GOAL}"
    yield f"{'':28}{'answers':>9}" + "".join(f"{mind:>24}" for mind in MINDS)
    for name in (*POLICIES, *map(_at, TURNOUTS)):
        answers = mean(sum(one.asked) for cohort in found.values() for one in cohort[name])
        yield _line(name, f"{answers:.0f}", [_cell(_of(found, mind, name)) for mind in MINDS])
    for name in ("ladder 7/28/56", "plain FSRS, oldest first", "Leitner 2/7/21/60"):
        yield _line(
            f"ours more than {name.split()[0]}",
            "",
            [_more(_of(found, mind, "ours"), _of(found, mind, name)) for mind in MINDS],
        )


def _remember_what_was_computed() -> None:
    """Here many people answer at the same moment with the same history, unlike in real life: four times out of five."""
    rules.remember = lru_cache(maxsize=1 << 17)(rules.remember)


def _of(found: Mapping[tuple[str, int], Mapping[str, list[Result]]], mind: str, name: str) -> list[list[Result]]:
    return [found[mind, seed][name] for seed in range(1, SEEDS + 1)]


def _line(name: str, answers: str, cells: Sequence[str]) -> str:
    return f"{name:28}{answers:>9}" + "".join(f"{cell:>24}" for cell in cells)


def _cell(cohorts: Sequence[Sequence[Result]]) -> str:
    way = mean(one.on_the_way for cohort in cohorts for one in cohort)
    ends = _ends(cohorts)
    return f"{mean(ends):.3f} ±{stdev(ends):.3f} ({way:.3f})"


def _more(ours: Sequence[Sequence[Result]], theirs: Sequence[Sequence[Result]]) -> str:
    more = [one - other for one, other in zip(_ends(ours), _ends(theirs), strict=True)]
    return f"{mean(more):+.3f} ±{stdev(more):.3f}        "


def _ends(cohorts: Sequence[Sequence[Result]]) -> list[float]:
    return [mean(one.retained for one in cohort) for cohort in cohorts]


def _at(turnout: float) -> str:
    return f"ours, {turnout:.0%} answered"


if __name__ == "__main__":
    for line in lines():
        sys.stdout.write(f"{line}\n")
