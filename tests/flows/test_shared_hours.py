"""When two who are to talk are brought together: a working moment of both, and on nobody's day off."""

from datetime import UTC, datetime

import pytest
from sqlalchemy import update
from sqlmodel import col

from bot.records.tables import AgendaItem, Person
from tests.world import World


async def after_new_year(world: World) -> list[AgendaItem]:
    """Maya and Tom, whose first round falls into the quiet week: what is on the agenda once it has started after New Year."""
    await world.enrol(starts_on="2026-12-22")
    async with world.house.database.transaction() as session:
        await session.execute(update(Person).where(col(Person.slack_id) == world.maya.id).values(country="PH"))
    await world.until(datetime(2027, 1, 5, 22, 0, tzinfo=UTC))
    return await world.rows(AgendaItem)


@pytest.mark.long
async def test_the_days_off_of_each_are_kept(world: World) -> None:
    """No round starts in the quiet week: on the Monday after, the two are brought together while both are at work."""
    await after_new_year(world)
    (message,) = world.group_messages(world.maya, world.tom)
    assert message.at[:16] == "2027-01-04T13:30", "8:30 in New York, 14:30 in Ljubljana"


@pytest.mark.long
async def test_hours_that_never_meet(world: World) -> None:
    """Tom works in Auckland: with nobody else about, neither has a group, and both are told so with the next date."""
    await world.sandbox.change_person(world.tom.id, tz="Pacific/Auckland")
    items = await after_new_year(world)
    assert [one for one in items if one.kind == "introduction"] == []
    assert len([one for one in items if one.kind == "no_group"]) == 2
