"""The authoring desk: new lessons as drafts, questions from Moodle, the handbook, coverage, and problems for other programs."""

import json
import re
import shutil
from datetime import date
from html.parser import HTMLParser
from pathlib import Path

import pytest
from typer.testing import CliRunner

from bot.authoring.coverage import as_text, coverage
from bot.authoring.coverage_page import page
from bot.authoring.gift import Answer, read_gift
from bot.authoring.handbook import handbook
from bot.authoring.newlesson import CannotWrite, import_questions, write_new
from bot.cli import app
from bot.curriculum.check import as_json, check
from bot.curriculum.check import as_text as said_of
from bot.curriculum.model import Curriculum
from tests.world import CONTENT

TODAY = date(2026, 11, 23)
WRITTEN = "01-player-to-coach.md"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """The whole content, to write into."""
    return Path(shutil.copytree(CONTENT, tmp_path / "content"))


def sound(folder: Path) -> Curriculum:
    """What is taught there now."""
    curriculum, problems = check(folder, today=TODAY)
    assert curriculum is not None, problems
    return curriculum


def test_a_new_lesson_is_a_draft_that_only_has_to_be_written(folder: Path) -> None:
    """It has the next number and the area's own id, and reaches nobody until it is renamed, and written."""
    before = sound(folder)
    path = write_new(folder, before, "talent", 'Say "no" to a: candidate', today=TODAY)
    number = int(path.name[:2])
    assert path.name == f"{number:02}-say-no-to-a.draft.md"
    assert not (path.parent / f"{number:02}-say-no-to-a.md").exists()
    assert [one.id for one in sound(folder).lessons] == [one.id for one in before.lessons]
    path = path.rename(path.with_name(path.name.replace(".draft", "")))
    untouched, problems = check(folder, today=TODAY)
    assert untouched is None, "managers would read what each part is for"
    assert len([one for one in problems if one.what.endswith("stands in every new lesson")]) == 10
    (_, head, _), (_, _, written) = (one.read_text().split("---\n", 2) for one in (path, path.parent / WRITTEN))
    path.write_text("---\n".join(["", re.sub("Say in .*", "Turn one down in a sentence", head), written]))
    after = sound(folder)
    (lesson,) = [one for one in after.lessons if one.id not in {other.id for other in before.lessons}]
    assert (lesson.id, lesson.area) == (f"talent-{number:02}-say-no-to-a", "talent")
    assert lesson.title == 'Say "no" to a: candidate'
    assert lesson.review_by == date(2027, 11, 1)


def test_what_is_wrong_with_a_draft_stops_nobody(folder: Path) -> None:
    """A draft is checked like a lesson; what would be an error is to be mended before it is published, and is counted."""
    path = write_new(folder, sound(folder), "talent", "Half done", today=TODAY)
    path.write_text(path.read_text().replace("[x]", "[ ]"))
    curriculum, problems = check(folder, today=TODAY)
    assert curriculum is not None
    found = {one.what: one.severity for one in problems if one.path.endswith(path.name)}
    assert found["«q1» has no right answer"] == "draft"
    said = said_of(curriculum, problems)
    assert "put [x] in front of the right one (draft: mend it before you publish)" in said
    *_, of_lessons, of_drafts = said.splitlines()
    assert "all sound" in of_lessons, "two sentences, each on its line"
    assert of_drafts == "In drafts, 12 to mend before you publish them."


def test_two_new_lessons_never_share_a_file(folder: Path) -> None:
    """The same title twice is two files with two numbers; an unknown area or an empty title is a sentence."""
    curriculum = sound(folder)
    first, second = (write_new(folder, curriculum, "talent", "Twice", today=TODAY) for _ in range(2))
    assert first != second
    with pytest.raises(CannotWrite, match="no area «talents»"):
        write_new(folder, curriculum, "talents", "Nowhere", today=TODAY)
    with pytest.raises(CannotWrite, match="a letter or a digit"):
        write_new(folder, curriculum, "talent", "«»", today=TODAY)


GIFT = r"""// questions of the sales academy
$CATEGORY: $course$/Pipeline

::Next step::[html]<p>Which deal is <b>live</b>?</p> {
  =The one with a date and a buyer#Yes: both can be checked.
  ~The one with the largest sum#A sum is a wish\: nothing more.
  ~The one that the seller likes
}

Which of these are measures of activity? {~%50%Calls made ~%50%Visits made ~%-100%Deals won}

A forecast is a promise. {F#It is an estimate, with its error.#Right.}

How many full sellers are six at 80%? {#4.8:0.1}

Name the five areas. {}

Match them. {=cause -> effect =price -> value}

Who said it? {=Ana =Ana Kovač}

Two plus {=two} is four.

A question that never ends {=yes ~no
"""


