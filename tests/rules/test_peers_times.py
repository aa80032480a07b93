"""When a group could meet."""

from datetime import UTC, date, datetime, time, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from bot.agenda import calendar
from bot.agenda.calendar import PersonalTime
from bot.curriculum.model import WorkingTime
from bot.peers.times import MEETING, Member, Times, propose_times

DAYS = calendar.WEEKDAYS[:5]
WORK = PersonalTime(days=DAYS, start=time(9), end=time(17))
LJUBLJANA, LONDON, NEW_YORK, LOS_ANGELES = (
    "Europe/Ljubljana", "Europe/London", "America/New_York", "America/Los_Angeles",
)  # fmt: skip
THURSDAY = datetime(2026, 3, 5, 10, tzinfo=UTC)


def shown(times: Times, zone: str) -> list[str]:
    return [f"{calendar.local(moment, zone):%a %H:%M}" for moment in times.moments]


def test_two_in_one_zone_get_three_days_at_three_hours() -> None:
    """From tomorrow on, on three days, at varied hours, neither at the ends of the day nor over lunch."""
    times = propose_times([(WORK, LJUBLJANA), (WORK, LJUBLJANA)], THURSDAY)
    assert times.shared
    assert shown(times, LJUBLJANA) == ["Fri 09:30", "Mon 11:30", "Tue 13:30"]


def test_across_an_ocean_the_few_shared_hours_are_proposed() -> None:
    """Ljubljana and New York share two hours; each of the three times is working time for both, in their own zone."""
    times = propose_times([(WORK, LJUBLJANA), (WORK, NEW_YORK)], THURSDAY)
    assert times.shared
    assert shown(times, LJUBLJANA) == ["Fri 15:30", "Mon 14:30", "Tue 15:00"]  # New York changed its clocks on Sunday
    assert shown(times, NEW_YORK) == ["Fri 09:30", "Mon 09:30", "Tue 10:00"]


def test_where_no_hours_are_shared_the_first_ones_are_proposed_and_named_so() -> None:
    """Ljubljana and Los Angeles never work at the same time: the organiser's hours, and `shared` says no."""
    times = propose_times([(WORK, LJUBLJANA), (WORK, LOS_ANGELES)], THURSDAY)
    assert not times.shared
    assert shown(times, LJUBLJANA) == ["Fri 09:30", "Mon 11:30", "Tue 13:30"]


def test_who_is_away_for_nine_working_days_leaves_one_day() -> None:
    """All three times are on the one day on which both are there; days off and pauses are no working time."""
    away = WORK.model_copy(update={"paused_from": date(2026, 3, 1), "paused_until": date(2026, 3, 19)})
    times = propose_times([(WORK, LJUBLJANA), (away, LJUBLJANA)], THURSDAY)
    assert times.shared
    assert shown(times, LJUBLJANA) == ["Thu 09:30", "Thu 11:30", "Thu 13:30"]


def test_a_short_day_gives_fewer_times_and_takes_what_is_awkward() -> None:
    """One day with one shared hour, over lunch: two half-hours are all there is."""
    first = WORK.model_copy(update={"days": ("wed",), "end": time(13)})
    second = WORK.model_copy(
        update={"start": time(12), "paused_until": date(2026, 3, 12), "paused_from": date(2026, 1, 1)}
    )
    third = WORK.model_copy(update={"paused_from": date(2026, 3, 19)})
    times = propose_times([(first, LJUBLJANA), (second, LJUBLJANA), (third, LJUBLJANA)], THURSDAY)
    assert shown(times, LJUBLJANA) == ["Wed 12:00", "Wed 12:30"]


def test_a_half_hour_begins_in_working_time_for_all() -> None:
    """Kathmandu is a quarter of an hour beside the others: a half-hour that begins before its morning is not proposed."""
    first = WORK.model_copy(update={"start": time(9), "end": time(10)})
    second = WORK.model_copy(update={"start": time(15), "end": time(16)})  # from 9:15 on, in London
    times = propose_times([(first, LONDON), (second, "Asia/Kathmandu")], THURSDAY)
    assert shown(times, LONDON) == ["Fri 09:30", "Mon 09:30", "Tue 09:30"]


def test_nobody_is_proposed_today_even_where_it_is_still_yesterday() -> None:
    """At 23:30 on Sunday in Los Angeles it is Monday in Ljubljana: Monday is today there, so the first time is on Tuesday."""
    now = datetime(2026, 3, 9, 6, 30, tzinfo=UTC)
    times = propose_times([(WORK, LJUBLJANA), (WORK, LONDON)], now)
    assert shown(times, LJUBLJANA)[0].startswith("Tue")


def test_somebody_who_never_works_has_no_times() -> None:
    """The first of them pauses without an end: nothing can be proposed, and it says so."""
    paused = WORK.model_copy(update={"paused_from": date(2026, 1, 1)})
    assert propose_times([(paused, LJUBLJANA), (WORK, LONDON)], THURSDAY) == Times((), shared=False)


ZONES = st.sampled_from(
    [LJUBLJANA, LONDON, NEW_YORK, LOS_ANGELES, "Asia/Kolkata", "Asia/Kathmandu", "Australia/Sydney"]
)
WORKS = st.builds(
    lambda start, hours, days: WorkingTime(days=tuple(days), start=time(start), end=time(start + hours)),
    st.integers(6, 11), st.integers(1, 12), st.sets(st.sampled_from(calendar.WEEKDAYS), min_size=1).map(sorted),
)  # fmt: skip


@given(
    st.lists(st.tuples(WORKS, ZONES), min_size=1, max_size=3),
    st.datetimes(datetime(2026, 1, 1), datetime(2027, 1, 1), timezones=st.just(UTC)),  # noqa: DTZ001 — the zone is beside
    st.integers(1, 4),
)
@settings(max_examples=60)
def test_proposed_times_are_whole_half_hours_of_work_for_all(members: list[Member], now: datetime, count: int) -> None:
    """Each is working time from its first to its last minute, later than today for everyone, in order, and none comes twice."""
    times = propose_times(members, now, count)
    assert len(times.moments) <= count
    assert list(times.moments) == sorted(set(times.moments))
    for moment in times.moments:
        for working, zone in members if times.shared else members[:1]:
            for minute in (moment, moment + MEETING - timedelta(minutes=1)):
                assert calendar.in_working_time(minute, working, zone)
        assert all(calendar.local(moment, zone).date() > calendar.local(now, zone).date() for _, zone in members)
        assert moment - now <= timedelta(days=29)
