"""Words between mentor and manager: kudos, notes, talks, asks, and the brief for a one-to-one."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlmodel import select

from bot.records.editions import keep_many
from bot.records.evidence import FROM_RUBRIC
from bot.records.tables import Ask, Enrollment, LessonGiven, Note, Observation, Person
from bot.sandbox.state import Message
from bot.sandbox.state import Person as Someone
from tests.journeys.test_ratings import begun, give_mentor, maya_rates_herself, mentor_rates_all, start, surfaces
from tests.journeys.test_sharing import what_ana_sees
from tests.journeys.test_standing import switch
from tests.world import World, everything_in, texts


async def ways(world: World) -> dict[str, Enrollment]:
    """The enrolments by their managers' Slack ids."""
    people = {one.id: one.slack_id for one in await world.rows(Person)}
    return {people[one.person_id]: one for one in await world.rows(Enrollment)}


async def coach(world: World, who: Someone, text: str) -> str:
    """Type `/coach …`; what is answered."""
    await world.sandbox.command(who.id, f"/coach {text}")
    await world.settle()
    return world.dms(who)[-1].text if world.dms(who) else ""


def modal(world: World, who: Someone) -> dict[str, Any]:
    """The modal that someone sees."""
    return world.sandbox.modals(who.id)[-1]


async def send(world: World, person: Someone, **fields: Any) -> None:
    """Fill a modal in, and send it."""
    state = {block: {"pick": value} for block, value in fields.items()}
    await world.sandbox.submit(person.id, modal(world, person)["id"], state)
    await world.settle()


def said_to(world: World, who: Someone, words: str) -> list[Message]:
    """Messages with these words."""
    return [one for one in world.dms(who) if words in texts(one)]


@pytest.mark.long
async def test_kudos_reach_the_manager_from_their_mentor(world: World) -> None:
    """Ana writes in the evening; Maya reads it the next morning, as from Ana, with what it was for; a double click is one."""
    await world.enrol()
    await world.until(datetime(2026, 11, 24, 19, 0, tzinfo=UTC))
    mine = (await ways(world))[world.maya.id]
    await coach(world, world.ana, "kudos")
    view = modal(world, world.ana)
    await send(world, world.ana, who=str(mine.id), kind="kudos", text="You let Tim lead <!channel> & kept quiet.")
    await world.sandbox.submit(world.ana.id, view["id"], {"who": {"pick": str(mine.id)}, "text": {"pick": "again"}})
    assert said_to(world, world.maya, "kept quiet") == []
    await world.until(datetime(2026, 11, 25, 9, 0, tzinfo=UTC))
    (message,) = said_to(world, world.maya, "kept quiet")
    assert "Ana" in texts(message)
    assert "<!channel>" not in texts(message)
    assert len(await world.rows(Note)) == 1


async def test_kudos_for_a_lesson_name_it_in_its_own_words(world: World) -> None:
    """Ana picks what it was for; Slack sends that back escaped, and Maya reads the title as it was written."""
    title = "P&L in <an hour>"
    await world.enrol(f"{world.maya.email},{world.ana.email},Autumn,2026-11-24")
    await world.until(datetime(2026, 11, 24, 12, 0, tzinfo=UTC))
    async with world.house.database.transaction() as session:
        given = (await session.exec(select(LessonGiven))).one()
        lesson = next(one for one in world.house.library.current.curriculum.lessons if one.id == given.lesson_id)
        (given.edition_hash,) = await keep_many(
            session, [lesson.model_copy(update={"title": title})], world.clock.now()
        )
    await coach(world, world.ana, "kudos")
    (field,) = [one for one in modal(world, world.ana)["blocks"] if one.get("block_id") == "what_for"]
    (option,) = field["element"]["options"]
    await send(world, world.ana, kind="kudos", what_for=option["value"], text="Well done.")
    await world.pass_time(minutes=5)
    assert [one.what_for for one in await world.rows(Note)] == [title]
    (message,) = said_to(world, world.maya, "Well done.")
    assert "P&amp;L in &lt;an hour&gt;" in texts(message)


