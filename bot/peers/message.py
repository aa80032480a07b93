"""How a peer group is brought together and finds its time. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from bot.curriculum.markdown import escape
from bot.curriculum.wording import Wording
from bot.slack import codec
from bot.slack.blocks import Block, Drawn, actions, button, context, drawn, header, reading, section

PICK, ANOTHER = "peers_pick", "peers_another"
TRIO = "trio"  # a reason that is true of three only


@dataclass(frozen=True)
class Topic:
    """What a group may talk about: a lesson that all have had."""

    title: str
    text: str  # mrkdwn, with its placeholders
    names: Mapping[str, Any]


@dataclass(frozen=True)
class When:
    """The time of a group: the places and words of those proposals that are still to come, or when they meet."""

    group_id: int
    proposed: Sequence[tuple[int, str]]
    meets: str | None
    may_change: bool


@dataclass(frozen=True)
class Introduction:
    """Those who are brought together, in one line; `organiser` gets it going."""

    names: str
    people: int
    reason: str
    topic: Topic | None
    organiser: str | None
    when: When


def introduction(words: Wording, one: Introduction) -> Drawn:
    """Who they are, why they were brought together, how to use half an hour, and when."""
    reason = "two" if one.reason == TRIO and one.people < 3 else one.reason
    reason = reason if one.people > 1 else "alone"
    title = words.plain("peers.heading", names=one.names)
    hello = words.mrkdwn("peers.hello", names=one.names, reason=words.mrkdwn(f"peers.reason_{reason}"))
    if one.people < 2:  # the other was erased: there is nobody to meet, and nothing to pick
        alone = [header(title), section(hello)]
        return drawn(alone, reading(alone))
    agenda = words.mrkdwn("peers.agenda_three" if one.people > 2 else "peers.agenda_two")
    asked = [] if one.when.meets else [section(_who_begins(words, one.organiser))]
    blocks = [
        header(title), section(f"{hello}\n\n{agenda}"), section(_what(words, one.topic)), *asked,
        *when(words, one.when), context(words.mrkdwn("peers.audience")),
    ]  # fmt: skip
    return drawn(blocks, reading(blocks))


def when(words: Wording, one: When) -> list[Block]:
    """The proposed times to pick from, or the time that was picked."""
    if one.meets is not None:
        change = button(words.plain("peers.change"), ANOTHER, codec.write(one.group_id)) if one.may_change else None
        more = {} if change is None else {"accessory": change}
        return [section(words.mrkdwn("peers.meets", when=one.meets), **more)]
    picks = [
        section(words.mrkdwn("peers.time", when=said), accessory=_pick(words, one.group_id, place, said))
        for place, said in one.proposed
    ]
    return [*picks, actions([another(words, one.group_id)])]


def another(words: Wording, group_id: int) -> Block:
    """The button for a time of one's own."""
    return button(words.plain("peers.another"), ANOTHER, codec.write(group_id))


def opener(words: Wording, others: str, one: When) -> list[Block]:
    """For the organiser, where nobody picked a time: a line to send, and the times once more; unless nobody else is left."""
    if not others:
        return [section(words.mrkdwn("peers.reason_alone"))]
    if one.meets is not None:
        return when(words, one)
    if one.proposed:
        line = words.plain("peers.opener_line", names=others, when=one.proposed[0][1])
    else:
        line = words.plain("peers.opener_line_open", names=others)
    asked = f"{words.mrkdwn('peers.opener', names=others)}\n```{escape(line)}```"
    return [section(asked), *when(words, one), context(words.mrkdwn("peers.opener_audience"))]


def _who_begins(words: Wording, organiser: str | None) -> str:
    if organiser is None:
        return words.mrkdwn("peers.nobody_organises")
    return words.mrkdwn("peers.organiser", name=organiser)


def _what(words: Wording, topic: Topic | None) -> str:
    if topic is None:
        return words.mrkdwn("peers.no_topic")
    return f"{words.mrkdwn('peers.topic', title=topic.title)}\n{words.fill(topic.text, **topic.names)}"


def _pick(words: Wording, group_id: int, place: int, said: str) -> Block:
    label = words.plain("peers.pick_label", when=said)
    return button(words.plain("peers.pick"), f"{PICK}:{place}", codec.write(group_id, place), label=label)
