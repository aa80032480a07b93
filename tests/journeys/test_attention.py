"""One attention budget through real parts: what goes together, what waits, what is asked for again, and why."""

from collections import Counter
from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import update
from sqlmodel import select

from bot.agenda import book
from bot.attention.agendas import agendas_of
from bot.attention.days import budgets
from bot.records.tables import AgendaItem, Enrollment, Interruption, Person
from bot.records.tables import Message as MessageRow
from bot.sandbox.state import Message
from tests.journeys.test_answers import answer_all, lesson_for_maya, promise_action
from tests.journeys.test_home import home
from tests.journeys.test_preferences import press_at_home, submit
from tests.journeys.test_reviews import choose, lessons_of, questions, reviews_of
from tests.journeys.test_welcome import modal, modal_text
from tests.world import CONTENT, World, action_ids, open_world, texts

THURSDAY = datetime(2026, 11, 26, 9, 0, tzinfo=UTC)


async def menu(world: World, message: Message, choice: str) -> None:
    """Maya picks something from the menu of a message."""
    options = next(e["options"] for b in message.blocks for e in b.get("elements", ()) if e["type"] == "overflow")
    value = next(one["value"] for one in options if one["value"].startswith(f"{choice}:"))
    await world.press(world.maya, message, "attention_menu", selected=value)


def heard(world: World) -> list[str]:
    """When (UTC) something came to Maya unasked or again; whispers apart."""
    return [message.at[:16] for message in world.dms(world.maya) if message.only_for is None]


async def lesson_days(world: World, *days: str) -> None:
    """Everyone's own lesson days, as if they had been chosen when the program had as many."""
    async with world.house.database.transaction() as session:
        for enrollment in await session.exec(select(Enrollment)):
            enrollment.lesson_days = list(days)
            session.add(enrollment)


async def test_a_lesson_and_what_is_due_are_one_message(world: World) -> None:
    """Tuesday's lesson was left alone; its reminder, due on Thursday, rides along with that day's lesson, which says why."""
    left = await lesson_for_maya(world)
    await world.until(THURSDAY)
    assert heard(world) == ["2026-11-24T08:00", "2026-11-26T08:00"]
    lesson = world.dms(world.maya)[-1]
    title = left.text.split("\n")[0]
    assert f"«{title}»" in texts(lesson)
    assert f"«{title}»" in lesson.text
    await menu(world, lesson, "why")
    said = modal_text(world, world.maya)
    assert "comes on your lesson days" in said
    assert "In the same message, so that you get one and not several: a reminder." in said
    assert "at most 4 a week" in said
    await world.press(world.maya, lesson, "attention_show")
    again = world.dms(world.maya)[-1]
    assert title in again.text
    await choose(world, world.maya, again, right=True)
    assert "Right." in texts(left)


async def test_who_is_back_in_reach_waits_a_day_at_most(world: World) -> None:
    """Slack said that Maya can't be written to when Thursday's lesson fell due; she opens Home at noon, and gets it on Friday."""
    await lesson_for_maya(world)
    await world.until(THURSDAY - timedelta(hours=4))
    await world.lose(world.maya)
    await world.until(THURSDAY + timedelta(hours=2))
    assert heard(world) == ["2026-11-24T08:00"]
    await home(world, world.maya.id)
    await world.until(datetime(2026, 11, 27, 20, 0, tzinfo=UTC))
    assert heard(world) == ["2026-11-24T08:00", "2026-11-27T08:00"]
    assert "minutes · lesson" in texts(world.dms(world.maya)[-1])


@pytest.mark.parametrize("how", ["stopped", "paused"])
async def test_who_wants_to_hear_nothing_is_looked_at_once_a_week(world: World, how: str) -> None:
    """Maya can't be reached, and has left off besides: what is due for her is not taken up each day in vain."""
    await lesson_for_maya(world)
    await world.until(THURSDAY - timedelta(hours=4))
    await world.lose(world.maya)
    async with world.house.database.transaction() as session:
        for way in await session.exec(select(Enrollment)):
            way.stopped_at = world.clock.now() if how == "stopped" else None
        for person in await session.exec(select(Person)):
            person.paused_at = world.clock.now() if how == "paused" else None
    await world.until(THURSDAY + timedelta(hours=2))
    (due,) = {one.due_at for one in await world.rows(AgendaItem) if one.key == "lesson:1"}
    assert due > THURSDAY + timedelta(days=6)


