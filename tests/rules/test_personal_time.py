"""One person's time, from the program and what is known of them."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from bot.agenda import away, personal
from bot.curriculum.model import Program, QuietWindow
from bot.curriculum.reader import read
from bot.records.tables import Cohort, Person
from tests.world import CONTENT

NOW = datetime(2026, 11, 24, 23, 30, tzinfo=UTC)  # Wednesday in Ljubljana already


@pytest.fixture(scope="module")
def program() -> Program:
    """The program that comes with the house, with a country and a quiet week of its own."""
    curriculum, _ = read(CONTENT, today=date(2026, 11, 24))
    assert curriculum is not None
    own = curriculum.program
    quiet = own.attention.model_copy(
        update={"quiet": (QuietWindow(name="quarter's end", first="12-20", last="12-31"),)}
    )
    return own.model_copy(update={"country": "SI", "attention": quiet, "timezone": "Europe/Ljubljana"})


def someone(**known: Any) -> Person:
    """A person on record."""
    return Person(workspace_id="T1", slack_id="U1", name="Maya Horvat", first_name="Maya", **known)


def test_the_programs_hours_with_ones_own_days_off(program: Program) -> None:
    """Hours and quiet windows are the program's; its country counts for who named none."""
    working = personal.personal_time(program, someone())
    assert (working.days, working.start, working.end) == (
        program.working_time.days, program.working_time.start, program.working_time.end,
    )  # fmt: skip
    assert working.why_off(date(2027, 2, 8)) == "holiday: Prešeren's Day, the Slovenian Cultural Holiday"
    assert working.why_off(date(2026, 12, 21)) == "quiet: quarter's end"
    assert personal.personal_time(program, someone(country="US")).why_off(date(2027, 2, 8)) is None


def test_a_pause_begins_on_the_local_day(program: Program) -> None:
    """Paused at half past midnight in Ljubljana, Tuesday is still a day of work, and Wednesday is not."""
    working = personal.personal_time(program, someone(paused_at=NOW, timezone="Europe/Ljubljana"))
    assert [working.is_off(date(2026, 11, day)) for day in (24, 25, 26)] == [False, True, True]
    until = someone(paused_at=NOW, paused_until=date(2026, 11, 26), timezone="America/New_York")
    working = personal.personal_time(program, until)
    assert [working.is_off(date(2026, 11, day)) for day in (24, 25, 26)] == [True, True, False]


@pytest.mark.parametrize(
    ("known", "there"),
    [
        ({}, True),
        ({"deactivated_at": NOW}, False),
        ({"unreachable_at": NOW}, False),
        ({"away_until": NOW + timedelta(seconds=1)}, False),
        ({"away_until": NOW}, True),
    ],
)
def test_who_can_be_reached(program: Program, known: dict[str, object], there: bool) -> None:
    """The account lives, messages arrive, and nobody is away."""
    assert personal.reachable(someone(**known), NOW) is there
    assert personal.zone_of(program, someone(timezone="Nowhere/At_All")) == "Europe/Ljubljana"
    assert personal.zone_of(program, someone(timezone="Asia/Tokyo")) == "Asia/Tokyo"


PAUSED_AT, NOON = datetime(2026, 11, 20, 9, 0, tzinfo=UTC), datetime(2026, 11, 24, 12, 0, tzinfo=UTC)
YESTERDAY, TODAY, TOMORROW = date(2026, 11, 23), date(2026, 11, 24), date(2026, 11, 25)


@pytest.mark.parametrize(
    ("paused_at", "until", "rests"),
    [
        (None, None, False),
        (PAUSED_AT, None, True),
        (PAUSED_AT, TOMORROW, True),
        (PAUSED_AT, TODAY, False),  # the first day back
        (PAUSED_AT, YESTERDAY, False),
    ],
)
def test_until_when_a_cohort_rests(paused_at: datetime | None, until: date | None, rests: bool) -> None:
    """Until the day that staff named; without one, until they say so. What is over stays on record, and counts no more."""
    cohort = Cohort(workspace_id="T0", name="Autumn", paused_at=paused_at, paused_until=until)
    assert away.rests(cohort, NOON) is rests


@pytest.mark.parametrize(
    ("until", "own", "longer"),
    [
        (None, TOMORROW, True),
        (TOMORROW, TODAY, True),
        (TODAY, TODAY, False),  # their own lasts as long, and stays theirs
        (TODAY, TOMORROW, False),
        (None, None, False),
        (TOMORROW, None, False),
    ],
)
def test_which_pause_is_the_longer_one(until: date | None, own: date | None, longer: bool) -> None:
    """A cohort's, or one's own; nothing is longer than a pause of one's own without an end."""
    cohort = Cohort(workspace_id="T0", name="Autumn", paused_at=PAUSED_AT, paused_until=until)
    assert away.rests_longer(cohort, own) is longer
