"""A crowd for whom things fall due in the same moment costs no more questions to the records than a few do."""

from datetime import UTC, datetime
from typing import Any

import pytest
from sqlalchemy import event

from bot.checks.flow import Given
from bot.curriculum.model import Choice
from bot.records.tables import Interruption, LessonGiven
from bot.sandbox.state import Person
from bot.slack.access import Actor
from tests.world import World

WEDNESDAY = datetime(2026, 11, 25, 20, 0, tzinfo=UTC)
HERE, THERE = 8, 14  # 9:00 in Ljubljana and in New York, in UTC
LESSON, REVIEW = 26, 27  # Thursday, with the reminder of Tuesday's lesson; Friday


async def statements_of_a_tick(world: World, day: int, hour: int) -> list[str]:
    """What the tick of that moment asks the database; a statement with many sets of values stands there as often.

    Without what keeps a lesson's edition, which only the first who get it have to do.
    """
    sent = list[str]()

    def note(*about: Any) -> None:
        _, _, statement, values, _, is_many = about
        sent.extend([statement] * (len(values) if is_many else 1))

    world.clock.move_to(datetime(2026, 11, day, hour, 0, 1, tzinfo=UTC))
    engine = world.house.database.engine.sync_engine
    event.listen(engine, "before_cursor_execute", note)
    try:
        await world.house.tick()
    finally:
        event.remove(engine, "before_cursor_execute", note)
    await world.settle()
    return [one for one in sent if not one.startswith("INSERT INTO edition")]


def crowd(world: World, count: int, zone: str) -> list[Person]:
    """So many people in one time zone."""
    return [world.sandbox.add_person(name=f"{zone} {n}", email=f"{zone}{n}@example.com", tz=zone) for n in range(count)]


async def miss_the_first_question(world: World, person: Person) -> None:
    """Wrong, and sure of it: that is asked again soon."""
    given = next(
        one for one in await world.rows(LessonGiven) if str(one.message_id) in str(world.dms(person)[0].blocks)
    )
    lesson = world.house.library.current.curriculum.lesson(given.lesson_id)
    check = next(one for one in lesson.checks if isinstance(one, Choice))
    wrong = next(one.id for one in check.options if one.id not in check.right_ids)
    actor = Actor(world.house.workspace_id, person.id)
    answer = Given(actor, given.message_id, check.id, (wrong,), "sure")
    assert await world.house.rooms.checks.answer(answer, world.clock.now())


@pytest.mark.long
async def test_as_many_statements_for_nine_as_for_two(world: World) -> None:
    """Two in Ljubljana and nine in New York get a lesson with its reminder, then their review: with as many statements."""
    few, many = crowd(world, 2, "Europe/Ljubljana"), crowd(world, 9, "America/New_York")
    await world.enrol(*(f"{one.email},,Autumn,2026-11-24" for one in (*few, *many)))
    await world.until(WEDNESDAY)
    for one in (*few, *many):
        await miss_the_first_question(world, one)
    for day in (LESSON, REVIEW):
        here, there = await statements_of_a_tick(world, day, HERE), await statements_of_a_tick(world, day, THERE)
        assert len(here) == len(there) > 0
    said = [(one.kind, *one.joined) for one in await world.rows(Interruption)]
    assert {one: said.count(one) for one in said} == {("lesson",): 11, ("lesson", "nudge"): 11, ("review",): 11}
