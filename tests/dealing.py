"""Who runs which test, where several processes share them: each begins with its share of the longest.

Of a list of tests, xdist's `worksteal` gives each worker one stretch, and lets who is done take from others' ends. Were the
longest simply first in the list, all of them would be the first worker's, and the last of them would end the run, alone.
"""

from collections.abc import Callable, Sequence
from itertools import islice
from typing import TypeVar

Test = TypeVar("Test")


def dealt(tests: Sequence[Test], weight: Callable[[Test], float], workers: int) -> list[Test]:
    """All of them, in an order whose stretches each begin with the same share of the heavy ones, the heaviest first.

    Those that weigh nothing stay in their order, so that what a file of them shares is made once.
    """
    heavy = sorted((one for one in tests if weight(one)), key=weight, reverse=True)
    light = iter([one for one in tests if not weight(one)])
    order: list[Test] = []
    for worker in range(workers):
        # As xdist counts: those of a rest that can't be shared out evenly go to the last.
        size = (len(tests) - len(order)) // (workers - worker)
        share = heavy[workers - 1 - worker :: workers]
        order += [*share, *islice(light, size - len(share))]
    return order
