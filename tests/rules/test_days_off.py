"""Holidays, quiet windows and pauses: what nobody is written to on, in every zone and country."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import available_timezones

import pytest
from holidays import list_supported_countries
from hypothesis import given
from hypothesis import strategies as st

from bot.agenda import calendar
from bot.agenda.calendar import NoSlot, PersonalTime
from bot.curriculum.model import QuietWindow, Weekday, WorkingTime

LJUBLJANA, NEW_YORK = "Europe/Ljubljana", "America/New_York"
WEEK = WorkingTime(days=("mon", "tue", "wed", "thu", "fri"), start=time(8), end=time(17))
YEAR_END = QuietWindow(name="the year's end", first="12-28", last="01-03")
WINTER = QuietWindow(name="winter", first="02-20", last="03-01")

zones = st.sampled_from(sorted(available_timezones() - {"localtime"}))
countries = st.none() | st.sampled_from(sorted(list_supported_countries())) | st.sampled_from(["", "XX", "date", "é"])
moments = st.datetimes(datetime(2024, 1, 1), datetime(2030, 12, 31)).map(lambda at: at.replace(tzinfo=UTC))  # noqa: DTZ001
days = st.dates(date(2024, 1, 1), date(2031, 12, 31))
month_days = st.dates(date(2001, 1, 1), date(2001, 12, 31)).map(lambda day: f"{day:%m-%d}")
windows = st.builds(QuietWindow, name=st.just("busy"), first=month_days, last=month_days)
working_days = st.sets(st.sampled_from(calendar.WEEKDAYS), min_size=1).map(sorted)
hours = st.sampled_from([(time(8), time(17)), (time(0), time(23, 59)), (time(22), time(23)), (time(1, 30), time(3))])


@st.composite
def personal_times(draw: st.DrawFn) -> PersonalTime:
    """Anyone's working time: with any hours, country, windows and pause."""
    start, end = draw(hours)
    return PersonalTime(
        days=tuple(draw(working_days)), start=start, end=end, country=draw(countries),
        quiet=tuple(draw(st.lists(windows, max_size=2))),
        paused_from=draw(st.none() | days), paused_until=draw(st.none() | days),
    )  # fmt: skip


def someone(**kept: object) -> PersonalTime:
    """The week of work, as someone keeps it."""
    return PersonalTime.model_validate({**WEEK.model_dump(), **kept})


def utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    ("kept", "day", "why"),
    [
        ({"country": "SI"}, "2027-02-08", "holiday: Prešeren's Day, the Slovenian Cultural Holiday"),
        ({"country": "US"}, "2027-02-08", None),
        ({"country": "US"}, "2027-07-05", "holiday: Independence Day (observed)"),  # the Fourth is a Sunday
        ({"country": None}, "2027-02-08", None),
        ({"country": "XX"}, "2027-01-01", None),
        ({"country": "HolidayBase"}, "2027-01-01", None),  # a name of the library's own
        ({"quiet": (YEAR_END,)}, "2026-12-27", None),
        ({"quiet": (YEAR_END,)}, "2026-12-28", "quiet: the year's end"),
        ({"quiet": (YEAR_END,)}, "2027-01-03", "quiet: the year's end"),
        ({"quiet": (YEAR_END,)}, "2027-01-04", None),
        ({"quiet": (WINTER,)}, "2028-02-29", "quiet: winter"),  # a day that not every year has
        ({"paused_from": date(2026, 11, 24)}, "2026-11-23", None),
        ({"paused_from": date(2026, 11, 24)}, "2046-11-24", "pause"),  # until they say so
        ({"paused_from": date(2026, 11, 24), "paused_until": date(2026, 11, 26)}, "2026-11-25", "pause"),
        ({"paused_from": date(2026, 11, 24), "paused_until": date(2026, 11, 26)}, "2026-11-26", None),  # the first day back
        ({"paused_until": date(2026, 11, 26)}, "2026-11-25", None),  # no pause
    ],
)  # fmt: skip
def test_a_day_off_says_why(kept: dict[str, object], day: str, why: str | None) -> None:
    """A pause, a quiet window (also over New Year) or a holiday keeps a day free; unknown countries have none."""
    working = someone(**kept)
    assert working.why_off(date.fromisoformat(day)) == why
    assert working.is_off(date.fromisoformat(day)) is (why is not None)


def test_names_do_not_hang_on_the_machine(monkeypatch: pytest.MonkeyPatch) -> None:
    """A holiday has the same name whatever the machine's locale is."""
    monkeypatch.setenv("LANGUAGE", "th")
    assert someone(country="SI").why_off(date(2019, 2, 8)) == "holiday: Prešeren's Day, the Slovenian Cultural Holiday"


def test_the_programs_working_time_has_no_days_off() -> None:
    """What belongs to nobody knows no holidays."""
    assert not WEEK.is_off(date(2027, 1, 1))


@pytest.mark.parametrize(
    ("kept", "now", "then"),
    [
        ({"country": "SI"}, "2027-02-05T15:30", "2027-02-05T15:30"),  # Friday afternoon
        ({"country": "SI"}, "2027-02-05T16:00", "2027-02-09T07:00"),  # over a weekend and Prešeren's Day
        ({"country": "SI"}, "2027-02-08T09:00", "2027-02-09T07:00"),
        ({"quiet": (YEAR_END,)}, "2026-12-30T09:00", "2027-01-04T07:00"),
        ({"paused_from": date(2026, 11, 24), "paused_until": date(2026, 12, 5)}, "2026-11-24T09:00", "2026-12-07T07:00"),
        ({"paused_from": date(2027, 3, 22), "paused_until": date(2027, 3, 29)}, "2027-03-25T09:00", "2027-03-29T06:00"),
    ],
)  # fmt: skip
def test_a_day_off_is_no_working_time(kept: dict[str, object], now: str, then: str) -> None:
    """What falls on a day off waits for the next morning of work, also over a clock change."""
    working = someone(**kept)
    assert calendar.in_working_time(utc(now), working, LJUBLJANA) is (now == then)
    assert calendar.still_good(utc(now), utc(now), working, LJUBLJANA) is (now == then)
    assert calendar.next_working_moment(utc(now), working, LJUBLJANA) == utc(then)


