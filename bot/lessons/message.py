"""How a lesson looks. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from bot.attention.message import LATER, TOMORROW
from bot.curriculum.model import Lesson
from bot.curriculum.wording import Wording
from bot.slack import codec
from bot.slack.blocks import Block, Drawn, button, clip, context, divider, drawn, header, reading, section

NOT_FOR_ME, TAKE_BACK = "lesson_set_aside", "lesson_take_back"


@dataclass(frozen=True)
class Why:
    """The reason for this lesson now, and the title of the area or lesson that it names."""

    reason: str
    about: str


@dataclass(frozen=True)
class Given:
    """A lesson for one reader: `names` fill its placeholders, `place` says where it stands in their program."""

    lesson: Lesson
    area_title: str
    names: Mapping[str, Any]  # manager, mentor, cohort, company
    number: int
    total: int
    why: Why | None
    next_at: str | None  # when the next lesson comes, in the reader's own time and words
    rests: bool = False  # whether its reader has stopped, or paused without an end: then nothing comes for now


def lesson(words: Wording, given: Given, parts: Sequence[Sequence[Block]], done: bool) -> Drawn:
    """The lesson with `parts` below it: its checks and its action, drawn by their own rooms."""
    body = words.fill(given.lesson.body, **given.names)
    blocks: list[Block | None] = [
        header(given.lesson.title),
        context(
            words.mrkdwn(
                "lesson.about",
                area=given.area_title,
                minutes=given.lesson.minutes,
                number=given.number,
                total=given.total,
            )
        ),
        context(words.mrkdwn(f"lesson.why_{given.why.reason}", about=given.why.about)) if given.why else None,
        section(body, expand=True),
    ]
    if given.lesson.example:
        example = words.fill(given.lesson.example, **given.names)
        blocks.append(section(f"{words.mrkdwn('lesson.example')}\n{example}", expand=True))
    for part in parts:
        blocks += [divider(), *part] if part else []
    if done:
        blocks.append(context(_what_comes(words, given)))
    present = [block for block in blocks if block is not None]
    return drawn(present, clip(reading(present), 3900))


def set_aside(words: Wording, lesson: Lesson) -> Drawn:
    """What is left of a lesson that is not for its reader."""
    text = words.mrkdwn("lesson.set_aside", title=lesson.title)
    return drawn([section(text)], text)


def row(words: Wording, message_id: UUID) -> list[Block]:
    """Not now, or not at all."""
    value = codec.write(message_id)
    return [
        button(words.plain("attention.later_today"), LATER, value),
        button(words.plain("attention.tomorrow"), TOMORROW, value),
        button(words.plain("attention.not_for_me"), NOT_FOR_ME, value),
    ]


def row_back(words: Wording, message_id: UUID) -> list[Block]:
    """The way back, for a lesson that was put away: one press is quickly one too many."""
    return [button(words.plain("lesson.take_back"), TAKE_BACK, codec.write(message_id))]


def _what_comes(words: Wording, given: Given) -> str:
    if given.rests:
        return words.mrkdwn("lesson.rests")
    return words.mrkdwn("lesson.next", when=given.next_at) if given.next_at else words.mrkdwn("lesson.last")
