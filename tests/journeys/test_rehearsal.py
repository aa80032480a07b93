"""A small cohort lives through all 26 weeks, and no promise is broken."""

from datetime import timedelta

import pytest

from tests.rehearsal.cohort import START, a_rehearsal, lived
from tests.rehearsal.people import a_cohort
from tests.rehearsal.reporting import differences, report_of
from tests.world import CONTENT


@pytest.mark.long(seconds=50)
async def test_no_promise_is_broken(database_url: str) -> None:
    """Five managers in five places, diligent or not, with holidays and quiet weeks: every promise to them is kept; and the
    report says what they did, by their own count."""
    managers = a_cohort(5, seed=7)
    async with a_rehearsal(database_url, managers, CONTENT) as cohort:
        await cohort.live(START + timedelta(weeks=29))
        found = await lived(cohort)
        page = await report_of(cohort)
        assert differences(page, cohort) == []
    assert [line for one in found for line in one.broken] == []
    assert all(any(heard.kind == "lesson" for heard in one.heard) for one in found)
    assert all(any(heard.kind == "review" for heard in one.heard) for one in found)
    assert any(heard.kind == "ending" for one in found for heard in one.heard)
