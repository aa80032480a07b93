"""Jinja2, kept small: what a writer may put between braces, and how it is filled.

Writers are trusted with words, not with programs: no loops, no calls, no arithmetic, no look inside of things. So a template
can neither run for ever nor reach for internals; the sandbox stands behind that as a second wall.
"""

import re
from collections.abc import Iterator
from functools import cache, lru_cache
from typing import Any

from jinja2 import StrictUndefined, Template, TemplateSyntaxError, nodes
from jinja2.sandbox import ImmutableSandboxedEnvironment

from bot.curriculum.markdown import escape

LONGEST = 12_000
FILTERS = frozenset({"upper", "lower", "title", "capitalize", "first", "last", "join", "length", "default", "trim"})
_ALLOWED = (
    nodes.Template, nodes.Output, nodes.TemplateData, nodes.Name, nodes.Getattr, nodes.Const, nodes.If, nodes.CondExpr,
    nodes.Compare, nodes.Operand, nodes.And, nodes.Or, nodes.Not, nodes.Filter, nodes.Keyword,
)  # fmt: skip


class Broken(Exception):
    """A template that can't be used: what is wrong, how to mend it, and on which of its lines (1 is the first)."""

    def __init__(self, what: str, mend: str, line: int = 1) -> None:
        super().__init__(what)
        self.what, self.mend, self.line = what, mend, line


@cache
def _environment(escaping: bool) -> ImmutableSandboxedEnvironment:
    environment = ImmutableSandboxedEnvironment(
        undefined=StrictUndefined, autoescape=False, finalize=_finalize if escaping else None
    )
    environment.globals.clear()
    environment.filters = {name: environment.filters[name] for name in FILTERS}
    return environment


def _finalize(value: Any) -> Any:
    return escape(value) if isinstance(value, str) else value


@lru_cache(maxsize=8192)
def compiled(text: str, *, escaping: bool) -> Template:
    """The template, compiled once. Raises Broken. `escaping` makes `&<>` in values harmless for mrkdwn."""
    if text.count("{{") > len(re.findall(r"\{\{.*?\}\}", text, re.DOTALL)):
        raise Broken("a placeholder is opened but not closed", "write it as {{ manager.first_name }}")
    environment = _environment(escaping)
    try:
        tree = environment.parse(text)
    except TemplateSyntaxError as error:
        raise Broken(
            "braces that can't be read", "write a placeholder as {{ manager.first_name }}", error.lineno
        ) from None
    for node in _walk(tree):
        if not isinstance(node, _ALLOWED):
            raise Broken(
                "more than a placeholder between the braces", "use {{ name }} or {% if … %} only", node.lineno or 1
            )
        if isinstance(node, nodes.Getattr) and node.attr.startswith("_"):
            raise Broken(
                f"a look inside of things («{node.attr}»)", "use the names that the place allows", node.lineno or 1
            )
        if isinstance(node, nodes.Filter) and node.name not in FILTERS:
            raise Broken(
                f"an unknown filter «{node.name}»", f"use one of: {', '.join(sorted(FILTERS))}", node.lineno or 1
            )
    return environment.from_string(text)


def names_in(text: str) -> list[tuple[str, int]]:
    """The placeholders of a template as dotted names, each with its line. Raises Broken."""
    compiled(text, escaping=True)
    found = []
    inner: set[int] = set()
    for node in _walk(_environment(True).parse(text)):
        if isinstance(node, nodes.Getattr | nodes.Name) and id(node) not in inner:
            found.append((_dotted(node, inner), node.lineno or 1))
    return found


def fill(text: str, values: dict[str, Any], *, escaping: bool) -> str:
    """The template with its values, at most 12,000 characters of it."""
    return compiled(text, escaping=escaping).render(values)[:LONGEST]


def _dotted(node: nodes.Node, inner: set[int]) -> str:
    if isinstance(node, nodes.Getattr):
        inner.add(id(node.node))
        return f"{_dotted(node.node, inner)}.{node.attr}"
    return node.name if isinstance(node, nodes.Name) else "?"


def _walk(tree: nodes.Node) -> Iterator[nodes.Node]:
    yield tree
    for child in tree.iter_child_nodes():
        yield from _walk(child)
