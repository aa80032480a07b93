"""One person's time: their zone, the hours and days on which they may be written to, and whether they are there at all."""

from datetime import date, datetime, timedelta
from functools import lru_cache

from bot.agenda import calendar
from bot.agenda.calendar import PersonalTime
from bot.curriculum.library import Library
from bot.curriculum.model import Itself, Program
from bot.records.reading import Way
from bot.records.tables import Person

LOOK_AGAIN = timedelta(days=7)
PUT_OFF_AGAIN = timedelta(days=1)  # while nobody knows when they are back
LATE = timedelta(hours=1)  # program time: what comes so long after it was decided is late


def zone_of(program: Program, person: Person) -> str:
    """Someone's time zone (IANA): as the roster says, else Slack, else the program."""
    return calendar.zone_or(person.roster_timezone or person.timezone, program.timezone)


def personal_time(program: Program, person: Person) -> PersonalTime:
    """The program's working time as this person keeps it."""
    paused_from = None
    if person.paused_at is not None:
        paused_from = calendar.local(person.paused_at, zone_of(program, person)).date()
    return _time_of(Itself(program), person.country or program.country, paused_from, person.paused_until)


# Most people of a country keep the same time, and it is asked for several times for each message.
@lru_cache(maxsize=1024)
def _time_of(
    program: Itself[Program], country: str | None, paused_from: date | None, paused_until: date | None
) -> PersonalTime:
    working = program.value.working_time
    return PersonalTime(
        days=working.days,
        start=working.start,
        end=working.end,
        country=country,
        quiet=program.value.attention.quiet,
        paused_from=paused_from,
        paused_until=paused_until,
    )


def pauses(program: Program, person: Person, now: datetime) -> bool:
    """Whether someone has asked for quiet, and that day has not come on which they are back."""
    return personal_time(program, person).why_off(calendar.local(now, zone_of(program, person)).date()) == "pause"


def reachable(person: Person, now: datetime) -> bool:
    """Whether a message would arrive and be welcome: the account lives, and is not away at `now` (aware UTC)."""
    gone = person.deactivated_at is not None or person.unreachable_at is not None
    return not gone and (person.away_until is None or person.away_until <= now)


def free_from(program: Program, person: Person, now: datetime) -> datetime | None:
    """When someone may be written to (aware UTC): `now`, or once they are back and at work.

    None: nobody knows when. They can't be reached, or have paused without an end.
    """
    back = max(now, person.away_until or now)
    if not reachable(person, back):
        return None
    try:
        return calendar.next_working_moment(back, personal_time(program, person), zone_of(program, person))
    except calendar.NoSlot:
        return None


def late_until(library: Library, person: Person, decided: datetime, now: datetime) -> datetime | None:
    """Until when (aware UTC) something waits that was to be said in someone's working time, and could not be while that lasted.

    None: it is said now. It isn't late, or was never meant for working time, as an answer at night.
    """
    if now - decided < LATE:
        return None
    program = library.current.curriculum.program
    # As their time was then: a pause may have begun that same day, after it was decided.
    unpaused = personal_time(program, person).model_copy(update={"paused_from": None, "paused_until": None})
    if not calendar.in_working_time(decided, unpaused, zone_of(program, person)):
        return None
    free = free_from(program, person, now) or now + PUT_OFF_AGAIN
    return free if free > now else None


def free_sometime(program: Program, person: Person, now: datetime) -> datetime | None:
    """As `free_from`, for what must not be forgotten: where nobody knows when, the moment to look again.

    None: never, the account is gone.
    """
    if person.deactivated_at is not None:
        return None
    return free_from(program, person, now) or now + LOOK_AGAIN


def left_off(way: Way) -> bool:
    """Whether a manager has stopped, or paused without an end: what is planned for them waits until they say so."""
    open_end = way.manager.paused_at is not None and way.manager.paused_until is None
    return open_end or way.enrollment.stopped_at is not None


def on_their_way(way: Way, now: datetime) -> datetime | None:
    """When a manager may be told something, or others be told of them (aware UTC): `now`, or the moment to look again if they
    have stopped, since they may begin again.

    None: never, staff took them out or the account is gone.
    """
    if way.enrollment.left_at is not None or way.manager.deactivated_at is not None:
        return None
    return now if way.enrollment.stopped_at is None else now + LOOK_AGAIN
