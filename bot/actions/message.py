"""How an action looks: as an offer, as the plan that makes it one's own, and as a promise. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from bot.curriculum.markdown import escape
from bot.curriculum.model import Action
from bot.curriculum.wording import Wording
from bot.slack import codec
from bot.slack.blocks import Block, actions, button, context, modal, plain, section, text_input

PROMISE = "action_promise"
PLANNED, PLANNED_TOGETHER = "action_planned", "action_planned_together"  # from a lesson, and from a meeting
PLAN, WHEN, FILLED = "plan", "when", "filled"  # the two fields, and the action in each


@dataclass(frozen=True)
class Plan:
    """A plan to begin with: the action as it would be typed, and a day."""

    text: str
    on: date
    longest: int
    has_mentor: bool


def offer(
    words: Wording, action: Action, message_id: str, names: Mapping[str, Any], *, has_mentor: bool
) -> list[Block]:
    """What to try, who would see it, and the button that promises it."""
    text = words.fill(action.text, **names)
    return [
        section(f"{words.mrkdwn('action.heading')}\n{text}"),
        context(words.mrkdwn("action.audience" if has_mentor else "action.audience_alone")),
        actions([button(words.plain("action.promise"), PROMISE, codec.write(message_id), style="primary")]),
    ]


def plan(words: Wording, one: Plan, message_id: str) -> Block:
    """The if-then in one's own words and its day, both filled in already: to send it is one more click."""
    return _plan(words, one, PLANNED, codec.write(message_id))


def plan_after_meeting(words: Wording, one: Plan, group_id: int) -> Block:
    """The same for what came up in a peer group, which does not see it."""
    view = _plan(words, one, PLANNED_TOGETHER, codec.write(group_id))
    view["blocks"].append(context(words.mrkdwn("action.group_audience")))
    return view


def _plan(words: Wording, one: Plan, callback_id: str, ids: str) -> Block:
    typed = text_input(
        words.plain("action.plan_label"), FILLED, PLAN, hint=words.plain("action.plan_hint"), longest=one.longest
    )
    typed["element"]["initial_value"] = one.text
    when = {
        "type": "input",
        "block_id": WHEN,
        "label": plain(words.plain("action.when_label"), "label"),
        "element": {"type": "datepicker", "action_id": FILLED, "initial_date": one.on.isoformat()},
    }
    audience = context(words.mrkdwn("action.plan_audience" if one.has_mentor else "action.plan_audience_alone"))
    return modal(
        callback_id=callback_id, title=words.plain("action.plan_title"), submit=words.plain("action.save"),
        close=words.plain("action.close"), ids=ids, blocks=[typed, when, audience],
    )  # fmt: skip


def told(words: Wording, title: str, sentence: str) -> Block:
    """A modal of one sentence (mrkdwn)."""
    return modal(
        callback_id="action_told", title=words.plain(title), close=words.plain("action.done"),
        blocks=[section(sentence)],
    )  # fmt: skip


def promised(words: Wording, wanted: str, status: str) -> list[Block]:
    """What was promised (mrkdwn), and how it stands."""
    return [section(f"{words.mrkdwn('action.heading')}\n{wanted}"), context(status)]


def wanted(words: Wording, text: str, own: str | None, names: Mapping[str, Any]) -> str:
    """A promise as mrkdwn: the lesson's text, or what someone typed, which is harmless in it."""
    return words.fill(text, **names) if own is None else escape(own)
