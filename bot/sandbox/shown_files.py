"""Pictures in blocks: what Slack says of the files that blocks show."""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from bot.sandbox.server import Sandbox

Json = dict[str, Any]

PICTURES = ("image/png", "image/jpeg", "image/gif")


def file_complaints(sandbox: "Sandbox", thing: Any, root: str = "/blocks") -> list[str]:
    """What is wrong with the files in some blocks: each must be there, uploaded completely, looked through, and a picture."""
    inner = enumerate(thing) if isinstance(thing, list) else thing.items() if isinstance(thing, dict) else ()
    found = [one for place, value in inner for one in file_complaints(sandbox, value, f"{root}/{place}")]
    named = thing.get("slack_file") if isinstance(thing, dict) else None
    if isinstance(named, dict) and not _can_be_shown(sandbox, named):
        found.append(f"invalid slack file [json-pointer:{root}/slack_file]")
    return found


def _can_be_shown(sandbox: "Sandbox", named: Json) -> bool:
    file_id = named.get("id") or str(named.get("url")).removeprefix(f"{sandbox.url}/files/")
    file = sandbox.state.files.get(file_id, {})
    return file.get("mode") == "hosted" and file["mimetype"] in PICTURES and not sandbox.scanning
