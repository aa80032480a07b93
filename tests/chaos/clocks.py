"""Time itself: summer time ends or begins in five zones, the clock is set back and forward, and the machine is suspended."""

import asyncio
import signal
import time
from collections import Counter
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from datetime import time as time_of_day
from zoneinfo import ZoneInfo

from bot.agenda.clock import Clock
from tests.chaos import crowd, truth
from tests.chaos.answering import question_in
from tests.chaos.stage import Stage, stage
from tests.chaos.table import Row

ZONES = ("Pacific/Auckland", "Australia/Sydney", "Australia/Lord_Howe", "Europe/Ljubljana", "America/New_York")
SPEED = 7200.0  # program seconds in a real one: a day takes 12 s
IN_A_ZONE = 8  # people
LESSON_DAYS = (1, 3)  # Tuesday and Thursday
PROCESSES = ("worker", "worker", "clock", "clock")
EVENING = time_of_day(22, tzinfo=UTC)  # of a day that all zones have then lived through
TOLD = b"clock.rehearsal"  # a process says so in its log once its clock runs

# Fridays before a week-end in which clocks are changed somewhere (in Auckland, in Sydney and Lord Howe, in Ljubljana, in New
# York), and the day whose lesson each person must then get: a Tuesday; the first time it is one on which the program is quiet.
# From one to the next the clock is set forward by days and weeks.
CHANGES = (
    (datetime(2026, 9, 25, 5, tzinfo=UTC), date(2026, 10, 1)),
    (datetime(2026, 10, 2, 5, tzinfo=UTC), date(2026, 10, 6)),
    (datetime(2026, 10, 23, 5, tzinfo=UTC), date(2026, 10, 27)),
    (datetime(2026, 10, 30, 5, tzinfo=UTC), date(2026, 11, 3)),
)


@dataclass(frozen=True)
class Heard:
    """A message as its person saw it."""

    person: str
    day: date  # their local one
    is_lesson: bool


async def run(
    scale: float, server: str | None = None, processes: tuple[str, ...] = PROCESSES, speed: float = SPEED
) -> Row:
    """The row. With less than the whole of it, fewer changes of the clocks are lived through, by fewer people."""
    began = time.monotonic()
    row = Row("Clock: summer time in 5 zones, set back 2 h, forward 3 days, suspended")
    changes = CHANGES[-max(1, round(len(CHANGES) * min(1.0, scale))) :]
    start = changes[0][0] - timedelta(days=3)
    async with stage(server, start=start, speed=speed) as here:
        people = max(1, round(IN_A_ZONE * min(1.0, scale))) * len(ZONES)
        here.people = crowd.enrol(here.database_url, here.sandbox, people, since=start, zones=ZONES)
        crowd.let_fall_due(here.database_url, since=start, gap=timedelta(0))
        crowd.nothing_else(here.database_url, since=start)
        for since, day in changes:
            await _live(here, since, (datetime.combine(day, EVENING) - since) / timedelta(days=1), processes)
        promised = [day for _, day in changes]
        if scale >= 1:
            promised += await _disturb(here, processes)
        row.often = len(promised)
        await here.fleet.stop()
        _judge(here, row, promised)
    row.seconds = time.monotonic() - began
    return row


async def _disturb(here: Stage, processes: tuple[str, ...]) -> list[date]:
    """Set back, set forward and suspended: the days whose lesson everyone must have got in spite of it."""
    tuesday = datetime(2026, 11, 10, 5, tzinfo=UTC)
    await _live(here, tuesday - timedelta(days=1), 1.5, processes)  # 12:00 in New York: lessons came at 9:00
    await _live(here, tuesday + timedelta(hours=8), 1.0, processes)  # 8:00 there: its 9:00 comes once more
    monday = datetime(2026, 11, 16, 5, tzinfo=UTC)
    await _live(here, monday, 0.5, processes)
    await _live(
        here, monday + timedelta(days=3.5), 5.2, processes
    )  # Tuesday's lesson was missed, and Thursday's nearly
    monday = datetime(2026, 11, 30, 5, tzinfo=UTC)
    await _live(here, monday, 0.5, processes)
    _all(here, signal.SIGSTOP)
    await asyncio.sleep(_real(here, 2.2))  # over Tuesday, until Wednesday
    _all(here, signal.SIGCONT)
    await asyncio.sleep(_real(here, 6.0))
    return [tuesday.date(), date(2026, 11, 24), date(2026, 12, 8)]


async def _live(here: Stage, since: datetime, days: float, processes: tuple[str, ...]) -> None:
    """New processes, whose clocks begin at a moment, whatever those before said; for so many days."""
    await here.fleet.stop()
    for log in here.folder.glob("*.log"):
        log.unlink()
    here.clock = Clock(start=since, speed=1e-6)  # time stands all but still until they are there
    await here.fleet.start(*processes)
    while not all(member.log.exists() and TOLD in member.log.read_bytes() for member in here.fleet.members):  # noqa: ASYNC110
        await asyncio.sleep(0.02)  # it is other processes that we wait for
    here.clock = Clock(start=since, speed=here.speed)
    await asyncio.sleep(_real(here, days))


def _real(here: Stage, days: float) -> float:
    """The seconds that so many of the program's days take."""
    return days * 86400 / here.speed


def _all(here: Stage, number: int) -> None:
    for member in here.fleet.members:
        here.fleet.signal(member, number)


def _judge(here: Stage, row: Row, promised: list[date]) -> None:
    heard = [one for person in here.people for one in _heard(here, person)]
    days = {(one.person, one.day) for one in heard}
    row.messages = here.sandbox.posts
    row.lost = sum((person, day) not in days for person in here.people for day in promised)
    row.doubled = truth.same_twice([truth.messages_of(here.sandbox, person) for person in here.people])
    bursts = sum(count > 1 for count in Counter((one.person, one.day) for one in heard).values())
    astray = sum(one.is_lesson and one.day.weekday() not in LESSON_DAYS for one in heard)
    row.expect(not row.lost, f"{row.lost} lessons did not come on their day")
    row.expect(not row.doubled, f"{row.doubled} messages stand twice")
    row.expect(not bursts, f"{bursts} times someone got more than one message on a day")
    row.expect(not astray, f"{astray} lessons came on a day that is none of theirs")
    row.expect(not here.fleet.fell, f"ended by themselves: {', '.join(here.fleet.fell[:3])}")


def _heard(here: Stage, person: str) -> list[Heard]:
    zone = ZoneInfo(here.sandbox.state.people[person].tz)
    return [
        Heard(person, datetime.fromisoformat(one.at).astimezone(zone).date(), question_in(one) is not None)
        for one in truth.messages_of(here.sandbox, person)
    ]
