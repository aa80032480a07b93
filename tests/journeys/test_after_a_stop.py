"""Who has stopped, or was taken out: what was on its way to them stays unsaid, and nobody is told of them any more."""

from datetime import UTC, datetime

import pytest
from sqlmodel import select

from bot.agenda import book
from bot.handover.relations import STALLS
from bot.records.editions import Editions
from bot.records.tables import Ask, Enrollment, Person
from bot.reports.reading import facts_of
from bot.sandbox.state import Person as Someone
from bot.slack.access import Actor
from tests.journeys.test_answers import answer_all
from tests.journeys.test_attention import menu
from tests.journeys.test_handover import given, kim_of
from tests.journeys.test_home import home
from tests.journeys.test_mentor_words import coach, modal, said_to, send, ways
from tests.journeys.test_preferences import press_at_home, submit
from tests.journeys.test_reviews import FRIDAY, choose, lessons_of, reviews_of
from tests.journeys.test_welcome import modal_text, rate_all, welcome_for_maya
from tests.world import World, action_ids, everything_in, texts

EVENING = datetime(2026, 11, 24, 19, 0, tzinfo=UTC)
TWO_DAYS_LATER = datetime(2026, 11, 26, 20, 0, tzinfo=UTC)
HOW = pytest.mark.parametrize("how", ["stopped", "left"])


async def gone(world: World, how: str) -> None:
    """Maya stops, as after a silence; or staff take her out by a roster."""
    if how == "left":
        head = "manager,mentor,cohort,starts_on,status"
        await world.enrol(f"{world.maya.email},,Autumn,2026-11-24,left", head=head, begun=False)
        return
    async with world.house.database.transaction() as session:
        mine = select(Enrollment).join(Person, Person.id == Enrollment.person_id)  # type: ignore[arg-type]
        way = (await session.exec(mine.where(Person.slack_id == world.maya.id))).one()
        way.stopped_at = world.clock.now()
        session.add(way)


async def praised(world: World, who: Someone) -> None:
    """Someone's mentor, Ana, sends kudos in the evening."""
    await world.until(EVENING)
    theirs = (await ways(world))[who.id]
    await coach(world, world.ana, "kudos")
    await send(world, world.ana, who=str(theirs.id), kind="kudos", text="You kept quiet.")


async def call(world: World) -> None:
    """Maya asks her mentor for help."""
    await coach(world, world.maya, "ask")
    await send(world, world.maya, text="My best seller wants to leave.", soon=["yes"])


@HOW
async def test_what_was_put_off_does_not_come(world: World, how: str) -> None:
    """Maya puts a lesson off to tomorrow, and is gone that day: it does not come again."""
    await world.enrol()
    await world.until(datetime(2026, 11, 24, 13, 20, tzinfo=UTC))
    (lesson,) = lessons_of(world, world.maya)
    await menu(world, lesson, "tomorrow")
    await world.pass_time(minutes=5)
    await gone(world, how)
    await world.until(TWO_DAYS_LATER)
    assert lessons_of(world, world.maya) == [lesson]


async def test_who_asks_for_it_after_a_stop_means_it(world: World) -> None:
    """Maya has stopped, and then puts a lesson off to tomorrow: it comes, as she was told, and nothing else does."""
    await world.enrol()
    await world.until(datetime(2026, 11, 24, 13, 20, tzinfo=UTC))
    (lesson,) = lessons_of(world, world.maya)
    await gone(world, "stopped")
    await world.pass_time(minutes=5)
    await menu(world, lesson, "tomorrow")
    await world.until(TWO_DAYS_LATER)
    assert [one.at[:10] for one in lessons_of(world, world.maya)] == ["2026-11-24", "2026-11-25"]


@pytest.mark.long
@HOW
async def test_kudos_stay_unsaid(world: World, how: str) -> None:
    """Ana writes in the evening and Maya is gone before morning: she reads nothing; who begins again has it next morning."""
    await world.enrol()
    await praised(world, world.maya)
    await gone(world, how)
    await world.until(TWO_DAYS_LATER)
    assert said_to(world, world.maya, "You kept quiet") == []
    await press_at_home(world, world.maya, "home_resume") if how == "stopped" else None
    await world.pass_time(hours=14)
    assert len(said_to(world, world.maya, "You kept quiet")) == (1 if how == "stopped" else 0)


@HOW
async def test_no_brief_about_who_is_gone(world: World, how: str) -> None:
    """Ana has set a date for a talk and Maya is gone before it: no brief comes an hour before, as none comes when asked for."""
    await world.enrol()
    await world.pass_time(hours=3)
    mine = (await ways(world))[world.maya.id]
    await coach(world, world.ana, "we talked")
    await send(world, world.ana, who=str(mine.id), text="A first talk.", on="2026-11-27", at="14:00")
    await gone(world, how)
    assert "nobody of that name" in await coach(world, world.ana, "brief maya")
    await world.until(datetime(2026, 11, 27, 12, 5, tzinfo=UTC))
    assert said_to(world, world.ana, "in a minute") == []
    async with world.house.database.transaction() as session:
        ana = (await session.exec(select(Person).where(Person.slack_id == world.ana.id))).one()
        text, _ = await world.house.rooms.briefs.draw_for(session, ana, mine.id or 0)
    assert "Maya" not in text, "a message about her that is drawn anew"


