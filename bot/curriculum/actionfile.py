"""The part «Do it» of a lesson file: an if-then sentence, the days that one has, and the question for afterwards."""

import re

from bot.curriculum.markdown import to_mrkdwn
from bot.curriculum.model import Action
from bot.curriculum.sections import Section
from bot.curriculum.slips import Problem

_DUE = re.compile(r"^\s*[-*+]\s*due:\s*(?P<days>\d{1,4})\s*(?:working )?days?\s*$", re.IGNORECASE)
_FOLLOW_UP = re.compile(r"^\s*[-*+]\s*follow[ -]?up:\s*(?P<text>.+)$", re.IGNORECASE)
_POINT = re.compile(r"^\s*[-*+]\s+(?P<words>\S.*)$")
_NO_DAYS = re.compile(r"^\s*[-*+]\s*due:(?P<when>.*\S.*)$", re.IGNORECASE)
_AS_DUE, _AS_FOLLOW_UP = "add a line - due: 5 working days", "add a line - follow up: …"


def read_action(path: str, section: Section, *, language: str = "en") -> tuple[Action | None, list[Problem]]:
    """The action of a lesson, or why there is none. The words of an if-then sentence are known in English only."""
    dues: list[tuple[int, int]] = []
    afters: list[tuple[int, str]] = []
    sentence: list[str] = []
    problems: list[Problem] = []
    for number, line in enumerate(section.lines, start=section.line + 1):
        if due := _DUE.match(line):
            dues.append((number, int(due["days"])))
        elif vague := _NO_DAYS.match(line):
            what = f"«{vague['when'].strip()}» is no number of days"
            problems.append(Problem(path, number, what, "write it as - due: 5 working days"))
            dues.append((number, 1))  # it is there, so it is not missing, too
        elif after := _FOLLOW_UP.match(line):
            afters.append((number, after["text"].strip()))
        elif afters and line.strip() and not _POINT.match(line):
            afters[-1] = (afters[-1][0], f"{afters[-1][1]} {line.strip()}")
        elif (dues or afters) and line.strip():
            what = f"«{line.strip()[:40]}» is neither «due» nor «follow up»"
            problems.append(Problem(path, number, what, "take it out"))
        else:
            sentence.append(line)
    text = "\n".join(sentence).strip()
    problems += _said(path, section.line, text, language) + _once(path, section.line, dues, afters)
    if problems and any(problem.severity == "error" for problem in problems):
        return None, problems
    return Action(text=to_mrkdwn(text), due_working_days=dues[0][1], follow_up=to_mrkdwn(afters[0][1])), problems


def _said(path: str, line: int, sentence: str, language: str) -> list[Problem]:
    if not sentence:
        return [Problem(path, line, "nothing to do", "write it as «If …, then I …»")]
    if language == "en" and not re.match(r"\W*(if|when)\b", sentence, re.IGNORECASE):
        return [Problem(path, line, "the action is no if-then sentence", "begin it with «If …, then I …»", "warning")]
    return []


def _once(path: str, line: int, dues: list[tuple[int, int]], afters: list[tuple[int, str]]) -> list[Problem]:
    problems = []
    if not dues:
        problems.append(Problem(path, line, "no day by which to try it", _AS_DUE))
    elif not 1 <= dues[0][1] <= 30:
        problems.append(Problem(path, dues[0][0], f"due after {dues[0][1]} working days", "give 1 to 30 working days"))
    if not afters:
        problems.append(Problem(path, line, "no question for afterwards", _AS_FOLLOW_UP))
    doubles = [(number, "due") for number, _ in dues[1:]] + [(number, "follow up") for number, _ in afters[1:]]
    return problems + [Problem(path, at, f"«{name}» stands here twice", "keep one of the two") for at, name in doubles]
