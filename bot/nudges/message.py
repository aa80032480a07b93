"""How a nudge looks. Pure."""

from bot.curriculum.wording import Wording
from bot.slack.blocks import Drawn, drawn, section


def nudge(words: Wording, *, first_name: str, title: str, minutes: int) -> Drawn:
    """One friendly line."""
    text = words.mrkdwn("nudge.text", first_name=first_name, title=title, minutes=minutes)
    return drawn([section(text)], text)
