"""`playercoach rehearse`: what one made-up manager would get, and when."""

from datetime import date

import pytest

from bot.rehearsing import Wanted, rehearse
from tests.world import CONTENT


@pytest.mark.long
@pytest.mark.parametrize(
    ("persona", "zone", "country"), [("keen", "America/New_York", "US"), ("silent", "Asia/Tokyo", "JP")]
)
async def test_a_transcript(persona: str, zone: str, country: str) -> None:
    """Every week has its line, holidays and quiet days are named, lessons come at nine where they live, nothing clashes."""
    told = await rehearse(CONTENT, Wanted(6, persona, zone, country, date(2026, 12, 14)))
    assert told.startswith(f"A {persona} manager in {zone}")
    assert [line.split(",")[0] for line in told.splitlines() if line.startswith("Week")] == [
        f"Week {n}" for n in range(1, 7)
    ]
    assert "Fri 25 Dec is free (quiet: the last week of the year)" in told
    lessons = [line for line in told.splitlines() if "  lesson " in line]
    assert len(lessons) >= 3
    assert all(" 09:00 " in line for line in lessons)
    assert "No clashes" in told
    assert ("silence" in told) == (persona == "silent")


@pytest.mark.long
async def test_a_holiday_is_named() -> None:
    """The eighth of February is a holiday in Slovenia; there, nothing is said on it."""
    told = await rehearse(CONTENT, Wanted(2, "keen", "Europe/Ljubljana", "SI", date(2027, 2, 1)))
    assert "Mon 08 Feb is free (holiday: " in told
    assert not any(line.startswith("  Mon 08 Feb") for line in told.splitlines())
