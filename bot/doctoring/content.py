"""The content, whom it names, the machine's time zones, and whether time is real."""

from collections.abc import AsyncIterator
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from bot.agenda.clock import clock_of, wall
from bot.curriculum.check import check, summary
from bot.curriculum.reader import read
from bot.findings import Finding
from bot.settings import Settings


async def look_at_content(settings: Settings) -> AsyncIterator[Finding]:
    """Whether it can be used, and whether it names anyone who leads the program."""
    curriculum, problems = check(settings.content_dir, today=wall().date())
    errors = sum(problem.severity == "error" for problem in problems)
    if curriculum is None or errors:
        yield Finding("content", f"{errors} to mend in {settings.content_dir}", "run `playercoach content check`")
        return
    yield Finding("content", summary(curriculum))
    if not curriculum.program.staff:
        yield Finding("staff", "nobody is named", "name your L&D staff in content/program.yaml", is_fatal=False)


async def look_at_zones(_: Settings) -> AsyncIterator[Finding]:
    """Whether this machine knows any."""
    try:
        ZoneInfo("Europe/Ljubljana")
    except ZoneInfoNotFoundError:
        yield Finding("time zones", "the machine has no data about them", "install the package tzdata")
    else:
        yield Finding("time zones", "known")


async def look_at_time(settings: Settings) -> AsyncIterator[Finding]:
    """Nothing where it is real; else what time it is, and what that means."""
    clock = clock_of(settings)
    if clock.is_real:
        return
    state = f"not real: it is {clock.now().isoformat(timespec='minutes')}, and a day takes {86400 / clock.speed:.0f} s"
    mend = "take CLOCK_START and CLOCK_SPEED out before anybody learns in earnest"
    if settings.clock_start is None or settings.clock_since is None:
        mend += "; only with CLOCK_START and CLOCK_SINCE all processes have one time, and what is late is told by it"
    yield Finding("time", state, mend, is_fatal=False)


def named(settings: Settings) -> tuple[str, ...]:
    """Staff and analysts, as the program names them."""
    curriculum, _ = read(settings.content_dir, today=wall().date())
    return () if curriculum is None else (*curriculum.program.staff, *curriculum.program.analysts)
