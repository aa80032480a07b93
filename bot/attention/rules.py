"""When to speak, and what goes together. Pure; moments are aware UTC, days are local to the person.

One unprompted message a working day and a few a week, over all kinds together. No study says how many messages at work are
too many, so these caps are courtesy (learning.md A12); what doesn't fit waits, rides along with another, or is dropped.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from bot.agenda import calendar
from bot.agenda.calendar import PersonalTime

MOST_RIDERS = 3  # of one message: more would be stacking
PATIENCE_WORKING_DAYS = 2  # how long a small thing rather waits for a ride than speaks for itself


@dataclass(frozen=True)
class Habit:
    """How a kind behaves: the lower its rank, the sooner it speaks; `rides_on` names what it may ride along with."""

    rank: int
    rides_on: frozenset[str] = frozenset()


# Every kind of unprompted message to one person. What rides needs no message of its own, and waits a little for one.
HABITS: Mapping[str, Habit] = {
    "welcome": Habit(0),
    "ending": Habit(1),
    "silence": Habit(2),
    "lesson": Habit(3),
    "review": Habit(4),
    "new_mentor": Habit(5, rides_on=frozenset({"lesson", "review"})),
    "follow_up": Habit(6, rides_on=frozenset({"lesson", "review"})),
    "opener": Habit(7, rides_on=frozenset({"lesson", "review"})),
    "nudge": Habit(8, rides_on=frozenset({"lesson", "review"})),
    "letting_go": Habit(9, rides_on=frozenset({"review"})),
    "pulse": Habit(10, rides_on=frozenset({"review"})),
    "no_group": Habit(11, rides_on=frozenset({"lesson", "review"})),
    "resting": Habit(12, rides_on=frozenset({"lesson", "review"})),
    "checkpoint": Habit(13, rides_on=frozenset({"review"})),
    "calibration": Habit(14, rides_on=frozenset({"lesson", "review"})),
    "relation": Habit(15, rides_on=frozenset({"review"})),
}


@dataclass(frozen=True)
class Budget:
    """What one person can take: their working time and zone, and the local days on which they were spoken to."""

    a_week: int
    working: PersonalTime
    zone: str
    spoken: Collection[date]


@dataclass(frozen=True)
class Verdict:
    """What is said now, by the places of the kinds that wanted to: one speaks, some ride along, the others wait."""

    speaks: int | None = None
    rides: tuple[int, ...] = ()
    waits: Mapping[int, datetime] = field(default_factory=dict)


def decide(wanted: Sequence[str], now: datetime, budget: Budget, coming: Mapping[str, datetime]) -> Verdict:
    """Who of these kinds (one at least) speaks to a person now. `coming` says when each kind next falls due, after now.

    A lesson carries follow-ups and a nudge; the review carries everything small. A small thing speaks for itself only where
    nothing that could carry it comes within two working days, and never at the cost of what is planned for the week. What has
    to wait for another day waits for such a carrier, too, rather than come an hour after it and find that day taken.
    """
    order = sorted(range(len(wanted)), key=lambda place: (HABITS[wanted[place]].rank, place))
    earliest = next_free_moment(now, budget)
    if earliest > now:
        return Verdict(waits={place: _ride(wanted[place], now, budget, coming) or earliest for place in order})
    if not HABITS[wanted[order[0]]].rides_on:
        speaker = wanted[order[0]]
        riding = [place for place in order[1:] if speaker in HABITS[wanted[place]].rides_on]
        return _verdict(order, [order[0], *riding], {}, now, budget)
    rides = {place: _ride(wanted[place], now, budget, coming) for place in order}
    waits = {place: ride for place, ride in rides.items() if ride is not None}
    together = [place for place in order if place not in waits]
    if _left_this_week(now, budget, coming) < 1:
        return Verdict(waits=waits | dict.fromkeys(together, _next_week(now, budget)))
    return _verdict(order, together, waits, now, budget)


def next_free_moment(now: datetime, budget: Budget) -> datetime:
    """The first moment from now on at which this person may be spoken to unasked: now, if that is so. NoSlot if there is none."""
    return with_budget(calendar.next_working_moment(now, budget.working, budget.zone), budget)


def with_budget(moment: datetime, budget: Budget) -> datetime:
    """That moment if its day has room for a message, whatever the hour; else the first later one that has. NoSlot if none has."""
    while True:
        today = calendar.local(moment, budget.zone).date()
        if today in budget.spoken:
            moment = _tomorrow(moment, budget)
        elif _in_week_of(today, budget) >= budget.a_week:
            moment = _next_week(moment, budget)
        else:
            return moment


def _verdict(
    order: Sequence[int], together: Sequence[int], waits: Mapping[int, datetime], now: datetime, budget: Budget
) -> Verdict:
    told = together[: 1 + MOST_RIDERS]
    late = {place: _tomorrow(now, budget) for place in order if place not in told and place not in waits}
    return Verdict(told[0] if told else None, tuple(told[1:]), {**waits, **late})


def _ride(kind: str, now: datetime, budget: Budget, coming: Mapping[str, datetime]) -> datetime | None:
    """When something comes that this small thing can ride along with; None if that takes too long."""
    latest = calendar.after_working_days(now, PATIENCE_WORKING_DAYS, budget.working, budget.zone)
    rides = [due for carrier, due in coming.items() if carrier in HABITS[kind].rides_on and due <= latest]
    return min(rides, default=None)


def _left_this_week(now: datetime, budget: Budget, coming: Mapping[str, datetime]) -> int:
    """How many messages the rest of this week can take beside those that are planned."""
    monday = _monday(calendar.local(now, budget.zone).date())
    planned = [due for due in coming.values() if _monday(calendar.local(due, budget.zone).date()) == monday]
    return budget.a_week - _in_week_of(monday, budget) - len(planned)


def _in_week_of(day: date, budget: Budget) -> int:
    return sum(_monday(day) == _monday(one) for one in budget.spoken)


def _monday(day: date) -> date:
    return day - timedelta(days=day.weekday())


def _tomorrow(now: datetime, budget: Budget) -> datetime:
    return calendar.after_working_days(now, 1, budget.working, budget.zone)


def _next_week(now: datetime, budget: Budget) -> datetime:
    """The same time of day on the first working day of the week after."""
    here = calendar.local(now, budget.zone)
    sunday = calendar.at_local(_monday(here.date()) + timedelta(days=6), here.time(), budget.zone)
    return calendar.after_working_days(sunday, 1, budget.working, budget.zone)
