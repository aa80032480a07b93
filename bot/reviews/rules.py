"""When a question comes back, and which questions do. Pure; moments are aware UTC.

Two schedulers to choose from: `fsrs` (py-fsrs with its published parameters; learning.md B has the figures and the traps) and
`ladder` (fixed gaps). Both see the first answer in each slot only, and a question whose meaning changed starts anew.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from fsrs import Card, Rating, Scheduler

SchedulerName = Literal["fsrs", "ladder"]

RETENTION = 0.85
SHORTEST, LONGEST = timedelta(days=2), timedelta(days=60)
LADDER = tuple(timedelta(days=days) for days in (7, 28, 56))
SOON = timedelta(days=1)  # what someone was sure of and got wrong is best put right while it is fresh (learning.md A10)
SMALLEST_GAP = 0.5  # of an area whose target is reached: what was learned there should stay, too
WORTH_ASKING = 0.05  # risk times gap below which a question is left in peace
# A review comes once a week, at one hour: what falls due a little later that day would wait for another week.
SAME_DAY = timedelta(days=1)
# For so long a question lets others go first, or the few that never stick crowd out the rest.
RESTS = timedelta(weeks=6)
AHEAD = timedelta(weeks=4)  # how far ahead asking should make a difference
HABIT, HABIT_SHARE = 3, 0.8  # so many reviews in a row with such a share right: it sits


@dataclass(frozen=True)
class Answer:
    """One answer to a question: at first in the lesson, then in each review."""

    at: datetime
    correct: bool
    confidence: str  # sure, think_so or guess


@dataclass(frozen=True)
class Memory:
    """What a scheduler knows of one question for one person. `step` counts answers on the ladder's rungs."""

    stability: float | None  # days in which recall falls to 90 %; None on the ladder
    difficulty: float | None
    due_at: datetime
    last_at: datetime
    step: int
    missed_surely: bool = False


@dataclass(frozen=True)
class Candidate:
    """A question that could be asked again; `gap` is how far its area is from the target."""

    lesson_id: str
    check_id: str
    area: str
    memory: Memory
    gap: float


def replay(answers: Sequence[Answer], *, scheduler: SchedulerName) -> Memory:
    """The memory of a question after these answers, oldest first. ValueError without any."""
    memory: Memory | None = None
    for answer in answers:
        memory = remember(memory, answer, scheduler=scheduler)
    if memory is None:
        raise ValueError("nothing was answered yet")
    return memory


def remember(memory: Memory | None, answer: Answer, *, scheduler: SchedulerName) -> Memory:
    """The memory after one more answer."""
    after = _fsrs(memory, answer) if scheduler == "fsrs" else _ladder(memory, answer)
    if answer.correct or answer.confidence != "sure":
        return after
    return Memory(after.stability, after.difficulty, answer.at + SOON, answer.at, after.step, missed_surely=True)


def forgetting(memory: Memory, at: datetime) -> float:
    """The risk, from 0 to 1, that the answer is forgotten at that moment. It grows with time."""
    return 1 - _recall(memory, max(0.0, (at - memory.last_at) / timedelta(days=1)))


def choose(candidates: Sequence[Candidate], now: datetime, *, most: int) -> list[Candidate]:
    """What to ask again in one slot: what gains most for this person, not what is oldest; at most so many.

    What was missed though they were sure comes first, then what was not asked for six weeks, each by its gain: how much likelier
    it is to be known four weeks on if it is asked now, times the gap of its area. Risk alone, without looking ahead and without
    a rest, kept .01 to .03 less at week 26 (tests/bench/retention.py). Only what is due is asked: with 60 questions to fill each
    review changes nothing; with 20, of which .92 and more stay anyway, it costs up to 60 % more answers for .02 to .04 more.
    """
    due = [one for one in candidates if one.memory.due_at <= now + SAME_DAY and _is_worth_asking(one, now)]
    return _mixed(sorted(due, key=lambda one: _rank(one, now))[:most])


def weeks_to_next(shares: Sequence[float]) -> int:
    """After how many weeks the next review comes, once the lessons are over: each share is what was right in one of the last.

    Prompts fade out as answers show the habit.
    """
    recent = shares[-HABIT:]
    return 2 if len(recent) == HABIT and all(share >= HABIT_SHARE for share in recent) else 1


