"""The shapes of what is taught. All are frozen; unknown keys are refused.

Every text marked *mrkdwn* was written as Markdown and is kept as Slack mrkdwn, with its `{{ placeholders }}` still open:
`wording.fill` closes them for one reader.
"""

import re
from collections.abc import Collection
from datetime import date, time
from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field
from pydantic_core import PydanticCustomError

Weekday = Literal["mon", "tue", "wed", "thu", "fri", "sat", "sun"]
Audience = Literal["private", "mentor", "staff"]


def _by_the_clock(value: Any) -> Any:
    """Pydantic alone takes 900 for a quarter past midnight UTC, and lets an offset through."""
    if isinstance(value, time) or re.fullmatch(r"\d\d:\d\d(:\d\d)?", str(value)):
        return value
    raise PydanticCustomError("time_parsing", "a time is needed")


def _by_the_calendar(value: Any) -> Any:
    """Pydantic alone takes a bare number for a moment since 1970."""
    if isinstance(value, date) or re.fullmatch(r"\d{4}-\d\d-\d\d", str(value)):
        return value
    raise PydanticCustomError("date_parsing", "a date is needed")


def _day_of_any_year(value: Any) -> Any:
    """A day as 12-24, which every year has (29 February would be none)."""
    try:
        if not re.fullmatch(r"\d\d-\d\d", str(value)):
            raise ValueError
        date.fromisoformat(f"2001-{value}")
    except ValueError:
        raise PydanticCustomError("month_day", "a day as 12-24 is needed") from None
    return value


LocalTime = Annotated[time, BeforeValidator(_by_the_clock)]
Day = Annotated[date, BeforeValidator(_by_the_calendar)]
MonthDay = Annotated[str, BeforeValidator(_day_of_any_year)]


class Frozen(BaseModel):
    """A value: it never changes, and refuses what it does not know."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Option(Frozen):
    """One answer of a choice. `id` is a stable slug, never a place in the list."""

    id: str
    text: str  # plain, at most 75 characters: Slack shows no more
    right: bool
    feedback: str  # mrkdwn; says why, for this option


class Choice(Frozen):
    """A question with one right option, or several (`several`)."""

    kind: Literal["choice"] = "choice"
    id: str
    prompt: str  # mrkdwn
    options: tuple[Option, ...]
    several: bool = False
    keep_order: bool = False

    @property
    def right_ids(self) -> frozenset[str]:
        """The ids that make a right answer, all of them and no other."""
        return frozenset(option.id for option in self.options if option.right)

    def takes(self, picked: Collection[str]) -> bool:
        """Whether that can be an answer: some of its own options, and only one where one is asked for."""
        known = {option.id for option in self.options}
        return bool(picked) and known.issuperset(picked) and (self.several or len(set(picked)) == 1)


class ScalePoint(Frozen):
    """A point of a scale; points between two labelled ones have an empty label."""

    value: int
    label: str  # plain


class Scale(Frozen):
    """A question answered by a number from 1 to 5. It has no right answer."""

    kind: Literal["scale"] = "scale"
    id: str
    prompt: str  # mrkdwn
    points: tuple[ScalePoint, ...]


class Reflection(Frozen):
    """A question answered in one's own words; private unless the writer shares it."""

    kind: Literal["reflection"] = "reflection"
    id: str
    prompt: str  # mrkdwn
    private: bool = True  # the heading says so, for whoever reads the file


Check = Annotated[Choice | Scale | Reflection, Field(discriminator="kind")]


class Action(Frozen):
    """The thing to try at work: an if-then sentence, due some working days later."""

    text: str  # mrkdwn
    due_working_days: int = Field(ge=1, le=30)
    follow_up: str  # mrkdwn, the question asked afterwards


