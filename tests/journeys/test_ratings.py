"""Ratings of what was seen: cases first, sealed until both are in, and a talk where they lie far apart."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from sqlmodel import col, select

from bot.privacy.exporting import kept_of
from bot.ratings import steps_message as look
from bot.ratings.flow import Seen, Spot
from bot.records.audit import Doer
from bot.records.editions import Editions
from bot.records.ratings import owed_by_mentors, record_rating
from bot.records.tables import AgendaItem, CaseRated, Checkpoint, Enrollment, LessonGiven, Person, Rating
from bot.sandbox.deliver import Delivered
from bot.sandbox.state import Message
from bot.sandbox.state import Person as Someone
from bot.slack.access import Actor
from tests.flows.test_picture import show, ways
from tests.journeys.test_home import home
from tests.journeys.test_preferences import press_at_home
from tests.journeys.test_sharing import what_ana_sees
from tests.journeys.test_welcome import AREAS, modal, modal_text, rate_all
from tests.world import World, action_ids, everything_in, texts

SAW = "She closed two deals without a next step."


async def begun(world: World, *lines: str) -> Enrollment:
    """Maya begins, with Ana as her mentor (or whoever is named in those lines); it is ten on her first morning."""
    await world.enrol(*(lines or [f"{world.maya.email},{world.ana.email},Autumn,2026-11-24"]))
    await world.pass_time(hours=3)
    enrollment = (await world.rows(Enrollment))[0]
    assert isinstance(enrollment, Enrollment)
    return enrollment


async def send(world: World, person: Someone, **fields: Any) -> Delivered:
    """Fill the modal in, by block, and send it."""
    state = {block: {look.PICK: value} for block, value in fields.items()}
    delivered = await world.sandbox.submit(person.id, modal(world, person)["id"], state)
    await world.settle()
    return delivered


async def start(world: World, about: int | None = None, mentor: Someone | None = None) -> None:
    """Press «rate what I saw», and pick the areas; and whom, where there is a choice."""
    await press_at_home(world, mentor or world.ana, look.RATE)
    whom = {} if about is None else {look.WHO: str(about)}
    await send(world, mentor or world.ana, what=look.LEVELS, **whom)


def area_of(world: World, person: Someone) -> str:
    """The area that the modal asks about."""
    return str(modal(world, person)["private_metadata"].split(":")[2])


async def rate_cases(world: World, level: int = 3, who: Someone | None = None) -> None:
    """Give both sample cases before one that level."""
    area = area_of(world, who or world.ana)
    await send(world, who or world.ana, **{look.case_block(area, place): str(level) for place in (0, 1)})


async def rate(
    world: World, level: int | str, text: str = SAW, who: Someone | None = None, on: str | None = None
) -> Delivered:
    """Pick a level for the area before one, and say what was seen."""
    area = area_of(world, who or world.ana)
    day = {} if on is None else {look.block(look.ON, area): on}
    typed = {look.block(look.SEEN, area): text, **day}
    return await send(world, who or world.ana, **{look.level_block(area): str(level)}, **typed)


async def mentor_rates_all(world: World, level: int | str, who: Someone | None = None) -> None:
    """A mentor rates all areas that are left, and the cases before each."""
    while (step := modal(world, who or world.ana)["callback_id"]) in (look.CASES_RATED, look.RATED):
        if step == look.CASES_RATED:
            await rate_cases(world, who=who)
        await rate(world, level, who=who)


async def maya_rates_herself(world: World, level: int) -> None:
    """Maya rates all areas of the beginning."""
    await press_at_home(world, world.maya, "baseline_open")
    await rate_all(world, level)


async def surfaces(world: World) -> dict[str, str]:
    """All that Maya finds out about herself, by where: Home, picture, `progress`, what her mentor sees, and her export."""
    await world.pass_time(minutes=2)
    await show(world)
    await world.settle()
    await world.sandbox.command(world.maya.id, "/coach progress")
    await world.settle()
    async with world.house.database.transaction() as session:
        person = (await session.exec(select(Person).where(Person.slack_id == world.maya.id))).one()
        kept = await kept_of(session, person, Editions())
    return {
        "home": await home(world, world.maya.id),
        "picture": "".join(one.text + str(one.blocks) for one in ways(world)[-2:]),
        "progress": texts(world.dms(world.maya)[-1]),
        "what my mentor sees": await what_ana_sees(world),
        "export": str(kept["ratings"]),
    }


def said_to(world: World, who: Someone, words: str) -> list[Message]:
    """Messages with these words."""
    return [one for one in world.dms(who) if words in texts(one)]


async def checkpoints(world: World) -> dict[int, Checkpoint]:
    """The checkpoints of Maya's, by week."""
    return {one.week: one for one in await world.rows(Checkpoint)}


