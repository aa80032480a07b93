"""Ways to pick what is asked again, to be compared: the bot's own, and the usual ones."""

from abc import ABC, abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from bot.reviews import rules
from bot.reviews.rules import Answer, Candidate, Memory, SchedulerName, choose

LEITNER_DAYS = (2, 7, 21, 60)
MOST = 5


@dataclass
class Policy(ABC):
    """What one way to pick knows of one person. Questions are numbers."""

    @abstractmethod
    def learns(self, question: int, answer: Answer) -> None:
        """A question was answered."""

    @abstractmethod
    def picks(self, now: datetime, count: int, gaps: Sequence[float]) -> list[int]:
        """The questions of one review; `gaps` says how far each area is from its target."""


@dataclass
class ByDue(Policy):
    """The longest due first. To ask exactly `count`, it goes on with what is due next."""

    due: dict[int, datetime] = field(default_factory=dict)

    def picks(self, now: datetime, count: int, gaps: Sequence[float]) -> list[int]:  # noqa: ARG002
        return sorted(self.due, key=lambda question: (self.due[question], question))[:count]


@dataclass
class PlainFsrs(ByDue):
    """FSRS as it comes, .85."""

    known: dict[int, Memory] = field(default_factory=dict)
    scheduler: SchedulerName = "fsrs"

    def learns(self, question: int, answer: Answer) -> None:
        plain = answer if answer.correct else replace(answer, confidence="think_so")  # it knows no «sure but wrong»
        self.known[question] = rules.remember(self.known.get(question), plain, scheduler=self.scheduler)
        self.due[question] = self.known[question].due_at


@dataclass
class PlainLadder(PlainFsrs):
    """7, 28, 56 days."""

    scheduler: SchedulerName = "ladder"


@dataclass
class Leitner(ByDue):
    """Boxes of 2, 7, 21 and 60 days: one up for what was known, back to the first for what was not."""

    boxes: dict[int, int] = field(default_factory=dict)

    def learns(self, question: int, answer: Answer) -> None:
        knew = answer.correct and answer.confidence != "guess"
        box = min(self.boxes.get(question, -1) + 1, len(LEITNER_DAYS) - 1) if knew else 0
        self.boxes[question] = box
        self.due[question] = answer.at + timedelta(days=LEITNER_DAYS[box])


@dataclass
class Ours(Policy):
    """What the bot does. It never asks more than `count`, and less where less is due."""

    scheduler: SchedulerName = "fsrs"
    known: dict[int, Memory] = field(default_factory=dict)

    def learns(self, question: int, answer: Answer) -> None:
        self.known[question] = rules.remember(self.known.get(question), answer, scheduler=self.scheduler)

    def picks(self, now: datetime, count: int, gaps: Sequence[float]) -> list[int]:
        candidates = [
            Candidate(f"{question:03}", "q", str(area_of(question)), memory, gaps[area_of(question)])
            for question, memory in self.known.items()
        ]
        return [int(one.lesson_id) for one in choose(candidates, now, most=min(count, MOST))]


@dataclass
class OursOnTheLadder(Ours):
    """The same choice, by the memory of the ladder."""

    scheduler: SchedulerName = "ladder"


AREAS = 5
QUESTIONS_A_LESSON = 2


def area_of(question: int) -> int:
    """Lessons go round the areas."""
    return question // QUESTIONS_A_LESSON % AREAS
