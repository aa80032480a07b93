"""Jinja2, kept small: what a writer may put between braces, and how it is filled.

Writers are trusted with words, not with programs: no loops, no calls, no arithmetic, no look inside of things. So a template
can neither run for ever nor reach for internals; the sandbox stands behind that as a second wall.
"""

import re
from collections.abc import Iterator
from functools import cache, lru_cache
from typing import Any

from jinja2 import StrictUndefined, Template, TemplateSyntaxError, nodes, pass_context
from jinja2.runtime import Context
from jinja2.sandbox import ImmutableSandboxedEnvironment

from bot.curriculum.markdown import escape

LONGEST = 12_000
DEEPEST = 20  # an «if» in an «if» is three deep
FILTERS = frozenset({"upper", "lower", "title", "capitalize", "first", "last", "join", "length", "default", "trim"})
_ALLOWED = (
    nodes.Template, nodes.Output, nodes.TemplateData, nodes.Name, nodes.Getattr, nodes.Const, nodes.If, nodes.CondExpr,
    nodes.Compare, nodes.Operand, nodes.And, nodes.Or, nodes.Not, nodes.Filter, nodes.Keyword,
)  # fmt: skip
_CLOSED = re.compile(r"\{\{(?:(?!\{\{).)*?\}\}", re.DOTALL)
_LINE_END = re.compile(r"\r\n|\r|\n")
_ESCAPING = "is it for mrkdwn?"  # beside the values: no placeholder can be called so
_AS_THIS = "write it as {{ manager.first_name }}"


class Broken(Exception):
    """A template that can't be used: what is wrong, how to mend it, and on which of its lines (1 is the first)."""

    def __init__(self, what: str, mend: str, line: int = 1) -> None:
        super().__init__(what)
        self.what, self.mend, self.line = what, mend, line


@cache
def _environment() -> ImmutableSandboxedEnvironment:
    environment = ImmutableSandboxedEnvironment(undefined=StrictUndefined, autoescape=False, finalize=_harmless)
    environment.globals.clear()
    environment.filters = {name: environment.filters[name] for name in FILTERS}
    return environment


@pass_context
def _harmless(context: Context, value: Any) -> str:
    """Whatever it is: a list or an object of names would carry their `<` through as well."""
    return escape(str(value)) if context[_ESCAPING] else str(value)


@lru_cache(maxsize=4)  # it is looked through, and then compiled
def parsed(text: str) -> nodes.Template:
    """The template as a tree that holds nothing but what is allowed. Raises Broken."""
    _paired(text)
    try:
        tree = _environment().parse(text)
    except TemplateSyntaxError as error:
        what, mend = "braces that can't be read", "write a placeholder as {{ manager.first_name }}"
        raise Broken(what, mend, error.lineno) from None
    except (RecursionError, ValueError):  # thousands of brackets, or a number of thousands of digits
        raise Broken("more than a placeholder between the braces", _AS_THIS) from None
    for node, depth in _walk(tree):
        _allowed(node, depth)
    return tree


@lru_cache(maxsize=8192)
def compiled(text: str) -> Template:
    """The template, compiled once. Raises Broken."""
    return _environment().from_string(parsed(text))


def names_in(text: str) -> list[tuple[str, int]]:
    """The placeholders of a template as dotted names, each with its line. Raises Broken."""
    if "{" not in text and "}}" not in text:
        return []
    found = []
    inner: set[int] = set()
    for node, _ in _walk(parsed(text)):
        if isinstance(node, nodes.Getattr | nodes.Name) and id(node) not in inner:
            found.append((_dotted(node, inner), node.lineno or 1))
    return found


def fill(text: str, values: dict[str, Any], *, escaping: bool) -> str:
    """The template with its values, at most 12,000 characters of it. `escaping` makes `&<>` in values harmless for mrkdwn."""
    if "{" not in text:
        return _as_it_is(text)
    return compiled(text).render({**values, _ESCAPING: escaping})[:LONGEST]


@lru_cache(maxsize=8192)
def _as_it_is(text: str) -> str:
    """Words without a placeholder, as most are: what Jinja makes of them, without its compiling each of them. Raises Broken."""
    _paired(text)
    return _LINE_END.sub("\n", text).removesuffix("\n")[:LONGEST]


def _paired(text: str) -> None:
    """Jinja would pass some of these by in silence, and name the last line for others."""
    rest = _CLOSED.sub(lambda match: "\n" * match.group().count("\n"), text)
    for braces, what in (
        ("{{", "a placeholder is opened but not closed"),
        ("}}", "a placeholder is closed but not opened"),
    ):
        if braces in rest:
            raise Broken(what, _AS_THIS, rest[: rest.index(braces)].count("\n") + 1)


def _allowed(node: nodes.Node, depth: int) -> None:
    line = node.lineno or 1
    if not isinstance(node, _ALLOWED) or depth > DEEPEST:
        raise Broken("more than a placeholder between the braces", "use {{ name }} or {% if … %} only", line)
    if isinstance(node, nodes.Getattr) and node.attr.startswith("_"):
        raise Broken(f"a look inside of things («{node.attr}»)", "use the names that the place allows", line)
    if isinstance(node, nodes.Filter) and node.name not in FILTERS:
        raise Broken(f"an unknown filter «{node.name}»", f"use one of: {', '.join(sorted(FILTERS))}", line)
    if isinstance(node, nodes.Filter) and node.name == "join" and _joins_in(node):
        raise Broken("a join inside of a join", "join one list only", line)


def _joins_in(node: nodes.Node) -> bool:
    """One join multiplies two lengths; some inside of each other would fill the memory."""
    return any(other.name == "join" for other in node.find_all(nodes.Filter))


def _dotted(node: nodes.Node, inner: set[int]) -> str:
    if isinstance(node, nodes.Getattr):
        inner.add(id(node.node))
        return f"{_dotted(node.node, inner)}.{node.attr}"
    return node.name if isinstance(node, nodes.Name) else "?"


def _walk(tree: nodes.Node) -> Iterator[tuple[nodes.Node, int]]:
    """Each node before what is in it, with its depth; by a list of our own, so that no depth is too deep for us."""
    waiting = [(tree, 1)]
    while waiting:
        node, depth = waiting.pop()
        yield node, depth
        waiting += reversed([(child, depth + 1) for child in node.iter_child_nodes()])
