"""Words from people and words from writers: neither may fire a mention, reach inside of things, or take for ever."""

from dataclasses import dataclass

import pytest
from jinja2 import TemplateError

from bot.curriculum import templates
from bot.curriculum.markdown import to_mrkdwn
from bot.curriculum.wording import Wording


@dataclass(frozen=True)
class Typed:
    """A value whose text a person typed."""

    first_name: str

    def __str__(self) -> str:
        return self.first_name


MENTION = "<!channel>"
VALUES = [MENTION, [MENTION], (MENTION,), {MENTION}, {"name": MENTION}, {MENTION: 1}, Typed(MENTION)]

ATTACKS = [
    "{{ ().__class__.__bases__[0].__subclasses__() }}",
    "{{ name.__class__.__mro__ }}",
    "{{ name|attr('__class__') }}",
    "{{ name['__class__'] }}",
    "{{ config.items() }}",
    "{{ self._TemplateReference__context }}",
    "{{ url_for.__globals__ }}",
    "{{ cycler.__init__.__globals__.os.popen('id').read() }}",
    "{{ joiner.__init__.__globals__ }}",
    "{{ namespace.__init__.__globals__ }}",
    "{{ lipsum.__globals__['os'] }}",
    "{{ dict.mro() }}",
    "{{ name.format.__globals__ }}",
    "{{ '{0.__class__}'.format(name) }}",
    "{{ '%s' % name }}",
    "{{ name ~ name }}",
    "{{ ''.join(['_', '_']) }}",
    "{{ request|attr('\\x5f\\x5fclass\\x5f\\x5f') }}",
    "{{ [1][0] }}",
    "{{ {'a': 1} }}",
    "{{ 'a' * 10**9 }}",
    "{{ range(10**9)|join }}",
    "{{ 'a'.ljust(10**9) }}",
    "{{ name|center(10**9) }}",
    "{{ name|join(name)|join(name) }}",
    "{{ name|join(name|join(name)) }}",
    "{% for x in name recursive %}{{ loop(name) }}{% endfor %}",
    "{% set name = 1 %}",
    "{% macro m() %}{{ m() }}{% endmacro %}",
    "{% call m() %}{% endcall %}",
    "{% filter upper %}x{% endfilter %}",
    "{% block x %}{{ self.x() }}{% endblock %}",
    "{% extends 'x' %}",
    "{% include '/etc/passwd' %}",
    "{% import 'os' as os %}",
    "{% with a = 1 %}{% endwith %}",
    "{% autoescape false %}{% endautoescape %}",
    "{% if name %}" * 120 + "{% endif %}" * 120,
    "{{ " + "(" * 5000 + "1" + ")" * 5000 + " }}",
    "{{ " + "9" * 5000 + " }}",
]


@pytest.mark.parametrize("value", VALUES, ids=lambda value: type(value).__name__)
def test_whatever_carries_it_a_mention_never_fires(value: object) -> None:
    """A list or an object of names is escaped like a name."""
    assert "<!" not in templates.fill("{{ value }}", {"value": value}, escaping=True)
    assert "&lt;!channel&gt;" in templates.fill("{{ value }}", {"value": value}, escaping=True)


def test_a_mention_written_by_a_writer_never_fires() -> None:
    """Not in the text, and not as words between braces."""
    assert to_mrkdwn(MENTION) == "&lt;!channel&gt;"
    assert templates.fill("{{ '<!channel>' }}", {}, escaping=True) == "&lt;!channel&gt;"
    assert templates.fill("{{ name|default('<!channel>', true) }}", {"name": ""}, escaping=True) == "&lt;!channel&gt;"


@pytest.mark.parametrize("attack", ATTACKS, ids=lambda attack: attack[:30])
def test_a_template_is_no_program(attack: str) -> None:
    """Refused when it is read, before a character of it is run."""
    with pytest.raises(templates.Broken) as refused:
        templates.parsed(attack)
    assert refused.value.mend


def test_what_a_writer_may_say() -> None:
    """Names, a choice of words by a number, and a few filters."""
    phrase = "{{ names|join(', ') }} {% if count == 1 %}has{% else %}have{% endif %} {{ count }} {{ word|upper }}"
    said = templates.fill(phrase, {"names": ["Ana", "Tom <"], "count": 2, "word": "new"}, escaping=True)
    assert said == "Ana, Tom &lt; have 2 NEW"


def test_a_name_that_is_not_there_is_an_error_and_not_a_gap() -> None:
    """«Hi , your lesson» is never said."""
    with pytest.raises(TemplateError):
        templates.fill("Hi {{ nme }}", {"name": "Ana"}, escaping=True)


def test_a_message_has_an_end() -> None:
    """However long a value is."""
    assert len(templates.fill("{{ text }}", {"text": "x" * 100_000}, escaping=True)) == templates.LONGEST


def test_words_without_markup_are_one_line_as_typed() -> None:
    """A button shows & and not &amp;, and no line break."""
    words = Wording({"a.b": "Hi\n {{ name }} "}, {"a.b": to_mrkdwn("Hi\n {{ name }} ")})
    assert words.plain("a.b", name="Söhne & <Co>") == "Hi Söhne & <Co>"
    assert words.fill("*Hi* {{ manager.first_name }}", manager={"first_name": "<@U1>"}) == "*Hi* &lt;@U1&gt;"


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        ("***both***", "_*both*_"),
        ("## A **b** c", "*A b c*"),
        ("> one\n>\n> two", "> one\n>\n> two"),
        ("> - a\n> - b", "> • a\n> • b"),
        ("- a\n\n  second\n- b", "• a\n    second\n• b"),
        ("- a\n  > q", "• a\n> q"),
        ("1. a\n   - x\n2. b", "1. a\n    • x\n2. b"),
        ("text\n- a\n\nafter", "text\n\n• a\n\nafter"),
        ("```\na<b\n```\nafter", "```\na&lt;b\n```\n\nafter"),
        ("[**b**](https://x.y/?a=1&b=2)", "<https://x.y/?a=1&amp;b=2|*b*>"),
        ("[x]({{ url }})", "<{{ url }}|x>"),
        ("[a](javascript:x)", "[a](javascript:x)"),
        ("<https://x.y>", "<https://x.y|https://x.y>"),
        ("![the chart](https://x.y/z.png)", "the chart"),
        ("&lt;b&gt; &copy; <b>x</b> <!-- n -->", "&lt;b&gt; © &lt;b&gt;x&lt;/b&gt; &lt;!-- n --&gt;"),
        ("a \\* b", "a * b"),
        ("first  \nsecond", "first\nsecond"),
        ("snake_case_word 2 * 3", "snake_case_word 2 * 3"),
        ("\ue0005\ue001 {{ a }}", "5 {{ a }}"),
        ("&#xE000;5&#xE001;", ""),
    ],
)
def test_markdown_becomes_what_slack_shows(written: str, shown: str) -> None:
    """Lists in quotes, quotes in lists, links, code, and characters that mean something to us."""
    assert to_mrkdwn(written) == shown