@HOW
async def test_no_call_for_help_of_who_is_gone(world: World, how: str) -> None:
    """Maya calls for help in the evening and is gone before morning: Ana is not called any more."""
    await world.enrol()
    await world.until(EVENING)
    await call(world)
    await gone(world, how)
    await world.until(TWO_DAYS_LATER)
    assert said_to(world, world.ana, "asks for help") == []


@pytest.mark.long
async def test_who_calls_after_a_stop_means_it(world: World) -> None:
    """Maya has stopped, and calls for help some days later: Ana hears of it, since Maya read that she would."""
    await world.enrol()
    await world.until(EVENING)
    await gone(world, "stopped")
    await world.until(TWO_DAYS_LATER)
    await call(world)
    await world.pass_time(days=1)
    assert len(said_to(world, world.ana, "asks for help")) == 1


async def test_who_was_taken_out_has_nobody_to_ask(world: World) -> None:
    """Maya was taken out: she can't write to Ana any more, also not with the modal that was open, and is told so."""
    await world.enrol()
    await world.pass_time(hours=3)
    await coach(world, world.maya, "ask")
    await gone(world, "left")
    await send(world, world.maya, text="How do I say no?", soon=["yes"])
    assert "nothing was kept" in everything_in(modal(world, world.maya)["blocks"])
    await coach(world, world.maya, "ask")
    assert "nothing was kept" in everything_in(modal(world, world.maya)["blocks"])
    assert await world.rows(Ask) == []


@pytest.mark.long
@HOW
async def test_a_new_mentor_is_not_told_of_who_is_gone(world: World, how: str) -> None:
    """Maya gets Kim as her mentor in the evening and is gone before morning: Kim reads of Tom; of Maya if she begins again."""
    kim = kim_of(world)
    await world.house.sync_directory()
    await world.enrol()
    await world.until(EVENING)
    await given(world, kim)
    await gone(world, how)
    await world.until(TWO_DAYS_LATER)
    assert len(said_to(world, kim, "You are Tom Baker's mentor now")) == 1
    assert said_to(world, kim, "You are Maya Horvat's mentor now") == []
    await press_at_home(world, world.maya, "home_resume") if how == "stopped" else None
    await world.pass_time(days=8)
    assert len(said_to(world, kim, "You are Maya Horvat's mentor now")) == (1 if how == "stopped" else 0)


@pytest.mark.long
@HOW
async def test_staff_are_not_asked_for_another_mentor(world: World, how: str) -> None:
    """Maya has asked for another mentor in the evening and is gone before morning: Lena is not asked to give her one."""
    await world.house.sync_directory()
    await world.enrol()
    await world.until(EVENING)
    mine = (await ways(world))[world.maya.id]
    async with world.house.database.transaction() as session:
        lena = (await session.exec(select(Person).where(Person.slack_id == world.lena.id))).one()
        await book.put(
            session, key=f"{STALLS}:1:{lena.id}", kind=STALLS, workspace_id=lena.workspace_id, person_id=lena.id,
            about={"enrollment_id": mine.id, "mentor_id": mine.mentor_id}, due_at=world.clock.now(),
        )  # fmt: skip
    await gone(world, how)
    await world.until(TWO_DAYS_LATER)
    assert said_to(world, world.lena, "another mentor") == []
    await world.house.rooms.preferences.resume(Actor(world.house.workspace_id, world.maya.id), world.clock.now())
    await world.pass_time(days=8)
    assert len(said_to(world, world.lena, "another mentor")) == (1 if how == "stopped" else 0)


@pytest.mark.parametrize("how", ["stopped", "left", "deactivated"])
async def test_a_mentors_home_names_those_who_are_there(world: World, how: str) -> None:
    """Maya is gone: Ana's Home names Tom alone, as the buttons below it do."""
    await world.enrol()
    await world.pass_time(hours=3)
    assert "mentor of Maya Horvat, Tom Baker." in await home(world, world.ana.id)
    if how == "deactivated":
        await world.sandbox.become(world.maya.id, "deactivated")
        await world.settle()
    else:
        await gone(world, how)
    assert "mentor of Tom Baker." in await home(world, world.ana.id)


