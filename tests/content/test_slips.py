"""A writer's slips: each is named with its file and line, and how to mend it; all of them in one run."""

from datetime import date
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.curriculum.check import check, summary
from bot.curriculum.reader import read
from tests.content.makers import CONTENT, LESSON, a_copy, change, line_of
from tests.thorough import often

TODAY = date(2026, 11, 24)
HOME = "messages/home.md"

# file, what is replaced, by what, words on the line of the problem, what is said of it
SLIPS = [
    (LESSON, "minutes: 4", "minuts: 4", "minuts", "unknown key «minuts»; did you mean «minutes»?"),
    (LESSON, "minutes: 4", "minutes: four", "minutes", "«minutes» can't be read; a whole number is needed"),
    (LESSON, "minutes: 4", "minutes: 4\nminutes: 5", "minutes: 5", "«minutes» stands here twice"),
    (LESSON, "level: 1", "level: 7", "level", "«level» is 7; it should be at most 3"),
    (LESSON, "- [x]", "- [ ]", "### q1", "«q1» has no right answer"),
    (LESSON, "- [ ]", "- [x]", "### q1", "«q1» has 2 right answers"),
    (LESSON, "(choose one)", "(choose some)", "### q1", "«(choose some)» is no kind of check"),
    (LESSON, "## Mentor", "## Mentr", "## Mentr", "unknown heading «Mentr»; did you mean «Mentor»?"),
    (LESSON, "- due:", "- du:", "## Do it", "no day by which to try it"),
    (LESSON, "## Example", "## Example\n\n{{ mentor.name }}", "{{ mentor.name", "unknown placeholder «mentor.name»"),
    (LESSON, "## Example", "## Example\n\n{{ mentor.first_name }", "{{ mentor.first_name }", "opened but not closed"),
    (LESSON, "## Example", "## Example\n\n{% for x in y %}", "{% for", "has no place in a lesson"),
    (LESSON, "id: tracking-01-metrics-chain", "id: Tracking 01", "id: Tracking", "use small letters"),
    (LESSON, "area: sales-tracking", "area: talent", "area: talent", "the lesson lies in the folder «sales-tracking»"),
    (LESSON, "title: ", "title: Stages: ", "title: Stages", "a value with a colon in it"),
    (LESSON, "minutes: 4", "\tminutes: 4", "minutes: 4", "the line begins with a tab"),
    ("program.yaml", "timezone: ", "timezone: Mars/", "timezone:", "no time zone «Mars/"),
    ("areas/talent/area.md", "5. ", "6. ", "## Levels", "a rubric has five levels"),
    (HOME, "## heading", "## headng", "## headng", "nothing is called «headng» here; did you mean «heading»?"),
    (HOME, "{{ when }}", "{{ wenn }}", "{{ wenn }}", "«wenn» is not known here; did you mean «when»?"),
    (HOME, "{{ when }}", "{{ when", "{{ when", "opened but not closed"),
    (HOME, "{{ when }}", "{{ when.__class__ }}", "{{ when.", "a look inside of things"),
]  # fmt: skip


@pytest.mark.parametrize(("file", "old", "new", "where", "said"), SLIPS)
def test_each_slip_is_named(tmp_path: Path, file: str, old: str, new: str, where: str, said: str) -> None:
    """One slip, one problem at its file and near its line, in plain words."""
    folder = a_copy(tmp_path)
    change(folder, file, old, new)
    _, problems = check(folder, today=TODAY)
    line = line_of(folder, file, where)
    told = [str(one) for one in problems if one.path == f"content/{file}" and abs(one.line - line) <= 1]
    assert told, problems
    assert any(said in one for one in told), told


