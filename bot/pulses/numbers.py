"""Numbers on record, and when the small questions have their turn."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import func
from sqlalchemy.dialects.postgresql import insert
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from bot.agenda import away
from bot.attention import slots
from bot.attention.flow import Turn
from bot.curriculum.model import Program
from bot.pulses.rules import confidence_in, next_turn
from bot.records.reading import Way
from bot.records.tables import AgendaItem, Message, Pulse
from bot.slack.access import Actor, Gone


@dataclass(frozen=True)
class Given:
    """A number as it came in: about an area, or for one of the two questions."""

    actor: Actor
    message_id: UUID
    about: str
    value: int


def asked_in(message: Message, kind: str) -> Mapping[str, Any]:
    """What of a kind is asked in a message, which may be of that kind itself or carry it. Raises Gone."""
    if message.kind == kind:
        return message.payload
    about = next((one["about"] for one in message.payload.get("joined", ()) if one["kind"] == kind), None)
    if about is None:
        raise Gone
    found: Mapping[str, Any] = about
    return found


async def record(
    session: AsyncSession, *, enrollment_id: int, message_id: UUID, question: str, value: int, now: datetime
) -> None:
    """Keep a number; the first one for that question of that message counts."""
    await session.execute(
        insert(Pulse)
        .values(
            enrollment_id=enrollment_id, message_id=message_id, question=question, value=value, answered_at=now
        )
        .on_conflict_do_nothing(index_elements=["message_id", "question"])
    )  # fmt: skip


async def history(session: AsyncSession, enrollment_id: int, message: Message) -> dict[str, list[Pulse]]:
    """The numbers of a manager by question, oldest first, without those of messages that came after this one."""
    rows = await session.exec(
        select(Pulse)
        .join(Message, col(Message.id) == col(Pulse.message_id))
        .where(Pulse.enrollment_id == enrollment_id, col(Message.created_at) <= message.created_at)
        .order_by(col(Message.created_at), col(Pulse.id))
    )
    found: dict[str, list[Pulse]] = {}
    for row in rows:
        found.setdefault(row.question, []).append(row)
    return found


async def last_answers(session: AsyncSession, enrollment_id: int, areas: Sequence[str]) -> dict[str, datetime]:
    """When (aware UTC) a manager last said how sure they feel, by area; areas without any answer are left out."""
    rows = await session.execute(
        select(Pulse.question, func.max(Pulse.answered_at))
        .where(Pulse.enrollment_id == enrollment_id)
        .group_by(col(Pulse.question))
    )
    answered = {row[0]: row[1] for row in rows}
    return {area: answered[confidence_in(area)] for area in areas if confidence_in(area) in answered}


async def values(session: AsyncSession, enrollment_id: int, question: str) -> list[int]:
    """The numbers that a manager gave to a question, oldest first."""
    rows = await session.exec(
        select(Pulse.value)
        .where(Pulse.enrollment_id == enrollment_id, Pulse.question == question)
        .order_by(col(Pulse.answered_at), col(Pulse.id))
    )
    return list(rows)


def asked_at(item: AgendaItem) -> datetime | None:
    """When this was last asked (aware UTC): the item itself remembers, since an answer may never come."""
    moment = item.about.get("asked_at")
    return None if moment is None else datetime.fromisoformat(moment)


def remember(session: AsyncSession, item: AgendaItem, now: datetime) -> None:
    """It is asked now."""
    item.about = {**item.about, "asked_at": now.isoformat()}
    session.add(item)


def slot(program: Program, way: Way, asked: datetime | None, now: datetime, *, first_week: int, every: int) -> datetime:
    """The review slot (aware UTC) on which the question has its next turn: it asks of weeks in which somebody was there."""
    latest = max((one for one in (asked, away.back_at(way, now.date())) if one is not None), default=None)
    turn = next_turn(slots.after_weeks(way, 0, now), latest, first_week=first_week, every_weeks=every)
    return slots.review_slot(program, way, turn)


def is_over(turn: Turn) -> bool:
    """Whether the last week is behind them: then nothing small is asked, though reviews may go on."""
    return slots.phase_of(turn.program, turn.way, turn.now) is slots.Phase.OVER
