"""App Home: for each kind of person what concerns them, and a sentence for someone with no part in it."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any

import pytest
from sqlalchemy import event, update
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from bot.records.tables import Enrollment, Person
from bot.sandbox.state import Person as Someone
from bot.slack.access import Actor
from tests.journeys.test_answers import answer_all, lesson_for_maya
from tests.world import World


async def home(world: World, slack_id: str) -> str:
    """What someone finds when they open the Home tab."""
    await world.sandbox.open_home(slack_id)
    await world.settle()
    return str(world.sandbox.state.homes[slack_id]["blocks"])


async def test_each_sees_what_concerns_them(world: World) -> None:
    """Maya sees where she stands, Ana whom she mentors, Lena the program's health, Zoe a kind sentence."""
    lesson = await lesson_for_maya(world)
    title = lesson.text.split("\n")[0]
    waiting = await home(world, world.maya.id)
    assert f"Lesson: {title}" in waiting
    assert "Thursday 26 November, 09:00" in waiting
    assert "Ana Kovač" in waiting
    await answer_all(world, lesson)
    answered = await home(world, world.maya.id)
    assert f"Lesson: {title}" not in answered
    assert "5 areas are left" in answered
    assert "Lessons done: 1, of the 32 that your weeks have room for" in answered
    mentors = await home(world, world.ana.id)
    assert "Maya Horvat, Tom Baker" in mentors
    staff = await home(world, world.lena.id)
    assert "2 enrolled" in staff
    assert title not in staff
    nobody = await home(world, world.zoe.id)
    assert "You are not enrolled" in nobody
    assert "Maya" not in nobody
    assert "enrolled ·" not in nobody


async def test_who_has_no_mentor_reads_so(world: World) -> None:
    """Nobody mentors Maya yet: her Home says that L&D knows, and asks nobody in her name."""
    await world.enrol(f"{world.maya.email},,Autumn,2026-11-24")
    alone = await home(world, world.maya.id)
    assert "You have no mentor yet" in alone
    assert "mentor_ask" not in alone


async def test_staff_see_who_has_no_mentor(world: World) -> None:
    """A manager without a mentor is pointed out, as long as they are on their way: Tom has come to the end of his."""
    await world.enrol(f"{world.maya.email},,Autumn,2026-11-24", f"{world.tom.email},,Autumn,2026-11-24")
    assert "Without a mentor: Maya Horvat, Tom Baker" in await home(world, world.lena.id)
    tom = select(Person.id).where(col(Person.first_name) == "Tom")
    async with world.house.database.transaction() as session:
        await session.execute(
            update(Enrollment).where(col(Enrollment.person_id).in_(tom)).values(ended_at=world.clock.now())
        )
    told = await home(world, world.lena.id)
    assert "Without a mentor: Maya Horvat" in told
    assert "Tom Baker" not in told


async def test_to_whom_nothing_comes_no_date_is_told(world: World) -> None:
    """Maya pauses without an end: Home names no next lesson, says that it is up to her, and has the button."""
    await world.enrol()
    await world.until(datetime(2026, 11, 24, 12, 0, tzinfo=UTC))
    assert "Next lesson: Thursday 26 November, 09:00" in await home(world, world.maya.id)
    now, hers = world.clock.now(), select(Person.id).where(Person.slack_id == world.maya.id)
    async with world.house.database.transaction() as session:
        await session.execute(update(Person).where(col(Person.id).in_(hers)).values(paused_at=now))
    await world.pass_time(days=20)
    told = await home(world, world.maya.id)
    assert "Next lesson" not in told
    assert "Next review" not in told
    assert "Paused: until you say so" in told
    await press_at_home(world, world.maya, "home_resume")
    told = await home(world, world.maya.id)
    assert "Next lesson: Tuesday 15 December, 09:00" in told
    assert "Paused" not in told


async def press_at_home(world: World, person: Someone, action_id: str) -> None:
    """Someone presses a button that stands on their Home tab."""
    assert action_id in await home(world, person.id)
    view = world.sandbox.home(person.id)
    assert view is not None
    await world.sandbox.click_in_view(person.id, view["id"], action_id, value=action_id)
    await world.settle()


async def test_staff_read_that_there_are_more(world: World) -> None:
    """Eleven managers have no mentor: staff read ten names, and that these are not all."""
    for number in range(11):
        world.sandbox.add_person(id=f"U0R{number}", name=f"Reader {number:02} X", email=f"r{number}@example.com")
    await world.enrol(*(f"U0R{number},,Autumn,2026-11-24" for number in range(10)))
    assert "Reader 09 X. A mentor is" in await home(world, world.lena.id)
    await world.enrol("U0R10,,Autumn,2026-11-24")
    assert "Reader 09 X, …. A mentor is" in await home(world, world.lena.id)


async def test_staff_read_of_nobody_who_is_gone_that_they_cannot_be_reached(world: World) -> None:
    """Slack refuses what is said to Tom and to Ana. Tom is taken out, or stops, or his account is closed: he is no trouble any
    more, and not counted among those who are enrolled where staff or Slack took him out; Ana, his mentor, still is."""
    await world.enrol()
    for person in (world.tom, world.ana):
        await world.lose(person)
    assert "2 enrolled" in await home(world, world.lena.id)
    assert "Can't be reached in Slack: Ana Kovač, Tom Baker" in await home(world, world.lena.id)
    now = world.clock.now()
    gone: tuple[tuple[Any, dict[str, Any], int], ...] = (
        (Enrollment, {"stopped_at": now}, 2),
        (Enrollment, {"stopped_at": now, "left_at": now}, 1),
        (Person, {"deactivated_at": now}, 1),
    )
    for table, values, enrolled in gone:
        which = Person.id if table is Person else Enrollment.person_id
        tom = select(Person.id).where(Person.slack_id == world.tom.id)
        async with world.house.database.transaction() as session:
            await session.execute(update(table).where(col(which).in_(tom)).values(**values))
        told = await home(world, world.lena.id)
        assert "Can't be reached in Slack: Ana Kovač" in told
        assert "Tom Baker" not in told
        assert f"{enrolled} enrolled" in told
        async with world.house.database.transaction() as session:
            nothing = dict.fromkeys(values)
            await session.execute(update(table).where(col(which).in_(tom)).values(**nothing))


@pytest.mark.long
async def test_home_takes_three_statements(world: World) -> None:
    """After a month with lessons, reviews and ratings: who it is, their ways, and all that is on record; as many for a mentor."""
    await world.enrol()
    await world.until(datetime(2026, 12, 21, 12, 0, tzinfo=UTC))
    for who in (world.maya, world.ana):
        actor = Actor(world.house.workspace_id, who.id)
        async with world.house.database.transaction() as session:
            await world.house.rooms.homes.draw(session, actor)  # the editions are read once in a process's life
        async with world.house.database.transaction() as session:
            with statements_of(session) as said:
                await world.house.rooms.homes.draw(session, actor)
        assert len(said) <= 3, said


@contextmanager
def statements_of(session: AsyncSession) -> Iterator[list[str]]:
    """The statements that a session sends meanwhile."""
    said: list[str] = []

    def hear(_: Any, __: Any, statement: str, *___: Any) -> None:
        said.append(statement)

    engine = session.get_bind()
    event.listen(engine, "before_cursor_execute", hear)
    yield said
    event.remove(engine, "before_cursor_execute", hear)
