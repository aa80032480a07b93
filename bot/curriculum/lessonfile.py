"""A lesson file: front matter, body, and a heading for each part."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from bot.curriculum import templates
from bot.curriculum.checkfile import read_check
from bot.curriculum.markdown import to_mrkdwn
from bot.curriculum.model import Action, Check, Choice, Lesson
from bot.curriculum.shaped import shaped
from bot.curriculum.slips import Problem, did_you_mean
from bot.curriculum.textfile import TextFile, split_front_matter

PARTS = ("Example", "Check", "Do it", "Mentor", "Peers")
NEEDED = ("Check", "Do it", "Mentor", "Peers")
PLACEHOLDERS = ("manager.first_name", "mentor.first_name", "company.name", "company.currency", "cohort.name")
FOR_A_GROUP = ("company.name", "company.currency")  # a group's topic is read by two or three managers at once
SHORTEST_BODY, SHORT_BODY, LONGEST_BODY = 200, 500, 1200
LONGEST_PART, LONGEST_LESSON = 2900, 9000
_DUE = re.compile(r"^\s*[-*+]\s*due:\s*(?P<days>\d+)\s*(working )?days?\s*$", re.IGNORECASE)
_FOLLOW_UP = re.compile(r"^\s*[-*+]\s*follow[ -]?up:\s*(?P<text>.+)$", re.IGNORECASE)
_OWN_IDS = re.compile(r"\{#[^}\n]*\}")
_ASK = re.compile(r"^Ask:\s*(?P<first>\w?)")  # the digest says it by itself
_ID = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")


@dataclass(frozen=True)
class Section:
    """A heading's text, its line, and the lines below it."""

    heading: str
    line: int
    lines: tuple[str, ...]

    @property
    def text(self) -> str:
        return "\n".join(self.lines).strip()


def read_lesson(file: TextFile, *, area: str, today: date) -> tuple[Lesson | None, list[Problem]]:
    """The lesson in a file, and all problems with it. None if it can't be used."""
    keys, taken, problems = split_front_matter(file)
    if not keys.values:
        return None, problems or [Problem(file.path, 1, "the front matter is empty", "give the lesson its keys")]
    parts = {section.heading: section for section in _sections(file.lines[taken:], "## ", first_line=taken + 1)}
    body = parts.pop("", Section("", taken + 1, ()))
    problems += _headings(file.path, parts)
    checks, found = _checks(file.path, parts.get("Check"))
    problems += found
    action, found = _action(file.path, parts.get("Do it"))
    problems += found
    written = {
        "body": to_mrkdwn(body.text),
        "example": to_mrkdwn(parts["Example"].text) if "Example" in parts else "",
        "mentor": _ASK.sub(lambda match: match["first"].upper(), _part(parts, "Mentor")),
        "peers": _part(parts, "Peers"),
    }
    lesson, found = shaped(Lesson, file.path, keys, {**written, "checks": checks, "action": action or _NO_ACTION})
    problems += [problem for problem in found if "checks" not in problem.what]
    for section in (body, *parts.values()):
        problems += _placeholders(file.path, section)
    if lesson is not None:
        problems += _sound(file.path, lesson, keys.line_of, body, parts, area=area, today=today)
    usable = lesson is not None and not any(problem.severity == "error" for problem in problems)
    return (lesson if usable else None), problems


_NO_ACTION = Action(text="-", due_working_days=1, follow_up="-")


def _part(parts: dict[str, Section], name: str) -> str:
    return to_mrkdwn(parts[name].text) if name in parts else ""


def _sections(lines: Sequence[str], mark: str, *, first_line: int) -> Iterator[Section]:
    heading, line, below, fenced = "", first_line - 1, list[str](), False
    for number, text in enumerate(lines, start=first_line):
        fenced ^= text.lstrip().startswith("```")
        if text.startswith(mark) and not fenced:
            yield Section(heading, line, tuple(below))
            heading, line, below = text.removeprefix(mark).strip(), number, []
        else:
            below.append(text)
    yield Section(heading, line, tuple(below))


def _headings(path: str, parts: dict[str, Section]) -> list[Problem]:
    unknown = [
        Problem(path, section.line, f"unknown heading «{name}»", did_you_mean(name, PARTS))
        for name, section in parts.items()
        if name not in PARTS
    ]
    missing = [
        Problem(path, 1, f"no part «{name}»", f"add a heading ## {name}") for name in NEEDED if name not in parts
    ]
    empty = [
        Problem(path, section.line, f"the part «{name}» is empty", "write it")
        for name, section in parts.items()
        if not section.text
    ]
    return unknown + missing + empty


def _checks(path: str, section: Section | None) -> tuple[tuple[Check, ...], list[Problem]]:
    if section is None:
        return (), []
    checks: list[Check] = []
    problems: list[Problem] = []
    for one in _sections(section.lines, "### ", first_line=section.line + 1):
        if not one.heading:
            continue
        check, found = read_check(path, one.heading, one.line, one.lines)
        problems += found
        if check is not None and any(check.id == other.id for other in checks):
            problems.append(Problem(path, one.line, f"two checks are called «{check.id}»", "give each its own id"))
        if check is not None:
            checks.append(check)
    if not checks and not problems:
        problems.append(Problem(path, section.line, "no question", "add one below a heading ### q1 (choose one)"))
    return tuple(checks), problems


