"""How a JSON value must look: small checks that are put together into the shape of a block."""

from collections.abc import Callable
from typing import Any

Json = dict[str, Any]
Found = list[tuple[str, str]]  # where something is wrong, and what; in Slack's words
Check = Callable[[str, Any, Found], None]


def string(longest: int, shortest: int = 1) -> Check:
    """A string of so many characters."""

    def check(where: str, value: Any, found: Found) -> None:
        if not isinstance(value, str):
            found.append((where, "must provide a string"))
        elif len(value) < shortest:
            found.append((where, f"must be more than {shortest - 1} characters"))
        elif len(value) > longest:
            found.append((where, f"must be less than {longest + 1} characters"))

    return check


def whole(least: int, most: int) -> Check:
    """A whole number from `least` to `most`."""

    def check(where: str, value: Any, found: Found) -> None:
        if isinstance(value, bool) or not isinstance(value, int):
            found.append((where, "must provide a number"))
        elif not least <= value <= most:
            found.append((where, f"must be a number from {least} to {most}"))

    return check


def one_of(*allowed: str) -> Check:
    """One of these words."""

    def check(where: str, value: Any, found: Found) -> None:
        if value not in allowed:
            found.append((where, f"must be a valid enum value: {', '.join(allowed)}"))

    return check


def flag(where: str, value: Any, found: Found) -> None:
    """Yes or no."""
    if not isinstance(value, bool):
        found.append((where, "must provide a boolean"))


def anything(where: str, value: Any, found: Found) -> None:
    """Whatever it is: the stand-in does not look closer."""


def items(least: int, most: int, each: Check) -> Check:
    """A list of so many things of a shape."""

    def check(where: str, value: Any, found: Found) -> None:
        if not isinstance(value, list):
            found.append((where, "must provide an array"))
            return
        if len(value) < least:
            found.append((where, f"no fewer than {least} items allowed"))
        if len(value) > most:
            found.append((where, f"no more than {most} items allowed"))
        for place, one in enumerate(value[:most]):
            each(f"{where}/{place}", one, found)

    return check


def shape(needed: str = "", **fields: Check) -> Check:
    """An object of these fields, of which the `needed` ones (separated by blanks) must be there; `type` always may."""
    must = needed.split()

    def check(where: str, value: Any, found: Found) -> None:
        if not isinstance(value, dict):
            found.append((where, "must provide an object"))
            return
        found += [(where, f"missing required field: {name}") for name in must if value.get(name) is None]
        for name, one in value.items():
            if name in fields:
                if one is not None:
                    fields[name](f"{where}/{name}", one, found)
            elif name != "type":
                found.append((where, f"invalid additional property: {name}"))

    return check


def by_type(**kinds: Check) -> Check:
    """An object whose `type` says which shape it has."""

    def check(where: str, value: Any, found: Found) -> None:
        kind = value.get("type") if isinstance(value, dict) else None
        if isinstance(kind, str) and kind in kinds:
            kinds[kind](where, value, found)
        else:
            found.append((f"{where}/type", f"unsupported type: {kind}"))

    return check


def all_of(*checks: Check) -> Check:
    """All of these at once."""

    def check(where: str, value: Any, found: Found) -> None:
        for one in checks:
            one(where, value, found)

    return check


def any_field(*names: str, only: bool = False) -> Check:
    """At least one of these fields is there; `only`: exactly one."""

    def check(where: str, value: Any, found: Found) -> None:
        if not isinstance(value, dict):
            return  # the shape says so already
        there = sum(value.get(name) is not None for name in names)
        if there == 0 or (only and there > 1):
            found.append((where, f"must have {'exactly' if only else 'at least'} one of: {', '.join(names)}"))

    return check


def text(longest: int, *kinds: str) -> Check:
    """A text object, of either kind unless one is named."""
    words = string(longest)
    every = {
        "plain_text": shape("text", text=words, emoji=flag),
        "mrkdwn": shape("text", text=words, verbatim=flag),
    }
    return by_type(**{kind: every[kind] for kind in kinds or every})


def plain(longest: int) -> Check:
    """A plain_text object."""
    return text(longest, "plain_text")
