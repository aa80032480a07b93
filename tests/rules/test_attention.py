"""The attention budget: tables of what speaks, rides and waits; and what holds for every person, at every moment."""

from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.agenda import calendar
from bot.agenda.calendar import PersonalTime
from bot.attention.rules import HABITS, MOST_RIDERS, Budget, decide, next_free_moment
from bot.curriculum.phrases import PHRASES
from tests.thorough import often

LJUBLJANA = "Europe/Ljubljana"
WEEK = PersonalTime(days=("mon", "tue", "wed", "thu", "fri"), start=time(8, 30), end=time(17, 30))
TUESDAY = datetime(2026, 11, 24, 8, 0, tzinfo=UTC)  # 9:00 in Ljubljana
FRIDAY = datetime(2026, 11, 27, 8, 0, tzinfo=UTC)


def budget(*spoken: str, a_week: int = 4) -> Budget:
    """Someone in Ljubljana who was spoken to on these days."""
    return Budget(a_week, WEEK, LJUBLJANA, frozenset(date.fromisoformat(day) for day in spoken))


STORIES = [
    ("a lesson alone speaks", ["lesson"], {}, (0, ())),
    ("a follow-up and a nudge ride on the lesson", ["nudge", "lesson", "follow_up"], {}, (1, (2, 0))),
    ("a pulse does not ride on a lesson: it waits for the review", ["lesson", "pulse"], {"review": FRIDAY}, (0, ())),
    ("the review carries three small things", ["pulse", "letting_go", "nudge", "follow_up", "review"], {}, (4, (3, 2, 1))),
    ("a nudge waits for the lesson of the day after", ["nudge"], {"lesson": TUESDAY + timedelta(days=1)}, (None, ())),
    ("a nudge speaks for itself where nothing comes soon", ["nudge"], {"review": TUESDAY + timedelta(days=6)}, (0, ())),
    ("small things without a ride go together", ["pulse", "follow_up"], {}, (1, (0,))),
    ("the welcome comes before everything", ["lesson", "welcome"], {}, (1, ())),
]  # fmt: skip


@pytest.mark.parametrize(
    ("wanted", "coming", "expected"), [one[1:] for one in STORIES], ids=[one[0] for one in STORIES]
)
def test_what_speaks_and_what_rides(
    wanted: list[str], coming: dict[str, datetime], expected: tuple[int | None, tuple[int, ...]]
) -> None:
    """On a free Tuesday morning."""
    verdict = decide(wanted, TUESDAY, budget(), coming)
    assert (verdict.speaks, verdict.rides) == expected


@pytest.mark.parametrize("kind", HABITS)
def test_every_kind_can_be_named_and_told_why(kind: str) -> None:
    """«Why am I getting this?» says why a kind came, and names what rode along or was held back."""
    assert {f"why_{kind}", f"kind_{kind}"} <= PHRASES["attention"].keys()


def test_one_message_a_day() -> None:
    """Who heard from us this morning hears nothing more today."""
    verdict = decide(["lesson"], TUESDAY, budget("2026-11-24"), {})
    assert verdict.speaks is None
    assert verdict.waits == {0: TUESDAY + timedelta(days=1)}


TOMORROW = TUESDAY + timedelta(days=1)
EARLY = TOMORROW - timedelta(hours=1)
HELD = [
    ("the lesson of tomorrow, an hour earlier, takes it along", "nudge", {"lesson": EARLY}, EARLY),
    ("so does the review of the day after", "pulse", {"review": TUESDAY + timedelta(days=2)}, TUESDAY + timedelta(days=2)),
    ("what can't carry it is not waited for", "pulse", {"lesson": EARLY}, TOMORROW),
    ("nor what comes next week", "nudge", {"lesson": TUESDAY + timedelta(days=7)}, TOMORROW),
    ("a lesson waits for nothing but the day", "lesson", {"review": TOMORROW - timedelta(minutes=5)}, TOMORROW),
]  # fmt: skip


@pytest.mark.parametrize(("kind", "coming", "until"), [one[1:] for one in HELD], ids=[one[0] for one in HELD])
def test_what_a_taken_day_holds_back(kind: str, coming: dict[str, datetime], until: datetime) -> None:
    """Something came on Tuesday morning already: when what is due as well is looked at again."""
    verdict = decide([kind], TUESDAY, budget("2026-11-24"), coming)
    assert (verdict.speaks, verdict.waits) == (None, {0: until})


