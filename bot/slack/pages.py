"""Pictures that are to be drawn below a message, whatever they show."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Picture:
    """One, as a file: its name, its bytes (PNG), and what it shows."""

    name: str
    png: bytes
    alt: str


@dataclass(frozen=True)
class Page:
    """How they are drawn (slowly: not for the event loop), what they are called, and the enrollments of others that they show."""

    draw: Callable[[], Sequence[Picture]]
    title: str
    of: Sequence[int] = ()