def test_questions_from_moodle() -> None:
    """One or several right answers and true or false are read, with feedback; all else is named with its line."""
    questions, problems = read_gift(GIFT, "academy.gift")
    first, several, truth = questions
    assert (first.line, first.title, first.prompt) == (4, "Next step", "Which deal is live?")
    assert first.answers == (
        Answer("The one with a date and a buyer", True, "Yes: both can be checked."),
        Answer("The one with the largest sum", False, "A sum is a wish: nothing more."),
        Answer("The one that the seller likes", False),
    )
    assert several.several
    assert [answer.right for answer in several.answers] == [True, True, False]
    assert truth.answers == (
        Answer("True", False, "It is an estimate, with its error."),
        Answer("False", True, "Right."),
    )
    assert [(one.line, one.what.removeprefix("a question ")) for one in problems] == [
        (14, "for a number was left out"),
        (16, "for an essay was left out"),
        (18, "for matching was left out"),
        (20, "for a short answer was left out"),
        (22, "with a gap in the middle was left out"),
        (24, "without answers in { }"),
    ]


def test_imported_questions_are_drafts_with_their_check(folder: Path) -> None:
    """Each becomes a lesson's form with its check; what it lacks is what the linter says."""
    questions, _ = read_gift(GIFT, "academy.gift")
    paths = import_questions(folder, sound(folder), "sales-tracking", questions, today=TODAY)
    assert len(paths) == 3
    _, problems = check(folder, today=TODAY)
    of_first = [one.what for one in problems if one.path.endswith(paths[0].name)]
    own = [what for what in of_first if not what.endswith("stands in every new lesson")]
    assert own == ["no sentence for the answer «The one that the seller likes»"]
    assert len(own) < len(of_first), "the rest is still the form"
    assert "### q1 (choose all)" in paths[1].read_text()


MOODLE_AS_IT_IS = r"""Сколько стоит скидка? {=Много#Да. ~Мало#Нет.}

::- first & last::[html]<p>R&amp;D &lt; sales,&nbsp;or not?</p> {=Yes#&quot;Yes&quot;. ~No#No.}

[html]<img src="deal.png"> {=Live#Yes. ~Dead#No.}
"""


def test_titles_and_entities_that_moodle_writes(folder: Path) -> None:
    """Other alphabets, a title that begins as a list does, a picture alone, and what HTML escapes: each is a draft."""
    questions, problems = read_gift(MOODLE_AS_IT_IS, "academy.gift")
    assert not problems
    assert [one.title for one in questions] == ["Сколько стоит скидка", "- first & last", "Question of line 5"]
    assert (questions[1].prompt, questions[1].answers[0].feedback) == ("R&D < sales, or not?", '"Yes".')
    paths = import_questions(folder, sound(folder), "talent", questions, today=TODAY)
    assert [path.name.partition("-")[2] for path in paths] == [
        "lesson.draft.md", "first-last.draft.md", "question-of-line-5.draft.md",
    ]  # fmt: skip
    _, problems = check(folder, today=TODAY)
    told = [str(one) for one in problems if any(path.name in one.path for path in paths)]
    assert not [one for one in told if "title" in one or "YAML" in one or "key" in one], told


class Links(HTMLParser):
    """Every address that a page names."""

    def __init__(self) -> None:
        super().__init__()
        self.named: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:  # noqa: ARG002
        """Collect what would be fetched, or followed."""
        self.named += [value or "" for name, value in attrs if name in ("src", "href", "srcset", "action")]


def test_the_handbook_has_everything_and_needs_nothing(folder: Path) -> None:
    """Every lesson, every option with its sentence, no placeholder left open, and no address but its own headings."""
    curriculum = sound(folder)
    page = handbook(folder, curriculum, today=TODAY)
    for lesson in curriculum.lessons:
        assert f'id="{lesson.id}"' in page
    assert page.count("✓") >= len(curriculum.lessons)
    assert "{{" not in page
    links = Links()
    links.feed(page)
    assert all(one.startswith("#") for one in links.named)


