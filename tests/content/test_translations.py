"""A lesson, an area and the words of messages in a second language: what its readers get, and a translator's slips."""

from pathlib import Path

import pytest

from bot.curriculum.check import check
from bot.curriculum.library import Library, Taught, language_of
from bot.curriculum.model import Choice, Lesson
from tests.content.makers import LESSON, a_copy, change, line_of
from tests.content.sample import TODAY

AREA, LESSON_SL = "areas/sales-tracking", "areas/sales-tracking/01-metrics-chain.sl.md"
AREA_SL, NUDGE_SL, DIGEST_SL = f"{AREA}/area.sl.md", "messages/nudge.sl.md", "messages/digest.sl.md"
PIPELINE_SL, FORECAST_SL = f"{AREA}/02-clean-pipeline.sl.md", f"{AREA}/05-forecast.sl.md"
ID = "tracking-01-metrics-chain"


def taught_in(folder: Path) -> Taught:
    return Library(folder, today=lambda: TODAY).current


def the_choice(lesson: Lesson) -> Choice:
    check = lesson.checks[0]
    assert isinstance(check, Choice)
    return check


def test_the_same_lesson_in_other_words(tmp_path: Path) -> None:
    """Who reads Slovene gets Slovene words; ids, right answers, days and order are those of the original."""
    taught = taught_in(a_copy(tmp_path, translated=True))
    slovene = taught.speaking("sl")
    original, lesson = taught.curriculum.lesson(ID), slovene.curriculum.lesson(ID)
    assert (taught.language, slovene.language, taught.languages) == ("en", "sl", ("en", "sl"))
    assert (lesson.title, original.title) == ("Beri verigo, ne vsote", "Read the chain, not the total")
    assert [one.id for one in slovene.curriculum.lessons] == [one.id for one in taught.curriculum.lessons]
    assert [one.id for one in lesson.checks] == [one.id for one in original.checks]
    ours, theirs = the_choice(lesson), the_choice(original)
    assert [one.id for one in ours.options] == [one.id for one in theirs.options]
    assert (ours.right_ids, ours.prompt != theirs.prompt) == (theirs.right_ids, True)
    assert (lesson.minutes, lesson.owner, lesson.review_by) == (original.minutes, original.owner, original.review_by)
    assert slovene.curriculum.area("sales-tracking").title == "Spremljanje in vodenje prodaje"
    assert slovene.wording.plain("action.promise") == "Poskusim"


def test_what_is_not_translated_is_said_in_the_programs_language(tmp_path: Path) -> None:
    """One lesson, one area, one file and one phrase are missing; all around them stays Slovene."""
    folder = a_copy(tmp_path, translated=True)
    (folder / LESSON_SL).unlink()
    (folder / AREA_SL).unlink()
    (folder / NUDGE_SL).unlink()
    text = (folder / DIGEST_SL).read_text("utf-8")
    (folder / DIGEST_SL).write_text(text.replace("## ask\n**Vprašanje za pogovor** (»{{ lesson }}«):\n\n", ""), "utf-8")
    taught = taught_in(folder)
    slovene = taught.speaking("sl")
    assert slovene.curriculum.lesson(ID) is taught.curriculum.lesson(ID)
    assert slovene.curriculum.area("sales-tracking") == taught.curriculum.area("sales-tracking")
    assert slovene.curriculum.lesson("tracking-03-stage-exit").title == "Faze, ki jih dokaže stranka"
    assert slovene.wording.phrases["nudge.text"] == taught.wording.phrases["nudge.text"]
    assert slovene.wording.mrkdwn("digest.ask", lesson="X") == taught.wording.mrkdwn("digest.ask", lesson="X")
    assert slovene.wording.plain("digest.heading") == "Tvoji novi vodje ta teden"


def test_nobody_is_left_without_words(tmp_path: Path) -> None:
    """No language, one that nobody wrote, and the way back from another: the program's own, and always the same object."""
    taught = taught_in(a_copy(tmp_path, translated=True))
    slovene = taught.speaking("sl")
    assert taught.speaking(None) is taught.speaking("xx") is taught.speaking("en") is taught
    assert slovene.speaking(None) is slovene.speaking("de") is taught
    assert slovene.speaking("sl") is taught.speaking("sl") is slovene