async def test_a_promise_is_asked_after_with_the_next_lesson(world: World) -> None:
    """What Maya promised on Tuesday is asked after in a lesson's message: one message, and it takes the answer."""
    lesson = await lesson_for_maya(world)
    await answer_all(world, lesson)
    await promise_action(world, world.maya, lesson)
    await world.pass_time(days=9)
    (asking,) = [one for one in world.dms(world.maya) if "follow_up_yes" in action_ids(one)]
    assert "minutes · lesson" in texts(asking)
    assert max(Counter(one[:10] for one in heard(world)).values()) == 1
    await world.press(world.maya, asking, "follow_up_yes")
    assert "follow_up_yes" not in action_ids(asking)


async def test_why_names_what_was_held_back(world: World) -> None:
    """A lesson and a review fall on one Friday: the lesson speaks, and says that the review was held back; it comes on Monday."""
    await world.enrol(f"{world.maya.email},{world.ana.email},Autumn,2026-11-24")
    await world.pass_time(days=1)
    await choose(world, world.maya, lessons_of(world, world.maya)[0], right=False)
    async with world.house.database.transaction() as session:
        rows = await session.exec(select(AgendaItem).where(AgendaItem.key == "lesson:1"))
        item = rows.one()
        item.due_at = datetime(2026, 11, 27, 8, 0, tzinfo=UTC)
        session.add(item)
    await world.until(datetime(2026, 11, 27, 20, 0, tzinfo=UTC))
    lesson = world.dms(world.maya)[-1]
    await menu(world, lesson, "why")
    assert "Held back for another day: the weekly review." in modal_text(world, world.maya)
    assert reviews_of(world, world.maya) == []
    await world.pass_time(days=4)
    assert [one.at[:10] for one in reviews_of(world, world.maya)] == ["2026-11-30"]


@pytest.mark.long
async def test_a_pair_takes_the_day_of_both(world: World) -> None:
    """Maya has her lessons on Wednesdays: in the week of the round she is not brought together with Tom on the same day."""
    await world.enrol()
    await lesson_days(world, "wed")
    await world.until(datetime(2026, 12, 11, 20, 0, tzinfo=UTC))
    rows = [one for one in await world.rows(Interruption) if one.kind == "introduction"]
    assert len(rows) == 2
    (day,) = {one.on_day for one in rows}
    assert day > date(2026, 12, 2)
    (introduction,) = [one for one in world.group_messages(world.maya, world.tom) if "Maya and Tom" in one.text]
    assert introduction.at[:10] == day.isoformat()
    for person in (world.maya, world.tom):
        assert not [one for one in world.dms(person) if one.at[:10] == day.isoformat()]


@pytest.mark.long
async def test_a_pair_that_is_brought_together_late_takes_that_day(world: World) -> None:
    """Nobody could speak when Maya and Tom were to be brought together: that comes on Thursday, and their lessons do not."""
    await world.enrol()
    await world.until(datetime(2026, 12, 2, 5, 0, tzinfo=UTC))
    world.clock.move_to(datetime(2026, 12, 2, 14, 30, tzinfo=UTC))  # working time for both
    for _ in range(2):  # the round starts, and its groups are brought together
        await world.house.tick()
        world.clock.move_to(world.clock.now() + timedelta(minutes=1))
    assert [one.state for one in await world.rows(MessageRow) if one.kind == "introduction"] == ["waiting"]
    world.clock.move_to(datetime(2026, 12, 3, 2, 0, tzinfo=UTC))
    await world.until(datetime(2026, 12, 3, 22, 0, tzinfo=UTC))
    (introduction,) = [one for one in world.group_messages(world.maya, world.tom) if "Maya and Tom" in one.text]
    assert introduction.at[:10] == "2026-12-03"
    for person in (world.maya, world.tom):
        assert [one.text for one in world.dms(person) if one.at[:10] == "2026-12-03"] == []


