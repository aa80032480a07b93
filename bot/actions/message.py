"""How an action looks: as an offer, and as a promise. Pure."""

from collections.abc import Mapping
from typing import Any

from bot.curriculum.model import Action
from bot.curriculum.wording import Wording
from bot.slack import codec
from bot.slack.blocks import Block, actions, button, context, section

PROMISE = "action_promise"


def offer(words: Wording, action: Action, message_id: str, names: Mapping[str, Any]) -> list[Block]:
    """What to try, who would see it, and the button that promises it."""
    text = words.fill(action.text, **names)
    return [
        section(f"{words.mrkdwn('action.heading')}\n{text}"),
        context(words.mrkdwn("action.audience")),
        actions([button(words.plain("action.promise"), PROMISE, codec.write(message_id), style="primary")]),
    ]


def promised(words: Wording, text: str, due: str) -> list[Block]:
    """What was promised, and by when."""
    return [section(f"{words.mrkdwn('action.heading')}\n{text}"), context(words.mrkdwn("action.promised", due=due))]