@pytest.mark.parametrize(
    ("chosen", "locale", "language"),
    [
        ("sl", "en-US", "sl"), (None, "sl-SI", "sl"), (None, "sl_SI", "sl"), (None, "de-DE", "en"), (None, None, "en"),
        ("de", "sl-SI", "sl"), ("en", "sl-SI", "en"), (None, "pt-BR", "pt-br"), (None, "pt-PT", "en"), ("", "", "en"),
    ],
)  # fmt: skip
def test_whose_language_is_which(chosen: str | None, locale: str | None, language: str) -> None:
    """A choice wins; else the locale's language, if there are words in it; else the program's."""
    assert language_of(chosen, locale, ("en", "pt-br", "sl")) == language


def test_answers_may_change_places_if_they_are_named(tmp_path: Path) -> None:
    """With their ids, two answers may stand in another order in the translation; they are asked in the original's."""
    folder = a_copy(tmp_path, translated=True)
    text = (folder / LESSON_SL).read_text("utf-8")
    start, middle, end = text.index("- [ ] Pohvalim"), text.index("- [x] Še ta"), text.index("- [ ] Osebno")
    (folder / LESSON_SL).write_text(
        text[:start] + text[middle:end] + text[start:middle] + text[end:], "utf-8"
    )  # fmt: skip
    options = the_choice(taught_in(folder).speaking("sl").curriculum.lesson(ID)).options
    assert [one.id for one in options] == ["later", "early", "push"]
    assert options[0].text.startswith("Pohvalim")


def test_answers_without_an_id_are_those_at_the_same_place(tmp_path: Path) -> None:
    """An original without ids makes them of its words; a translation can't write those, and need not."""
    folder = a_copy(tmp_path, translated=True)
    for file in (LESSON, LESSON_SL):
        for name in ("later", "early", "push"):
            change(folder, file, f" {{#{name}}}", "")
    taught = taught_in(folder)
    ours, theirs = (the_choice(one.curriculum.lesson(ID)) for one in (taught.speaking("sl"), taught))
    assert [one.id for one in ours.options] == [one.id for one in theirs.options]
    assert ours.right_ids == theirs.right_ids


def test_a_raised_revision_falls_back_until_the_translation_follows(tmp_path: Path) -> None:
    """The right answer changed: until it is translated, the original is asked, and the translator reads why."""
    folder = a_copy(tmp_path, translated=True)
    library = Library(folder, today=lambda: TODAY)
    change(folder, LESSON, "revision: 1", "revision: 2")
    change(folder, LESSON, "- [x] Find", "- [ ] Find")
    change(folder, LESSON, "- [ ] Thank", "- [x] Thank")
    assert library.refresh()
    assert library.current.speaking("sl").curriculum.lesson(ID) is library.current.curriculum.lesson(ID)
    _, problems = check(folder, today=TODAY)
    line = line_of(folder, LESSON_SL, "revision")
    told = [str(one) for one in problems if one.path == f"content/{LESSON_SL}"]
    assert told == [
        f"content/{LESSON_SL}:{line}: translates revision 1, the lesson is at 2; follow it; until then the original is said"
    ]
    change(folder, LESSON_SL, "revision: 1", "revision: 2")
    change(folder, LESSON_SL, "- [x] Še", "- [ ] Še")
    change(folder, LESSON_SL, "- [ ] Pohvalim", "- [x] Pohvalim")
    assert library.refresh()
    assert the_choice(library.current.speaking("sl").curriculum.lesson(ID)).right_ids == {"later"}


def test_an_edit_of_a_translation_is_live_and_a_broken_one_changes_nothing(tmp_path: Path) -> None:
    """As for every other file of the content."""
    folder = a_copy(tmp_path, translated=True)
    library = Library(folder, today=lambda: TODAY)
    before = library.current.curriculum.lesson(ID)
    change(folder, LESSON_SL, "Beri verigo, ne vsote", "Najprej veriga")
    assert library.refresh()
    assert library.current.speaking("sl").curriculum.lesson(ID).title == "Najprej veriga"
    assert library.current.curriculum.lesson(ID) is before
    change(folder, NUDGE_SL, "{{ title }}", "{{ naslov }}")
    assert not library.refresh()
    assert "še čaka" in library.current.speaking("sl").wording.phrases["nudge.text"]