async def test_again_tomorrow(world: World) -> None:
    """«Again tomorrow» names the time and keeps to it; both copies take the answer and show it; it comes once."""
    await world.enrol()
    await world.until(datetime(2026, 11, 24, 13, 20, tzinfo=UTC))
    (lesson,) = lessons_of(world, world.maya)
    await menu(world, lesson, "tomorrow")
    assert "comes back Wednesday 25 November, 14:20" in world.dms(world.maya)[-1].text
    await world.until(datetime(2026, 11, 25, 20, 0, tzinfo=UTC))
    first, again = lessons_of(world, world.maya)
    assert again.at.startswith("2026-11-25T13:20")
    assert texts(again) == texts(first)
    await choose(world, world.maya, again, right=True)
    assert "Right." in texts(first)
    assert "Right." in texts(again)
    await answer_all(world, first)
    assert texts(again) == texts(first)
    await world.until(THURSDAY)
    assert heard(world)[-1] == "2026-11-26T08:00", "asked for, it took nothing from the next lesson"


@pytest.mark.parametrize(
    ("pressed", "comes"),
    [("2026-11-24T08:30", "2026-11-24T11:30"), ("2026-11-24T14:45", "2026-11-25T14:45")],
    ids=["in the morning", "near the evening"],
)
async def test_later_today(world: World, pressed: str, comes: str) -> None:
    """«Later today» is three hours later; where that would be the evening, it is tomorrow, and says so."""
    await world.enrol()
    await world.until(datetime.fromisoformat(f"{pressed}:00+00:00"))
    (lesson,) = lessons_of(world, world.maya)
    await world.press(world.maya, lesson, "attention_later")
    named = datetime.fromisoformat(comes) + timedelta(hours=1)
    assert f"{named:%A %-d %B, %H:%M}" in world.dms(world.maya)[-1].text
    await world.pass_time(days=1, hours=2)
    assert [one.at[:16] for one in lessons_of(world, world.maya)][1:2] == [comes]


async def test_again_keeps_to_what_was_named_or_waits(database_url: str) -> None:
    """Before a holiday «tomorrow» is the day after it; do-not-disturb that comes later holds it; a pause from before doesn't."""
    start = datetime(2027, 4, 26, 5, 0, tzinfo=UTC)  # a Monday; Tuesday is a holiday in Slovenia
    async with open_world(database_url, content=CONTENT, start=start) as world:
        await world.enrol(f"{world.maya.email},{world.ana.email},Spring,2027-04-26")
        await lesson_days(world, "mon")
        await press_at_home(world, world.maya, "home_settings")
        await submit(world, world.maya, at="10:00")
        await world.pass_time(hours=5)
        (lesson,) = lessons_of(world, world.maya)
        await menu(world, lesson, "tomorrow")
        assert "Wednesday 28 April, 12:00" in world.dms(world.maya)[-1].text
        since = datetime(2027, 4, 28, 6, 0, tzinfo=UTC)
        await world.until(since)
        await world.sandbox.change_dnd(world.maya.id, since, since + timedelta(hours=7))
        await world.pass_time(hours=12)
        assert [one.at[:16] for one in lessons_of(world, world.maya)][1:] == ["2027-04-28T13:00"]
        await press_at_home(world, world.maya, "home_pause")
        await submit(world, world.maya, open_end=["open_end"])
        await menu(world, lesson, "tomorrow")
        await world.pass_time(days=2)
        assert len(lessons_of(world, world.maya)) == 3, "who asks for it in a pause means it"


async def test_pause_and_settings_open_from_the_menu(world: World) -> None:
    """Both modals open from any message, and what is set there counts."""
    lesson = await lesson_for_maya(world)
    await menu(world, lesson, "settings")
    assert "days" in [block["block_id"] for block in modal(world, world.maya)["blocks"]]
    await menu(world, lesson, "pause")
    await submit(world, world.maya, until="2026-12-03")
    assert "Thursday 3 December" in modal_text(world, world.maya)
    await world.pass_time(days=8)
    assert heard(world) == ["2026-11-24T08:00"]


