"""What a mentor may see, and what the digest says of it. Pure.

The first column of DESIGN's table that concerns a mentor is kept here, by name: a mentor sees lessons done, the area in
progress and actions; never single answers, right or wrong, confidence, reflections, silence or response times.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

MOST_PEOPLE = 5


@dataclass(frozen=True)
class LessonSeen:
    """A lesson that a manager got, in the last week or before."""

    lesson_id: str
    title: str
    area_title: str
    mentor_text: str  # mrkdwn: what the mentor may ask
    done: bool  # all its checks are answered
    is_new: bool  # given, finished or promised since the last digest


@dataclass(frozen=True)
class PromiseSeen:
    """An action that was promised: the manager was told that the mentor sees it."""

    text: str  # mrkdwn of the lesson
    due_on: date
    is_new: bool
    plan: str | None = None  # in the manager's own words, plain
    status: str | None = None  # yes or partly; «not yet» is none: the promise stands, with its new day


@dataclass(frozen=True)
class SharedSeen:
    """An answer of their own that a manager chose to show their mentor, in words."""

    lesson_title: str
    answer: str
    is_new: bool


@dataclass(frozen=True)
class ManagerRecord:
    """All that is on record about one manager, as far as a digest could need it."""

    name: str
    first_name: str
    lessons: Sequence[LessonSeen]  # oldest first
    promises: Sequence[PromiseSeen]  # oldest first
    shared: Sequence[SharedSeen] = ()
    letting_go: tuple[str, str] | None = None  # how deals taken over and talks held changed; None: not shared
    answers_right: int = 0  # on record, never shown: here so that a test can see that it stays out
    reflections: Sequence[str] = ()


@dataclass(frozen=True)
class DigestLine:
    """What a mentor reads about one manager. There is no field for anything that they may not see."""

    name: str
    first_name: str
    done: int
    given: int
    area_title: str | None
    promise: str | None
    promise_due: date | None
    ask: str | None  # mrkdwn of the lesson's «Mentor» part
    ask_lesson: str | None
    shared: tuple[
        tuple[str, str], ...
    ] = ()  # the lesson's title and the answer, as far as it was shared since the last digest
    promise_plan: str | None = None
    promise_status: str | None = None
    letting_go: tuple[str, str] | None = None


@dataclass(frozen=True)
class Digest:
    """One message for all of a mentor's managers; `more` is how many are on their way without a line of their own."""

    lines: tuple[DigestLine, ...]
    more: int


def what_a_mentor_may_see(record: ManagerRecord) -> DigestLine:
    """The one place that decides what of a manager's record reaches their mentor."""
    done = [lesson for lesson in record.lessons if lesson.done]
    latest = record.lessons[-1] if record.lessons else None
    promise = record.promises[-1] if record.promises else None
    # The question is about what the manager has worked through; a lesson still unread would only embarrass.
    talk = done[-1] if done else latest
    return DigestLine(
        name=record.name,
        first_name=record.first_name,
        done=len(done),
        given=len(record.lessons),
        area_title=latest.area_title if latest else None,
        promise=promise.text if promise else None,
        promise_due=promise.due_on if promise else None,
        ask=talk.mentor_text if talk else None,
        ask_lesson=talk.title if talk else None,
        shared=tuple((one.lesson_title, one.answer) for one in record.shared if one.is_new),
        promise_plan=promise.plan if promise else None,
        promise_status=promise.status if promise else None,
        letting_go=record.letting_go,
    )


def digest(records: Sequence[ManagerRecord]) -> Digest | None:
    """The week's digest, at most five managers in full; None if there is nothing new about any of them."""
    news = [record for record in records if _has_news(record)]
    if not news:
        return None
    told = sorted(news, key=lambda record: record.name)[:MOST_PEOPLE]
    return Digest(tuple(what_a_mentor_may_see(record) for record in told), more=len(records) - len(told))


def _has_news(record: ManagerRecord) -> bool:
    parts: tuple[Sequence[LessonSeen | PromiseSeen | SharedSeen], ...] = (
        record.lessons,
        record.promises,
        record.shared,
    )
    return any(one.is_new for part in parts for one in part)
