"""Case clinics: a time for the group, whether it met, and what each of them tries."""

import asyncio
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text
from sqlmodel import select

from bot.records.audit import Doer
from bot.records.tables import AgendaItem, PeerGroup, PeerMember, Promise
from bot.records.tables import Message as MessageRow
from bot.records.tables import Person as PersonRow
from bot.sandbox.state import Message, Person
from bot.slack.access import Actor
from bot.slack.directory import write_workspace
from tests.world import CONTENT, World, action_ids, everything_in, open_world, texts

INTRODUCED = datetime(2026, 12, 2, 14, 0, tzinfo=UTC)  # 8:30 in New York, where Tom is, was half an hour ago
NEXT_MONDAY = {"on": {"picked": "2026-12-07"}, "at": {"picked": "15:00"}}


def pressable(message: Message) -> list[str]:
    """What can be pressed, also beside a paragraph."""
    beside = [block["accessory"]["action_id"] for block in message.blocks if "accessory" in block]
    return [*beside, *action_ids(message)]


async def introduced(world: World) -> Message:
    """Maya and Tom are brought together, and see it."""
    await world.enrol()
    await world.until(INTRODUCED)
    (message,) = world.group_messages(world.maya, world.tom)
    return message


async def the_group(world: World) -> PeerGroup:
    """The one group on record."""
    (group,) = await world.rows(PeerGroup)
    assert isinstance(group, PeerGroup)
    return group


def said_to_both(world: World) -> list[Message]:
    """What Maya and Tom see in their group."""
    return [one for one in world.group_messages(world.maya, world.tom) if one.only_for is None and not one.deleted]


def whispers(world: World, person: Person) -> list[str]:
    """What only this person sees in the group."""
    other = world.tom if person is world.maya else world.maya
    return [one.text for one in world.group_messages(person, other) if one.only_for == person.id]


def questions(world: World) -> list[Message]:
    """What was asked in the group about the meeting."""
    return [one for one in said_to_both(world) if "Did you meet" in one.text or "Did it work out" in one.text]


async def open_modal(world: World, person: Person, message: Message, action: str) -> dict[str, Any]:
    """Press a button that opens a modal."""
    await world.press(person, message, action)
    (view,) = world.sandbox.modals(person.id)
    return view


async def send(world: World, person: Person, view: dict[str, Any], filled: dict[str, Any]) -> Any:
    """Send a modal in."""
    delivered = await world.sandbox.submit(person.id, view["id"], filled)
    await world.settle()
    return delivered.body


async def another_time(world: World, person: Person, message: Message, filled: dict[str, Any]) -> Any:
    """Set a time of one's own."""
    return await send(world, person, await open_modal(world, person, message, "peers_another"), filled)


async def test_they_read_how_to_use_half_an_hour(world: World) -> None:
    """Names, reason, agenda, topic, who begins, three times on both clocks, and that nobody reads along."""
    message = await introduced(world)
    said = texts(message)
    assert "Maya and Tom: half an hour together" in said
    assert "30 minutes, 15 for each of you." in said
    assert "from the lesson" in said
    assert f"{(await organiser_of(world)).name.split()[0]} gets it going this time" in said
    assert "Thursday 3 December, 15:00 Maya · 09:00 Tom" in said
    assert [one for one in pressable(message) if one.startswith("peers_pick")] == [f"peers_pick:{n}" for n in range(3)]
    assert "we read and keep none of it" in said
    assert message.text.count("Tom") == said.count("Tom"), "the text says all that the blocks say"


async def test_the_first_pick_counts(world: World) -> None:
    """Tom picks the second time: both see when they meet; Maya, who had pressed another a moment later, reads that."""
    message = await introduced(world)
    await world.press(world.tom, message, "peers_pick:1")
    assert "You meet Friday 4 December, 16:30 Maya · 10:30 Tom" in texts(message)
    assert pressable(message) == ["peers_another"]
    group = await the_group(world)
    await world.press(world.maya, message, "peers_pick:0", force=True, value=f"{group.id}:0")
    assert "Someone was a moment quicker: you meet Friday 4 December, 16:30." in whispers(world, world.maya)[0]
    assert (await the_group(world)).meets_at == group.meets_at == datetime(2026, 12, 4, 15, 30, tzinfo=UTC)
    assert (await the_group(world)).picked_by == (await person_on_record(world, world.tom)).id


