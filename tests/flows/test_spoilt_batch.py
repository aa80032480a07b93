"""One kind of message fails inside the database: the others of its batch are said once, and the claim stands."""

import asyncio
from collections.abc import Sequence
from datetime import UTC, datetime

import pytest
from sqlalchemy import text
from sqlmodel.ext.asyncio.session import AsyncSession

from bot.agenda import due
from bot.delivery.drawing import Drawings
from bot.records.tables import AgendaItem, Message, Person
from tests.flows.test_lost_database import LONG
from tests.world import World


async def broken(session: AsyncSession, _: Sequence[Message]) -> Drawings:
    """A renderer whose query fails."""
    await session.execute(text("SELECT 1/0"))
    raise AssertionError("unreachable")


async def test_a_query_that_fails_while_drawing_doubles_nothing(world: World) -> None:
    """A failed query must not undo the claim: what was then posted would be posted again, without end."""
    await world.enrol()
    world.clock.move_to(datetime(2026, 11, 24, 8, 0, 1, tzinfo=UTC))
    house = world.house
    house.sender.renderers["spoilt"] = broken  # type: ignore[index]
    maya = next(one for one in await world.rows(Person) if one.slack_id == world.maya.id)
    async with house.database.transaction() as session:
        await house.outbox.say(
            session, key="spoilt", kind="spoilt", workspace_id=house.workspace_id, payload={}, person_id=maya.id
        )
    await house.tick()
    everything = [str(one.id) for one in await world.rows(Message)]
    async with asyncio.timeout(120):
        await house.sender.send(everything)
    assert len(world.dms(world.maya)) == 1
    assert {one.kind: (one.state, one.error) for one in await world.rows(Message)} == {
        "lesson": ("sent", None),
        "spoilt": ("waiting", "broken"),
    }


@pytest.mark.long
async def test_a_message_of_another_version_stops_no_other(world: World) -> None:
    """Processes of two versions run side by side: what this one can't draw waits for one that can, and the lesson is said."""
    await world.enrol()
    world.clock.move_to(datetime(2026, 11, 24, 8, 0, 1, tzinfo=UTC))
    house = world.house
    maya = next(one for one in await world.rows(Person) if one.slack_id == world.maya.id)
    async with house.database.transaction() as session:
        await house.outbox.say(
            session, key="new", kind="of_tomorrow", workspace_id=house.workspace_id, payload={}, person_id=maya.id
        )
    await house.tick()
    await house.sender.send([str(one.id) for one in await world.rows(Message)])
    assert {one.kind: (one.state, one.error, one.refusals) for one in await world.rows(Message)} == {
        "lesson": ("sent", None, 0),
        "of_tomorrow": ("waiting", "unknown_kind", 0),
    }


async def test_items_of_another_version_do_not_stop_the_clock(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """As many as a tick takes at once are of a kind that this version does not plan: they wait, and lessons fall due."""
    monkeypatch.setattr(due, "AT_ONCE", 2)
    await world.enrol()
    early, nine = world.clock.now(), datetime(2026, 11, 24, 8, 0, 1, tzinfo=UTC)
    maya = next(one for one in await world.rows(Person) if one.slack_id == world.maya.id)
    async with world.house.database.transaction() as session:
        for number in range(due.AT_ONCE):
            session.add(
                AgendaItem(
                    key=f"new:{number}",
                    kind="of_tomorrow",
                    workspace_id=world.house.workspace_id,
                    person_id=maya.id,
                    due_at=early,
                )
            )
    async with asyncio.timeout(LONG):
        await world.until(nine)
    assert len(world.dms(world.maya)) == 1
    waiting = [one for one in await world.rows(AgendaItem) if one.kind == "of_tomorrow"]
    assert [(one.due_at, one.done_at) for one in waiting] == [(early, None)] * due.AT_ONCE
