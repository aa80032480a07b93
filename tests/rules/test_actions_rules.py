"""What becomes of a promise: its day, the question after it, and what is left of the lesson's words."""

from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.actions import rules
from bot.actions.rules import Kept, NewDay, Stage, Status
from bot.agenda import calendar
from bot.agenda.calendar import PersonalTime
from bot.curriculum.markdown import escape

ZONE = "Europe/Ljubljana"
WORKING = PersonalTime(days=("mon", "tue", "wed", "thu", "fri"), start=time(8, 30), end=time(17, 30), country="SI")
NOW = datetime(2026, 11, 24, 8, 0, tzinfo=UTC)  # a Tuesday, 9:00 in Ljubljana

OPEN = Kept(None, moved=False, let_go=False)
NOT_YET = Kept("not_yet", moved=False, let_go=False)
MOVED = Kept(None, moved=True, let_go=False)
STAGES = [
    (OPEN, 1, Stage.ASKED),
    (Kept("yes", moved=False, let_go=False), 1, Stage.ANSWERED),
    (NOT_YET, 1, Stage.NEEDS_DAY),
    (Kept("not_yet", moved=False, let_go=True), 1, Stage.LET_GO),
    (MOVED, 1, Stage.MOVED),
    (MOVED, 2, Stage.ASKED),
    (Kept("partly", moved=True, let_go=False), 1, Stage.MOVED),
    (Kept("partly", moved=True, let_go=False), 2, Stage.ANSWERED),
    (Kept("not_yet", moved=True, let_go=True), 1, Stage.MOVED),
    (Kept("not_yet", moved=True, let_go=True), 2, Stage.LET_GO),
]


@pytest.mark.parametrize(("kept", "round_number", "stage"), STAGES)
def test_each_round_shows_its_own_stage(kept: Kept, round_number: int, stage: Stage) -> None:
    """The first follow-up keeps saying that there is a new day, whatever comes of the second."""
    assert rules.stage(kept, round_number) is stage


def test_a_second_not_yet_lets_go() -> None:
    """The first «not yet» asks for a new day, the second ends it; «yes» never does."""
    assert "let_go_at" not in rules.changes(Status.NOT_YET, 1, NOW)
    assert rules.changes(Status.NOT_YET, 2, NOW)["let_go_at"] == NOW
    assert "let_go_at" not in rules.changes(Status.YES, 2, NOW)


DAYS = [
    (NewDay.NEXT_DAY, datetime(2026, 11, 24, 8, tzinfo=UTC), date(2026, 11, 25)),
    (NewDay.NEXT_DAY, datetime(2026, 11, 27, 16, tzinfo=UTC), date(2026, 11, 30)),  # a Friday: Monday
    (NewDay.NEXT_WEEK, datetime(2026, 11, 24, 8, tzinfo=UTC), date(2026, 12, 1)),
    (NewDay.NEXT_WEEK, datetime(2026, 11, 28, 8, tzinfo=UTC), date(2026, 12, 7)),  # on a Saturday
    (NewDay.NEXT_WEEK, datetime(2026, 12, 18, 8, tzinfo=UTC), date(2026, 12, 28)),  # Christmas is a holiday
]


@pytest.mark.parametrize(("choice", "now", "day"), DAYS)
def test_a_new_day_is_a_working_day(choice: NewDay, now: datetime, day: date) -> None:
    """Tomorrow is the next working day; next week is a week on, or the first working day after it."""
    assert rules.new_day(choice, now, WORKING, ZONE) == day


def test_what_is_let_go_has_no_day() -> None:
    """There is no day to move it to."""
    with pytest.raises(ValueError, match="no day"):
        rules.new_day(NewDay.LET_GO, NOW, WORKING, ZONE)


