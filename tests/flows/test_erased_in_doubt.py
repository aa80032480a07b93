"""Someone is erased while something is said to them, or about them, or nobody knows whether it was: it does not stay."""

import asyncio
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import text
from sqlmodel import select

from bot.delivery.courier import Courier, Said
from bot.records.tables import Message
from bot.slack.access import Actor
from tests.flows.test_lines import Waits
from tests.journeys.test_answers import lesson_for_maya
from tests.journeys.test_mentor_words import coach, modal, said_to
from tests.world import World

NINE = datetime(2026, 11, 24, 8, 0, 5, tzinfo=UTC)  # in Ljubljana
LONG = 60  # seconds: who waits for ever fails, and does not hang
SETTLED = 71  # real seconds: nobody is saying it any more


async def erase_maya(world: World) -> None:
    """Maya has everything erased."""
    await world.house.rooms.privacy.erase(Actor(world.house.workspace_id, world.maya.id))
    await world.settle()


async def states(world: World, kind: str) -> list[str]:
    """Of the messages of a kind."""
    return [one.state for one in await world.rows(Message) if one.kind == kind]


@pytest.mark.over_http
@pytest.mark.parametrize("fault", ["reset_after", "500"])
async def test_a_lesson_of_which_nobody_knows(world: World, fault: str) -> None:
    """Slack's answer to her first lesson got lost, and Maya is erased: if it was said, it is found and deleted."""
    await world.enrol()
    world.clock.move_to(NINE)
    world.sandbox.fail("chat.postMessage", fault, 1)
    await world.house.tick()
    await world.settle()
    assert await states(world, "lesson") == ["sending"]
    waits = Waits.begin(world)
    await erase_maya(world)
    assert len(await waits.jobs("unsay_if_said")) == 1
    await waits.pass_seconds(SETTLED)
    assert world.dms(world.maya) == []
    assert not await waits.jobs("unsay_if_said")


async def test_a_lesson_that_is_being_said_just_then(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """Slack has her first lesson, and we have not heard so yet, when Maya is erased: it goes as soon as we do."""
    await world.enrol()
    world.clock.move_to(NINE)
    await world.house.tick()
    post, stood = Courier.post, list[bool]()

    async def and_she_goes(courier: Courier, *what: Any, **how: Any) -> Said:
        said = await post(courier, *what, **how)
        stood.append(bool(world.dms(world.maya)))
        await world.house.rooms.privacy.erase(Actor(world.house.workspace_id, world.maya.id))
        return said

    monkeypatch.setattr(Courier, "post", and_she_goes)
    await world.settle()
    assert (stood, world.dms(world.maya)) == ([True], [])


@pytest.mark.over_http
async def test_a_call_for_help_of_which_nobody_knows(world: World) -> None:
    """It is in doubt whether Ana was told of it: she does not keep what Maya wrote."""
    await lesson_for_maya(world)
    await coach(world, world.maya, "ask")
    view = modal(world, world.maya)
    await world.sandbox.submit(world.maya.id, view["id"], {"text": {"pick": "I drown"}, "soon": {"pick": ["yes"]}})
    await world.settle()
    world.sandbox.fail("chat.postMessage", "reset_after", 1)
    world.clock.move_to(world.clock.now() + timedelta(seconds=5))
    await world.house.tick()
    await world.settle()
    assert await states(world, "help") == ["sending"]
    waits = Waits.begin(world)
    await erase_maya(world)
    await waits.pass_seconds(SETTLED)
    assert said_to(world, world.ana, "I drown") == []


@pytest.mark.over_http
async def test_what_could_not_be_confirmed(world: World) -> None:
    """Without the scope to look nobody could tell. By the time that Maya is erased the app may look again: it is found."""
    await world.enrol()
    world.clock.move_to(NINE)
    world.sandbox.fail("chat.postMessage", "reset_after", 1)
    world.sandbox.fail("conversations.history", "error:missing_scope", 1)
    await world.house.tick()
    await world.settle()
    await world.pass_time(minutes=5)
    assert await states(world, "lesson") == ["unconfirmed"]
    waits = Waits.begin(world)
    await erase_maya(world)
    await waits.pass_seconds(SETTLED)
    assert world.dms(world.maya) == []


async def test_what_is_said_below_a_message_just_now(world: World) -> None:
    """A picture is being written down below her lesson: the erasure waits for that, and takes it along, and neither fails."""
    await lesson_for_maya(world)
    house = world.house
    async with asyncio.timeout(LONG), house.database.transaction() as session:
        (lesson,) = (await session.exec(select(Message).with_for_update())).all()
        erasing = asyncio.create_task(house.rooms.privacy.erase(Actor(house.workspace_id, world.maya.id)))
        while not await _somebody_waits(world):
            pass
        await house.outbox.say(
            session, key="below", kind="shown", workspace_id=house.workspace_id, person_id=lesson.person_id, payload={}
        )
    await erasing
    assert await world.rows(Message) == []


async def _somebody_waits(world: World) -> bool:
    waits = "SELECT 1 FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"
    async with world.house.database.transaction() as session:
        return (await session.execute(text(waits))).first() is not None
