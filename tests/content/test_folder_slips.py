"""What can be wrong in program.yaml, in an area, in the messages, and between files."""

from pathlib import Path

import pytest

from bot.curriculum.check import check
from bot.curriculum.wording import read_wording
from tests.content.makers import LESSON, a_copy, change, line_of
from tests.content.sample import TODAY

AREA, HOME, PROGRAM = "areas/talent/area.md", "messages/home.md", "program.yaml"
SECOND = "areas/sales-tracking/02-clean-pipeline.md"

# file, what is replaced, by what, words on the line that is named, what is said of it
SLIPS = [
    (PROGRAM, "timezone:", "timezon:", "timezon:", "unknown key «timezon»; did you mean «timezone»?"),
    (PROGRAM, "timezone:", "lessons.timezone:", "lessons.timezone:", "unknown key «lessons.timezone»"),
    (PROGRAM, "timezone: Europe/Ljubljana", "timezone: Europe", "timezone:", "no time zone «Europe»"),
    (PROGRAM, "timezone: Europe/Ljubljana", "timezone: ../../etc/hosts", "timezone:", "no time zone"),
    (PROGRAM, 'at: "09:00"', "at: 9:00", "at: 9:00", "«lessons.at» can't be read; a time is needed, as \"09:00\""),
    (PROGRAM, 'at: "09:00"', "at: 900", "at: 900", "«lessons.at» can't be read; a time is needed"),
    (PROGRAM, 'at: "09:00"', 'at: "09:00+02:00"', "+02:00", "«lessons.at» can't be read; a time is needed"),
    (PROGRAM, 'at: "09:00"', 'at: "22:00"', "lessons:", "«lessons» lies outside working time"),
    (PROGRAM, "country: SI", "country: si", "country:", "no public holidays are known of «si»"),
    (PROGRAM, "  sales-tracking: 4", "  sales-tracking: 9", "sales-tracking: 9", "is 9; it should be at most 5"),
    (PROGRAM, "  - talent\n", "  - talent & growth\n", "areas:", "the area «talent & growth»; rename its folder"),
    (PROGRAM, '"03-25", last: "03-31"', '"03-31", last: "03-25"', "quiet:", "is 360 quiet days; nobody hears anything"),
    (PROGRAM, 'fri\n  at: "09:00"', 'fri\n  at: "07:30"', 'at: "07:30"', "«reviews.at» lies outside working time"),
    (PROGRAM, "day: fri", "day: sat", "day: sat", "«reviews.day» lies outside working time"),
    (PROGRAM, "days: [tue, thu]", "days: [tue, thr]", "thr]", "«lessons.days» is «thr»; use 'mon', 'tue'"),
    (PROGRAM, "days: [tue, thu]", "days: tue", "days: tue", "«lessons.days» can't be read; a list is needed"),
    (PROGRAM, "days: [tue, thu]", "days: [tue]\n  days: [thu]", "days: [thu]", "«lessons.days» stands here twice"),
    (PROGRAM, "every_weeks: 2", "every_weeks: 20", "every_weeks: 20", "«peers.every_weeks» is 20; it should be at most 8"),
    (PROGRAM, "pools: []", "pools: [{name: One, cohorts: [A, B]}, {name: Two, cohorts: [B]}]", "pools:",
     "the cohort «B» is named 2 times: in «One», «Two»; name it once: a cohort meets in one pool"),
    (PROGRAM, "pools: []", "pools: [{name: One, cohorts: [A, A]}]", "pools:", "in «One», «One»; name it once"),
    (PROGRAM, "name: Acme", "nam: Acme", "nam: Acme", "unknown key «company.nam»; did you mean «name»?"),
    (PROGRAM, "name: Acme", "name:", "  name:", "«company.name» is empty"),
    (PROGRAM, "name: Acme", "name: Acme: Co", "Acme: Co", "a value with a colon in it"),
    (PROGRAM, 'start: "08:30"', 'start: "18:30"', "working_time:", "work ends before it starts"),
    (PROGRAM, "  - talent\n", "  - tallent\n", "areas:", "there is no folder areas/tallent"),
    (PROGRAM, "  - talent\n", "  - performance\n", "areas:", "or one stands twice"),
    (AREA, "id: talent", "id: tallent", "id:", "the folder is called «talent»; write id: talent"),
    (AREA, "title:", "titel:", "titel:", "unknown key «titel»; did you mean «title»?"),
    (AREA, "## Levels", "## Level", "## Level", "unknown heading «Level»; did you mean «Levels»?"),
    (AREA, "\n5. ", "\n4. ", "## Levels", "a rubric has five levels; number them 1. to 5."),
    (AREA, "## Levels", "{{ company.name }}\n\n## Levels", "---", ""),
    (HOME, "## heading", "## headng", "## headng", "nothing is called «headng» here; did you mean «heading»?"),
    (HOME, "{{ when }}", "{{ wenn }}", "{{ wenn }}", "«wenn» is not known here; did you mean «when»?"),
    (HOME, "{{ when }}", "{{ when", "{{ when", "a placeholder is opened but not closed"),
    (HOME, "{{ when }}", "{{ when.__class__ }}", "{{ when.", "a look inside of things («__class__»)"),
    (HOME, "{{ when }}", "{{ when.day }}", "{{ when.", "«when.day» is not known here"),
    (HOME, "{{ when }}", "{{ when|md5 }}", "{{ when|", "an unknown filter «md5»"),
    (HOME, "{{ when }}", "{% for x in when %}{% endfor %}", "{% for", "use {{ name }} or {% if … %} only"),
    (HOME, "{% endif %}", "", "{% if", "braces that can't be read"),
    (HOME, "{% if count == 1 %}", "{% if count < 'a' %}", "{% if", "words that can't be put together"),
    (HOME, "{{ when }}", "words " * 500, "## action", "Slack shows 2900: shorten it"),
]  # fmt: skip


