"""`playercoach try`: the whole program on one machine, with a stand-in for Slack and a small cast already enrolled."""

import asyncio
import json
import logging
import webbrowser
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

from bot import cast, logs
from bot.agenda import calendar
from bot.agenda.clock import Clock, wall
from bot.agenda.rehearsal import move_on
from bot.app import House
from bot.curriculum.model import Program
from bot.living import alongside, until_told_to_stop
from bot.records.audit import Doer
from bot.records.upgrade import upgrade
from bot.running import receiving, ticking, with_house, working
from bot.sandbox.server import Sandbox
from bot.sandbox.understudies import Understudies
from bot.settings import Settings
from bot.slack.access import Actor

logger = logging.getLogger(__name__)

LOOK_SECONDS = 0.02
REMEMBER_SECONDS = 2.0
FASTEST = 100_000  # messages a minute: the stand-in has no limit to keep to

GUIDE = (
    "Choose Maya. Her welcome waits: press «Begin», and say where she stands in each area.",
    "Move time on with the buttons at the top. A lesson comes on Tuesdays and Thursdays at nine, each in their own time zone; "
    "on Fridays, what she answered comes back. Nobody hears from Playercoach unasked more than once a working day.",
    "Write to the bot as Maya: «today», «progress», «find discount», «pause until Friday», «privacy».",
    "On Mondays, read Ana's digest, and rate or praise someone as her. Marko is a mentor, too, and Maya's buddy.",
    "Every second Wednesday, managers meet in pairs. Lena, who is in L&D, sees them a day before; then pick a time in the "
    "pair's conversation, and say whether you met.",
    "Those whom nobody plays answer a little by themselves; once you act as someone, they are yours. The «⋯» beside a name "
    "sends someone on holiday, or lets them leave.",
    "The Home tab shows each of them where they stand. After 26 weeks the program ends, with a look back.",
)


async def try_everything(settings: Settings, *, port: int, open_page: bool) -> None:
    """Run it all until Ctrl-C. What happened stays in DATA_DIR, also the program's time; the next `try` goes on from there."""
    settings = apart(settings)
    logs.set_up(settings.log_level, settings.log_format or "plain")
    settings.data_dir.mkdir(parents=True, exist_ok=True)
    told = _Remembered(settings.data_dir / "try-time.json")
    clock = Clock(start=settings.clock_start or told.time(), speed=settings.clock_speed)
    async with AsyncExitStack() as stack:
        mover = _Mover(clock, told)
        sandbox = Sandbox(
            now=clock.now, store=settings.data_dir / "stand-in.sqlite", move_time=mover.move_time, guide=GUIDE
        )
        cast.enter(sandbox)
        await sandbox.start(port=port)
        stack.push_async_callback(sandbox.stop)
        generous = settings.model_copy(update={"slack_messages_per_minute": FASTEST})
        fitted = await stack.enter_async_context(
            with_house(generous, clock, token=sandbox.bot_token, api_url=sandbox.api_url, ready=upgrade)
        )
        mover.fitted = fitted
        mover.understudies = Understudies(sandbox, cast.WISHES, mover.quiet)
        await stack.enter_async_context(working(fitted))
        await stack.enter_async_context(receiving(fitted, sandbox.bot_token, sandbox.app_token))
        await mover.begin()
        await stack.enter_async_context(ticking(fitted))
        await stack.enter_async_context(told.remembering(clock))
        _say_where(sandbox, clock, open_page=open_page)
        await until_told_to_stop()


def apart(settings: Settings) -> Settings:
    """The settings with a database of one's own: `run` would write to the made-up people in Slack, with a real token."""
    return settings.model_copy(update={"database_url": None, "data_dir": settings.data_dir / "try"})