async def mentor_ratings(world: World) -> dict[str, int | None]:
    """The mentor's levels on record, by area."""
    return {one.area_id: one.level for one in await world.rows(Rating) if one.rated_by == "mentor"}


async def give_mentor(world: World, enrollment: Enrollment, slack_id: str | None) -> None:
    """Maya gets another mentor, or none."""
    async with world.house.database.transaction() as session:
        found = await session.exec(select(Person.id).where(col(Person.slack_id) == slack_id))
        way = await session.get_one(Enrollment, enrollment.id)
        way.mentor_id = None if slack_id is None else found.one()
        session.add(way)


async def test_cases_come_first_and_the_key_is_shown(world: World) -> None:
    """Before her first level in an area Ana rates two stories, reads the key, then rates Maya; Tom's turn has none, nor once
    she is Maya's mentor no more."""
    hers = await begun(world, *(f"{one.email},{world.ana.email},Autumn,2026-11-24" for one in (world.maya, world.tom)))
    ways = {one.person_id: one.id for one in await world.rows(Enrollment)}
    people = {one.slack_id: one.id for one in await world.rows(Person)}
    await start(world, about=ways[people[world.maya.id]])
    assert "Story 1" in modal_text(world, world.ana)
    assert "the key says" not in modal_text(world, world.ana)
    await rate_cases(world, 3)
    assert "the key says 3*, as you did" in modal_text(world, world.ana)
    assert "the key says 2*; you said 3" in modal_text(world, world.ana)
    assert [(one.place, one.level) for one in await world.rows(CaseRated)] == [(0, 3), (1, 3)]
    await rate(world, 2)
    assert await mentor_ratings(world) == {AREAS[0]: 2}
    assert area_of(world, world.ana) == AREAS[1]
    await start(world, about=ways[people[world.tom.id]])
    assert modal(world, world.ana)["callback_id"] == look.RATED
    assert "the key says" not in modal_text(world, world.ana)
    await give_mentor(world, hers, None)
    await start(world)
    assert "the key says" not in modal_text(world, world.ana)


async def test_who_reads_it_is_said_before_it_is_saved(world: World) -> None:
    """Above the levels Ana reads who sees them and when: once both are in, or ten working days of hers later."""
    await begun(world)
    await start(world)
    await rate_cases(world)
    assert "only once you both have rated all areas, or on Tuesday 8 December" in modal_text(world, world.ana)
    await press_at_home(world, world.maya, "baseline_open")
    assert "only once both of you have rated, or on Tuesday 8 December" in modal_text(world, world.maya)


@pytest.mark.long
async def test_sealed_everywhere_until_both_are_in(world: World) -> None:
    """Ana has rated all, Maya nothing: no surface tells her. Maya rates, and in the same moment every surface does."""
    await begun(world)
    await start(world)
    await mentor_rates_all(world, 5)
    assert "Until then you can change" in modal_text(world, world.ana)
    before = await surfaces(world)
    for where, told in before.items():
        for words in ("your mentor: 5", "your mentor said", SAW):
            assert words not in told, where
    assert before["export"] == "[]"
    await maya_rates_herself(world, 4)
    after = await surfaces(world)
    revealed = (await checkpoints(world))[0].revealed_at
    assert revealed is not None
    assert timedelta(0) <= world.clock.now() - timedelta(minutes=2) - revealed < timedelta(seconds=1)
    for where, words in {"home": "your mentor: 5", "picture": "your mentor said 5", "export": SAW}.items():
        assert words in after[where], where
        assert words not in before[where], where
    assert after["progress"] != before["progress"]