def _is_worth_asking(one: Candidate, now: datetime) -> bool:
    return one.memory.missed_surely or forgetting(one.memory, now) * _weight(one) > WORTH_ASKING


def _rank(one: Candidate, now: datetime) -> tuple[bool, bool, float, str, str]:
    rests = now - one.memory.last_at < RESTS
    return not one.memory.missed_surely, rests, -_gain(one.memory, now) * _weight(one), one.lesson_id, one.check_id


def _weight(one: Candidate) -> float:
    return max(one.gap, SMALLEST_GAP)


def _gain(memory: Memory, now: datetime) -> float:
    """By how much asking now makes it likelier to be known later, by the scheduler's own expectation of right and wrong."""
    scheduler: SchedulerName = "ladder" if memory.stability is None else "fsrs"
    right = remember(memory, Answer(now, True, "sure"), scheduler=scheduler)
    wrong = remember(memory, Answer(now, False, "think_so"), scheduler=scheduler)
    risk, later = forgetting(memory, now), now + AHEAD
    return forgetting(memory, later) - (1 - risk) * forgetting(right, later) - risk * forgetting(wrong, later)


def _mixed(chosen: Sequence[Candidate]) -> list[Candidate]:
    """The same questions with areas mixed: no two neighbours of one area where it can be avoided (learning.md A4)."""
    rest, mixed = list(chosen), list[Candidate]()
    while rest:
        left = {one.area: sum(other.area == one.area for other in rest) for one in rest}
        other = [one for one in rest if not mixed or one.area != mixed[-1].area] or rest
        crowded = max(left[one.area] for one in other)
        mixed.append(next(one for one in other if left[one.area] == crowded))
        rest.remove(mixed[-1])
    return mixed


def _ladder(memory: Memory | None, answer: Answer) -> Memory:
    knew = answer.correct and answer.confidence != "guess"
    step = min((memory.step if memory else 0) + 1, len(LADDER)) if knew else 1
    return Memory(None, None, answer.at + LADDER[step - 1], answer.at, step)


def _fsrs(memory: Memory | None, answer: Answer) -> Memory:
    card, _ = _fsrs_scheduler().review_card(_card(memory), _rating(answer), answer.at.astimezone(UTC))
    gap = min(max(card.due - answer.at, SHORTEST), LONGEST)
    return Memory(card.stability, card.difficulty, answer.at + gap, answer.at, (memory.step if memory else 0) + 1)


def _card(memory: Memory | None) -> "Card":
    from fsrs import Card, State

    if memory is None or memory.stability is None:
        return Card(
            card_id=1, due=datetime(2000, 1, 1, tzinfo=UTC)
        )  # its own id: the library's takes a millisecond each
    last = memory.last_at.astimezone(UTC)
    return Card(
        card_id=1, state=State.Review, step=None, stability=memory.stability, difficulty=memory.difficulty,
        due=memory.due_at.astimezone(UTC), last_review=last,
    )  # fmt: skip


def _rating(answer: Answer) -> "Rating":
    """Never easy: at first try it would jump half a year. A right guess, one in three by luck, proves nothing."""
    from fsrs import Rating

    if not answer.correct or answer.confidence == "guess":
        return Rating.Again
    return Rating.Good if answer.confidence == "sure" else Rating.Hard


@cache
def _fsrs_scheduler() -> "Scheduler":
    from fsrs import Scheduler

    return Scheduler(
        desired_retention=RETENTION, learning_steps=(), relearning_steps=(), enable_fuzzing=False,
        maximum_interval=LONGEST.days,
    )  # fmt: skip


def _recall(memory: Memory, days: float) -> float:
    """The curve of FSRS; on the ladder one with the same shape, that reaches the wanted retention at the rung's end."""
    decay = _fsrs_scheduler().parameters[20]
    factor = 0.9 ** (-1 / decay) - 1
    stability = memory.stability
    if stability is None:
        rung = max((memory.due_at - memory.last_at) / timedelta(days=1), 1.0)
        stability = rung * factor / (RETENTION ** (-1 / decay) - 1)
    return float((1 + factor * days / stability) ** -decay)
