"""The shapes of what is taught. All are frozen; unknown keys are refused.

Every text marked *mrkdwn* was written as Markdown and is kept as Slack mrkdwn, with its `{{ placeholders }}` still open:
`wording.fill` closes them for one reader.
"""

from bot.curriculum.model.area import Area, Case, Level
from bot.curriculum.model.cadence import (
    DigestCadence,
    FortnightlyRule,
    LessonCadence,
    NudgeRule,
    PeerCadence,
    Pool,
    RatingRule,
    RelationRule,
    ReviewCadence,
    SilenceRule,
    WelcomeRule,
)
from bot.curriculum.model.lesson import Action, Check, Choice, Lesson, Option, Reflection, Scale, ScalePoint
from bot.curriculum.model.program import Company, Program
from bot.curriculum.model.times import AttentionBudget, Length, QuietWindow, Season, Window, WorkingTime
from bot.curriculum.model.values import Audience, Day, Frozen, Itself, LocalTime, MonthDay, Weekday
from bot.curriculum.model.whole import Curriculum

__all__ = [
    "Action",
    "Area",
    "AttentionBudget",
    "Audience",
    "Case",
    "Check",
    "Choice",
    "Company",
    "Curriculum",
    "Day",
    "DigestCadence",
    "FortnightlyRule",
    "Frozen",
    "Itself",
    "Length",
    "Lesson",
    "LessonCadence",
    "Level",
    "LocalTime",
    "MonthDay",
    "NudgeRule",
    "Option",
    "PeerCadence",
    "Pool",
    "Program",
    "QuietWindow",
    "RatingRule",
    "Reflection",
    "RelationRule",
    "ReviewCadence",
    "Scale",
    "ScalePoint",
    "Season",
    "SilenceRule",
    "Weekday",
    "WelcomeRule",
    "Window",
    "WorkingTime",
]
