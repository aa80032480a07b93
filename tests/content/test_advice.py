"""What a good editor would say: advice on lessons and areas that can be used as they stand."""

from datetime import date
from pathlib import Path

import pytest

from bot.curriculum.check import check
from bot.curriculum.slips import Problem
from tests.content.makers import LESSON, a_copy, change, line_of

TODAY = date(2026, 11, 23)
OBJECTIVE = "objectives:\n"


def advice(folder: Path) -> list[Problem]:
    """What is said of the folder, which stays usable."""
    curriculum, problems = check(folder, today=TODAY)
    assert curriculum is not None
    assert all(one.severity == "warning" for one in problems)
    return problems


def test_our_own_lessons_need_none(tmp_path: Path) -> None:
    """The content that ships has not a single piece of advice left."""
    assert advice(a_copy(tmp_path)) == []


@pytest.mark.parametrize(
    ("old", "new", "what", "at"),
    [
        (OBJECTIVE, "objectives:\n  - Name one more thing\n", "2 objectives: two ideas in one lesson?", "objectives:"),
        (
            OBJECTIVE + "  - ",
            OBJECTIVE + "  - Understand, and ",
            "nobody can see «Understand» in the objective",
            "objectives:",
        ),
        (
            "owner: ld-team@example.com",
            "owner: the team",
            "«the team» is no e-mail address: the lesson has no owner",
            "owner:",
        ),
    ],
)
def test_one_idea_that_can_be_seen_and_someone_who_keeps_it(
    tmp_path: Path, old: str, new: str, what: str, at: str
) -> None:
    """Each is said once, at its line."""
    folder = a_copy(tmp_path)
    change(folder, LESSON, old, new)
    (found,) = advice(folder)
    assert (found.what, found.line) == (what, line_of(folder, LESSON, at))


def test_an_answer_that_stands_in_the_text(tmp_path: Path) -> None:
    """Word for word is given away, whatever its case and commas; three words of it may stand there by chance."""
    folder = a_copy(tmp_path)
    text = (folder / LESSON).read_text("utf-8")
    right = next(line for line in text.splitlines() if line.startswith("- [x] ")).removeprefix("- [x] ").split(" {#")[0]
    change(folder, LESSON, "\n## Example", f"\nRemember: {right.upper()}, always.\n\n## Example")
    assert [one.what for one in advice(folder)] == ["the right answer of «q1» stands in the text word for word"]


def test_a_level_that_each_reader_takes_differently(tmp_path: Path) -> None:
    """A rubric says what people do; an adjective in it is named with its level."""
    folder = a_copy(tmp_path)
    change(folder, "areas/talent/area.md", "\n2. ", "\n2. Is a strong leader. ")
    (found,) = advice(folder)
    assert found.what == "«strong» in level 2 is not a behaviour"


def test_a_starved_area(tmp_path: Path) -> None:
    """An area with less than half of what the others have is named."""
    folder = a_copy(tmp_path)
    for path in (folder / "areas" / "contracting").glob("0[3-9]-*.md"):
        path.unlink()
    (found,) = [one for one in advice(folder) if "on average" in one.what]
    assert found.path == "content/areas/contracting/area.md"
