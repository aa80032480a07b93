"""What a group says of whether it met, and what that leads to. Pure: moments are aware UTC."""

from dataclasses import dataclass
from datetime import datetime
from enum import Enum


class Answer(Enum):
    """What a group says."""

    ALL = "all"
    SOME = "some"
    NOT_YET = "not_yet"
    COULD_NOT = "could_not"


class Stage(Enum):
    """What one question shows."""

    ASKED = "asked"
    STILL_TIME = "still time"
    ASKED_AGAIN = "asked again"
    LET_GO = "let go"
    ANSWERED = "answered"


@dataclass(frozen=True)
class Told:
    """What a group has said so far, when, and when it was asked once more after «not yet»."""

    answer: Answer | None
    at: datetime | None
    asked_again_at: datetime | None

    @property
    def is_let_go(self) -> bool:
        """Whether they said «not yet» when they were asked again: that is not asked a third time."""
        again, at = self.asked_again_at, self.at
        return self.answer is Answer.NOT_YET and again is not None and at is not None and at >= again

    @property
    def is_settled(self) -> bool:
        """Whether nothing is open any more."""
        return self.is_let_go or self.answer not in (None, Answer.NOT_YET)


def stage(told: Told, *, again: bool) -> Stage:
    """What the first question shows, or the one that is asked again."""
    if told.is_let_go:
        return Stage.LET_GO
    if told.answer is None:
        return Stage.ASKED
    if told.answer is not Answer.NOT_YET:
        return Stage.ANSWERED
    if told.asked_again_at is None:
        return Stage.STILL_TIME
    return Stage.ASKED if again else Stage.ASKED_AGAIN


def counts(told: Told, answer: Answer) -> bool:
    """Whether an answer is taken: the first is, one that corrects «not yet», and «not yet» once more, where that was asked."""
    if told.is_settled:
        return False
    return told.answer is None or answer is not Answer.NOT_YET or told.asked_again_at is not None


def may_set_time(told: Told, meets_at: datetime | None, over_at: datetime, now: datetime) -> bool:
    """Whether a group may pick a time, or another: until it has met, or has let go, or is over; after a meeting that was
    to be, once they say «not yet»."""
    if told.is_settled or now > over_at:
        return False
    return meets_at is None or now < meets_at or told.answer is Answer.NOT_YET