async def test_a_rating_of_oneself_is_sealed_from_the_mentor(world: World) -> None:
    """Maya has rated all; Ana finds nothing of it in her brief until she has rated, too; then what is far apart, as Maya's Home
    does. What Maya says of herself in week 8 is not compared with it; without Ana as her mentor there is no talk to have."""
    hers = await begun(world)
    await maya_rates_herself(world, 5)
    await world.sandbox.command(world.ana.id, "/coach brief maya")
    await world.settle()
    assert "they say level" not in texts(world.dms(world.ana)[-1])
    await start(world)
    await mentor_rates_all(world, 2)
    assert "Both of you are done" in modal_text(world, world.ana)
    await world.sandbox.command(world.ana.id, "/coach brief maya")
    await world.settle()
    assert "they say level 5, you say 2" in "\n".join(texts(one) for one in world.dms(world.ana))
    async with world.house.database.transaction() as session:
        for area in AREAS:
            await record_rating(session, hers.id or 0, area, 8, "self", 2, None, world.clock.now())
    so_far = len(world.dms(world.ana))
    await world.sandbox.command(world.ana.id, "/coach brief maya")
    await world.settle()
    assert "they say level 5, you say 2" in "\n".join(texts(one) for one in world.dms(world.ana)[so_far:])
    assert "worth ten minutes" in await home(world, world.maya.id)
    await give_mentor(world, hers, None)
    assert "worth ten minutes" not in await home(world, world.maya.id)


@pytest.mark.long
async def test_what_nobody_rated_opens_after_ten_working_days(world: World) -> None:
    """Ana has rated and Maya never does: on the day that was named the seal breaks, silently, and Maya may still rate."""
    await begun(world)
    await start(world)
    await mentor_rates_all(world, 4)
    await world.until(datetime(2026, 12, 8, 7, 29, tzinfo=UTC))
    assert "your mentor: 4" not in await home(world, world.maya.id)
    await world.until(datetime(2026, 12, 8, 7, 31, tzinfo=UTC))
    assert "your mentor: 4" in await home(world, world.maya.id)
    await press_at_home(world, world.maya, "baseline_open")
    assert "open already" in modal_text(world, world.maya)
    await rate_all(world, 2)
    await world.pass_time(days=3)
    assert said_to(world, world.maya, "you see this differently") != []


@pytest.mark.long
async def test_the_talk_is_offered_to_both_once_in_the_same_words(world: World) -> None:
    """Two levels apart in all areas: Maya and Ana get the same words, once, with both behaviours and no verdict."""
    await begun(world)
    await maya_rates_herself(world, 4)
    await start(world)
    await mentor_rates_all(world, 2)
    await world.pass_time(days=10)
    (hers,) = said_to(world, world.maya, "you see this differently")
    (anas,) = said_to(world, world.ana, "you see this differently")
    told = [line for line in texts(anas).splitlines() if line]
    assert set(told) <= set(texts(hers).splitlines())
    assert "Names a drop in activity" in texts(anas)
    assert "Reads out totals" in texts(anas)
    assert texts(anas).count("Maya says *4*") == 2, "two areas in full, the others by name"
    assert "Business planning" in texts(anas)
    assert "one thing that you saw" in texts(anas)


@pytest.mark.long
async def test_the_talk_is_with_the_mentor_who_rated(world: World) -> None:
    """Ana rates, and Lena becomes Maya's mentor before Maya rates herself: nobody is asked to talk about what Ana saw."""
    enrollment = await begun(world, f"{world.maya.email},{world.ana.email},Autumn,2026-11-24",
                             f"{world.tom.email},{world.lena.email},Autumn,2026-11-24")  # fmt: skip
    await start(world)
    await mentor_rates_all(world, 2)
    await give_mentor(world, enrollment, world.lena.id)
    await maya_rates_herself(world, 4)
    assert (await checkpoints(world))[0].revealed_at is not None
    await world.pass_time(days=10)
    for who in (world.maya, world.ana, world.lena):
        assert said_to(world, who, "you see this differently") == [], who.name


