"""How a peer group is brought together, and asked whether it met. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from bot.curriculum.wording import Wording
from bot.slack import codec
from bot.slack.blocks import Drawn, actions, button, context, drawn, header, section

MET = "peers_met"
ANSWERS = ("all", "some", "not_yet", "could_not")


@dataclass(frozen=True)
class Topic:
    """What a group may talk about: a lesson that all have had."""

    title: str
    text: str  # mrkdwn, with its placeholders
    names: Mapping[str, Any]


def introduction(words: Wording, *, first_names: Sequence[str], reason: str, topic: Topic | None) -> Drawn:
    """Who they are, why they were brought together, and what to talk about."""
    title = words.plain("peers.heading", names=_list(words, first_names))
    hello = words.mrkdwn("peers.hello", names=_list(words, first_names), reason=words.mrkdwn(f"peers.reason_{reason}"))
    if topic is None:
        what = words.mrkdwn("peers.no_topic")
    else:
        text = words.fill(topic.text, **topic.names)
        what = f"{words.mrkdwn('peers.topic', title=topic.title)}\n{text}"
    audience = words.mrkdwn("peers.audience")
    return drawn(
        [header(title), section(hello), section(what), context(audience)], f"{title}\n{hello}\n{what}\n{audience}"
    )


def did_you_meet(words: Wording, group_id: int, answer: str | None) -> Drawn:
    """The question a week later, or the thanks for its answer."""
    question = words.mrkdwn("peers.did_you_meet")
    if answer is not None:
        thanks = words.mrkdwn(f"peers.met_{answer}")
        return drawn([section(question), section(thanks)], f"{question}\n{thanks}")
    buttons = [
        button(words.plain(f"peers.answer_{one}"), f"{MET}:{one}", codec.write(group_id, one)) for one in ANSWERS
    ]
    audience = words.mrkdwn("peers.met_audience")
    return drawn([section(question), context(audience), actions(buttons)], f"{question}\n{audience}")


def _list(words: Wording, names: Sequence[str]) -> str:
    return f"{', '.join(names[:-1])} {words.plain('peers.and')} {names[-1]}"
