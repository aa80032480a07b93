"""A lesson falls due, reaches a new manager, is answered with a click, and is on record."""

from bot.curriculum.model import Choice
from bot.records.tables import Response
from tests.world import World, action_ids, texts


async def test_a_lesson_is_answered_with_a_click(world: World) -> None:
    """Maya gets a lesson at nine, answers its check, reads why, and her response is on record."""
    await world.enrol()
    await world.pass_time(hours=3)
    (lesson,) = world.dms(world.maya)
    assert lesson.at.startswith("2026-11-24T08:00"), "nine o'clock in Ljubljana"
    first = world.house.library.current.curriculum.lesson("tracking-01-metrics-chain")
    check = first.checks[0]
    assert isinstance(check, Choice)
    right = next(option for option in check.options if option.right)
    await world.answer(world.maya, lesson, right.text, "sure")
    assert "Right." in texts(lesson)
    assert right.feedback in texts(lesson)
    assert "check_confidence:sure" not in action_ids(lesson)
    (response,) = await world.rows(Response)
    assert (response.correct, response.confidence, response.answer) == (True, "sure", {"options": [right.id]})
