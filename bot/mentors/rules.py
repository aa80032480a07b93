"""What a mentor may see, and what the Monday digest says of it in twelve lines. Pure.

For one record it is decided here what of it reaches them. There is no field for single answers, right or wrong, confidence,
reflections, silence or response times, but for what someone chose to share.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import IntEnum

MOST_PEOPLE = 5
MOST_LINES = 12  # of all people together: one screen of a phone
REMIND_EVERY_WEEKS = 2  # of a rating that is still owed


@dataclass(frozen=True)
class Progress:
    """How far someone's lessons are, and what of them is new since the last digest."""

    done: int = 0  # all their checks are answered
    area_title: str | None = None  # of the latest lesson
    ask: str | None = None  # mrkdwn: what the mentor may ask, of the latest lesson that is done …
    ask_lesson: str | None = None  # … and its title
    finished: str | None = None  # the title of the lesson that was done last, if that is new
    is_new: bool = False


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
class AskSeen:
    """What a manager wants to talk about; `is_old`: it stood in a digest already."""

    text: str
    needs_help: bool = False
    is_new: bool = False
    is_old: bool = False


@dataclass(frozen=True)
class Owed:
    """A rating that the mentor has not given; open since so many whole weeks."""

    week: int
    weeks_open: int = 0


@dataclass(frozen=True)
class ManagerRecord:
    """All that is on record about one manager, as far as a digest could need it."""

    enrollment_id: int
    name: str
    first_name: str
    progress: Progress = field(default_factory=Progress)
    promise: PromiseSeen | None = None  # the latest
    shared: Sequence[SharedSeen] = ()
    letting_go: tuple[str, str] | None = None  # how deals taken over and talks held changed; None: not shared
    asks: Sequence[AskSeen] = ()
    owed: Owed | None = None


@dataclass(frozen=True)
class DigestLine:
    """What a mentor reads about one manager. There is no field for anything that they may not see."""

    enrollment_id: int
    name: str
    first_name: str
    done: int  # and not how many they were given: the difference is what they left unanswered
    area_title: str | None  # None before the first lesson
    promise: str | None
    promise_due: date | None  # None until it is answered for: a day that passed would tell that they were silent
    promise_plan: str | None
    promise_status: str | None
    ask: str | None  # mrkdwn of the lesson's «Mentor» part
    ask_lesson: str | None
    finished: str | None
    shared: tuple[tuple[str, str], ...]  # the lesson's title and the answer, as far as it is new
    letting_go: tuple[str, str] | None
    help: tuple[str, ...]  # what they need help with, soon
    waits: tuple[str, ...]  # what they asked for, and what stood in a digest before
    wants: tuple[str, ...]
    owes_week: int | None


class Kind(IntEnum):
    """What a line is about: the smaller, the sooner it is told."""

    HELP = 0
    OWES = 1
    WAITS = 2
    WANTS = 3
    PROMISE = 4
    ASK = 5
    FINISHED = 6
    SHARED = 7
    LETTING_GO = 8


@dataclass(frozen=True)
class Told:
    """A manager with a line of their own, and what else there is room for."""

    line: DigestLine
    facts: tuple[tuple[Kind, int], ...]  # a kind, and which of several


@dataclass(frozen=True)
class Digest:
    """One message for all of a mentor's managers; `more` is how many are on their way without a line of their own."""

    people: tuple[Told, ...]
    more: int


def what_a_mentor_may_see(record: ManagerRecord) -> DigestLine:
    """The one place that decides what of a manager's record reaches their mentor."""
    progress, promise = record.progress, record.promise
    return DigestLine(
        enrollment_id=record.enrollment_id,
        name=record.name,
        first_name=record.first_name,
        done=progress.done,
        area_title=progress.area_title,
        promise=promise.text if promise else None,
        promise_due=promise.due_on if promise and promise.status else None,
        promise_plan=promise.plan if promise else None,
        promise_status=promise.status if promise else None,
        ask=progress.ask,
        ask_lesson=progress.ask_lesson,
        finished=progress.finished,
        shared=tuple((one.lesson_title, one.answer) for one in record.shared if one.is_new),
        letting_go=record.letting_go,
        help=tuple(one.text for one in record.asks if one.needs_help),
        waits=tuple(one.text for one in record.asks if one.is_old and not one.needs_help),
        wants=tuple(one.text for one in record.asks if not one.is_old and not one.needs_help),
        owes_week=record.owed.week if record.owed else None,
    )


def digest(records: Sequence[ManagerRecord]) -> Digest | None:
    """The week's digest; None if there is nothing new about any of them.

    At most five people have a line, who asked for help before all others, then whom the mentor owes something; twelve lines in
    all, the most important of each first. Nobody who asked for help is ever left to «more».
    """
    news = [record for record in records if has_news(record)]
    if not news:
        return None
    first = sorted(news, key=lambda record: (_urgency(record), record.name, record.enrollment_id))
    urgent = sum(_urgency(record) == 0 for record in first)
    told = [what_a_mentor_may_see(record) for record in first[: max(MOST_PEOPLE, urgent)]]
    return Digest(tuple(_allotted(told)), more=len(records) - len(told))


def has_news(record: ManagerRecord) -> bool:
    """Whether there is anything to tell. What the mentor owes is news at once, then every second week: no nagging."""
    parts = (record.progress.is_new, record.promise is not None and record.promise.is_new)
    owes = record.owed is not None and record.owed.weeks_open % REMIND_EVERY_WEEKS == 0
    said = any(one.is_new for one in record.shared) or any(one.is_new for one in record.asks)
    return any(parts) or owes or said or _urgency(record) == 0


def _urgency(record: ManagerRecord) -> int:
    if any(one.needs_help for one in record.asks):
        return 0
    return 1 if record.asks or record.owed is not None else 2


def _allotted(lines: Sequence[DigestLine]) -> Iterator[Told]:
    """A line for each, then what is most important over all of them, until the screen is full."""
    wanted = [(kind, number, place) for place, line in enumerate(lines) for kind, number in facts_of(line)]
    room = max(0, MOST_LINES - len(lines))
    # The first of each kind for everyone comes before a second one for anybody.
    told = sorted(wanted, key=lambda fact: (fact[1] > 0, fact[0], fact[1], fact[2]))[:room]
    for place, line in enumerate(lines):
        yield Told(line, tuple(sorted((kind, number) for kind, number, of in told if of == place)))


def facts_of(line: DigestLine) -> Iterator[tuple[Kind, int]]:
    """Everything there is to tell of someone, beside where they are."""
    several = ((Kind.HELP, line.help), (Kind.WAITS, line.waits), (Kind.WANTS, line.wants), (Kind.SHARED, line.shared))
    for kind, texts in several:
        yield from ((kind, number) for number in range(len(texts)))
    single = (
        (Kind.OWES, line.owes_week is not None),
        (Kind.PROMISE, line.promise is not None),
        (Kind.ASK, line.ask is not None),
        (Kind.FINISHED, line.finished is not None),
        (Kind.LETTING_GO, line.letting_go is not None),
    )
    yield from ((kind, 0) for kind, is_there in single if is_there)
