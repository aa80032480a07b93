"""The first day: what this is, one click to begin, and where one stands now."""

from datetime import UTC, datetime
from typing import Any

from sqlmodel import col, select

from bot.onboarding.baseline import BASELINE
from bot.records.tables import AgendaItem, Enrollment, LessonGiven, Rating
from bot.records.tables import Person as Somebody
from bot.sandbox.state import Message, Person
from tests.journeys.test_home import home
from tests.world import World, action_ids, everything_in, texts

AREAS = ("sales-tracking", "talent", "performance", "contracting", "business-planning")
BOTH = "once both of you have rated or 10 working days have passed"


async def welcome_for_maya(world: World) -> Message:
    """Enrol, and wait until Maya is welcomed."""
    await world.enrol(begun=False)
    await world.pass_time(hours=3)
    (message,) = world.dms(world.maya)
    return message


def modal(world: World, person: Person) -> dict[str, Any]:
    """The modal that someone has before them."""
    (view,) = world.sandbox.modals(person.id)
    return view


def modal_text(world: World, person: Person) -> str:
    """All words of that modal."""
    return everything_in(modal(world, person)["blocks"])


async def rate(world: World, area: str, level: int) -> None:
    """Maya picks a level, and goes on to the next step."""
    await world.sandbox.submit(world.maya.id, modal(world, world.maya)["id"], {f"level:{area}": {"level": str(level)}})
    await world.settle()


async def rate_all(world: World, level: int) -> None:
    """Maya rates all areas, each with the same level."""
    for area in AREAS:
        await rate(world, area, level)


async def test_the_welcome_comes_first_and_one_click_begins(world: World) -> None:
    """At nine on her first day Maya reads what this is and who sees what; nothing else comes before she begins."""
    message = await welcome_for_maya(world)
    assert message.at.startswith("2026-11-24T08:00"), "nine o'clock in Ljubljana"
    shown = texts(message)
    for words in (
        "25 minutes a week",
        "26 weeks",
        "Ana Kovač",
        "never sees",
        "\n• your answers",
        "never for pay",
        BOTH,
    ):
        assert words in shown
    await world.pass_time(days=3)
    assert world.dms(world.maya) == [message]
    await world.press(world.maya, message, "welcome_begin")
    assert "Sales tracking and execution" in modal_text(world, world.maya)
    assert "You have begun" in texts(message)
    assert "Tuesday 1 December, 09:00" in texts(message)
    assert "welcome_begin" not in action_ids(message)
    await world.until(datetime(2026, 12, 1, 9, tzinfo=UTC))
    assert len(world.dms(world.maya)) == 2


async def test_two_clicks_begin_once(world: World) -> None:
    """A second click, from another device, finds the program begun: her first week is not moved."""
    message = await welcome_for_maya(world)
    await world.press(world.maya, message, "welcome_begin")
    begun = [one.begun_at for one in await world.rows(Enrollment)]
    await world.pass_time(days=1)
    await world.press(world.maya, message, "welcome_begin", force=True, value="begin")
    assert [one.begun_at for one in await world.rows(Enrollment)] == begun


async def test_the_baseline_is_kept_step_by_step(world: World) -> None:
    """Maya closes after two areas, comes back a day later at the third, and is thanked after the fifth."""
    message = await welcome_for_maya(world)
    await world.press(world.maya, message, "welcome_begin")
    view = modal(world, world.maya)
    assert "only once both of you have rated" in everything_in(view["blocks"])
    await rate(world, AREAS[0], 2)
    await rate(world, AREAS[1], 4)
    await world.sandbox.close(world.maya.id, view["id"])
    await world.pass_time(days=1)
    assert "3 areas are left: about a minute each" in await home(world, world.maya.id)
    await world.press(world.maya, message, "baseline_open")
    assert "3 of 5" in modal_text(world, world.maya)
    for area in AREAS[2:]:
        await rate(world, area, 1)
    assert "Thank you" in modal_text(world, world.maya)
    assert "groups of five or more" in modal_text(world, world.maya), "in reports, too, and not only for her lessons"
    assert "baseline_open" not in action_ids(message)
    ratings = await world.rows(Rating)
    assert [(one.area_id, one.level, one.week, one.rated_by) for one in ratings] == [
        (area, level, BASELINE, "self") for area, level in zip(AREAS, (2, 4, 1, 1, 1), strict=True)
    ]


