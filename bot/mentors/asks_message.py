"""How an ask is written, and how a mentor hears of one that should not wait. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass

from bot.curriculum.wording import Wording
from bot.mentors.words_message import KUDOS, PICK, TALKED, TEXT, field, told
from bot.slack import codec
from bot.slack.blocks import (
    Block,
    Drawn,
    actions,
    button,
    clip,
    context,
    drawn,
    modal,
    picker,
    reading,
    section,
    text_input,
)

__all__ = ["ask", "help_", "told"]

ASK, ASKED, TAKE_BACK, SOON = "mentor_ask", "mentor_asked", "mentor_take_back", "soon"
LONGEST = 300


@dataclass(frozen=True)
class Reader:
    """The mentor who will read it."""

    id: int
    first_name: str


def ask(words: Wording, reader: Reader, asks: Sequence[tuple[int, str]], written: str = "") -> Block:
    """What someone wants to talk about; above it, what they have asked for already.

    `written` was meant for another reader: it stands in the field, unsent.
    """
    mine = [
        section(
            words.mrkdwn("mentor.asked", text=clip(text, 140)),
            accessory=button(words.plain("mentor.take_back"), TAKE_BACK, codec.write(ask_id)),
        )
        for ask_id, text in asks[:10]
    ]
    changed = [section(words.mrkdwn("mentor.ask_changed", mentor=reader.first_name))] if written else []
    line = text_input(words.plain("mentor.ask_label"), PICK, TEXT, longest=LONGEST)
    if written:
        line["element"]["initial_value"] = written
    soon = picker(PICK, [("yes", words.plain("mentor.soon"))], several=True)
    return modal(
        callback_id=ASKED, title=words.plain("mentor.ask_title"), submit=words.plain("mentor.send"),
        close=words.plain("mentor.close"), ids=codec.write(reader.id),
        blocks=[
            *changed,
            *mine,
            line,
            {**field(words, SOON, "mentor.soon_label", soon), "optional": True},
            context(words.mrkdwn("mentor.ask_audience", mentor=reader.first_name)),
        ],
    )  # fmt: skip


def help_(words: Wording, name: str, texts: Sequence[str]) -> Drawn:
    """Someone asked for help: what with, and two ways to answer."""
    blocks = [section(words.mrkdwn("mentor.help", name=name))]
    blocks += [section(words.mrkdwn("mentor.asked", text=clip(text, LONGEST))) for text in texts]
    buttons = [
        button(words.plain("mentor.talked"), TALKED, "help", style="primary"),
        button(words.plain("mentor.kudos"), KUDOS, "help"),
    ]
    return drawn([*blocks, actions(buttons)], reading(blocks))
