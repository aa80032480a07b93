"""When a group could meet: a few half-hours in everyone's working hours. Pure: moments are aware UTC."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from itertools import islice

from bot.agenda import calendar
from bot.curriculum.model import WorkingTime

MEETING = timedelta(minutes=30)
WORKING_DAYS = 10  # in which they look for a time
_LOOK_AHEAD_DAYS = 28  # for so many working days
_VARIED = timedelta(hours=2)  # at least so far apart in the day
_NOON, _ONE = time(12), time(13)

Member = tuple[WorkingTime, str]  # someone's own working time, and their zone


@dataclass(frozen=True)
class Times:
    """Proposed beginnings of half an hour, in order. If nothing is `shared`, they are in the first member's hours alone."""

    moments: tuple[datetime, ...]
    shared: bool = True


def propose_times(members: Sequence[Member], now: datetime, count: int = 3) -> Times:
    """Half-hours within ten working days of the first member, from tomorrow on for everyone: fewer, if there are fewer.

    On different days where that can be; then not over anyone's lunch nor in the first or last half-hour of their day; then
    at different hours; then early.
    """
    for people, shared in ((members, True), (members[:1], False)):
        possible = list(_half_hours(people, members, now))
        if possible:
            return Times(tuple(sorted(_picked(possible, people, count))), shared)
    return Times((), shared=False)


def _half_hours(people: Sequence[Member], members: Sequence[Member], now: datetime) -> Iterator[datetime]:
    """The half-hours that are working time for all of these people, and not today for any of the members."""
    for day in _working_days(people[0], now):
        working, zone = people[0]
        moment = calendar.at_local(day, working.start, zone)
        while moment + MEETING <= calendar.at_local(day, working.end, zone):
            if all(_works(one, moment) for one in people) and all(_is_later_day(one, moment, now) for one in members):
                yield moment
            moment += MEETING


def _working_days(member: Member, now: datetime) -> list[date]:
    working, zone = member
    today = calendar.local(now, zone).date()
    coming = (today + timedelta(days=ahead) for ahead in range(1, _LOOK_AHEAD_DAYS + 1))
    days = (day for day in coming if calendar.WEEKDAYS[day.weekday()] in working.days and not working.is_off(day))
    return list(islice(days, WORKING_DAYS))


def _works(member: Member, moment: datetime) -> bool:
    last = moment + MEETING - timedelta(seconds=1)
    return calendar.in_working_time(moment, *member) and calendar.in_working_time(last, *member)


def _is_later_day(member: Member, moment: datetime, now: datetime) -> bool:
    return calendar.local(moment, member[1]).date() > calendar.local(now, member[1]).date()


def _picked(possible: Sequence[datetime], people: Sequence[Member], count: int) -> list[datetime]:
    awkward = {moment: sum(_is_awkward(one, moment) for one in people) for moment in possible}
    day_of = {moment: calendar.local(moment, people[0][1]).date() for moment in possible}
    picked: list[datetime] = []

    def drawback(moment: datetime) -> tuple[bool, int, timedelta, datetime]:
        same_day = day_of[moment] in {day_of[one] for one in picked}
        return same_day, awkward[moment], -_how_varied(moment, picked), moment

    while len(picked) < min(count, len(possible)):
        picked.append(min((moment for moment in possible if moment not in picked), key=drawback))
    return picked


def _is_awkward(member: Member, moment: datetime) -> bool:
    """Whether that is over their lunch, or the first or last half-hour of their day."""
    working, zone = member
    here = calendar.local(moment, zone)
    first, last = calendar.at_local(here.date(), working.start, zone), calendar.at_local(here.date(), working.end, zone)
    over_lunch = here.time() < _ONE and calendar.local(moment + MEETING, zone).time() > _NOON
    return over_lunch or moment < first + MEETING or moment + MEETING > last - MEETING


def _how_varied(moment: datetime, picked: Sequence[datetime]) -> timedelta:
    """How far this is in the day from those that were picked; two hours are far enough."""
    day = timedelta(days=1)
    apart = ((moment - one) % day for one in picked)
    return min((min(one, day - one, _VARIED) for one in apart), default=_VARIED)