async def test_pressed_twice(world: World) -> None:
    """Maya presses a time once more before she sees what became of it: nobody was quicker than she, and nothing is said."""
    message = await introduced(world)
    for _ in range(2):
        await world.press(world.maya, message, "peers_pick:1", force=True, value="1:1")
    assert whispers(world, world.maya) == []
    assert "You meet Friday 4 December" in texts(message)


async def person_on_record(world: World, person: Person) -> PersonRow:
    """Someone of the cast as they are on record."""
    async with world.house.database.transaction() as session:
        return (await session.exec(select(PersonRow).where(PersonRow.slack_id == person.id))).one()


async def test_two_pick_in_the_same_second(world: World) -> None:
    """Maya and Tom press different times at once: one of them wins, both see the same, and there is one calendar file."""
    message = await introduced(world)
    await asyncio.gather(
        *(world.sandbox.click(who.id, message.channel, message.ts, f"peers_pick:{place}")
          for place, who in enumerate((world.maya, world.tom)))
    )  # fmt: skip
    await world.settle()
    meets_at = (await the_group(world)).meets_at
    assert meets_at in (datetime(2026, 12, 3, 14, 0, tzinfo=UTC), datetime(2026, 12, 4, 15, 30, tzinfo=UTC))
    assert len(whispers(world, world.maya)) + len(whispers(world, world.tom)) == 1
    assert texts(message).count("You meet") == 1
    assert len([one for one in said_to_both(world) if one.files]) == 1


@pytest.mark.long
async def test_another_time(world: World) -> None:
    """Maya sets a time on her own clock; a past one is refused kindly; Tom changes it, until the meeting has come."""
    message = await introduced(world)
    view = await open_modal(world, world.maya, message, "peers_another")
    assert "On your own clock (Europe/Ljubljana)" in everything_in(view)
    refused = await send(world, world.maya, view, {"on": {"picked": "2026-12-02"}, "at": {"picked": "15:00"}})
    assert "still to come" in refused["errors"]["on"], "an hour ago for her"
    assert (await the_group(world)).meets_at is None
    await send(world, world.maya, view, NEXT_MONDAY)
    assert "You meet Monday 7 December, 15:00 Maya · 09:00 Tom" in texts(message)
    await another_time(world, world.tom, message, NEXT_MONDAY)
    assert "You meet Monday 7 December, 21:00 Maya · 15:00 Tom" in texts(message)
    await world.until(datetime(2026, 12, 7, 20, 0, tzinfo=UTC))
    assert "can't be changed any more" in everything_in(await open_modal(world, world.maya, message, "peers_another"))


async def test_too_far_away_is_no_time(world: World) -> None:
    """A meeting in five weeks is refused."""
    message = await introduced(world)
    refused = await another_time(
        world, world.maya, message, {"on": {"picked": "2027-01-08"}, "at": {"picked": "15:00"}}
    )
    assert "within the next four weeks" in refused["errors"]["on"]
    assert (await the_group(world)).meets_at is None


async def test_someone_picked_while_the_modal_was_open(world: World) -> None:
    """Maya's modal was open when Tom picked: hers changes nothing, and says when they meet."""
    message = await introduced(world)
    view = await open_modal(world, world.maya, message, "peers_another")
    await world.press(world.tom, message, "peers_pick:0")
    await send(world, world.maya, view, NEXT_MONDAY)
    assert "Someone was a moment quicker" in everything_in(world.sandbox.modals(world.maya.id))
    assert (await the_group(world)).meets_at == datetime(2026, 12, 3, 14, 0, tzinfo=UTC)


async def test_a_time_that_has_gone_by(world: World) -> None:
    """Two days later the first times are over: pressed in a window that was left open, they say so, and are gone."""
    message = await introduced(world)
    await world.until(datetime(2026, 12, 5, 9, 0, tzinfo=UTC))
    await world.press(world.maya, message, "peers_pick:0")
    assert "That time has gone by" in whispers(world, world.maya)[0]
    assert [one for one in pressable(message) if one.startswith("peers_pick")] == ["peers_pick:2"]
    assert (await the_group(world)).meets_at is None


@pytest.mark.long
async def test_nobody_picked_a_time(world: World) -> None:
    """After a working day the organiser, and nobody else, gets a line to send and the times once more, with the next lesson."""
    await introduced(world)
    await world.until(INTRODUCED + timedelta(days=8))
    organiser = await organiser_of(world)
    other = world.maya if organiser is world.tom else world.tom
    opened = [one for one in world.dms(organiser) if "has no time yet" in texts(one)]
    assert len(opened) == 1
    assert f"Hi {other.name.split()[0]}, does Friday 4 December" in texts(opened[0])
    assert not [one for one in world.dms(other) if "has no time yet" in texts(one)]


