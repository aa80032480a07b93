"""The shapes of what is taught. All are frozen; unknown keys are refused.

Every text marked *mrkdwn* was written as Markdown and is kept as Slack mrkdwn, with its `{{ placeholders }}` still open:
`wording.fill` closes them for one reader.
"""

import re
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


LocalTime = Annotated[time, BeforeValidator(_by_the_clock)]
Day = Annotated[date, BeforeValidator(_by_the_calendar)]


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


class Area(Frozen):
    """A competency area with its rubric (a behaviourally anchored rating scale)."""

    id: str
    title: str
    idea: str  # mrkdwn, one or two sentences
    levels: tuple[Level, ...]


class WorkingTime(Frozen):
    """When people may be written to, in their own local time."""

    days: tuple[Weekday, ...]
    start: LocalTime
    end: LocalTime


class LessonCadence(Frozen):
    """On which days and at what local time a lesson arrives."""

    days: tuple[Weekday, ...]
    at: LocalTime


class NudgeRule(Frozen):
    """How long an unanswered lesson waits for its one nudge, in working days of the person."""

    after_working_days: int = Field(ge=1, le=10)


class PeerCadence(Frozen):
    """How often a cohort is grouped anew: every `every_weeks` weeks on `day` at the cohort's local `at`."""

    every_weeks: int = Field(ge=1, le=8)
    day: Weekday
    at: LocalTime
    ask_after_days: int = Field(ge=1, le=21)


class DigestCadence(Frozen):
    """The mentor's weekly digest, in the mentor's local time."""

    day: Weekday
    at: LocalTime


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
    working_time: WorkingTime
    lessons: LessonCadence
    nudge: NudgeRule
    peers: PeerCadence
    digest: DigestCadence


class Curriculum(Frozen):
    """All that is taught: a consistent whole (every `area` and `before` exists, ids are unique)."""

    program: Program
    areas: tuple[Area, ...]  # in the program's order
    lessons: tuple[Lesson, ...]  # by area in the program's order, then in the author's order (file name)

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
