"""Markdown, as writers know it, to Slack's mrkdwn. Placeholders pass through untouched.

Our own small renderer over markdown-it's tokens: it has to escape `&<>`, and to leave our placeholders alone.
"""

import re
from functools import cache, lru_cache

from markdown_it import MarkdownIt
from markdown_it.token import Token

_JINJA = re.compile(r"\{\{.*?\}\}|\{%.*?%\}", re.DOTALL)
# While Markdown is read, a placeholder is a number between two characters that nobody types; a link encodes them.
_KEPT = re.compile("(?:\ue000|%EE%80%80)(\\d+)(?:\ue001|%EE%80%81)")
_NOBODY_TYPES = str.maketrans(dict.fromkeys("\ue000\ue001"))
_MARKS = {"strong_open": "*", "strong_close": "*", "em_open": "_", "em_close": "_", "s_open": "~", "s_close": "~"}
_LINK = re.compile(r"<[^<>|\s]+\|([^<>]*)>")
_MARKED = re.compile(r"(?<!\w)([*_~`])(?=\S)(.+?)(?<=\S)\1(?!\w)")
_SPECIAL = (("&lt;", "<"), ("&gt;", ">"), ("&amp;", "&"))  # the ampersand last, or «&amp;lt;» would become a «<»
_SIMPLE = re.compile(r"[^\W\d_][\w ,.;:?'’“”«»%€/-]*")  # a plain sentence, which most texts of a lesson are


def escape(text: str) -> str:
    """Slack's three special characters made harmless: so no mention and no link can be smuggled in."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def without_markup(mrkdwn: str) -> str:
    """A mrkdwn text whose placeholders are filled, as someone would have typed it."""
    text = _LINK.sub(r"\1", mrkdwn)
    while (plainer := _MARKED.sub(r"\2", text)) != text:
        text = plainer
    for written, sign in _SPECIAL:
        text = text.replace(written, sign)
    return text


@lru_cache(maxsize=4096)
def to_mrkdwn(text: str) -> str:
    """Markdown as Slack mrkdwn, with its `{{ placeholders }}` still open."""
    kept: list[str] = []

    def keep(match: re.Match[str]) -> str:
        kept.append(match.group())
        return f"\ue000{len(kept) - 1}\ue001"

    if "_" not in text and _SIMPLE.fullmatch(text.strip()):
        return text.strip()
    writer = _Writer()
    for token in _parser().parse(_JINJA.sub(keep, text.translate(_NOBODY_TYPES))):
        writer.write(token)
    return _KEPT.sub(lambda match: "".join(kept[int(match[1]) : int(match[1]) + 1]), writer.text())


@cache
def _parser() -> MarkdownIt:
    return MarkdownIt("commonmark", {"html": False}).enable("strikethrough")


class _Writer:
    """Writes tokens one after another. What is open (a quote, a list, an item of it) gathers its blocks until it closes."""

    def __init__(self) -> None:
        self._open: list[list[str]] = [[]]
        self._numbers: list[int | None] = []  # the next number of each open list; None for bullets
        self._in_heading = False

    def text(self) -> str:
        return "\n\n".join(self._open[0]).strip()

    def write(self, token: Token) -> None:
        getattr(self, f"_{token.type}", self._nothing)(token)

    def _nothing(self, token: Token) -> None:
        """A token that says nothing of its own."""

    def _add(self, block: str) -> None:
        self._open[-1].append(block)

    def _blockquote_open(self, _: Token) -> None:
        self._open.append([])

    def _blockquote_close(self, _: Token) -> None:
        lines = "\n\n".join(self._open.pop()).split("\n")
        self._add("\n".join(f"> {line}".rstrip() for line in lines))

    def _bullet_list_open(self, _: Token) -> None:
        self._numbers.append(None)
        self._open.append([])

    def _ordered_list_open(self, token: Token) -> None:
        self._numbers.append(int(token.attrs.get("start", 1)))
        self._open.append([])

    def _bullet_list_close(self, _: Token) -> None:
        self._numbers.pop()
        self._add("\n".join(self._open.pop()))

    _ordered_list_close = _bullet_list_close

    def _list_item_open(self, _: Token) -> None:
        self._open.append([])

    def _list_item_close(self, _: Token) -> None:
        number = self._numbers[-1]
        self._numbers[-1] = None if number is None else number + 1
        first, *more = "\n".join(self._open.pop()).split("\n")
        # Slack knows a quote only at the beginning of a line.
        inner = [line if line.startswith(">") else f"    {line}" for line in more]
        self._add("\n".join([("• " if number is None else f"{number}. ") + first, *inner]))

    def _heading_open(self, _: Token) -> None:
        self._in_heading = True

    def _heading_close(self, _: Token) -> None:
        self._in_heading = False

    def _inline(self, token: Token) -> None:
        pieces = [piece for piece in token.children or () if not (self._in_heading and "strong" in piece.type)]
        text = "".join(_piece(piece) for piece in pieces)
        self._add(f"*{text}*" if self._in_heading and text else text)

    def _fence(self, token: Token) -> None:
        self._add(f"```\n{escape(token.content)}```")

    _code_block = _fence

    def _hr(self, _: Token) -> None:
        self._add("———")


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
