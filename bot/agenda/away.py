"""Times in which a manager was to hear nothing: a stop, a pause, or being taken out. Their program goes on where they left it.

Only whole weeks are left out, so that those of the program begin on the same day as before.
"""

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta

from bot.records.reading import Way
from bot.records.tables import Cohort, Enrollment

DAYS_OF_A_WEEK = 7


def was_away(one: Enrollment, since: datetime, until: date, *, own_pause: bool = False) -> None:
    """Keep that nothing came from `since` (aware UTC) until that day, the first one back; said again, the later word counts."""
    begin = since.astimezone(UTC).isoformat()
    others = [entry for entry in one.away if entry["since"] != begin]
    one.away = [*others, {"since": begin, "until": until.isoformat(), "own_pause": own_pause}]


def rests(cohort: Cohort, now: datetime) -> bool:
    """Whether staff have paused a cohort, and it is not over."""
    return cohort.paused_at is not None and (cohort.paused_until is None or cohort.paused_until > now.date())


def rests_longer(cohort: Cohort, until: date | None) -> bool:
    """Whether the pause of a cohort lasts longer than one until that day (None: without an end)."""
    return until is not None and (cohort.paused_until is None or cohort.paused_until > until)


def pauses_with_cohort(way: Way, since: datetime) -> None:
    """Somebody rests as their cohort does since then; what is left of a pause of their own comes after it."""
    way.manager.paused_at, way.manager.paused_until = since, way.cohort.paused_until
    if way.cohort.paused_until is not None:
        was_away(way.enrollment, since, way.cohort.paused_until)


def pauses_by_themselves(way: Way, until: date | None, now: datetime) -> None:
    """Somebody pauses until that day, or until they say so; who comes back while their cohort rests does so, too."""
    _ends(way, now)
    if until is not None:
        was_away(way.enrollment, now, until, own_pause=True)
    if way.cohort.paused_at is not None and rests_longer(way.cohort, until):
        pauses_with_cohort(way, way.cohort.paused_at)
    else:
        way.manager.paused_at, way.manager.paused_until = now, until


def goes_on(way: Way, now: datetime) -> None:
    """Somebody goes on again, after a pause or a stop. Who has left is brought back by staff."""
    one = way.enrollment
    _ends(way, now)
    if one.stopped_at is not None and one.left_at is None:
        comes_back(one, one.stopped_at, now)
    way.manager.paused_at = way.manager.paused_until = None


def comes_back(one: Enrollment, since: datetime, now: datetime) -> None:
    """Whoever has heard nothing since then hears again, from their start at the earliest."""
    was_away(one, since, max(now.date(), one.starts_on))
    one.stopped_at = None


def starts_on_another_day(one: Enrollment, now: datetime) -> None:
    """Whoever has begun, and is to start later now: no lesson comes before that day."""
    _cut(one, now)
    if one.starts_on > now.date():
        was_away(one, now, one.starts_on)


def _ends(way: Way, now: datetime) -> None:
    """What is on record of a pause that lasts is what it came to."""
    one, person = way.enrollment, way.manager
    if person.paused_at is not None and person.paused_until is None:
        was_away(one, person.paused_at, now.date())
    _cut(one, now)


def _cut(one: Enrollment, now: datetime) -> None:
    today = now.date().isoformat()
    start = max(today, one.starts_on.isoformat())  # who is brought back for a later day is away until then all the same
    one.away = [{**entry, "until": min(entry["until"], today if entry["own_pause"] else start)} for entry in one.away]


def own_pause(one: Enrollment, today: date) -> tuple[datetime, date] | None:
    """A pause of one's own that is not over: since when, and until which day."""
    lasting = [entry for entry in one.away if entry["own_pause"] and date.fromisoformat(entry["until"]) > today]
    last = max(lasting, key=lambda entry: str(entry["since"]), default=None)
    return None if last is None else (datetime.fromisoformat(last["since"]), date.fromisoformat(last["until"]))


def counted_from(way: Way, day: date) -> datetime | None:
    """The moment (aware UTC) from which the weeks of a manager's program are counted on a day: that on which they began, and as
    many weeks later as they were away until then. None: they have not begun."""
    began = way.enrollment.begun_at
    if began is None:
        return None
    return began + timedelta(
        weeks=sum((end - start).days // DAYS_OF_A_WEEK for start, end in _runs(way, began.date(), day))
    )


def back_at(way: Way, day: date) -> datetime | None:
    """When (aware UTC) a manager came back last, seen from a day; None: they have not been away for a week at a time."""
    began = way.enrollment.begun_at
    runs = [] if began is None else list(_runs(way, began.date(), day))
    ends = [end for start, end in runs if (end - start).days >= DAYS_OF_A_WEEK]
    return datetime.combine(ends[-1], time.min, UTC) if ends else None


def _runs(way: Way, began: date, day: date) -> Iterator[tuple[date, date]]:
    """The times away between two days, oldest first; those that touch are one."""
    ended = way.enrollment.ended_at
    last = day if ended is None else min(day, ended.date())
    run: tuple[date, date] | None = None
    for since, until in sorted(_times(way)):
        start, end = max(since, began), min(until, last)
        if start >= end:
            continue
        if run is not None and start <= run[1]:
            run = run[0], max(run[1], end)
            continue
        if run is not None:
            yield run
        run = start, end
    if run is not None:
        yield run


def _times(way: Way) -> Iterator[tuple[date, date]]:
    """From which day until which one, as far as is known: what lasts has no end."""
    one, person = way.enrollment, way.manager
    for entry in one.away:
        yield datetime.fromisoformat(entry["since"]).date(), date.fromisoformat(entry["until"])
    if one.stopped_at is not None:
        yield one.stopped_at.date(), date.max
    if person.paused_at is not None:
        yield person.paused_at.date(), person.paused_until or date.max
