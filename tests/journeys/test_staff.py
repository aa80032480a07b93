"""L&D staff in App Home: they enrol, move, lead a cohort, and learn why someone has not heard; nobody else can."""

from datetime import UTC, date, datetime
from typing import Any

import pytest

from bot.cohorts import staff_message as look
from bot.cohorts.staff import Picked, Refused
from bot.records.audit import Doer
from bot.records.tables import Cohort, Enrollment, Person, StaffAct, Workspace
from bot.sandbox.state import Person as Someone
from bot.slack import codec
from bot.slack.access import Actor
from tests.journeys.test_welcome import modal, modal_text
from tests.world import World, everything_in


async def home(world: World, who: Someone) -> str:
    """What someone's Home says."""
    await world.sandbox.open_home(who.id)
    await world.settle()
    return everything_in(world.sandbox.state.homes[who.id]["blocks"])


async def open_door(world: World, who: Someone, door: str) -> None:
    """Press one of the buttons at Home."""
    for left_open in world.sandbox.modals(who.id):
        await world.sandbox.close(who.id, left_open["id"])
    home_id = world.sandbox.state.homes[who.id]["id"]
    await world.sandbox.click_in_view(who.id, home_id, door, value=door, force=True)  # whether it is there or not
    await world.settle()


async def send(world: World, who: Someone, door: str, **picked: Any) -> Any:
    """Open a modal, pick, and send it."""
    await open_door(world, who, door)
    state = {block: {look.PICK: value} for block, value in picked.items()}
    delivered = await world.sandbox.submit(who.id, modal(world, who)["id"], state)
    await world.settle()
    return delivered


async def id_of(world: World, name: str) -> str:
    """What the menu carries for a cohort."""
    return next(codec.write(look.WHICH, one.id) for one in await world.rows(Cohort) if one.name == name)


@pytest.fixture
async def lena(world: World) -> Someone:
    """Lena, whom the bot knows as staff, with her Home open."""
    await world.house.sync_directory()
    await home(world, world.lena)
    return world.lena


async def test_a_cohort_is_started_from_home(world: World, lena: Someone) -> None:
    """Two managers, a new cohort, a day and a mentor; once more changes nothing; then they are welcomed."""
    picked = {
        look.WHOM: [world.maya.id, world.tom.id], look.NEW: "Winter",
        look.DAY: "2026-11-30", look.MENTOR: world.ana.id,
    }  # fmt: skip
    await send(world, lena, look.ENROL, **picked)
    assert "2 enrolled in *Winter*" in modal_text(world, lena)
    await send(world, lena, look.ENROL, **picked)
    assert "2 were there already" in modal_text(world, lena)
    assert len(await world.rows(Enrollment)) == 2
    await world.until(datetime(2026, 11, 30, 18, 0, tzinfo=UTC))
    assert world.dms(world.maya)
    assert "enrolled" in await home(world, lena)


async def test_one_manager_is_moved_taken_out_and_brought_back(world: World, lena: Someone) -> None:
    """Another cohort and mentor; out; back; and each is on record with who did it."""
    await world.enrol()
    await send(world, lena, look.ENROL, whom=[world.zoe.id], new_cohort="Winter",
               day="2026-11-30")  # fmt: skip
    maya = world.maya.id
    await send(world, lena, look.MANAGER, whom=maya, cohort=await id_of(world, "Winter"),
               mentor=lena.id, what=look.STAYS)  # fmt: skip
    assert "where you want them" in modal_text(world, lena)
    await send(world, lena, look.MANAGER, whom=maya, what=look.LEAVES)
    assert "hears nothing more" in modal_text(world, lena)
    await send(world, lena, look.MANAGER, whom=maya, what=look.STAYS)
    assert "is back" in modal_text(world, lena)
    cohorts = {one.id: one.name for one in await world.rows(Cohort)}
    people = {one.id: one.slack_id for one in await world.rows(Person)}
    one = next(one for one in await world.rows(Enrollment) if people[one.person_id] == world.maya.id)
    assert (cohorts[one.cohort_id], people[one.mentor_id or 0], one.left_at) == ("Winter", lena.id, None)
    acts = [(one.act, people.get(one.by_id or 0)) for one in await world.rows(StaffAct) if not one.by_command]
    assert acts == [(act, lena.id) for act in ("manager.enrolled", "manager.moved", "manager.left", "manager.back")]


