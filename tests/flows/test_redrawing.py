"""What is drawn last shows all, whoever is slow meanwhile."""

from typing import Any

import pytest

from bot.delivery.courier import Courier
from bot.delivery.redrawing import Redrawing
from bot.records.tables import Message
from tests.journeys.test_answers import answer_all, lesson_for_maya
from tests.world import World, texts


def redrawing(world: World) -> Redrawing:
    """As a worker has it."""
    house = world.house
    return Redrawing(house.clock, house.database, house.sender.courier, house.sender.renderers, house.sender.lines)


async def test_a_redraw_that_comes_late_has_not_the_last_word(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """Her lesson is drawn before she has answered, and Slack takes that in after her answers were shown: she sees her answers."""
    lesson = await lesson_for_maya(world)
    (message,) = [one for one in await world.rows(Message) if one.kind == "lesson"]
    redraw, shown = Courier.redraw, list[str]()

    async def late(courier: Courier, *what: Any) -> None:
        monkeypatch.setattr(Courier, "redraw", redraw)
        await answer_all(world, lesson)
        await redraw(courier, *what)
        shown.append(texts(lesson))

    monkeypatch.setattr(Courier, "redraw", late)
    await redrawing(world).refresh(str(message.id))
    assert "You picked" not in shown[0]
    assert "You picked" in texts(lesson)


async def test_what_is_up_to_date_is_drawn_once(world: World) -> None:
    """Nobody wrote meanwhile: Slack is asked once."""
    await lesson_for_maya(world)
    (message,) = [one for one in await world.rows(Message) if one.kind == "lesson"]
    before = world.sandbox.calls["chat.update"]
    await redrawing(world).refresh(str(message.id))
    assert world.sandbox.calls["chat.update"] == before + 1
