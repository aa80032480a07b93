"""The program: content/program.yaml."""

from datetime import date
from typing import Annotated

from pydantic import Field

from bot.curriculum.model.cadence import (
    DigestCadence,
    FortnightlyRule,
    LessonCadence,
    NudgeRule,
    PeerCadence,
    RatingRule,
    RelationRule,
    ReviewCadence,
    SilenceRule,
    WelcomeRule,
)
from bot.curriculum.model.times import AttentionBudget, Length, Season, WorkingTime
from bot.curriculum.model.values import Frozen


class Company(Frozen):
    """What lessons may say of the company."""

    name: str
    currency: str


class Program(Frozen):
    """content/program.yaml: the areas in order, and the cadence."""

    title: str
    timezone: str  # IANA; for a person whose own zone is unknown
    company: Company
    areas: tuple[str, ...]
    staff: tuple[str, ...] = ()  # e-mail addresses or Slack user ids
    analysts: tuple[str, ...] = ()  # the same: they read the figures that staff read, and do nothing
    working_time: WorkingTime
    lessons: LessonCadence
    nudge: NudgeRule
    peers: PeerCadence
    digest: DigestCadence
    language: str = "en"  # of everything without a language of its own
    country: str | None = None  # ISO 3166 alpha-2; whose public holidays count for someone who has not said
    minutes_a_week: int = Field(default=25, ge=1, le=120)
    length: Length = Length()
    welcome: WelcomeRule = WelcomeRule()
    attention: AttentionBudget = AttentionBudget()
    reviews: ReviewCadence = ReviewCadence()
    pulse: FortnightlyRule = FortnightlyRule()
    letting_go: FortnightlyRule = FortnightlyRule()
    silence: SilenceRule = SilenceRule()
    ratings: RatingRule = RatingRule()
    relation: RelationRule = RelationRule()
    seasons: tuple[Season, ...] = ()
    # Area → the level to reach; 4 where none is named.
    targets: dict[str, Annotated[int, Field(ge=1, le=5)]] = Field(default_factory=dict)

    def target(self, area_id: str) -> int:
        """The level that the program wants a manager to reach in an area."""
        return self.targets.get(area_id, 4)

    def seasons_on(self, day: date) -> frozenset[str]:
        """The names of the seasons of the sales year that a day lies in."""
        return frozenset(season.name for season in self.seasons if season.covers(day))

    @property
    def last_week(self) -> int:
        """The week of the program in which it is over, and the areas are rated once more."""
        return self.length.lesson_weeks + self.length.review_weeks

    @property
    def checkpoints(self) -> tuple[int, ...]:
        """The weeks in which areas are rated, in order; the last one is always among them."""
        return tuple(sorted({week for week in self.ratings.weeks if week < self.last_week} | {self.last_week}))
