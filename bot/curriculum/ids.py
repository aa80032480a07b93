"""The ids that writers give. Buttons carry them, and what a button carries has few signs and is short: `bot/slack/codec.py`."""

import re

LONGEST_ID = 80
IN_SMALL_LETTERS = f"use small letters, digits and hyphens, at most {LONGEST_ID} of them"
_LESSON_ID = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
_AREA_ID = re.compile(r"[A-Za-z0-9_-]+")


def is_lesson_id(text: str) -> bool:
    """Whether a lesson may be called so."""
    return len(text) <= LONGEST_ID and bool(_LESSON_ID.fullmatch(text))


def is_area_id(text: str) -> bool:
    """Whether an area, and its folder, may be called so."""
    return len(text) <= LONGEST_ID and bool(_AREA_ID.fullmatch(text))