def test_the_handbook_says_what_to_do_and_nothing_of_how_it_is_written(folder: Path) -> None:
    """However the lines for the machine are written, they are not printed; nor can the company's name be HTML."""
    path = folder / "areas" / "talent" / "02-scorecard.md"
    path.write_text(path.read_text().replace("\n- due:", "\n* Due:").replace("\n- follow up:", "\n+ Follow up:"))
    program = folder / "program.yaml"
    program.write_text(program.read_text().replace("name: Acme", 'name: "R&D <i>"'))
    for lesson in folder.glob("areas/talent/02-*.md"):
        lesson.write_text(lesson.read_text().replace("(choose one)\n", "(choose one)\n{{ company.name }}: ", 1))
    page = handbook(folder, sound(folder), today=TODAY)
    assert "Due:" not in page
    assert "Follow up:" not in page
    assert "R&amp;D &lt;i&gt;: " in page


def test_a_lesson_cannot_put_a_script_into_the_handbook(folder: Path) -> None:
    """HTML in a lesson is shown as it was written."""
    path = folder / "areas" / "talent" / "02-scorecard.md"
    path.write_text(
        re.sub(r"\n## Example", "\n<script>alert(1)</script> <b onclick=x>b</b>\n\n## Example", path.read_text())
    )
    page = handbook(folder, sound(folder), today=TODAY)
    assert "<script>" not in page
    assert "&lt;script&gt;" in page
    assert "<b onclick" not in page


def test_coverage_names_the_holes(folder: Path) -> None:
    """An area with too few lessons or none of a level is named; the others are not."""
    for path in (folder / "areas" / "contracting").glob("0[3-9]-*.md"):
        path.unlink()
    (row,) = [one for one in coverage(sound(folder)) if one.area_id == "contracting"]
    assert row.lessons == row.actions == row.topics == 2
    assert "2 lessons, 8 are wanted" in row.holes
    assert "no lesson for the stretch" in row.holes
    assert "contracting: 2 lessons, 8 are wanted" in as_text([row])


def test_coverage_as_a_picture(folder: Path) -> None:
    """Each hole is drawn as one, with what is wanted; and stands in the table and in the list below."""
    whole = page("Ours", coverage(sound(folder)))
    assert "stroke-dasharray" not in whole
    assert "<li>None.</li>" in whole
    for path in (folder / "areas" / "contracting").glob("0[3-9]-*.md"):
        path.unlink()
    holes = page("Ours", coverage(sound(folder)))
    assert holes.count("stroke-dasharray") == 1
    assert "2 of 8</text>" in holes
    assert '<td class="hole">2</td>' in holes
    assert "Contracting, negotiating and pricing: 2 lessons, 8 are wanted</li>" in holes
    assert "http" not in holes


def test_problems_for_other_programs(folder: Path) -> None:
    """The same problems as JSON, and whether all is sound."""
    said = json.loads(as_json(*check(folder, today=TODAY)))
    assert said["sound"] is True
    (folder / "areas" / "talent" / "02-scorecard.md").write_text("---\n---\n")
    said = json.loads(as_json(*check(folder, today=TODAY)))
    assert said["sound"] is False
    assert {"path", "line", "what", "mend", "severity"} == set(said["problems"][0])


@pytest.mark.long
def test_the_commands(folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A colleague's way over the command line: a new lesson, questions, the check, the handbook, the coverage."""
    monkeypatch.setenv("CONTENT_DIR", str(folder))
    monkeypatch.chdir(tmp_path)
    (tmp_path / "academy.gift").write_text(GIFT, "utf-8")
    run = CliRunner()
    made = run.invoke(app, ["content", "new", "talent", "A new one"])
    assert "rename it to" in made.output
    imported = run.invoke(app, ["content", "import", "academy.gift", "--area", "sales-tracking"])
    assert "3 drafts written, 6 questions left out." in imported.output
    assert run.invoke(app, ["content", "check", "--format", "json"]).exit_code == 0
    assert run.invoke(app, ["content", "handbook"]).exit_code == 0
    assert (tmp_path / "handbook.html").stat().st_size > 50_000
    assert "sales-tracking" in run.invoke(app, ["content", "coverage"]).output
    assert run.invoke(app, ["content", "coverage", "-o", "coverage.html"]).output == "Wrote coverage.html.\n"
    refused = run.invoke(app, ["content", "new", "nowhere", "A new one"])
    assert (refused.exit_code, "no area «nowhere»" in refused.output) == (2, True)
