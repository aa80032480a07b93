"""What a row of the campaign comes to, and the table that tells of it."""

from collections.abc import Sequence
from dataclasses import dataclass, field

HEAD = (
    "Fault", "How often", "Messages", "Answers", "Lost", "Doubled", "Answers lost", "Longest recovery", "Seconds",
    "Promises",
)  # fmt: skip


@dataclass
class Row:
    """One kind of fault. `broken` says in a sentence each promise that was not kept."""

    fault: str
    often: int = 0
    messages: int = 0
    answers: int = 0
    lost: int = 0
    doubled: int = 0
    answers_lost: int = 0
    recovery: float | None = None  # seconds
    seconds: float = 0.0
    broken: list[str] = field(default_factory=list)

    def expect(self, kept: bool, otherwise: str) -> None:
        """A promise; `otherwise` says what is wrong if it was not kept."""
        if not kept:
            self.broken.append(otherwise)

    def cells(self) -> list[str]:
        """Its line."""
        recovery = "-" if self.recovery is None else f"{self.recovery:.1f} s"
        counted = (self.often, self.messages, self.answers, self.lost, self.doubled, self.answers_lost)
        kept = "kept" if not self.broken else "; ".join(self.broken)
        return [self.fault, *(f"{one:,}" for one in counted), recovery, f"{self.seconds:.0f}", kept]


def lines_of(rows: Sequence[Row]) -> list[str]:
    """The table, in Markdown."""
    head = [" | ".join(HEAD), " | ".join("---" for _ in HEAD)]
    return [f"| {line} |" for line in (*head, *(" | ".join(row.cells()) for row in rows))]
