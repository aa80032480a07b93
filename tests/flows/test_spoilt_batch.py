"""One kind of message fails inside the database: the others of its batch are said once, and the claim stands."""

import asyncio
from collections.abc import Sequence
from datetime import UTC, datetime

from sqlalchemy import text
from sqlmodel.ext.asyncio.session import AsyncSession

from bot.delivery.drawing import Drawings
from bot.records.tables import Message, Person
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
    async with asyncio.timeout(10):
        await house.sender.send(everything)
    assert len(world.dms(world.maya)) == 1
    assert {one.kind: (one.state, one.error) for one in await world.rows(Message)} == {
        "lesson": ("sent", None),
        "spoilt": ("waiting", "broken"),
    }
