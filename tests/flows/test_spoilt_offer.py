"""A room that fails for someone does not silence the others."""

from sqlalchemy import update
from sqlmodel import col

from bot.records.tables import AgendaItem, LessonGiven
from tests.world import World


async def test_one_bad_item_does_not_silence_a_person(world: World) -> None:
    """Maya's nudge points at nothing that can be read: it is set aside and counted, and her next lesson comes all the same."""
    await world.enrol()
    await world.pass_time(hours=3)
    async with world.house.database.transaction() as session:
        await session.execute(
            update(AgendaItem).where(col(AgendaItem.kind) == "nudge").values(about={"message_id": "no message's id"})
        )
    await world.pass_time(days=2, hours=3)
    assert len({one.lesson_id for one in await world.rows(LessonGiven) if one.enrollment_id == 1}) == 2
    spoilt = [one for one in await world.rows(AgendaItem) if one.kind == "nudge" and one.failures]
    assert spoilt
    assert all(one.done_at is None for one in spoilt)
