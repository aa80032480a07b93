"""One walk: moment by moment, whatever falls due and whatever chance has people do, with a look around after each step."""

import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from tests.wandering import deeds, staffing, weather
from tests.wandering.diary import Diary
from tests.wandering.place import Place, a_place
from tests.wandering.watching.leftovers import Leftovers
from tests.wandering.watching.machinery import Complaints, Machinery
from tests.wandering.watching.promises import Promises
from tests.wandering.watching.sight import Sight
from tests.wandering.watching.silence import Silence
from tests.wandering.watching.state import moment_of

LONGEST_STEP, SOONEST, A_WHILE = timedelta(hours=8), timedelta(seconds=1), timedelta(minutes=20)
LONGEST_GONE = timedelta(days=10)


@dataclass
class Walked:
    """What a walk came to."""

    seed: int
    diary: Diary
    messages: int
    days: int


@dataclass
class Walk:
    """A place, those who look around in it, and when somebody does something next."""

    place: Place
    lookers: tuple[Machinery | Promises | Silence | Sight | Leftovers, ...]
    acts_a_day: float
    next_act: datetime
    next_look: datetime
    gone_since: dict[str, datetime]

    async def live(self, until: datetime) -> None:
        """Let time pass."""
        place, clock = self.place, self.place.town.house.clock
        while place.now() < until:
            clock.move_to(await self._next(until))
            await self._tick()
            if self.next_act <= place.now():
                await self._act()

    async def _next(self, until: datetime) -> datetime:
        """When something happens next. What waits for workers that are away wants to be given to them anew all the time."""
        place, soonest = self.place, self.place.now() + (A_WHILE if self.place.workers_back else SOONEST)
        due = None if place.clock_back else await place.town.house.due.next_moment()
        due = None if due is None else max(due, soonest)
        moments = (due, self.next_act, self.next_look, place.clock_back, place.workers_back, until)
        return min(one for one in moments if one is not None)

    async def _tick(self) -> None:
        place, now = self.place, self.place.now()
        if place.clock_back is not None and place.clock_back <= now:
            place.clock_back = None
        if place.workers_back is not None and place.workers_back <= now:
            place.workers_back = None
        if self.next_look <= now:
            self.next_look = now + LONGEST_STEP
            if place.clock_back is None:
                await self._keep_house()
        if place.clock_back is None:
            await place.town.house.tick()
            place.ticked_at = place.now()
        await self._settle()
        await self._look()

    async def _keep_house(self) -> None:
        """As the clock does by itself."""
        await self.place.town.house.sync_directory()
        await self.place.town.house.housekeep()
        for team in sorted(self.place.gone):
            if self.place.now() - self.gone_since.setdefault(team, self.place.now()) > LONGEST_GONE:
                await weather.come_back(self.place, team)
        self.gone_since = {team: at for team, at in self.gone_since.items() if team in self.place.gone}

    async def _settle(self) -> None:
        if self.place.workers_back is None:
            await self.place.settle()

    async def _act(self) -> None:
        lot = self.place.chance.random()
        if lot < 0.86:
            await deeds.act(self.place)
        elif lot < 0.93:
            await staffing.act(self.place)
        else:
            await weather.act(self.place)
        await self._settle()
        self.place.ticked_at = None  # what has become due by this is for the next tick
        await self._look()
        pause = self.place.chance.expovariate(self.acts_a_day)
        self.next_act = self.place.now() + timedelta(days=pause)

    async def _look(self) -> None:
        now = await moment_of(self.place)
        for one in self.lookers:
            await one.look(now)


@asynccontextmanager
async def complaints() -> AsyncIterator[Complaints]:
    """What the log says meanwhile."""
    heard = Complaints()
    root = logging.getLogger()
    root.addHandler(heard)
    try:
        yield heard
    finally:
        root.removeHandler(heard)


async def walk(database_url: str, seed: int, weeks: int, folder: Path, *, acts_a_day: float = 8.0) -> Walked:
    """Walk through so many weeks with that seed."""
    async with complaints() as heard, a_place(database_url, seed, folder) as place:
        for world in (place.town.here, place.town.there):
            await staffing.enrol_all(place, world)
        lookers = (Machinery(place, heard), Promises(place), Silence(place), Sight(place), Leftovers(place))
        start = place.now()
        going = Walk(place, lookers, acts_a_day, start + timedelta(hours=1), start + timedelta(hours=1), {})
        try:
            await going.live(start + timedelta(weeks=weeks))
        except Exception as error:
            place.diary.note(f"the walk itself broke: {error!r}")
            place.diary.violation("the walk broke", f"{type(error).__name__}: {error}")
            raise
        messages = sum(len(channel.messages) for world in (place.town.here, place.town.there)
                       for channel in world.sandbox.state.channels.values())  # fmt: skip
        return Walked(seed, place.diary, messages, (place.now() - start).days)
