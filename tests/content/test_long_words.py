"""Words as long as writers may make them: what has less room than that is cut, and Slack takes it."""

from collections.abc import Callable
from uuid import UUID

import pytest

from bot.curriculum.wording import LONGEST_PHRASE, Wording
from bot.handover import message as handover
from bot.preferences import message as preferences
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