async def test_we_talked_and_the_brief_before_the_next_time(world: World) -> None:
    """A line and a date: Maya reads both, what she asked is settled, and an hour before the next talk Ana gets the brief."""
    await world.enrol()
    await world.pass_time(hours=3)
    await coach(world, world.maya, "ask how do I tell a seller that the deal is not mine")
    (ask,) = await world.rows(Ask)
    assert ask.settled_at is None
    mine = (await ways(world))[world.maya.id]
    await coach(world, world.ana, "we talked")
    assert "the deal is not mine" in everything_in(modal(world, world.ana)["blocks"])
    await send(
        world, world.ana, who=str(mine.id), text="She tries one call a week without speaking.", on="2026-11-27",
        at="14:00", settles=["yes"],
    )  # fmt: skip
    assert (await world.rows(Ask))[0].settled_at is not None
    await world.until(datetime(2026, 11, 27, 11, 59, tzinfo=UTC))
    (message,) = said_to(world, world.maya, "one call a week")
    assert "Friday 27 November" in texts(message)
    assert said_to(world, world.ana, "in a minute") == []
    await world.until(datetime(2026, 11, 27, 12, 5, tzinfo=UTC))
    (brief,) = said_to(world, world.ana, "in a minute")
    assert brief.at[:16] == "2026-11-27T12:00", "13:00 in Ljubljana, an hour before"
    assert "one call a week" in texts(brief)


async def test_a_date_that_was_changed_has_one_brief(world: World) -> None:
    """The talk is moved: the brief comes before the new time only. A date in the past is refused where it was picked."""
    await world.enrol(f"{world.maya.email},{world.ana.email},Autumn,2026-11-24")
    await world.pass_time(hours=3)
    await coach(world, world.ana, "talked")
    view = modal(world, world.ana)
    refused = await world.sandbox.submit(
        world.ana.id, view["id"], {"text": {"pick": "x"}, "on": {"pick": "2026-11-20"}, "at": {"pick": "09:00"}}
    )
    assert refused is not None
    assert await world.rows(Note) == []
    await send(world, world.ana, text="First line.", on="2026-11-26", at="10:00")
    await coach(world, world.ana, "talked")
    await send(world, world.ana, text="Second line.", on="2026-11-27", at="10:00")
    await world.until(datetime(2026, 11, 28, 9, 0, tzinfo=UTC))
    (brief,) = said_to(world, world.ana, "in a minute")
    assert brief.at[:16] == "2026-11-27T08:00"


async def test_what_was_asked_is_settled_by_who_read_it(world: World) -> None:
    """Ana reads whose each ask is. Tom has asked eleven times: she reads ten, and that there are more; the box that settles
    all of the one she picks is no longer ticked."""
    await world.enrol()
    await coach(world, world.maya, "ask how do I tell a seller")
    await coach(world, world.tom, "ask about my raise")
    shown = await asks_shown(world)
    assert ("*Maya Horvat:* «how do I tell a seller»" in shown, "*Tom Baker:* «about my raise»" in shown) == (
        True,
        True,
    )
    assert "initial_options" in shown
    for number in range(10):
        await coach(world, world.tom, f"ask number {number}")
    shown = await asks_shown(world)
    assert shown.count("*Tom Baker:*") + shown.count("*Maya Horvat:*") == 10
    assert "And 2 more" in shown
    assert "initial_options" not in shown


async def asks_shown(world: World) -> str:
    """What «we talked» shows Ana of what was asked, with the box below it."""
    await coach(world, world.ana, "talked")
    blocks = modal(world, world.ana)["blocks"]
    place = next(number for number, one in enumerate(blocks) if one.get("block_id") == "settles")
    return str(blocks[place - 1 : place + 1])


async def test_the_next_mentor_keeps_the_hour(world: World) -> None:
    """Ana and Maya were to talk on Friday at ten when Lena becomes her mentor, and sets the same hour: she gets the brief."""
    await world.house.sync_directory()
    await world.enrol(f"{world.maya.email},{world.ana.email},Autumn,2026-11-24")
    await world.pass_time(hours=3)
    for mentor in (world.ana, world.lena):
        await world.enrol(f"{world.maya.email},{mentor.email},Autumn,2026-11-24", begun=False)
        await coach(world, mentor, "talked")
        await send(world, mentor, text="A line.", on="2026-11-27", at="10:00")
    await world.until(datetime(2026, 11, 28, 9, 0, tzinfo=UTC))
    assert [len(said_to(world, one, "in a minute")) for one in (world.ana, world.lena)] == [0, 1]


