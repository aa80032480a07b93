"""Item analysis: which check does its work, and which should be mended, and why. Pure.

Classical test theory: the share that is right (difficulty), and how well a check tells those who know the rest from those who
don't (discrimination: the correlation of being right here with the share of right answers elsewhere, the check itself left out).
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum
from statistics import correlation, fmean

from bot.reports.disclosure import countable

FEWEST_TO_TELL_APART = 10  # people, before a correlation says anything
FEWEST_OTHERS = 3  # answers elsewhere, before a share of them says anything about someone
TOO_EASY, TOO_HARD = 0.95, 0.35  # of first answers; three options by chance alone give .33
TELLS_LITTLE = 0.1  # a correlation below it
MISLEADS = 0.5  # of the wrong answers that were given with «sure»


@dataclass(frozen=True)
class Given:
    """An answer to a choice by someone: in the lesson, or in a later review."""

    person: int
    lesson_id: str
    check_id: str
    picked: tuple[str, ...]
    correct: bool
    confidence: str
    is_review: bool
    revision: int = 1  # of the lesson, as it was asked


class Finding(Enum):
    """What there is to mend."""

    MISLEADS = "misleads"
    TOO_HARD = "too hard"
    TELLS_LITTLE = "tells little"
    TOO_EASY = "too easy"
    UNUSED_OPTION = "unused option"


@dataclass(frozen=True)
class Item:
    """A check and how it does. Shares are of people (first answers) and of answers (later ones); None where there are too few."""

    lesson_id: str
    check_id: str
    people: int
    first_right: float
    later_right: float | None
    discrimination: float | None
    never_picked: tuple[str, ...]
    sure_when_wrong: float | None
    findings: tuple[Finding, ...]


def analyse(
    answers: Sequence[Given], options: Mapping[tuple[str, str], Sequence[str]], cohorts: Mapping[int, int]
) -> list[Item]:
    """Every check that five people have answered, what is most to be mended first.

    `options` has the ids of each check's; `cohorts`, by person, says whose answers a figure may count (`countable`). What was
    answered before a lesson's latest revision was another question: who has mended it reads of the new one.
    """
    by_check: dict[tuple[str, str], list[Given]] = defaultdict(list)
    latest = revisions(answers)
    for one in answers:
        if one.revision == latest[one.lesson_id]:
            by_check[one.lesson_id, one.check_id].append(one)
    shares = _shares(answers)
    items = [
        _item(check, first, given, options.get(check, ()), shares, cohorts)
        for check, given in by_check.items()
        if (first := counted((one for one in given if not one.is_review), cohorts))
    ]
    return sorted(items, key=lambda one: (_urgency(one), one.first_right, one.lesson_id, one.check_id))


def revisions(answers: Iterable[Given]) -> dict[str, int]:
    """The latest revision of each lesson that somebody has answered."""
    latest: dict[str, int] = {}
    for one in answers:
        latest[one.lesson_id] = max(one.revision, latest.get(one.lesson_id, one.revision))
    return latest


def counted(answers: Iterable[Given], cohorts: Mapping[int, int]) -> list[Given]:
    """Of the answers behind a figure those that it may count: of five people or more, or none."""
    found = list(answers)
    people = countable((one.person for one in found), cohorts)
    return [one for one in found if one.person in people]


def _item(
    check: tuple[str, str],
    first: Sequence[Given],
    given: Sequence[Given],
    options: Sequence[str],
    shares: Mapping[int, tuple[int, int]],
    cohorts: Mapping[int, int],
) -> Item:
    wrong = counted((one for one in first if not one.correct), cohorts)
    picked = Counter(option for one in counted(given, cohorts) for option in one.picked)
    people = len({one.person for one in first})
    draft = Item(
        lesson_id=check[0],
        check_id=check[1],
        people=people,
        first_right=fmean(one.correct for one in first),
        later_right=_share([one.correct for one in counted((one for one in given if one.is_review), cohorts)]),
        discrimination=_discrimination(first, shares, cohorts),
        never_picked=tuple(option for option in options if not picked[option])
        if people >= FEWEST_TO_TELL_APART
        else (),
        sure_when_wrong=_share([one.confidence == "sure" for one in wrong]),
        findings=(),
    )
    return Item(**{**draft.__dict__, "findings": tuple(_findings(draft))})


def _findings(one: Item) -> list[Finding]:
    held = {
        Finding.MISLEADS: one.sure_when_wrong is not None and one.sure_when_wrong >= MISLEADS and one.first_right < 0.7,
        Finding.TOO_HARD: one.first_right <= TOO_HARD,
        Finding.TELLS_LITTLE: one.discrimination is not None and one.discrimination < TELLS_LITTLE,
        Finding.TOO_EASY: one.first_right >= TOO_EASY,
        Finding.UNUSED_OPTION: bool(one.never_picked),
    }
    return [finding for finding, is_so in held.items() if is_so]


def _urgency(one: Item) -> int:
    return list(Finding).index(one.findings[0]) if one.findings else len(Finding)


def _share(counts: Sequence[bool]) -> float | None:
    return fmean(counts) if counts else None


def _shares(answers: Sequence[Given]) -> dict[int, tuple[int, int]]:
    """By person, how many first answers were right, and how many there are."""
    right: Counter[int] = Counter()
    all_of: Counter[int] = Counter()
    for one in answers:
        if not one.is_review:
            all_of[one.person] += 1
            right[one.person] += one.correct
    return {person: (right[person], count) for person, count in all_of.items()}


def _discrimination(
    first: Sequence[Given], shares: Mapping[int, tuple[int, int]], cohorts: Mapping[int, int]
) -> float | None:
    here, elsewhere = [], []
    for one in counted((one for one in first if shares[one.person][1] - 1 >= FEWEST_OTHERS), cohorts):
        right, count = shares[one.person]
        here.append(float(one.correct))
        elsewhere.append((right - one.correct) / (count - 1))
    if len(here) < FEWEST_TO_TELL_APART or len(set(here)) < 2 or len(set(elsewhere)) < 2:
        return None
    return correlation(here, elsewhere)
