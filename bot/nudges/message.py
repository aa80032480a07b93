"""How a nudge looks. Pure."""

from uuid import UUID

from bot.attention.message import show
from bot.curriculum.wording import Wording
from bot.slack.blocks import Block, actions, section


def nudge(
    words: Wording, *, first_name: str, title: str, minutes: int, lesson_message: UUID, message_id: UUID
) -> list[Block]:
    """One friendly line, and a button that brings the lesson down here."""
    text = words.mrkdwn("nudge.text", first_name=first_name, title=title, minutes=minutes)
    return [section(text), actions([show(words, lesson_message, str(message_id))])]
