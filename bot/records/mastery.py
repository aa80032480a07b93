"""What ratings, answers, reviews and actions together say about a manager in an area. Pure.

In one sentence, as it can be said to a manager: it starts where your mentor (or, more carefully, you yourself) put you, goes up
with what you get right and what you try at work, and down with what you get wrong; what you still know weeks later counts most.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

LOWEST, HIGHEST = 1.0, 5.0
FAR_APART = 2  # levels between self and mentor from which on it is worth a talk (learning.md A8)

# People rate themselves more kindly than their bosses do (d = .32, learning.md A8), and agree with them little (r = .22). So a
# rating of oneself is taken a third of a level lower, and never for more than the middle, until something else speaks for it.
SELF_IS_KINDER_BY = 1 / 3
MOST_BY_SELF_ALONE = 3.0

# How much of the way to the top (or to the bottom) one answer goes, by how sure someone was. A right guess proves next to
# nothing; to be sure and wrong is the clearest sign that something has to be learned anew.
UP = {"sure": 0.10, "think_so": 0.07, "guess": 0.01}
DOWN = {"sure": 0.12, "think_so": 0.08, "guess": 0.05}
REVIEW_COUNTS = 1.5  # knowing it later is the better evidence (learning.md A17: a score after three weeks and more)
STEADY_AFTER = 2  # answers; one could be luck, and an area has few
# What was tried at work, and what a mentor saw on a visit: the same, for both are one behaviour on one day. «Not yet»
# lowers nothing: on one visit there may have been no occasion.
ACTION = {"yes": 0.06, "partly": 0.03}


@dataclass(frozen=True)
class Rated:
    """A level of the rubric, by «self» or «mentor»; None: not seen yet. `at` is aware UTC, `week` that of the program."""

    by: str
    level: int | None
    at: datetime
    week: int = 0
    by_id: int | None = None  # which mentor


@dataclass(frozen=True)
class Answered:
    """An answer to a choice of the area. `level` is the lesson's, 1 to 3."""

    level: int
    correct: bool
    confidence: str
    at: datetime
    is_review: bool = False


@dataclass(frozen=True)
class Tried:
    """What came of an action: yes, partly or not_yet."""

    status: str
    at: datetime


@dataclass(frozen=True)
class Observed:
    """A behaviour of the area that a mentor looked for on a visit: yes, partly or not_yet."""

    saw: str
    at: datetime


@dataclass(frozen=True)
class Evidence:
    """What is on record for one area, each list oldest first."""

    ratings: Sequence[Rated] = ()
    answers: Sequence[Answered] = ()
    actions: Sequence[Tried] = ()
    observed: Sequence[Observed] = ()


Move = Answered | Tried | Observed


@dataclass(frozen=True)
class Standing:
    """Where a manager stands in an area. The two ratings are kept apart, and never averaged."""

    mastery: float
    self_level: int | None = None
    mentor_level: int | None = None
    to_talk_about: bool = False  # the two of one week lie far apart …
    talk_with: int | None = None  # … and this mentor gave theirs
    unsure: bool = False  # their last answer there was wrong, or a guess
    steady: bool = False  # their last two answers there were right, and they were sure


def standing(evidence: Evidence) -> Standing:
    """Where someone stands. A mentor's rating starts anew from what was seen; a rating of oneself never counts alone."""
    own, mentor = _latest(evidence.ratings, "self"), _latest(evidence.ratings, "mentor")
    first = next((one for one in evidence.ratings if one.by == "self" and one.level is not None), None)
    level = float(mentor.level or LOWEST) if mentor else _by_self(first)
    for move in moves(evidence):
        if mentor is None or move.at > mentor.at:
            level = moved(level, move)
    pair = _pair(evidence.ratings)
    last = evidence.answers[-1] if evidence.answers else None
    recent = evidence.answers[-STEADY_AFTER:]
    return Standing(
        mastery=level,
        self_level=own.level if own else None,
        mentor_level=mentor.level if mentor else None,
        to_talk_about=bool(pair and abs((pair["self"].level or 0) - (pair["mentor"].level or 0)) >= FAR_APART),
        talk_with=pair["mentor"].by_id if pair else None,
        unsure=last is not None and (not last.correct or last.confidence == "guess"),
        steady=len(recent) == STEADY_AFTER and all(one.correct and one.confidence == "sure" for one in recent),
    )


def moves(evidence: Evidence) -> list[Move]:
    """Everything but ratings, oldest first."""
    found: list[Move] = [*evidence.answers, *evidence.actions, *evidence.observed]
    return sorted(found, key=lambda one: one.at)


def moved(level: float, move: Move) -> float:
    """The level after one more answer, action or visit: up for what is right, down for what is wrong, never beyond 1 and 5."""
    if isinstance(move, Tried | Observed):
        did = move.status if isinstance(move, Tried) else move.saw
        return level + ACTION.get(did, 0.0) * (HIGHEST - level)
    weight = REVIEW_COUNTS if move.is_review else 1.0
    if move.correct:  # something hard that is right says more …
        return level + UP[move.confidence] * weight * move.level / 2 * (HIGHEST - level)
    easy = 4 - move.level  # … and so does something easy that is wrong
    return level - DOWN[move.confidence] * weight * easy / 2 * (level - LOWEST)


def gap(one: Standing | None, target: int) -> float:
    """How far someone is from the level that the program aims at; 0 where they are there."""
    return max(0.0, target - (LOWEST if one is None else one.mastery))


def _by_self(rated: Rated | None) -> float:
    if rated is None or rated.level is None:
        return LOWEST
    return max(LOWEST, min(MOST_BY_SELF_ALONE, rated.level) - SELF_IS_KINDER_BY)


def _pair(ratings: Sequence[Rated]) -> Mapping[str, Rated] | None:
    """Both levels of the latest week in which both gave one: eight weeks later one may well say more, and both agree."""
    weeks: dict[int, dict[str, Rated]] = defaultdict(dict)
    for one in ratings:
        if one.level is not None:
            weeks[one.week][one.by] = one
    return next((weeks[week] for week in sorted(weeks, reverse=True) if {"self", "mentor"} <= weeks[week].keys()), None)


def _latest(ratings: Sequence[Rated], by: str) -> Rated | None:
    return next((one for one in reversed(ratings) if one.by == by and one.level is not None), None)