@pytest.mark.long
async def test_another_bot_asks_whether_they_met(world: World) -> None:
    """Another bot brought them together, in a group that this one is not in: it opens one with them, and asks there."""
    await introduced(world)
    async with world.house.database.transaction() as session:
        await session.execute(text("UPDATE message SET channel = 'G0OTHER' WHERE group_id IS NOT NULL"))
        await session.execute(text("UPDATE workspace SET bot_user_id = 'U0OTHER'"))
        await write_workspace(
            session, world.house.workspace_id, world.clock.now(), name="Acme", bot_user_id=world.sandbox.bot_user_id
        )
    await world.until(INTRODUCED + timedelta(days=14))
    (question,) = questions(world)
    await world.press(world.maya, question, "peers_met:all")
    assert "all" in {one.met for one in await world.rows(PeerGroup)}
    async with world.house.database.transaction() as session:
        waiting = await session.execute(text("SELECT task_name FROM procrastinate_jobs"))
        assert not waiting.all(), "what the other bot said can't be drawn anew, and nobody tries"


async def organiser_of(world: World) -> Person:
    """Who gets the one group going."""
    organiser_id = (await the_group(world)).organiser_id
    return world.tom if organiser_id == (await person_on_record(world, world.tom)).id else world.maya


@pytest.mark.long
async def test_the_opener_knows_when_they_meet(world: World) -> None:
    """A pick in the organiser's own DM is the group's; a pick in the group takes the times out of that DM."""
    message = await introduced(world)
    await world.until(INTRODUCED + timedelta(days=1, hours=1))
    organiser = await organiser_of(world)
    (opener,) = [one for one in world.dms(organiser) if "has no time yet" in texts(one)]
    await world.press(organiser, opener, "peers_pick:2")
    assert "You meet Monday 7 December" in texts(message)
    assert "You meet Monday 7 December" in texts(opener)
    await another_time(world, world.maya, message, {"on": {"picked": "2026-12-08"}, "at": {"picked": "15:00"}})
    assert "You meet Tuesday 8 December" in texts(opener)


@pytest.mark.long
async def test_a_time_is_set_so_no_opener(world: World) -> None:
    """They picked at once: nobody is reminded of anything."""
    message = await introduced(world)
    await world.press(world.maya, message, "peers_pick:2")
    await world.until(INTRODUCED + timedelta(days=8))
    assert not [one for who in (world.maya, world.tom) for one in world.dms(who) if "has no time yet" in texts(one)]
    assert [one.outcome for one in await world.rows(AgendaItem) if one.kind == "opener"] == ["they have a time"]


@pytest.mark.long
async def test_asked_on_the_working_day_after(world: World) -> None:
    """They were to meet on Friday evening: nobody asks on the weekend; the question comes when both are back at work."""
    message = await introduced(world)
    await another_time(world, world.tom, message, {"on": {"picked": "2026-12-04"}, "at": {"picked": "16:00"}})
    await world.until(datetime(2026, 12, 7, 13, 0, tzinfo=UTC))
    assert questions(world) == []
    await world.until(datetime(2026, 12, 9, 20, 0, tzinfo=UTC))
    (question,) = questions(world)
    assert question.at[:10] in ("2026-12-07", "2026-12-08", "2026-12-09")
    assert question.at[11:16] >= "13:30", "8:30 in New York"
    assert action_ids(question) == ["peers_met:all", "peers_met:not_yet", "peers_met:could_not"], "of two, not «some»"


async def asked(world: World) -> Message:
    """Maya and Tom are asked whether they met."""
    await introduced(world)
    await world.until(datetime(2026, 12, 10, 20, 0, tzinfo=UTC))
    (question,) = questions(world)
    return question


@pytest.mark.long
async def test_not_yet_is_asked_once_more_and_let_go(world: World) -> None:
    """«Not yet» comes back after two working days, in one new message; «not yet» again is let go, and never asked again."""
    question = await asked(world)
    assert "sees whether you met, never what was said" in texts(question)
    assert "mentor" not in texts(question), "nothing shows it to them"
    await world.press(world.tom, question, "peers_met:not_yet")
    assert "Still time" in texts(question)
    assert action_ids(question) == ["peers_met:all", "peers_met:could_not", "peers_another"]
    answered = world.clock.now()
    await world.until(answered + timedelta(days=12))
    first, again = questions(world)
    assert datetime.fromisoformat(again.at) - answered >= timedelta(days=3), "a weekend lies between"
    assert action_ids(first) == []
    await world.press(world.maya, again, "peers_met:not_yet")
    assert "let it go, with a good conscience" in texts(again)
    assert "let it go, with a good conscience" in texts(first)
    assert action_ids(again) == []
    await world.pass_time(days=10)
    assert len([one for one in await world.rows(MessageRow) if one.kind == "meeting" and one.group_id == 1]) == 2