def test_four_messages_a_week() -> None:
    """After the fourth, everything waits for Monday, when the count begins anew."""
    spoken = budget("2026-11-23", "2026-11-24", "2026-11-25", "2026-11-26")
    assert next_free_moment(FRIDAY, spoken) == datetime(2026, 11, 30, 8, 0, tzinfo=UTC)


SAID, NEXT_WEEK = ("2026-11-23", "2026-11-24"), datetime(2026, 11, 30, 8, 0, tzinfo=UTC)
THURSDAY = FRIDAY - timedelta(days=1)
ROOM = [
    ("two were said, and nothing more is planned", {}, 3, None),
    ("what is planned takes the last place", {"silence": FRIDAY}, 3, NEXT_WEEK),
    ("there is one more place", {"silence": FRIDAY}, 4, None),
    ("two more are planned", {"silence": FRIDAY, "welcome": FRIDAY}, 4, NEXT_WEEK),
    ("what is planned for next week takes none of this one", {"silence": NEXT_WEEK}, 3, None),
]  # fmt: skip


@pytest.mark.parametrize(("coming", "a_week", "until"), [one[1:] for one in ROOM], ids=[one[0] for one in ROOM])
def test_a_small_thing_never_takes_the_place_of_what_is_planned(
    coming: dict[str, datetime], a_week: int, until: datetime | None
) -> None:
    """Two were said by Tuesday: a nudge speaks on Thursday, or waits for next week rather than push another out."""
    verdict = decide(["nudge"], THURSDAY, budget(*SAID, a_week=a_week), coming)
    assert verdict.waits == ({} if until is None else {0: until})


def test_a_small_thing_takes_the_first_ride() -> None:
    """A lesson and the review are near: a nudge waits for whichever comes first, also while a pulse speaks."""
    lesson, review = TUESDAY + timedelta(hours=2), TUESDAY + timedelta(days=1)
    assert decide(["nudge"], TUESDAY, budget(), {"review": review, "lesson": lesson}).waits == {0: lesson}
    verdict = decide(["nudge", "pulse"], TUESDAY, budget(), {"lesson": lesson})
    assert (verdict.speaks, verdict.waits) == (1, {0: lesson})


MOMENTS = st.datetimes(datetime(2026, 1, 1), datetime(2027, 12, 31)).map(lambda one: one.replace(tzinfo=UTC))  # noqa: DTZ001 — made aware
ZONES = st.sampled_from([LJUBLJANA, "America/New_York", "Asia/Kolkata", "Pacific/Auckland", "America/Sao_Paulo"])
KINDS = st.lists(st.sampled_from(sorted(HABITS)), min_size=1, max_size=8)


@given(
    now=MOMENTS, zone=ZONES, wanted=KINDS, a_week=st.integers(1, 5),
    ago=st.sets(st.integers(0, 8)), ahead=st.dictionaries(st.sampled_from(["lesson", "review"]), st.integers(1, 200)),
    country=st.sampled_from([None, "SI", "US"]), paused=st.one_of(st.none(), st.integers(1, 20)),
)  # fmt: skip
@settings(max_examples=often(400))
def test_what_holds_for_everyone(
    now: datetime, zone: str, wanted: list[str], a_week: int, ago: set[int], ahead: dict[str, int],
    country: str | None, paused: int | None,
) -> None:  # fmt: skip
    """Nothing outside working time, on a day off, twice a day or beyond the week's few; and nothing is ever lost."""
    today = calendar.local(now, zone).date()
    until = None if paused is None else today + timedelta(days=paused)
    working = WEEK.model_copy(
        update={"country": country, "paused_from": None if paused is None else today, "paused_until": until}
    )
    spoken = frozenset(today - timedelta(days=days) for days in ago)
    one = Budget(a_week, working, zone, spoken)
    verdict = decide(wanted, now, one, {kind: now + timedelta(hours=hours) for kind, hours in ahead.items()})
    said = [place for place in (verdict.speaks, *verdict.rides) if place is not None]
    assert sorted([*said, *verdict.waits]) == list(range(len(wanted)))
    assert all(moment > now for moment in verdict.waits.values())
    assert len(verdict.rides) <= MOST_RIDERS
    if verdict.speaks is not None:
        assert calendar.in_working_time(now, working, zone)
        assert today not in spoken
        monday = today - timedelta(days=today.weekday())
        assert sum(day >= monday for day in spoken) < a_week
        assert all(HABITS[wanted[place]].rides_on for place in verdict.rides)
    assert decide(wanted, now, one, {kind: now + timedelta(hours=hours) for kind, hours in ahead.items()}) == verdict
