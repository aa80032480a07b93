"""How a group sets a time of its own, and is asked whether it met. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass

from bot.curriculum.wording import Wording
from bot.peers.asked import Answer, Stage
from bot.peers.message import another
from bot.slack import codec
from bot.slack.blocks import Block, Drawn, actions, button, context, drawn, modal, plain, reading, section

MET = "peers_met"
TRY = "peers_try"
OTHER_SENT = "peers_other_sent"
ON, AT, PICKED = "on", "at", "picked"  # the two fields, and what is picked in each


@dataclass(frozen=True)
class Asked:
    """One question to a group of so many people, and what came of it; asked `again` it is a message of its own."""

    group_id: int
    people: int
    stage: Stage
    answer: Answer | None
    again: bool


def other_time(words: Wording, ids: str, zone: str) -> Block:
    """A day and a time on one's own clock."""
    blocks = [
        _field(words, ON, {"type": "datepicker", "action_id": PICKED}),
        _field(words, AT, {"type": "timepicker", "action_id": PICKED}),
        context(words.mrkdwn("peers.other_audience", zone=zone)),
    ]
    return modal(
        callback_id=OTHER_SENT, title=words.plain("peers.other_title"), submit=words.plain("peers.save"),
        close=words.plain("peers.close"), ids=ids, blocks=blocks,
    )  # fmt: skip


def told(words: Wording, sentence: str) -> Block:
    """A modal of one sentence (mrkdwn)."""
    return modal(
        callback_id="peers_told", title=words.plain("peers.told_title"), close=words.plain("peers.close"),
        blocks=[section(sentence)],
    )  # fmt: skip


def did_you_meet(words: Wording, one: Asked) -> Drawn:
    """The question, or what came of it."""
    question = words.mrkdwn("peers.did_you_meet_again" if one.again else "peers.did_you_meet")
    blocks = [section(question), *_follows(words, one)]
    return drawn(blocks, reading(blocks))


def _follows(words: Wording, one: Asked) -> list[Block]:
    match one.stage:
        case Stage.ASKED:
            return [context(words.mrkdwn("peers.met_audience")), actions(_answers(words, one, tuple(Answer)))]
        case Stage.STILL_TIME:
            left = [answer for answer in Answer if answer is not Answer.NOT_YET]
            buttons = [*_answers(words, one, left), another(words, one.group_id)]
            return [section(words.mrkdwn("peers.met_not_yet")), actions(buttons)]
        case Stage.ASKED_AGAIN:
            return [section(words.mrkdwn("peers.asked_again"))]
        case Stage.LET_GO:
            return [section(words.mrkdwn("peers.met_let_go"))]
        case Stage.ANSWERED:
            return _answered(words, one)


def _answered(words: Wording, one: Asked) -> list[Block]:
    if one.answer not in (Answer.ALL, Answer.SOME):
        return [section(words.mrkdwn("peers.met_could_not"))]
    will_try = button(words.plain("peers.try"), TRY, codec.write(one.group_id), style="primary")
    thanks = section(words.mrkdwn(f"peers.met_{one.answer.value}"))
    return [thanks, actions([will_try]), context(words.mrkdwn("peers.try_audience"))]


def _answers(words: Wording, one: Asked, answers: Sequence[Answer]) -> list[Block]:
    """Of two, neither can meet without the other."""
    return [
        button(words.plain(f"peers.answer_{each.value}"), f"{MET}:{each.value}", codec.write(one.group_id, each.value))
        for each in answers
        if each is not Answer.SOME or one.people > 2
    ]


def _field(words: Wording, name: str, element: Block) -> Block:
    return {
        "type": "input", "block_id": name, "label": plain(words.plain(f"peers.other_{name}"), "label"), "element": element
    }  # fmt: skip
