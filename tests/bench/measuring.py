"""Figures measured side by side: medians over rounds, and the table that tells of them."""

from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median
from typing import Literal

COLUMNS = "{:<56} {:>13} {:>13} {:>7} {:>13} {:>11} {:>6}"


@dataclass(frozen=True)
class Goal:
    """What the ratio should be; or our own figure by itself, if it is `ours`."""

    bound: Literal["at most", "at least"]
    value: float
    of: Literal["ratio", "ours"] = "ratio"

    def met(self, value: float) -> bool:
        """Whether it is."""
        return value <= self.value if self.bound == "at most" else value >= self.value

    def __str__(self) -> str:
        return f"{'≤' if self.bound == 'at most' else '≥'} {self.value:,.{1 if self.of == 'ratio' else 0}f}"


@dataclass(frozen=True)
class Compared:
    """One figure of ours and of the bare parts, a pair for each round. Without a goal it only informs; bare may be missing."""

    what: str
    unit: str
    ours: Sequence[float]
    bare: Sequence[float] = ()
    goal: Goal | None = None

    @property
    def ratios(self) -> list[float]:
        """Round by round, so that what slows the machine down for a while slows both."""
        return [ours / bare for ours, bare in zip(self.ours, self.bare, strict=True)] if self.bare else []

    @property
    def met(self) -> str:
        """Whether the goal is, in a word."""
        if self.goal is None:
            return "-"
        return "yes" if self.goal.met(median(self.ours if self.goal.of == "ours" else self.ratios)) else "no"


def percentile(values: Sequence[float], share: float) -> float:
    """The value that this share (0 to 1) of all values does not exceed."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))]


def lines_of(table: Sequence[Compared]) -> list[str]:
    """The table as it is printed."""
    head = COLUMNS.format("medians over rounds", "ours", "bare", "ratio", "its spread", "goal", "met")
    return [head, "-" * len(head), *(_line(one) for one in table)]


def _line(one: Compared) -> str:
    ratios = one.ratios
    return COLUMNS.format(
        one.what,
        f"{median(one.ours):,.2f} {one.unit}",
        f"{median(one.bare):,.2f} {one.unit}" if one.bare else "-",
        f"{median(ratios):.2f}" if ratios else "-",
        f"{min(ratios):.2f} to {max(ratios):.2f}" if ratios else "-",
        _goal(one.goal, one.unit),
        one.met,
    )


def _goal(goal: Goal | None, unit: str) -> str:
    if goal is None:
        return "-"
    return f"{goal} {unit}" if goal.of == "ours" else str(goal)
