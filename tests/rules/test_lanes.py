"""Many things side by side, a few at once."""

import asyncio

import pytest

from bot.delivery.lanes import Lanes


class Counter:
    """Does what it is given when it is told to, and remembers how many it had in hand."""

    def __init__(self) -> None:
        self.begun: list[int] = []
        self.in_hand, self.most = 0, 0
        self.go_on = asyncio.Event()

    async def do(self, number: int) -> None:
        """Wait for the word; number three is broken."""
        self.begun.append(number)
        self.in_hand += 1
        self.most = max(self.most, self.in_hand)
        await self.go_on.wait()
        self.in_hand -= 1
        if number == 3:
            raise ValueError("three")


async def test_a_few_at_once_in_their_order() -> None:
    """Ten things and then five more: never more than four in hand, each once, first come first served."""
    counter = Counter()
    lanes = Lanes(4, counter.do)
    lanes.give(range(10, 20))
    await asyncio.sleep(0)
    assert counter.begun == [10, 11, 12, 13]
    lanes.give(range(20, 25))
    counter.go_on.set()
    await lanes.down_to(0)
    assert counter.begun == [*range(10, 25)]
    assert (counter.most, lanes.left) == (4, 0)


async def test_lanes_open_again_for_what_comes_later() -> None:
    """All is done and every lane has closed; what is given after that is done as well."""
    counter = Counter()
    counter.go_on.set()
    lanes = Lanes(2, counter.do)
    for start in (10, 20, 30):
        lanes.give(range(start, start + 3))
        await lanes.down_to(0)
    assert len(counter.begun) == 9


async def test_it_is_told_when_few_are_left() -> None:
    """Who waits for two of six to be left goes on then, though those two are not done."""
    done = list[int]()
    stuck = asyncio.Event()

    async def do(number: int) -> None:
        if number >= 4:
            await stuck.wait()
        done.append(number)

    lanes = Lanes(3, do)
    lanes.give(range(6))
    await lanes.down_to(2)
    assert (done, lanes.left) == ([0, 1, 2, 3], 2)
    stuck.set()
    await lanes.down_to(0)


async def test_one_that_fails_keeps_no_other_from_being_done() -> None:
    """The third breaks: all others are done, and whoever waits for them hears of it."""
    counter = Counter()
    counter.go_on.set()
    lanes = Lanes(2, counter.do)
    lanes.give(range(8))
    with pytest.raises(ValueError, match="three"):
        await lanes.down_to(0)
    assert counter.begun == [*range(8)]
