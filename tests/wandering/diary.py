"""What happened on a walk, in people's words, and what was wrong with it."""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime

LAST = 30  # steps that a walk which failed tells of


@dataclass
class Diary:
    """The steps of one walk, and each violation with the steps that led to it."""

    now: Callable[[], datetime]
    steps: list[str] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)
    kinds: Counter[str] = field(default_factory=Counter)
    _told: set[str] = field(default_factory=set)

    def note(self, what: str) -> None:
        """Somebody did something."""
        self.steps.append(f"{len(self.steps):5} {self.now():%a %d %b %Y %H:%M} {what}")

    def done(self, kind: str) -> None:
        """Count it, so that one sees what a walk tried."""
        self.kinds[kind] += 1

    def violation(self, rule: str, about: str) -> None:
        """Something that must never be; the same again is told once."""
        line = f"{rule}: {about}"
        if line not in self._told:
            self._told.add(line)
            self.steps.append(f"{len(self.steps):5} {self.now():%a %d %b %Y %H:%M} ### {line}")
            self.wrong.append(line)

    def last_steps(self) -> str:
        """What led to the first violation, and to the end of the walk."""
        first = next((place for place, line in enumerate(self.steps) if "###" in line), len(self.steps))
        return "\n".join(self.steps[max(0, first - LAST) : first + 1])
