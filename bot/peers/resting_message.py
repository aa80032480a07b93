"""How someone is told that they have no group. Pure."""

from uuid import UUID

from bot.curriculum.wording import Wording
from bot.slack import codec
from bot.slack.blocks import Block, actions, button, context, section

BACK = "peers_back"


def resting(words: Wording, rounds: int, message_id: UUID) -> list[Block]:
    """They rest; one button ends it."""
    back = button(words.plain("round.back"), BACK, codec.write(message_id))
    return [
        section(words.mrkdwn("round.resting", rounds=rounds)),
        context(words.mrkdwn("round.resting_audience")),
        actions([back]),
    ]


def back(words: Wording, when: str) -> list[Block]:
    """They are back."""
    return [section(words.mrkdwn("round.is_back", when=when))]


def no_group(words: Wording, when: str) -> list[Block]:
    """No group this round, and when the next one starts."""
    return [section(words.mrkdwn("round.no_group", when=when))]