async def test_what_can_not_be_done_is_said_where_it_was_picked(world: World, lena: Someone) -> None:
    """Someone on the way elsewhere, an app as a mentor, no cohort, no day: an error at its field, and nothing changes."""
    await world.enrol()
    robot = world.sandbox.add_person(id="U0ROBOT", name="Robot", email="robot@example.com", is_bot=True)
    day, one, autumn = "2026-11-30", [world.maya.id], await id_of(world, "Autumn")
    for door, picked, field, said in (
        (look.ENROL, {"whom": one, "new_cohort": "Winter", "day": day}, "whom", "on the way in Autumn"),
        (look.ENROL, {"whom": one, "day": day}, "new_cohort", "type the name"),
        (look.ENROL, {"whom": one, "new_cohort": "Autumn", "day": day, "mentor": robot.id},
         "mentor", "nobody whom Slack"),
        (look.MANAGER, {"whom": world.zoe.id, "what": "stays"},
         "whom", "not enrolled"),
        (look.COHORT, {"cohort": autumn, "what": "start"},
         "day", "Pick a day"),
        (look.COHORT, {"cohort": autumn, "what": "pause",
                       "day": "2026-01-01"}, "day", "not possible"),
    ):  # fmt: skip
        before = (await world.rows(Enrollment), await world.rows(Cohort), len(await world.rows(StaffAct)))
        delivered = await send(world, lena, door, **picked)
        assert said in str((delivered.body or {}).get("errors", {}).get(field)), delivered
        assert (await world.rows(Enrollment), await world.rows(Cohort), len(await world.rows(StaffAct))) == before


async def test_a_cohort_is_led_from_home(world: World, lena: Someone) -> None:
    """Pause, go on, four weeks more, close: each says how many it concerns."""
    await world.enrol()
    autumn = await id_of(world, "Autumn")
    for what, said in (
        ("pause", "2 hear nothing unasked"), ("resume", "2 get their next message"), ("extend", "4 more weeks"),
        ("close", "2 were still on their way"),
    ):  # fmt: skip
        await send(world, lena, look.COHORT, cohort=autumn, what=what)
        assert said in modal_text(world, lena)
    assert (await world.rows(Cohort))[0].closed_at is not None


async def test_what_was_picked_is_what_is_led(world: World, lena: Someone) -> None:
    """Lena picks Spring; before she sends it a colleague begins Alpha, which comes first by name: Spring is closed all the same.
    Whoever still had Spring in their menu reads that it is closed."""
    await world.enrol()
    await world.enrol(f"{world.zoe.email},{world.ana.email},Spring,2026-11-24")
    leading, by = world.house.rooms.cohorts.leading, Doer(world.house.workspace_id)
    await open_door(world, lena, look.COHORT)
    spring = picked_in(modal(world, lena), "Spring")
    await leading.start(by, "Alpha", date(2026, 11, 30), world.clock.now())
    state = {look.WHICH: {look.PICK: spring}, look.WHAT: {look.PICK: "close"}}
    await world.sandbox.submit(lena.id, modal(world, lena)["id"], state)
    assert "Spring" in modal_text(world, lena)
    assert {one.name: one.closed_at is not None for one in await world.rows(Cohort)} == {
        "Alpha": False, "Autumn": False, "Spring": True,
    }  # fmt: skip
    staff, actor = world.house.rooms.cohorts.staff, Actor(world.house.workspace_id, lena.id)
    for do, picked in (
        (staff.enrol, Picked([world.zoe.id], cohort=spring, day=date(2026, 12, 1))),
        (staff.change, Picked([world.maya.id], cohort=spring, what=look.STAYS)),
        (staff.lead, Picked(cohort=spring, what="close")),
    ):
        with pytest.raises(Refused, match="is_closed"):
            await do(actor, picked, world.clock.now())
    async with world.house.database.transaction() as session:
        session.add(Workspace(id="T0OTHER", name="Other", bot_user_id="U0BOT", next_slot_at=world.clock.now()))
        await session.flush()
        session.add(Cohort(workspace_id="T0OTHER", name="Theirs"))
    with pytest.raises(Refused, match="no_cohort"):
        await staff.lead(actor, Picked(cohort=await id_of(world, "Theirs"), what="close"), world.clock.now())


