"""Editions: each lesson is kept exactly as it was served, so that an answer is judged by the words that it answered."""

import hashlib
from datetime import datetime

from sqlalchemy.dialects.postgresql import insert
from sqlmodel.ext.asyncio.session import AsyncSession

from bot.curriculum.model import Lesson
from bot.records.tables import Edition


def edition_hash(lesson: Lesson) -> str:
    """What names an edition: the same words have the same hash."""
    return hashlib.sha256(lesson.model_dump_json().encode()).hexdigest()[:32]


async def keep(session: AsyncSession, lesson: Lesson, now: datetime) -> str:
    """Keep this edition; its hash. Kept before: nothing changes."""
    key = edition_hash(lesson)
    await session.execute(
        insert(Edition)
        .values(
            hash=key,
            lesson_id=lesson.id,
            revision=lesson.revision,
            content=lesson.model_dump(mode="json"),
            served_at=now,
        )
        .on_conflict_do_nothing(index_elements=["hash"])
    )
    return key


class Editions:
    """The editions that this process has read: they never change, so each is read and parsed once."""

    def __init__(self, most: int = 500) -> None:
        self._read: dict[str, Lesson] = {}
        self._most = most

    async def get(self, session: AsyncSession, key: str) -> Lesson:
        """The lesson as it was served."""
        if key not in self._read:
            if len(self._read) >= self._most:
                self._read.pop(next(iter(self._read)))
            row = await session.get_one(Edition, key)
            self._read[key] = Lesson.model_validate(row.content)
        return self._read[key]
