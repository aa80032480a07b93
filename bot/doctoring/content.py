"""The content, whom it names, and the machine's time zones."""

from collections.abc import AsyncIterator
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from bot.agenda.clock import wall
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


def named(settings: Settings) -> tuple[str, ...]:
    """Staff and analysts, as the program names them."""
    curriculum, _ = read(settings.content_dir, today=wall().date())
    return () if curriculum is None else (*curriculum.program.staff, *curriculum.program.analysts)
