"""Who had everything erased stands nowhere: neither in the records, nor in what others read."""

import json
from dataclasses import dataclass, field

from sqlalchemy import text

from tests.wandering.place import Folk, Place
from tests.wandering.watching.state import Moment

NOT_OURS = ("alembic_version", "procrastinate_")
_TABLES = text("SELECT tablename FROM pg_tables WHERE schemaname = 'public' ORDER BY tablename")


@dataclass
class Leftovers:
    """Who was on record after the step before."""

    place: Place
    there: set[tuple[str, str]] = field(default_factory=set)

    async def look(self, now: Moment) -> None:
        """After a step: of whoever is no longer on record, nothing is left."""
        there = {(one.workspace_id, one.slack_id) for one in now.people.values()}
        erased, self.there = self.there - there, there
        if not erased:
            return
        for who in [one for one in self.place.folks if one.key in erased]:
            self.place.diary.note(f"{who.name} is erased")
            if self.place.workers_back is None and not self.place.troubled() and who.key[0] not in self.place.gone:
                await self.place.settle()
                await self._search(who)

    async def _search(self, who: Folk) -> None:
        # What staff called a cohort or a team stays.
        typed = self.place.typed.items()
        own = {marker for marker, one in typed if one.by == who.key and not one.where.startswith("staff")}
        alone = sum(one.person.id == who.person.id for one in self.place.folks) == 1  # the neighbours have the same ids
        names = {who.person.id, who.person.email, who.person.name} if alone else set()
        await self._in_records(who, own | names)
        self._in_slack(who, own | ({who.person.name} if alone else set()))

    async def _in_records(self, who: Folk, words: set[str]) -> None:
        async with self.place.town.house.database.transaction() as session:
            tables = [one for (one,) in await session.execute(_TABLES) if not one.startswith(NOT_OURS)]
            for table in tables:
                rows = await session.execute(text(f"SELECT t::text FROM {table} t"))
                for (row,) in rows:
                    for word in words:
                        if word in row:
                            self.place.diary.violation(
                                "erased, and still on record", f"{who.name} in {table}: {word} in {row[:300]}"
                            )

    def _in_slack(self, who: Folk, words: set[str]) -> None:
        sandbox = who.world.sandbox
        for channel in sandbox.state.channels.values():
            for one in channel.messages.values():
                said = json.dumps([one.text, one.blocks], ensure_ascii=False)
                found = [word for word in words if word in said]
                if one.user == sandbox.bot_user_id and not one.deleted and one.only_for is None and found:
                    self.place.diary.violation(
                        "erased, and still to be read",
                        f"{who.name}: {found} in a message to {channel.members}: {one.text[:200]}",
                    )