async def test_a_modal_left_for_a_week_changes_nothing_that_stands(world: World) -> None:
    """While the baseline is open a level can be changed; once it is in, an old modal only hears thanks."""
    message = await welcome_for_maya(world)
    await world.press(world.maya, message, "welcome_begin")
    old = modal(world, world.maya)
    await rate(world, AREAS[0], 2)
    world.sandbox.views.open(world.maya.id, old)
    await rate(world, AREAS[0], 3)
    for area in AREAS[1:]:
        await rate(world, area, 2)
    world.sandbox.views.open(world.maya.id, old)
    await world.pass_time(days=7)
    await rate(world, AREAS[0], 5)
    assert "Thank you" in modal_text(world, world.maya)
    assert [one.level for one in await world.rows(Rating) if one.area_id == AREAS[0]] == [3]


async def test_who_has_not_begun_is_reminded_once_and_staff_see_the_name(world: World) -> None:
    """After a week one line, then nothing more; Lena sees the name, and the line still begins the program."""
    await welcome_for_maya(world)
    assert "Maya Horvat" not in await home(world, world.lena.id)
    await world.pass_time(days=7)
    _, reminder = world.dms(world.maya)
    assert reminder.at.startswith("2026-12-01T08:00")
    assert "a week after their welcome: Maya Horvat" in await home(world, world.lena.id)
    await world.pass_time(days=30)
    assert len(world.dms(world.maya)) == 2
    await world.press(world.maya, reminder, "welcome_begin")
    assert "You have begun" in texts(reminder)
    assert "Maya Horvat" not in await home(world, world.lena.id)


async def test_staff_cant_tell_who_was_reminded(world: World) -> None:
    """Tom wants quiet and gets no reminder, Maya got hers: Lena reads both names in one line, and of no reminder."""
    await welcome_for_maya(world)
    await world.pass_time(hours=12)
    async with world.house.database.transaction() as session:
        tom = (await session.exec(select(Somebody).where(Somebody.slack_id == world.tom.id))).one()
        tom.paused_at = world.clock.now()
        session.add(tom)
    await world.pass_time(days=8)
    assert (len(world.dms(world.maya)), len(world.dms(world.tom))) == (2, 1)
    seen = await home(world, world.lena.id)
    assert f"{world.maya.name}, {world.tom.name}" in seen
    assert "remind" not in seen


async def test_who_has_begun_is_not_reminded(world: World) -> None:
    """After a week Maya has her lessons, and no reminder among them."""
    await world.press(world.maya, await welcome_for_maya(world), "welcome_begin")
    await world.pass_time(days=9)
    assert not any("ready when you are" in texts(message) for message in world.dms(world.maya))


async def test_without_a_mentor_it_begins_all_the_same(world: World) -> None:
    """No mentor is named yet: the welcome says so, and so does the baseline; both it and «privacy» name her buddy."""
    row = f"{world.maya.email},,{world.zoe.email},Autumn,2026-11-24"
    await world.enrol(row, begun=False, head="manager,mentor,buddy,cohort,starts_on")
    await world.pass_time(hours=3)
    (message,) = world.dms(world.maya)
    assert "No mentor is named for you yet" in texts(message)
    assert "*Zoe Adams* is your buddy" in texts(message)
    await world.sandbox.command(world.maya.id, "/coach privacy")
    await world.settle()
    assert "*Your buddy*, Zoe Adams: that you are in the program" in modal_text(world, world.maya).replace("_", "*")
    await world.sandbox.close(world.maya.id, modal(world, world.maya)["id"])
    await world.press(world.maya, message, "welcome_begin")
    assert "Only you see this" in modal_text(world, world.maya)


