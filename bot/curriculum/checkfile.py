"""The checks of a lesson file: a heading `### q1 (choose one)`, the question, and the ways to answer it."""

import hashlib
import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from bot.curriculum.ids import IN_SMALL_LETTERS, LONGEST_ID
from bot.curriculum.markdown import to_mrkdwn
from bot.curriculum.model import Check, Choice, Option, Reflection, Scale, ScalePoint
from bot.curriculum.slips import Problem, did_you_mean

LONGEST_OPTION = 75
LONGEST_LABEL = 70  # Slack shows 75 beside a button, and the number stands in front
LONGEST_TEXT = 2900
_HEADING = re.compile(r"^(?P<id>[a-z0-9-]+)\s*(?:\((?P<how>[^)]*)\))?\s*$")
_OPTION = re.compile(r"^\s*(?:[-*+]|\d+[.)])\s*[\[［]\s*(?P<mark>[ xX]?)\s*[\]］](?!\()\s*(?P<text>.*)$")
_ODD_MARK = re.compile(r"^\s*(?:[-*+]|\d+[.)])\s*(?P<box>\[[^\]]{1,2}\]|\([ xX]?\))\s+(?P<text>.*)$")
_OWN_ID = re.compile(r"\s*\{#(?P<id>[^}]*)\}\s*$")
_ID = re.compile(r"[a-z0-9-]+")
_FEEDBACK = re.compile(r"^\s*>\s?(?P<text>.*)$")
_POINT = re.compile(r"^\s*[-*+]\s*(?P<value>\d{1,3})\s*[:.)]\s*(?P<label>.+)$")
_KINDS = {"choose one": ("keep order",), "choose all": ("keep order",), "scale": (), "reflect": ("private",)}


@dataclass
class _Written:
    """An option as it stands in the file."""

    line: int
    right: bool
    text: str
    feedback: list[str] = field(default_factory=list)


def read_check(path: str, heading: str, first_line: int, lines: Sequence[str]) -> tuple[Check | None, list[Problem]]:
    """The check below a heading; `first_line` is the heading's."""
    match = _HEADING.match(heading.strip())
    if not match:
        return None, [Problem(path, first_line, f"«{heading}» names no check", "write it as ### q1 (choose one)")]
    kind, *extras = [word.strip().lower() for word in (match["how"] or "").split(",")]
    if kind not in _KINDS:
        what = f"«({match['how'] or ''})» is no kind of check"
        return None, [Problem(path, first_line, what, did_you_mean(kind, _KINDS))]
    problems = [
        Problem(path, first_line, f"«{extra}» says nothing about a «{kind}» question", _instead(extra, kind))
        for extra in extras
        if extra not in _KINDS[kind]
    ]
    if len(match["id"]) > LONGEST_ID:
        problems.append(Problem(path, first_line, f"the id «{match['id']}»", "a short one is enough, as q1"))
    check, found = _read(path, match["id"], kind, extras, first_line, lines)
    return check, problems + found


def _instead(extra: str, kind: str) -> str:
    return did_you_mean(extra, _KINDS[kind]) if _KINDS[kind] else "take it out"


def _read(
    path: str, check_id: str, kind: str, extras: Sequence[str], first_line: int, lines: Sequence[str]
) -> tuple[Check, list[Problem]]:
    if kind == "scale":
        return _scale(path, check_id, first_line, lines)
    if kind == "reflect":
        prompt = to_mrkdwn("\n".join(lines))
        return Reflection(id=check_id, prompt=prompt, private="private" in extras), _prompt(path, first_line, prompt)
    several, keep_order = kind == "choose all", "keep order" in extras
    return _choice(path, check_id, first_line, lines, several=several, keep_order=keep_order)


def is_option(line: str) -> bool:
    """Whether a line of a check is one of its answers: an answer is shown as it stands, nothing in it is filled in."""
    return bool(_OPTION.match(line) or _ODD_MARK.match(line))


def how(check: Check) -> str:
    """What stands in the brackets of a check's heading, as «choose one, keep order»."""
    match check:
        case Choice(several=several, keep_order=keep_order):
            return ("choose all" if several else "choose one") + (", keep order" if keep_order else "")
        case Reflection(private=private):
            return "reflect, private" if private else "reflect"
    return "scale"


def option_id(text: str) -> str:
    """A stable id made of an option's words, never of its place."""
    return hashlib.sha256(" ".join(text.lower().split()).encode()).hexdigest()[:8]


def _choice(
    path: str, check_id: str, first_line: int, lines: Sequence[str], *, several: bool, keep_order: bool
) -> tuple[Check, list[Problem]]:
    prompt_lines, written, problems = _split(path, first_line, lines)
    prompt = to_mrkdwn("\n".join(prompt_lines))
    problems += _prompt(path, first_line, prompt)
    options = []
    for one in written:
        option, found = _option(path, one)
        problems += found
        options.append(option)
    problems += _of_all(path, first_line, check_id, written, options, several=several)
    return Choice(id=check_id, prompt=prompt, options=tuple(options), several=several, keep_order=keep_order), problems


def _split(path: str, first_line: int, lines: Sequence[str]) -> tuple[list[str], list[_Written], list[Problem]]:
    """The question's lines, the answers, and the lines that belong to neither."""
    prompt: list[str] = []
    written: list[_Written] = []
    problems: list[Problem] = []
    after_blank = False
    for number, line in enumerate(lines, start=first_line + 1):
        option, feedback, odd = _OPTION.match(line), _FEEDBACK.match(line), _ODD_MARK.match(line)
        if option:
            written.append(_Written(number, option["mark"] in ("x", "X"), option["text"].strip()))
        elif odd:
            what = f"«{odd['box']}» in front of an answer"
            problems.append(Problem(path, number, what, "write [x] for a right answer, [ ] for another"))
            written.append(_Written(number, odd["box"][1:-1].strip() != "", odd["text"].strip()))
        elif not written:
            prompt.append(line)
        elif feedback:
            written[-1].feedback.append(feedback["text"])
        elif line.strip() and after_blank and not line.startswith(" "):
            problems.append(Problem(path, number, "words below the answers", "put them above the first answer"))
        elif line.strip():
            _go_on(written[-1], line.strip())
        after_blank = not line.strip()
    return prompt, written, problems


