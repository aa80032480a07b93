"""Where a walk takes place: two workspaces that share the app, the people in them, and what anybody typed."""

import random
import re
import shutil
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from unittest.mock import patch
from uuid import UUID

from sqlalchemy import text

from bot.delivery import outbox
from bot.records.audit import Doer
from bot.sandbox.state import Message
from bot.sandbox.state import Person as Someone
from tests.town import Town, open_town
from tests.wandering.diary import Diary
from tests.world import CONTENT, World

STARTS = (
    datetime(2026, 11, 24, 6, 0, tzinfo=UTC),  # before Christmas
    datetime(2026, 9, 1, 6, 0, tzinfo=UTC),  # with the end of summer time in it
    datetime(2027, 2, 23, 6, 0, tzinfo=UTC),  # with its beginning
    datetime(2027, 6, 8, 6, 0, tzinfo=UTC),
)
RETENTION = timedelta(weeks=8)  # so that a walk sees what comes after it
A_BAD_HOUR = timedelta(hours=6)
A_TRY = timedelta(seconds=1)
# What waits for longer waits for a workspace that has let the app go.
_HURRY = text(
    "UPDATE procrastinate_jobs SET scheduled_at = NULL WHERE status = 'todo' AND scheduled_at < now() + interval '1 hour'"
)
_HURRY_ALL = text("UPDATE procrastinate_jobs SET scheduled_at = NULL WHERE status = 'todo'")
VERSIONS = 4  # of a message that an old client may still show
_MARKER = re.compile(r"zork\d{5}")


@dataclass(frozen=True, eq=False)
class Folk:
    """Somebody: in which workspace, and as what they begin."""

    world: World
    person: Someone
    part: str  # manager, mentor, buddy, staff or nobody

    @property
    def name(self) -> str:
        """For the diary."""
        return f"{self.person.name} ({self.part})"

    @property
    def key(self) -> tuple[str, str]:
        """The workspace's and Slack's id."""
        return self.world.sandbox.team_id, self.person.id


@dataclass(frozen=True)
class Typed:
    """Words that somebody typed: who they are, and into what."""

    by: tuple[str, str]
    where: str


@dataclass
class Place:
    """Everything that a step needs."""

    town: Town
    chance: random.Random
    diary: Diary
    folks: list[Folk]
    content: Path
    typed: dict[str, Typed] = field(default_factory=dict)
    seen: set[tuple[str, str, str]] = field(default_factory=set)  # marker, team, viewer
    versions: dict[tuple[str, str], list[list[dict[str, Any]]]] = field(default_factory=dict)
    gone: set[str] = field(default_factory=set)  # workspaces that have let the app go
    ticked_at: datetime | None = None
    clock_back: datetime | None = None  # nobody ticks until then
    workers_back: datetime | None = None  # nobody sends until then
    faults_until: datetime | None = None  # until then, Slack may have failed

    def now(self) -> datetime:
        """The program's time."""
        return self.town.house.clock.now()

    def word(self, who: Folk, where: str) -> str:
        """A word that nobody has typed before."""
        marker = f"zork{len(self.typed):05}"
        self.typed[marker] = Typed(who.key, where)
        return marker

    def doer(self, world: World) -> Doer:
        """A command, in a workspace."""
        return Doer(world.sandbox.team_id)

    def troubled(self) -> bool:
        """Whether Slack fails now and then just now, or what that did is not tidied up yet."""
        if self.faults_until is None or self.now() > self.faults_until + A_BAD_HOUR:
            self.faults_until = None
            return False
        if self.now() > self.faults_until:  # what did not strike until now does so no more
            for world in (self.town.here, self.town.there):
                world.sandbox.faults.coming.clear()
        return True

    async def days_pass_for_jobs(self) -> None:
        """What is asked anew each day, in Slack's own time, is asked anew."""
        async with self.town.house.database.transaction() as session:
            await session.execute(_HURRY_ALL)

    async def settle(self) -> None:
        """Work off what waits for a worker, also what waits to be tried again."""
        house = self.town.house
        await house.asides.finish()
        for _ in range(3):
            async with house.database.transaction() as session:
                hurried = await session.execute(_HURRY)
                idle = await house.queue.idle(session)
            if idle:
                return
            if hurried.rowcount:  # type: ignore[attr-defined]
                house.clock.move_to(self.now() + A_TRY)  # no lease of a try before lasts
            await house.queue.work(wait=False)
            await house.asides.finish()


