"""What a tick costs when nothing is due."""

from time import perf_counter

from bot.app import House
from bot.curriculum.library import Library
from tests.bench.apart import slack_apart
from tests.bench.conftest import Open
from tests.bench.crowd import enrol
from tests.bench.measuring import Compared, Goal

FEW, MANY = 1_000, 1_000_000
ROUNDS, TICKS = 9, 40


async def test_an_idle_tick(
    database_url: str, other_database_url: str, library: Library, open_house: Open, table: list[Compared]
) -> None:
    """An idle tick costs about the same with a thousand times as many people, two million things of theirs not yet due."""
    lesson = library.current.curriculum.lessons[0]
    enrol(database_url, FEW, lesson)
    enrol(other_database_url, MANY, lesson)
    async with (
        slack_apart(0) as slack,
        open_house(database_url, slack.api_url) as small,
        open_house(other_database_url, slack.api_url) as large,
    ):
        await _ticks(small)
        await _ticks(large)
        few, many = [], []
        for _ in range(ROUNDS):
            few.append(await _ticks(small))
            many.append(await _ticks(large))
    what = f"idle tick, {MANY:,} enrolled (bare: {FEW:,})"
    table.append(Compared(what, "ms", many, few, Goal("at most", 2.0)))


async def _ticks(fitted: House) -> float:
    """Milliseconds that a tick takes."""
    began = perf_counter()
    for _ in range(TICKS):
        assert await fitted.tick() == 0
    return (perf_counter() - began) * 1000 / TICKS