@pytest.mark.long
async def test_not_yet_is_corrected(world: World) -> None:
    """They said «not yet», and met that afternoon: the same question takes it, and they are not asked again."""
    question = await asked(world)
    await world.press(world.tom, question, "peers_met:not_yet")
    await world.press(world.maya, question, "peers_met:all")
    assert (await the_group(world)).met == "all"
    await world.pass_time(days=5)
    assert len(questions(world)) == 1


@pytest.mark.long
async def test_a_meeting_that_is_still_to_come(world: World) -> None:
    """They set a time two weeks ahead: Lena, who sees the next round on the day before it, reads nothing of how theirs went. That
    they are together again is said, and no more than that."""
    await world.house.sync_directory()
    await another_time(
        world, world.maya, await introduced(world), {"on": {"picked": "2026-12-16"}, "at": {"picked": "15:00"}}
    )
    await world.until(datetime(2026, 12, 15, 16, 0, tzinfo=UTC))
    shown = [texts(one) for one in world.dms(world.lena) if "Peer groups" in texts(one)]
    assert len(shown) == 2
    assert "Last time" not in shown[1]
    assert "were together before" in shown[1]
    await world.until(datetime(2026, 12, 17, 20, 0, tzinfo=UTC))
    assert "You have been brought together before" in texts(said_to_both(world)[-1])
    assert "longest" not in texts(said_to_both(world)[-1]), "that may not be true of either one's colleagues"


@pytest.mark.long
async def test_a_pause_when_they_were_to_be_asked(world: World) -> None:
    """Maya pauses without an end for some days after they were to meet: they are asked a week later, when she is back."""
    await world.press(world.maya, await introduced(world), "peers_pick:0")
    for moment, paused_at in (("2026-12-03T18:00+00:00", "2026-12-03 18:00+00"), ("2026-12-08T18:00+00:00", None)):
        await world.until(datetime.fromisoformat(moment))
        async with world.house.database.transaction() as session:
            row = await session.get_one(PersonRow, (await person_on_record(world, world.maya)).id)
            row.paused_at = None if paused_at is None else datetime.fromisoformat(paused_at)
            session.add(row)
    await world.until(datetime(2026, 12, 15, 20, 0, tzinfo=UTC))
    assert [one.at >= "2026-12-11" for one in questions(world)] == [True]


@pytest.mark.long
async def test_not_yet_and_a_new_time(world: World) -> None:
    """With «not yet» they set another time: the question comes after it, not before."""
    question = await asked(world)
    await world.press(world.tom, question, "peers_met:not_yet")
    await another_time(world, world.tom, question, {"on": {"picked": "2026-12-14"}, "at": {"picked": "10:00"}})
    assert "You meet Monday 14 December, 16:00 Maya · 10:00 Tom" in texts(said_to_both(world)[0])
    await world.until(datetime(2026, 12, 15, 14, 59, tzinfo=UTC))
    assert len(questions(world)) == 1
    await world.until(datetime(2026, 12, 24, 20, 0, tzinfo=UTC))
    assert [one.at >= "2026-12-15T15:00" for one in questions(world) if "Did it work out" in one.text] == [True]


@pytest.mark.long
async def test_two_answer_at_once(world: World) -> None:
    """«Yes» and «we couldn't» in the same second: one of them counts, and it stays."""
    question = await asked(world)
    await asyncio.gather(
        *(world.sandbox.click(who.id, question.channel, question.ts, f"peers_met:{answer}")
          for who, answer in ((world.maya, "all"), (world.tom, "could_not")))
    )  # fmt: skip
    await world.settle()
    met = (await the_group(world)).met
    assert met in ("all", "could_not")
    await world.press(world.tom, question, "peers_met:not_yet", force=True, value="1:not_yet")
    assert (await the_group(world)).met == met