@pytest.mark.long
async def test_a_talk_does_not_pass_on_to_the_next_mentor(world: World) -> None:
    """Both have rated when Lena becomes Maya's mentor, before anyone was told: the talk is off, and Lena is not named in it."""
    enrollment = await begun(world, f"{world.maya.email},{world.ana.email},Autumn,2026-11-24",
                             f"{world.tom.email},{world.lena.email},Autumn,2026-11-24")  # fmt: skip
    await maya_rates_herself(world, 4)
    await start(world)
    await mentor_rates_all(world, 2)
    await give_mentor(world, enrollment, world.lena.id)
    await world.pass_time(days=10)
    assert [texts(one) for one in said_to(world, world.maya, "you see this differently")] == []
    assert said_to(world, world.lena, "you see this differently") == []


async def test_no_talk_about_who_has_gone(world: World) -> None:
    """Both have rated, in the evening, and Maya's cohort is closed before Ana's next morning: she is not told any more what Maya
    said of herself."""
    enrollment = await begun(world)
    await world.until(datetime(2026, 11, 24, 20, 0, tzinfo=UTC))
    now, way = world.clock.now(), enrollment.id or 0
    async with world.house.database.transaction() as session:
        for area in AREAS:
            await record_rating(session, way, area, 0, "self", 5, None, now)
            await record_rating(session, way, area, 0, "mentor", 2, SAW, now, by_id=enrollment.mentor_id)
        await world.house.rooms.checkpoints.rated(session, way, now)
    assert {one.kind for one in await world.rows(AgendaItem)} >= {"calibration", "calibration_mentor"}
    await world.house.rooms.cohorts.leading.close(Doer(world.house.workspace_id), "Autumn", now)
    await world.pass_time(days=2)
    assert said_to(world, world.ana, "you see this differently") == []


@pytest.mark.long
async def test_one_level_apart_is_no_talk(world: World) -> None:
    """Maya says 3, Ana 2 or has not seen it: nobody is asked to talk."""
    await begun(world)
    await maya_rates_herself(world, 3)
    await start(world)
    await rate_cases(world)
    await rate(world, 2)
    await mentor_rates_all(world, look.NOT_SEEN)
    await world.pass_time(days=10)
    assert (await checkpoints(world))[0].revealed_at is not None, "«not seen yet» counts as rated"
    assert said_to(world, world.maya, "you see this differently") == []
    assert said_to(world, world.ana, "you see this differently") == []


async def test_the_next_lesson_goes_by_what_the_mentor_saw_once_it_is_open(world: World) -> None:
    """Ana sees Maya far in all but business planning: while that is sealed it changes nothing; then the next lesson is of it."""
    await begun(world)
    await start(world)
    for area in AREAS:
        await rate_cases(world)
        await rate(world, 1 if area == "business-planning" else 5)
    await world.pass_time(days=2)
    assert [one.lesson_id.split("-")[0] for one in await world.rows(LessonGiven)] == ["tracking", "talent"]
    await maya_rates_herself(world, 3)
    await world.pass_time(days=5)
    lessons = sorted(await world.rows(LessonGiven), key=lambda one: one.given_at)
    assert lessons[-1].lesson_id.startswith("planning")


