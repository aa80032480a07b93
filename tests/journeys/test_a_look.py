"""A writer sends a lesson to themselves: it is seen where people will see it, and counts for nothing."""

import pytest

from bot.authoring.sending import CannotSend, send
from bot.records.tables import LessonGiven, Message, Response
from tests.world import CONTENT, World, texts

LESSON = "talent-02-scorecard"


async def sent_to(world: World, who: str, lesson: str = LESSON) -> str:
    """Send it."""
    clients = await world.house.clients.of(world.house.workspace_id)
    return await send(CONTENT, lesson, who, clients=clients, today=lambda: world.clock.now().date(), language="")


async def test_a_look_at_a_lesson(world: World) -> None:
    """Lena reads it in her own Slack, with its questions; a press in it changes nothing, and nothing is on record."""
    assert await sent_to(world, "lena@example.com") == "Lena Fischer"
    (message,) = world.dms(world.lena)
    assert "Only a look" in texts(message)
    assert "Scorecard before CV" in message.text
    option = next(o for b in message.blocks for e in b.get("elements", ()) for o in e.get("options", ()))
    await world.answer(world.lena, message, option["text"]["text"])
    for table in (Message, LessonGiven, Response):
        assert await world.rows(table) == []


async def test_who_and_what_can_be_sent(world: World) -> None:
    """An unknown lesson, an unknown address and an app are sentences; nobody gets anything."""
    for who, lesson in (
        ("lena@example.com", "talent-99"),
        ("nobody@example.com", LESSON),
        (world.sandbox.bot_user_id, LESSON),
    ):
        with pytest.raises(CannotSend):
            await sent_to(world, who, lesson)
    assert world.dms(world.lena) == []