@pytest.mark.long
async def test_what_maya_tries_becomes_an_action(world: World) -> None:
    """After the meeting Maya plans in her own words: it is on her Home, asked after on its day, and Tom sees nothing of it."""
    question = await asked(world)
    await world.press(world.tom, question, "peers_met:all")
    view = await open_modal(world, world.maya, question, "peers_try")
    assert "Your mentor sees this plan" in everything_in(view)
    assert "Your group does not see it" in everything_in(view)
    body = await send(world, world.maya, view, {})
    assert "Fill in both" in body["errors"]["plan"], "«If …, then I …» is no plan yet"
    await send(world, world.maya, view, {"plan": {"filled": "If a deal slips, then I ask <why>"}})
    await world.sandbox.open_home(world.maya.id)
    await world.settle()
    assert "If a deal slips, then I ask &lt;why&gt;" in everything_in(world.sandbox.home(world.maya.id))
    assert "already" in everything_in(await open_modal(world, world.maya, question, "peers_try"))
    world.sandbox.views.open(world.maya.id, view)  # the first one, open on another device
    body = await send(
        world, world.maya, world.sandbox.modals(world.maya.id)[-1], {"plan": {"filled": "If he asks, then I wait"}}
    )
    assert "You have promised this already" in body["errors"]["plan"]
    await world.pass_time(days=6)
    (followed,) = [one for one in world.dms(world.maya) if "you wanted to try this" in texts(one)]
    await world.press(world.maya, followed, "follow_up_yes")
    assert "What came of it?" in texts(followed)
    (promise,) = await world.rows(Promise)
    assert (promise.lesson_id, promise.status, promise.message_id) == (f"peers:{promise.group_id}", "yes", None)
    assert not [one for one in [*world.dms(world.tom), *said_to_both(world)] if "deal slips" in one.text]


@pytest.mark.long
async def test_a_plan_moves_once(world: World) -> None:
    """«Not yet» on a plan from a meeting gets its new day like any other, and its line is kept where it was written."""
    question = await asked(world)
    await world.press(world.tom, question, "peers_met:all")
    view = await open_modal(world, world.tom, question, "peers_try")
    await send(world, world.tom, view, {"plan": {"filled": "If he calls, then I listen"}})
    await world.pass_time(days=6)
    (followed,) = [one for one in world.dms(world.tom) if "you wanted to try this" in texts(one)]
    await world.press(world.tom, followed, "follow_up_not_yet")
    await world.press(world.tom, followed, "follow_up_next_day")
    await world.pass_time(days=7)
    asked_again = [one for one in world.dms(world.tom) if "you wanted to try this" in texts(one)]
    await world.press(world.tom, asked_again[-1], "follow_up_partly")
    note = await open_modal(world, world.tom, asked_again[-1], "action_note")
    await send(world, world.tom, note, {"note": {"written": "It was quiet"}})
    (promise,) = await world.rows(Promise)
    assert (promise.status, promise.note) == ("partly", "It was quiet")


async def test_an_outsider_changes_nothing(world: World) -> None:
    """Zoe gets hold of every button and modal of the group: she reads a kind sentence, and nothing is written."""
    message = await introduced(world)
    before = (await the_group(world)).model_dump()
    for action, value in (
        ("peers_pick:0", "1:0"), ("peers_another", "1"), ("peers_met:all", "1:all"), ("peers_try", "1"),
    ):  # fmt: skip
        await world.press(world.zoe, message, action, force=True, value=value)
    assert world.sandbox.modals(world.zoe.id) == []
    assert world.sandbox.calls["chat.postEphemeral"] == 4
    assert (await the_group(world)).model_dump() == before
    assert [one.heard_at for one in await world.rows(PeerMember)] == [None, None]


@pytest.mark.long
async def test_ids_of_another_group(world: World) -> None:
    """Maya's modal is sent in by Zoe, and by Maya with the id of a group that is not hers: neither sets a time."""
    message = await introduced(world)
    view = await open_modal(world, world.maya, message, "peers_another")
    world.sandbox.modals(world.maya.id)[0]["private_metadata"] = "7:0"
    await send(world, world.maya, view, NEXT_MONDAY)
    assert (await the_group(world)).meets_at is None
    for value in ("1:9", "1:x", "", "1"):
        await world.press(world.maya, message, "peers_pick:0", force=True, value=value)
    assert (await the_group(world)).meets_at is None


@pytest.mark.long
async def test_whatever_is_pressed_is_heard(world: World) -> None:
    """A pick, a modal that is only looked at: neither of them was silent in this round."""
    message = await introduced(world)
    await world.press(world.tom, message, "peers_pick:0")
    await world.press(world.maya, message, "peers_another")
    assert all(one.heard_at is not None for one in await world.rows(PeerMember))