def _action(path: str, section: Section | None) -> tuple[Action | None, list[Problem]]:
    if section is None:
        return None, []
    dues = [due for line in section.lines if (due := _DUE.match(line))]
    afters = [after for line in section.lines if (after := _FOLLOW_UP.match(line))]
    sentence = "\n".join(line for line in section.lines if not _DUE.match(line) and not _FOLLOW_UP.match(line)).strip()
    days = int(dues[0]["days"]) if dues else 0
    problems = []
    if not 1 <= days <= 30:
        problems.append(Problem(path, section.line, "no day by which to try it", "add a line - due: 5 working days"))
    if not afters:
        problems.append(Problem(path, section.line, "no question for afterwards", "add a line - follow up: …"))
    if problems:
        return None, problems
    if not re.match(r"(if|when)\b", sentence, re.IGNORECASE):
        mend = "begin it with «If …, then I …»"
        problems.append(Problem(path, section.line, "the action is no if-then sentence", mend, "warning"))
    follow_up = to_mrkdwn(afters[0]["text"])
    return Action(text=to_mrkdwn(sentence), due_working_days=days, follow_up=follow_up), problems


def _placeholders(path: str, section: Section) -> list[Problem]:
    allowed = FOR_A_GROUP if section.heading == "Peers" else PLACEHOLDERS
    text = _OWN_IDS.sub("", "\n".join(section.lines))
    if "{%" in text:
        at = section.line + 1 + text[: text.index("{%")].count("\n")
        return [
            Problem(path, at, "«{%» has no place in a lesson", "use placeholders like {{ manager.first_name }} only")
        ]
    try:
        return [
            Problem(path, section.line + line, f"unknown placeholder «{name}»", did_you_mean(name, allowed))
            for name, line in templates.names_in(text)
            if name not in allowed
        ]
    except templates.Broken as error:
        return [Problem(path, section.line + error.line, error.what, error.mend)]


def _sound(
    path: str,
    lesson: Lesson,
    line_of: dict[str, int],
    body: Section,
    parts: dict[str, Section],
    *,
    area: str,
    today: date,
) -> list[Problem]:
    problems = []
    if not _ID.fullmatch(lesson.id):
        problems.append(Problem(path, line_of["id"], f"the id «{lesson.id}»", "use small letters, digits and hyphens"))
    if lesson.area != area:
        problems.append(
            Problem(path, line_of["area"], f"the lesson lies in the folder «{area}»", f"write area: {area}")
        )
    if not lesson.owner.strip():
        problems.append(Problem(path, line_of["owner"], "nobody owns this lesson", "name who keeps it up to date"))
    if lesson.review_by < today:
        problems.append(
            Problem(
                path,
                line_of["review_by"],
                "the day to look it over again has passed",
                "read it, then move the day",
                "warning",
            )
        )
    if lesson.level == 3 and lesson.example:
        problems.append(
            Problem(
                path,
                parts["Example"].line,
                "a lesson of level 3 has no example",
                "take it out: here people work it out",
                "warning",
            )
        )
    return problems + _lengths(path, lesson, body, parts)


def _lengths(path: str, lesson: Lesson, body: Section, parts: dict[str, Section]) -> list[Problem]:
    problems = []
    size = len(lesson.body)
    if size > LONGEST_BODY:
        problems.append(
            Problem(
                path, body.line + 1, f"the body is {size} characters", f"keep it to one idea: at most {LONGEST_BODY}"
            )
        )
    elif size < SHORTEST_BODY:
        problems.append(
            Problem(path, body.line + 1, f"the body is only {size} characters", "tell the idea in 600 to 900")
        )
    elif size < SHORT_BODY:
        problems.append(
            Problem(path, body.line + 1, f"the body is {size} characters", "600 to 900 read well", "warning")
        )
    for name, section in parts.items():
        if len(section.text) > LONGEST_PART and name != "Check":
            problems.append(
                Problem(
                    path,
                    section.line,
                    f"«{name}» is {len(section.text)} characters",
                    f"Slack shows {LONGEST_PART}: shorten it",
                )
            )
    if (whole := len(lesson.model_dump_json())) > LONGEST_LESSON:
        problems.append(
            Problem(path, 1, f"the lesson is {whole} characters", f"a message holds {LONGEST_LESSON}: shorten it")
        )
    return problems + _uneven(path, lesson, parts)


def _uneven(path: str, lesson: Lesson, parts: dict[str, Section]) -> list[Problem]:
    """The longest option gives itself away when it is the right one and twice the length of the others."""
    problems = []
    for check in lesson.checks:
        if isinstance(check, Choice) and not check.several:
            right = max((len(option.text) for option in check.options if option.right), default=0)
            wrong = max((len(option.text) for option in check.options if not option.right), default=0)
            if wrong and right > 2 * wrong:
                problems.append(
                    Problem(
                        path,
                        parts["Check"].line,
                        f"in «{check.id}» the right answer is twice as long",
                        "even them out",
                        "warning",
                    )
                )
    return problems
