"""How a brief looks. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass

from bot.curriculum.wording import Wording
from bot.mentors.words_message import KUDOS, TALKED
from bot.slack.blocks import Block, Drawn, actions, button, clip, context, drawn, header, reading, section


@dataclass(frozen=True)
class Rated:
    """Two levels of one area, as both may see them."""

    area: str
    own: int
    mentor: int
    far_apart: bool


@dataclass(frozen=True)
class Brief:
    """What a mentor wants to have read before they talk. `seen` are the blocks of the digest for one manager."""

    name: str
    seen: Sequence[Block]
    last_talk: tuple[str, str] | None
    ratings: Sequence[Rated]
    next_at: str | None


def brief(words: Wording, one: Brief) -> Drawn:
    """Where they are, what they asked for and what to ask, as in the digest; then what was said last."""
    blocks: list[Block] = [header(words.plain("mentor.brief_title", name=one.name))]
    blocks += one.seen
    if one.last_talk is not None:
        when, text = one.last_talk
        blocks.append(section(words.mrkdwn("mentor.last_talk", when=when, text=clip(text, 200))))
    far = [
        words.mrkdwn("mentor.far_apart", area=r.area, own=r.own, mentor=r.mentor) for r in one.ratings if r.far_apart
    ]
    blocks += [section(line) for line in far[:2]]
    if one.next_at:
        blocks.append(context(words.mrkdwn("mentor.next", when=one.next_at)))
    buttons = [
        button(words.plain("mentor.talked"), TALKED, "brief", style="primary"),
        button(words.plain("mentor.kudos"), KUDOS, "brief"),
    ]
    return drawn([*blocks, actions(buttons)], reading(blocks))


def not_yours(words: Wording) -> Drawn:
    """One sentence for whoever may not, whether or not that person is in the program."""
    text = words.mrkdwn("mentor.no_brief")
    return drawn([section(text)], text)
