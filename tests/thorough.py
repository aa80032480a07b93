"""How often a campaign tries: twice as often where there is time (`CI=true`) as where a developer waits.

`make fuzz` says itself how many spoilt payloads and requests it wants (`FUZZ`), and `make chaos` kills by the hundred.
"""

import os
from collections import Counter
from dataclasses import dataclass, field

from tests.lacking import IN_CI

THOROUGH = IN_CI
FUZZ = int(os.environ.get("FUZZ") or 0)


def often(count: int) -> int:
    """Two thirds of so often in CI, which has its time, too; a third of it, otherwise."""
    return max(1, count * (2 if THOROUGH else 1) // 3)


def spoilt(count: int, *, share: float) -> int:
    """How many spoilt ones a test sends: its share of what `make fuzz` wants, else `often`."""
    return round(FUZZ * share) or often(count)


@dataclass
class Tally:
    """What was sent, by kind, and what came of it."""

    answers: Counter[tuple[str, int]] = field(default_factory=Counter)
    notes: list[str] = field(default_factory=list)

    def note(self, kind: str, status: int) -> None:
        """One of this kind was answered so; 0 where nobody was left to answer to."""
        self.answers[kind, status] += 1

    def lines(self) -> list[str]:
        """A line for each kind, all of them together, and what else is to be said."""
        kinds = sorted({kind for kind, _ in self.answers})
        head = f"{'sent, each spoilt in its own way':<44} {'sent':>7} {'2xx, 3xx':>9} {'4xx':>7} {'5xx':>5} {'cut':>5}"
        return [head, *(self._line(kind, kind) for kind in kinds), self._line("all of them", None), *self.notes]

    def _line(self, name: str, kind: str | None) -> str:
        by_class = Counter[int]()
        for (other, status), count in self.answers.items():
            if kind in (None, other):
                by_class[min(status // 100, 5)] += count
        fine = by_class[1] + by_class[2] + by_class[3]
        return f"{name:<44} {by_class.total():>7,} {fine:>9,} {by_class[4]:>7,} {by_class[5]:>5} {by_class[0]:>5}"
