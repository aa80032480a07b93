"""Why someone has, or has not, heard from us: what there is to say to staff, and nothing that would be watching.

What a person chose for themselves (a pause, a stop, do-not-disturb) is one answer, «quiet time of their own». Reminders are
never mentioned: that one went out says that something was not answered.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from bot.agenda import away, personal
from bot.agenda.calendar import local
from bot.cohorts.enrolling import rests_with_cohort
from bot.curriculum.model import Program
from bot.records import reading
from bot.records.reading import Way
from bot.records.tables import AgendaItem, Interruption, Message, Person

# What everyone gets, as staff know anyway; any other kind would tell what somebody did or did not do.
TOLD = ("welcome", "lesson", "review", "ending", "introduction", "meeting", "digest", "new_mentor", "given")
LATEST = 4
COMING = 3


@dataclass(frozen=True)
class Reason:
    """A sentence of staff's words by its place, with its values: moments stay aware UTC, kinds stay kinds."""

    place: str
    values: Mapping[str, Any] = field(default_factory=dict)


async def reasons(
    session: AsyncSession, workspace_id: str, slack_id: str, program: Program, now: datetime
) -> tuple[Person | None, list[Reason]]:
    """What is to be said of someone (by Slack id): what stands in the way, what comes next, what came last."""
    rows = await session.exec(select(Person).where(Person.workspace_id == workspace_id, Person.slack_id == slack_id))
    person = rows.first()
    if person is None:
        return None, [Reason("why_unknown")]
    way = await reading.way_of_person(session, person.id or 0)
    in_the_way = [*_of_the_account(person), *_of_quiet(person, way, program, now)]
    found = [*in_the_way, *(_of_the_way(way) if way else [Reason("why_no_way")])]
    if await _heard_today(session, person, program, now):
        found.append(Reason("why_heard_today"))
    # Else nothing comes, whatever the agenda says, and its day would tell until when someone wants quiet, or that they stopped.
    if not in_the_way:
        found += await _coming(session, person)
    return person, found + await _came(session, person)


def _of_the_account(person: Person) -> Sequence[Reason]:
    if person.deactivated_at is not None:
        return [Reason("why_closed")]
    if person.unreachable_at is not None:
        return [Reason("why_unreachable", {"reason": person.unreachable_reason or "?"})]
    return []


def _of_quiet(person: Person, way: Way | None, program: Program, now: datetime) -> Sequence[Reason]:
    """Why nothing is said to them for now."""
    if way is not None and way.enrollment.left_at is not None:
        return [Reason("why_left", {"when": way.enrollment.left_at})]
    if way is not None and away.rests(way.cohort, now) and rests_with_cohort(way):
        return [Reason("why_cohort_rests", {"cohort": way.cohort.name})]
    has_stopped = way is not None and way.enrollment.stopped_at is not None
    if has_stopped or personal.pauses(program, person, now) or _is_away(person, now):
        return [Reason("why_quiet")]
    return []


def _of_the_way(way: Way) -> Sequence[Reason]:
    one, found = way.enrollment, []
    if one.left_at is not None:
        return []
    if one.ended_at is not None:
        found.append(Reason("why_ended"))
    elif one.begun_at is None:
        found.append(Reason("why_not_begun", {"day": one.starts_on}))
    if one.mentor_id is None:
        found.append(Reason("why_no_mentor"))
    return found


def _is_away(person: Person, now: datetime) -> bool:
    return person.away_until is not None and person.away_until > now


async def _heard_today(session: AsyncSession, person: Person, program: Program, now: datetime) -> bool:
    today = local(now, personal.zone_of(program, person)).date()
    return await session.get(Interruption, (person.id, today)) is not None


async def _coming(session: AsyncSession, person: Person) -> list[Reason]:
    rows = await session.exec(
        select(AgendaItem)
        .where(AgendaItem.person_id == person.id, col(AgendaItem.done_at).is_(None), col(AgendaItem.kind).in_(TOLD))
        .order_by(col(AgendaItem.due_at))
        .limit(COMING)
    )
    return [
        Reason("why_set_aside" if item.failures else "why_next", {"kind": item.kind, "when": item.due_at})
        for item in rows
    ]


async def _came(session: AsyncSession, person: Person) -> list[Reason]:
    rows = await session.exec(
        select(Message)
        .where(Message.person_id == person.id, col(Message.kind).in_(TOLD))
        .order_by(col(Message.created_at).desc())
        .limit(LATEST)
    )
    return [
        Reason(
            f"why_{one.state}", {"kind": one.kind, "when": one.sent_at or one.send_at, "reason": one.error or "?"}
        )
        for one in rows
    ]  # fmt: skip
