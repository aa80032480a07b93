"""Nobody reads what is not for them: each word that anybody typed, and in whose sight it came."""

from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import text

from tests.wandering.place import Place
from tests.wandering.watching.state import Moment

TABLES = (
    "response",
    "promise",
    "ask",
    "note",
    "observation",
    "rating",
    "relation",
    "enrollment",
    "cohort",
    "person",
    "message",
)


@dataclass
class Sight:
    """What has been looked at so far."""

    place: Place
    judged: set[tuple[str, str, str]] = field(default_factory=set)

    async def look(self, _: Moment) -> None:
        """After a step."""
        for marker, team, viewer in sorted(self.place.seen - self.judged):
            self.judged.add((marker, team, viewer))
            by = self.place.typed[marker].by
            if by != (team, viewer) and not await self._may_see(marker, team, viewer):
                rows = await self._rows(marker)
                self.place.diary.violation(
                    "in the wrong sight",
                    f"{marker}, typed by {by} into {self.place.typed[marker].where}, is seen by {viewer} of {team}: {rows}",
                )

    async def _may_see(self, marker: str, team: str, viewer: str) -> bool:
        if team != self.place.typed[marker].by[0]:
            return False
        return any([await self._may(table, row, viewer) for table, row in await self._rows(marker)])

    async def _rows(self, marker: str) -> list[tuple[str, dict[str, Any]]]:
        found = []
        async with self.place.town.house.database.transaction() as session:
            for table in TABLES:
                rows = await session.execute(
                    text(f"SELECT to_jsonb(t) FROM {table} t WHERE t::text LIKE :marker"), {"marker": f"%{marker}%"}
                )
                found += [(table, row) for (row,) in rows]
        return found

    async def _may(self, table: str, row: dict[str, Any], viewer: str) -> bool:
        if table in ("enrollment", "cohort", "person"):
            return True
        if table == "message":
            return False
        manager, mentor = await self._around(row)
        match table:
            case "response":
                return viewer == mentor and row["shared_at"] is not None
            case "promise":
                hers = row["plan"] or ""
                marked = any(one in hers for one in self.place.typed)
                return viewer == mentor and (row["note_shared_at"] is not None or marked)
            case "ask":
                return viewer == mentor
            case "note":
                return viewer == manager
            case "rating":
                return viewer == manager and row.get("level") is not None
        return False

    async def _around(self, row: dict[str, Any]) -> tuple[str | None, str | None]:
        """The manager and the mentor of whom a row speaks, by their Slack ids."""
        which = "e.id = :id" if "enrollment_id" in row else "e.person_id = :id"
        about = row.get("enrollment_id") or row.get("person_id")
        async with self.place.town.house.database.transaction() as session:
            found = await session.execute(
                text(
                    "SELECT p.slack_id, m.slack_id FROM enrollment e JOIN person p ON p.id = e.person_id"
                    f" LEFT JOIN person m ON m.id = e.mentor_id WHERE {which}"
                ),
                {"id": about},
            )
            row_found = found.first()
        return (None, None) if row_found is None else (row_found[0], row_found[1])
