"""What a writer can get wrong in a lesson: each slip on its very line, with how to mend it."""

import pytest

from tests.content.sample import LESSON, PATH, line_of, reading, spoilt

WORD = "word "

# what is replaced, by what, words on the line that is named (line 1: none in particular), what is said of it
KEYS = [
    ("minutes: 4", "minuts: 4", "minuts", "unknown key «minuts»; did you mean «minutes»?"),
    ("minutes: 4\n", "", "---", "no «minutes»; add a line «minutes: …»"),
    ("minutes: 4", "minutes: true", "minutes", "«minutes» can't be read; a whole number is needed"),
    ("minutes: 4", "minutes: 4.5", "minutes", "«minutes» can't be read; a whole number is needed"),
    ("minutes: 4", "minutes:", "minutes", "«minutes» is empty; write it after the colon"),
    ("minutes: 4", f"minutes: {'9' * 5000}", "minutes", "«minutes» can't be read; a whole number is needed"),
    ("minutes: 4", "minutes: !!int four", "minutes", "«minutes» can't be read; a whole number is needed"),
    ("minutes: 4", "minutes: 4\nbody: mine", "body: mine", "unknown key «body»"),
    ("ld-team@example.com", "", "owner:", "«owner» is empty"),
    ("ld-team@example.com", '"  "', "owner:", "«owner» is empty"),
    ("objectives:\n  - Decide", "objectives: Decide", "objectives", "«objectives» can't be read; a list is needed"),
    ("objectives:\n  - Decide whether a deal belongs in its stage, by what the buyer did",
     "objectives: [Decide whether a deal belongs in its stage, by what the buyer did]", "objectives",
     "in [ ], a comma begins a new one; put the whole into \"quotes\""),
    ("2027-06-30", "2027-02-30", "review_by", "«review_by» can't be read; a date is needed, as 2027-06-30"),
    ("2027-06-30", "20270630", "review_by", "«review_by» can't be read; a date is needed, as 2027-06-30"),
    ("2027-06-30", "2027-06-30 10:00", "review_by", "«review_by» can't be read; a date is needed, as 2027-06-30"),
    ("2027-06-30", "2026-11-23", "review_by", "the day to look it over again has passed"),
    ("id: tracking", f"id: {'x' * 80}tracking", "id: x", "at most 80 of them"),
    ("id: tracking", "id: Tracking", "id: ", "use small letters, digits and hyphens"),
    ("area: sales-tracking", "area: talent", "area: ", "the lesson lies in the folder «sales-tracking»"),
    ("title: Stages", "title: Stages: they", "title", "a value with a colon in it; put the value into \"quotes\""),
    ("title: Stages", "title: {{ company.name }} stages", "title", "a value that begins with {; put the value into"),
    ("title: Stages", "title: The {{ company.name }} stages", "title", "«title» with a placeholder"),
    ("title: Stages", 'title: "Stages', "title", "a quote is opened but not closed"),
    ("title: Stages the buyer can prove", 'title: "a\\0b"', "title", "a \\ that makes a character nobody sees"),
    ("title: Stages", f"title: {WORD * 40}", "title", "the title is 2"),
    ("before: [tracking-01-metrics-chain]", "before: [", "before", "a bracket is opened but not closed"),
    ("before: [", "before: " + "[" * 5000, "id: ", "brackets in brackets, far too deep"),
    ("minutes: 4", "\tminutes: 4", "\tminutes", "the line begins with a tab; use two spaces instead"),
    ("---\nid", "id", "id:", "no head"),
    ("2027-06-30\n---", "2027-06-30", "---", "the head does not end"),
]  # fmt: skip

PARTS = [
    ("## Mentor", "## Mentr", "## Mentr", "unknown heading «Mentr»; did you mean «Mentor»?"),
    ("## Do it", "## Do It", "## Do It", "unknown heading «Do It»; did you mean «Do it»?"),
    ("## Mentor", "##Mentor", "##Mentor", "«##Mentor» is not the heading of a part; write it as ## Mentor"),
    ("## Mentor", "# Mentor", "# Mentor", "«# Mentor» is not the heading of a part; write it as ## Mentor"),
    ("## Peers", "## Mentor\nAsk: why?\n\n## Peers", "## Mentor", "the part «Mentor» stands here twice"),
    ("## Example\nPriya asks for **evidence** & writes it down.", "## Example", "## Example", "«Example» is empty"),
    ("Ask: which deal was hardest to move back, and why?", "Ask:", "## Mentor", "nothing to ask"),
    ("level: 1", "level: 3", "## Example", "a lesson of level 3 has no example"),
    ("hello. ", f"hello. {WORD * 200}", "hello.", "keep it to one idea: at most 1200"),
    ("Priya", f"{WORD * 600}Priya", "## Example", "Slack shows 2900: shorten it"),
    ("If I open", "Open", "## Do it", "the action is no if-then sentence"),
    ("- due: 5 working days\n", "", "## Do it", "no day by which to try it; add a line - due: 5 working days"),
    ("- due: 5", "- due: 99", "- due: 99", "due after 99 working days; give 1 to 30 working days"),
    ("due: 5 working days", "due: next week", "- due:", "«next week» is no number of days; write it as - due: 5 working"),
    ("- due: 5", "- due: 3 days\n- due: 5", "- due: 5", "«due» stands here twice"),
    ("- follow up:", "- folow up:", "- folow", "is neither «due» nor «follow up»"),
    ("- follow up: Which deals moved back? What did the seller say?", "", "## Do it", "no question for afterwards"),
    ("## Example", "```\nEUR 100\n\n## Example", "```", "``` is opened but not closed; close it by a line ```"),
    ("## Check\n", "## Check\nRead on.\n", "Read on.", "words above the first question"),
]  # fmt: skip

