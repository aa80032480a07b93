"""Words as long as writers may make them, and more people than a menu has room for: Slack takes it, and nobody is missing."""

from collections.abc import Callable
from datetime import date
from typing import Any
from uuid import UUID

import pytest

from bot.cohorts import staff_message as staff
from bot.curriculum.wording import LONGEST_PHRASE, Wording
from bot.handover import message as handover
from bot.mentors import words_message as mentors
from bot.preferences import message as preferences
from bot.ratings import steps_message as ratings
from bot.sandbox.blocks import complaints
from bot.slack.blocks import Block
from tests.world import shipped

MESSAGE = UUID(int=1)
LONG = ("Nothing comes any more, and all that you did is kept & safe. " * 60)[:LONGEST_PHRASE]


@pytest.mark.parametrize(
    ("surface", "look"),
    [
        ("message", lambda words: preferences.silence(words, "Maya", 2, MESSAGE, None)),
        ("modal", lambda words: handover.giving(words, 1, [(1, "Maya Horvat")])["blocks"]),
    ],
    ids=["what is asked before a stop counts", "whom to give another mentor"],
)
def test_slack_takes_what_is_too_long(surface: str, look: Callable[[Wording], list[Block]]) -> None:
    """L&D write one longer sentence, or many: the message, or the modal, is shown all the same."""
    written = shipped().current.wording.phrases
    words = Wording(dict.fromkeys(written, LONG), dict.fromkeys(written, LONG))
    assert complaints(look(words), surface) == []


MANY = [(str(number), f"{number:03} {'Horvat ' * 20}") for number in range(250)]


@pytest.mark.parametrize(
    "look",
    [
        lambda words: mentors.kudos(words, MANY, []),
        lambda words: mentors.talked(words, MANY, []),
        lambda words: ratings.start(words, MANY),
        lambda words: ratings.whom(words, MANY),
        lambda words: staff.cohort(words, MANY),
        lambda words: staff.enrol(words, MANY, date(2026, 11, 24)),
    ],
    ids=["kudos", "we talked", "what I saw", "a visit", "a cohort", "enrol"],
)
def test_nobody_is_missing_from_a_menu(look: Callable[[Wording], Block]) -> None:
    """A mentor of 250, and a workspace with as many cohorts: each of them can be picked."""
    blocks = look(shipped().current.wording)["blocks"]
    assert complaints(blocks, "modal") == []
    (menu,) = [one["element"] for one in blocks if one.get("element", {}).get("type") == "static_select"]
    assert len({str(option) for option in options_of(menu)}) == len(MANY)


def options_of(menu: Block) -> list[Any]:
    """All that can be picked, in groups or without."""
    return [one for group in menu.get("option_groups", [menu]) for one in group["options"]]


def test_who_has_no_box_is_counted() -> None:
    """Four hundred managers wait for a mentor: there is room for ninety, and staff read what to do for the others."""
    words = shipped().current.wording
    few, many = (handover.giving(words, 0, [(int(key), name) for key, name in MANY[:count]]) for count in (90, 250))
    assert complaints(many["blocks"], "modal") == []
    assert "These are 90 of 250." in str(many["blocks"])
    assert "These are" not in str(few["blocks"])