@pytest.mark.long
async def test_weeks_eight_and_sixteen_ask_again_and_the_last_not_twice(world: World) -> None:
    """After eight weeks Maya is asked once where she is, and her answer takes the button's place; the last week has its own."""
    enrollment = await begun(world)
    await maya_rates_herself(world, 2)
    assert enrollment.begun_at is not None
    await world.until(enrollment.begun_at + timedelta(weeks=8) - timedelta(hours=1))
    assert sorted(await checkpoints(world)) == [0]
    await world.until(enrollment.begun_at + timedelta(weeks=9))
    assert sorted(await checkpoints(world)) == [0, 8]
    (asked,) = said_to(world, world.maya, "8 weeks are behind you")
    assert "Ana is asked the same" in texts(asked)
    await world.press(world.maya, asked, "baseline_at")
    assert "At the start you said 2." in modal_text(world, world.maya)
    await rate_all(world, 3)
    assert "baseline_at" not in action_ids(asked)
    assert "after 8 weeks" in texts(asked)
    await world.until(enrollment.begun_at + timedelta(weeks=17))
    assert len(said_to(world, world.maya, "16 weeks are behind you")) == 1
    await world.until(enrollment.begun_at + timedelta(weeks=27))
    assert sorted(await checkpoints(world)) == [0, 8, 16, 26]
    assert said_to(world, world.maya, "26 weeks are behind you") == []
    assert len(said_to(world, world.maya, "8 weeks are behind you")) == 0, "the first is answered, and says so"
    assert [one for one in await world.rows(AgendaItem) if one.kind == "checkpoint" and one.done_at is None] == []


async def test_a_week_that_has_not_come_is_not_asked(world: World) -> None:
    """A forged button for week 16, or for a week that is none: a kind sentence, and nothing on record."""
    await begun(world)
    view = await home(world, world.maya.id)
    assert view
    for week in ("16", "3"):
        shown = world.sandbox.home(world.maya.id)
        assert shown is not None
        await world.sandbox.click_in_view(world.maya.id, shown["id"], "baseline_at", value=week, force=True)
        await world.settle()
        assert "not asked for this" in modal_text(world, world.maya)
    assert await world.rows(Rating) == []


async def test_without_a_mentor_it_opens_at_once(world: World) -> None:
    """Nobody is named for Maya: her levels are hers, the checkpoint is done with, and nothing waits for anyone."""
    await begun(world, f"{world.maya.email},,Autumn,2026-11-24")
    await maya_rates_herself(world, 3)
    assert (await checkpoints(world))[0].revealed_at is not None
    assert [
        one for one in await world.rows(AgendaItem) if one.kind == "checkpoint_reveal" and one.done_at is None
    ] == []


async def test_what_is_asked_of_a_level(world: World) -> None:
    """A level needs a sentence and a day up to today; «not seen yet» needs neither; a novel is sent back, and nothing is lost."""
    await begun(world)
    await start(world)
    await rate_cases(world)
    for refused, where in (
        (await rate(world, 3, ""), look.SEEN),
        (await rate(world, 3, "x" * 40_000), look.SEEN),
        (await rate(world, 3, SAW, on="2026-11-25"), look.ON),
    ):
        assert refused.body is not None
        assert list(refused.body["errors"]) == [look.block(where, AREAS[0])]
    assert await mentor_ratings(world) == {}
    await rate(world, 3, SAW, on="2026-11-20")
    await rate_cases(world)
    await rate(world, look.NOT_SEEN, "")
    kept = {one.area_id: (one.level, one.seen, one.seen_on) for one in await world.rows(Rating)}
    assert kept == {AREAS[0]: (3, SAW, date(2026, 11, 20)), AREAS[1]: (None, None, None)}


async def test_it_goes_on_where_it_was_left_and_can_be_changed(world: World) -> None:
    """Ana stops after one area and comes back the next day at the second; at the end she changes one, until it is open."""
    enrollment = await begun(world)
    await start(world)
    await rate_cases(world)
    await rate(world, 2)
    await world.sandbox.close(world.ana.id, modal(world, world.ana)["id"])
    await world.pass_time(days=1)
    await start(world)
    assert area_of(world, world.ana) == AREAS[1]
    await mentor_rates_all(world, 3)
    async with world.house.database.transaction() as session:
        assert await owed_by_mentors(session, [enrollment.id or 0], len(AREAS)) == {}
    await send(world, world.ana, area=AREAS[0])
    await rate(world, 4)
    assert (await mentor_ratings(world))[AREAS[0]] == 4
    await send(world, world.ana, area=AREAS[0])
    old = modal(world, world.ana)
    await maya_rates_herself(world, 3)
    world.sandbox.views.open(world.ana.id, old)
    await rate(world, 1)
    assert "Nothing was saved" in modal_text(world, world.ana)
    assert (await mentor_ratings(world))[AREAS[0]] == 4


