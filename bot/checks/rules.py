"""Judging an answer, and the order of options. Pure."""

import random
from collections.abc import Collection
from dataclasses import dataclass
from typing import Literal

from bot.curriculum.model import Choice, Option

Confidence = Literal["sure", "think_so", "guess"]
CONFIDENCES: tuple[Confidence, ...] = ("sure", "think_so", "guess")


@dataclass(frozen=True)
class Verdict:
    """What an answer was worth."""

    correct: bool
    confident_miss: bool  # sure, but wrong: what is corrected best by a full explanation (learning.md A10)


def judge(check: Choice, picked: Collection[str], confidence: Confidence) -> Verdict:
    """Right is all the right options and no other. ValueError for what can be no answer to the check."""
    if not check.takes(picked):
        raise ValueError("an answer is made of the check's own options")
    correct = frozenset(picked) == check.right_ids
    return Verdict(correct=correct, confident_miss=not correct and confidence == "sure")


def shuffled(check: Choice, seed: str) -> list[Option]:
    """The options in the order in which they are shown: the same for the same seed."""
    options = list(check.options)
    if not check.keep_order:
        random.Random(f"{seed}:{check.id}").shuffle(options)  # noqa: S311 — no secret: it only has to be repeatable
    return options
