"""`playercoach try`: the whole program on one machine, with a stand-in for Slack and a small cast already enrolled."""

import asyncio
import json
import logging
import webbrowser
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

from bot import logs
from bot.agenda import calendar
from bot.agenda.clock import Clock, wall
from bot.agenda.rehearsal import move_on
from bot.app import House
from bot.curriculum.model import Program
from bot.running import receiving, ticking, until_told_to_stop, with_house, working
from bot.sandbox.server import Sandbox
from bot.settings import Settings
from bot.slack.access import Actor

logger = logging.getLogger(__name__)

LOOK_SECONDS = 0.02
REMEMBER_SECONDS = 2.0
FASTEST = 100_000  # messages a minute: the stand-in has no limit to keep to

GUIDE = (
    "You are looking at a stand-in for Slack: nothing here leaves this machine.",
    "Choose Maya on the left. Her welcome waits: press «Begin», and say where she stands in each area.",
    "Then move time on with the buttons at the top. A lesson comes on Tuesday or Thursday at nine, each in their own time zone: "
    "read it, pick an answer, and say how sure you are. On Fridays, what she answered comes back.",
    "Nobody hears from Playercoach unasked more than once a working day: the «⋯» below each message says why it came.",
    "Write to the bot as Maya: «today», «progress», «find discount», «pause until Friday», «privacy».",
    "On Wednesdays, look at Maya and Tom's group conversation: they are brought together. On Mondays, read Ana's digest.",
    "The Home tab shows each of them where they stand; Lena is in L&D and sees what went wrong, if anything did.",
    "After 26 weeks the program ends, with a look back.",
)

CAST = (
    ("U0MAYA", "Maya Horvat", "maya@example.com", "Europe/Ljubljana", "New sales manager"),
    ("U0TOM", "Tom Baker", "tom@example.com", "America/New_York", "New sales manager"),
    ("U0ANA", "Ana Kovač", "ana@example.com", "Europe/Ljubljana", "Sales director, mentor"),
    ("U0LENA", "Lena Fischer", "lena@example.com", "Europe/Berlin", "L&D"),
)


async def try_everything(settings: Settings, *, port: int, open_page: bool) -> None:
    """Run it all until Ctrl-C. What happened stays in DATA_DIR, also the program's time; the next `try` goes on from there."""
    logs.set_up(settings.log_level)
    settings.data_dir.mkdir(parents=True, exist_ok=True)
    told = _Remembered(settings.data_dir / "try-time.json")
    clock = Clock(start=settings.clock_start or told.time(), speed=settings.clock_speed)
    async with AsyncExitStack() as stack:
        mover = _Mover(clock, told)
        sandbox = Sandbox(
            now=clock.now, store=settings.data_dir / "stand-in.sqlite", move_time=mover.move_time, guide=GUIDE
        )
        _fill(sandbox)
        await sandbox.start(port=port)
        stack.push_async_callback(sandbox.stop)
        generous = settings.model_copy(update={"slack_messages_per_minute": FASTEST})
        fitted = await stack.enter_async_context(
            with_house(generous, clock, token=sandbox.bot_token, api_url=sandbox.api_url)
        )
        mover.fitted = fitted
        await stack.enter_async_context(working(fitted))
        await stack.enter_async_context(receiving(fitted, sandbox.bot_token, sandbox.app_token))
        await mover.begin()
        await stack.enter_async_context(ticking(fitted))
        await stack.enter_async_context(told.remembering(clock))
        _say_where(sandbox, clock, open_page=open_page)
        await until_told_to_stop()


class _Mover:
    """Moves the program's time, and waits until all that happens on the way has happened."""

    def __init__(self, clock: Clock, told: "_Remembered") -> None:
        self._clock = clock
        self._told = told
        self._one_at_a_time = asyncio.Lock()
        self.fitted: House | None = None

    async def begin(self) -> None:
        """Enrol the cast, if this is the first time, and let their first morning pass."""
        house = self._house()
        roster = "manager,mentor,cohort,starts_on\n" + "".join(
            f"{manager},ana@example.com,First cohort,{self._clock.now().date()}\n"
            for manager in ("maya@example.com", "tom@example.com")
        )
        if self._told.is_new:
            await house.rooms.onboarding.import_roster(
                roster, workspace_id=house.workspace_id, now=self._clock.now(), dry_run=False
            )
            await self._let_tom_begin()
            program = house.library.current.curriculum.program
            await self._move_on(first_evening(program, self._clock.now()))

    async def _let_tom_begin(self) -> None:
        """Tom is on his way already, so that whoever plays Maya has a peer; her own beginning is theirs to click."""
        await self._house().rooms.welcomes.begin(Actor(self._house().workspace_id, "U0TOM"), self._clock.now())

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
        house = self._house()
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

        task = asyncio.create_task(now_and_then())
        try:
            yield
        finally:
            task.cancel()
            self.write(clock)


def first_morning(now: datetime) -> datetime:
    """Seven in the morning (UTC) of the last Tuesday before `now`: early enough for everyone's first lesson."""
    tuesday = now.date() - timedelta(days=(now.weekday() - 1) % 7 or 7)
    return datetime(tuesday.year, tuesday.month, tuesday.day, 7, tzinfo=UTC)


def first_evening(program: Program, now: datetime) -> datetime:
    """When the whole cast has had its first lesson of that day."""
    slots = [
        calendar.next_slot(now, days=program.lessons.days, at=program.lessons.at, zone=zone)
        for _, _, _, zone, _ in CAST
    ]
    return max(slots) + timedelta(minutes=1)


def next_working_day(program: Program, now: datetime) -> datetime:
    """Just after lesson time on the next working day, where the program is at home."""
    morning = calendar.next_slot(
        now, days=program.working_time.days, at=program.lessons.at, zone=program.timezone
    ) + timedelta(minutes=1)
    return morning if morning - now > timedelta(minutes=2) else morning + timedelta(days=1)


def _fill(sandbox: Sandbox) -> None:
    for slack_id, name, email, zone, title in CAST:
        if slack_id not in sandbox.state.people:
            sandbox.add_person(id=slack_id, name=name, email=email, tz=zone, title=title)


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
