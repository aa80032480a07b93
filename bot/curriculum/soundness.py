"""Whether a lesson that can be read is sound: its keys, its lengths, and what stands between braces."""

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import date

from bot.curriculum import templates
from bot.curriculum.checkfile import is_option
from bot.curriculum.ids import IN_SMALL_LETTERS, is_lesson_id
from bot.curriculum.model import Check, Choice, Lesson, Scale
from bot.curriculum.sections import Section, fences
from bot.curriculum.slips import Problem, closest, did_you_mean

PLACEHOLDERS = ("manager.first_name", "mentor.first_name", "company.name", "company.currency", "cohort.name")
FOR_A_GROUP = ("company.name", "company.currency")  # a group's topic is read by two or three managers at once
SHORTEST_BODY, SHORT_BODY, LONGEST_BODY = 200, 500, 1200
LONGEST_TITLE = 150
LONGEST_PART = 2900
MOST_BLOCKS = 26  # of the questions: a message has 50, the rest is for the lesson, its action, and what rides along
LONGEST_LESSON = 7500  # a message holds some 9,000: the rest is for what is answered, planned, and rides along
_OWN_ID = re.compile(r"\s*\{#[^}]*\}\s*$")
_PICTURE = re.compile(r"!\[(?P<words>[^\]]*)\]\((?P<where>[^)]*)\)")
_TABLE = re.compile(r"\|?(\s*:?-+:?\s*\|)+(\s*:?-+:?\s*)?")  # the line below a table's head
_HTML = re.compile(
    r"<!--|</?(a|b|blockquote|br|code|div|em|font|h[1-6]|hr|i|img|li|ol|p|pre|span|strong|su[bp]|table|tbody|td|th|thead|tr|u|ul)\b[^<>]*>",
    re.IGNORECASE,
)
_ONE_BRACE = re.compile(r"(?<!\{)\{\s*(manager|mentor|company|cohort)\.\w+\s*\}(?!\})")


def keys_are_sound(
    path: str, lesson: Lesson, line_of: Mapping[str, int], *, area: str, today: date
) -> Iterator[Problem]:
    """What the shape of a key alone does not say."""
    if not is_lesson_id(lesson.id):
        yield Problem(path, line_of["id"], f"the id «{lesson.id}»", IN_SMALL_LETTERS)
    if lesson.area != area:
        yield Problem(path, line_of["area"], f"the lesson lies in the folder «{area}»", f"write area: {area}")
    if lesson.review_by < today:
        what = "the day to look it over again has passed"
        yield Problem(path, line_of["review_by"], what, "read it, then move the day", "warning")


def title_is_sound(path: str, lesson: Lesson, line_of: Mapping[str, int]) -> Iterator[Problem]:
    """The words in the front matter, in any language."""
    if len(lesson.title) > LONGEST_TITLE:
        mend = f"Slack shows {LONGEST_TITLE}: shorten it"
        yield Problem(path, line_of["title"], f"the title is {len(lesson.title)} characters", mend)
    if any(text[:1].islower() for text in lesson.objectives[1:]):
        what = "an objective that begins with a small letter: in [ ], a comma begins a new one"
        yield Problem(path, line_of["objectives"], what, 'put the whole into "quotes"', "warning")
    for key, texts in (("title", (lesson.title,)), ("objectives", lesson.objectives)):
        if any("{{" in text or "}}" in text for text in texts):
            mend = "say it without: it is shown as it stands"
            yield Problem(path, line_of[key], f"«{key}» with a placeholder", mend)


def parts_are_sound(path: str, lesson: Lesson, body: Section, parts: Sequence[Section]) -> Iterator[Problem]:
    """Lengths, and what gives an answer away."""
    yield from _length_of_body(path, len(lesson.body), body.first_words)
    for section in parts:
        if lesson.level == 3 and section.heading == "Example":
            mend = "take it out: here people work it out"
            yield Problem(path, section.line, "a lesson of level 3 has no example", mend, "warning")
        if len(section.text) > LONGEST_PART and section.heading != "Check":
            what = f"«{section.heading}» is {len(section.text)} characters"
            yield Problem(path, section.line, what, f"Slack shows {LONGEST_PART}: shorten it")
        if section.heading == "Check":
            yield from _uneven(path, lesson, section.line)
            if sum(map(_blocks_of, lesson.checks)) > MOST_BLOCKS:
                what = f"{len(lesson.checks)} questions are more than a message holds"
                yield Problem(path, section.line, what, "ask five at most: two or three are answered")
    if (whole := len(lesson.model_dump_json())) > LONGEST_LESSON:
        mend = f"a message holds {LONGEST_LESSON}, beside what is answered in it: shorten it"
        yield Problem(path, 1, f"the lesson is {whole} characters", mend)


