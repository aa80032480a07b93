"""Answers: the first counts, only the asked may give it, and it is judged by the words that were shown."""

import shutil
from pathlib import Path

import pytest

from bot.curriculum.model import Choice, Lesson
from bot.records.tables import Response
from bot.sandbox.deliver import Delivered
from bot.sandbox.state import Message, Person
from tests.world import CONTENT, World, action_ids, open_world, option_of, texts


def first_lesson(world: World) -> Lesson:
    """The lesson that everyone gets first."""
    return world.house.library.current.curriculum.lesson("tracking-01-metrics-chain")


def choice(lesson: Lesson) -> Choice:
    """Its choice check."""
    return next(check for check in lesson.checks if isinstance(check, Choice))


async def lesson_for_maya(world: World) -> Message:
    """Enrol, and wait until Maya has her first lesson."""
    await world.enrol()
    await world.pass_time(hours=3)
    return world.dms(world.maya)[0]


async def test_a_wrong_answer_is_corrected(world: World) -> None:
    """Someone sure of a wrong answer reads why it is wrong, what is better, and that this is worth a second look."""
    lesson = await lesson_for_maya(world)
    wrong = next(option for option in choice(first_lesson(world)).options if not option.right)
    right = next(option for option in choice(first_lesson(world)).options if option.right)
    await world.answer(world.maya, lesson, wrong.text, "sure")
    shown = texts(lesson)
    assert wrong.feedback in shown
    assert right.text in shown
    assert "worth a second look" in shown
    (response,) = await world.rows(Response)
    assert response.correct is False


async def test_a_second_click_changes_nothing(world: World) -> None:
    """Two clicks, from two devices, are one response; the second finds the same feedback."""
    lesson = await lesson_for_maya(world)
    options = choice(first_lesson(world)).options
    block, _ = option_of(lesson, options[0].text)
    button = next(
        e for b in lesson.blocks for e in b.get("elements", ()) if e.get("action_id") == "check_confidence:sure"
    )
    await world.answer(world.maya, lesson, options[0].text, "sure")
    before = texts(lesson)
    second = await world.press(
        world.maya, lesson, "check_confidence:sure", force=True, value=button["value"],
        state={block: {"check_pick": options[1].id}},
    )  # fmt: skip
    assert second.acked
    assert texts(lesson) == before
    (response,) = await world.rows(Response)
    assert response.answer == {"options": [options[0].id]}


async def test_a_redelivered_click_is_one_response(world: World) -> None:
    """Slack sends the same envelope again: nothing is written twice."""
    lesson = await lesson_for_maya(world)
    await world.answer(world.maya, lesson, choice(first_lesson(world)).options[0].text)
    assert (await world.sandbox.deliverer.again()).acked
    await world.settle()
    assert len(await world.rows(Response)) == 1


async def test_only_the_asked_may_answer(world: World) -> None:
    """Tom sends a click for Maya's question: it is refused, he is told quietly, nothing is written."""
    lesson = await lesson_for_maya(world)
    option = choice(first_lesson(world)).options[0]
    block, _ = option_of(lesson, option.text)
    await world.press(world.tom, lesson, "check_pick", block_id=block, selected=option.id)
    delivered = await world.press(world.tom, lesson, "check_confidence:sure")
    assert delivered.acked
    assert await world.rows(Response) == []
    assert "check_confidence:sure" in action_ids(lesson)


async def test_pressing_without_a_pick_is_answered_kindly(world: World) -> None:
    """Pressing «sure» before picking writes nothing and says what to do."""
    lesson = await lesson_for_maya(world)
    await world.press(world.maya, lesson, "check_confidence:sure")
    assert await world.rows(Response) == []
    assert any("Pick an answer first" in message.text for message in world.dms(world.maya))


async def test_forged_buttons_are_refused(world: World) -> None:
    """A value that was never written here does not reach the records."""
    lesson = await lesson_for_maya(world)
    block, picked = option_of(lesson, choice(first_lesson(world)).options[0].text)
    for value in ("made:up:sure", "00000000-0000-0000-0000-000000000000:q1:sure"):
        state = {block: {"check_pick": picked}}
        await world.press(world.maya, lesson, "check_confidence:sure", value=value, state=state)
    assert await world.rows(Response) == []


