"""Whether the talks with a mentor help: Maya's own answer, and another mentor only if she asks for one."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlmodel import select

from bot.handover import message as look
from bot.handover.giving import Wanted
from bot.privacy.exporting import kept_of
from bot.records.editions import Editions
from bot.records.tables import Enrollment, Person, Relation
from bot.sandbox.state import Message
from bot.slack.access import Actor
from tests.journeys.test_answers import answer_all
from tests.world import World, action_ids, texts


async def asked(world: World, times: int) -> Message:
    """The message in which Maya was asked so many times."""
    for _ in range(20):
        rows = await world.rows(Relation)
        found = [one for one in world.dms(world.maya) if any(a.startswith(look.RELATION) for a in action_ids(one))]
        if len(rows) >= times and found:
            return found[-1]
        for one in world.dms(world.maya):
            await answer_all(world, one) if "check_confidence:sure" in action_ids(one) else None
        await world.pass_time(days=7)
    raise AssertionError("she was not asked")


async def enrolled(world: World) -> None:
    """Maya, with Ana; Lena can be written to."""
    await world.house.sync_directory()
    await world.enrol(f"{world.maya.email},{world.ana.email},Autumn,2026-11-24")


@pytest.mark.long
async def test_asked_after_thirty_days_and_hers_alone(world: World) -> None:
    """After thirty days Maya is asked, and told before who learns of it; Tom can't answer for her; Ana and Lena hear nothing."""
    await enrolled(world)
    message = await asked(world, 1)
    (row,) = await world.rows(Relation)
    assert row.asked_at - datetime(2026, 11, 24, 6, tzinfo=UTC) >= timedelta(days=30)
    assert "Ana never does" in texts(message)
    value = next(
        str(one["value"]) for block in message.blocks for one in block.get("elements", ())
        if str(one.get("action_id", "")).startswith(look.RELATION)
    )  # fmt: skip
    heard = len(world.dms(world.ana)), len(world.dms(world.lena))
    await world.press(world.tom, message, f"{look.RELATION}:stalls", force=True, value=value)
    assert [one.answer for one in await world.rows(Relation)] == [None]
    await world.press(world.maya, message, f"{look.RELATION}:stalls")
    assert [one.answer for one in await world.rows(Relation)] == ["stalls"]
    assert "One missed talk is no verdict" in texts(message)
    assert (len(world.dms(world.ana)), len(world.dms(world.lena))) == heard


@pytest.mark.long
async def test_a_new_mentor_has_the_same_days(world: World) -> None:
    """Four weeks in, Maya gets Zoe as her mentor: she is asked about the talks with her once there was time for some."""
    await enrolled(world)
    await world.pass_time(days=28)
    await world.enrol(f"{world.maya.email},{world.zoe.email},Autumn,2026-11-24", begun=False)
    given = world.clock.now()
    assert "with Zoe" in texts(await asked(world, 1))
    assert [one.asked_at - given >= timedelta(days=30) for one in await world.rows(Relation)] == [True]


@pytest.mark.long
async def test_stalled_twice_then_another_mentor(world: World) -> None:
    """It stalls twice in a row: Maya is offered another mentor, and only her «yes» tells Lena, who reads no reason.

    Lena gives Maya another one, and nobody else of Ana's.
    """
    await enrolled(world)
    await world.enrol(f"{world.tom.email},{world.ana.email},Autumn,2026-11-24")
    await world.press(world.maya, await asked(world, 1), f"{look.RELATION}:stalls")
    message = await asked(world, 2)
    await world.press(world.maya, message, f"{look.RELATION}:stalls")
    assert "stalls for the second time" in texts(message)
    await world.pass_time(days=3)
    assert not [one for one in world.dms(world.lena) if "another mentor" in texts(one)]
    await world.press(world.maya, message, look.CHANGE)
    await world.pass_time(days=3)
    (told,) = [one for one in world.dms(world.lena) if "another mentor" in texts(one)]
    assert "Maya Horvat" in texts(told)
    assert not [one for one in world.dms(world.ana) if "another mentor" in texts(one)]
    await world.press(world.lena, told, look.GIVE_ONE)
    view = world.sandbox.modals(world.lena.id)[-1]
    assert "Tom" not in str(view), "he has the same mentor, and asked for nobody else"
    (boxes,) = [block for block in view["blocks"] if block.get("block_id") == look.WHOM]
    whom = [one["value"] for one in boxes["element"]["options"]]
    state: dict[str, dict[str, Any]] = {look.WHO: {look.PICK: world.zoe.id}, look.WHOM: {look.PICK: whom}}
    await world.sandbox.submit(world.lena.id, view["id"], state)
    await world.settle()
    assert look.GIVE_ONE not in action_ids(told), "it shows that it is done"


@pytest.mark.long
async def test_an_offer_is_about_one_mentor(world: World) -> None:
    """Talks with Ana stalled twice, and Zoe becomes her mentor before Maya says «yes»: no word of it reaches Lena, who would
    read that Maya wants to be rid of Zoe; the message says that there is another mentor."""
    await enrolled(world)
    await world.press(world.maya, await asked(world, 1), f"{look.RELATION}:stalls")
    message = await asked(world, 2)
    await world.press(world.maya, message, f"{look.RELATION}:stalls")
    (one,) = await world.rows(Enrollment)
    lena, zoe = Actor(world.house.workspace_id, world.lena.id), Wanted(world.zoe.id, "", [one.id], one.mentor_id)
    await world.house.rooms.handover.giving.give(lena, zoe, world.clock.now())
    await world.press(world.maya, message, look.CHANGE)
    await world.pass_time(days=3)
    assert not [one for one in world.dms(world.lena) if "another mentor" in texts(one)]
    assert [one.answer for one in await world.rows(Relation)] == ["stalls", "stalls"], "nobody was told, and it says so"
    assert "Your mentor has changed" in texts(message)
    assert look.CHANGE not in action_ids(message)


@pytest.mark.long
async def test_taken_along_and_erased(world: World) -> None:
    """Maya's answer is in what she takes along; Ana's erasure takes what was said of her, and leaves Maya without a mentor."""
    await enrolled(world)
    await world.press(world.maya, await asked(world, 1), f"{look.RELATION}:could_be_more")
    async with world.house.database.transaction() as session:
        person = (await session.exec(select(Person).where(Person.slack_id == world.maya.id))).one()
        kept = await kept_of(session, person, Editions())
    assert [(one["mentor"], one["answer"]) for one in kept["relations"]] == [("Ana Kovač", "could_be_more")]
    await world.house.rooms.privacy.erase(Actor(world.house.workspace_id, world.ana.id))
    assert await world.rows(Relation) == []
    assert [one.mentor_id for one in await world.rows(Enrollment)] == [None]
