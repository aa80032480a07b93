"""One person's time: their zone, the hours and days on which they may be written to, and whether they are there at all."""

from datetime import datetime

from bot.agenda import calendar
from bot.agenda.calendar import PersonalTime
from bot.curriculum.model import Program
from bot.records.tables import Person


def zone_of(program: Program, person: Person) -> str:
    """Someone's time zone (IANA): as the roster says, else Slack, else the program."""
    return calendar.zone_or(person.roster_timezone or person.timezone, program.timezone)


def personal_time(program: Program, person: Person) -> PersonalTime:
    """The program's working time as this person keeps it."""
    paused_from = None
    if person.paused_at is not None:
        paused_from = calendar.local(person.paused_at, zone_of(program, person)).date()
    return PersonalTime(
        days=program.working_time.days,
        start=program.working_time.start,
        end=program.working_time.end,
        country=person.country or program.country,
        quiet=program.attention.quiet,
        paused_from=paused_from,
        paused_until=person.paused_until,
    )


def pauses(program: Program, person: Person, now: datetime) -> bool:
    """Whether someone has asked for quiet, and that day has not come on which they are back."""
    return personal_time(program, person).why_off(calendar.local(now, zone_of(program, person)).date()) == "pause"


def reachable(person: Person, now: datetime) -> bool:
    """Whether a message would arrive and be welcome: the account lives, and is not away at `now` (aware UTC)."""
    gone = person.deactivated_at is not None or person.unreachable_at is not None
    return not gone and (person.away_until is None or person.away_until <= now)
