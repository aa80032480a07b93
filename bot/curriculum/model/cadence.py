"""How often what is said and asked: the rules of program.yaml, one for each room."""

from datetime import time
from typing import Annotated, Literal

from pydantic import Field

from bot.curriculum.model.values import Frozen, LocalTime, Weekday


class LessonCadence(Frozen):
    """On which days and at what local time a lesson arrives."""

    days: tuple[Weekday, ...]
    at: LocalTime


class NudgeRule(Frozen):
    """How long an unanswered lesson waits for its one nudge, in working days of the person."""

    after_working_days: int = Field(ge=1, le=10)


class Pool(Frozen):
    """Cohorts whose managers meet one another; every other cohort is a pool by itself."""

    name: str
    cohorts: tuple[str, ...]


class PeerCadence(Frozen):
    """How often a pool is grouped anew: every `every_weeks` weeks on `day` at the pool's local `at`."""

    every_weeks: int = Field(ge=1, le=8)
    day: Weekday
    at: LocalTime
    ask_after_days: int = Field(ge=1, le=21)
    rest_after_rounds: int = Field(default=3, ge=1, le=12)  # in which nothing was heard from someone
    shared_hours: int = Field(default=2, ge=0, le=8)  # of working time that a group has in common, at least
    pools: tuple[Pool, ...] = ()

    def pool_of(self, cohort: str) -> str:
        """The name of the pool that a cohort belongs to: its own, where program.yaml names none."""
        return next((pool.name for pool in self.pools if cohort in pool.cohorts), cohort)


class DigestCadence(Frozen):
    """The mentor's weekly digest, in the mentor's local time."""

    day: Weekday
    at: LocalTime


class RatingRule(Frozen):
    """In which weeks a manager and their mentor rate the areas, beside the program's last, and how long that is sealed."""

    weeks: tuple[Annotated[int, Field(ge=0, le=103)], ...] = (0, 8, 16)
    sealed_working_days: int = Field(default=10, ge=1, le=30)


class RelationRule(Frozen):
    """After how many days a manager is asked whether the talks with their mentor help, and how often from then on."""

    first_after_days: int = Field(default=30, ge=7, le=180)
    every_days: int = Field(default=60, ge=14, le=365)


class WelcomeRule(Frozen):
    """How long someone who has not begun waits for the one reminder."""

    remind_after_days: int = Field(default=7, ge=1, le=30)


class ReviewCadence(Frozen):
    """The weekly review: when, how many questions at most, and what decides when a question comes back."""

    day: Weekday = "fri"
    at: LocalTime = time(9)
    most: int = Field(default=5, ge=1, le=5)
    scheduler: Literal["fsrs", "ladder"] = "fsrs"


class FortnightlyRule(Frozen):
    """How often something small is asked."""

    every_weeks: int = Field(default=2, ge=1, le=8)


class SilenceRule(Frozen):
    """After how many weeks without any answer someone is asked: pause, slower, or stop?"""

    after_weeks: int = Field(default=2, ge=1, le=8)
