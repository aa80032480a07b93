"""What all Web API methods share: a call's arguments, and Slack's way of saying no."""

import json
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from bot.sandbox.server import Sandbox

Json = dict[str, Any]


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
        return int(self.args.get(name) or default)

    def flag(self, name: str) -> bool:
        """Yes or no."""
        return str(self.args.get(name, "")).lower() in ("true", "1")


Method = Callable[[Call], Json]
Async = Callable[[Call], Awaitable[Json]]