# file, what is replaced, by what, words on the line that is named, what is said of it
SLIPS = [
    (LESSON_SL, "title:", "tittle:", "tittle:", "unknown key «tittle»; did you mean «title»?"),
    (LESSON_SL, "title: Beri verigo, ne vsote", "", "---", "no «title»; add a line «title: …»"),
    (LESSON_SL, "revision: 1\n", "", "---", "no «revision»"),
    (LESSON_SL, "title: Beri", "title: Beri: vse in", "title:", "a value with a colon in it"),
    (LESSON_SL, "title: ", "id: tracking-02\ntitle: ", "id:", f"the original is called «{ID}»; take the line out"),
    (LESSON_SL, "## Example", "## Primer", "## Primer", "unknown heading «Primer»"),
    (LESSON_SL, "## Mentor", "## Mentorica", "## Mentorica", "unknown heading «Mentorica»; did you mean «Mentor»?"),
    (LESSON_SL, "### q1", "### v1", "## Check", "the questions are v1, q2; in the original q1, q2"),
    (LESSON_SL, "(choose one)", "(izberi eno)", "### q1", "«(izberi eno)» is no kind of check"),
    (LESSON_SL, "(choose one)", "(choose all)", "### q1", "write it as ### q1 (choose one)"),
    (LESSON_SL, "(reflect, private)", "(reflect)", "### q2", "«q2» is (reflect), in the original (reflect, private)"),
    (LESSON_SL, "{#later}", "{#pozneje}", "### q1", "«q1» has an answer {#pozneje}, the original has none"),
    (LESSON_SL, "{#later}", "{#early}", "- [x] Še", "two answers have the id «early»"),
    (LESSON_SL, "- [x] Še", "- [ ] Še", "### q1", "«q1» has no right answer"),
    (LESSON_SL, "- [ ] Osebno", "- [ ] Nič {#nic}\n  > Ne.\n- [ ] Osebno", "### q1", "«q1» has 4 answers, the original 3"),
    (LESSON_SL, "- due: 3", "- due: 4", "## Do it", "due after 4 working days, in the original after 3"),
    (LESSON_SL, "- due:", "- rok:", "## Do it", "no day by which to try it"),
    (LESSON_SL, "manager.first_name", "vodja.ime", "vodja.ime", "unknown placeholder «vodja.ime»"),
    (LESSON_SL, "Pohvalim ekipo", "Pohvalim vso ekipo " * 4, "Pohvalim", "Slack shows 75: shorten it by"),
    (PIPELINE_SL, "- 3: ", "- 4: ", "### q2", "«q2» has the points 1, 4, 5; the original 1, 3, 5"),
    (AREA_SL, "title:", "titel:", "titel:", "unknown key «titel»; did you mean «title»?"),
    (AREA_SL, "title:", "id: talent\ntitle:", "id:", "the folder is called «sales-tracking»"),
    (AREA_SL, "\n5. ", "\n6. ", "## Levels", "a rubric has five levels"),
    (NUDGE_SL, "{{ title }}", "{{ naslov }}", "{{ naslov }}", "«naslov» is not known here"),
    (NUDGE_SL, "## text", "## besedilo", "## besedilo", "nothing is called «besedilo» here"),
    (NUDGE_SL, "{{ title }}", "{{ title", "{{ title", "a placeholder is opened but not closed"),
]  # fmt: skip


@pytest.mark.parametrize(("file", "old", "new", "where", "said"), SLIPS, ids=lambda value: str(value)[:30])
def test_each_slip_of_a_translator_is_named(
    tmp_path: Path, file: str, old: str, new: str, where: str, said: str
) -> None:
    """One slip; it is told with its file, its line, what is wrong and how to mend it, and nothing goes live."""
    folder = a_copy(tmp_path, translated=True)
    change(folder, file, old, new)
    curriculum, problems = check(folder, today=TODAY)
    told = [str(one) for one in problems if one.severity == "error"]
    assert curriculum is None
    assert any(one.startswith(f"content/{file}:{line_of(folder, file, where)}:") and said in one for one in told), told
    assert {one.path for one in problems if one.severity == "error"} == {f"content/{file}"}


def test_another_right_answer_is_found_by_its_id(tmp_path: Path) -> None:
    """The [x] moved to another answer of the translation, which alone would be a sound question."""
    folder = a_copy(tmp_path, translated=True)
    change(folder, LESSON_SL, "- [x] Še", "- [ ] Še")
    change(folder, LESSON_SL, "- [ ] Pohvalim", "- [x] Pohvalim")
    _, problems = check(folder, today=TODAY)
    line = line_of(folder, LESSON_SL, "### q1")
    assert [(one.line, one.what) for one in problems if one.severity == "error"] == [
        (line, "in «q1», another answer is right than in the original")
    ]