async def test_nobody_begins_a_program_they_were_taken_out_of(world: World) -> None:
    """Maya was welcomed and then taken out: «Begin» begins nothing, and neither it nor `resume` says that she has."""
    message = await welcome_for_maya(world)
    await gone(world, "left")
    await world.press(world.maya, message, "welcome_begin")
    assert "not asked for this" in modal_text(world, world.maya)
    assert "You have begun" not in texts(message)
    assert {one.begun_at for one in await world.rows(Enrollment)} == {None}
    for asked in ("resume", "today"):
        await world.sandbox.command(world.maya.id, f"/coach {asked}")
        assert "L&D has taken you out" in world.dms(world.maya)[-1].text.replace("&amp;", "&"), asked


async def test_who_left_off_is_promised_no_lesson(world: World) -> None:
    """Maya has stopped: Home names no next lesson, and has the button that brings it back."""
    await world.enrol()
    assert "Next lesson" in await home(world, world.maya.id)
    await gone(world, "stopped")
    shown = await home(world, world.maya.id)
    assert "Next lesson" not in shown
    assert "Nothing comes until you go on again" in shown
    await press_at_home(world, world.maya, "home_resume")
    shown = await home(world, world.maya.id)
    assert "Next lesson: Tuesday 24 November" in shown
    assert "until you go on again" not in shown


@pytest.mark.long
@pytest.mark.parametrize("how", ["stopped", "left", "paused", "paused until"])
async def test_who_begins_again_goes_on_in_their_week(world: World, how: str) -> None:
    """Maya answers her first lesson and is away for half a year from her second week on, as she wished or as staff did: her third
    week comes after her second, Home and the report say so, and nobody tells her that the program is over."""
    await world.enrol(f"{world.maya.email},{world.ana.email},Autumn,2026-11-24")
    await world.until(datetime(2026, 12, 2, 12, 0, tzinfo=UTC))
    await answer_all(world, lessons_of(world, world.maya)[0])
    await away_until(world, how, datetime(2027, 6, 8, 5, 0, tzinfo=UTC))
    await world.until(datetime(2027, 6, 10, 12, 0, tzinfo=UTC))
    third, fourth = [one for one in lessons_of(world, world.maya) if one.at > "2026-11-27"][:2]
    assert (third.at[:10], fourth.at[:7]) == ("2026-12-01", "2027-06")
    told = "".join(texts(one) for one in world.dms(world.maya))
    assert "that was the last week" not in told
    assert "Two numbers from the last 2 weeks" not in told, "she was away then"
    assert "Week 3 of 26" in await home(world, world.maya.id)
    await answer_all(world, fourth)
    async with world.house.database.transaction() as session:
        program = world.house.library.current.curriculum.program
        facts = await facts_of(session, program, world.house.workspace_id, "Autumn", Editions())
    assert sorted({one.week for one in facts.answers}) == [2, 3]


async def away_until(world: World, how: str, when: datetime) -> None:
    """Maya is away until then."""
    actor, preferences = Actor(world.house.workspace_id, world.maya.id), world.house.rooms.preferences
    if how == "paused until":
        await preferences.pause(actor, when.date(), world.clock.now())
    elif how == "paused":
        await preferences.pause(actor, None, world.clock.now())
    else:
        await gone(world, how)
    await world.until(when)
    if how == "left":
        await world.enrol(f"{world.maya.email},{world.ana.email},Autumn,2026-11-24", begun=False)
    elif how != "paused until":
        await press_at_home(world, world.maya, "home_resume")


async def test_a_welcome_after_a_stop_promises_no_lesson(world: World) -> None:
    """Maya begins, which names her next lesson, stops, and then rates herself, which draws it anew: it names none."""
    message = await welcome_for_maya(world)
    await world.press(world.maya, message, "welcome_begin")
    assert "Your next lesson comes on" in texts(message)
    await gone(world, "stopped")
    await world.press(world.maya, message, "baseline_open")
    await rate_all(world, 2)
    assert "baseline_open" not in action_ids(message), "drawn anew"
    assert "You have begun" in texts(message)
    assert "Your next lesson comes on" not in texts(message)


async def test_a_review_after_a_stop_promises_no_other(world: World) -> None:
    """Maya stops while she has a review before her: once it is answered, it does not say when the next one comes."""
    await world.enrol()
    await world.pass_time(days=1)
    await choose(world, world.maya, lessons_of(world, world.maya)[0], right=False)
    await world.until(FRIDAY.replace(hour=20))
    (review,) = reviews_of(world, world.maya)
    await gone(world, "stopped")
    await choose(world, world.maya, review, right=True)
    assert "Done: *1 of 1* at first try." in texts(review)
    assert "The next ones come" not in texts(review)


async def test_settings_after_a_stop_promise_no_lesson(world: World) -> None:
    """Maya has stopped, and changes her lesson days: they are kept, and no lesson is named."""
    await world.enrol()
    await gone(world, "stopped")
    await press_at_home(world, world.maya, "home_settings")
    await submit(world, world.maya, days=["mon"], at="09:00")
    assert modal_text(world, world.maya) == "✅ Saved."