async def test_two_devices_at_the_same_area(world: World) -> None:
    """Ana sends the same step from phone and laptop: one rating, the later one, and the next step is the next area."""
    await begun(world)
    await start(world)
    await rate_cases(world)
    step = modal(world, world.ana)
    await rate(world, 2)
    world.sandbox.views.open(world.ana.id, step)
    await rate(world, 3)
    assert await mentor_ratings(world) == {AREAS[0]: 3}
    assert area_of(world, world.ana) == AREAS[1]


async def test_a_mentor_who_was_replaced_meanwhile(world: World) -> None:
    """Ana has the modal open while Lena becomes Maya's mentor: nothing is saved, and Lena goes on with what is not rated."""
    enrollment = await begun(world, f"{world.maya.email},{world.ana.email},Autumn,2026-11-24",
                             f"{world.tom.email},{world.lena.email},Autumn,2026-11-24")  # fmt: skip
    await start(world)
    await rate_cases(world)
    await rate(world, 2)
    await give_mentor(world, enrollment, world.lena.id)
    await rate_cases(world)
    assert "nothing was saved" in modal_text(world, world.ana)
    assert len(await world.rows(CaseRated)) == 2
    await start(world, about=enrollment.id, mentor=world.lena)
    assert area_of(world, world.lena) == AREAS[1], "what Ana saw stands, and is not shown to Lena"
    await mentor_rates_all(world, 3, who=world.lena)
    assert areas_to_change(world, world.lena) == AREAS[1:]
    spot = Spot(Actor(world.house.workspace_id, world.lena.id), enrollment.id or 0, 0, AREAS[0])
    told = await world.house.rooms.ratings.rate(Seen(spot, 5, "She never did.", None), world.clock.now())
    assert "Nothing was saved" in everything_in(told["blocks"])
    kept = {one.area_id: (one.level, one.seen) for one in await world.rows(Rating)}
    assert kept[AREAS[0]] == (2, SAW), "what Ana wrote for Maya is not written over"
    await give_mentor(world, enrollment, world.ana.id)
    await start(world)
    assert areas_to_change(world, world.ana) == AREAS[:1]
    await give_mentor(world, enrollment, world.tom.id)
    await start(world, mentor=world.tom)
    assert "The levels of Maya are not asked" in modal_text(world, world.tom), (
        "he has rated nothing, and thanked he is not"
    )


def areas_to_change(world: World, mentor: Someone) -> tuple[str, ...]:
    """The areas that a mentor may rate once more, after all are rated."""
    (menu,) = [block["element"] for block in modal(world, mentor)["blocks"] if block.get("block_id") == look.AREA]
    return tuple(str(option["value"]) for option in menu["options"])


async def test_a_mentor_who_is_a_manager_too(world: World) -> None:
    """Ana learns with Lena as her mentor, and mentors Maya: her own levels and those that she gives never mix."""
    await begun(world, f"{world.maya.email},{world.ana.email},Autumn,2026-11-24",
                f"{world.ana.email},{world.lena.email},Autumn,2026-11-24")  # fmt: skip
    await start(world)
    await mentor_rates_all(world, 2)
    await press_at_home(world, world.ana, "baseline_open")
    for area in AREAS:
        await world.sandbox.submit(world.ana.id, modal(world, world.ana)["id"], {f"level:{area}": {"level": "5"}})
    ways = {one.id: one.person_id for one in await world.rows(Enrollment)}
    ana = next(one.id for one in await world.rows(Person) if one.slack_id == world.ana.id)
    given = {(ways[one.enrollment_id] == ana, one.rated_by, one.level) for one in await world.rows(Rating)}
    assert given == {(True, "self", 5), (False, "mentor", 2)}
    assert all(one.revealed_at is None for one in await world.rows(Checkpoint))


