"""The calendar over clock changes, skipped days and half-hour zones."""

from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.agenda import calendar
from bot.curriculum.model import Weekday, WorkingTime

LJUBLJANA, NEW_YORK = "Europe/Ljubljana", "America/New_York"
WEEK = WorkingTime(days=("mon", "tue", "wed", "thu", "fri"), start=time(8), end=time(17))
ZONES = (
    LJUBLJANA, NEW_YORK, "UTC", "Australia/Lord_Howe", "Pacific/Apia", "America/St_Johns", "Asia/Kathmandu",
    "Asia/Tehran", "Pacific/Chatham", "Pacific/Kiritimati", "America/Sao_Paulo", "Africa/Casablanca",
    "America/Havana", "Asia/Beirut",
)  # fmt: skip
zones = st.sampled_from(ZONES)
weekdays = st.sets(st.sampled_from(calendar.WEEKDAYS), min_size=1).map(sorted)
clock_times = st.times().map(lambda at: at.replace(microsecond=0))
moments = st.integers(0, 32 * 365 * 24 * 60).map(
    lambda minutes: datetime(2005, 1, 1, tzinfo=UTC) + timedelta(minutes=minutes)
) | st.sampled_from(
    # Hours around a clock change, and around the day that Samoa left out.
    [
        change + timedelta(minutes=30 * half)
        for change in (
            datetime(2026, 3, 29, 1, tzinfo=UTC), datetime(2026, 10, 25, 1, tzinfo=UTC),
            datetime(2026, 3, 8, 7, tzinfo=UTC), datetime(2026, 11, 1, 6, tzinfo=UTC),
            datetime(2026, 4, 4, 15, tzinfo=UTC), datetime(2026, 10, 3, 15, 30, tzinfo=UTC),
            datetime(2011, 12, 30, 10, tzinfo=UTC), datetime(2011, 11, 6, 2, 31, tzinfo=UTC),
        )
        for half in range(-50, 51)
    ]
)  # fmt: skip


def utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    ("zone", "day", "at", "moment"),
    [
        (LJUBLJANA, "2026-03-28", "09:00", "2026-03-28T08:00"),  # winter
        (LJUBLJANA, "2026-03-29", "01:59", "2026-03-29T00:59"),
        (LJUBLJANA, "2026-03-29", "02:30", "2026-03-29T01:00"),  # skipped: the jump from 2:00 to 3:00
        (LJUBLJANA, "2026-03-29", "03:00", "2026-03-29T01:00"),
        (LJUBLJANA, "2026-03-30", "09:00", "2026-03-30T07:00"),  # summer
        (LJUBLJANA, "2026-10-25", "02:30", "2026-10-25T00:30"),  # twice: the first
        (LJUBLJANA, "2026-10-25", "03:00", "2026-10-25T02:00"),
        (LJUBLJANA, "2026-10-26", "09:00", "2026-10-26T08:00"),
        (NEW_YORK, "2026-03-08", "02:15", "2026-03-08T07:00"),
        (NEW_YORK, "2026-03-09", "09:00", "2026-03-09T13:00"),
        (NEW_YORK, "2026-11-01", "01:30", "2026-11-01T05:30"),
        (NEW_YORK, "2026-11-02", "09:00", "2026-11-02T14:00"),
        ("Australia/Lord_Howe", "2026-10-04", "02:15", "2026-10-03T15:30"),  # jumps by half an hour
        ("Australia/Lord_Howe", "2026-10-05", "09:00", "2026-10-04T22:00"),
        ("America/St_Johns", "2011-03-13", "00:30", "2011-03-13T03:31"),  # jumped a minute past midnight
        ("Pacific/Apia", "2011-12-30", "09:00", "2011-12-30T10:00"),  # the day that never was
        ("Africa/Monrovia", "1972-01-07", "00:20", "1972-01-07T00:44:30"),  # an offset with seconds
    ],
)
def test_a_wall_clock_time_is_one_moment(zone: str, day: str, at: str, moment: str) -> None:
    """A local time means one moment, on every kind of day."""
    assert calendar.at_local(date.fromisoformat(day), time.fromisoformat(at), zone) == utc(moment)


@pytest.mark.parametrize(
    ("zone", "slots"),
    [
        (LJUBLJANA, ["2026-03-24T08:00", "2026-03-26T08:00", "2026-03-31T07:00", "2026-04-02T07:00"]),
        (NEW_YORK, ["2026-03-24T13:00", "2026-03-26T13:00", "2026-03-31T13:00", "2026-04-02T13:00"]),
    ],
)
def test_a_fortnight_of_slots_keeps_its_local_time(zone: str, slots: list[str]) -> None:
    """Tuesdays and Thursdays at nine stay at nine when only one of two zones changes its clocks."""
    now = utc("2026-03-23T00:00")
    found = []
    for _ in slots:
        now = calendar.next_slot(now, days=["tue", "thu"], at=time(9), zone=zone)
        found.append(now)
    assert found == [utc(slot) for slot in slots]


