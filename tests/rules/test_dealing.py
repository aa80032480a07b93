"""Tests are shared out so that each process begins with as many of the longest: the real scheduler says who gets what."""

from types import SimpleNamespace
from typing import Any

import pytest
from xdist.scheduler.worksteal import WorkStealingScheduling  # type: ignore[import-untyped]  # it has no types

from tests.dealing import dealt


class Worker:
    """Notes what it is sent."""

    shutting_down = False

    def __init__(self) -> None:
        self.gateway = SimpleNamespace(id="gw")
        self.sent: list[int] = []

    def send_runtest_some(self, indices: list[int]) -> None:
        """These are its own."""
        self.sent += indices


def shares(order: list[str], workers: int) -> list[list[str]]:
    """Which tests each worker is given, in its order."""
    config: Any = SimpleNamespace(
        getvalue=lambda _: ["popen"] * workers, option=SimpleNamespace(tx=["popen"] * workers)
    )
    scheduler = WorkStealingScheduling(config)
    nodes: list[Any] = [Worker() for _ in range(workers)]
    for node in nodes:
        scheduler.add_node(node)
    for node in nodes:
        scheduler.add_node_collection(node, order)
    scheduler.schedule()
    return [[order[index] for index in node.sent] for node in nodes]


@pytest.mark.parametrize("light", [0, 1, 7, 100, 101, 102, 103])
@pytest.mark.parametrize("heavy", [0, 1, 5, 8, 11])
@pytest.mark.parametrize("workers", [1, 2, 3, 4])
def test_each_begins_with_its_share_of_the_longest(workers: int, heavy: int, light: int) -> None:
    """Whatever there is to share: nothing is lost, the heaviest is somebody's first, and nobody has two more than another."""
    tests = [f"light {place}" for place in range(light)] + [f"heavy {place}" for place in range(heavy)]
    weights = {one: int(one.split()[1]) + 1 if one.startswith("heavy") else 0 for one in tests}
    order = dealt(tests, weights.__getitem__, workers)
    assert sorted(order) == sorted(tests)
    assert [one for one in order if not weights[one]] == tests[:light]
    if len(tests) < 2 * workers:
        return  # it then sends what there is to whoever asks
    given = shares(order, workers)
    assert sorted(one for share in given for one in share) == sorted(tests)
    long = [[one for one in share if weights[one]] for share in given]
    assert max(map(len, long)) - min(map(len, long)) <= 1
    for share, its_long in zip(given, long, strict=True):
        assert share[: len(its_long)] == sorted(its_long, key=weights.__getitem__, reverse=True)
    assert not heavy or f"heavy {heavy - 1}" in [share[0] for share in given]
