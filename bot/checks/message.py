"""How a check looks: as a question, and as its answer. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from bot.checks.rules import CONFIDENCES, shuffled
from bot.curriculum.model import Check, Choice, Reflection, Scale
from bot.curriculum.wording import Wording
from bot.slack import codec
from bot.slack.blocks import Block, actions, button, clip, context, modal, picker, section, text_input

PICK = "check_pick"
CONFIDENT = "check_confidence"
RATE = "check_scale"
WRITE = "check_write"
SHARE, UNSHARE = "check_share", "check_unshare"
WRITTEN = "check_written"
FIELD = "reflection"
LONGEST_QUOTE = 1000  # of a reflection in its message: Slack refuses one that is full of them. All of it is kept


@dataclass(frozen=True)
class Answered:
    """An answer on record; `shared` is None where there is no mentor who could see it, whose id is `mentor_id`."""

    answer: Mapping[str, Any]
    confidence: str | None
    correct: bool | None
    shared: bool | None = None
    mentor_id: int = 0


def check(
    words: Wording, one: Check, message_id: str, names: Mapping[str, Any], answered: Answered | None
) -> list[Block]:
    """A check of a lesson as a question, or with its answer in place of the buttons."""
    ids = codec.write(message_id, one.id)
    if isinstance(one, Choice):
        who_sees = context(words.mrkdwn("check.audience"))
        blocks = choice(words, one, ids, names, answered, kind="check", seed=message_id, audience=who_sees)
    elif answered is None:
        audience = "check.reflection_audience" if isinstance(one, Reflection) else "check.audience"
        blocks = [
            section(words.fill(one.prompt, **names)),
            context(words.mrkdwn(audience)),
            *_ways_to_answer(words, one, ids),
        ]
    else:
        blocks = [section(words.fill(one.prompt, **names)), *_answer(words, one, answered)]
    return [*blocks, *_sharing(words, ids, names, answered)]


def choice(
    words: Wording,
    one: Choice,
    ids: str,
    names: Mapping[str, Any],
    answered: Answered | None,
    *,
    kind: str,
    seed: str,
    audience: Block | None = None,
    how: bool = True,
) -> list[Block]:
    """A choice as a question, or with its answer. `ids` tells one question from all others, `kind` who listens to it.

    Where it is said elsewhere how to answer (`how`), or who sees it (`audience`), it is not said here.
    """
    prompt = section(words.fill(one.prompt, **names))
    if answered is not None:
        return [prompt, *_choice_answer(words, one, names, answered)]
    options = [(option.id, option.text) for option in shuffled(one, seed)]
    confidence = [
        button(words.plain(f"check.{level}"), f"{kind}_confidence:{level}", f"{ids}:{level}") for level in CONFIDENCES
    ]
    return [
        prompt,
        *([audience] if audience else []),
        actions([picker(f"{kind}_pick", options, several=one.several)], block_id=f"pick:{ids}"),
        *([context(words.mrkdwn("check.how_several" if one.several else "check.how"))] if how else []),
        actions(confidence),
    ]


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


def _ways_to_answer(words: Wording, one: Scale | Reflection, ids: str) -> list[Block]:
    if isinstance(one, Reflection):
        return [actions([button(words.plain("check.write"), WRITE, ids)], block_id=f"write:{ids}")]
    labels = "\n".join(f"{point.value} · {point.label}" for point in one.points if point.label)
    scale = [button(str(value), f"{RATE}:{value}", f"{ids}:{value}", label=_point(one, value)) for value in range(1, 6)]
    return [context(words.mrkdwn("check.scale", labels=labels)), actions(scale)]


def _sharing(words: Wording, ids: str, names: Mapping[str, Any], answered: Answered | None) -> list[Block]:
    """Who sees an answer that was given, and the button that changes it."""
    if answered is None or answered.shared is None:
        return []
    mentor = names["mentor"]["first_name"]
    if answered.shared:
        change = button(words.plain("check.unshare"), UNSHARE, ids)
        return [section(words.mrkdwn("check.shared", mentor=mentor), accessory=change)]
    change = button(words.plain("check.share", mentor=mentor), SHARE, f"{ids}:{answered.mentor_id}")
    return [section(words.mrkdwn("check.yours"), accessory=change)]


def _point(scale: Scale, value: int) -> str:
    label = next((point.label for point in scale.points if point.value == value), "")
    return f"{value}: {label}" if label else str(value)


def _answer(words: Wording, one: Scale | Reflection, answered: Answered) -> list[Block]:
    if isinstance(one, Scale):
        return [section(words.mrkdwn("check.scale_answer", point=_point(one, int(answered.answer["value"]))))]
    return [section(clip(words.mrkdwn("check.reflection_answer", text=answered.answer["text"]), LONGEST_QUOTE))]


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
