"""Whoever was enrolled, or began, with an older version gets what that one did not put on the agenda yet."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import text

from bot.cohorts.enrolling import Entered
from bot.records import reading
from bot.records.database import Database

# Everyone who began with this version has one of each on their agenda, open or done.
OWN = ("lesson", "review", "ending", "silence", "pulse", "letting_go", "relation")
AT_ONCE = 200  # people in one transaction

_BEHIND = text("""
    SELECT enrollment.id FROM enrollment JOIN person ON person.id = enrollment.person_id
    WHERE person.workspace_id = :workspace_id AND enrollment.begun_at IS NOT NULL
      AND enrollment.ended_at IS NULL AND enrollment.stopped_at IS NULL AND enrollment.left_at IS NULL
      AND EXISTS (SELECT FROM unnest(CAST(:kinds AS text[])) AS wanted
                  WHERE NOT EXISTS (SELECT FROM agenda_item WHERE key = wanted || ':' || enrollment.id))
    ORDER BY enrollment.id
""")


@dataclass(frozen=True)
class CatchingUp:
    """The parts of it: `entering` is all that an enrolment and its begin put on the agenda, where it does not stand yet."""

    database: Database
    entering: Sequence[Entered]

    async def look(self, workspace_id: str, now: datetime) -> None:
        """Give everyone of a workspace who is on their way what is missing; looking twice does no harm."""
        async with self.database.transaction() as session:
            found = await session.execute(_BEHIND, {"workspace_id": workspace_id, "kinds": list(OWN)})
            behind = list(found.scalars())
        for start in range(0, len(behind), AT_ONCE):
            async with self.database.transaction() as session:
                for way in await reading.ways_where(session, behind[start : start + AT_ONCE]):
                    for enter in self.entering:
                        await enter(session, way, now)
