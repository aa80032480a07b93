"""The report of a rehearsed cohort, and whether it says what the made-up managers counted for themselves."""

import html
import re
from collections import Counter
from collections.abc import Iterator
from statistics import mean

from bot.reports.plots import NAMES
from bot.reports.report import make_report
from tests.rehearsal.acting import LAST_WEEK
from tests.rehearsal.cohort import Cohort

_FIGURE = re.compile(r"<dt>(.*?)</dt><dd>(.*?)</dd>")
_QUESTION = re.compile(
    r'class="asked">(?P<lesson>.*?)<p>(?P<question>.*?)</p>.*?'
    r"<tr><td>(?P<people>\d+)</td><td>(?P<first>.*?)</td><td>(?P<later>.*?)</td>",
    re.DOTALL,
)
_CHANGE = re.compile(
    r'<tr>(?:<th scope="rowgroup"[^>]*>(?P<title>.*?)</th>)?<td class="words">(?P<by>.*?)</td>\s*'
    r"<td>(?P<people>.*?)</td><td>(?P<start>.*?)</td><td>(?P<end>.*?)</td>"
)
FEWEST = 5


async def report_of(cohort: Cohort) -> str:
    """The page about all of them, as staff would get it now."""
    async with cohort.house.database.transaction() as session:
        curriculum = cohort.house.library.current.curriculum
        return await make_report(session, curriculum, None, cohort.clock.now())


def differences(page: str, cohort: Cohort) -> list[str]:
    """Where the page says something else than what everyone did, by their own count and by what stands in their DMs."""
    said = dict(_FIGURE.findall(page))
    hands = cohort.hands.values()
    counted = {
        "enrolled": len(hands),
        "lessons sent": _lessons(cohort),
        "answers in all": sum(sum(hand.marks.values()) for hand in hands),
        "actions promised": sum(hand.promised for hand in hands),
        "of them met": _met(cohort),
    }
    found = [
        f"{what}: {said.get(what)}, counted {count}" for what, count in counted.items() if said.get(what) != str(count)
    ]
    return [*found, *_changes(page, cohort), *_questions(page, cohort)]


def _changes(page: str, cohort: Cohort) -> Iterator[str]:
    """How the areas changed, as managers and mentor picked it: the first week against the last, of who has both."""
    shown = list(_shown_changes(page))
    for area in cohort.house.library.current.curriculum.areas:
        own = [hand.levels.get(area.id, {}) for hand in cohort.hands.values()]
        seen = [levels for (_, rated), levels in cohort.mentor.levels.items() if rated == area.id]
        for by, levels in ((NAMES["self"], own), (NAMES["mentor"], seen)):
            both = [one for one in levels if {0, LAST_WEEK} <= one.keys()]
            figures = ["–"] * 3
            if len(both) >= FEWEST:
                figures = [str(len(both)), *(f"{mean(one[week] for one in both):.1f}" for week in (0, LAST_WEEK))]
            expected = (area.title, by, *figures)
            if expected not in shown:
                yield f"{expected} is not among {[one for one in shown if one[0] == area.title]}"


def _met(cohort: Cohort) -> int | str:
    """How often a group said that it met; nothing is said of fewer than five people."""
    in_groups = {
        who for channel in cohort.sandbox.state.channels.values() if len(channel.members) > 1 for who in channel.members
    }
    return sum(hand.met for hand in cohort.hands.values()) if len(in_groups) >= FEWEST else "–"


def _shown_changes(page: str) -> Iterator[tuple[str, ...]]:
    """Each row of the areas' table: area, by whom, people, start, end."""
    title = ""
    for row in _CHANGE.finditer(page):
        title = html.unescape(row["title"]) if row["title"] else title
        yield (title, html.unescape(row["by"]), row["people"], row["start"], row["end"])


def _lessons(cohort: Cohort) -> int:
    """How many messages with a lesson's title above them stand in their DMs."""
    titles = {lesson.title for lesson in cohort.house.library.current.curriculum.lessons}
    return sum(
        any(block["type"] == "header" and block["text"]["text"] in titles for block in message.blocks)
        for slack_id in cohort.hands
        for message in cohort.sandbox.dms(slack_id)
    )


def _questions(page: str, cohort: Cohort) -> Iterator[str]:
    lessons = cohort.house.library.current.curriculum.lessons
    names = {(lesson.title, check.prompt): f"{lesson.id}:{check.id}" for lesson in lessons for check in lesson.checks}
    shown = {
        names[html.unescape(one["lesson"]), html.unescape(one["question"])]: (one["people"], one["first"], one["later"])
        for one in _QUESTION.finditer(page)
    }
    marks = sum((hand.marks for hand in cohort.hands.values()), Counter[tuple[str, str, bool]]())
    for name in sorted({name for _, name, _ in marks}):
        people, later = _people(cohort, "check", name), _people(cohort, "review", name)
        expected = (
            str(people),
            _share(marks, "check", name),
            _share(marks, "review", name) if later >= FEWEST else "–",
        )
        if people >= FEWEST and shown.get(name) != expected:
            yield f"{name}: {shown.get(name)}, counted {expected}"
        if people < FEWEST and name in shown:
            yield f"{name}: shown, though only {people} answered it"


def _people(cohort: Cohort, kind: str, name: str) -> int:
    """How many of them answered that question."""
    return sum(any(hand.marks[kind, name, right] for right in (True, False)) for hand in cohort.hands.values())


def _share(marks: Counter[tuple[str, str, bool]], kind: str, name: str) -> str:
    right, wrong = marks[kind, name, True], marks[kind, name, False]
    return f"{100 * right / (right + wrong):.0f}%"