def test_a_slot_lies_strictly_after() -> None:
    """Exactly at a slot, the next one is a week ahead."""
    slot = utc("2026-11-23T07:30")
    assert calendar.next_slot(slot, days=["mon"], at=time(8, 30), zone=LJUBLJANA) == slot + timedelta(weeks=1)


def test_a_left_out_day_has_no_slot() -> None:
    """Samoa had no Friday 30 December 2011: a Friday's slot there came a week later."""
    slot = calendar.next_slot(utc("2011-12-29T12:00"), days=["fri"], at=time(9), zone="Pacific/Apia")
    assert calendar.local(slot, "Pacific/Apia").date() == date(2012, 1, 6)


@pytest.mark.parametrize(
    ("now", "inside", "then"),
    [
        ("2026-11-23T06:59", False, "2026-11-23T07:00"),
        ("2026-11-23T07:00", True, "2026-11-23T07:00"),
        ("2026-11-23T15:59", True, "2026-11-23T15:59"),
        ("2026-11-23T16:00", False, "2026-11-24T07:00"),  # the end belongs to the evening
        ("2026-11-27T16:00", False, "2026-11-30T07:00"),  # Friday evening
        ("2026-10-24T12:00", False, "2026-10-26T07:00"),  # a weekend with a clock change
    ],
)
def test_working_time_has_a_first_minute_and_no_last_one(now: str, inside: bool, then: str) -> None:
    """What falls outside working time waits for the next morning of work."""
    assert calendar.in_working_time(utc(now), WEEK, LJUBLJANA) is inside
    assert calendar.next_working_moment(utc(now), WEEK, LJUBLJANA) == utc(then)


@pytest.mark.parametrize(
    ("start", "days", "then"),
    [
        ("2026-11-23T09:15", 2, "2026-11-25T09:15"),
        ("2026-11-26T09:15", 2, "2026-11-30T09:15"),  # over a weekend
        ("2026-11-28T09:15", 1, "2026-11-30T09:15"),  # from a Saturday, Monday is the first
        ("2026-11-28T09:15", 0, "2026-11-30T09:15"),
        ("2026-11-23T22:00", 1, "2026-11-24T15:59"),  # late in the evening: still in the next day's hours
        ("2026-11-23T04:00", 1, "2026-11-24T07:00"),
        ("2026-10-23T08:00", 2, "2026-10-27T09:00"),  # the same local ten o'clock after the clocks went back
    ],
)
def test_working_days_later_is_the_same_local_time(start: str, days: int, then: str) -> None:
    """Days of work are counted, weekends are not, and the hour stays within working hours."""
    assert calendar.after_working_days(utc(start), days, WEEK, LJUBLJANA) == utc(then)


@pytest.mark.parametrize(
    ("due", "now", "good"),
    [
        ("2026-11-23T08:00", "2026-11-23T08:00", True),
        ("2026-11-23T08:00", "2026-11-23T15:59", True),
        ("2026-11-23T08:00", "2026-11-23T16:00", False),  # the evening
        ("2026-11-23T08:00", "2026-11-24T08:00", False),  # the day after
        ("2026-11-23T08:00", "2026-11-23T07:59", False),  # not due yet
        ("2026-11-22T22:59", "2026-11-23T08:00", False),  # 23:59 on Sunday, there
        ("2026-11-22T23:00", "2026-11-23T08:00", True),  # midnight, there
    ],
)
def test_what_was_missed_is_said_on_the_same_day_or_moves(due: str, now: str, good: bool) -> None:
    """A missed thing is still said on its own local day within working hours, and not after."""
    assert calendar.still_good(utc(due), utc(now), WEEK, LJUBLJANA) is good


@pytest.mark.parametrize(
    ("not_before", "among", "moment"),
    [
        ("2026-11-23T07:00", [LJUBLJANA], "2026-11-23T07:00"),
        ("2026-11-23T07:00", [LJUBLJANA, NEW_YORK], "2026-11-23T13:00"),
        ("2026-11-23T15:59", [LJUBLJANA, NEW_YORK], "2026-11-23T15:59"),
        ("2026-11-23T16:00", [LJUBLJANA, NEW_YORK], "2026-11-24T13:00"),
        ("2026-11-27T16:00", [LJUBLJANA, NEW_YORK], "2026-11-30T13:00"),  # over the weekend
        ("2026-11-23T07:00", ["Asia/Tokyo", "America/Los_Angeles"], "2026-11-23T23:00"),  # Tuesday in one
        ("2026-11-23T07:00", ["Pacific/Auckland", LJUBLJANA], None),  # their days never meet
        ("2026-11-23T03:00", [], "2026-11-23T03:00"),
    ],
)
def test_a_moment_at_which_all_work(not_before: str, among: list[str], moment: str | None) -> None:
    """The first moment in everyone's working time is found, or said not to exist."""
    found = calendar.shared_working_moment(utc(not_before), [(WEEK, zone) for zone in among])
    assert found == (utc(moment) if moment else None)


