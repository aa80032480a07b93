"""What frames an unprompted message: what rode along, and the menu that says why, puts off and pauses. Pure."""

from collections.abc import Sequence
from uuid import UUID

from bot.curriculum.wording import Wording
from bot.slack import codec
from bot.slack.blocks import Block, Drawn, actions, button, clip, divider, modal, overflow, reading, section

MENU, LATER, TOMORROW, SHOW = "attention_menu", "attention_later", "attention_tomorrow", "attention_show"
MOST_BLOCKS, MOST_TEXT = 50, 3900
CHOICES = ("why", "tomorrow", "pause", "settings")


def framed(
    words: Wording, message_id: UUID, drawing: Drawn, parts: Sequence[Sequence[Block]], row: Sequence[Block]
) -> Drawn:
    """A message with buttons of its own kind, the parts that ride along, and the menu, which is about all of them."""
    text, blocks = drawing
    told, joined, room = "", list[Block](), MOST_BLOCKS - len(blocks) - (2 if row else 1)
    for part in parts:
        if part and len(joined) + len(part) + 1 <= room:
            joined += [divider(), *part]
            told += f"\n\n{reading(part)}"
    told = clip(told, MOST_TEXT // 2)  # it is heard, too, where the message itself is long
    # Below a part, the message's own buttons would seem to be about that.
    own, last = ([actions(row)], []) if row and joined else ([], row)
    menu_row = actions([*last, menu(words, message_id)])
    return clip(text, MOST_TEXT - len(told)) + told, [*blocks, *own, *joined, menu_row]


def menu(words: Wording, message_id: UUID) -> Block:
    """The overflow menu that stands on each unprompted message."""
    about = str(message_id)
    return overflow(MENU, [(codec.write(one, about), words.plain(f"attention.{one}")) for one in CHOICES])


def show(words: Wording, message_id: UUID, place: str, label: str = "attention.show") -> Block:
    """A button that brings an earlier message down to the end of the conversation; from one place it does so once."""
    return button(words.plain(label), SHOW, codec.write(message_id, place))


def why(words: Wording, kind: str, joined: Sequence[str], held: Sequence[str], a_week: int) -> Block:
    """The modal that names the rule behind a message, and what was held back for it."""
    blocks = [section(words.mrkdwn(f"attention.why_{kind}"))]
    if joined:
        blocks.append(section(words.mrkdwn("attention.joined", kinds=_named(words, joined))))
    if held:
        blocks.append(section(words.mrkdwn("attention.held_back", kinds=_named(words, held))))
    blocks.append(section(words.mrkdwn("attention.budget", a_week=a_week)))
    return modal(
        callback_id="attention_why", title=words.plain("attention.why_title"), blocks=blocks,
        close=words.plain("attention.close"),
    )  # fmt: skip


def _named(words: Wording, kinds: Sequence[str]) -> str:
    return ", ".join(words.plain(f"attention.kind_{kind}") for kind in dict.fromkeys(kinds))
