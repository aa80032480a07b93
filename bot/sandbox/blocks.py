"""Slack's own limits on blocks, as Slack enforces them: unknown types, missing fields, texts too long, too many of a thing."""

from collections.abc import Iterator
from typing import Any

Json = dict[str, Any]

MOST_BLOCKS = {"message": 50, "modal": 100, "home": 100}
MOST_TEXT = 12_000  # over all blocks of a message, as met in practice
SURFACES = {
    "section": ("message", "modal", "home"),
    "header": ("message", "modal", "home"),
    "context": ("message", "modal", "home"),
    "divider": ("message", "modal", "home"),
    "actions": ("message", "modal", "home"),
    "image": ("message", "modal", "home"),
    "input": ("message", "modal", "home"),
    "rich_text": ("message", "modal", "home"),
    "markdown": ("message",),
    "table": ("message", "home"),
}
# type → (needed, allowed besides)
ELEMENTS: dict[str, tuple[set[str], set[str]]] = {
    "button": ({"text"}, {"action_id", "value", "url", "style", "confirm", "accessibility_label"}),
    "radio_buttons": ({"options"}, {"action_id", "initial_option", "confirm", "focus_on_load"}),
    "checkboxes": ({"options"}, {"action_id", "initial_options", "confirm", "focus_on_load"}),
    "static_select": ({"options"}, {"action_id", "placeholder", "initial_option", "confirm", "focus_on_load"}),
    "overflow": ({"options"}, {"action_id", "confirm"}),
    "users_select": (set(), {"action_id", "placeholder", "initial_user", "confirm", "focus_on_load"}),
    "datepicker": (set(), {"action_id", "placeholder", "initial_date", "confirm", "focus_on_load"}),
    "timepicker": (set(), {"action_id", "placeholder", "initial_time", "timezone", "confirm", "focus_on_load"}),
    "plain_text_input": (
        set(),
        {"action_id", "multiline", "max_length", "min_length", "placeholder", "initial_value", "focus_on_load",
         "dispatch_action_config"},
    ),
    "image": ({"alt_text"}, {"image_url", "slack_file"}),
}  # fmt: skip
BLOCKS: dict[str, tuple[set[str], set[str]]] = {
    "section": (set(), {"text", "fields", "accessory", "expand"}),
    "header": ({"text"}, {"level"}),
    "context": ({"elements"}, set()),
    "divider": (set(), set()),
    "actions": ({"elements"}, set()),
    "image": ({"alt_text"}, {"image_url", "slack_file", "title"}),
    "input": ({"label", "element"}, {"hint", "optional", "dispatch_action"}),
    "rich_text": ({"elements"}, set()),
    "markdown": ({"text"}, set()),
    "table": ({"rows"}, {"column_settings"}),
}
MOST_OPTIONS = {"radio_buttons": 10, "checkboxes": 10, "overflow": 5, "static_select": 100}
LENGTHS = {"action_id": 255, "block_id": 255, "value": 2000, "url": 3000, "accessibility_label": 75, "alt_text": 2000}


def complaints(blocks: Any, surface: str) -> list[str]:
    """What Slack would say about these blocks, each with a pointer to the place; nothing if they are fine."""
    if not isinstance(blocks, list):
        return ["must be an array [json-pointer:/blocks]"]
    found = [f"{what} [json-pointer:/blocks{where}]" for where, what in _blocks(blocks, surface)]
    if len(blocks) > MOST_BLOCKS[surface]:
        found.append(f"no more than {MOST_BLOCKS[surface]} items allowed [json-pointer:/blocks]")
    return found


def text_size(blocks: Any) -> int:
    """The characters of all texts in these blocks."""
    if isinstance(blocks, dict):
        own = len(blocks["text"]) if isinstance(blocks.get("text"), str) else 0
        return own + sum(text_size(value) for value in blocks.values())
    return sum(text_size(one) for one in blocks) if isinstance(blocks, list) else 0


Found = Iterator[tuple[str, str]]


def _blocks(blocks: list[Any], surface: str) -> Found:
    seen: set[str] = set()
    for place, block in enumerate(blocks):
        where = f"/{place}"
        if not isinstance(block, dict) or surface not in SURFACES.get(str(block.get("type")), ()):
            yield f"{where}/type", f"unsupported type: {block.get('type') if isinstance(block, dict) else block}"
            continue
        block_id = block.get("block_id")
        if block_id in seen:
            yield f"{where}/block_id", f"block_id already exists: {block_id}"
        seen |= {block_id} if block_id else set()
        yield from _fields(where, block, BLOCKS[block["type"]], {"block_id"})
        yield from _inside(where, block)


