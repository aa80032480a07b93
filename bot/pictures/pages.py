"""A picture that is to be drawn, whatever it shows."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class Page:
    """How it is drawn (slowly: not for the event loop), what it says, and what its message keeps of it."""

    draw: Callable[[], bytes]
    alt: str
    title: str
    facts: dict[str, Any] = field(default_factory=dict)