class _Mover:
    """Moves the program's time, and waits until all that happens on the way has happened."""

    def __init__(self, clock: Clock, told: "_Remembered") -> None:
        self._clock = clock
        self._told = told
        self._one_at_a_time = asyncio.Lock()
        self.fitted: House | None = None
        self.understudies: Understudies | None = None

    async def begin(self) -> None:
        """Enrol the cast, if this is the first time, and let their first morning pass."""
        house = self._house()
        if not self._told.is_new:
            return
        now, program = self._clock.now(), house.library.current.curriculum.program
        await house.rooms.cohorts.rosters.import_roster(
            cast.roster(now.date()), by=Doer(house.workspace_id), now=now, dry_run=False
        )
        await house.meet_staff(house.workspace_id)
        for manager in cast.BEGIN:
            await house.rooms.welcomes.begin(Actor(house.workspace_id, manager), now)
        await self._move_on(first_evening(program, now))

    async def move_time(self, by: str) -> int:
        """Move time on by an hour, to the next working day or by a week; how many things were planned on the way."""
        program = self._house().library.current.curriculum.program
        async with self._one_at_a_time:
            now = self._clock.now()
            match by:
                case "hour":
                    until = now + timedelta(hours=1)
                case "week":
                    until = now + timedelta(weeks=1)
                case "working_day":
                    until = next_working_day(program, now)
                case _:
                    raise ValueError("time moves by an hour, to the next working day, or by a week")
            return await self._move_on(until)

    async def _move_on(self, until: datetime) -> int:
        house = self._house()
        planned = await move_on(
            self._clock, until, next_moment=house.due.next_moment, tick=house.tick, settle=self._settle
        )
        self._told.write(self._clock)
        return planned

    async def _settle(self) -> None:
        """Let everything be said that is due, and let those answer whom nobody plays."""
        await self.quiet()
        if self.understudies is not None:
            await self.understudies.act()

    async def quiet(self) -> None:
        """Wait until nothing is left to be said, drawn anew or opened."""
        house = self._house()
        await house.asides.finish()
        while True:
            async with house.database.transaction() as session:
                if await house.queue.idle(session):
                    return
            await asyncio.sleep(LOOK_SECONDS)

    def _house(self) -> House:
        if self.fitted is None:
            raise ValueError("just a moment: Playercoach is still starting")
        return self.fitted


class _Remembered:
    """The program's time, kept from one `try` to the next."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self.is_new = not path.exists()

    def time(self) -> datetime:
        """Where time goes on; the first time, the morning of a recent lesson day."""
        if self.is_new:
            return first_morning(wall())
        return datetime.fromisoformat(json.loads(self._path.read_text())["now"])

    def write(self, clock: Clock) -> None:
        """Remember what time it is."""
        self._path.write_text(json.dumps({"now": clock.now().isoformat()}))

    @asynccontextmanager
    async def remembering(self, clock: Clock) -> AsyncIterator[None]:
        """Remember now and then, and at the end."""

        async def now_and_then() -> None:
            while True:
                self.write(clock)
                await asyncio.sleep(REMEMBER_SECONDS)

        try:
            async with alongside("what remembers the time", now_and_then):
                yield
        finally:
            self.write(clock)


def first_morning(now: datetime) -> datetime:
    """Seven in the morning (UTC) of the last Tuesday before `now`: early enough for everyone's first lesson."""
    tuesday = now.date() - timedelta(days=(now.weekday() - 1) % 7 or 7)
    return datetime(tuesday.year, tuesday.month, tuesday.day, 7, tzinfo=UTC)


def first_evening(program: Program, now: datetime) -> datetime:
    """When the whole cast has had its first lesson of that day."""
    slots = [
        calendar.next_slot(now, days=program.lessons.days, at=program.lessons.at, zone=zone)
        for _, _, _, zone, _ in cast.CAST
    ]
    return max(slots) + timedelta(minutes=1)


def next_working_day(program: Program, now: datetime) -> datetime:
    """Just after lesson time on the next working day, where the program is at home."""
    morning = calendar.next_slot(
        now, days=program.working_time.days, at=program.lessons.at, zone=program.timezone
    ) + timedelta(minutes=1)
    return morning if morning - now > timedelta(minutes=2) else morning + timedelta(days=1)


def _say_where(sandbox: Sandbox, clock: Clock, *, open_page: bool) -> None:
    logger.warning(
        "Playercoach is running with a stand-in for Slack. Open %s  (Ctrl-C stops everything and loses nothing)",
        sandbox.url,
        extra={"action": "try.ready"},
    )
    logger.warning(
        "TIME IS NOT REAL here: it is %s, and the page can move it on",
        clock.now().isoformat(timespec="minutes"),
        extra={"action": "clock.rehearsal"},
    )
    if open_page:
        webbrowser.open(sandbox.url)