CHECKS = [
    ("- [x]", "- [ ]", "### q1", "«q1» has no right answer; put [x] in front of the right one"),
    ("- [ ] The contact", "- [x] The contact", "### q1", "«q1» has 2 right answers; «choose one» needs exactly one [x]"),
    ("- [x]", "- [*]", "- [*]", "«[*]» in front of an answer; write [x] for a right answer"),
    ("- [x]", "- (x)", "- (x)", "«(x)» in front of an answer; write [x] for a right answer"),
    ("  > That is our action. What did the buyer do with it?\n", "", "Our seller", "no sentence for the answer «Our seller"),
    ("Our seller", f"{WORD * 10}our seller", "our seller", "the answer is 85 characters; Slack shows 75: shorten it by 10"),
    ("Our seller", "Our {{ company.name }} seller", "{{ company.name }}", "an answer with a placeholder"),
    ("{#criteria}", f"{{#{'c' * 81}}}", "{#ccc", "is no id of an answer; use small letters, digits and hyphens, at most 80"),
    ("### q1", f"### {'q' * 81}", "### qqq", "a short one is enough, as q1"),
    ("### q2", "".join(f"### r{i} (reflect)\nWhy?\n\n" for i in range(8)) + "### q2", "## Check",
     "11 questions are more than a message holds; ask five at most"),
    ("{#criteria}", "{#The Criteria}", "{#The", "«The Criteria» is no id of an answer"),
    ("last Friday", "last Friday {#criteria}", "The buyer sent", "two answers have the id «criteria»"),
    ("- [ ] The contact", "- [ ] Our seller presented it last Friday\n  > No.\n- [ ] The contact", "- [ ] Our seller",
     "two answers have the id"),
    ("- [ ] The contact", "".join(f"- [ ] no {i}\n  > No.\n" for i in range(8)) + "- [ ] The contact", "### q1",
     "«q1» has 11 answers; give it three"),
    ("### q2", "And now decide.\n\n### q2", "And now", "words below the answers; put them above the first answer"),
    ("Which fact", WORD * 600 + "which fact", "### q1", "the question is 3"),
    ("Praise costs", WORD * 600 + "costs", "### q1", "are over 2900 characters; one sentence each is enough"),
    ("(choose one)", "(choose some)", "### q1", "«(choose some)» is no kind of check; did you mean «choose one»?"),
    ("(choose one)", "(choose one, keep ordr)", "### q1", "did you mean «keep order»?"),
    ("(reflect, private)", "(reflect, privat)", "### q3", "did you mean «private»?"),
    ("(scale)", "(scale, private)", "### q2", "«private» says nothing about a «scale» question; take it out"),
    ("### q1", "### Question 1", "### Question", "names no check; write it as ### q1 (choose one)"),
    ("### q2", "### q1", "### q1 (scale", "two checks are called «q1»"),
    ("- 5: I could", "- 6: I could", "- 6:", "a scale goes from 1 to 5, not to 6; use 1, 3 and 5"),
    ("- 5: I could", "- 4: I could", "### q2", "«q2» does not say what 1 and 5 mean"),
    ("- 3: with", "- 1: with", "- 1: with", "the point 1 stands here twice"),
    ("- 3: with", f"- 3: {WORD * 16} with", "- 3:", "shorten it by"),
    ("How sure are you that you could do this in your next review?\n", "", "### q2", "a check without a question"),
]  # fmt: skip

