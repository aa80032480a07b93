"""What can be wrong with a file: a sentence with its line, and the last good version stays live until it is mended."""

import logging
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from bot.curriculum.library import Library
from bot.curriculum.reader import read
from tests.content.makers import LESSON, a_copy, change
from tests.content.sample import TODAY

OTHER = "areas/sales-tracking/02-clean-pipeline.md"
NUDGE = "messages/nudge.md"
Spoil = Callable[[str], bytes]


def line(number: int, words: str, encoding: str = "utf-8") -> Spoil:
    """With a line more, which is then the one of that number."""

    def spoilt(text: str) -> bytes:
        lines = [one.encode() for one in text.split("\n")]
        lines.insert(number - 1, words.encode(encoding))
        return b"\n".join(lines)

    return spoilt


def instead(old: str, new: str) -> Spoil:
    """With other words in their place."""
    return lambda text: text.replace(old, new, 1).encode()


def cut(at: str) -> Spoil:
    """As far as it was written."""
    return lambda text: text[: text.index(at)].encode()


BAD: dict[str, tuple[str, Spoil, int, str]] = {
    "UTF-16": (LESSON, lambda text: text.encode("utf-16"), 1, "a character that is not UTF-8"),
    "a Windows encoding": (LESSON, line(14, "š", "cp1250"), 14, "a character that is not UTF-8"),
    "a tab in the program": ("program.yaml", line(3, "\ttitle: x"), 3, "the line begins with a tab"),
    "a tab in a lesson": (LESSON, line(3, "\tlevel: 1"), 3, "the line begins with a tab"),
    "an id twice": (OTHER, instead("tracking-02-clean-pipeline", "tracking-01-metrics-chain"), 2, "has the id"),
    "no end": (NUDGE, line(7, "{% for x in range(10**9) %}{{ x }}{% endfor %}"), 7, "more than a placeholder"),
    "no end by itself": (NUDGE, line(7, "{% macro m() %}{{ m() }}{% endmacro %}"), 7, "more than a placeholder"),
    "internals": (NUDGE, line(7, "{{ title.__class__.__mro__ }}"), 7, "a look inside of things («__mro__»)"),
    "internals by a filter": (NUDGE, line(7, "{{ title|attr('__class__') }}"), 7, "an unknown filter «attr»"),
    "a loop in a lesson": (LESSON, line(15, "{% for x in y %}"), 15, "«{%» has no place in a lesson"),
    "5 MB": (LESSON, lambda text: text.encode() + b"x" * 5_000_000, 1, "the file is larger than 1 MB"),
    "a save cut after a part": (LESSON, cut("## Do it"), 1, "no part «Do it»"),
    "a save cut in the head": (LESSON, cut("objectives"), 1, "the head does not end"),
    "a save cut in a character": (LESSON, lambda text: (text + "š").encode()[:-1], 54, "not UTF-8"),
    "a save not begun": (LESSON, lambda _: b"", 1, "the file is empty"),
    "half a program": ("program.yaml", cut("working_time"), 1, "no «working_time»"),
}


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> Library:
    """A running program."""
    return Library(a_copy(tmp_path_factory.mktemp("bad")), today=lambda: TODAY)


@pytest.fixture
def spoil(library: Library) -> Iterator[Callable[[str, Spoil], None]]:
    """Saves a file as it should not be; it is mended when the story is over."""
    sound: dict[Path, bytes] = {}

    def spoilt(file: str, how: Spoil) -> None:
        path = library._directory / file
        sound[path] = path.read_bytes()
        path.write_bytes(how(path.read_text("utf-8")))

    yield spoilt
    for path, raw in sound.items():
        path.write_bytes(raw)
    library.refresh()


@pytest.mark.parametrize(("file", "how", "at", "said"), BAD.values(), ids=BAD)
def test_it_is_said_with_its_line_and_nothing_changes(
    library: Library, spoil: Callable[[str, Spoil], None], caplog: pytest.LogCaptureFixture,
    file: str, how: Spoil, at: int, said: str,
) -> None:  # fmt: skip
    """One sentence in the log, with the file and the line; everybody gets what they got before."""
    before = library.current
    spoil(file, how)
    with caplog.at_level(logging.WARNING):
        assert not library.refresh()
    assert library.current is before
    found = [one.getMessage() for one in caplog.records if said in one.getMessage()]
    assert found, caplog.text
    assert found[0].startswith(f"content/{file}:{at}: ")


def test_a_picture_that_is_not_there(tmp_path: Path) -> None:
    """Lessons are words: that nobody will see it is advice on its line, and the lesson goes live without it."""
    folder = a_copy(tmp_path)
    change(folder, LESSON, "The last link", "![the chain](chain.png) ![](https://example.com/x.png)\n\nThe last link")
    curriculum, problems = read(folder, today=TODAY)
    assert curriculum is not None
    mend = "say it in words, or write a link without the !"
    assert [str(one) for one in problems] == [
        f"content/{LESSON}:17: a picture («chain.png»): only «the chain» is shown; {mend}",
        f"content/{LESSON}:17: a picture («https://example.com/x.png»): nothing of it is shown; {mend}",
    ]
    assert "the chain" in curriculum.lesson("tracking-01-metrics-chain").body


def test_a_table_and_html_are_shown_as_they_were_typed(tmp_path: Path) -> None:
    """Slack draws neither: both are advice on their line; a link between angle brackets and a name like <yours> are none."""
    folder = a_copy(tmp_path)
    typed = "| a | b |\n|:--|--:|\n| 1 | 2 |\n\nA <b>bold</b> word<br/>\n\n<https://example.com> <yours>\n\n---\n\nThe last link"
    change(folder, LESSON, "The last link", typed)
    curriculum, problems = read(folder, today=TODAY)
    assert curriculum is not None
    assert [(one.line, one.what, one.severity) for one in problems] == [
        (18, "a table: its lines and dashes are shown", "warning"),
        (21, "HTML: «<b>» is shown as it stands", "warning"),
    ]