@pytest.mark.parametrize(("file", "old", "new", "where", "said"), SLIPS)
def test_each_slip_is_named_on_its_line(tmp_path: Path, file: str, old: str, new: str, where: str, said: str) -> None:
    """One slip; it is told with its file, its line, what is wrong and how to mend it."""
    folder = a_copy(tmp_path)
    change(folder, file, old, new)
    curriculum, problems = check(folder, today=TODAY)
    told = [str(problem) for problem in problems]
    start = f"content/{file}:" + (f"{line_of(folder, file, where)}: " if said else "")
    assert curriculum is None
    assert any(one.startswith(start) and said in one for one in told), told


def test_a_circle_is_shown(tmp_path: Path) -> None:
    """Lessons that wait for each other are named in their order."""
    folder = a_copy(tmp_path)
    change(folder, LESSON, "before: []", "before: [tracking-04-inspect-deal]")
    change(folder, SECOND, "before:", "before: [tracking-01-metrics-chain] #")
    change(folder, "areas/sales-tracking/04-inspect-deal.md", "before:", "before: [tracking-02-clean-pipeline] #")
    _, problems = check(folder, today=TODAY)
    circles = [problem for problem in problems if "circle" in problem.what]
    assert len(circles) == 1
    assert circles[0].line == line_of(folder, circles[0].path.removeprefix("content/"), "before:")
    assert circles[0].what.count("→") == 3


def test_two_lessons_with_one_id(tmp_path: Path) -> None:
    """The second file is named on the line of its id, with the path of the first."""
    folder = a_copy(tmp_path)
    change(folder, SECOND, "id: tracking-02-clean-pipeline", "id: tracking-01-metrics-chain")
    _, problems = check(folder, today=TODAY)
    told = [str(problem) for problem in problems]
    assert (
        f"content/{SECOND}:2: content/{LESSON} has the id «tracking-01-metrics-chain» too; give this lesson its own"
        in told
    )


