"""Whatever a writer's keyboard, editor or disk does: it is read or explained, and what is passed can be said."""

from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from bot.curriculum import templates
from bot.curriculum.lessonfile import read_translation
from bot.curriculum.markdown import to_mrkdwn
from bot.curriculum.reader import Cache, read
from bot.curriculum.soundness import texts_of
from bot.curriculum.textfile import TextFile, read_text, read_yaml
from tests.content.makers import CONTENT, a_copy
from tests.content.sample import LESSON, TODAY, reading
from tests.thorough import often

NAMES = {
    "manager": {"first_name": "Maya <!channel>"}, "mentor": {"first_name": "Tom"},
    "company": {"name": "A & B", "currency": "€"}, "cohort": {"name": "Spring"},
}  # fmt: skip
PIECES = st.one_of(
    st.text(alphabet="{}%[]#>-:'\"\n\t *_x1é|&!@\\~`<,.?\u00a0“”\ue000\ue001\u2028", max_size=12),
    st.sampled_from(["{{ manager.first_name }}", "{\\{ x }\\}", "&#123;{ x }}", "{#b}", "---\n", "## Mentor\n", "- [x] ",
                     "### q1 (scale)\n", "&#xE000;7&#xE001;", "!!float x", "2027-02-31", "*a", "&a", "<<: {}", "\x00",
                     "{% if 1 %}", "{% endif %}", "{" * 300, "[" * 300, "9" * 5000, "> " * 50, "```\n"]),
    st.text(max_size=6),
)  # fmt: skip
PARSED: Cache = {}  # all files but the one that is edited stay as they are
AS_OFTEN = settings(max_examples=often(300), suppress_health_check=[HealthCheck.function_scoped_fixture])


@st.composite
def edits(draw: st.DrawFn, most: int = 3) -> Callable[[str], str]:
    """Some cuts and insertions anywhere in a text."""
    cuts = draw(st.lists(st.tuples(st.floats(0, 1), st.integers(0, 60), PIECES), min_size=1, max_size=most))

    def edited(text: str) -> str:
        for where, length, piece in cuts:
            start = int(where * len(text))
            text = text[:start] + piece + text[start + length :]
        return text

    return edited


@AS_OFTEN
@given(edit=edits())
def test_an_edited_lesson_is_read_or_explained_and_can_be_said(edit: Callable[[str], str]) -> None:
    """No edit raises; a lesson without an error can be filled for a reader, and fires no mention."""
    file = reading(edit(LESSON).replace("\x00", ""))
    assert file.lesson is not None or any(problem.severity == "error" for problem in file.problems)
    assert all(problem.line >= 1 and problem.what and problem.mend for problem in file.problems)
    for text in [*texts_of(file.lesson), file.lesson.peers] if file.lesson else []:
        assert "<!channel>" not in templates.fill(text, NAMES, escaping=True)


@AS_OFTEN
@given(edit=edits())
def test_an_edited_translation_asks_what_its_original_asks_or_is_none(edit: Callable[[str], str]) -> None:
    """No edit raises; whatever a translator's keyboard does, ids and right answers of the original stay or nothing is taught."""
    original = reading(LESSON).lesson
    assert original is not None
    file = TextFile("03-stage-exit.sl.md", tuple(edit(LESSON).replace("\x00", "").split("\n")))
    lesson = read_translation(file, original, language="sl").lesson
    if lesson is not None:
        assert [(one.id, one.kind) for one in lesson.checks] == [(one.id, one.kind) for one in original.checks]
        assert lesson.checks[0].right_ids == original.checks[0].right_ids  # type: ignore[union-attr]
        assert (lesson.id, lesson.area, lesson.before) == (original.id, original.area, original.before)


@pytest.mark.long
@AS_OFTEN
@given(
    edit=edits(), name=st.sampled_from(["program.yaml", "areas/talent/area.md", "areas/talent/01-player-to-coach.md"])
)
def test_an_edited_file_on_disk_is_read_or_explained(
    tmp_path_factory: pytest.TempPathFactory, edit: Callable[[str], str], name: str
) -> None:
    """The same for every kind of file, read from the disk with all others."""
    folder = tmp_path_factory.getbasetemp() / "edited"
    if not folder.exists():
        a_copy(folder)
        PARSED.clear()
    path = folder / "content" / name
    path.write_text(edit((CONTENT / name).read_text("utf-8")), "utf-8", errors="replace")
    curriculum, problems = read(folder / "content", today=TODAY, cache=PARSED)
    path.write_text((CONTENT / name).read_text("utf-8"), "utf-8")
    assert curriculum is not None or any(problem.severity == "error" for problem in problems)
    assert all(problem.line >= 1 and problem.path.startswith("content/") for problem in problems)


@AS_OFTEN
@given(content=st.binary(max_size=200))
@example(content=b"")
@example(content=b"\xef\xbb\xbf")
def test_bytes_are_text_or_a_problem(tmp_path: Path, content: bytes) -> None:
    """Whatever lies in a file, reading it does not raise."""
    path = tmp_path / "file"
    path.write_bytes(content)
    file = read_text(path, "file")
    if hasattr(file, "lines"):
        read_yaml("file", file.lines, first_line=1)


@AS_OFTEN
@given(text=st.one_of(st.text(max_size=80), st.lists(PIECES, max_size=8).map("".join)))
def test_markdown_never_raises_and_never_lets_a_mention_through(text: str) -> None:
    """Any text becomes mrkdwn; the only `<` in it begin a link that Markdown knows, or stand in a placeholder."""
    shown = templates._CLOSED.sub("", to_mrkdwn(text))
    for mark in ("<!", "<@", "<#"):
        assert mark not in shown or "{%" in text
