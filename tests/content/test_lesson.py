"""The form of a lesson, read to the exact values."""

from datetime import date

from bot.curriculum.checkfile import option_id
from bot.curriculum.model import Action, Choice, Option, Reflection, Scale, ScalePoint
from tests.content.sample import BODY, LESSON, reading, spoilt


def test_every_part_is_read() -> None:
    """The whole form, in one lesson: what stands in the file is what is taught."""
    file = reading(LESSON)
    assert file.problems == ()
    lesson = file.lesson
    assert lesson is not None
    assert (lesson.id, lesson.area, lesson.minutes, lesson.level, lesson.revision) == (
        "tracking-03-stage-exit", "sales-tracking", 4, 1, 1,
    )  # fmt: skip
    assert lesson.title == "Stages the buyer can prove"
    assert lesson.objectives == ("Decide whether a deal belongs in its stage, by what the buyer did",)
    assert lesson.before == ("tracking-01-metrics-chain",)
    assert (lesson.owner, lesson.review_by) == ("ld-team@example.com", date(2027, 6, 30))
    assert lesson.body == f"{{{{ manager.first_name }}}}, hello. {BODY.replace('*buyer*', '_buyer_').strip()}"
    assert lesson.example == "Priya asks for *evidence* &amp; writes it down."
    assert lesson.mentor == "Which deal was hardest to move back, and why?"
    assert lesson.peers == "Bring one deal each. One is the seller, the other asks only for evidence."
    assert lesson.action == Action(
        text="If I open my next pipeline review, then I ask for buyer evidence on the three largest deals before price.",
        due_working_days=5,
        follow_up="Which deals moved back? What did the seller say?",
    )


def test_the_three_kinds_of_check() -> None:
    """A choice with a sentence for each answer, a scale with its words, a private reflection."""
    lesson = reading(LESSON).lesson
    assert lesson is not None
    ours, great = "Our seller presented it last Friday", "The contact says that it looks great"
    assert lesson.checks == (
        Choice(
            id="q1",
            prompt="Which fact is the best reason to keep a deal in _Proposal_?",
            options=(
                Option(id=option_id(ours), text=ours, right=False,
                       feedback="That is our action. What did the buyer do with it?"),
                Option(id="criteria", text="The buyer sent the criteria for comparing offers", right=True,
                       feedback="Yes: they spent effort, and told you how they will decide."),
                Option(id=option_id(great), text=great, right=False,
                       feedback="Praise costs nothing. Ask for a step that does."),
            ),
        ),
        Scale(
            id="q2",
            prompt="How sure are you that you could do this in your next review?",
            points=(
                ScalePoint(value=1, label="someone would have to show me"),
                ScalePoint(value=3, label="with a checklist"),
                ScalePoint(value=5, label="I could show a colleague"),
            ),
        ),
        Reflection(id="q3", prompt="Which of your own old deals would have failed this test?", private=True),
    )  # fmt: skip


def test_an_answer_keeps_its_id_wherever_it_stands() -> None:
    """An id is made of the words, whatever their spaces and capitals: moving an answer does not rewrite history."""
    assert option_id("Our seller  presented it") == option_id("our seller presented it")
    assert option_id("Our seller presented it") != option_id("Our seller presents it")
    moved = "- [ ] A new first answer\n  > No.\n- [ ] Our seller presented"
    before, after = reading(LESSON).lesson, reading(spoilt("- [ ] Our seller presented", moved)).lesson
    assert before is not None
    assert after is not None
    ids = [{option.id for option in lesson.check("q1").options} for lesson in (before, after)]  # type: ignore[union-attr]
    assert ids[0] < ids[1]


def test_several_right_answers_in_a_fixed_order() -> None:
    """«choose all» takes more than one [x]; «keep order» keeps the answers where they are."""
    text = spoilt("(choose one)", "(Choose all, keep order)").replace("- [ ] The contact", "- [X] The contact")
    lesson = reading(text).lesson
    assert lesson is not None
    check = lesson.check("q1")
    assert isinstance(check, Choice)
    assert (check.several, check.keep_order, len(check.right_ids)) == (True, True, 2)


def test_curly_quotes_around_a_value_are_quotes_and_inside_they_are_words() -> None:
    """An editor's quotes let a colon stand in a title; a typographic apostrophe stays as it was typed."""
    for written, title in [
        ("title: “Stages: the buyer’s view”", "Stages: the buyer’s view"),
        ("title: The buyer’s stage", "The buyer’s stage"),
        ("title: ‘Tis the buyer’s stage", "‘Tis the buyer’s stage"),
        ("title: “Yes” is not a plan", "“Yes” is not a plan"),
    ]:
        lesson = reading(spoilt("title: Stages the buyer can prove", written)).lesson
        assert lesson is not None, written
        assert lesson.title == title


def test_a_word_stays_a_word() -> None:
    """YAML alone would make false of No, and a number of 12."""
    for title in ("No", "12", "null", "0x1F", "1e3"):
        lesson = reading(spoilt("title: Stages the buyer can prove", f"title: {title}")).lesson
        assert lesson is not None
        assert lesson.title == title
