"""Markdown, as writers know it, to Slack's mrkdwn. Placeholders pass through untouched.

Our own small renderer over markdown-it's tokens: it has to escape `&<>`, and to leave our placeholders alone.
"""

import re
from collections.abc import Sequence
from functools import cache

from markdown_it import MarkdownIt
from markdown_it.token import Token

_JINJA = re.compile(r"\{\{.*?\}\}|\{%.*?%\}", re.DOTALL)
_MARKS = {"strong_open": "*", "strong_close": "*", "em_open": "_", "em_close": "_", "s_open": "~", "s_close": "~"}


def escape(text: str) -> str:
    """Slack's three special characters made harmless: so no mention and no link can be smuggled in."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def to_mrkdwn(text: str) -> str:
    """Markdown as Slack mrkdwn, with its `{{ placeholders }}` still open."""
    kept: list[str] = []

    def keep(match: re.Match[str]) -> str:
        kept.append(match.group())
        return f"\ue000{len(kept) - 1}\ue001"

    tokens = _parser().parse(_JINJA.sub(keep, text))
    rendered = _blocks(tokens).strip()
    return re.sub("\ue000(\\d+)\ue001", lambda match: kept[int(match.group(1))], rendered)


@cache
def _parser() -> MarkdownIt:
    return MarkdownIt("commonmark", {"html": False}).enable("strikethrough")


class _Writer:
    """Writes block tokens one after another; remembers which lists and quotes are open."""

    def __init__(self) -> None:
        self.out: list[str] = []
        self.lists: list[int | None] = []  # the next number of each open list; None for bullets
        self.quotes = 0

    def write(self, token: Token) -> None:
        getattr(self, f"_{token.type}", self._nothing)(token)

    def _nothing(self, token: Token) -> None:
        """A token that says nothing of its own."""

    def _bullet_list_open(self, _: Token) -> None:
        self.lists.append(None)

    def _ordered_list_open(self, token: Token) -> None:
        self.lists.append(int(token.attrs.get("start", 1)))

    def _bullet_list_close(self, _: Token) -> None:
        self.lists.pop()
        self.out.append("" if self.lists else "\n")

    _ordered_list_close = _bullet_list_close

    def _list_item_open(self, _: Token) -> None:
        number = self.lists[-1]
        if number is not None:
            self.lists[-1] = number + 1
        self.out.append("    " * (len(self.lists) - 1) + ("• " if number is None else f"{number}. "))

    def _blockquote_open(self, _: Token) -> None:
        self.quotes += 1

    def _blockquote_close(self, _: Token) -> None:
        self.quotes -= 1

    def _inline(self, token: Token) -> None:
        text = _inline(token.children or ())
        self.out.append(text if self.quotes == 0 else "\n".join(f"> {line}" for line in text.split("\n")))

    def _heading_open(self, _: Token) -> None:
        self.out.append("*")

    def _heading_close(self, _: Token) -> None:
        self.out.append("*\n\n")

    def _paragraph_close(self, _: Token) -> None:
        self.out.append("\n" if self.lists else "\n\n")

    def _fence(self, token: Token) -> None:
        self.out.append(f"```\n{escape(token.content)}```\n\n")

    _code_block = _fence

    def _hr(self, _: Token) -> None:
        self.out.append("———\n\n")


def _blocks(tokens: Sequence[Token]) -> str:
    writer = _Writer()
    for token in tokens:
        writer.write(token)
    return "".join(writer.out)


def _inline(tokens: Sequence[Token]) -> str:
    return "".join(_piece(token) for token in tokens)


def _piece(token: Token) -> str:
    match token.type:
        case "text" | "image":
            return escape(token.content)
        case "code_inline":
            return f"`{escape(token.content)}`"
        case "softbreak" | "hardbreak":
            return " " if token.type == "softbreak" else "\n"
        case "link_open":
            return f"<{escape(str(token.attrs['href']))}|"
        case "link_close":
            return ">"
        case kind:
            return _MARKS.get(kind, "")
