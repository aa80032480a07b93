"""What a good editor would say of a lesson that can be used as it stands. Pure; all of it is advice, none an error."""

import re
from collections.abc import Iterator, Mapping, Sequence

from bot.curriculum.model import Area, Choice, Lesson
from bot.curriculum.slips import Problem

FEWEST_WORDS = 4  # an answer of three words may well stand in the text by chance
STARVED = 0.5  # of what the areas have on average
_WORD = re.compile(r"\w+")

# What nobody can see another person do (learning.md D: rubrics and objectives in observable behaviour). English only: in other
# languages the same words may mean something that can be seen.
UNSEEN = {
    "en": {
        "understand", "understands", "know", "knows", "learn", "learns", "appreciate", "appreciates", "realise", "realises",
        "realize", "realizes", "believe", "believes", "feel", "feels", "aware", "value", "values",
    }
}  # fmt: skip
VAGUE = {
    "en": {
        "good", "great", "excellent", "strong", "poor", "weak", "effective", "effectively", "proactive", "proactively",
        "appropriate", "appropriately", "professional", "strategic", "strategically",
    }
}  # fmt: skip


def of_lesson(path: str, lesson: Lesson, line_of: Mapping[str, int], language: str) -> Iterator[Problem]:
    """One idea, an owner, an objective that can be seen, and an answer that has to be thought of."""
    if len(lesson.objectives) > 1:
        mend = "keep the first; the next is your next lesson"
        yield _advice(
            path, line_of["objectives"], f"{len(lesson.objectives)} objectives: two ideas in one lesson?", mend
        )
    for text in lesson.objectives:
        if seen := _first_of(text, UNSEEN.get(language, set())):
            mend = "say what someone does, so that another person could see it"
            yield _advice(path, line_of["objectives"], f"nobody can see «{seen}» in the objective", mend)
    if "@" not in lesson.owner:
        what = f"«{lesson.owner}» is no e-mail address: the lesson has no owner"
        yield _advice(path, line_of["owner"], what, "write the address of who keeps it right")
    yield from _given_away(path, lesson, line_of.get("Check", 1))


def _given_away(path: str, lesson: Lesson, line: int) -> Iterator[Problem]:
    """A right answer that stands in the text above it is recognised, not thought of."""
    above = _words(f"{lesson.body} {lesson.example}")
    for check in lesson.checks:
        if isinstance(check, Choice):
            for option in check.options:
                if option.right and len(_words(option.text).split()) >= FEWEST_WORDS and _words(option.text) in above:
                    what = f"the right answer of «{check.id}» stands in the text word for word"
                    yield _advice(path, line, what, "ask about a case in which it has to be found")


def of_area(path: str, area: Area, line: int, language: str) -> Iterator[Problem]:
    """Levels that can be seen, without words that each reader takes differently; and cases to agree on what they mean."""
    if not area.cases:
        yield _advice(
            path, line, "no sample cases", "write two below ## Cases: mentors rate them before they rate people"
        )
    for level in area.levels:
        if word := _first_of(level.behaviour, UNSEEN.get(language, set()) | VAGUE.get(language, set())):
            mend = "say what someone does, so that two people would agree on having seen it"
            yield _advice(path, line, f"«{word}» in level {level.value} is not a behaviour", mend)


def of_all(folder: str, areas: Sequence[Area], lessons: Sequence[Lesson]) -> Iterator[Problem]:
    """Areas with far fewer lessons than the others: those who are weak there have nothing left."""
    counts = {area.id: sum(lesson.area == area.id for lesson in lessons) for area in areas}
    average = sum(counts.values()) / max(len(counts), 1)
    for area_id, count in counts.items():
        if count < STARVED * average:
            what = f"{count} lessons, where the areas have {average:.0f} on average"
            yield _advice(f"{folder}/areas/{area_id}/area.md", 1, what, "write more: who is weak here has nothing left")


def _advice(path: str, line: int, what: str, mend: str) -> Problem:
    return Problem(path, line, what, mend, "warning")


def _first_of(text: str, words: set[str]) -> str | None:
    return next((word for word in _WORD.findall(text) if word.lower() in words), None)


def _words(text: str) -> str:
    return " ".join(_WORD.findall(text.lower()))
