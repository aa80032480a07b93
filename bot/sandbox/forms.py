"""What can be pressed, picked or filled in in blocks, and what stands in it."""

from collections.abc import Iterator
from typing import Any

from bot.sandbox.elements import options_of

Json = dict[str, Any]
State = dict[str, dict[str, Any]]  # block id → action id → what is picked or typed there

# type → under which name Slack tells what is picked
PICKED = {
    "radio_buttons": "selected_option", "static_select": "selected_option", "external_select": "selected_option",
    "overflow": "selected_option", "checkboxes": "selected_options", "multi_static_select": "selected_options",
    "multi_external_select": "selected_options", "users_select": "selected_user",
    "multi_users_select": "selected_users", "conversations_select": "selected_conversation",
    "multi_conversations_select": "selected_conversations", "channels_select": "selected_channel",
    "multi_channels_select": "selected_channels", "datepicker": "selected_date", "timepicker": "selected_time",
    "datetimepicker": "selected_date_time", "plain_text_input": "value", "email_text_input": "value",
    "url_text_input": "value", "number_input": "value", "rich_text_input": "rich_text_value", "file_input": "files",
}  # fmt: skip
HOLDING = PICKED.keys() - {"overflow"}  # an overflow menu forgets what was picked
BY_OPTION = {kind for kind, name in PICKED.items() if name.startswith("selected_option")}
MANY = {kind for kind, name in PICKED.items() if name.endswith("s")}
INITIAL = ("initial_date", "initial_time", "initial_date_time", "initial_user", "initial_users", "initial_value",
           "initial_conversation", "initial_conversations", "initial_channel", "initial_channels")  # fmt: skip


class NotThere(Exception):
    """There is nothing like that to click or to pick."""


def elements(block: Json) -> Iterator[Json]:
    """What can be pressed, picked or filled in in a block."""
    for one in (*(block.get("elements") or ()), block.get("accessory"), block.get("element")):
        if isinstance(one, dict) and one.get("action_id"):
            yield one


def find(blocks: list[Json], action_id: str, block_id: str | None) -> tuple[Json, Json] | None:
    """The block and the element of that id; in any block unless one is named."""
    for block in _flat(blocks):
        if block_id in (None, block.get("block_id")):
            for element in elements(block):
                if element["action_id"] == action_id:
                    return block, element
    return None


def values(blocks: list[Json], picks: State) -> State:
    """`state.values` as Slack tells of it: what is picked or typed, else what stood there at first."""
    told: State = {}
    for block in _flat(blocks):
        for element in elements(block):
            kind, action_id = element["type"], element["action_id"]
            if kind in HOLDING:
                held = picks.get(block["block_id"], {})
                value = picked(element, held[action_id]) if action_id in held else initial(element)
                told.setdefault(block["block_id"], {})[action_id] = {"type": kind, PICKED[kind]: value}
    return told


def picked(element: Json, selected: Any) -> Any:
    """What is picked, as Slack tells of it: whole options rather than their values. NotThere for no option of it."""
    kind = element["type"]
    if kind in MANY:
        chosen = [selected] if isinstance(selected, str) else list(selected or ())
        return [_option(element, one) for one in chosen] if kind in BY_OPTION else chosen
    if isinstance(selected, list):
        selected = selected[0] if selected else None
    if selected in (None, ""):
        return None
    return _option(element, selected) if kind in BY_OPTION else selected


def stretched(element: Json, selected: Any) -> Json:
    """An element as an old client may still show it: with an option that is no longer there. The same one if it is there."""
    known = {option["value"] for option in options_of(element)}
    chosen = [selected] if isinstance(selected, str) else list(selected or ())
    more = [{"text": {"type": "plain_text", "text": one}, "value": one} for one in chosen if one not in known]
    if element["type"] not in BY_OPTION or not more:
        return element
    return {**element, "options": [*options_of(element), *more]}


def initial(element: Json) -> Any:
    """What stands in an element that nobody touched."""
    if element["type"] in BY_OPTION:
        return element.get("initial_options", []) if element["type"] in MANY else element.get("initial_option")
    empty: Any = [] if element["type"] in MANY else None
    return next((element[name] for name in INITIAL if name in element), empty)


def merged(first: State, then: State | None) -> State:
    """Picks, with later ones over them."""
    both = {block: dict(held) for block, held in first.items()}
    for block, held in (then or {}).items():
        both.setdefault(block, {}).update(held)
    return both


def _option(element: Json, value: str) -> Json:
    for option in options_of(element):
        if option["value"] == value:
            return option
    if element["type"].endswith("external_select"):
        return {"text": {"type": "plain_text", "text": value}, "value": value}
    raise NotThere(f"there is no option «{value}» in «{element['action_id']}»")


def _flat(blocks: list[Json]) -> Iterator[Json]:
    """All blocks, also those inside of others."""
    for block in blocks:
        yield block
        if block["type"] == "container":
            yield from block["child_blocks"]
        elif block["type"] == "card":
            yield {"block_id": block.get("block_id"), "elements": block.get("actions", ())}
        elif block["type"] == "carousel":
            yield from _flat(block["elements"])