@pytest.mark.over_http
async def test_forged_levels_areas_and_weeks(world: World) -> None:
    """Level 0 or 6, an area that is none, another week, another's manager: nothing is kept, whatever a client sends."""
    enrollment = await begun(world, f"{world.maya.email},{world.ana.email},Autumn,2026-11-24",
                             f"{world.tom.email},{world.lena.email},Autumn,2026-11-24")  # fmt: skip
    await start(world)
    await rate_cases(world)
    step = modal(world, world.ana)
    toms = next(one.id for one in await world.rows(Enrollment) if one.id != enrollment.id)
    for level in ("0", "6", "three"):
        world.sandbox.views.open(world.ana.id, stretched(step, level))
        await rate(world, level)
    for ids in (f"{enrollment.id}:0:cooking", f"{enrollment.id}:8:{AREAS[0]}", f"{toms}:0:{AREAS[0]}", "x", "1:2:3:4"):
        world.sandbox.views.open(world.ana.id, {**renamed(step, ids), "private_metadata": ids})
        if ids.count(":") == 2:
            await rate(world, 3)
        else:
            await send(world, world.ana)
    assert await mentor_ratings(world) == {}


def stretched(view: dict[str, Any], level: str) -> dict[str, Any]:
    """The modal as a forged client shows it: with a level that was never offered."""
    blocks = [
        {**one, "element": {**one["element"], "options": [*one["element"]["options"], option(level)]}}
        if str(one.get("block_id", "")).startswith("level:") else one
        for one in view["blocks"]
    ]  # fmt: skip
    return {**view, "blocks": blocks}


def option(value: str) -> dict[str, Any]:
    """An option with that value."""
    return {"text": {"type": "plain_text", "text": value, "emoji": True}, "value": value}


def renamed(view: dict[str, Any], ids: str) -> dict[str, Any]:
    """The modal with the blocks of another area."""
    area = ids.split(":")[-1]
    blocks = [
        {**one, "block_id": f"{one['block_id'].split(':')[0]}:{area}"} if ":" in str(one.get("block_id", "")) else one
        for one in view["blocks"]
    ]
    return {**view, "blocks": blocks}


async def test_only_mentors_rate(world: World) -> None:
    """Maya, Lena and Zoe press an old button: each reads a kind sentence; nobody's levels change."""
    await begun(world)
    for someone in (world.maya, world.lena, world.zoe):
        await press_at_home(world, someone, look.RATE)
        assert "You mentor nobody" in everything_in(modal(world, someone)["blocks"])
    assert await mentor_ratings(world) == {}


async def test_a_manager_who_has_left_is_not_rated(world: World) -> None:
    """Maya's account is closed while Ana has the modal open: nothing is saved, and nobody is left to rate."""
    await begun(world)
    await start(world)
    await rate_cases(world)
    async with world.house.database.transaction() as session:
        maya = (await session.exec(select(Person).where(Person.slack_id == world.maya.id))).one()
        maya.deactivated_at = world.clock.now()
        session.add(maya)
    await rate(world, 3)
    assert await mentor_ratings(world) == {}
    await press_at_home(world, world.ana, look.RATE)
    assert "You mentor nobody" in modal_text(world, world.ana)


async def test_everything_goes_with_who_is_erased(world: World) -> None:
    """Maya has herself erased in the middle of it, then Ana does: nothing is left of either, and nothing falls over."""
    await begun(world)
    await start(world)
    await rate_cases(world)
    await rate(world, 3)
    for someone in (world.maya, world.ana):
        await world.house.rooms.privacy.erase(Actor(world.house.workspace_id, someone.id))
        await world.settle()
    for table in (Checkpoint, Rating, CaseRated, Enrollment, Person):
        assert await world.rows(table) == []
    await world.pass_time(days=30)