@pytest.mark.long
async def test_not_for_me(world: World) -> None:
    """A lesson that is put away says so; it is neither nudged, nor waiting on Home, nor asked about; one press takes it back."""
    lesson = await lesson_for_maya(world)
    title = lesson.text.split("\n")[0]
    asked = questions(lesson)
    await world.press(world.maya, lesson, "lesson_set_aside")
    assert texts(lesson).startswith(f"Put away: «{title}»")
    await world.press(world.maya, lesson, "lesson_take_back")
    assert questions(lesson) == asked
    assert f"Lesson: {title}" in await home(world, world.maya.id)
    (nudge,) = [one for one in await world.rows(AgendaItem) if one.kind == "nudge" and one.person_id == 1]
    assert (nudge.done_at, nudge.outcome) == (None, None), "it is reminded of as if nothing had been pressed"
    await world.press(world.maya, lesson, "lesson_set_aside")
    assert questions(lesson) == []
    assert f"Lesson: {title}" not in await home(world, world.maya.id)
    await world.pass_time(days=18)
    assert [one for one in world.dms(world.maya)[1:] if title in texts(one)] == []


@pytest.mark.long
async def test_four_a_week_hold(world: World) -> None:
    """With lessons on all five days and reviews due, nobody gets more than four messages a week or one a day."""
    await world.enrol()
    await lesson_days(world, "mon", "tue", "wed", "thu", "fri")
    for _ in range(18):
        await world.pass_time(days=1)
        for message in lessons_of(world, world.maya):
            while questions(message):
                await choose(world, world.maya, message, right=False)
    rows = await world.rows(Interruption)
    said = {one.id for one in await world.rows(MessageRow) if one.state == "sent"}
    assert all(one.message_id in said for one in rows if one.message_id is not None)
    weeks = Counter((one.person_id, one.on_day.isocalendar().week) for one in rows)
    assert max(weeks.values()) == 4
    days = Counter(one[:10] for one in heard(world))
    assert max(days.values()) == 1


async def test_what_comes_next_is_the_first_of_its_kind(world: World) -> None:
    """Two of Maya's promises are to be asked after: this week's has its place in this week, whatever comes weeks later."""
    await world.enrol()
    maya, now = next(one for one in await world.rows(Person) if one.slack_id == world.maya.id), world.clock.now()
    soon, late = now + timedelta(days=2), now + timedelta(days=30)
    async with world.house.database.transaction() as session:
        for moment in (late, soon):
            await book.put(
                session, key=f"follow_up:{moment}", kind="follow_up", workspace_id=maya.workspace_id, person_id=maya.id,
                due_at=moment,
            )  # fmt: skip
    async with world.house.database.transaction() as session:
        (agenda,) = await agendas_of(session, world.house.library.current.curriculum.program, [maya.id], now)
        assert agenda.coming()["follow_up"] == soon


async def test_do_not_disturb_and_holidays_keep(world: World) -> None:
    """Away until the afternoon, Maya gets her lesson then; on a holiday none comes, and it is not made up for twice."""
    await world.enrol(f"{world.maya.email},{world.ana.email},Autumn,2026-11-24")
    now = world.clock.now()
    await world.sandbox.change_dnd(world.maya.id, now, now + timedelta(hours=6))
    await world.pass_time(hours=12)
    assert heard(world) == ["2026-11-24T12:00"]
    await press_at_home(world, world.maya, "home_settings")
    await submit(world, world.maya, country="AT")
    await world.until(datetime(2026, 12, 11, 20, 0, tzinfo=UTC))
    assert "2026-12-08" not in {one[:10] for one in heard(world)}
    assert heard(world)[-1][:10] in ("2026-12-10", "2026-12-11")
    assert max(Counter(one[:10] for one in heard(world)).values()) == 1


@pytest.mark.long
async def test_what_waited_during_a_pause_comes_in_one_message(world: World) -> None:
    """A reminder, a promise and a lesson waited for two weeks: on her first day back Maya gets one message with all three."""
    lesson = await lesson_for_maya(world)
    await answer_all(world, lesson)
    await promise_action(world, world.maya, lesson)
    await world.until(datetime(2026, 11, 30, 11, 0, tzinfo=UTC))
    await press_at_home(world, world.maya, "home_pause")
    await submit(world, world.maya, until="2026-12-15")
    before = len(heard(world))
    await world.until(datetime(2026, 12, 16, 7, 0, tzinfo=UTC))
    assert heard(world)[before:] == ["2026-12-15T08:00"]
    message = [one for one in world.dms(world.maya) if one.only_for is None][-1]
    assert {"check_pick", "follow_up_yes", "attention_show"} <= set(action_ids(message))