def _blocks_of(check: Check) -> int:
    """How many blocks of a message a question takes as long as it is open."""
    return 5 if isinstance(check, Choice) else 4 if isinstance(check, Scale) else 3


def _length_of_body(path: str, size: int, line: int) -> Iterator[Problem]:
    if size > LONGEST_BODY:
        mend = f"keep it to one idea: at most {LONGEST_BODY}"
        yield Problem(path, line, f"the body is {size} characters", mend)
    elif size < SHORTEST_BODY:
        yield Problem(path, line, f"the body is only {size} characters", "tell the idea in 600 to 900")
    elif size < SHORT_BODY:
        yield Problem(path, line, f"the body is {size} characters", "600 to 900 read well", "warning")


def _uneven(path: str, lesson: Lesson, line: int) -> Iterator[Problem]:
    """The longest option gives itself away when it is the right one and twice the length of the others."""
    for check in lesson.checks:
        if isinstance(check, Choice) and not check.several:
            right = max((len(option.text) for option in check.options if option.right), default=0)
            wrong = max((len(option.text) for option in check.options if not option.right), default=0)
            if wrong and right > 2 * wrong:
                what = f"in «{check.id}» the right answer is twice as long"
                yield Problem(path, line, what, "even them out", "warning")


def braces_are_sound(path: str, section: Section) -> list[Problem]:
    """Only the placeholders that are filled in; and each of them well written."""
    allowed = FOR_A_GROUP if section.heading == "Peers" else PLACEHOLDERS
    # An answer has no placeholder, and may end with its own id.
    lines = [
        _OWN_ID.sub("", line) if is_option(line) and closest(section.heading, ("Check",)) else line
        for line in section.lines
    ]
    for number, line in enumerate(lines, start=section.line + 1):
        if mark := next((mark for mark in ("{%", "{#") if mark in line), None):
            mend = "use placeholders like {{ manager.first_name }} only"
            return [Problem(path, number, f"«{mark}» has no place in a lesson", mend)]
        if single := _ONE_BRACE.search(line):
            meant = closest(single.group().strip("{} "), allowed) or "manager.first_name"
            mend = f"write it as {{{{ {meant} }}}}"
            return [Problem(path, number, f"«{single.group()}» has one brace where two are needed", mend)]
    try:
        return [
            Problem(path, section.line + line, f"unknown placeholder «{name}»", did_you_mean(name, allowed))
            for name, line in templates.names_in("\n".join(lines))
            if name not in allowed
        ]
    except templates.Broken as error:
        return [Problem(path, section.line + error.line, error.what, error.mend)]


def is_all_words(path: str, section: Section) -> Iterator[Problem]:
    """A lesson is text. Of a picture people read the words between its brackets; a table and HTML they see as they were typed."""
    if len(marks := fences(section.lines)) % 2:
        mend = "close it by a line ```, or take it out"
        yield Problem(path, section.line + 1 + marks[-1], "``` is opened but not closed", mend)
    for number, line in enumerate(section.lines, start=section.line + 1):
        if _TABLE.fullmatch(line.strip()):
            yield Problem(path, number, "a table: its lines and dashes are shown", "write a list", "warning")
        if tag := _HTML.search(line):
            mend = "write it in Markdown, as **bold** or - a list"
            yield Problem(path, number, f"HTML: «{tag.group()[:80]}» is shown as it stands", mend, "warning")
        for one in _PICTURE.finditer(line):
            shown = f"only «{one['words']}» is shown" if one["words"].strip() else "nothing of it is shown"
            what = f"a picture («{one['where'][:80]}»): {shown}"
            yield Problem(path, number, what, "say it in words, or write a link without the !", "warning")


def can_be_filled(path: str, lesson: Lesson) -> list[Problem]:
    """The last look, at the texts as they will be filled: Markdown can make a brace of what was none in the file."""
    if all(_fillable(text, PLACEHOLDERS) for text in texts_of(lesson)) and _fillable(lesson.peers, FOR_A_GROUP):
        return []
    return [Problem(path, 1, "braces hidden by other signs", "write a placeholder as {{ manager.first_name }}")]


def texts_of(lesson: Lesson) -> Iterator[str]:
    """Every text of a lesson that is filled for one reader."""
    yield from (lesson.body, lesson.example, lesson.action.text, lesson.action.follow_up, lesson.mentor)
    for check in lesson.checks:
        yield check.prompt
        if isinstance(check, Choice):
            yield from (option.feedback for option in check.options)


def _fillable(text: str, allowed: Collection[str]) -> bool:
    try:
        return "{%" not in text and "{#" not in text and all(name in allowed for name, _ in templates.names_in(text))
    except templates.Broken:
        return False
