"""xAPI 1.0.3 statements of what managers did, for the learning record store that L&D already has. Pure.

A statement's id is made of what it tells (UUIDv5), so the same event is the same statement for ever. Times are UTC. What someone
wrote in a reflection never leaves; a rating leaves only once it is no secret between manager and mentor any more.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from uuid import NAMESPACE_URL, UUID, uuid5

from bot.curriculum.model import Area, Choice, Lesson, Program, Scale

VERSION = "1.0.3"
BASE = "urn:playercoach"
NAMESPACE = uuid5(NAMESPACE_URL, BASE)
VERBS = {
    "experienced": "http://adlnet.gov/expapi/verbs/experienced",
    "answered": "http://adlnet.gov/expapi/verbs/answered",
    "completed": "http://adlnet.gov/expapi/verbs/completed",
    "progressed": "http://adlnet.gov/expapi/verbs/progressed",
    "rated": "http://id.tincanapi.com/verb/rated",
}
TYPES = {
    "lesson": "http://adlnet.gov/expapi/activities/lesson",
    "course": "http://adlnet.gov/expapi/activities/course",
    "objective": "http://adlnet.gov/expapi/activities/objective",
    "interaction": "http://adlnet.gov/expapi/activities/cmi.interaction",
}
PROGRESS = "https://w3id.org/xapi/cmi5/result/extensions/progress"  # cmi5's: a whole number of per cent

Statement = dict[str, Any]


@dataclass(frozen=True)
class Who:
    """Someone by their account in Slack, never by name or address."""

    workspace_id: str
    slack_id: str

    @property
    def agent(self) -> Statement:
        """As xAPI names an actor."""
        home = f"https://slack.com/team/{self.workspace_id}"
        return {"objectType": "Agent", "account": {"homePage": home, "name": self.slack_id}}


@dataclass(frozen=True)
class Course:
    """What the statements are about as a whole."""

    program: Program

    @property
    def activity(self) -> Statement:
        """The program as an activity."""
        return _activity("program", "course", self.program.title, self.program.language)

    @property
    def language(self) -> str:
        """The program's language."""
        return self.program.language


def experienced(course: Course, who: Who, key: str, lesson: Lesson, at: datetime) -> Statement:
    """A lesson reached its reader."""
    return _statement("experienced", key, who, lesson_activity(course, lesson), at, _context(course))


def completed(course: Course, who: Who, key: str, lesson: Lesson | None, at: datetime) -> Statement:
    """All checks of a lesson were answered; or (None) the whole program is over."""
    about = course.activity if lesson is None else lesson_activity(course, lesson)
    return _statement("completed", key, who, about, at, _context(course), {"completion": True})


def progressed(course: Course, who: Who, key: str, done: int, of: int, at: datetime) -> Statement:
    """So many lessons of so many are done."""
    share = min(100, round(100 * done / max(of, 1)))
    return _statement("progressed", key, who, course.activity, at, _context(course), {"extensions": {PROGRESS: share}})


@dataclass(frozen=True)
class Answer:
    """An answer to a choice or a scale."""

    key: str
    lesson: Lesson
    check_id: str
    answer: Mapping[str, Any]  # {"options": [id]} or {"value": 3}
    correct: bool | None
    confidence: str | None
    is_review: bool
    at: datetime


def answered(course: Course, who: Who, one: Answer) -> Statement | None:
    """The answer with its question, and whether it was right; None for a reflection, which never leaves."""
    check = one.lesson.check(one.check_id)
    if not isinstance(check, Choice | Scale):
        return None
    said = sorted(one.answer.get("options", ())) if isinstance(check, Choice) else [str(one.answer.get("value"))]
    result: Statement = {"response": "[,]".join(said)}
    if one.correct is not None:
        result["success"] = one.correct
    context = _context(course, parent=lesson_activity(course, one.lesson))
    context["extensions"] = {f"{BASE}:review": one.is_review}
    if one.confidence:
        context["extensions"][f"{BASE}:confidence"] = one.confidence
    return _statement("answered", one.key, who, _question(course, one.lesson, check), one.at, context, result)


def rated(course: Course, by: Who, manager: Who, key: str, area: Area, level: int, at: datetime) -> Statement:
    """A level in an area, by a manager about themselves (the area is rated) or by their mentor (the manager is)."""
    score = {"raw": level, "min": 1, "max": 5, "scaled": (level - 1) / 4}
    about = _activity(f"area:{area.id}", "objective", area.title, course.language)
    if by == manager:
        return _statement("rated", key, by, about, at, _context(course), {"score": score})
    return _statement("rated", key, by, manager.agent, at, _context(course, parent=about), {"score": score})


def lesson_activity(course: Course, lesson: Lesson) -> Statement:
    """A lesson; its id is that of its file, which never changes."""
    return _activity(f"lesson:{lesson.id}", "lesson", lesson.title, course.language)


def _question(course: Course, lesson: Lesson, check: Choice | Scale) -> Statement:
    about = _activity(f"lesson:{lesson.id}:{check.id}:{lesson.revision}", "interaction", check.id, course.language)
    definition = about["definition"]
    definition["description"] = {course.language: check.prompt}
    if isinstance(check, Choice):
        definition["interactionType"] = "choice"
        definition["correctResponsesPattern"] = ["[,]".join(sorted(check.right_ids))]
        definition["choices"] = [_part(course, option.id, option.text) for option in check.options]
    else:
        labels = {point.value: point.label for point in check.points}
        definition["interactionType"] = "likert"
        definition["scale"] = [_part(course, str(value), labels.get(value) or str(value)) for value in range(1, 6)]
    return about


def _part(course: Course, part_id: str, text: str) -> Statement:
    return {"id": part_id, "description": {course.language: text}}


def _activity(name: str, kind: str, title: str, language: str) -> Statement:
    definition = {"type": TYPES[kind], "name": {language: title}}
    return {"objectType": "Activity", "id": f"{BASE}:{name}", "definition": definition}


def _context(course: Course, *, parent: Statement | None = None) -> Statement:
    around: dict[str, Sequence[Statement]] = {"grouping": [course.activity]}
    if parent is not None:
        around["parent"] = [parent]
    return {"platform": "Playercoach", "language": course.language, "contextActivities": around}


def _statement(
    verb: str, key: str, who: Who, about: Statement, at: datetime, context: Statement, result: Statement | None = None
) -> Statement:
    made = {
        "id": str(statement_id(who.workspace_id, verb, key)),
        "version": VERSION,
        "actor": who.agent,
        "verb": {"id": VERBS[verb], "display": {"en": verb}},
        "object": about,
        "context": _fitting(about, context),
        "timestamp": at.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z"),
    }
    return made if result is None else {**made, "result": result}


def _fitting(about: Statement, context: Statement) -> Statement:
    """What a platform is may only be said where an activity is spoken of, not a person (xAPI 1.0.3, 2.4.6)."""
    return context if about["objectType"] == "Activity" else {k: v for k, v in context.items() if k != "platform"}


def statement_id(workspace_id: str, verb: str, key: str) -> UUID:
    """The same for the same event of a workspace."""
    return uuid5(NAMESPACE, f"{workspace_id}:{verb}:{key}")
