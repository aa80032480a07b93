"""Writes down which lessons were given, as they were then: for one, or for a crowd."""

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from sqlmodel.ext.asyncio.session import AsyncSession

from bot.attention.flow import Turn
from bot.lessons.rules import Chosen
from bot.records import editions
from bot.records.many import insert_many, replace_many
from bot.records.tables import AgendaItem, LessonGiven


async def note(session: AsyncSession, given: Mapping[UUID, tuple[int, Chosen]], now: datetime) -> None:
    """Which manager (an enrollment's id) got which lesson and why, by the messages' ids; each edition is kept once. One that
    never came, and is given again, is in its new message from now on."""
    kept = await editions.keep_many(session, [chosen.lesson for _, chosen in given.values()], now)
    await replace_many(
        session,
        LessonGiven,
        [
            {
                "enrollment_id": enrollment_id,
                "lesson_id": chosen.lesson.id,
                "edition_hash": edition,
                "message_id": message_id,
                "given_at": now,
                "why": chosen.why.value,
                "why_about": chosen.about,
            }
            for (message_id, (enrollment_id, chosen)), edition in zip(given.items(), kept, strict=True)
        ],
        key=("enrollment_id", "lesson_id"),
    )


async def plan_nudges(session: AsyncSession, turns: Mapping[UUID, tuple[Turn, datetime]]) -> None:
    """A nudge for each of these messages, some working days after that moment: their keys are new, as the messages are."""
    await insert_many(
        session,
        AgendaItem,
        [
            {
                "key": f"nudge:{message_id}",
                "kind": "nudge",
                "workspace_id": turn.workspace_id,
                "person_id": turn.way.manager.id,
                "about": {"message_id": str(message_id), "enrollment_id": turn.enrollment_id},
                "due_at": turn.working_days_on(turn.program.nudge.after_working_days, since=since),
                "failures": 0,
            }
            for message_id, (turn, since) in turns.items()
        ],
    )