@pytest.mark.long
async def test_who_presses_something_can_be_reached(world: World) -> None:
    """Slack had said that Maya can't be written to; she picks a time, and plans what she will try: each time she can."""
    message = await introduced(world)
    await world.lose(world.maya)
    await world.press(world.maya, message, "peers_pick:0")
    assert not await world.is_lost(world.maya)
    await world.lose(world.maya)
    await world.press(world.maya, message, "peers_try", force=True, value="1")
    assert not await world.is_lost(world.maya)


@pytest.mark.long
@pytest.mark.parametrize("why", ["guest", "disabled"])
async def test_a_group_that_cant_be_opened(world: World, why: str) -> None:
    """Slack opens no group with a guest of one channel, or with someone who has just left: the other is told, staff see it."""
    await world.enrol()
    await world.until(INTRODUCED - timedelta(hours=1))
    if why == "guest":
        await world.sandbox.change_person(world.tom.id, is_restricted=True, is_ultra_restricted=True)
    else:
        world.sandbox.fail("conversations.open", "error:user_disabled")
    await world.until(INTRODUCED + timedelta(days=12))
    (row,) = [one for one in await world.rows(MessageRow) if one.kind == "introduction" and one.key == "introduction:1"]
    assert (row.state, row.channel) == ("failed", None)
    told = [one for one in world.dms(world.maya) if "No peer group for you this time" in texts(one)]
    assert len(told) == 1
    assert "Wednesday 16 December" in texts(told[0])
    assert said_to_both(world) == []
    assert not [one for one in world.dms(world.maya) if "has no time yet" in texts(one)]
    await world.house.sync_directory()  # Lena is on record
    await world.sandbox.open_home(world.lena.id)
    await world.settle()
    home = world.sandbox.home(world.lena.id)
    assert home is not None
    assert "Not delivered: 1" in everything_in(home)
    await world.sandbox.click_in_view(world.lena.id, home["id"], "staff_failed", value="staff_failed")
    await world.settle()
    (view,) = world.sandbox.modals(world.lena.id)
    assert "Maya Horvat, Tom Baker: the peer group" in everything_in(view).replace("*", "")


@pytest.mark.long
async def test_a_trio_whose_third_leaves(world: World) -> None:
    """Sam is deactivated between the start and the introduction: Maya and Tom are brought together as two."""
    sam = world.sandbox.add_person(id="U0SAM", name="Sam Reed", email="sam@example.com", tz="Europe/London")
    await world.enrol(*(f"{one.email},{world.ana.email},Autumn,2026-11-24" for one in (world.maya, world.tom, sam)))
    await world.until(INTRODUCED - timedelta(hours=1))
    await world.sandbox.become(sam.id, "deactivated")
    await world.settle()
    await world.until(INTRODUCED)
    (message,) = said_to_both(world)
    assert "Maya and Tom: half an hour together" in texts(message)
    assert "15 for each of you" in texts(message)
    assert "the two of you" in texts(message)
    assert "Sam" not in texts(message)


@pytest.mark.long
async def test_the_other_of_a_pair_leaves(world: World) -> None:
    """Tom is deactivated before they are introduced: Maya reads that there is no group this time, and nothing fails."""
    await world.enrol()
    await world.until(INTRODUCED - timedelta(hours=1))
    await world.sandbox.become(world.tom.id, "deactivated")
    await world.settle()
    await world.until(INTRODUCED + timedelta(days=7))
    assert said_to_both(world) == []
    assert len([one for one in world.dms(world.maya) if "No peer group for you this time" in texts(one)]) == 1
    assert [one.failures for one in await world.rows(AgendaItem) if one.kind in ("introduction", "opener")] == [0]


@pytest.mark.long
async def test_a_trio_meets_in_part(world: World) -> None:
    """Three read of ten minutes each; one button more says that some of them met, and each can try something."""
    sam = world.sandbox.add_person(id="U0SAM", name="Sam Reed", email="sam@example.com", tz="Europe/London")
    await world.enrol(*(f"{one.email},{world.ana.email},Autumn,2026-11-24" for one in (world.maya, world.tom, sam)))
    await world.until(datetime(2026, 12, 10, 20, 0, tzinfo=UTC))
    first, question = world.group_messages(world.maya, world.tom, sam)
    assert "10 for each of you" in texts(first)
    assert action_ids(question) == [f"peers_met:{one}" for one in ("all", "some", "not_yet", "could_not")]
    await world.press(sam, question, "peers_met:some")
    assert "another chance" in texts(question)
    assert action_ids(question) == ["peers_try"]


async def away(world: World, person: Person, until: str) -> None:
    """Someone is away until then (UTC), as their status says."""
    async with world.house.database.transaction() as session:
        await session.execute(
            text("UPDATE person SET away_until = :until WHERE slack_id = :who"),
            {"until": datetime.fromisoformat(until), "who": person.id},
        )


