"""How the small questions look: with their buttons, or with what was answered. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from bot.curriculum.wording import Wording
from bot.pulses.rules import COUNTS, SURE, shown
from bot.slack import codec
from bot.slack.blocks import Block, actions, button, context, section

CONFIDENT, COUNTED = "pulse_confidence", "pulse_count"
SHARE, UNSHARE = "trend_share", "trend_unshare"


@dataclass(frozen=True)
class Confidence:
    """How sure someone feels in an area, 1 to 5: now, and the last time before; None where nothing was said."""

    area_id: str
    title: str
    value: int | None
    last: int | None


@dataclass(frozen=True)
class Count:
    """One of the two numbers; None as long as it was not given."""

    question: str
    value: int | None


@dataclass(frozen=True)
class Trend:
    """How both numbers changed. `mentor` is a first name, or None where there is nobody to share it with."""

    deals: str
    talks: str
    mentor: str | None
    mentor_id: int
    shared: bool


@dataclass(frozen=True)
class LettingGo:
    """Both numbers, and what they add up to once both are in."""

    weeks: int
    is_first: bool
    counts: Sequence[Count]
    trend: Trend | None


def pulse(words: Wording, message_id: UUID, asked: Sequence[Confidence]) -> list[Block]:
    """One question an area, each with five buttons or its answer beside the last one."""
    blocks = [section(words.mrkdwn("pulse.heading"))]
    for one in asked:
        blocks += _answered(words, one) if one.value is not None else _asked(words, message_id, one)
    return [*blocks, context(words.mrkdwn("pulse.audience"))]


def letting_go(words: Wording, message_id: UUID, one: LettingGo) -> list[Block]:
    """Two questions, one tap each; after both, how they changed."""
    head = words.mrkdwn("pulse.letting_go", weeks=one.weeks)
    why = [context(words.mrkdwn("pulse.letting_go_why"))] if one.is_first else []
    blocks = [section(head), *why]
    for count in one.counts:
        blocks += _count(words, message_id, count)
    if one.trend is None:
        return [*blocks, context(words.mrkdwn("pulse.letting_go_audience"))]
    return [section(head), *_trend(words, message_id, one.trend)]


def _asked(words: Wording, message_id: UUID, one: Confidence) -> list[Block]:
    ids = codec.write(message_id, one.area_id)
    points = [
        button(str(value), f"{CONFIDENT}:{value}", f"{ids}:{value}", label=words.plain("pulse.point", value=value))
        for value in SURE
    ]
    return [section(words.mrkdwn("pulse.question", area=one.title)), actions(points, block_id=f"pulse:{ids}")]


def _answered(words: Wording, one: Confidence) -> list[Block]:
    if one.last is None:
        return [section(words.mrkdwn("pulse.answer", area=one.title, value=one.value))]
    return [section(words.mrkdwn("pulse.answer_then", area=one.title, value=one.value, last=one.last))]


def _count(words: Wording, message_id: UUID, one: Count) -> list[Block]:
    if one.value is not None:
        return [section(words.mrkdwn(f"pulse.{one.question}_answer", value=shown(one.value)))]
    ids = codec.write(message_id, one.question)
    taps = [button(shown(value), f"{COUNTED}:{value}", f"{ids}:{value}") for value in COUNTS]
    return [section(words.mrkdwn(f"pulse.{one.question}")), actions(taps, block_id=f"pulse:{ids}")]


def _trend(words: Wording, message_id: UUID, one: Trend) -> list[Block]:
    line = section(words.mrkdwn("pulse.trend", deals=one.deals, talks=one.talks))
    if one.mentor is None:
        return [line, context(words.mrkdwn("pulse.trend_yours"))]
    if one.shared:
        change = button(words.plain("check.unshare"), UNSHARE, codec.write(message_id))
        return [line, section(words.mrkdwn("pulse.trend_shared", mentor=one.mentor), accessory=change)]
    change = button(words.plain("check.share", mentor=one.mentor), SHARE, codec.write(message_id, one.mentor_id))
    return [line, section(words.mrkdwn("pulse.trend_yours"), accessory=change)]
