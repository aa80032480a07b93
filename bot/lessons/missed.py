"""Which lessons never came, since Slack refused them for good: each is given once more."""

from collections.abc import Collection
from uuid import UUID

from sqlalchemy import String, cast
from sqlalchemy.orm import aliased
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from bot.records.many import among
from bot.records.tables import LessonGiven, Message, Response

AGAIN = ":again"  # ends the key of a lesson's second message: what is refused twice is left


async def refused(session: AsyncSession, message_ids: Collection[UUID]) -> dict[int, LessonGiven]:
    """Of the lessons in these messages those that Slack has refused, by enrollment; not the second time, and not what was shown
    since to who looked for it."""
    failed = list(
        await session.exec(select(Message.id).where(among(Message.id, message_ids), Message.state == "failed"))
    )
    if not failed:
        return {}  # as nearly always: what follows would cost the planning of each lesson a third
    shown = aliased(Message)
    about_it = col(shown.payload)["about"].astext == cast(col(LessonGiven.message_id), String)
    of_theirs = select(shown.id).where(shown.person_id == col(Message.person_id), shown.kind == "again", about_it)
    answers = select(Response.id).where(Response.message_id == col(LessonGiven.message_id))
    rows = await session.exec(
        select(LessonGiven)
        .join(Message, col(Message.id) == col(LessonGiven.message_id))
        .where(
            among(Message.id, failed),
            col(Message.key).not_like(f"%{AGAIN}"),
            col(LessonGiven.why).is_not(None),
            ~of_theirs.exists(),
            ~answers.exists(),
        )
    )
    return {one.enrollment_id: one for one in rows}
