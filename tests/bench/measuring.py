"""Figures measured side by side: medians over rounds, and the table that tells of them."""

from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median
from typing import Literal

COLUMNS = "{:<52} {:>12} {:>12} {:>7} {:>13} {:>8} {:>6}"


@dataclass(frozen=True)
class Goal:
    """What a ratio should be."""

    bound: Literal["at most", "at least"]
    ratio: float

    def met(self, ratio: float) -> bool:
        """Whether it is."""
        return ratio <= self.ratio if self.bound == "at most" else ratio >= self.ratio

    def __str__(self) -> str:
        return f"{'≤' if self.bound == 'at most' else '≥'} {self.ratio:.1f}"


@dataclass(frozen=True)
class Compared:
    """One figure of ours and of the bare parts, a pair for each round. Without a goal it only informs."""

    what: str
    unit: str
    ours: Sequence[float]
    bare: Sequence[float]
    goal: Goal | None = None

    @property
    def ratios(self) -> list[float]:
        """Round by round, so that what slows the machine down for a while slows both."""
        return [ours / bare for ours, bare in zip(self.ours, self.bare, strict=True)]


def percentile(values: Sequence[float], share: float) -> float:
    """The value that this share (0 to 1) of all values does not exceed."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))]


def lines_of(table: Sequence[Compared]) -> list[str]:
    """The table as it is printed."""
    head = COLUMNS.format("medians over rounds", "ours", "bare", "ratio", "its spread", "goal", "met")
    return [head, "-" * len(head), *(_line(one) for one in table)]


def _line(one: Compared) -> str:
    ratio = median(one.ratios)
    return COLUMNS.format(
        one.what,
        f"{median(one.ours):.2f} {one.unit}",
        f"{median(one.bare):.2f} {one.unit}",
        f"{ratio:.2f}",
        f"{min(one.ratios):.2f} to {max(one.ratios):.2f}",
        str(one.goal or "-"),
        ("yes" if one.goal.met(ratio) else "no") if one.goal else "-",
    )
