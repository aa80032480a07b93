"""What the doctor found, and how it is told: a line for each thing, and its mend."""

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Finding:
    """One thing that was looked at: fine, or what to do. `is_fatal`: nothing works until it is mended."""

    what: str
    state: str
    mend: str = ""
    is_fatal: bool = True

    @property
    def is_fine(self) -> bool:
        """Whether there is nothing to do."""
        return not self.mend


def as_text(found: Sequence[Finding]) -> str:
    """A table, with a mend below each line that needs one."""
    width = max((len(one.what) for one in found), default=0)
    lines = []
    for one in found:
        mark = "ok  " if one.is_fine else "MEND" if one.is_fatal else "note"
        lines.append(f"{mark}  {one.what:{width}}  {one.state}")
        lines += [] if one.is_fine else [f"{'':{width + 8}}→ {one.mend}"]
    return "\n".join(lines)


def is_sick(found: Sequence[Finding]) -> bool:
    """Whether something has to be mended before it works."""
    return any(not one.is_fine and one.is_fatal for one in found)
