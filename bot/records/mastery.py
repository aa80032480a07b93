"""What ratings, checks, reviews and actions together say about a manager in an area. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Answered:
    """An answer to a choice of the area."""

    level: int
    correct: bool
    confidence: str
    is_review: bool = False


@dataclass(frozen=True)
class Evidence:
    """What is on record for one area, oldest first. A rating is (week, level); None: not seen yet."""

    self_ratings: Sequence[tuple[int, int | None]] = ()
    mentor_ratings: Sequence[tuple[int, int | None]] = ()
    answers: Sequence[Answered] = ()
    actions: Sequence[str] = field(default=())


@dataclass(frozen=True)
class Standing:
    """Where a manager stands in an area."""

    mastery: float
    self_level: int | None
    mentor_level: int | None
    to_talk_about: bool


def standing(evidence: Evidence) -> Standing:
    """Where someone stands."""
    own, mentor = _last(evidence.self_ratings), _last(evidence.mentor_ratings)
    start = float(mentor if mentor is not None else min(own or 1, 3))
    for one in evidence.answers:
        step = {"sure": 0.3, "think_so": 0.2}.get(one.confidence, 0.05) if one.correct else -0.2
        start = min(5.0, max(1.0, start + step))
    return Standing(start, own, mentor, own is not None and mentor is not None and abs(own - mentor) >= 2)


def gap(one: Standing | None, target: int) -> float:
    """How far someone is from the target level."""
    return max(0.0, target - (1.0 if one is None else one.mastery))


def _last(ratings: Sequence[tuple[int, int | None]]) -> int | None:
    return next((level for _, level in reversed(ratings) if level is not None), None)