@pytest.mark.parametrize("how", ["paused", "away"])
async def test_no_brief_for_a_mentor_in_a_pause(world: World, how: str) -> None:
    """Ana has set a date, and pauses before it or is not to be disturbed: the brief does not come, then or later."""
    await world.enrol(f"{world.maya.email},{world.ana.email},Autumn,2026-11-24")
    await world.pass_time(hours=3)
    await coach(world, world.ana, "talked")
    await send(world, world.ana, text="First line.", on="2026-11-26", at="10:00")
    if how == "paused":
        await coach(world, world.ana, "pause")
    else:
        async with world.house.database.transaction() as session:
            ana = (await session.exec(select(Person).where(Person.slack_id == world.ana.id))).one()
            ana.away_until = datetime(2026, 11, 26, 8, 30, tzinfo=UTC)
            session.add(ana)
    await world.until(datetime(2026, 11, 27, 9, 0, tzinfo=UTC))
    assert said_to(world, world.ana, "in a minute") == []


async def test_help_does_not_wait_for_monday(world: World) -> None:
    """Maya needs help soon: Ana hears of it in her working time, once that day; taken back, it is not said."""
    await world.enrol()
    await world.pass_time(hours=3)
    for text in ("My best seller wants to leave.", "And the forecast is due."):
        await coach(world, world.maya, "ask")
        await send(world, world.maya, text=text, soon=["yes"])
    await world.pass_time(minutes=5)
    (message,) = said_to(world, world.ana, "asks for help")
    assert "My best seller" in texts(message)
    await coach(world, world.tom, "ask")
    await send(world, world.tom, text="Not urgent.")
    await world.pass_time(minutes=5)
    assert len(said_to(world, world.ana, "asks for help")) == 1


async def test_help_waits_for_a_mentor_who_is_away(world: World) -> None:
    """Ana is not to be disturbed until the afternoon: she hears of it then, and not never."""
    await world.enrol()
    await world.pass_time(hours=3)
    back = world.clock.now() + timedelta(hours=2)
    async with world.house.database.transaction() as session:
        person = (await session.exec(select(Person).where(Person.slack_id == world.ana.id))).one()
        person.away_until = back
        session.add(person)
    await coach(world, world.maya, "ask")
    await send(world, world.maya, text="My best seller wants to leave.", soon=["yes"])
    await world.pass_time(hours=1, minutes=50)
    assert said_to(world, world.ana, "asks for help") == []
    await world.pass_time(minutes=15)
    assert len(said_to(world, world.ana, "asks for help")) == 1


async def test_the_brief_is_for_the_mentor_alone(world: World) -> None:
    """Ana gets it by name, by first name and by mention; Tom, Lena and Zoe learn nothing, not even who is in the program."""
    await world.enrol()
    await world.pass_time(hours=3)
    for text in ("brief maya", "brief Maya Horvat", f"brief <@{world.maya.id}|maya>"):
        assert "Maya Horvat, in a minute" in await coach(world, world.ana, text), text
    assert "About whom?" in await coach(world, world.ana, "brief")
    refused = await coach(world, world.tom, "brief maya")
    assert "nobody of that name" in refused
    assert await coach(world, world.tom, "brief somebody") == refused
    assert "not in the program" in await coach(world, world.zoe, "brief maya")


async def test_the_brief_tells_nothing_of_a_former_mentors_ratings(world: World) -> None:
    """Ana says 5, Maya 1; then Zoe mentors Maya: Ana's brief had both levels, and Zoe's has neither Ana's nor «you say 5»."""
    enrollment = await begun(world, f"{world.maya.email},{world.ana.email},Autumn,2026-11-24",
                             f"{world.tom.email},{world.zoe.email},Autumn,2026-11-24")  # fmt: skip
    await maya_rates_herself(world, 1)
    await start(world)
    await mentor_rates_all(world, 5)
    await world.pass_time(minutes=2)
    assert "level 1" in await coach(world, world.ana, "brief maya")
    await give_mentor(world, enrollment, world.zoe.id)
    assert "level" not in await coach(world, world.zoe, "brief maya")


@pytest.mark.long
async def test_where_she_stands_tells_nothing_of_a_former_mentors_ratings(world: World) -> None:
    """Ana says 5, Maya 1, and Maya shows where she stands: Ana reads 5; then Zoe mentors Maya, and reads 1 as if nobody had said
    more, while Maya's own picture still has what Ana saw."""
    enrollment = await begun(world, f"{world.maya.email},{world.ana.email},Autumn,2026-11-24",
                             f"{world.tom.email},{world.zoe.email},Autumn,2026-11-24")  # fmt: skip
    await maya_rates_herself(world, 1)
    await world.pass_time(minutes=2)
    await start(world)
    await mentor_rates_all(world, 5)
    await world.pass_time(minutes=2)
    await switch(world, "areas_show")
    assert "Business planning: from 1 to 5" in await coach(world, world.ana, "brief maya")
    await give_mentor(world, enrollment, world.zoe.id)
    brief = await coach(world, world.zoe, "brief maya")
    assert "Business planning: 1" in brief
    assert "from 1 to 5" not in brief
    assert "Business planning: 1" in await what_ana_sees(world), "Maya is told the same"
    assert "Business planning: from 1 to 5, goal 3, you said 1" in (await surfaces(world))["picture"]