NUDGE_EN = "## text\nHi\n\n## done\nDone\n\n## set_aside\nAway\n"
# file, its text, what is said of it
NOBODY_READS = [
    ("areas/talent/01-player-to-coach.zz.md", "x", "no language «zz»"),
    ("areas/talent/01-player-to-coach.old.md", "x", "no language «old»"),
    ("messages/nudge.slovene.md", "x", "no language «slovene»"),
    ("areas/talent/99-nothing.sl.md", "x", "there is no «99-nothing.md» that it could translate"),
    ("messages/nugde.sl.md", "x", "there is no «nugde.md» that it could translate; did you mean «nudge.md»?"),
    ("messages/nudge.en.md", NUDGE_EN, "nobody reads this file; write it in nudge.md"),
]


@pytest.mark.parametrize(("file", "text", "said"), NOBODY_READS)
def test_files_that_nobody_reads_are_pointed_out(tmp_path: Path, file: str, text: str, said: str) -> None:
    """A file whose name is no language, or that translates nothing: a warning, and all else goes live."""
    folder = a_copy(tmp_path)
    (folder / file).write_text(text, "utf-8")
    curriculum, problems = check(folder, today=TODAY)
    assert curriculum is not None
    assert [(one.path, one.severity) for one in problems] == [(f"content/{file}", "warning")]
    assert said in str(problems[0])


def test_what_a_translator_has_still_to_do_is_a_list_of_files(tmp_path: Path) -> None:
    """One warning for a folder without anything, one for each missing file of another, one for all missing keys of a file."""
    folder = a_copy(tmp_path, translated=True)
    (folder / FORECAST_SL).unlink()
    (folder / NUDGE_SL).unlink()
    text = (folder / DIGEST_SL).read_text("utf-8")
    (folder / DIGEST_SL).write_text(text[: text.index("## wants_to")], "utf-8")
    curriculum, problems = check(folder, today=TODAY)
    told = [str(one) for one in problems]
    assert curriculum is not None
    assert {one.severity for one in problems} == {"warning"}
    assert sum(one.startswith("content/areas/talent/") for one in told) == 1
    assert f"content/{FORECAST_SL}:1: 05-forecast.md is not in «sl»; it is said in «en» until you translate it" in told
    assert f"content/{NUDGE_SL}:1: nudge.md is not in «sl»; it is said in «en» until you translate it" in told
    keys = [one for one in told if one.startswith(f"content/{DIGEST_SL}:")]
    assert len(keys) == 1
    assert "21 of 25 texts are not translated: there the original is said; add ## " in keys[0]


def test_keys_that_are_the_originals_say_nothing_here(tmp_path: Path) -> None:
    """A translator who copied the whole head: what is equal is let pass, what differs is a warning and has no effect."""
    folder = a_copy(tmp_path, translated=True)
    change(folder, LESSON_SL, "title: ", f"id: {ID}\nminutes: 9\nlevel: 1\nbefore: []\ntitle: ")
    _, problems = check(folder, today=TODAY)
    told = [str(one) for one in problems if one.path == f"content/{LESSON_SL}"]
    line = line_of(folder, LESSON_SL, "minutes: 9")
    assert told == [
        f"content/{LESSON_SL}:{line}: «minutes» is taken from the original, not from here; take the line out"
    ]
    assert taught_in(folder).speaking("sl").curriculum.lesson(ID).minutes == 4


def test_a_broken_original_makes_no_slips_of_its_translation(tmp_path: Path) -> None:
    """There is nothing to compare it with; one slip is told, not two."""
    folder = a_copy(tmp_path, translated=True)
    change(folder, LESSON, "minutes: 4", "minutes: many")
    _, problems = check(folder, today=TODAY)
    assert {one.path for one in problems if one.severity == "error"} == {f"content/{LESSON}"}


def test_a_program_in_another_language(tmp_path: Path) -> None:
    """Its own actions are no English if-then sentences; a language that there is not is told."""
    folder = a_copy(tmp_path)
    change(folder, "program.yaml", "language: en", "language: de")
    change(folder, LESSON, "If I open our", "Wenn ich unser")
    _, problems = check(folder, today=TODAY)
    assert problems == []
    change(folder, "program.yaml", "language: de", "language: german")
    _, problems = check(folder, today=TODAY)
    assert [one.what for one in problems] == ["no language «german»"]