def test_ten_slips_in_one_run(tmp_path: Path) -> None:
    """All are told at once: a writer mends them in one go."""
    folder = a_copy(tmp_path)
    files = sorted(path.relative_to(folder).as_posix() for path in folder.glob("areas/*/0[12]-*.md"))
    assert len(files) == 10
    for file in files:
        change(folder, file, "minutes: ", "minuts: ")
    _, problems = check(folder, today=TODAY)
    assert {one.path for one in problems if "did you mean «minutes»" in one.mend} == {
        f"content/{file}" for file in files
    }


@pytest.mark.parametrize(
    "spoil",
    [lambda text: "\ufeff" + text, lambda text: text.replace("\n", "\r\n"), lambda text: text.replace("[x]", "[X]"),
     lambda text: text.replace(" ", "\u00a0", 3), lambda text: text.replace("## Mentor", "\ufeff## Mentor")],
    ids=["byte-order mark", "CRLF", "capital X", "non-breaking spaces", "a byte-order mark in the middle"],
)  # fmt: skip
def test_what_editors_do_is_understood(tmp_path: Path, spoil: object) -> None:
    """Marks that nobody sees are no slips."""
    folder = a_copy(tmp_path)
    path = folder / LESSON
    path.write_bytes(spoil(path.read_text("utf-8")).encode())  # type: ignore[operator]
    curriculum, problems = check(folder, today=TODAY)
    assert curriculum is not None, problems
    assert problems == []


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"\xff\xfe\x00", "not UTF-8"),
        (b"", "empty"),
        (b"x" * 1_000_001, "larger than 1 MB"),
        (b"---\nid: x\n", "does not end"),
    ],
)
def test_a_file_that_is_no_text(tmp_path: Path, content: bytes, said: str) -> None:
    """Another encoding, an empty file, a huge one, a half-written one: a sentence."""
    folder = a_copy(tmp_path)
    (folder / LESSON).write_bytes(content)
    _, problems = check(folder, today=TODAY)
    assert any(said in str(one) for one in problems if one.path.endswith("01-metrics-chain.md"))


def test_what_only_shows_over_all_files(tmp_path: Path) -> None:
    """Two lessons with one id, an unknown prerequisite and a circle of them are told."""
    folder = a_copy(tmp_path)
    change(
        folder,
        "areas/sales-tracking/02-clean-pipeline.md",
        "id: tracking-02-clean-pipeline",
        "id: tracking-01-metrics-chain",
    )
    _, problems = check(folder, today=TODAY)
    assert any("has the id «tracking-01-metrics-chain» too" in one.what for one in problems)
    again = a_copy(tmp_path / "again")
    change(again, LESSON, "before: []", "before: [tracking-02-clean-pipelin]")
    _, problems = check(again, today=TODAY)
    assert any("did you mean «tracking-02-clean-pipeline»" in one.mend for one in problems)


def test_the_content_that_ships_is_sound() -> None:
    """Every lesson and every phrase, without a warning; but what is still to be translated may be named."""
    curriculum, problems = check(CONTENT, today=TODAY)
    untranslated = [one for one in problems if one.severity == "warning" and one.path.endswith(".sl.md")]
    assert problems == untranslated
    assert curriculum is not None
    assert summary(curriculum).startswith("5 areas, ")


@pytest.mark.long
@settings(max_examples=often(200), suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_no_edit_ever_raises(tmp_path_factory: pytest.TempPathFactory, data: st.DataObject) -> None:
    """Whatever is cut out of or typed into a lesson, it is read or explained, with file and line."""
    folder = a_copy(tmp_path_factory.mktemp("fuzz"))
    path = folder / LESSON
    text = path.read_text("utf-8")
    start = data.draw(st.integers(0, len(text)))
    end = data.draw(st.integers(start, min(len(text), start + 80)))
    typed = data.draw(st.text(alphabet="{}%[]#>-:'\"\n\t *_x1é|&!@\\", max_size=12))
    path.write_text(text[:start] + typed + text[end:], "utf-8")
    curriculum, problems = read(folder, today=TODAY)
    assert curriculum is not None or any(one.severity == "error" for one in problems)
    assert all(one.line >= 1 and one.path for one in problems)
