"""When a question comes back, and which ones do. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

LADDER = (7, 28, 56)


@dataclass(frozen=True)
class Answer:
    at: datetime
    correct: bool
    confidence: str


@dataclass(frozen=True)
class Memory:
    stability: float | None
    difficulty: float | None
    due_at: datetime
    last_at: datetime
    step: int


@dataclass(frozen=True)
class Candidate:
    lesson_id: str
    check_id: str
    area: str
    memory: Memory
    gap: float


def replay(answers: Sequence[Answer], *, scheduler: str) -> Memory:
    step = 0
    for answer in answers:
        step = min(step + 1, 3) if answer.correct and answer.confidence != "guess" else 1
    last = answers[-1]
    days = 2 if not last.correct and last.confidence == "sure" else LADDER[step - 1]
    return Memory(None, None, last.at + timedelta(days=days), last.at, step)


def choose(
    candidates: Sequence[Candidate], now: datetime, *, most: int, horizon: datetime | None = None
) -> list[Candidate]:
    return sorted(
        (one for one in candidates if one.memory.due_at <= now),
        key=lambda one: (one.memory.due_at, one.lesson_id, one.check_id),
    )[:most]


def weeks_to_next(shares: Sequence[float]) -> int:
    return 2 if len(shares) >= 3 and all(one >= 0.8 for one in shares[-3:]) else 1
