"""Dates, times, numbers and names as people say them, in their language and in their time zone."""

from datetime import UTC, date, datetime

import pytest

from bot.slack.saying_when import day, moment, names, number, weekdays

THURSDAY = datetime(2026, 11, 26, 8, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("language", "said", "at"),
    [
        ("en", "Thursday 26 November", "Thursday 26 November, 09:00"),
        ("sl", "četrtek, 26. november", "četrtek, 26. november ob 09:00"),
        ("de", "Donnerstag, 26. November", "Donnerstag, 26. November, 09:00"),
        ("pt-br", "quinta-feira, 26 de novembro", "quinta-feira, 26 de novembro 09:00"),
        ("en-us", "Thursday, November 26", "Thursday, November 26, 9:00\u202fAM"),
    ],
)
def test_a_day_and_a_moment_in_each_language(language: str, said: str, at: str) -> None:
    """Weekday and month stand written out, and no year: it is never far away."""
    assert day(date(2026, 11, 26), language) == said
    assert moment(THURSDAY, "Europe/Ljubljana", language) == at


@pytest.mark.parametrize(
    ("zone", "said"),
    [
        ("Europe/Ljubljana", "Thursday 26 November, 09:00"),
        ("America/New_York", "Thursday 26 November, 03:00"),
        ("Pacific/Auckland", "Thursday 26 November, 21:00"),
        ("Pacific/Kiritimati", "Thursday 26 November, 22:00"),
        ("America/Los_Angeles", "Thursday 26 November, 00:00"),
        ("Pacific/Honolulu", "Wednesday 25 November, 22:00"),
    ],
)
def test_a_moment_is_said_in_the_persons_zone(zone: str, said: str) -> None:
    """The same instant is another hour, and perhaps another day, elsewhere."""
    assert moment(THURSDAY, zone) == said


def test_weekdays_numbers_and_names() -> None:
    """Lists end with the language's own «and»; numbers have its signs."""
    assert (weekdays(["tue", "thu"]), weekdays(["mon", "sun"], "sl")) == (
        "Tuesday and Thursday",
        "ponedeljek in nedelja",
    )
    assert (number(1234.5), number(1234.5, "sl")) == ("1,234.5", "1.234,5")
    people = ["Maya", "Tom", "Ana"]
    assert (names(people), names(people, "sl")) == ("Maya, Tom and Ana", "Maya, Tom in Ana")
    assert (names(people[:2], "sl"), names(people[:1]), names([])) == ("Maya in Tom", "Maya", "")