async def test_only_the_one_who_is_welcomed_can_begin(world: World) -> None:
    """Zoe presses it in a message that is not hers, and Ana, who mentors: each gets a kind sentence, and nothing begins."""
    message = await welcome_for_maya(world)
    for someone in (world.zoe, world.ana):
        await world.press(someone, message, "welcome_begin")
        assert "Nothing of yours was lost" in modal_text(world, someone)
    assert [one.begun_at for one in await world.rows(Enrollment)] == [None, None]


async def test_a_later_start_moves_the_welcome(world: World) -> None:
    """The roster is imported again with a later date before anybody was welcomed: nobody is, until then."""
    await world.enrol(begun=False)
    await world.enrol(starts_on="2026-12-02", begun=False)
    await world.pass_time(days=7)
    assert world.dms(world.maya) == []
    await world.pass_time(days=2)
    assert [message.at[:16] for message in world.dms(world.maya)] == ["2026-12-02T08:00"]


async def test_who_begins_weeks_ahead_loses_none(world: World) -> None:
    """Maya starts in four weeks, and presses «Begin» at Home today: lessons come from her start on, and so do her weeks count."""
    await world.enrol(f"{world.maya.email},{world.ana.email},Winter,2026-12-22", begun=False)
    await home(world, world.maya.id)
    await world.sandbox.click_in_view(world.maya.id, world.sandbox.state.homes[world.maya.id]["id"], "welcome_begin")
    await world.settle()
    await world.until(datetime(2026, 12, 23, 12, 0, tzinfo=UTC))
    assert "*Week 1 of 26*" in await home(world, world.maya.id)
    assert [f"{one.given_at:%d %b}" for one in await world.rows(LessonGiven)] == ["22 Dec"]


async def test_an_earlier_start_moves_it_too(world: World) -> None:
    """The date in the roster was a fortnight too late, and is put right: Maya is welcomed on the right one."""
    await world.enrol(starts_on="2026-12-08", begun=False)
    await world.enrol(starts_on="2026-11-25", begun=False)
    await world.pass_time(days=2)
    assert [message.at[:16] for message in world.dms(world.maya)] == ["2026-11-25T08:00"]


async def test_the_areas_are_asked_again_at_the_end(world: World) -> None:
    """In the last week the same modal shows what she said first; before it, the same request is turned away."""
    message = await welcome_for_maya(world)
    await world.press(world.maya, message, "welcome_begin")
    await rate_all(world, 2)
    await world.press(world.maya, message, "baseline_again", force=True, value="again")
    assert "not asked for this" in modal_text(world, world.maya)
    await at_the_end(world)
    await world.press(world.maya, message, "baseline_again", force=True, value="again")
    assert "At the start you said 2." in modal_text(world, world.maya)
    await rate_all(world, 4)
    assert "Thank you" in modal_text(world, world.maya)
    week = world.house.library.current.curriculum.program.last_week
    assert sorted({(one.week, one.level) for one in await world.rows(Rating)}) == [(BASELINE, 2), (week, 4)]


async def test_two_clocks_welcome_once(world: World) -> None:
    """A tick too many, and a second import of the same roster, welcome nobody twice."""
    message = await welcome_for_maya(world)
    await world.enrol(begun=False)
    await world.house.tick()
    await world.settle()
    assert world.dms(world.maya) == [message]
    items = [one for one in await world.rows(AgendaItem) if one.kind == "welcome"]
    assert len(items) == 2, "Maya's and Tom's"


async def at_the_end(world: World) -> None:
    """All weeks are over for Maya, as far as the records say."""
    async with world.house.database.transaction() as session:
        enrollment = (await session.exec(select(Enrollment).where(col(Enrollment.begun_at).is_not(None)))).one()
        enrollment.ended_at = world.clock.now()
        session.add(enrollment)
