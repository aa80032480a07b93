"""How it looks when a promise is asked after: three answers, a line of one's own, or a new day. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

from bot.actions.rules import NewDay, Stage, Status
from bot.curriculum.wording import Wording
from bot.slack import codec
from bot.slack.blocks import Block, actions, button, context, modal, section, text_input

ANSWER = "follow_up"  # the start of all six buttons' actions
ADD_NOTE, NOTED, NOTE = "action_note", "action_noted", "note"
SHARE, UNSHARE = "action_note_share", "action_note_unshare"
WRITTEN = "written"


@dataclass(frozen=True)
class FollowUp:
    """A promise as its follow-up shows it; `wanted` and `question` are mrkdwn, days are in words."""

    message_id: UUID  # where it stands
    promise_id: int
    round_number: int
    stage: Stage
    status: str | None
    wanted: str
    due: str
    question: str
    note: str | None
    shared: bool
    mentor: str | None
    mentor_id: int


def follow_up(words: Wording, one: FollowUp) -> list[Block]:
    """The question, or what has become of it."""
    quoted = "\n".join(f"> {line}" for line in one.wanted.splitlines())
    match one.stage:
        case Stage.ASKED:
            asked = f"{words.mrkdwn('action.asked', day=one.due)}\n{quoted}\n{words.mrkdwn('action.did_you')}"
            audience = "action.asked_audience" if one.mentor else "action.asked_audience_alone"
            return [section(asked), context(words.mrkdwn(audience)), actions(_buttons(words, one, Status))]
        case Stage.ANSWERED:
            head = f"{quoted}\n{words.mrkdwn(f'action.answered_{one.status}')}"
            return [section(head), *(_note(words, one) if one.note else _may_add(words, one))]
        case Stage.NEEDS_DAY:
            return [section(f"{quoted}\n{words.mrkdwn('action.new_day')}"), actions(_buttons(words, one, NewDay))]
        case Stage.MOVED:
            return [section(f"{quoted}\n{words.mrkdwn('action.moved', due=one.due)}")]
        case Stage.LET_GO:
            return [section(f"{quoted}\n{words.mrkdwn('action.was_let_go')}")]


def note(words: Wording, question: str, ids: str, longest: int) -> Block:
    """Where the line is written. `question` is mrkdwn."""
    field = text_input(
        words.plain("action.note_label"), WRITTEN, NOTE, hint=words.plain("action.note_hint"), longest=longest
    )
    field["element"]["multiline"] = False
    return modal(
        callback_id=NOTED, title=words.plain("action.note_title"), submit=words.plain("action.note_save"),
        close=words.plain("action.close"), ids=ids, blocks=[section(question), field],
    )  # fmt: skip


def _buttons(words: Wording, one: FollowUp, choices: type[Status] | type[NewDay]) -> list[Block]:
    ids = codec.write(one.message_id, one.promise_id, one.round_number)
    return [
        button(words.plain(f"action.{choice.value}"), f"{ANSWER}_{choice.value}", f"{ids}:{choice.value}")
        for choice in choices
    ]


def _may_add(words: Wording, one: FollowUp) -> list[Block]:
    add = button(words.plain("action.add_note"), ADD_NOTE, codec.write(one.message_id, one.promise_id))
    return [section(one.question, accessory=add), context(words.mrkdwn("action.note_audience"))]


def _note(words: Wording, one: FollowUp) -> list[Block]:
    """The line, and who sees it; with a mentor, the button that changes that."""
    line = section(f"{one.question}\n{words.mrkdwn('action.note_kept', note=one.note)}")
    if one.mentor is None:
        return [line, context(words.mrkdwn("action.note_yours"))]
    ids = codec.write(one.message_id, one.promise_id)
    names: Mapping[str, str] = {"mentor": one.mentor}
    if one.shared:
        change = button(words.plain("check.unshare"), UNSHARE, ids)
        return [line, section(words.mrkdwn("action.note_shared", **names), accessory=change)]
    change = button(words.plain("check.share", **names), SHARE, f"{ids}:{one.mentor_id}")
    return [line, section(words.mrkdwn("action.note_yours"), accessory=change)]