async def test_an_edited_lesson_is_judged_by_what_was_shown(database_url: str, tmp_path: Path) -> None:
    """The right answer is changed after the lesson went out: Maya's answer is judged by the words that she saw."""
    content = tmp_path / "content"
    shutil.copytree(CONTENT, content)
    async with open_world(database_url, content=content) as world:
        lesson = await lesson_for_maya(world)
        right = next(option for option in choice(first_lesson(world)).options if option.right)
        path = content / "areas/sales-tracking/01-metrics-chain.md"
        swapped = path.read_text().replace("- [x]", "- [y]").replace("- [ ]", "- [x]", 1).replace("- [y]", "- [ ]")
        path.write_text(swapped.replace("revision: 1", "revision: 2"))
        assert world.house.library.refresh()
        assert not next(o for o in choice(first_lesson(world)).options if o.id == right.id).right
        await world.answer(world.maya, lesson, right.text)
        (response,) = await world.rows(Response)
    assert response.correct is True


async def test_a_reflection_is_written_in_a_modal(world: World) -> None:
    """Maya writes a thought; it is kept for her alone, and whatever she types is harmless where it is shown."""
    await world.enrol()
    lesson, reflecting = await until_a_lesson_with(world, "check_write")
    await world.press(world.maya, lesson, "check_write", block_id=reflecting)
    (modal,) = world.sandbox.modals(world.maya.id)
    empty = await world.sandbox.submit(world.maya.id, modal["id"], {"reflection": {"text": "  "}})
    assert empty.body is not None
    assert "errors" in empty.body
    await world.sandbox.submit(world.maya.id, modal["id"], {"reflection": {"text": "I <!channel> took & ran"}})
    await world.settle()
    assert world.sandbox.modals(world.maya.id) == []
    assert "I &lt;!channel&gt; took &amp; ran" in texts(lesson)
    assert "<!channel>" not in lesson.text


async def test_a_scale_is_answered_with_one_click(world: World) -> None:
    """One press on the scale is the answer."""
    await world.enrol()
    lesson, _ = await until_a_lesson_with(world, "check_scale:3")
    await world.press(world.maya, lesson, "check_scale:3")
    assert [response.answer for response in await world.rows(Response)] == [{"value": 3}]
    assert "You said" in texts(lesson)


async def test_the_action_can_be_promised_once_the_checks_are_answered(world: World) -> None:
    """After the last check the action is offered; a plan that is filled in already promises it, and says for when."""
    lesson = await lesson_for_maya(world)
    assert "action_promise" not in action_ids(lesson)
    await answer_all(world, lesson)
    await promise_action(world, world.maya, lesson)
    assert "Promised for" in texts(lesson)


async def promise_action(world: World, person: Person, message: Message, **filled: str) -> Delivered:
    """Someone promises a lesson's action: as it says and for the day that is proposed, or with their own `plan` and `when`."""
    await world.press(person, message, "action_promise")
    (modal,) = world.sandbox.modals(person.id)
    fields = {block: {"filled": value} for block, value in filled.items()}
    delivered = await world.sandbox.submit(person.id, modal["id"], fields)
    await world.settle()
    return delivered


async def until_a_lesson_with(world: World, action_id: str) -> tuple[Message, str]:
    """Let time pass until Maya has a lesson where that can be pressed; with the block it stands in."""
    for _ in range(10):
        await world.pass_time(days=3)
        for message in world.dms(world.maya):
            for block in message.blocks:
                if any(element.get("action_id") == action_id for element in block.get("elements", ())):
                    return message, block["block_id"]
    pytest.fail(f"no lesson with {action_id}")


async def answer_all(world: World, message: Message, thought: str = "a thought") -> None:
    """Answer every check of a message, as one would."""
    for _ in range(9):
        ids = action_ids(message)
        if "check_pick" in ids:
            option = next(o for b in message.blocks for e in b.get("elements", ()) for o in e.get("options", ()))
            await world.answer(world.maya, message, option["text"]["text"])
        elif "check_scale:4" in ids:
            await world.press(world.maya, message, "check_scale:4")
        elif "check_write" in ids:
            await world.press(world.maya, message, "check_write")
            (modal,) = world.sandbox.modals(world.maya.id)
            await world.sandbox.submit(world.maya.id, modal["id"], {"reflection": {"text": thought}})
            await world.settle()
        else:
            return
