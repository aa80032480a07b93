"""What all Web API methods share: a call's arguments, and Slack's way of saying no."""

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeVar

if TYPE_CHECKING:
    from bot.sandbox.server import Sandbox

Json = dict[str, Any]
Thing = TypeVar("Thing")


class Refused(Exception):
    """`ok: false`, with Slack's word for it."""

    def __init__(self, error: str, **more: Any) -> None:
        super().__init__(error)
        self.answer: Json = {"ok": False, "error": error, **more}


@dataclass(frozen=True)
class Call:
    """One call of a method."""

    sandbox: "Sandbox"
    args: Json

    def need(self, name: str, error: str = "invalid_arguments") -> str:
        """An argument that has to be there."""
        value = self.args.get(name)
        if value in (None, ""):
            raise Refused(error)
        return str(value)

    def parsed(self, name: str) -> Any:
        """An argument that may have come as JSON in a string."""
        value = self.args.get(name)
        if not isinstance(value, str):
            return value
        try:
            return json.loads(value)
        except ValueError:
            raise Refused("invalid_arguments") from None

    def number(self, name: str, default: int) -> int:
        """A whole number."""
        try:
            return int(self.args.get(name) or default)
        except (TypeError, ValueError):
            raise Refused("invalid_arguments") from None

    def moment(self, name: str, default: str) -> str:
        """A Slack timestamp, in a shape that compares by its text."""
        try:
            return f"{float(self.args.get(name) or default):017.6f}"
        except (TypeError, ValueError):
            raise Refused(f"invalid_ts_{name}") from None

    def names(self, name: str) -> list[str]:
        """Several ids, as a list or with commas between them."""
        value = self.args.get(name) or ()
        return [one for one in (value.split(",") if isinstance(value, str) else map(str, value)) if one]

    def page(self, things: Sequence[Thing], default: int, most: int = 1000) -> tuple[Sequence[Thing], Json]:
        """What `cursor` and `limit` ask for of these things, at most so many, and what to say of the rest."""
        try:
            start = int(self.args.get("cursor") or 0)
        except ValueError:
            raise Refused("invalid_cursor") from None
        end = start + max(1, min(self.number("limit", default), most))
        return things[start:end], {"next_cursor": str(end) if end < len(things) else ""}

    def flag(self, name: str) -> bool:
        """Yes or no."""
        return str(self.args.get(name, "")).lower() in ("true", "1")


Method = Callable[[Call], Json]
Scope = str | Callable[[Call], str]  # what a method needs, which may hang on what it is asked