def picked_in(view: Any, name: str) -> str:
    """The value of a cohort's option, as the menu shows it."""
    menu = next(block["element"] for block in view["blocks"] if block.get("block_id") == look.WHICH)
    return next(str(one["value"]) for one in menu["options"] if one["text"]["text"] == name)


async def test_why_someone_has_not_heard(world: World, lena: Someone) -> None:
    """What comes next and what came; a pause of one's own is «quiet time», whatever it is; no reminder is ever mentioned,
    nor the day on which someone is back."""
    await world.enrol()
    await world.until(datetime(2026, 11, 24, 18, 0, tzinfo=UTC))

    async def why(who: Someone) -> str:
        await send(world, lena, look.WHY, whom=who.id)
        return modal_text(world, lena)

    told = await why(world.maya)
    assert "Arrived: a lesson, Tuesday 24 November, 09:00" in told
    assert "Has had today's one message" in told
    assert "Next: a lesson, Thursday 26 November, 09:00" in told
    await world.until(datetime(2026, 11, 29, 18, 0, tzinfo=UTC))
    maya = Actor(world.house.workspace_id, world.maya.id)
    await world.house.rooms.preferences.pause(maya, None, world.clock.now())
    await world.house.rooms.preferences.pause(
        Actor(world.house.workspace_id, world.ana.id), date(2026, 12, 14), world.clock.now()
    )
    for told in (await why(world.maya), await why(world.ana)):
        assert "quiet time of their own" in told
        assert not any(word in told.lower() for word in ("next:", "14 december", "15 december", "nudge", "remind"))
    assert "Nobody of that name" in await why(world.zoe)
    assert "Not enrolled as a manager" in await why(world.ana)


async def test_failed_messages_are_listed(world: World, lena: Someone) -> None:
    """Slack refuses a message for good: Home has one more button, and behind it stands to whom, what and why."""
    await world.enrol()
    assert "Not delivered" not in await home(world, lena)
    world.sandbox.fail("chat.postMessage", "error:channel_not_found")
    await world.until(datetime(2026, 11, 24, 9, 0, tzinfo=UTC))
    assert "Not delivered" in await home(world, lena)
    await open_door(world, lena, look.FAILED)
    told = modal_text(world, lena)
    assert "a lesson" in told
    assert "channel_not_found" in told


@pytest.mark.usefixtures("lena")
async def test_nobody_else_comes_through_a_door(world: World) -> None:
    """A manager, a mentor and a stranger press and send what they should not have: a sentence, and nothing changes."""
    await world.enrol()
    staff = world.house.rooms.cohorts.staff
    for who in (world.maya, world.ana, world.zoe):
        await home(world, who)
        for door in look.DOORS:
            await open_door(world, who, door)
            assert "Only L&amp;D staff" in modal_text(world, who)
        actor = Actor(world.house.workspace_id, who.id)
        picked = Picked([world.maya.id], cohort=await id_of(world, "Autumn"), day=date(2026, 12, 1), what="close")
        for do in (staff.enrol, staff.change, staff.lead, staff.why):
            with pytest.raises(Refused, match="not_yours"):
                await do(actor, picked, world.clock.now())
    assert len(await world.rows(Enrollment)) == 2
    assert [one.name for one in await world.rows(Cohort)] == ["Autumn"]
