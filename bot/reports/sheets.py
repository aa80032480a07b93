"""Tidy tables for a spreadsheet: one thing a row, and only what staff may see of a single manager (DESIGN 6).

Single answers, levels, ratings and words are not among them; questions are counted over five people and more. Nor does any
table say how long someone took: what has happened has a day and no time, and a promise only the day that it is for.
"""

import csv
import io
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime

from sqlalchemy import ColumnElement, and_, func, select
from sqlmodel import col
from sqlmodel.ext.asyncio.session import AsyncSession

from bot.records.reading import answered_in
from bot.records.tables import (
    Cohort,
    Enrollment,
    LessonGiven,
    Message,
    PeerGroup,
    PeerMember,
    PeerRound,
    Person,
    Promise,
)
from bot.records.workspaces import one_of
from bot.reports.items import Item

# What each column holds. starts_on and due_on are days of the person's own, the others UTC's.
COLUMNS: Mapping[str, Mapping[str, str]] = {
    "people": {
        "person": "the Slack id", "cohort": "its name", "starts_on": "day of the welcome", "begun": "yes or no",
        "ended_on": "the last week was over",
        "stopped_on": "they asked us to stop, or staff took them out or closed their cohort", "has_mentor": "yes or no",
    },
    "lessons": {
        "person": "the Slack id", "lesson": "its id", "given_on": "when it was sent",
        "answered": "how many of its questions have an answer",
    },
    "actions": {
        "person": "the Slack id", "lesson": "the lesson's id, or peers:17 for a meeting of group 17",
        "due_on": "the day of it", "status": "yes, partly, not_yet or nothing",
    },
    "groups": {
        "pool": "the pool's name", "round": "its number", "group": "its number", "person": "the Slack id",
        "met": "all, some, not_yet, could_not or nothing",
    },
    "questions": {
        "lesson": "its id", "question": "its id in the lesson", "people": "who answered it", "right_at_first": "share",
        "right_later": "share of answers in reviews", "discrimination": "correlation with being right elsewhere",
        "sure_when_wrong": "share of first wrong answers", "to_mend": "what was found",
    },
}  # fmt: skip
_FORMULA = ("=", "+", "-", "@", "\t", "\r")

Rows = Iterable[Sequence[object]]


async def sheets(
    session: AsyncSession, items: Sequence[Item], cohort: str | None, workspace: str | None = None
) -> dict[str, str]:
    """Each table as CSV, by its name. Raises WhichWorkspace."""
    asked = _in(await one_of(session, workspace), cohort)
    rows: dict[str, Rows] = {
        "people": await _people(session, asked),
        "lessons": await _lessons(session, asked),
        "actions": await _actions(session, asked),
        "groups": await _groups(session, asked),
        "questions": [
            (one.lesson_id, one.check_id, one.people, one.first_right, one.later_right, one.discrimination,
             one.sure_when_wrong, "; ".join(finding.value for finding in one.findings))
            for one in items
        ],
    }  # fmt: skip
    return {name: as_csv(COLUMNS[name], found) for name, found in rows.items()}


def columns() -> str:
    """What the columns hold, as CSV."""
    rows = [(table, column, what) for table, names in COLUMNS.items() for column, what in names.items()]
    return as_csv(("table", "column", "what it holds"), rows)


def as_csv(head: Iterable[str], rows: Rows) -> str:
    """A table as CSV in which no cell is taken for a formula."""
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(head)
    writer.writerows([_cell(value) for value in row] for row in rows)
    return out.getvalue()


def _cell(value: object) -> object:
    """As text that no spreadsheet takes for a formula."""
    match value:
        case None:
            return ""
        case bool():
            return "yes" if value else "no"
        case float():
            return f"{value:.3f}"
        case datetime():
            return value.astimezone(UTC).date().isoformat()
        case str() if value.startswith(_FORMULA):
            return f"'{value}"
    return value


async def _people(session: AsyncSession, asked: ColumnElement[bool]) -> Rows:
    wanted = select(
        col(Person.slack_id),
        col(Cohort.name),
        col(Enrollment.starts_on),
        col(Enrollment.begun_at).is_not(None),
        col(Enrollment.ended_at),
        col(Enrollment.stopped_at),
        col(Enrollment.mentor_id).is_not(None),
    )
    wanted = wanted.select_from(Enrollment).join(Person, col(Person.id) == col(Enrollment.person_id))
    wanted = wanted.join(Cohort, col(Cohort.id) == col(Enrollment.cohort_id)).order_by(col(Person.slack_id))
    return [tuple(row) for row in await session.execute(wanted.where(asked))]


async def _lessons(session: AsyncSession, asked: ColumnElement[bool]) -> Rows:
    """Of what waits, or was refused, nothing is said: nobody was sent it."""
    answers = answered_in(LessonGiven.message_id)
    sent_at = func.coalesce(col(Message.sent_at), col(LessonGiven.given_at))
    wanted = select(col(Person.slack_id), col(LessonGiven.lesson_id), sent_at, answers)
    wanted = wanted.select_from(LessonGiven).join(Enrollment, col(Enrollment.id) == col(LessonGiven.enrollment_id))
    wanted = wanted.join(Message, col(Message.id) == col(LessonGiven.message_id))
    wanted = wanted.join(Person, col(Person.id) == col(Enrollment.person_id))
    wanted = wanted.join(Cohort, col(Cohort.id) == col(Enrollment.cohort_id))
    wanted = wanted.where(asked, col(Message.sent_at).is_not(None) | (answers > 0))
    return [tuple(row) for row in await session.execute(wanted.order_by(col(LessonGiven.given_at)))]


async def _actions(session: AsyncSession, asked: ColumnElement[bool]) -> Rows:
    wanted = select(col(Person.slack_id), col(Promise.lesson_id), col(Promise.due_on), col(Promise.status))
    wanted = wanted.select_from(Promise).join(Enrollment, col(Enrollment.id) == col(Promise.enrollment_id))
    wanted = wanted.join(Person, col(Person.id) == col(Enrollment.person_id))
    wanted = wanted.join(Cohort, col(Cohort.id) == col(Enrollment.cohort_id))
    wanted = wanted.order_by(col(Promise.due_on), col(Person.slack_id), col(Promise.lesson_id))
    return [tuple(row) for row in await session.execute(wanted.where(asked))]


async def _groups(session: AsyncSession, asked: ColumnElement[bool]) -> Rows:
    wanted = select(
        col(PeerRound.pool), col(PeerRound.number), col(PeerGroup.id), col(Person.slack_id), col(PeerGroup.met)
    )
    wanted = wanted.select_from(PeerMember).join(PeerGroup, col(PeerGroup.id) == col(PeerMember.group_id))
    wanted = wanted.join(PeerRound, col(PeerRound.id) == col(PeerMember.round_id))
    wanted = wanted.join(Person, col(Person.id) == col(PeerMember.person_id))
    wanted = wanted.join(Enrollment, col(Enrollment.person_id) == col(Person.id))
    wanted = wanted.join(Cohort, col(Cohort.id) == col(Enrollment.cohort_id))
    wanted = wanted.where(col(PeerRound.started_at).is_not(None)).order_by(col(PeerRound.number), col(PeerGroup.id))
    return [tuple(row) for row in await session.execute(wanted.where(asked))]


def _in(workspace_id: str, cohort: str | None) -> ColumnElement[bool]:
    here = col(Cohort.workspace_id) == workspace_id
    return here if cohort is None else and_(here, col(Cohort.name) == cohort)
