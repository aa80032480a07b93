"""Moodle's GIFT format, read: questions to choose from become checks of draft lessons. Pure.

Our own reader, as written at docs.moodle.org («GIFT format»): the only Python package for it has not been kept for years. What
has no place in a lesson (matching, numbers, essays, missing words) is named with its line, and never guessed at.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from html import unescape

from bot.curriculum.slips import Problem

_ESCAPED = re.compile(r"\\([~=#{}:\\])")
_TITLE = re.compile(r"^::(?P<title>.*?)(?<!\\)::\s*(?P<rest>.*)$", re.DOTALL)
_FORM = re.compile(r"^\[(html|moodle|plain|markdown)\]\s*", re.IGNORECASE)
_INLINE = re.compile(r"</?(?:b|i|em|strong|u|span|sub|sup|a|code)\b[^<>]{0,200}>", re.IGNORECASE)
_TAG = re.compile(r"<[^<>]{1,200}>")
_ANSWER = re.compile(r"(?<!\\)(?P<mark>[=~])(?:%(?P<percent>-?\d{1,3}(?:\.\d+)?)%)?")
_TRUE, _FALSE = frozenset({"t", "true"}), frozenset({"f", "false"})


@dataclass(frozen=True)
class Answer:
    """One answer of a question; `feedback` may be empty: our form asks for a sentence, theirs does not."""

    text: str
    right: bool
    feedback: str = ""


@dataclass(frozen=True)
class Question:
    """A question to choose one or several answers from; the line is where it begins."""

    line: int
    title: str
    prompt: str
    answers: tuple[Answer, ...]

    @property
    def several(self) -> bool:
        """Whether more than one answer is right."""
        return sum(answer.right for answer in self.answers) > 1


def read_gift(text: str, path: str) -> tuple[list[Question], list[Problem]]:
    """The questions of a file that a lesson has a place for, and what was left out, with its line."""
    questions: list[Question] = []
    problems: list[Problem] = []
    for line, block in _blocks(text):
        made = _question(line, block, path)
        if isinstance(made, Problem):
            problems.append(made)
        else:
            questions.append(made)
    return questions, problems


def _blocks(text: str) -> Iterator[tuple[int, str]]:
    """Questions with their first lines: apart by empty lines outside of braces; without comments and categories."""
    block: list[str] = []
    first, depth = 0, 0
    for number, line in enumerate([*text.removeprefix("\ufeff").splitlines(), ""], start=1):
        if line.lstrip().startswith("//") or (not depth and line.startswith("$CATEGORY:")):
            continue
        if not line.strip() and depth <= 0:
            if block:
                yield first, "\n".join(block)
            block, depth = [], 0
            continue
        first = first if block else number
        block.append(line)
        depth += len(re.findall(r"(?<!\\)\{", line)) - len(re.findall(r"(?<!\\)\}", line))
    if block:
        yield first, "\n".join(block)


def _question(line: int, block: str, path: str) -> Question | Problem:
    titled = _TITLE.match(block.strip())
    rest = titled["rest"] if titled else block.strip()
    before, brace, after = _cut(rest, "{")
    inside, closed, behind = _cut(after, "}")
    if not brace or not closed:
        return Problem(path, line, "a question without answers in { }", "write them as { =right ~wrong }", "warning")
    if behind.strip():
        return _left_out(path, line, "with a gap in the middle")
    answers = _answers(inside.strip())
    if isinstance(answers, str):
        return _left_out(path, line, answers)
    if not any(answer.right for answer in answers) or len(answers) < 2:
        return _left_out(path, line, "without a wrong and a right answer to choose from")
    prompt = _plain(_FORM.sub("", before.strip()))
    title = _plain(titled["title"]) if titled else _first_words(prompt)
    # A question may be a picture alone: its lesson has a name all the same.
    named = title if any(one.isalnum() for one in title) else f"Question of line {line}"
    return Question(line, named, prompt, tuple(answers))


def _answers(inside: str) -> list[Answer] | str:
    """The answers between the braces; or what kind of question it is, which no lesson has a place for."""
    if not inside:
        return "for an essay"
    if inside.startswith("#"):
        return "for a number"
    verdict, _, feedback = inside.partition("#")
    if verdict.strip().lower() in _TRUE | _FALSE:
        return _true_or_false(verdict.strip().lower() in _TRUE, feedback)
    marks = list(_ANSWER.finditer(inside))
    if not marks:
        return "in no form that is known"
    ends = [*(mark.start() for mark in marks[1:]), len(inside)]
    pieces = [(mark, inside[mark.end() : end]) for mark, end in zip(marks, ends, strict=True)]
    if any("->" in piece for _, piece in pieces):
        return "for matching"
    if all(mark["mark"] == "=" and not mark["percent"] for mark, _ in pieces):
        return "for a short answer"
    return [_answer(mark, piece) for mark, piece in pieces]


def _answer(mark: "re.Match[str]", piece: str) -> Answer:
    words, _, feedback = _cut(piece.partition("####")[0], "#")
    right = float(mark["percent"]) > 0 if mark["percent"] else mark["mark"] == "="
    return Answer(_plain(_FORM.sub("", words.strip())), right, _plain(feedback))


def _true_or_false(is_true: bool, feedback: str) -> list[Answer]:
    """`{T#said when wrong#said when right}`."""
    wrong, _, right = feedback.partition("#")
    said = {True: _plain(right), False: _plain(wrong)}
    return [Answer("True", is_true, said[is_true]), Answer("False", not is_true, said[not is_true])]


def _cut(text: str, sign: str) -> tuple[str, str, str]:
    """The text before and behind the first such sign that is not escaped."""
    match = re.search(rf"(?<!\\){re.escape(sign)}", text)
    return (text, "", "") if match is None else (text[: match.start()], sign, text[match.end() :])


def _plain(text: str) -> str:
    """Without escapes, HTML and its entities, on one line."""
    unescaped = _ESCAPED.sub(r"\1", text.replace("\\n", " "))
    return " ".join(unescape(_TAG.sub(" ", _INLINE.sub("", unescaped))).split())


def _first_words(prompt: str) -> str:
    words = prompt.split()
    return " ".join(words[:6]).strip(" ?.!:,")


def _left_out(path: str, line: int, kind: str) -> Problem:
    mend = "a lesson asks to choose among answers: turn it into such a question"
    return Problem(path, line, f"a question {kind} was left out", mend, "warning")


def as_check(number: int, one: Question) -> str:
    """A question as a check of a lesson file. Where no sentence stands for an answer, the linter asks for one."""
    lines = [f"### q{number} ({'choose all' if one.several else 'choose one'})", one.prompt]
    for answer in one.answers:
        lines += [f"- [{'x' if answer.right else ' '}] {answer.text}"]
        lines += [f"  > {answer.feedback}"] if answer.feedback else []
    return "\n".join(lines)
