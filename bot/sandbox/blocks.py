"""Slack's own limits on blocks, as Slack enforces them: unknown types, missing fields, texts too long, too many of a thing."""

from typing import Any

from bot.sandbox import charts
from bot.sandbox.elements import AS_ACCESSORY, BUTTON, ID, IMAGE, IN_ACTIONS, IN_CONTEXT_ACTIONS, IN_INPUT, SLACK_FILE
from bot.sandbox.shapes import (
    Check,
    Found,
    all_of,
    any_field,
    anything,
    by_type,
    flag,
    items,
    one_of,
    plain,
    shape,
    string,
    text,
    whole,
)  # fmt: skip

Json = dict[str, Any]

MOST_BLOCKS = {"message": 50, "modal": 100, "home": 100}
MOST_TEXT = 12_000  # over all blocks of a message, as met in practice
MOST_MARKDOWN = 12_000
EVERYWHERE = ("message", "modal", "home")
SURFACES = {
    "section": EVERYWHERE, "header": EVERYWHERE, "context": EVERYWHERE, "divider": EVERYWHERE, "actions": EVERYWHERE,
    "image": EVERYWHERE, "input": EVERYWHERE, "rich_text": EVERYWHERE, "video": EVERYWHERE, "card": EVERYWHERE,
    "alert": ("modal",), "carousel": ("message", "home"), "container": ("message", "home"), "table": ("message", "home"),
    "data_table": ("message", "home"), "data_visualization": ("message",), "markdown": ("message",),
    "context_actions": ("message",), "task_card": ("message",), "plan": ("message",), "file": ("message",),
}  # fmt: skip
IN_CONTAINER = (
    "actions", "context", "divider", "file", "header", "image", "input", "rich_text", "section", "table", "video",
)  # fmt: skip


def _block(needed: str = "", **fields: Check) -> Check:
    return shape(needed, block_id=ID, **fields)


def _own_action_ids(where: str, block: Any, found: Found) -> None:
    elements = block.get("elements") if isinstance(block, dict) else None
    if not isinstance(elements, list):
        return  # the shape says so already
    ids = [one["action_id"] for one in elements if isinstance(one, dict) and one.get("action_id")]
    if len(set(map(str, ids))) != len(ids):
        found.append((f"{where}/elements", "action_id already exists"))