@asynccontextmanager
async def a_place(database_url: str, seed: int, folder: Path) -> AsyncIterator[Place]:
    """Two workspaces with everybody in them; the app is installed, and nobody is enrolled yet."""
    chance = random.Random(seed)
    content = folder / f"content-{seed}"
    shutil.copytree(CONTENT, content)
    ids = random.Random(seed)
    with patch.object(outbox, "uuid4", lambda: UUID(int=ids.getrandbits(128), version=4)):
        start = STARTS[seed % len(STARTS)]
        async with open_town(database_url, content=content, start=start, retention=RETENTION) as town:
            folks = [*_people(town.here), *_neighbours(town.there)]
            place = Place(town, chance, Diary(town.house.clock.now), folks, content)
            for world in (town.here, town.there):
                _listen(place, world)
                await town.install(world.sandbox.team_id)
            await town.house.sync_directory()
            await place.settle()
            yield place
    shutil.rmtree(content)


def _people(world: World) -> list[Folk]:
    add = world.sandbox.add_person
    world.sandbox.state.people["U0MAYA"].locale = "sl-SI"
    more = [
        (add(id="U0NIA", name="Nia Lim", email="nia@example.com", tz="Asia/Singapore"), "manager"),
        (add(id="U0OMAR", name="Omar Zupan", email="omar@example.com", tz="Europe/Ljubljana", locale="sl-SI"), "manager"),
        (add(id="U0IRIS", name="Iris Young", email="iris@example.com", tz="America/New_York"), "manager"),
        (add(id="U0KAI", name="Kai Novak", email="kai@example.com", tz="Europe/Ljubljana"), "manager"),
        (add(id="U0IVO", name="Ivo Marsh", email="ivo@example.com", tz="America/New_York"), "mentor"),
        (add(id="U0BOB", name="Bob Kralj", email="bob@example.com", tz="Europe/Ljubljana", locale="sl-SI"), "buddy"),
        (add(id="U0SVEN", name="Sven Berg", email="sven@example.com", tz="Europe/Berlin"), "staff"),
    ]  # fmt: skip
    return [*_neighbours(world), *(Folk(world, one, part) for one, part in more)]


def _neighbours(world: World) -> list[Folk]:
    cast = (
        (world.maya, "manager"),
        (world.tom, "manager"),
        (world.ana, "mentor"),
        (world.lena, "staff"),
        (world.zoe, "nobody"),
    )
    return [Folk(world, one, part) for one, part in cast]


def _listen(place: Place, world: World) -> None:
    """Note each version of a message, and in whose sight each typed word comes."""
    state, team = world.sandbox.state, world.sandbox.team_id

    def noting(keep: Callable[..., None], note: Callable[..., None]) -> Callable[..., None]:
        def kept(*about: Any) -> None:
            note(*about)
            keep(*about)

        return kept

    def message(one: Message) -> None:
        versions = place.versions.setdefault((one.channel, one.ts), [])
        versions.append(one.blocks)
        del versions[:-VERSIONS]
        if one.user == world.sandbox.bot_user_id and not one.deleted:
            viewers = [one.only_for] if one.only_for else state.channels[one.channel].members
            for viewer in viewers:
                _shown(place, team, viewer, f"{one.text} {one.blocks}")

    state.keep = noting(state.keep, message)  # type: ignore[method-assign]
    state.put_home = noting(state.put_home, lambda user, view: _shown(place, team, user, str(view["blocks"])))  # type: ignore[method-assign]
    state.put_modals = noting(  # type: ignore[method-assign]
        state.put_modals, lambda user, views: _shown(place, team, user, str([view["blocks"] for view in views]))
    )


def _shown(place: Place, team: str, viewer: str, words: str) -> None:
    place.seen.update((marker, team, viewer) for marker in _MARKER.findall(words))
