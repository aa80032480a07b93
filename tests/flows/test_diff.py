"""What an edit of the content changes, and for whom, before it counts."""

from collections import Counter
from collections.abc import Callable

import pytest

from bot.authoring.diff import as_text, compare, differences
from bot.curriculum.model import Choice, Lesson
from tests.journeys.test_answers import answer_all
from tests.world import World, texts

Edit = Callable[[Lesson], Lesson]


def with_choice(edit: Callable[[Choice], Choice]) -> Edit:
    """An edit of the first choice of a lesson."""

    def edited(lesson: Lesson) -> Lesson:
        first, *rest = lesson.checks
        assert isinstance(first, Choice)
        return lesson.model_copy(update={"checks": (edit(first), *rest)})

    return edited


def other_right(choice: Choice) -> Choice:
    """The next option is the right one."""
    turned = (*choice.options[1:], choice.options[0])
    right = [other.right for other in turned]
    options = tuple(one.model_copy(update={"right": is_so}) for one, is_so in zip(choice.options, right, strict=True))
    return choice.model_copy(update={"options": options})


def better_feedback(choice: Choice) -> Choice:
    """Only what is said about an answer."""
    options = tuple(one.model_copy(update={"feedback": "Said better."}) for one in choice.options)
    return choice.model_copy(update={"options": options})


@pytest.mark.parametrize(
    ("edit", "words", "meaning", "needs_revision"),
    [
        (lambda one: one.model_copy(update={"body": "Other words."}), ("body",), (), False),
        (with_choice(better_feedback), ("question q1",), (), False),
        (with_choice(other_right), (), ("«q1» has another right answer",), True),
        (
            with_choice(lambda one: one.model_copy(update={"options": one.options[:-1]})),
            (),
            ("«q1» has other answers to choose from",),
            True,
        ),
        (
            with_choice(lambda one: one.model_copy(update={"id": "q9"})),
            ("a new question q9", "no question q1 any more"),
            (),
            False,
        ),
    ],
)
async def test_words_and_meaning(
    world: World, edit: Edit, words: tuple[str, ...], meaning: tuple[str, ...], needs_revision: bool
) -> None:
    """Other words are other words; another right answer or other options are another question, unless its id is new."""
    lesson = world.house.library.current.curriculum.lessons[0]
    assert compare(lesson, lesson) is None
    change = compare(lesson, edit(lesson))
    assert change is not None
    assert (change.words, change.meaning, change.needs_revision) == (words, meaning, needs_revision)
    raised = edit(lesson).model_copy(update={"revision": lesson.revision + 1})
    after = compare(lesson, raised)
    assert after is not None
    assert not after.needs_revision


@pytest.mark.parametrize("who", ["both", "Tom alone"])
async def test_a_translation_is_no_edit(world: World, who: str) -> None:
    """Tom reads his lesson in Slovene, after Maya or alone: nothing is different from what was served, in any language."""
    await world.enrol(*([f"{world.tom.email},,Autumn,2026-11-24"] if who == "Tom alone" else []))
    await world.sandbox.change_person(world.tom.id, locale="sl-SI")
    await world.pass_time(hours=9)
    assert "Beri verigo" in texts(world.dms(world.tom)[0])
    curriculum = world.house.library.current.curriculum
    async with world.house.database.transaction() as session:
        assert {one.state for one in await differences(session, curriculum)} == {"new"}
        edited = [lesson.model_copy(update={"title": "Other words"}) for lesson in curriculum.lessons]
        said = {
            language: curriculum.model_copy(update={"lessons": tuple(edited)}) for language in curriculum.translations
        }
        changed = curriculum.model_copy(update={"lessons": tuple(edited), "translations": said})
        found = [one for one in await differences(session, changed) if one.state == "changed"]
        assert len(found) == 1


async def test_for_whom_and_from_when(world: World) -> None:
    """Maya has answered, Tom is in the middle: both keep what they have; nobody else gets the old words."""
    await world.enrol()
    await world.pass_time(hours=9)
    (hers,), (his,) = world.dms(world.maya), world.dms(world.tom)
    await answer_all(world, hers)
    curriculum = world.house.library.current.curriculum
    served = next(one for one in curriculum.lessons if one.title == hers.text.splitlines()[0])
    assert his.text.splitlines()[0] == served.title
    edited = with_choice(other_right)(served)
    lessons = tuple(
        edited if one.id == served.id else one for one in curriculum.lessons if one.id != "talent-07-stay-talk"
    )
    async with world.house.database.transaction() as session:
        found = await differences(session, curriculum.model_copy(update={"lessons": lessons}))
    (changed,) = [one for one in found if one.state == "changed"]
    impact = changed.impact
    assert (impact.answered, impact.in_the_middle, impact.to_come) == (1, 1, Counter())
    assert {one.state for one in found} == {"changed", "new"}, "a lesson that nobody had may go without a word"
    said = as_text(found, "Thursday")
    assert "TO MEND: raise «revision»" in said
    assert "1 in the middle of it keep what they have; 1 have answered" in said
    assert said.endswith(
        "«Plan before the planning season»: nobody has got it yet; 2 may still get it (Autumn: 2), not before Thursday"
    )