async def test_where_she_stands_tells_nothing_of_what_a_former_mentor_saw(world: World) -> None:
    """On a visit Ana saw what she looked for, and reads that Maya moved up; then Zoe mentors Maya, and reads nothing of it."""
    enrollment = await begun(world, f"{world.maya.email},{world.ana.email},Autumn,2026-11-24",
                             f"{world.tom.email},{world.zoe.email},Autumn,2026-11-24")  # fmt: skip
    await switch(world, "areas_show")
    async with world.house.database.transaction() as session:
        ana = (await session.exec(select(Person).where(Person.slack_id == world.ana.id))).one()
        card = Note(
            enrollment_id=enrollment.id or 0,
            by_id=ana.id or 0,
            kind="card",
            place="V1",
            text="",
            written_at=world.clock.now(),
        )
        session.add(card)
        await session.flush()
        saw = {"lesson_id": f"{FROM_RUBRIC}business-planning", "behaviour": "Asks for the number.", "saw": "yes"}
        session.add(Observation(note_id=card.id or 0, place=0, **saw))
    await world.pass_time(minutes=2)
    assert "Business planning: 1.2" in await coach(world, world.ana, "brief maya")
    await give_mentor(world, enrollment, world.zoe.id)
    assert "Business planning: nothing yet" in await coach(world, world.zoe, "brief maya")


async def test_a_modal_that_was_open_when_the_mentor_changed(world: World) -> None:
    """Ana has the modal open, Maya gets another mentor: nothing is kept, and Ana reads why."""
    await world.enrol(f"{world.maya.email},{world.ana.email},Autumn,2026-11-24")
    await world.pass_time(hours=3)
    await coach(world, world.ana, "kudos")
    async with world.house.database.transaction() as session:
        way = (await session.exec(select(Enrollment))).one()
        lena = (await session.exec(select(Person).where(Person.slack_id == world.ana.id))).one()
        way.mentor_id = None
        session.add(way)
        assert lena.id is not None
    await send(world, world.ana, kind="kudos", text="Well done.")
    assert await world.rows(Note) == []
    assert "nothing was sent" in everything_in(modal(world, world.ana)["blocks"])


@pytest.mark.parametrize("asked", ["kudos", "talked"])
async def test_a_modal_that_was_open_when_the_only_manager_became_another(world: World, asked: str) -> None:
    """Ana writes about Maya, whom she alone mentors; meanwhile she gets Tom in her place. Tom reads nothing of it."""
    await world.enrol(
        f"{world.maya.email},{world.ana.email},Autumn,2026-11-24", f"{world.tom.email},,Autumn,2026-11-24"
    )
    await world.pass_time(hours=3)
    await coach(world, world.ana, asked)
    ana = (await ways(world))[world.maya.id].mentor_id
    async with world.house.database.transaction() as session:
        for way in await session.exec(select(Enrollment)):
            way.mentor_id = ana if way.mentor_id is None else None
            session.add(way)
    await send(world, world.ana, text="You let Tim lead.")
    assert await world.rows(Note) == []
    assert "nothing was sent" in everything_in(modal(world, world.ana)["blocks"])


async def test_a_forged_manager(world: World) -> None:
    """Ana mentors Maya only; a modal that names Tom's enrolment keeps nothing."""
    await world.enrol(
        f"{world.maya.email},{world.ana.email},Autumn,2026-11-24",
        f"{world.tom.email},{world.lena.email},Autumn,2026-11-24",
    )
    await world.pass_time(hours=3)
    his = (await ways(world))[world.tom.id]
    await coach(world, world.ana, "kudos")
    await world.sandbox.submit(
        world.ana.id, modal(world, world.ana)["id"], {"who": {"pick": str(his.id)}, "text": {"pick": "Hello Tom"}}
    )
    assert [one.enrollment_id for one in await world.rows(Note)] in ([], [(await ways(world))[world.maya.id].id])
    await world.settle()
    assert said_to(world, world.tom, "Hello Tom") == []