@pytest.mark.long
async def test_nobody_is_spoken_to_on_their_holiday(world: World) -> None:
    """Tom is away until Monday when the round starts, and again when they were to be asked: the group waits for him twice."""
    await world.enrol()
    await world.until(INTRODUCED - timedelta(hours=1))
    await away(world, world.tom, "2026-12-07T05:00+00:00")
    await world.until(datetime(2026, 12, 7, 20, 0, tzinfo=UTC))
    (message,) = said_to_both(world)
    assert message.at[:16] == "2026-12-07T13:30", "8:30 in New York, on the day on which he is back"
    assert "Tuesday 8 December" in texts(message), "the first of the times"
    await away(world, world.tom, "2026-12-16T05:00+00:00")
    await world.until(datetime(2026, 12, 23, 20, 0, tzinfo=UTC))
    assert [one.at >= "2026-12-16T13:30" for one in questions(world)] == [True], "due on Monday the 14th"


@pytest.mark.parametrize(
    ("pauses", "said_from", "said_until"),
    [(False, "2026-12-03T13:30", "2026-12-03T13:50"), (True, "2026-12-09T14:00", "2026-12-10T15:00")],
)
async def test_a_group_is_not_woken_by_what_comes_late(
    world: World, pauses: bool, said_from: str, said_until: str
) -> None:
    """They are to be introduced, and no worker is there until three at night: it comes once both work, at half past eight in New
    York. For Tom, who has paused without an end meanwhile, Maya waits a week and no longer."""
    await world.enrol()
    await world.until(INTRODUCED - timedelta(hours=1))
    world.clock.move_to(INTRODUCED)
    await world.house.tick()
    if pauses:
        await world.house.rooms.preferences.pause(
            Actor(world.house.workspace_id, world.tom.id), None, world.clock.now()
        )
    world.clock.move_to(datetime(2026, 12, 3, 2, 0, tzinfo=UTC))
    await world.settle()
    assert said_to_both(world) == []
    await world.until(datetime(2026, 12, 11, 20, 0, tzinfo=UTC))
    (message,) = [one for one in said_to_both(world) if "half an hour together" in texts(one)]
    assert said_from <= message.at[:16] <= said_until


@pytest.mark.parametrize("how", ["a holiday", "a pause", "a pause without an end"])
async def test_who_is_away_for_too_long_for_the_round(world: World, how: str) -> None:
    """Between the start and the introduction Tom is gone for longer than half a round: Maya reads that she has no group."""
    await world.enrol()
    await world.until(INTRODUCED - timedelta(hours=1))
    if how == "a holiday":
        await away(world, world.tom, "2026-12-14T05:00+00:00")
    else:
        tom, until = Actor(world.house.workspace_id, world.tom.id), date(2026, 12, 14) if how == "a pause" else None
        await world.house.rooms.preferences.pause(tom, until, world.clock.now())
    await world.until(INTRODUCED + timedelta(days=3))
    assert said_to_both(world) == []
    assert len([one for one in world.dms(world.maya) if "No peer group for you this time" in texts(one)]) == 1


@pytest.mark.long
async def test_a_trio_of_whom_one_pauses(world: World) -> None:
    """Sam pauses between the start and the introduction, without an end: Maya and Tom are brought together as two."""
    sam = world.sandbox.add_person(id="U0SAM", name="Sam Reed", email="sam@example.com", tz="Europe/London")
    await world.enrol(*(f"{one.email},{world.ana.email},Autumn,2026-11-24" for one in (world.maya, world.tom, sam)))
    await world.until(INTRODUCED - timedelta(hours=1))
    await world.house.rooms.preferences.pause(Actor(world.house.workspace_id, sam.id), None, world.clock.now())
    await world.until(INTRODUCED)
    assert ["Maya and Tom: half an hour together" in texts(one) for one in said_to_both(world)] == [True]


@pytest.mark.long
@pytest.mark.parametrize("how", ["Tom leaves", "their cohort is closed"])
async def test_who_has_left_hears_nothing_more(world: World, how: str) -> None:
    """Introduced, with no time yet: once one of them has left, or all have, nobody is asked about it, or told to get it going."""
    await introduced(world)
    lena, now = Doer(world.house.workspace_id), world.clock.now()
    if how == "Tom leaves":
        left = f"manager,mentor,cohort,starts_on,status\n{world.tom.email},,Autumn,2026-11-24,left"
        await world.house.rooms.cohorts.rosters.import_roster(left, by=lena, now=now, dry_run=False)
    else:
        await world.house.rooms.cohorts.leading.close(lena, "Autumn", now)
    await world.pass_time(days=14)
    assert questions(world) == []
    assert not [one for who in (world.maya, world.tom) for one in world.dms(who) if "has no time yet" in texts(one)]


