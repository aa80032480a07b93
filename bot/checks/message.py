"""How a check looks: as a question, and as its answer. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from bot.checks.rules import CONFIDENCES, shuffled
from bot.curriculum.model import Check, Choice, Reflection, Scale
from bot.curriculum.wording import Wording
from bot.slack import codec
from bot.slack.blocks import Block, actions, button, context, modal, picker, section, text_input

PICK = "check_pick"
CONFIDENT = "check_confidence"
RATE = "check_scale"
WRITE = "check_write"
WRITTEN = "check_written"
FIELD = "reflection"


@dataclass(frozen=True)
class Answered:
    """An answer on record."""

    answer: Mapping[str, Any]
    confidence: str | None
    correct: bool | None


def check(
    words: Wording, one: Check, message_id: str, names: Mapping[str, Any], answered: Answered | None
) -> list[Block]:
    """A check as a question, or with its answer in place of the buttons."""
    prompt = words.fill(one.prompt, **names)
    if answered is None:
        return [section(prompt), context(_who_sees(words, one)), *_ways_to_answer(words, one, message_id)]
    return [section(prompt), *_answer(words, one, names, answered)]


def reflection_modal(words: Wording, prompt: str, ids: str) -> Block:
    """Where a reflection is written. `prompt` is mrkdwn as it stood in the message."""
    return modal(
        callback_id=WRITTEN,
        title=words.plain("check.reflection_title"),
        submit=words.plain("check.reflection_save"),
        close=words.plain("check.reflection_close"),
        ids=ids,
        blocks=[
            section(prompt),
            text_input(
                words.plain("check.reflection_label"),
                "text",
                FIELD,
                hint=words.plain("check.reflection_audience_plain"),
            ),
        ],
    )


def _who_sees(words: Wording, one: Check) -> str:
    return words.mrkdwn("check.reflection_audience" if isinstance(one, Reflection) else "check.audience")


def _ways_to_answer(words: Wording, one: Check, message_id: str) -> list[Block]:
    ids = codec.write(message_id, one.id)
    match one:
        case Choice():
            options = [(option.id, option.text) for option in shuffled(one, message_id)]
            confidence = [
                button(words.plain(f"check.{level}"), f"{CONFIDENT}:{level}", codec.write(message_id, one.id, level))
                for level in CONFIDENCES
            ]
            return [
                actions([picker(PICK, options, several=one.several)], block_id=f"pick:{ids}"),
                context(words.mrkdwn("check.how_several" if one.several else "check.how")),
                actions(confidence),
            ]
        case Scale():
            labels = "\n".join(f"{point.value} · {point.label}" for point in one.points if point.label)
            scale = [
                button(str(value), f"{RATE}:{value}", codec.write(message_id, one.id, value), label=_point(one, value))
                for value in range(1, 6)
            ]
            return [context(words.mrkdwn("check.scale", labels=labels)), actions(scale)]
        case Reflection():
            return [actions([button(words.plain("check.write"), WRITE, ids)], block_id=f"write:{ids}")]


def _point(scale: Scale, value: int) -> str:
    label = next((point.label for point in scale.points if point.value == value), "")
    return f"{value}: {label}" if label else str(value)


def _answer(words: Wording, one: Check, names: Mapping[str, Any], answered: Answered) -> list[Block]:
    match one:
        case Choice():
            return _choice_answer(words, one, names, answered)
        case Scale():
            value = int(answered.answer["value"])
            return [section(words.mrkdwn("check.scale_answer", point=_point(one, value)))]
        case Reflection():
            return [section(words.mrkdwn("check.reflection_answer", text=answered.answer["text"]))]


def _choice_answer(words: Wording, one: Choice, names: Mapping[str, Any], answered: Answered) -> list[Block]:
    picked = [option for option in one.options if option.id in answered.answer["options"]]
    missed = [option for option in one.options if option.right and option not in picked]
    lines = [words.mrkdwn("check.right" if answered.correct else "check.wrong")]
    for option in picked:
        why = words.fill(option.feedback, **names)
        lines.append(words.mrkdwn("check.picked", option=option.text) + f"\n{why}")
    for option in [] if answered.correct else missed:
        why = words.fill(option.feedback, **names)
        lines.append(words.mrkdwn("check.better", option=option.text) + f"\n{why}")
    if answered.confidence == "sure" and not answered.correct:
        lines.append(words.mrkdwn("check.sure_but_wrong"))
    return [section("\n\n".join(lines), expand=True)]