def test_days_off_are_not_counted_as_working_days() -> None:
    """Two working days after a Friday before Prešeren's Day is Wednesday, at the same time."""
    working = someone(country="SI")
    assert calendar.after_working_days(utc("2027-02-05T09:00"), 2, working, LJUBLJANA) == utc("2027-02-10T09:00")
    assert calendar.after_working_days(utc("2027-02-08T09:00"), 0, working, LJUBLJANA) == utc("2027-02-09T09:00")


def test_a_slot_skips_days_off() -> None:
    """A Monday's slot comes a week later where that Monday is a holiday."""
    off = someone(country="SI").is_off
    slot = calendar.next_slot(utc("2027-02-05T09:00"), days=["mon"], at=time(9), zone=LJUBLJANA, off=off)
    assert slot == utc("2027-02-15T08:00")


def test_a_pause_without_an_end_has_no_slot() -> None:
    """It is said, and nothing searches for ever; nor is a moment shared with who has paused."""
    now, working = utc("2026-11-24T09:00"), someone(paused_from=date(2026, 11, 24))
    with pytest.raises(NoSlot):
        calendar.next_slot(now, days=working.days, at=working.start, zone=LJUBLJANA, off=working.is_off)
    with pytest.raises(NoSlot):
        calendar.next_working_moment(now, working, LJUBLJANA)
    with pytest.raises(NoSlot):
        calendar.after_working_days(now, 1, working, LJUBLJANA)
    assert calendar.shared_working_moment(now, [(working, LJUBLJANA), (WEEK, LJUBLJANA)]) is None


def test_a_shared_moment_keeps_the_holidays_of_each() -> None:
    """Maya is off on Prešeren's Day and Tom on Presidents' Day: both are skipped."""
    maya, tom = (someone(country="SI"), LJUBLJANA), (someone(country="US"), NEW_YORK)
    assert calendar.shared_working_moment(utc("2027-02-08T14:00"), [maya, tom]) == utc("2027-02-09T13:00")
    assert calendar.shared_working_moment(utc("2027-02-08T14:00"), [tom]) == utc("2027-02-08T14:00")
    assert calendar.shared_working_moment(utc("2027-02-15T14:00"), [maya, tom]) == utc("2027-02-16T13:00")


@given(moments, personal_times(), zones)
def test_a_working_moment_is_on_no_day_off(now: datetime, working: PersonalTime, zone: str) -> None:
    """Whoever and wherever it is: never on a day off, never outside working hours, never before now."""
    try:
        moment = calendar.next_working_moment(now, working, zone)
    except NoSlot:
        return
    here = calendar.local(moment, zone)
    assert moment >= now
    assert not working.is_off(here.date())
    assert calendar.WEEKDAYS[here.weekday()] in working.days
    opening, closing = (calendar.at_local(here.date(), at, zone) for at in (working.start, working.end))
    assert opening <= moment < closing or opening == closing, "a clock may jump over all of a short working day"


@given(moments, personal_times(), zones, working_days, st.times())
def test_a_slot_is_on_one_of_its_days_and_on_no_day_off(
    now: datetime, working: PersonalTime, zone: str, on: list[Weekday], at: time
) -> None:
    """A slot is after now, on one of its days, and that is not off; the day before has none that was skipped."""
    try:
        slot = calendar.next_slot(now, days=on, at=at, zone=zone, off=working.is_off)
    except NoSlot:
        return
    here = calendar.local(slot, zone)
    assert slot > now
    assert calendar.WEEKDAYS[here.weekday()] in on
    assert not working.is_off(here.date())
    day = calendar.local(now, zone).date()
    while day < here.date():
        free = calendar.WEEKDAYS[day.weekday()] in on and not working.is_off(day)
        assert not free or not now < calendar.at_local(day, at, zone) < slot
        day += timedelta(days=1)


@given(moments, st.timedeltas(timedelta(0), timedelta(days=60)), personal_times(), zones, st.integers(0, 6))
def test_later_is_never_sooner(now: datetime, wait: timedelta, working: PersonalTime, zone: str, count: int) -> None:
    """Who asks later gets the same moment or a later one."""
    try:
        first = calendar.next_slot(now, days=working.days, at=working.start, zone=zone, off=working.is_off)
        second = calendar.next_slot(now + wait, days=working.days, at=working.start, zone=zone, off=working.is_off)
        counted = calendar.after_working_days(now, count, working, zone)
    except NoSlot:
        return
    assert first <= second
    assert calendar.next_working_moment(now, working, zone) <= calendar.next_working_moment(now + wait, working, zone)
    assert not working.is_off(calendar.local(counted, zone).date())


@given(moments, st.lists(st.tuples(personal_times(), zones), min_size=1, max_size=3))
def test_a_shared_moment_is_nobodys_day_off(now: datetime, people: list[tuple[WorkingTime, str]]) -> None:
    """A moment for several is working time for each of them, within a fortnight."""
    moment = calendar.shared_working_moment(now, people)
    if moment is not None:
        assert now <= moment < now + calendar.SHARED_WITHIN
        assert all(calendar.next_working_moment(moment, working, zone) == moment for working, zone in people)
