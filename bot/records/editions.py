"""Editions: each lesson is kept exactly as it was served, so that an answer is judged by the words that it answered."""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from functools import lru_cache
from typing import Any

from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from bot.curriculum.model import Check, Choice, Itself, Lesson, Scale
from bot.records.many import among, insert_new
from bot.records.tables import Edition


def edition_hash(lesson: Lesson) -> str:
    """What names an edition: the same words have the same hash."""
    return _hash(Itself(lesson))


@lru_cache(maxsize=1024)
def _hash(lesson: Itself[Lesson]) -> str:
    return hashlib.sha256(lesson.value.model_dump_json().encode()).hexdigest()[:32]


async def keep_many(session: AsyncSession, lessons: Sequence[Lesson], now: datetime) -> list[str]:
    """Keep these editions; their hashes, in that order. What is kept already is not written again."""
    named = {edition_hash(lesson): lesson for lesson in lessons}
    kept = set(await session.exec(select(Edition.hash).where(among(Edition.hash, named))))
    new = [_row(key, lesson, now) for key, lesson in named.items() if key not in kept]
    await insert_new(session, Edition, new, key="hash")
    return [edition_hash(lesson) for lesson in lessons]


def _row(key: str, lesson: Lesson, now: datetime) -> dict[str, Any]:
    return {
        "hash": key,
        "lesson_id": lesson.id,
        "revision": lesson.revision,
        "content": lesson.model_dump(mode="json"),
        "served_at": now,
    }


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
