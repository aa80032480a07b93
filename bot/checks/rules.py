"""How sure someone can be of an answer, and the order of its options. Pure."""

import random
from typing import Literal

from bot.curriculum.model import Choice, Option

Confidence = Literal["sure", "think_so", "guess"]
CONFIDENCES: tuple[Confidence, ...] = ("sure", "think_so", "guess")


def shuffled(check: Choice, seed: str) -> list[Option]:
    """The options in the order in which they are shown: the same for the same seed."""
    options = list(check.options)
    if not check.keep_order:
        random.Random(f"{seed}:{check.id}").shuffle(options)  # noqa: S311 — no secret: it only has to be repeatable
    return options
