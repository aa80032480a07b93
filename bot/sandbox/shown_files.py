"""Pictures in blocks: what Slack says of the files that blocks show, and which of them people see."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from bot.sandbox.server import Sandbox
    from bot.sandbox.state import Channel, Message

Json = dict[str, Any]

PICTURES = ("image/png", "image/jpeg", "image/gif")


def file_complaints(sandbox: "Sandbox", thing: Any) -> list[str]:
    """What is wrong with the files in some blocks: each must be there, uploaded completely, looked through, and a picture."""
    return [
        f"invalid slack file [json-pointer:{where}/slack_file]"
        for where, file_id in _named(sandbox, thing, "/blocks")
        if not _can_be_shown(sandbox, file_id)
    ]


def not_found(sandbox: "Sandbox", channel: "Channel", blocks: list[Json]) -> list[str]:
    """The files in the blocks of an update that people don't see: those that no message of the conversation showed before.

    Slack takes such an update, and shows «file not found» in the picture's place (slackapi/java-slack-sdk#1441,
    slackapi/node-slack-sdk#2100, slackapi/bolt-python#1295); the same file in a new message is seen.
    """
    named = {file_id for _, file_id in _named(sandbox, blocks, "")}
    return sorted(named - _seen(sandbox, channel)) if named else []


def as_seen(sandbox: "Sandbox", message: "Message", thing: Any) -> Any:
    """A message's blocks as people see them: without the files that they don't."""
    if not message.not_found:
        return thing
    if isinstance(thing, list):
        return [as_seen(sandbox, message, one) for one in thing]
    if not isinstance(thing, dict):
        return thing
    if _file_id(sandbox, thing) in message.not_found:
        return {**thing, "slack_file": {"not_found": True}}
    return {name: as_seen(sandbox, message, one) for name, one in thing.items()}


def _seen(sandbox: "Sandbox", channel: "Channel") -> set[str]:
    """The files that stand in a conversation, in blocks or shared."""
    seen: set[str] = set()
    for one in channel.messages.values():
        in_blocks = {file_id for _, file_id in _named(sandbox, one.blocks, "")}
        seen |= (in_blocks - set(one.not_found)) | {file["id"] for file in one.files}
    return seen


def _named(sandbox: "Sandbox", thing: Any, where: str) -> Iterator[tuple[str, str]]:
    """The places in some blocks that name a file, and its id."""
    inner = enumerate(thing) if isinstance(thing, list) else thing.items() if isinstance(thing, dict) else ()
    for place, value in inner:
        yield from _named(sandbox, value, f"{where}/{place}")
    if (file_id := _file_id(sandbox, thing)) is not None:
        yield where, file_id


def _file_id(sandbox: "Sandbox", thing: Any) -> str | None:
    named = thing.get("slack_file") if isinstance(thing, dict) else None
    if not isinstance(named, dict):
        return None
    return str(named.get("id") or str(named.get("url")).removeprefix(f"{sandbox.url}/files/"))


def _can_be_shown(sandbox: "Sandbox", file_id: str) -> bool:
    file = sandbox.state.files.get(file_id, {})
    return file.get("mode") == "hosted" and file["mimetype"] in PICTURES and not sandbox.scanning