@pytest.mark.parametrize(
    ("zone", "kept"),
    [
        (LJUBLJANA, LJUBLJANA),
        *((odd, "UTC") for odd in (None, "", "Mars/Olympus", "../secret", "Europe", "Europe/\0", "é" * 300)),
    ],
)
def test_an_unknown_zone_falls_back(zone: str | None, kept: str) -> None:
    """A zone that this machine doesn't know never stops anyone's lessons."""
    assert calendar.zone_or(zone, "UTC") == kept


def test_a_moment_without_an_offset_is_refused() -> None:
    """A naive moment could mean any, in each function that takes one."""
    naive = datetime(2026, 11, 23, 9)  # noqa: DTZ001 — that is the point
    with pytest.raises(ValueError, match="offset"):
        calendar.local(naive, LJUBLJANA)
    with pytest.raises(ValueError, match="offset"):
        calendar.next_slot(naive, days=["mon"], at=time(9), zone=LJUBLJANA)
    with pytest.raises(ValueError, match="offset"):
        calendar.next_working_moment(naive, WEEK, LJUBLJANA)
    with pytest.raises(ValueError, match="offset"):
        calendar.after_working_days(naive, 1, WEEK, LJUBLJANA)


def test_no_day_of_the_week_is_an_error_and_no_endless_search() -> None:
    """A cadence without days is refused."""
    never = WEEK.model_copy(update={"days": ()})
    with pytest.raises(ValueError, match="at least one day"):
        calendar.next_slot(utc("2026-11-23T09:00"), days=[], at=time(9), zone=LJUBLJANA)
    with pytest.raises(ValueError, match="at least one day"):
        calendar.after_working_days(utc("2026-11-23T09:00"), 1, never, LJUBLJANA)


def test_weeks_are_whole() -> None:
    """The seventh day begins the second week."""
    start = date(2026, 11, 23)
    weeks = [calendar.weeks_since(start, start + timedelta(days=days)) for days in (-1, 0, 6, 7, 112)]
    assert weeks == [-1, 0, 0, 1, 16]


@given(moments, zones, weekdays, clock_times)
def test_a_slot_is_the_first_of_its_days(now: datetime, zone: str, days: list[Weekday], at: time) -> None:
    """A slot is after now, on one of its days, at its time (or the jump over it), and none is skipped."""
    slot = calendar.next_slot(now, days=days, at=at, zone=zone)
    here = calendar.local(slot, zone)
    assert slot > now
    assert calendar.WEEKDAYS[here.weekday()] in days
    just_before = calendar.local(slot - timedelta(seconds=1), zone).replace(tzinfo=None)
    wanted = datetime.combine(here.date(), at)
    assert here.replace(tzinfo=None) == wanted or just_before < wanted < here.replace(tzinfo=None)
    day = calendar.local(now, zone).date()
    while day < here.date():
        between = now < calendar.at_local(day, at, zone) < slot
        assert calendar.WEEKDAYS[day.weekday()] not in days or not between
        day += timedelta(days=1)


@given(moments, zones)
def test_the_next_working_moment_is_working_time(now: datetime, zone: str) -> None:
    """The next working moment is one, is not before now, and stays where it is when asked again."""
    moment = calendar.next_working_moment(now, WEEK, zone)
    assert moment >= now
    assert calendar.in_working_time(moment, WEEK, zone)
    assert calendar.next_working_moment(moment, WEEK, zone) == moment


@given(moments, zones, st.integers(1, 12))
def test_working_days_later_is_working_time(now: datetime, zone: str, days: int) -> None:
    """So many working days later is working time, and one day more is later."""
    then = calendar.after_working_days(now, days, WEEK, zone)
    assert calendar.in_working_time(then, WEEK, zone)
    assert calendar.after_working_days(now, days + 1, WEEK, zone) > then


@given(moments, st.lists(zones, min_size=1, max_size=3))
def test_a_shared_moment_is_everyones_and_none_is_earlier(now: datetime, among: list[str]) -> None:
    """A shared moment is working time for all, and no quarter of an hour before it is."""
    moment = calendar.shared_working_moment(now, [(WEEK, zone) for zone in among])
    end = moment or now + calendar.SHARED_WITHIN
    assert moment is None or all(calendar.in_working_time(moment, WEEK, zone) for zone in among)
    earlier = now
    while earlier < end:
        assert not all(calendar.in_working_time(earlier, WEEK, zone) for zone in among)
        earlier += timedelta(minutes=15)


@given(moments, zones)
def test_a_wall_clock_reads_back_what_was_set(now: datetime, zone: str) -> None:
    """A moment's own wall clock time leads back to it, or to an hour before it where that time came twice."""
    here = calendar.local(now, zone)
    again = calendar.at_local(here.date(), here.time(), zone)
    assert again == now or (here.fold == 1 and again < now)
