"""When two who are to talk are brought together: a working moment of both, and on nobody's day off."""

from datetime import UTC, datetime

from sqlalchemy import update
from sqlmodel import col

from bot.records.tables import AgendaItem, Person
from tests.world import World


async def brought_together(world: World) -> datetime:
    """Enrol Maya and Tom, and let time pass until their first round on 30 December: when their introduction falls due."""
    await world.enrol(starts_on="2026-12-22")
    async with world.house.database.transaction() as session:
        await session.execute(update(Person).where(col(Person.slack_id) == world.maya.id).values(country="PH"))
    await world.until(datetime(2026, 12, 30, 22, 0, tzinfo=UTC))
    (due,) = [one.due_at for one in await world.rows(AgendaItem) if one.kind == "introduction"]
    assert isinstance(due, datetime)
    return due


async def test_the_holidays_of_each_are_kept(world: World) -> None:
    """Maya keeps Philippine holidays, on 30 and 31 December: the two meet on the Monday after New Year."""
    due = await brought_together(world)
    assert due == datetime(2027, 1, 4, 13, 30, tzinfo=UTC), "8:30 in New York, 14:30 in Ljubljana"


async def test_hours_that_never_meet(world: World) -> None:
    """Tom works in Auckland: they are brought together while one is at work, on a day of work for both."""
    await world.sandbox.change_person(world.tom.id, tz="Pacific/Auckland")
    due = await brought_together(world)
    assert due == datetime(2027, 1, 4, 7, 30, tzinfo=UTC), "Monday, 8:30 in Ljubljana and 20:30 in Auckland"
