"""Reading a roster, when to welcome someone, and what is left of their baseline. Pure."""

import csv
import io
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import Enum

COLUMNS = ("manager", "mentor", "cohort", "starts_on")
MAY_BE_THERE = ("buddy", "team")


@dataclass(frozen=True)
class RosterRow:
    """One manager to enrol; people by e-mail address or Slack id. `mentor` may be empty.

    `buddy` and `team` are None where the file has no such column: then what is on record stays.
    """

    line: int
    manager: str
    mentor: str
    cohort: str
    starts_on: date
    buddy: str | None = None
    team: str | None = None


@dataclass(frozen=True)
class RosterProblem:
    """What is wrong in one line of the file."""

    line: int
    what: str
    mend: str


def read_roster(text: str) -> tuple[list[RosterRow], list[RosterProblem]]:
    """The rows of a CSV with the columns manager, mentor, cohort, starts_on, perhaps buddy and team; and all problems at once."""
    text = text.removeprefix("\ufeff")
    if not text.strip():
        return [], [RosterProblem(1, "the file is empty", f"begin with the line {','.join(COLUMNS)}")]
    first = text.splitlines()[0]
    reader = csv.DictReader(
        io.StringIO(text), delimiter=";" if first.count(";") > first.count(",") else ",", strict=True
    )
    reader.fieldnames = [(name or "").strip().lower() for name in reader.fieldnames or ()]
    missing = [column for column in COLUMNS if column not in reader.fieldnames]
    if missing:
        return [], [RosterProblem(1, f"no column {', '.join(missing)}", f"begin with the line {','.join(COLUMNS)}")]
    return _rows(reader)


def _rows(reader: "csv.DictReader[str]") -> tuple[list[RosterRow], list[RosterProblem]]:
    rows: list[RosterRow] = []
    problems: list[RosterProblem] = []
    try:
        for raw in reader:
            line = reader.line_num
            values = {column: (raw.get(column) or "").strip() for column in COLUMNS}
            if not any(values.values()):
                continue
            values |= {column: (raw.get(column) or "").strip() for column in MAY_BE_THERE}
            found = _problems(line, values, extra=None in raw)
            problems += found
            if not found:
                rows.append(
                    RosterRow(
                        line,
                        values["manager"],
                        values["mentor"],
                        values["cohort"],
                        date.fromisoformat(values["starts_on"]),
                        *(values[column] if column in raw else None for column in MAY_BE_THERE),
                    )
                )
    except csv.Error as error:
        problems.append(
            RosterProblem(reader.line_num, f"not readable as CSV ({error})", "check the quotes in this line")
        )
    return rows, problems + _repeated(rows)


def _problems(line: int, values: dict[str, str], *, extra: bool) -> list[RosterProblem]:
    found: list[RosterProblem] = []
    if extra:
        found.append(RosterProblem(line, "more fields than columns", "put a value that holds a comma into quotes"))
    for column in ("manager", "cohort", "starts_on"):
        if not values[column]:
            found.append(RosterProblem(line, f"no {column}", f"fill in {column}"))
    if values["manager"] and values["manager"].casefold() == values["mentor"].casefold():
        found.append(RosterProblem(line, "manager and mentor are the same person", "name someone else as mentor"))
    buddy = str(values.get("buddy") or "").casefold()
    if buddy and buddy in (values["manager"].casefold(), values["mentor"].casefold()):
        found.append(RosterProblem(line, "the buddy is the manager or the mentor", "name someone else as buddy"))
    if values["starts_on"] and not _is_date(values["starts_on"]):
        found.append(
            RosterProblem(
                line, f"starts_on is «{values['starts_on']}»", "write the date as 2026-11-24 (year-month-day)"
            )
        )
    return found


def _is_date(text: str) -> bool:
    try:
        date.fromisoformat(text)
    except ValueError:
        return False
    return len(text) == 10


def _repeated(rows: Sequence[RosterRow]) -> list[RosterProblem]:
    first_line: dict[str, int] = {}
    problems = []
    for row in rows:
        earlier = first_line.setdefault(row.manager.casefold(), row.line)
        if earlier != row.line:
            problems.append(
                RosterProblem(
                    row.line, f"{row.manager} stands in line {earlier} already", "keep one line for each manager"
                )
            )
    return problems


class Word(Enum):
    """What may be said to someone who has not begun."""

    WELCOME = "welcome"
    REMINDER = "reminder"


@dataclass(frozen=True)
class Greeting:
    """How far someone's welcome is. Moments are aware UTC; `remind_at` is None before the welcome."""

    starts_at: datetime
    begun: bool = False
    remind_at: datetime | None = None
    reminded: bool = False


def what_to_say(one: Greeting, now: datetime) -> Word | datetime | None:
    """The word for now; a moment: not before then; None: never again. One welcome, one reminder, and no third word."""
    if one.begun or one.reminded:
        return None
    word, earliest = (Word.WELCOME, one.starts_at) if one.remind_at is None else (Word.REMINDER, one.remind_at)
    return word if earliest <= now else earliest


def areas_left(areas: Sequence[str], rated: Collection[str]) -> list[str]:
    """The areas of a baseline that have no level yet, in the program's order."""
    return [area for area in areas if area not in rated]


def may_rate(area: str, areas: Sequence[str], rated: Collection[str]) -> bool:
    """Whether a level may still be given, or changed: until all areas have one. Then the baseline stands."""
    return area in areas and bool(areas_left(areas, rated))