def test_a_promise_is_asked_after_some_working_days() -> None:
    """Thursday and five working days is the Thursday after, at nine there; a pause without an end does not break it."""
    asked = rules.asked_at(date(2026, 11, 26), 5, time(9), WORKING, ZONE)
    assert asked == datetime(2026, 12, 3, 8, tzinfo=UTC)
    for_ever = WORKING.model_copy(update={"paused_from": date(2026, 11, 1)})
    assert rules.asked_at(date(2026, 11, 26), 5, time(9), for_ever, ZONE) == asked
    away = WORKING.model_copy(update={"paused_from": date(2026, 11, 27), "paused_until": date(2026, 12, 7)})
    assert rules.asked_at(date(2026, 11, 26), 5, time(9), away, ZONE) == datetime(2026, 12, 11, 8, tzinfo=UTC)


def test_what_is_long_over_is_not_asked() -> None:
    """Three weeks late is still asked, a minute more is not."""
    assert not rules.too_late(NOW - timedelta(weeks=3), NOW)
    assert rules.too_late(NOW - timedelta(weeks=3, minutes=1), NOW)


@pytest.mark.parametrize(
    ("day", "fits"),
    [
        (date(2026, 11, 24), True),
        (date(2026, 11, 23), False),
        (date(2027, 1, 23), True),
        (date(2027, 1, 24), False),
        (date.max, False),
        (date.min, False),
    ],
)
def test_a_plan_is_for_today_or_soon(day: date, fits: bool) -> None:
    """Neither yesterday nor a day months away is a plan."""
    assert rules.fits(day, date(2026, 11, 24)) is fits


@given(
    due_on=st.dates(date(2026, 1, 1), date(2030, 12, 31)),
    days=st.integers(1, 30),
    at=st.times(),
    zone=st.sampled_from([ZONE, "America/New_York", "Pacific/Auckland"]),
)
def test_it_is_asked_after_the_day_and_in_working_time(due_on: date, days: int, at: time, zone: str) -> None:
    """Never on the day itself or before, never at night, on a weekend or on a holiday."""
    asked = rules.asked_at(due_on, days, at.replace(microsecond=0), WORKING, zone)
    assert calendar.local(asked, zone).date() > due_on
    assert calendar.in_working_time(asked, WORKING, zone)


TYPED = [
    ("If *a deal* moves, then I _ask_ why.", "If a deal moves, then I ask why."),
    ("Ask &lt;b&gt; &amp; wait", "Ask <b> & wait"),
    ("&amp;lt; stays", "&lt; stays"),
    ("Read <https://example.com|the page> first", "Read the page first"),
    ("*_both_* and ~gone~ and `code`", "both and gone and code"),
    ("a_b_c and 2 * 3 * 4", "a_b_c and 2 * 3 * 4"),
]


@pytest.mark.parametrize(("mrkdwn", "typed"), TYPED)
def test_an_action_is_shown_as_one_would_type_it(mrkdwn: str, typed: str) -> None:
    """No marks, no links, no escapes in a field that is plain text."""
    assert rules.as_typed(mrkdwn) == typed


@given(st.text(alphabet=st.characters(exclude_characters="*_~`", exclude_categories=["Cs"]), max_size=300))
def test_plain_text_comes_back_from_its_escape(text: str) -> None:
    """Whatever somebody typed is shown to them as they typed it."""
    assert rules.as_typed(escape(text)) == text.strip()


@given(st.text(max_size=3000))
def test_a_plan_is_never_longer_than_its_field(text: str) -> None:
    """Slack refuses a modal whose field begins with more than it may hold."""
    assert len(rules.as_typed(text)) <= rules.LONGEST_PLAN
    assert len(rules.own_words(text, "") or "") <= rules.LONGEST_PLAN


def test_own_words_are_kept_only_if_they_are_ones_own() -> None:
    """Left as it was, with another space, or emptied: it is the lesson's; a word changed is theirs."""
    assert rules.own_words("If  a,\n then b ", "If a, then b") is None
    assert rules.own_words("   ", "If a, then b") is None
    assert rules.own_words("If Marko calls, then b", "If a, then b") == "If Marko calls, then b"