BRACES = [
    ("Ask: which", "Ask: {{ mentor.name }} which", "Ask:", "unknown placeholder «mentor.name»; did you mean"),
    ("Ask: which", "Ask: {{ manager.first_name which", "Ask:", "a placeholder is opened but not closed"),
    ("Ask: which", "Ask: manager.first_name }} which", "Ask:", "a placeholder is closed but not opened"),
    ("Ask: which", "Question: which", "## Mentor", "the mentor's question has no «Ask:»; write «Ask:» in front of it"),
    ("Ask: which", "Ask: { company.currency } which", "Ask:", "write it as {{ company.currency }}"),
    ("Ask: which", "Ask: {manager.first_name} which", "Ask:", "has one brace where two are needed"),
    ("Ask: which", "Ask: {{ 7 * 7 }} which", "Ask:", "more than a placeholder between the braces"),
    ("Ask: which", "Ask: {{ }} which", "Ask:", "braces that can't be read"),
    ("Ask: which", "Ask: {{ " + "not " * 5000 + "a }} which", "Ask:", "more than a placeholder between the braces"),
    ("Ask: which", "Ask: {{ " + "9" * 5000 + " }} which", "Ask:", "more than a placeholder between the braces"),
    ("Ask: which", "Ask: {% if x %} which", "Ask:", "«{%» has no place in a lesson"),
    ("Ask: which", "Ask: which {#deal}", "Ask:", "«{#» has no place in a lesson"),
    ("Bring one", "{{ manager.first_name }}, bring one", ", bring", "unknown placeholder «manager.first_name»"),
    ("Ask: which", "Ask: {\\{ foo }\\} which", "---", "braces hidden by other signs"),
]  # fmt: skip


@pytest.mark.parametrize(("old", "new", "where", "said"), [*KEYS, *PARTS, *CHECKS, *BRACES])
def test_each_slip_is_named_on_its_line(old: str, new: str, where: str, said: str) -> None:
    """One slip; it is told with its file, its line, what is wrong and how to mend it."""
    text = spoilt(old, new)
    told = [str(problem) for problem in reading(text).problems]
    lines = [number for number, line in enumerate(text.split("\n"), start=1) if where in line]
    assert any(one.startswith(f"{PATH}:{line}: ") and said in one for one in told for line in lines), told


@pytest.mark.parametrize("part", ["Check", "Do it", "Mentor", "Peers"])
def test_a_missing_part_is_named(part: str) -> None:
    """Each part that a lesson needs; only the example may be left out."""
    before, _, after = LESSON.partition(f"## {part}\n")
    rest = after[after.index("\n## ") + 1 :] if "\n## " in after else ""
    assert [problem.what for problem in reading(before + rest).problems] == [f"no part «{part}»"]


def test_a_slip_is_told_once() -> None:
    """A misspelt heading is not a missing part as well, and a wrong mark not a missing answer."""
    for old, new in [
        ("## Mentor", "## Mentr"), ("- [x]", "- [*]"), ("minutes: 4", "minutes:"), ("## Check", "## Chek"),
        ("## Example", "```\n\n## Example"),
    ]:  # fmt: skip
        assert len(reading(spoilt(old, new)).problems) == 1, new


def test_many_slips_in_one_file_are_told_together() -> None:
    """A writer mends them in one go, not one after the other."""
    text = LESSON
    for old, new in [
        ("minutes: 4", "minuts: 4"), ("- [x]", "- [ ]"), ("- 3: with", "- 1: with"), ("- due: 5", "- due: 99"),
        ("## Mentor", "## Mentr"), ("Bring one", "{{ bring }} one"),
    ]:  # fmt: skip
        text = text.replace(old, new, 1)
    lines = {problem.line for problem in reading(text).problems}
    words = ("minuts", "### q1", "- 1: with", "- due: 99", "## Mentr", "{{ bring }}")
    assert {line_of(text, word) for word in words} <= lines


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("- [x]", "- [X]"), ("- [x]", "-[x]"), ("- [x]", "- [ x ]"), ("- [x]", "-［x］"), ("- [x]", "1. [x]"),
        ("  > That is", "> That is"), ("## Mentor", "## Mentor ##"), ("## Mentor", " ## Mentor"),
        ("(choose one)", "(Choose One)"), ("before: [tracking-01-metrics-chain]", "before:"), ("minutes: 4", "minutes:\t4"),
        ("follow up: Which", "follow-up: Which"), ("back? What", "back?\n  What"),
    ],
)  # fmt: skip
def test_other_ways_to_write_the_same_are_understood(old: str, new: str) -> None:
    """What can only mean one thing is no slip."""
    file = reading(spoilt(old, new))
    assert file.problems == ()
    assert file.lesson == reading(LESSON).lesson or new == "before:"


def test_a_misspelt_key_is_one_slip() -> None:
    """The key that was meant is not missing, too: whoever mends from the top would write it twice."""
    told = [str(one) for one in reading(LESSON.replace("objectives:", "objectvies:")).problems]
    assert [line for line in told if "objectives" in line] == [
        line for line in told if "unknown key «objectvies»; did you mean «objectives»?" in line
    ]
    assert len(told) == 1


def test_a_head_without_an_end_is_one_slip() -> None:
    """Nothing is said of parts that nobody could find."""
    assert len(reading(LESSON.replace("2027-06-30\n---", "2027-06-30")).problems) == 1