def _go_on(one: _Written, words: str) -> None:
    """A line that goes on with what stands above it, as Markdown has it."""
    if one.feedback:
        one.feedback.append(words)
    else:
        one.text += f" {words}"


def _option(path: str, one: _Written) -> tuple[Option, list[Problem]]:
    own = _OWN_ID.search(one.text)
    text = _OWN_ID.sub("", one.text)
    problems = []
    if own and not (_ID.fullmatch(own["id"]) and len(own["id"]) <= LONGEST_ID):
        what = f"«{own['id']}» is no id of an answer"
        problems.append(Problem(path, one.line, what, f"{IN_SMALL_LETTERS}, as {{#early}}"))
    if "{{" in text or "}}" in text:
        problems.append(
            Problem(path, one.line, "an answer with a placeholder", "say it without: it is shown as it stands")
        )
    if len(text) > LONGEST_OPTION:
        over = len(text) - LONGEST_OPTION
        mend = f"Slack shows {LONGEST_OPTION}: shorten it by {over}"
        problems.append(Problem(path, one.line, f"the answer is {len(text)} characters", mend))
    if not text:
        problems.append(Problem(path, one.line, "an answer without words", "write what one may choose"))
    if not any(line.strip() for line in one.feedback):
        mend = "say why below it, in a line that begins with >"
        problems.append(Problem(path, one.line, f"no sentence for the answer «{text}»", mend))
    option = Option(
        id=own["id"] if own else option_id(text),
        text=text,
        right=one.right,
        feedback=to_mrkdwn("\n".join(one.feedback)),
    )
    return option, problems


def _of_all(
    path: str, line: int, check_id: str, written: Sequence[_Written], options: Sequence[Option], *, several: bool
) -> list[Problem]:
    problems = []
    right = sum(option.right for option in options)
    if not 2 <= len(options) <= 10:
        count = "1 answer" if len(options) == 1 else f"{len(options)} answers"
        problems.append(Problem(path, line, f"«{check_id}» has {count}", "give it three (two to ten are possible)"))
    if right == 0:
        problems.append(Problem(path, line, f"«{check_id}» has no right answer", "put [x] in front of the right one"))
    if right > 1 and not several:
        mend = "«choose one» needs exactly one [x]; or write «choose all»"
        problems.append(Problem(path, line, f"«{check_id}» has {right} right answers", mend))
    if sum(len(option.text) + len(option.feedback) for option in options) > LONGEST_TEXT:
        what = f"the answers of «{check_id}» and what is said about them"
        problems.append(
            Problem(path, line, f"{what} are over {LONGEST_TEXT} characters", "one sentence each is enough")
        )
    seen: set[str] = set()
    for one, option in zip(written, options, strict=True):
        if option.id in seen:
            mend = "give one of them another {#id}, or other words"
            problems.append(Problem(path, one.line, f"two answers have the id «{option.id}»", mend))
        seen.add(option.id)
    return problems


def _scale(path: str, check_id: str, first_line: int, lines: Sequence[str]) -> tuple[Check, list[Problem]]:
    prompt: list[str] = []
    points: list[ScalePoint] = []
    problems: list[Problem] = []
    for number, line in enumerate(lines, start=first_line + 1):
        match = _POINT.match(line)
        if not match:
            prompt += [] if points else [line]
            if points and line.strip():
                problems.append(Problem(path, number, "words below the points of a scale", "put them above the first"))
            continue
        point = ScalePoint(value=int(match["value"]), label=match["label"].strip())
        problems += _point(path, number, point, {other.value for other in points})
        points.append(point)
    text = to_mrkdwn("\n".join(prompt))
    problems += _prompt(path, first_line, text)
    if not {1, 5} <= {point.value for point in points}:
        what = f"«{check_id}» does not say what 1 and 5 mean"
        problems.append(Problem(path, first_line, what, "add lines as - 1: …"))
    return Scale(id=check_id, prompt=text, points=tuple(points)), problems


def _point(path: str, line: int, point: ScalePoint, before: set[int]) -> list[Problem]:
    problems = []
    if not 1 <= point.value <= 5:
        problems.append(Problem(path, line, f"a scale goes from 1 to 5, not to {point.value}", "use 1, 3 and 5"))
    if point.value in before:
        problems.append(Problem(path, line, f"the point {point.value} stands here twice", "keep one of the two"))
    if len(point.label) > LONGEST_LABEL:
        over = len(point.label) - LONGEST_LABEL
        problems.append(Problem(path, line, f"the point has {len(point.label)} characters", f"shorten it by {over}"))
    if "{{" in point.label or "}}" in point.label:
        problems.append(Problem(path, line, "a point with a placeholder", "say it without: it is shown as it stands"))
    return problems


def _prompt(path: str, line: int, prompt: str) -> list[Problem]:
    if not prompt:
        return [Problem(path, line, "a check without a question", "write the question below its heading")]
    if len(prompt) > LONGEST_TEXT:
        what = f"the question is {len(prompt)} characters"
        return [Problem(path, line, what, f"Slack shows {LONGEST_TEXT}: one sentence is enough")]
    return []
