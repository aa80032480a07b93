"""Made-up people do anything, in any order, for some weeks: whatever it is, nothing breaks and every promise is kept."""

from pathlib import Path

import pytest

from tests.wandering.walk import walk


@pytest.mark.long(seconds=12)
@pytest.mark.parametrize("seed", [1, 2])
async def test_a_short_walk(database_url: str, tmp_path: Path, seed: int) -> None:
    """Two weeks; `make wander` walks further, and what it finds is kept as a story of its own."""
    walked = await walk(database_url, seed, 2, tmp_path)
    assert walked.diary.wrong == [], f"seed {seed}:\n{walked.diary.last_steps()}"