def _fields(where: str, thing: Json, shape: tuple[set[str], set[str]], also: set[str]) -> Found:
    needed, allowed = shape
    for name in needed - thing.keys():
        yield f"{where}/{name}", f"missing required field: {name}"
    for name in thing.keys() - needed - allowed - also - {"type"}:
        yield f"{where}/{name}", f"no more than the known fields allowed: {name}"
    for name, longest in LENGTHS.items():
        if name in thing and not (isinstance(thing[name], str) and 1 <= len(thing[name]) <= longest):
            yield f"{where}/{name}", f"must be between 1 and {longest} characters"


def _inside(where: str, block: Json) -> Found:
    match block["type"]:
        case "section":
            yield from _section(where, block)
        case "header":
            yield from _text(f"{where}/text", block.get("text"), 150, kinds=("plain_text",))
        case "context":
            yield from _context(where, block.get("elements"))
        case "actions":
            yield from _actions(where, block.get("elements"))
        case "input":
            yield from _text(f"{where}/label", block.get("label"), 2000, kinds=("plain_text",))
            if "hint" in block:
                yield from _text(f"{where}/hint", block["hint"], 2000, kinds=("plain_text",))
            yield from _element(f"{where}/element", block.get("element"))


def _section(where: str, block: Json) -> Found:
    if "text" not in block and "fields" not in block:
        yield where, "missing required field: text"
    if "text" in block:
        yield from _text(f"{where}/text", block["text"], 3000)
    for place, one in enumerate(block.get("fields") or ()):
        yield from _text(f"{where}/fields/{place}", one, 2000)
    if len(block.get("fields") or ()) > 10:
        yield f"{where}/fields", "no more than 10 items allowed"
    if "accessory" in block:
        yield from _element(f"{where}/accessory", block["accessory"])


def _context(where: str, elements: Any) -> Found:
    if not isinstance(elements, list) or not 1 <= len(elements) <= 10:
        yield f"{where}/elements", "must have between 1 and 10 items"
        return
    for place, one in enumerate(elements):
        if isinstance(one, dict) and one.get("type") == "image":
            yield from _element(f"{where}/elements/{place}", one)
        else:
            yield from _text(f"{where}/elements/{place}", one, 3000)


def _actions(where: str, elements: Any) -> Found:
    if not isinstance(elements, list) or not 1 <= len(elements) <= 25:
        yield f"{where}/elements", "must have between 1 and 25 items"
        return
    ids = [one.get("action_id") for one in elements if isinstance(one, dict) and one.get("action_id")]
    if len(set(ids)) != len(ids):
        yield f"{where}/elements", "action_id already exists"
    for place, one in enumerate(elements):
        yield from _element(f"{where}/elements/{place}", one)


def _element(where: str, element: Any) -> Found:
    if not isinstance(element, dict) or element.get("type") not in ELEMENTS:
        yield f"{where}/type", "unsupported element type"
        return
    kind = element["type"]
    yield from _fields(where, element, ELEMENTS[kind], set())
    if "text" in element:
        yield from _text(f"{where}/text", element["text"], 75, kinds=("plain_text",))
    if element.get("style") not in (None, "primary", "danger"):
        yield f"{where}/style", "must be a valid enum value"
    if "placeholder" in element:
        yield from _text(f"{where}/placeholder", element["placeholder"], 150, kinds=("plain_text",))
    for name in ("max_length", "min_length"):
        if not 0 <= element.get(name, 0) <= 3000:
            yield f"{where}/{name}", "must be no more than 3000"
    if kind in MOST_OPTIONS:
        yield from _options(where, element.get("options"), MOST_OPTIONS[kind])


def _options(where: str, options: Any, most: int) -> Found:
    if not isinstance(options, list) or not 1 <= len(options) <= most:
        yield f"{where}/options", f"must have between 1 and {most} items"
        return
    for place, one in enumerate(options):
        yield from _text(f"{where}/options/{place}/text", one.get("text"), 75)
        if not isinstance(one.get("value"), str) or not 1 <= len(one["value"]) <= 150:
            yield f"{where}/options/{place}/value", "must be between 1 and 150 characters"
    if len({one.get("value") for one in options}) != len(options):
        yield f"{where}/options", "values must be unique"


def _text(where: str, text: Any, longest: int, kinds: tuple[str, ...] = ("plain_text", "mrkdwn")) -> Found:
    if not isinstance(text, dict) or text.get("type") not in kinds:
        yield where, f"must be a text object of type {' or '.join(kinds)}"
    elif not isinstance(text.get("text"), str) or not 1 <= len(text["text"]) <= longest:
        yield f"{where}/text", f"must be between 1 and {longest} characters"
    elif unknown := text.keys() - {"type", "text", "emoji", "verbatim"}:
        yield where, f"unknown fields: {', '.join(sorted(unknown))}"