async def test_who_could_not_speak_for_days_wakes_nobody(world: World) -> None:
    """No worker from Thursday before nine until Saturday of the week after: then one lesson on Monday morning, no more."""
    wednesday, monday = datetime(2026, 11, 25, 22, 0, tzinfo=UTC), datetime(2026, 12, 7, 22, 0, tzinfo=UTC)
    await world.enrol()
    await world.until(wednesday)
    before = len(heard(world))
    for hours in range(10, 220, 6):  # the clock goes on deciding
        world.clock.move_to(wednesday + timedelta(hours=hours))
        await world.house.tick()
    await world.settle()
    assert len(heard(world)) == before, "on a Saturday at half past three in the morning"
    await world.until(monday)
    (late,) = heard(world)[before:]
    assert "2026-12-07T07:30" <= late < "2026-12-07T07:50", "work begins at half past eight"


async def late_lesson(world: World) -> int:
    """Thursday's lesson is decided, and no worker is there to say it; how many messages Maya has heard until then."""
    thursday = datetime(2026, 11, 26, 8, 5, tzinfo=UTC)
    await world.enrol()
    await world.until(thursday - timedelta(hours=10))
    before = len(heard(world))
    world.clock.move_to(thursday)
    await world.house.tick()
    return before


async def test_what_comes_late_takes_one_day(world: World) -> None:
    """It was decided on Thursday and said on Friday: of her week that is one message, as she heard it."""
    before = await late_lesson(world)
    world.clock.move_to(datetime(2026, 11, 27, 2, 0, tzinfo=UTC))
    await world.until(datetime(2026, 11, 27, 12, 0, tzinfo=UTC))
    (late,) = heard(world)[before:]
    assert late.startswith("2026-11-27T07:")
    (maya,) = [one for one in await world.rows(Person) if one.slack_id == world.maya.id]
    program = world.house.library.current.curriculum.program
    async with world.house.database.transaction() as session:
        budget = (await budgets(session, program, [maya], world.clock.now()))[maya.id]
    assert {day.isoformat() for day in budget.spoken} == {one[:10] for one in heard(world)}


@pytest.mark.long
async def test_what_waits_for_weeks_has_nothing_beside_it(world: World) -> None:
    """Slack is away for three weeks while the clock goes on deciding: once it is back, Maya has one lesson that day, not two."""
    before = await late_lesson(world)
    wednesday = datetime(2026, 12, 16, 12, 0, tzinfo=UTC)
    while world.clock.now() < wednesday:
        world.clock.move_to(world.clock.now() + timedelta(hours=6))
        await world.house.housekeep()
        await world.house.tick()
    await world.settle()
    await world.until(wednesday + timedelta(days=5))
    assert max(Counter(one[:10] for one in heard(world)[before:]).values()) == 1


@pytest.mark.long
@pytest.mark.parametrize("until", [date(2026, 12, 10), None])
async def test_what_is_late_waits_for_the_end_of_a_pause(world: World, until: date | None) -> None:
    """Before it could be said she paused, that same day: it does not come in the night, but once she is back."""
    before = await late_lesson(world)
    async with world.house.database.transaction() as session:
        (maya,) = (await session.exec(select(Person).where(Person.slack_id == world.maya.id))).all()
        maya.paused_at, maya.paused_until = world.clock.now(), until
        session.add(maya)
    world.clock.move_to(datetime(2026, 11, 27, 2, 0, tzinfo=UTC))
    await world.until(datetime(2026, 12, 9, 20, 0, tzinfo=UTC))
    assert len(heard(world)) == before
    async with world.house.database.transaction() as session:
        await session.execute(update(Person).values(paused_at=None, paused_until=None))
    await world.until(datetime(2026, 12, 11, 12, 0, tzinfo=UTC))
    assert heard(world)[before].startswith("2026-12-10T0")
