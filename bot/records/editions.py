"""Editions: each lesson is kept exactly as it was served, so that an answer is judged by the words that it answered."""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy.dialects.postgresql import insert
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from bot.curriculum.model import Check, Choice, Lesson, Scale
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


async def keep_many(session: AsyncSession, lessons: Sequence[Lesson], now: datetime) -> list[str]:
    """Keep these editions; their hashes, in that order. One that comes again and again is kept once."""
    kept = {id(lesson): lesson for lesson in lessons}
    hashes = {place: await keep(session, lesson, now) for place, lesson in kept.items()}
    return [hashes[id(lesson)] for lesson in lessons]


def in_words(check: Check, answer: Mapping[str, Any]) -> str:
    """An answer on record in the words that were shown, not in ids."""
    match check:
        case Choice(options=options):
            return ", ".join(option.text for option in options if option.id in answer.get("options", ()))
        case Scale(points=points):
            label = next((point.label for point in points if point.value == answer.get("value")), "")
            return f"{answer.get('value')} {label}".strip()
    return str(answer.get("text", ""))


class Editions:
    """The editions that this process has read: they never change, so each is read and parsed once."""

    def __init__(self, most: int = 500) -> None:
        self._read: dict[str, Lesson] = {}
        self._most = most

    async def get(self, session: AsyncSession, key: str) -> Lesson:
        """The lesson as it was served."""
        if key not in self._read:
            self._keep(await session.get_one(Edition, key))
        return self._read[key]

    async def read(self, session: AsyncSession, keys: Iterable[str]) -> None:
        """Read many with one query, before they are got one by one."""
        missing = {key for key in keys if key not in self._read}
        if missing:
            for row in await session.exec(select(Edition).where(col(Edition.hash).in_(missing))):
                self._keep(row)

    def _keep(self, row: Edition) -> None:
        if len(self._read) >= self._most:
            self._read.pop(next(iter(self._read)))
        self._read[row.hash] = Lesson.model_validate(row.content)