@pytest.mark.long
async def test_a_button_of_last_round(world: World) -> None:
    """Weeks later Maya presses in the old message: its times are over, and so is that group."""
    message = await introduced(world)
    await world.until(datetime(2026, 12, 28, 9, 0, tzinfo=UTC))
    assert "can't be changed any more" in everything_in(await open_modal(world, world.maya, message, "peers_another"))
    await world.press(world.maya, message, "peers_pick:1")
    assert "can't be changed any more" in whispers(world, world.maya)[0]
    assert all(one.meets_at is None for one in await world.rows(PeerGroup))


@pytest.mark.long
async def test_someone_is_erased(world: World) -> None:
    """Tom has himself erased after they had a time: what was said to the group still draws, without him."""
    message = await introduced(world)
    await world.press(world.tom, message, "peers_pick:2")
    await world.until(datetime(2026, 12, 10, 20, 0, tzinfo=UTC))
    await erase(world, world.tom)
    for key in ("introduction:1", "meeting:1"):
        (row,) = [one for one in await world.rows(MessageRow) if one.key == key]
        async with world.house.database.transaction() as session:
            await world.house.outbox.refresh(session, row.id)
        await world.settle()
    assert "Tom" not in texts(message)
    assert (await the_group(world)).picked_by is None


@pytest.mark.long
async def test_what_a_group_reads_of_itself_stays_true(world: World) -> None:
    """Of three who were brought together the one who was to get it going is erased, then another: they are two, any of whom may
    pick a time, and then nobody else is left, and nothing to pick. Nor are there lines to send to nobody."""
    sam = world.sandbox.add_person(id="U0SAM", name="Sam Reed", email="sam@example.com", tz="Europe/London")
    await world.enrol(*(f"{one.email},{world.ana.email},Autumn,2026-11-24" for one in (world.maya, world.tom, sam)))
    await world.until(INTRODUCED)
    three = {one.id: one for one in (world.maya, world.tom, sam)}
    (message,) = [one for one in world.group_messages(*three.values()) if one.only_for is None]
    assert "This time you are three" in texts(message)
    assert "30 minutes, 10 for each of you" in texts(message)
    begins = next(one for one in three.values() if f"{one.name.split()[0]} gets it going" in texts(message))
    await erase(world, three.pop(begins.id))
    for true in ("it is the two of you", "30 minutes, 15 for each of you", "Each of you may pick a time"):
        assert true in texts(message)
    assert "gets it going" not in texts(message)
    await erase(world, three.popitem()[1])
    assert "Nobody else is left in this group" in texts(message)
    assert (pressable(message), "for each of you" in texts(message)) == ([], False)


@pytest.mark.long
async def test_an_opener_to_nobody(world: World) -> None:
    """Whoever organises was reminded to send a line, and the other is erased: it says that nobody is left, and has no line."""
    await introduced(world)
    organiser = await organiser_of(world)
    other = world.tom if organiser.id == world.maya.id else world.maya
    await world.until(datetime(2026, 12, 4, 20, 0, tzinfo=UTC))
    (opener,) = [one for one in world.dms(organiser) if "has no time yet" in texts(one)]
    await erase(world, other)
    assert "Nobody else is left in this group" in texts(opener)
    assert "has no time yet" not in texts(opener)
    assert not [one for one in pressable(opener) if one.startswith("peers")]


async def erase(world: World, person: Person) -> None:
    """Someone has themselves erased."""
    await world.house.rooms.privacy.erase(Actor(world.house.workspace_id, person.id))
    await world.settle()


async def test_both_read_slovene(database_url: str, tmp_path: Path) -> None:
    """Where all of a group read one language, it is theirs, with its days and times."""
    async with open_world(database_url, content=CONTENT, store=tmp_path / "workspace.sqlite") as world:
        await world.enrol()
        for person in (world.maya, world.tom):
            await world.sandbox.change_person(person.id, locale="sl-SI", tz="Europe/Ljubljana")
        await world.until(INTRODUCED)
        (message,) = said_to_both(world)
        assert "Maya in Tom: pol ure skupaj" in texts(message)
        assert "četrtek, 3. december ob" in texts(message)
        assert "Maya ·" not in texts(message), "one clock needs no names"
