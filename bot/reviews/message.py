"""How a review looks: a few questions, each with its answer once it is given. Pure."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from bot.curriculum.model import Choice
from bot.curriculum.wording import Wording
from bot.slack.blocks import Block, Drawn, clip, context, divider, drawn, header, reading, section

KIND = "review"
MOST_TEXT = 8000  # of all questions with their answers: Slack refuses a message with much more
AROUND = 300  # what stands around a question


@dataclass(frozen=True)
class Asked:
    """One question of a review: what fills its placeholders, and its ids; `answered` is the checks' own, or None."""

    lesson_title: str
    choice: Choice
    names: Mapping[str, Any]
    ids: str
    seed: str
    answered: Any
    correct: bool | None


# Draws a choice as a question, or with its answer: the checks' own way, handed over.
DrawChoice = Callable[..., list[Block]]


def review(
    words: Wording,
    asked: Sequence[Asked],
    *,
    ask: DrawChoice,
    next_at: str | None,
) -> Drawn:
    """The week's questions in their order. What waits had its one reminder: it is not said here again."""
    blocks: list[Block] = [
        header(words.plain("review.heading")),
        context(words.mrkdwn("review.intro", count=len(asked)), words.mrkdwn("check.audience")),
    ]
    for one in asked:
        blocks += [
            divider(),
            context(words.mrkdwn("review.from", title=one.lesson_title), *_how(words, one)),
            *ask(words, one.choice, one.ids, one.names, one.answered, kind=KIND, seed=one.seed, how=False),
        ]
    if asked and all(one.correct is not None for one in asked):
        right = sum(bool(one.correct) for one in asked)
        blocks += [divider(), section(words.mrkdwn("review.done", right=right, count=len(asked), when=next_at or ""))]
    return drawn(blocks, clip(reading(blocks), 3900))


def _how(words: Wording, one: Asked) -> list[str]:
    """How to answer, beside where it comes from: five questions, and what rides along, are as many blocks as Slack takes."""
    if one.answered is not None:
        return []
    return [words.mrkdwn("check.how_several" if one.choice.several else "check.how")]


def that_fit(choices: Sequence[Choice]) -> int:
    """How many of these questions, from the first on, one message holds, asked or answered at greatest length; at least one."""
    size = 0
    for place, one in enumerate(choices):
        size += _longest(one)
        if size > MOST_TEXT and place:
            return place
    return len(choices)


def _longest(one: Choice) -> int:
    asked = sum(len(option.text) for option in one.options)
    told = sorted((len(option.text) + len(option.feedback) for option in one.options), reverse=True)
    answered = sum(told if one.several else told[:2])  # what was picked, and what would have been better
    return AROUND + len(one.prompt) + max(asked, answered)
