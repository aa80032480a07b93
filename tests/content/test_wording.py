"""Words: Markdown becomes mrkdwn, what people typed is harmless, and a template is no program."""

import pytest
from jinja2 import TemplateError

from bot.curriculum import templates
from bot.curriculum.markdown import to_mrkdwn
from bot.curriculum.wording import Wording

MARKDOWN = [
    ("**bold** and *italic*", "*bold* and _italic_"),
    ("~~gone~~ `code`", "~gone~ `code`"),
    ("a\nline", "a line"),
    ("- one\n- two", "• one\n• two"),
    ("3. one\n4. two", "3. one\n4. two"),
    ("- one\n  - inner\n- two", "• one\n    • inner\n• two"),
    ("> said\n> so", "> said so"),
    ("[here](https://example.com/a?b=1&c=2)", "<https://example.com/a?b=1&amp;c=2|here>"),
    ("## Heading", "*Heading*"),
    ("a < b & c > d", "a &lt; b &amp; c &gt; d"),
    ("<!channel>", "&lt;!channel&gt;"),
    ("Hi {{ manager.first_name }}, *go*", "Hi {{ manager.first_name }}, _go_"),
    ("{% if a < b %}x{% endif %}", "{% if a < b %}x{% endif %}"),
    ("one\n\ntwo", "one\n\ntwo"),
]

ESCAPES = [
    "{{ ''.__class__ }}",
    "{{ ''.__class__.__mro__[1].__subclasses__() }}",
    "{{ self }}{{ self.__init__ }}",
    "{{ cycler.__init__.__globals__ }}",
    "{{ lipsum.__globals__['os'] }}",
    "{{ joiner() }}",
    "{{ namespace() }}",
    "{{ range(10**9) }}",
    "{{ 'a' * 10**9 }}",
    "{% for x in range(10) %}x{% endfor %}",
    "{% set x = 1 %}{{ x }}",
    "{% macro m() %}{{ m() }}{% endmacro %}",
    "{% include 'x' %}",
    "{% import 'os' as os %}",
    "{{ name|attr('__class__') }}",
    "{{ name|map('upper') }}",
    "{{ name.format(1) }}",
    "{{ name['x'] }}",
    "{{ [1]*99 }}",
]


@pytest.mark.parametrize(("written", "shown"), MARKDOWN)
def test_markdown_becomes_mrkdwn(written: str, shown: str) -> None:
    """What writers know becomes what Slack shows."""
    assert to_mrkdwn(written) == shown


@pytest.mark.parametrize("template", ESCAPES)
def test_a_template_is_no_program(template: str) -> None:
    """Loops, calls, arithmetic and looks inside of things are refused."""
    with pytest.raises((templates.Broken, TemplateError)):
        templates.fill(template, {"name": "x"}, escaping=True)


def test_what_people_typed_is_harmless() -> None:
    """A name with markup in it fires nothing; where there is no markup, it is left as it is."""
    phrase = "Hi {{ name }}!"
    words = Wording({"a.b": phrase}, {"a.b": to_mrkdwn(phrase)})
    assert words.mrkdwn("a.b", name="<!channel> & <@U1>") == "Hi &lt;!channel&gt; &amp; &lt;@U1&gt;!"
    assert words.plain("a.b", name="Söhne & Co") == "Hi Söhne & Co!"


def test_a_name_is_never_a_template() -> None:
    """Braces in a value stay braces."""
    assert templates.fill("{{ name }}", {"name": "{{ 7*7 }}"}, escaping=True) == "{{ 7*7 }}"
