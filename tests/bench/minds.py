"""Made-up memories for the study of retention: two that no scheduler of ours knows, and FSRS's own.

Each is calibrated on one thing only, and not on any policy: without reviews, about half is left after 26 weeks, as in the first
study (learning.md B). People and questions differ. All times are days since the program began.
"""

import math
import random
from abc import ABC, abstractmethod
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from bot.reviews import rules
from bot.reviews.rules import Answer, Memory, forgetting

START = datetime(2026, 11, 23, 9, tzinfo=UTC)  # a Monday
SOONEST_DAYS = 0.02  # half an hour: what was met this minute is not infinitely present
NOISE = 0.4  # how softly recall falls around the threshold
PEOPLE_DIFFER, QUESTIONS_DIFFER = 0.25, 0.3


def moment(day: float) -> datetime:
    """That day of the program, aware UTC."""
    return START + timedelta(days=day)


class Mind(ABC):
    """One person's memory of all questions that they met."""

    def __init__(self, chance: random.Random, questions: int) -> None:
        self.person = chance.gauss(0, PEOPLE_DIFFER)
        self.hard = [chance.gauss(0, QUESTIONS_DIFFER) for _ in range(questions)]

    @abstractmethod
    def meets(self, question: int, day: float, *, knew: bool) -> None:
        """They are asked a question and read its explanation, whether they knew the answer or not."""

    @abstractmethod
    def recall(self, question: int, day: float) -> float:
        """The probability, 0 to 1, that they know the answer on that day, without guessing."""


class BaseLevel(Mind):
    """Base-level activation (Anderson and Schooler 1991, as in ACT-R): A = ln Σ tⱼ^-d over all times that something was met.

    Recall is 1 / (1 + e^-((A - τ) / s)). Repeating it soon is worth as much as repeating it late.
    """

    threshold, decay = -1.94, 0.4

    def __init__(self, chance: random.Random, questions: int) -> None:
        super().__init__(chance, questions)
        self.own_decay = min(0.6, max(0.2, chance.gauss(self.decay, 0.05)))
        self.met: dict[int, list[tuple[float, float]]] = {}

    def meets(self, question: int, day: float, *, knew: bool) -> None:  # noqa: ARG002 — the explanation counts as much
        decay = self.decay_of(question, day)
        self.met.setdefault(question, []).append((day, decay))

    def recall(self, question: int, day: float) -> float:
        threshold = self.threshold + self.person + self.hard[question]
        return 1 / (1 + math.exp((threshold - self.activation(question, day)) / NOISE))

    def activation(self, question: int, day: float) -> float:
        """How present a question is."""
        return math.log(sum(max(day - met, SOONEST_DAYS) ** -decay for met, decay in self.met[question]))

    def decay_of(self, question: int, day: float) -> float:  # noqa: ARG002
        """How fast this trace will fade."""
        return self.own_decay


class Spaced(BaseLevel):
    """The same with the effect of spacing (Pavlik and Anderson 2005): dⱼ = c e^m + a, with m the activation at that time.

    What is repeated while it is still present fades faster. What a and c are for days is an assumption of ours.
    """

    threshold, least_decay, crowding = -1.46, 0.3, 0.25

    def decay_of(self, question: int, day: float) -> float:
        if question not in self.met:
            return self.least_decay
        return min(1.5, self.least_decay + self.crowding * math.exp(self.activation(question, day)))


class OwnCurve(Mind):
    """FSRS itself as the truth, so biased towards it; people's and questions' stabilities are spread by a factor."""

    def __init__(self, chance: random.Random, questions: int) -> None:
        super().__init__(chance, questions)
        self.known: dict[int, Memory] = {}

    def meets(self, question: int, day: float, *, knew: bool) -> None:
        answer = Answer(moment(day), knew, "sure" if knew else "think_so")
        self.known[question] = rules.remember(self.known.get(question), answer, scheduler="fsrs")

    def recall(self, question: int, day: float) -> float:
        known = self.known[question]
        lasts = (known.stability or 0.0) * math.exp(self.person - self.hard[question])
        return 1 - forgetting(replace(known, stability=lasts), moment(day))
