"""Reading a roster: rows, and all mistakes at once. Pure."""

import csv
import io
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from zoneinfo import ZoneInfo

# The long form's names for what the short form calls otherwise.
ALSO_CALLED = {
    "email": "manager",
    "mentor_email": "mentor",
    "buddy_mentor_email": "buddy",
    "role_start_date": "starts_on",
}
COLUMNS = ("manager", "cohort", "starts_on")
MAY_BE_THERE = ("mentor", "buddy", "team", "name", "timezone", "status")
ACTIVE, LEFT = "active", "left"
CENTURY = range(2000, 2100)
HEAD = "email,name,role_start_date,cohort,mentor_email,buddy_mentor_email,team,timezone,status"  # as in the README


@dataclass(frozen=True)
class RosterRow:
    """One manager; people by e-mail address or Slack id.

    `mentor`, `buddy`, `team` and `timezone` are None where the file has no such column: then what is on record stays. Empty, they
    say that there is none. Of who `leaves`, nothing else counts.
    """

    line: int
    manager: str
    cohort: str
    starts_on: date | None
    mentor: str | None = None
    buddy: str | None = None
    team: str | None = None
    timezone: str | None = None
    name: str = ""
    leaves: bool = False

    @property
    def people(self) -> tuple[str, ...]:
        """Whom Slack has to know for this row."""
        return () if self.leaves else tuple(filter(None, (self.manager, self.mentor, self.buddy)))


@dataclass(frozen=True)
class RosterProblem:
    """What is wrong in one line of the file."""

    line: int
    what: str
    mend: str


def read_roster(text: str) -> tuple[list[RosterRow], list[RosterProblem]]:
    """The rows of a CSV in the long form or the short one, and all that is wrong with them.

    A row with a problem is there, too, so that its people can be looked up in the same run; with any problem, none counts.
    """
    text = text.removeprefix("\ufeff")
    if not text.strip():
        return [], [RosterProblem(1, "the file is empty", f"begin with the line {HEAD}")]
    first = text.splitlines()[0]
    reader = csv.DictReader(
        io.StringIO(text), delimiter=";" if first.count(";") > first.count(",") else ",", strict=True
    )
    names = [(name or "").strip().lower() for name in reader.fieldnames or ()]
    reader.fieldnames = [ALSO_CALLED.get(name, name) for name in names]
    called = _called(names)
    missing = [called[column] for column in COLUMNS if column not in reader.fieldnames]
    if missing:
        return [], [RosterProblem(1, f"no column {', '.join(missing)}", f"begin with the line {HEAD}")]
    return _rows(reader, called)


def _called(names: Sequence[str]) -> dict[str, str]:
    """What each column is called in a file with these: as it stands there, else as its other columns would have it."""
    is_short = any(name in ALSO_CALLED.values() for name in names)
    long = {} if is_short else {short: long for long, short in ALSO_CALLED.items()}
    there = {ALSO_CALLED.get(name, name): name for name in names}
    return {column: there.get(column, long.get(column, column)) for column in (*COLUMNS, *MAY_BE_THERE)}


def _rows(reader: "csv.DictReader[str]", called: Mapping[str, str]) -> tuple[list[RosterRow], list[RosterProblem]]:
    rows: list[RosterRow] = []
    problems: list[RosterProblem] = []
    try:
        for raw in reader:
            if not any(_cell(raw, column) for column in (*COLUMNS, *MAY_BE_THERE)):
                continue
            row = _row(reader.line_num, raw)
            rows.append(row)
            problems += [RosterProblem(row.line, *found) for found in _slips(row, raw, called)]
    except csv.Error as error:
        problems.append(
            RosterProblem(reader.line_num, f"not readable as CSV ({error})", "check the quotes in this line")
        )
    return rows, [*problems, *repeated((row.line, row.manager, row.manager.casefold()) for row in rows)]


def _row(line: int, raw: Mapping[str, str | None]) -> RosterRow:
    def may(column: str) -> str | None:
        return _cell(raw, column) if column in raw else None

    return RosterRow(
        line=line,
        manager=_cell(raw, "manager"),
        cohort=_cell(raw, "cohort"),
        starts_on=_date(_cell(raw, "starts_on")),
        mentor=may("mentor"),
        buddy=may("buddy"),
        team=may("team"),
        timezone=may("timezone"),
        name=_cell(raw, "name"),
        leaves=_cell(raw, "status").casefold() == LEFT,
    )


def _slips(row: RosterRow, raw: Mapping[str, str | None], called: Mapping[str, str]) -> Iterable[tuple[str, str]]:
    """What is wrong in a row, and how to mend it."""
    if None in raw:
        yield "more fields than columns", "put a value that holds a comma into quotes"
    status = _cell(raw, "status")
    if status.casefold() not in ("", ACTIVE, LEFT):
        yield f"status is «{status}»", f"write {ACTIVE} or {LEFT}"
    if not row.manager:
        yield f"no {called['manager']}", f"fill in {called['manager']}"
    if not row.leaves:
        yield from _slips_of_who_stays(row, raw, called)


def _slips_of_who_stays(
    row: RosterRow, raw: Mapping[str, str | None], called: Mapping[str, str]
) -> Iterable[tuple[str, str]]:
    for column in ("cohort", "starts_on"):
        if not _cell(raw, column):
            yield f"no {called[column]}", f"fill in {called[column]}"
    if row.starts_on is None and _cell(raw, "starts_on"):
        yield f"{called['starts_on']} is «{_cell(raw, 'starts_on')}»", "write the date as 2026-11-24 (year-month-day)"
    if row.timezone and not _is_zone(row.timezone):
        yield f"timezone is «{row.timezone}»", "write it as Europe/Ljubljana"
    yield from same_person(row.manager, row.mentor, row.buddy)


def same_person(manager: str, mentor: str | None, buddy: str | None) -> Iterable[tuple[str, str]]:
    """What is wrong where one person stands for two; each by any name that tells them apart."""
    one, two, three = [(who or "").casefold() for who in (manager, mentor, buddy)]
    if one and one == two:
        yield "manager and mentor are the same person", "name someone else as mentor"
    if three and three in (one, two):
        yield "the buddy is the manager or the mentor", "name someone else as buddy"


def repeated(rows: Iterable[tuple[int, str, str]]) -> Sequence[RosterProblem]:
    """Who stands in two lines. Of each row its line, the manager's name there, and what tells them apart."""
    first_line: dict[str, int] = {}
    problems = []
    for line, name, same in rows:
        earlier = first_line.setdefault(same, line) if same else line
        if earlier != line:
            problems.append(
                RosterProblem(line, f"{name} stands in line {earlier} already", "keep one line for each manager")
            )
    return problems


def _cell(raw: Mapping[str, str | None], column: str) -> str:
    return (raw.get(column) or "").strip()


def _date(text: str) -> date | None:
    """A day of this century: 2206 for 2026 is a slip, after which nobody would ever hear from us."""
    try:
        found = date.fromisoformat(text) if len(text) == len("2026-11-24") else None
    except ValueError:
        return None
    return found if found is not None and found.year in CENTURY else None


def _is_zone(name: str) -> bool:
    try:
        ZoneInfo(name)
    except (KeyError, ValueError, OSError):  # unknown, no name at all, or that of a folder of them
        return False
    return True
