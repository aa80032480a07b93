"""What buttons carry: ids, never meaning. One place writes them and reads them back."""

import re
from uuid import UUID

LONGEST_NUMBER = 9  # digits: what a database takes for an id

_PART = re.compile(r"[A-Za-z0-9_-]{1,80}")
_VALUE = re.compile(rf"{_PART.pattern}(?::{_PART.pattern})*")
_PLACE_BLOCK = re.compile(rf"place:({_PART.pattern}):[0-9]+")


class Forged(Exception):
    """A value that we never wrote: an old or a made-up button."""


def write(*ids: str | int | UUID) -> str:
    """Ids as one value. ValueError for one that could not be read back."""
    value = ":".join(map(str, ids))
    if ids and (value.count(":") != len(ids) - 1 or not _VALUE.fullmatch(value)):
        raise ValueError(f"not an id: {ids}")
    return value


def read(value: str | None, count: int) -> tuple[str, ...]:
    """The ids of a value that holds `count` of them; Forged if it doesn't."""
    parts = tuple((value or "").split(":"))
    if len(parts) != count or not all(_PART.fullmatch(part) for part in parts):
        raise Forged("a value that was not written here")
    return parts


def read_for(value: str | None, count: int) -> tuple[tuple[str, ...], int | None]:
    """The same, of a button to share with a mentor, and whose id it was drawn for; None for one from before they carried it."""
    if (value or "").count(":") < count:
        return read(value, count), None
    *ids, mentor_id = read(value, count + 1)
    return tuple(ids), read_number(mentor_id)


def with_place(ids: str, workspace_id: str) -> str:
    """What a view carries, with the workspace that it is shown in: Slack does not always name that."""
    return f"{ids}@{workspace_id}"


def without_place(text: str) -> tuple[str, str | None]:
    """The ids that a view carries, and the workspace; None for a view that carries none."""
    ids, _, workspace_id = text.partition("@")
    return ids, workspace_id or None


def place_block(workspace_id: str, number: int) -> str:
    """The id of a block of an answer, with the workspace that it is shown in: of such a message Slack tells only the block."""
    return write("place", workspace_id, number)


def place_of(block_id: str) -> str | None:
    """The workspace that a block's id names; None for an id that names none."""
    found = _PLACE_BLOCK.fullmatch(block_id)
    return found[1] if found is not None else None


def read_message_id(text: str) -> UUID:
    """A message's id; Forged if it is none."""
    try:
        return UUID(text)
    except ValueError:
        raise Forged("not a message's id") from None


def read_number(text: str) -> int:
    """A number; Forged if it is none, or larger than any that we write."""
    if not text.isascii() or not text.isdigit() or len(text) > LONGEST_NUMBER:
        raise Forged("not a number")
    return int(text)
