"""What a message may hold, and how Slack tells of one."""

import html
from typing import TYPE_CHECKING, Any

from bot.sandbox.blocks import MOST_MARKDOWN, MOST_TEXT, complaints, text_size
from bot.sandbox.calls import Call, Json, Refused
from bot.sandbox.shown_files import file_complaints
from bot.sandbox.state import Message

if TYPE_CHECKING:
    from bot.sandbox.server import Sandbox

LONGEST_TEXT = 40_000
LONGEST_TEXT_OF_UPDATE = 4_000
LARGEST_METADATA = 8_000
# Where in a block something stands that can be pressed, and where other blocks stand.
PRESSED_IN = {
    "actions": ("elements",), "context_actions": ("elements",), "card": ("actions",), "section": ("accessory",),
    "input": ("element",),
}  # fmt: skip
INNER_BLOCKS = {"container": "child_blocks", "carousel": "elements"}


def content(call: Call, *, longest_text: int) -> tuple[str, list[Json]]:
    """A call's text and blocks, within Slack's limits."""
    text, blocks = str(call.args.get("text") or ""), call.parsed("blocks") or []
    if markdown := call.args.get("markdown_text"):
        blocks = _markdown(call, str(markdown))
    if not text and not blocks:
        raise Refused("no_text")
    if len(text) > longest_text:
        raise Refused("msg_too_long")
    return text, checked_blocks(call.sandbox, blocks)


def checked_blocks(sandbox: "Sandbox", blocks: Any) -> list[Json]:
    """A message's blocks with all their ids, or Slack's refusal."""
    if found := complaints(blocks, "message") or file_complaints(sandbox, blocks):
        raise Refused("invalid_blocks", errors=found, response_metadata=told(found))
    if text_size(blocks) > MOST_TEXT:
        raise Refused("msg_blocks_too_long")
    return with_ids(sandbox, blocks)


def told(found: list[str]) -> Json:
    """Complaints as Slack words them in an answer."""
    return {"messages": [f"[ERROR] {one}" for one in found]}


def with_ids(sandbox: "Sandbox", blocks: list[Json]) -> list[Json]:
    """Blocks whose every block and pressable element has an id: Slack makes one up where the app gave none."""
    return [_with_ids(sandbox, block) for block in blocks]


def _with_ids(sandbox: "Sandbox", block: Json) -> Json:
    more: Json = {"block_id": block.get("block_id") or sandbox.state.new_name()}
    for place in PRESSED_IN.get(block["type"], ()):
        match block.get(place):
            case list() as several:
                more[place] = [_pressable(sandbox, one) for one in several]
            case dict() as one:
                more[place] = _pressable(sandbox, one)
    if (inner := INNER_BLOCKS.get(block["type"])) is not None:
        more[inner] = with_ids(sandbox, block[inner])
    return {**block, **more}


def _pressable(sandbox: "Sandbox", element: Json) -> Json:
    named = element.get("action_id") or element["type"] == "image"
    return element if named else {**element, "action_id": sandbox.state.new_name()}


def metadata_of(call: Call) -> Json | None:
    """A call's message metadata; None if it has none."""
    metadata = call.parsed("metadata")
    if not metadata:
        return None
    fine = isinstance(metadata, dict) and isinstance(metadata.get("event_type"), str)
    if not fine or not isinstance(metadata.get("event_payload"), dict):
        raise Refused("invalid_metadata_format")
    if len(str(metadata)) > LARGEST_METADATA:
        raise Refused("metadata_too_large")
    return dict(metadata)


def as_slack(sandbox: "Sandbox", message: Message, *, metadata: bool) -> Json:
    """A message as Slack tells of it."""
    answer: Json = {"type": "message", "user": message.user, "ts": message.ts, "text": message.text}
    if message.user == sandbox.bot_user_id:
        answer |= {"bot_id": sandbox.bot_id, "app_id": sandbox.app_id, "team": sandbox.team_id}
    for name in ("blocks", "files", "reactions", "thread_ts"):
        if value := getattr(message, name):
            answer[name] = value
    if message.edited:
        answer["edited"] = {"user": message.user, "ts": message.ts}
    if metadata and message.metadata is not None:
        answer["metadata"] = message.metadata
    return answer


def escaped(thing: Any) -> Any:
    """Blocks as an app gets them back with a click: plain texts are escaped as if they were mrkdwn (slackapi/bolt-python#513)."""
    if isinstance(thing, list):
        return [escaped(one) for one in thing]
    if not isinstance(thing, dict):
        return thing
    told = {name: escaped(value) for name, value in thing.items()}
    return {**told, "text": html.escape(str(told["text"]), quote=False)} if thing.get("type") == "plain_text" else told


def _markdown(call: Call, text: str) -> list[Json]:
    if call.args.get("text") or call.args.get("blocks"):
        raise Refused("markdown_text_conflict")
    if len(text) > MOST_MARKDOWN:
        raise Refused("msg_too_long")
    return [{"type": "markdown", "text": text}]