class Lesson(Frozen):
    """One micro-lesson: one Markdown file."""

    id: str
    area: str
    title: str
    minutes: int = Field(ge=1, le=15)
    level: int = Field(ge=1, le=3)
    revision: int = Field(ge=1)
    objectives: tuple[str, ...]
    before: tuple[str, ...] = ()
    # When it fits best. No part of what is served, and so of no edition: to move it makes no new one.
    season: str | None = Field(default=None, exclude=True)
    owner: str
    review_by: Day
    body: str  # mrkdwn
    example: str = ""  # mrkdwn; left out at level 3
    checks: tuple[Check, ...]
    action: Action
    mentor: str  # mrkdwn: what the mentor may ask
    peers: str  # mrkdwn: what two managers may talk about

    def check(self, check_id: str) -> Check:
        """The check of that id; KeyError if this lesson has none."""
        for check in self.checks:
            if check.id == check_id:
                return check
        raise KeyError(check_id)


class Level(Frozen):
    """One of five levels of an area, in observable behaviour."""

    value: int = Field(ge=1, le=5)
    behaviour: str  # plain


class Case(Frozen):
    """A sample of what a manager did, with the level that it shows and why (frame-of-reference training: learning.md A9)."""

    text: str  # plain
    level: int = Field(ge=1, le=5)
    why: str  # plain


class Area(Frozen):
    """A competency area with its rubric (a behaviourally anchored rating scale)."""

    id: str
    title: str
    idea: str  # mrkdwn, one or two sentences
    levels: tuple[Level, ...]
    cases: tuple[Case, ...] = ()  # rated by mentors before they rate people: two, in this order


class WorkingTime(Frozen):
    """When people may be written to, in their own local time."""

    days: tuple[Weekday, ...]
    start: LocalTime
    end: LocalTime

    def is_off(self, day: date) -> bool:  # noqa: ARG002 — one person's working time knows more
        """Whether nothing is said on that local day, though it is a working day of the week."""
        return False


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


class Length(Frozen):
    """How long the program lasts, from the day on which a manager begins: weeks of lessons, then weeks of reviews only."""

    lesson_weeks: int = Field(default=16, ge=1, le=52)
    review_weeks: int = Field(default=10, ge=0, le=52)


class WelcomeRule(Frozen):
    """How long someone who has not begun waits for the one reminder."""

    remind_after_days: int = Field(default=7, ge=1, le=30)


class Window(Frozen):
    """Days of each year, both included. It may run over New Year."""

    name: str
    first: MonthDay
    last: MonthDay

    def covers(self, day: date) -> bool:
        """Whether that day lies in it."""
        month_day = day.isoformat()[5:]
        if self.first <= self.last:
            return self.first <= month_day <= self.last
        return month_day >= self.first or month_day <= self.last  # over New Year


class QuietWindow(Window):
    """Days on which nobody is written to unasked."""


class Season(Window):
    """A time of the sales year, as planning or a quarter's end; several may have one name."""


class AttentionBudget(Frozen):
    """How many unprompted messages one person gets at most, over all kinds together; a day has one, always."""

    a_week: int = Field(default=4, ge=1, le=5)
    quiet: tuple[QuietWindow, ...] = ()


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
    targets: dict[str, int] = Field(default_factory=dict)  # area → the level to reach, 1 to 5; 4 where none is named

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


class Curriculum(Frozen):
    """All that is taught: a consistent whole (every `area` and `before` exists, ids are unique)."""

    program: Program
    areas: tuple[Area, ...]  # in the program's order
    lessons: tuple[Lesson, ...]  # by area in the program's order, then in the author's order (file name)
    # The same in other languages: with all ids as here, and in the program's language what is not translated.
    translations: dict[str, "Curriculum"] = Field(default_factory=dict)

    def lesson(self, lesson_id: str) -> Lesson:
        """The lesson of that id; KeyError if there is none (any more)."""
        for lesson in self.lessons:
            if lesson.id == lesson_id:
                return lesson
        raise KeyError(lesson_id)

    def area(self, area_id: str) -> Area:
        """The area of that id; KeyError if there is none."""
        for area in self.areas:
            if area.id == area_id:
                return area
        raise KeyError(area_id)