@pytest.mark.parametrize("spoilt", ['title: "', "minutes: [", "\x00", "id: tracking-01-metrics-chain"])
def test_one_broken_file_makes_no_slips_of_others(tmp_path: Path, spoilt: str) -> None:
    """Lessons that name a broken one as their «before» are sound."""
    folder = a_copy(tmp_path)
    old = spoilt if spoilt.startswith("id") else "title: "
    change(folder, LESSON, old, "" if spoilt.startswith("id") else spoilt)
    _, problems = check(folder, today=TODAY)
    assert {problem.path for problem in problems} == {f"content/{LESSON}"}


def test_a_target_that_counts_for_nothing_is_pointed_out(tmp_path: Path) -> None:
    """Of an area that is misspelt, or was taken out: a warning, and the rest goes live."""
    folder = a_copy(tmp_path)
    change(folder, PROGRAM, "  sales-tracking: 4", "  sales-trackin: 4")
    curriculum, problems = check(folder, today=TODAY)
    assert curriculum is not None
    told = [str(one) for one in problems if one.path == f"content/{PROGRAM}"]
    line = line_of(folder, PROGRAM, "sales-trackin:")
    assert told == [f"content/{PROGRAM}:{line}: there is no area «sales-trackin»; did you mean «sales-tracking»?"]


def test_files_that_nobody_reads_are_pointed_out(tmp_path: Path) -> None:
    """A lesson without a number, a message that no one says: a warning, and the rest goes live."""
    folder = a_copy(tmp_path)
    (folder / "areas/talent/stay-talks.md").write_text("---\n---\n", "utf-8")
    (folder / "messages/nugde.md").write_text("## text\nhello\n", "utf-8")
    (folder / "messages/.nudge.md.swp").write_text("an editor's own", "utf-8")
    curriculum, problems = check(folder, today=TODAY)
    assert curriculum is not None
    assert [(problem.path, problem.severity) for problem in problems] == [
        ("content/areas/talent/stay-talks.md", "warning"), ("content/messages/nugde.md", "warning"),
    ]  # fmt: skip
    assert "did you mean «nudge»" in problems[1].mend


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"\xff\xfeh\x00i\x00", "not UTF-8"), ("---\nid: x\n".encode("utf-16-le"), "nobody sees (U+0000)"), (b" \n", "is empty"),
        (b"x" * 1_000_001, "larger than 1 MB"), (b"---\n- a\n---\n", "no keys"), (b"---\n---\n", "the head is empty"),
    ],
)  # fmt: skip
def test_a_file_that_is_no_lesson_at_all(tmp_path: Path, content: bytes, said: str) -> None:
    """Other encodings, nothing, far too much, no keys: a sentence each."""
    folder = a_copy(tmp_path)
    (folder / LESSON).write_bytes(content)
    _, problems = check(folder, today=TODAY)
    assert any(said in str(problem) for problem in problems if problem.path == f"content/{LESSON}"), problems


def test_words_are_looked_at_where_the_samples_do_not_go(tmp_path: Path) -> None:
    """An unknown name in the other branch of an «if» is found, too; a folder without files misses each kind."""
    phrases = {"hello": {"text": {"person": {"name": "Ana"}, "count": 1}}}
    (tmp_path / "hello.md").write_text(
        "## text\n\n{% if count == 1 %}{{ person.name }}{% else %}\n{{ person.nam }}{% endif %}\n", "utf-8"
    )
    wording, problems = read_wording(tmp_path, phrases, "messages")
    assert wording is None
    assert [str(problem).split(";")[0] for problem in problems] == [
        "messages/hello.md:4: «person.nam» is not known here"
    ]
    wording, problems = read_wording(tmp_path / "nowhere", phrases, "messages")
    assert wording is None
    assert problems[0].path == "messages/hello.md"
