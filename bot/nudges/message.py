"""How a nudge looks. Pure."""

from uuid import UUID

from bot.attention.message import show
from bot.curriculum.wording import Wording
from bot.slack.blocks import Block, actions, context, section


def nudge(
    words: Wording, *, first_name: str, title: str, minutes: int, lesson_message: UUID, message_id: UUID
) -> list[Block]:
    """One friendly line, and a button that brings the lesson down here."""
    text = words.mrkdwn("nudge.text", first_name=first_name, title=title, minutes=minutes)
    return [section(text), actions([show(words, lesson_message, str(message_id))])]


def settled(words: Wording, title: str, *, was_set_aside: bool) -> list[Block]:
    """What stands in its place once the lesson is done, or was put away."""
    return [context(words.mrkdwn("nudge.set_aside" if was_set_aside else "nudge.done", title=title))]
