"""Block Kit as plain dicts, within Slack's limits. The SDK's own classes turn what they don't know into null."""

import re
from collections.abc import Mapping, Sequence
from typing import Any

Block = dict[str, Any]
Drawn = tuple[str, list[Block]]  # the text that says everything, and the blocks

TEXT_LIMIT = 4000  # of the top-level text
SECTION_LIMIT = 3000
ALT_LIMIT = 1000  # of an uploaded file; a block would take twice as much
_HALF_ENTITY = re.compile(r"&[a-z]{0,3}$")
MENU_LIMIT = 100  # options of a menu, or of each of its groups
HALF_A_LABEL = 36
SURE_LIMIT = 300  # of what is asked before a press counts
PLAIN_LIMITS = {
    "header": 150, "button": 75, "option": 75, "title": 24, "label": 2000, "placeholder": 150,
    "sure_title": 100, "sure": 30,
}  # fmt: skip


def clip(text: str, limit: int) -> str:
    """The text, at most `limit` characters of it, with an ellipsis where it was cut; never within `&amp;`."""
    return text if len(text) <= limit else _HALF_ENTITY.sub("", text[: limit - 1]).rstrip() + "…"


def plain(text: str, kind: str) -> Block:
    """A text object without markup, cut to what Slack shows in that place."""
    return {"type": "plain_text", "text": clip(text, PLAIN_LIMITS[kind]), "emoji": True}


def mrkdwn(text: str) -> Block:
    """A text object with Slack's markup. Nothing that a person typed may be in it unescaped."""
    return {"type": "mrkdwn", "text": clip(text, SECTION_LIMIT)}


def header(text: str) -> Block:
    """A heading."""
    return {"type": "header", "text": plain(text, "header")}


def section(text: str, **more: Any) -> Block:
    """A paragraph."""
    return {"type": "section", "text": mrkdwn(text), **more}


def context(*texts: str) -> Block:
    """A line in small print."""
    return {"type": "context", "elements": [mrkdwn(text) for text in texts]}


def image(file_id: str, alt: str, title: str | None = None) -> Block:
    """A picture that was uploaded: Slack's id of it, what it shows, and what it is called."""
    extra = {} if title is None else {"title": plain(title, "label")}
    return {"type": "image", "slack_file": {"id": file_id}, "alt_text": alt, **extra}


def divider() -> Block:
    """A line across."""
    return {"type": "divider"}


def actions(elements: Sequence[Block], block_id: str | None = None) -> Block:
    """A row of things to press or pick."""
    named = {} if block_id is None else {"block_id": block_id}
    return {"type": "actions", **named, "elements": list(elements)}


def button(text: str, action_id: str, value: str, *, style: str | None = None, label: str | None = None) -> Block:
    """A button; `value` holds ids only. `label` is what a screen reader says."""
    extra: Block = {}
    if style is not None:
        extra["style"] = style
    if label is not None:
        extra["accessibility_label"] = clip(label, 75)
    return {"type": "button", "text": plain(text, "button"), "action_id": action_id, "value": value, **extra}


def sure(title: str, text: str, yes: str, no: str) -> Block:
    """What is asked before a press counts, for the `confirm` of a button; `text` is mrkdwn, the others plain."""
    return {
        "title": plain(title, "sure_title"),
        "text": {"type": "mrkdwn", "text": clip(text, SURE_LIMIT)},
        "confirm": plain(yes, "sure"),
        "deny": plain(no, "sure"),
    }


def picker(action_id: str, options: Sequence[tuple[str, str]], *, several: bool) -> Block:
    """Radio buttons, or checkboxes where several may be picked; options are (id, text)."""
    return {
        "type": "checkboxes" if several else "radio_buttons",
        "action_id": action_id,
        "options": [{"text": plain(text, "option"), "value": value} for value, text in options],
    }


def overflow(action_id: str, options: Sequence[tuple[str, str]]) -> Block:
    """The menu behind «⋯»; options are (id, text), at most five."""
    return {
        "type": "overflow",
        "action_id": action_id,
        "options": [{"text": plain(text, "option"), "value": value} for value, text in options],
    }


def text_input(label: str, action_id: str, block_id: str, *, hint: str | None = None, longest: int = 3000) -> Block:
    """A field of several lines in a modal."""
    element = {"type": "plain_text_input", "action_id": action_id, "multiline": True, "max_length": longest}
    extra = {} if hint is None else {"hint": plain(hint, "label")}
    return {"type": "input", "block_id": block_id, "label": plain(label, "label"), "element": element, **extra}


def modal(
    *, callback_id: str, title: str, blocks: Sequence[Block], close: str, submit: str | None = None, ids: str = ""
) -> Block:
    """A modal view; `ids` comes back with the submission (ids only: it is the client's word)."""
    sending = {} if submit is None else {"submit": plain(submit, "title")}
    return {
        "type": "modal",
        "callback_id": callback_id,
        "title": plain(title, "title"),
        "close": plain(close, "title"),
        "blocks": list(blocks),
        "private_metadata": ids,
        **sending,
    }


def menu(action_id: str, options: Sequence[tuple[str, str]]) -> Block:
    """A menu to pick one from; options are (id, text). It has room for a hundred, and for more of them in groups of as many,
    each called by its first and its last: nobody is missing from it."""
    made = [{"text": plain(text, "option"), "value": value} for value, text in options]
    chosen: Block = {"type": "static_select", "action_id": action_id}
    if len(made) <= MENU_LIMIT:
        return {**chosen, "options": made}
    groups = [made[place : place + MENU_LIMIT] for place in range(0, len(made), MENU_LIMIT)]
    return {**chosen, "option_groups": [{"label": _ends_of(group), "options": group} for group in groups]}


def _ends_of(group: Sequence[Block]) -> Block:
    first, last = (str(one["text"]["text"]) for one in (group[0], group[-1]))
    return plain(f"{clip(first, HALF_A_LABEL)} – {clip(last, HALF_A_LABEL)}", "option")


def the_only(options: Sequence[tuple[str, str]]) -> str:
    """The id of the only one there is, for `ids` of a modal that does not ask which; empty where there is a choice."""
    return options[0][0] if len(options) == 1 else ""


def drawn(blocks: Sequence[Block | None], text: str) -> Drawn:
    """A message of those blocks that are there; `text` says the same for notifications and screen readers."""
    return clip(text, TEXT_LIMIT), [block for block in blocks if block is not None]


def reading(blocks: Sequence[Mapping[str, Any]]) -> str:
    """What a screen reader should say for these blocks: their texts and the options, in order."""
    return "\n".join(line for block in blocks for line in _lines(block))


def _lines(block: Mapping[str, Any]) -> list[str]:
    if block["type"] in ("header", "section"):
        return [block["text"]["text"]]
    if block["type"] == "context":
        return [element["text"] for element in block["elements"] if "text" in element]
    return [
        f"• {option['text']['text']}"
        for element in block.get("elements", ())
        if element["type"] != "overflow"  # a menu says nothing by itself
        for option in element.get("options", ())
    ]
