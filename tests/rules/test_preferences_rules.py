"""What may be chosen, how a day is understood, and when it has been quiet for long enough."""

from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.agenda.calendar import WEEKDAYS
from bot.curriculum.model import Program, WorkingTime
from bot.curriculum.reader import read
from bot.preferences import rules
from bot.preferences.countries import countries, is_country, language_name
from bot.preferences.rules import Slip
from bot.preferences.until import read_until
from tests.world import CONTENT

TUESDAY = date(2026, 11, 24)


@pytest.fixture(scope="module")
def program() -> Program:
    """The program that ships: two lesson days, Monday to Friday."""
    found, _ = read(CONTENT, today=TUESDAY)
    assert found is not None
    return found.program


@given(chosen=st.sets(st.sampled_from([*WEEKDAYS, "someday"])))
def test_days_are_as_many_as_the_program_has_or_fewer(program: Program, chosen: set[str]) -> None:
    """Of what was ticked, working days count; none is too few, three are too many."""
    working = [day for day in program.working_time.days if day in chosen]
    days = rules.fitting_days(chosen, program)
    if not working:
        assert days is Slip.NO_DAY
    elif len(working) > 2:
        assert days is Slip.TOO_MANY_DAYS
    else:
        assert days == tuple(working)


def test_lessons_come_at_a_half_hour_within_the_working_day() -> None:
    """From the first one that is not before work begins, to the last one before it ends."""
    times = rules.half_hours(WorkingTime(days=("mon",), start=time(8, 15), end=time(10)))
    assert times == [time(8, 30), time(9), time(9, 30)]


UNTIL = [
    ("until Friday", date(2026, 11, 27)),
    ("fri", date(2026, 11, 27)),
    ("tuesday", date(2026, 12, 1)),  # a week on: today is no day to come back on
    ("tomorrow", date(2026, 11, 25)),
    ("next week", date(2026, 11, 30)),
    ("next Friday", date(2026, 12, 4)),
    ("2 weeks", date(2026, 12, 8)),
    ("for a week", date(2026, 12, 1)),
    ("three days", date(2026, 11, 27)),
    ("until 3 Dec", date(2026, 12, 3)),
    ("December 3rd, 2026", date(2026, 12, 3)),
    ("3.12.", date(2026, 12, 3)),
    ("3. 12. 2026", date(2026, 12, 3)),
    ("2027-01-11", date(2027, 1, 11)),
    ("1.1.", date(2027, 1, 1)),  # the next one that there is
    ("do petka", date(2026, 11, 27)),
    ("do četrtka", date(2026, 11, 26)),
    ("do cetrtka", date(2026, 11, 26)),
    ("jutri", date(2026, 11, 25)),
    ("naslednji teden", date(2026, 11, 30)),
    ("dva tedna", date(2026, 12, 8)),
    ("za 5 dni", date(2026, 11, 29)),
    ("do 3. decembra", date(2026, 12, 3)),
    ("31.6.", None),
    ("2026-11-24", None),  # today
    ("2026-11-20", None),  # the past
    ("2029-01-01", None),  # too far off to be meant
    ("999 weeks", None),
    ("0 days", None),
    ("9" * 60, None),
    ("until", None),
    ("until the cows come home", None),
    ("december", None),
    ("²", None),
    ("\x00", None),
    ("🌴" * 500, None),
]


@pytest.mark.parametrize("language", ["en", "sl", "xx"])
@pytest.mark.parametrize(("text", "day"), UNTIL)
def test_until_when_is_understood_as_people_write_it(text: str, day: date | None, language: str) -> None:
    """In English and in Slovene, whichever of them someone's words are in."""
    assert read_until(text, TUESDAY, language) == day


@given(st.text() | st.from_regex(r"(until )?\d{1,4}[-. ]\d{1,4}[-. ]?\d{0,4} ?\w{0,6}", fullmatch=True), st.dates())
def test_any_text_gives_a_day_to_come_back_on_or_none(text: str, today: date) -> None:
    """Whatever is typed, on whatever day: never the past, never beyond a year, never an error."""
    today = min(today, date(9990, 1, 1))
    day = read_until(text, today, "en")
    assert day is None or today < day <= today + rules.LONGEST_PAUSE


def days(*numbers: int) -> set[date]:
    """Days of November 2026, or of what follows."""
    return {date(2026, 11, 1) + timedelta(days=number - 1) for number in numbers}


NEVER: set[date] = set()
QUIET: list[tuple[set[date], date, set[date], int]] = [
    (NEVER, date(2026, 11, 30), NEVER, 0),  # nothing was asked
    (days(1), date(2026, 11, 1), NEVER, 0),  # only just now
    (days(1), date(2026, 11, 5), NEVER, 4),
    (days(1), date(2026, 11, 30), NEVER, 7),  # what was asked once is not silence for ever
    (days(1, 8), date(2026, 11, 15), NEVER, 14),
    (days(1, 3, 8, 10), date(2026, 11, 15), NEVER, 14),
    (days(1, 8), date(2026, 11, 15), days(2, 3, 9), 11),  # a pause, a holiday
    (days(1, 29), date(2026, 12, 6), days(*range(4, 29)), 10),  # a long pause lies between
]


@pytest.mark.parametrize(("asked_on", "today", "off", "quiet"), QUIET)
def test_only_time_in_which_something_was_asked_is_silence(
    asked_on: set[date], today: date, off: set[date], quiet: int
) -> None:
    """Days off and weeks without a question are not held against anybody."""
    assert rules.quiet_days(asked_on, today, off.__contains__) == quiet


def test_two_weeks_of_silence_are_fourteen_days() -> None:
    """On the fourteenth we ask; before it, we look again when it could be."""
    assert [rules.look_again_in(quiet, 2) for quiet in (0, 10, 14, 15)] == [14, 4, 0, 0]


def test_any_answer_counts_and_the_last_one_decides() -> None:
    """Someone who never answered has been heard when they began."""
    began = datetime(2026, 11, 24, 8, tzinfo=UTC)
    answered = began + timedelta(days=3)
    assert rules.last_heard(None, None, begun_at=began) == began
    assert rules.last_heard(answered, None, begun_at=began) == answered


@pytest.mark.parametrize("language", ["en", "sl"])
def test_every_country_can_be_picked_in_ones_own_language(language: str) -> None:
    """All of them fit into what a menu can hold, each once, under its own name."""
    groups = countries(language)
    names = [name for _, group in groups for _, name in group]
    assert all(len(group) <= 100 for _, group in groups)
    assert len(names) == len(set(names)) > 200
    assert ("Slovenija" if language == "sl" else "Slovenia") in names
    assert is_country("SI")
    assert not is_country("Slovenia")


def test_a_language_is_called_as_its_speakers_call_it() -> None:
    """Whoever can't read the others finds their own."""
    assert (language_name("sl"), language_name("en")) == ("slovenščina", "English")