_RICH = charts.RICH_TEXT
_CARD = all_of(
    _block(
        hero_image=IMAGE, icon=anything, slack_icon=anything, title=text(150), subtitle=text(150), body=text(200),
        subtext=text(200), actions=items(1, 3, BUTTON),
    ),
    any_field("hero_image", "title", "body", "actions"),
)  # fmt: skip
_TASK = _block(
    "task_id title", task_id=ID, title=string(3000), status=one_of("pending", "in_progress", "complete", "error"),
    details=by_type(rich_text=_RICH), output=by_type(rich_text=_RICH), sources=items(1, 100, anything),
)  # fmt: skip
_BASIC: dict[str, Check] = {
    "section": all_of(
        _block(text=text(3000), fields=items(1, 10, text(2000)), accessory=AS_ACCESSORY, expand=flag),
        any_field("text", "fields"),
    ),
    "header": _block("text", text=plain(150), level=whole(1, 4)),
    "context": _block("elements", elements=items(1, 10, by_type(
        image=IMAGE, plain_text=plain(3000), mrkdwn=text(3000)))),
    "divider": _block(),
    "actions": all_of(_block("elements", elements=items(1, 25, IN_ACTIONS)), _own_action_ids),
    "image": all_of(
        _block("alt_text", image_url=string(3000), slack_file=SLACK_FILE, alt_text=string(2000), title=plain(2000)),
        any_field("image_url", "slack_file", only=True),
    ),
    "input": _block(
        "label element", label=plain(2000), element=IN_INPUT, hint=plain(2000), optional=flag, dispatch_action=flag
    ),
    "rich_text": _RICH,
    "table": charts.TABLE,
    "file": _block("external_id source", external_id=ID, source=one_of("remote")),
    "video": _block(
        "title alt_text thumbnail_url video_url", title=plain(200), alt_text=string(2000), description=plain(200),
        thumbnail_url=string(3000), video_url=string(3000), title_url=string(3000), author_name=string(50),
        provider_name=string(50), provider_icon_url=string(3000),
    ),
}  # fmt: skip
BLOCKS: dict[str, Check] = {
    **_BASIC,
    "alert": _block("text", text=text(200), level=one_of("default", "info", "warning", "error", "success")),
    "card": _CARD,
    "carousel": _block("elements", elements=items(1, 10, by_type(card=_CARD))),
    "container": all_of(
        _block(
            "child_blocks", title=plain(150), rich_text_title=by_type(rich_text=_RICH), subtitle=plain(150),
            child_blocks=items(1, 10, by_type(**{name: _BASIC[name] for name in IN_CONTAINER})), icon=anything,
            width=one_of("narrow", "standard", "wide", "full"), is_collapsible=flag, default_collapsed=flag,
            has_header_divider=flag,
        ),
        any_field("title", "rich_text_title", only=True),
    ),
    "context_actions": all_of(_block("elements", elements=items(1, 5, IN_CONTEXT_ACTIONS)), _own_action_ids),
    "data_table": charts.DATA_TABLE,
    "data_visualization": charts.DATA_VISUALIZATION,
    "markdown": _block("text", text=string(MOST_MARKDOWN)),
    "plan": _block("title", title=string(3000), tasks=items(1, 50, by_type(task_card=_TASK))),
    "task_card": _TASK,
}  # fmt: skip
_ON = {
    surface: by_type(**{kind: BLOCKS[kind] for kind, on in SURFACES.items() if surface in on})
    for surface in MOST_BLOCKS
}


def complaints(blocks: Any, surface: str, root: str = "/blocks") -> list[str]:
    """What Slack would say about these blocks, each with a pointer to the place; nothing if they are fine."""
    found: Found = []
    items(0, MOST_BLOCKS[surface], _ON[surface])(root, blocks, found)
    if isinstance(blocks, list):
        _own_block_ids(root, blocks, found)
        _altogether(root, [one for one in blocks if isinstance(one, dict)], found)
    return [f"{what} [json-pointer:{where}]" for where, what in found]


def text_size(blocks: Any) -> int:
    """The characters of all texts in these blocks."""
    if isinstance(blocks, dict):
        own = len(blocks["text"]) if isinstance(blocks.get("text"), str) else 0
        return own + sum(text_size(value) for value in blocks.values() if isinstance(value, dict | list))
    return sum(text_size(one) for one in blocks) if isinstance(blocks, list) else 0


def _own_block_ids(root: str, blocks: list[Any], found: Found) -> None:
    seen: set[str] = set()
    for place, block in enumerate(blocks):
        block_id = str(block.get("block_id") or "") if isinstance(block, dict) else ""
        if block_id in seen:
            found.append((f"{root}/{place}/block_id", f"block_id already exists: {block_id}"))
        seen |= {block_id} if block_id else set()


def _altogether(root: str, blocks: list[Json], found: Found) -> None:
    """What is limited over all blocks of a kind."""
    of_kind = [str(block.get("type")) for block in blocks]
    if of_kind.count("data_visualization") > charts.MOST_CHARTS:
        found.append((root, f"no more than {charts.MOST_CHARTS} data_visualization blocks allowed"))
    for kind, most in (("markdown", MOST_MARKDOWN), ("table", 10_000), ("data_table", 20_000)):
        if kind in of_kind and text_size([one for one in blocks if one.get("type") == kind]) > most:
            found.append((root, f"{kind} blocks must have less than {most + 1} characters altogether"))
