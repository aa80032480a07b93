"""In which areas people are steady, and in which they are not sure yet: read for many at once."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import text
from sqlmodel.ext.asyncio.session import AsyncSession

from bot.records.mastery import STEADY_AFTER, Answered, Evidence, standing

# The last answers of each manager in each area, the oldest first.
_LAST_ANSWERS = text(
    """
    SELECT enrollment_id, area, level, correct, confidence, at, later FROM (
        SELECT answers.*, row_number() OVER (PARTITION BY enrollment_id, area ORDER BY at DESC) AS back FROM (
            SELECT g.enrollment_id, e.content->>'area' AS area, (e.content->>'level')::int AS level,
                   r.correct, r.confidence, r.answered_at AS at, false AS later
            FROM response r JOIN lesson_given g ON g.message_id = r.message_id JOIN edition e ON e.hash = r.edition_hash
            WHERE r.correct IS NOT NULL AND g.enrollment_id = ANY(:enrollments)
            UNION ALL
            SELECT v.enrollment_id, e.content->>'area', (e.content->>'level')::int,
                   v.correct, v.confidence, v.answered_at, true
            FROM review v JOIN edition e ON e.hash = v.edition_hash
            WHERE v.answered_at IS NOT NULL AND v.enrollment_id = ANY(:enrollments)
        ) AS answers
    ) AS placed WHERE back <= :count ORDER BY enrollment_id, area, at
    """
)


@dataclass(frozen=True)
class Strengths:
    """Ids of areas in which someone is steady, and of those in which they are not sure. Nobody else learns which."""

    strong: frozenset[str] = frozenset()
    asks: frozenset[str] = frozenset()


async def strengths_of(session: AsyncSession, enrollment_ids: Sequence[int]) -> dict[int, Strengths]:
    """By enrollment; who has answered nothing yet is left out."""
    rows = await session.execute(_LAST_ANSWERS, {"enrollments": list(enrollment_ids), "count": STEADY_AFTER})
    answers: dict[int, dict[str, list[Answered]]] = defaultdict(lambda: defaultdict(list))
    for enrollment_id, area, level, correct, confidence, at, later in rows:
        answers[enrollment_id][area].append(Answered(level, correct, confidence, at, later))
    return {enrollment_id: _strengths(by_area) for enrollment_id, by_area in answers.items()}


def _strengths(by_area: dict[str, list[Answered]]) -> Strengths:
    standings = {area: standing(Evidence(answers=answers)) for area, answers in by_area.items()}
    return Strengths(
        strong=frozenset(area for area, one in standings.items() if one.steady),
        asks=frozenset(area for area, one in standings.items() if one.unsure),
    )
