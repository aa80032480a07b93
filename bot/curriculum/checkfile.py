"""The checks of a lesson file: a heading `### q1 (choose one)`, the question, and the ways to answer it."""

import hashlib
import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from bot.curriculum.markdown import to_mrkdwn
from bot.curriculum.model import Check, Choice, Option, Reflection, Scale, ScalePoint
from bot.curriculum.slips import Problem

LONGEST_OPTION = 75
_HEADING = re.compile(r"^(?P<id>[a-z0-9-]+)\s*(?:\((?P<how>[^)]*)\))?\s*$")
_OPTION = re.compile(r"^\s*[-*+]\s*\[(?P<mark>[ xX]?)\]\s*(?P<text>.*)$")
_OWN_ID = re.compile(r"\s*\{#(?P<id>[a-z0-9-]+)\}\s*$")
_FEEDBACK = re.compile(r"^\s+>\s?(?P<text>.*)$")
_POINT = re.compile(r"^\s*[-*+]\s*(?P<value>\d+)\s*:\s*(?P<label>.+)$")
_KINDS = "choose one, choose all, scale, reflect"


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
    how = [word.strip() for word in (match["how"] or "").split(",")]
    kind, extras = how[0], set(how[1:])
    if kind in ("choose one", "choose all"):
        return _choice(
            path, match["id"], first_line, lines, several=kind == "choose all", keep_order="keep order" in extras
        )
    if kind == "scale":
        return _scale(path, match["id"], first_line, lines)
    if kind == "reflect":
        prompt = to_mrkdwn("\n".join(lines))
        return Reflection(id=match["id"], prompt=prompt, private="private" in extras), _no_prompt(
            path, first_line, prompt
        )
    return None, [Problem(path, first_line, f"«({match['how'] or ''})» is no kind of check", f"use one of: {_KINDS}")]


def option_id(text: str) -> str:
    """A stable id made of an option's words, never of its place."""
    return hashlib.sha256(" ".join(text.lower().split()).encode()).hexdigest()[:8]


def _choice(
    path: str, check_id: str, first_line: int, lines: Sequence[str], *, several: bool, keep_order: bool
) -> tuple[Check | None, list[Problem]]:
    prompt_lines, written = _split(first_line, lines)
    prompt = to_mrkdwn("\n".join(prompt_lines))
    problems = _no_prompt(path, first_line, prompt)
    options = []
    for one in written:
        option, found = _option(path, one)
        problems += found
        options.append(option)
    problems += _of_all(path, first_line, check_id, written, options, several=several)
    return Choice(id=check_id, prompt=prompt, options=tuple(options), several=several, keep_order=keep_order), problems


def _split(first_line: int, lines: Sequence[str]) -> tuple[list[str], list[_Written]]:
    prompt: list[str] = []
    written: list[_Written] = []
    for number, line in enumerate(lines, start=first_line + 1):
        option, feedback = _OPTION.match(line), _FEEDBACK.match(line)
        if option:
            written.append(_Written(number, option["mark"] in ("x", "X"), option["text"].strip()))
        elif written and feedback:
            written[-1].feedback.append(feedback["text"])
        elif written and line.strip():
            written[-1].text += f" {line.strip()}"
        elif not written:
            prompt.append(line)
    return prompt, written


def _option(path: str, one: _Written) -> tuple[Option, list[Problem]]:
    own = _OWN_ID.search(one.text)
    text = _OWN_ID.sub("", one.text)
    problems = []
    if len(text) > LONGEST_OPTION:
        over = len(text) - LONGEST_OPTION
        problems.append(
            Problem(
                path,
                one.line,
                f"the answer is {len(text)} characters",
                f"Slack shows {LONGEST_OPTION}: shorten it by {over}",
            )
        )
    if not text:
        problems.append(Problem(path, one.line, "an answer without words", "write what one may choose"))
    if not any(line.strip() for line in one.feedback):
        problems.append(
            Problem(
                path, one.line, f"no sentence for the answer «{text}»", "say why below it, in a line that begins with >"
            )
        )
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
        problems.append(
            Problem(path, line, f"«{check_id}» has {len(options)} answers", "give it three (two to ten are possible)")
        )
    if right == 0:
        problems.append(Problem(path, line, f"«{check_id}» has no right answer", "put [x] in front of the right one"))
    if right > 1 and not several:
        mend = "«choose one» needs exactly one [x]; or write «choose all»"
        problems.append(Problem(path, line, f"«{check_id}» has {right} right answers", mend))
    seen: set[str] = set()
    for one, option in zip(written, options, strict=True):
        if option.id in seen:
            problems.append(Problem(path, one.line, f"two answers have the id «{option.id}»", "word them apart"))
        seen.add(option.id)
    return problems


def _scale(path: str, check_id: str, first_line: int, lines: Sequence[str]) -> tuple[Check | None, list[Problem]]:
    prompt: list[str] = []
    points: list[ScalePoint] = []
    problems: list[Problem] = []
    for number, line in enumerate(lines, start=first_line + 1):
        point = _POINT.match(line)
        if not point:
            prompt += [] if points else [line]
        elif 1 <= int(point["value"]) <= 5:
            points.append(ScalePoint(value=int(point["value"]), label=point["label"].strip()))
        else:
            problems.append(
                Problem(path, number, f"a scale goes from 1 to 5, not to {point['value']}", "use 1, 3 and 5")
            )
    text = to_mrkdwn("\n".join(prompt))
    problems += _no_prompt(path, first_line, text)
    if not {1, 5} <= {point.value for point in points}:
        problems.append(
            Problem(path, first_line, f"«{check_id}» does not say what 1 and 5 mean", "add lines as - 1: …")
        )
    return Scale(id=check_id, prompt=text, points=tuple(points)), problems


def _no_prompt(path: str, line: int, prompt: str) -> list[Problem]:
    return [] if prompt else [Problem(path, line, "a check without a question", "write the question below its heading")]
