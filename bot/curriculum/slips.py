"""A writer's slips: what is wrong, where, and how to mend it."""

from collections.abc import Iterable
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Literal

MANY = 12  # to choose from, in one sentence


@dataclass(frozen=True, order=True)
class Problem:
    """One slip. An error keeps the last good version live; a warning does not. What would be an error is a `draft`'s as long
    as the file is one: it reaches nobody."""

    path: str
    line: int
    what: str
    mend: str
    severity: Literal["error", "warning", "draft"] = "error"

    def __str__(self) -> str:
        return f"{self.path}:{self.line}: {self.what}; {self.mend}"


def closest(word: str, known: Iterable[str]) -> str | None:
    """The known word that was probably meant."""
    by_folded = {one.casefold(): one for one in known}
    close = get_close_matches(word.casefold(), by_folded, n=1, cutoff=0.6)
    return by_folded[close[0]] if close else None


def did_you_mean(word: str, known: Iterable[str]) -> str:
    """«did you mean …?» for a misspelt word, or what there is to choose from."""
    choices = list(known)
    if meant := closest(word, choices):
        return f"did you mean «{meant}»?"
    return f"use one of: {', '.join(choices[:MANY])}{', …' if len(choices) > MANY else ''}"
