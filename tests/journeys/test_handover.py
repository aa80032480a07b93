"""Mentors come and go: staff mend it in one step, managers and mentors are told, and an ex-mentor sees nothing new."""

import asyncio
from collections.abc import Callable, Coroutine
from datetime import UTC, datetime
from functools import partial
from typing import Any

import pytest
from sqlmodel import select

from bot.handover import message as look
from bot.handover.changing import change
from bot.handover.giving import Refused, Wanted
from bot.mentors.asks import AnotherMentor
from bot.mentors.asks_message import ASK
from bot.mentors.words_message import PICK, TEXT
from bot.records import reading
from bot.records.tables import AgendaItem, Ask, Enrollment, Person, Promise, Response, StaffAct
from bot.records.tables import Message as Row
from bot.sandbox.state import Message
from bot.sandbox.state import Person as Someone
from bot.slack.access import Actor
from bot.slack.directory import SlackUser
from tests.journeys.test_actions import asked_after, write
from tests.journeys.test_answers import answer_all
from tests.journeys.test_home import home
from tests.journeys.test_mentor_words import coach, send
from tests.journeys.test_pulses import LETTING_GO, count, until_asked
from tests.journeys.test_rounds import someone_waits
from tests.journeys.test_standing import switch
from tests.journeys.test_welcome import modal, modal_text
from tests.world import World, everything_in, texts

FAREWELL = "Maya Horvat* has another mentor from now on"
WEDNESDAY = datetime(2026, 12, 2, 12, 0, tzinfo=UTC)


def kim_of(world: World) -> Someone:
    """Kim, who will be a mentor."""
    return world.sandbox.add_person(id="U0KIM", name="Kim Lee", email="kim@example.com", tz="Europe/Ljubljana")


def said_to(world: World, who: Someone, words: str) -> list[Message]:
    """The messages to someone with these words."""
    return [one for one in world.dms(who) if words in texts(one)]


async def ana_goes(world: World, asked: str = "") -> Message:
    """Ana's account is closed in the second week; what Lena is told of it."""
    await world.house.sync_directory()  # which is also how L&D become people who can be written to
    await world.enrol()
    await world.until(datetime(2026, 11, 24, 18, 0, tzinfo=UTC))
    await answer_all(world, world.dms(world.maya)[0])
    await world.until(WEDNESDAY)
    if asked:
        await coach(world, world.maya, f"ask {asked}")
    await world.sandbox.become(world.ana.id, "deactivated")
    await world.settle()
    await world.until(WEDNESDAY.replace(hour=14))
    await world.house.sync_directory()
    await world.until(WEDNESDAY.replace(hour=15))
    (told,) = said_to(world, world.lena, "account in Slack was closed")
    return told


async def give(world: World, who: Someone, message: Message, to: str, **more: Any) -> None:
    """Press the button, pick a mentor, and send."""
    await world.press(who, message, look.GIVE)
    state = {look.WHO: {look.PICK: to}} | more
    await world.sandbox.submit(who.id, modal(world, who)["id"], state)
    await world.settle()


async def given(world: World, mentor: Someone) -> None:
    """Lena gives all managers another mentor, as with the modal."""
    ways = await world.rows(Enrollment)
    wanted = Wanted(mentor.id, "", [one.id for one in ways], ways[0].mentor_id or 0)
    actor = Actor(world.house.workspace_id, world.lena.id)
    await world.house.rooms.handover.giving.give(actor, wanted, world.clock.now())
    await world.settle()


async def areas_shown(world: World) -> int:
    """How many show their mentor where they stand."""
    return sum(one.areas_shared_at is not None for one in await world.rows(Enrollment))


async def mentors(world: World) -> dict[str, int | None]:
    """Who mentors whom, by the manager's name."""
    people = {one.id: one for one in await world.rows(Person)}
    return {people[one.person_id].first_name: one.mentor_id for one in await world.rows(Enrollment)}


@pytest.mark.long
async def test_a_mentor_is_replaced_in_one_step(world: World) -> None:
    """Ana's account is closed: Lena reads whose mentor she was, gives Kim; both managers and Kim are told, Ana nothing more."""
    kim, told = kim_of(world), await ana_goes(world)
    assert "Maya Horvat, Tom Baker" in texts(told)
    before = await mentors(world)
    await give(world, world.lena, told, kim.id)
    assert "Done." in modal_text(world, world.lena)
    after = await mentors(world)
    assert set(after) == {"Maya", "Tom"}
    assert all(after[name] != before[name] for name in after)
    assert "nobody waits for a mentor" in texts(told)
    heard = len(world.dms(world.ana))
    await world.until(datetime(2026, 12, 8, 20, 0, tzinfo=UTC))
    assert len(said_to(world, kim, "You are Maya Horvat's mentor now")) == 1
    assert len(said_to(world, kim, "You are Tom Baker's mentor now")) == 1
    for manager in (world.maya, world.tom):
        assert len(said_to(world, manager, "Kim Lee is your mentor now")) == 1
    assert said_to(world, kim, "Your new managers, this week")
    assert len(world.dms(world.ana)) == heard


async def test_who_lost_a_mentor_stands_on_home_until_there_is_another(world: World) -> None:
    """The message to Lena comes once, and may be long gone by: her Home names Maya and Tom, too, until they have Kim."""
    kim = kim_of(world)
    await ana_goes(world)
    said = await home(world, world.lena.id)
    assert "*Ana Kovač*'s account in Slack is closed. Without a mentor until you give them one: Maya Horvat" in said
    view = world.sandbox.home(world.lena.id)
    assert view is not None
    await world.sandbox.click_in_view(world.lena.id, view["id"], look.GIVE)
    await world.settle()
    await world.sandbox.submit(world.lena.id, modal(world, world.lena)["id"], {look.WHO: {look.PICK: kim.id}})
    await world.settle()
    assert set((await mentors(world)).values()) == {
        one.id for one in await world.rows(Person) if one.slack_id == kim.id
    }
    assert "is closed" not in await home(world, world.lena.id)


async def test_a_mentor_who_is_erased(world: World) -> None:
    """Ana has herself erased: Maya reads that she has no mentor for now, and Tom, whose program is over, reads nothing of it.
    What Maya had shown is offered to Kim, who comes a week later."""
    kim = kim_of(world)
    await world.house.sync_directory()
    await world.enrol()
    await world.until(datetime(2026, 11, 24, 12, 0, tzinfo=UTC))
    await switch(world, "areas_show")
    people = {one.id: one.first_name for one in await world.rows(Person)}
    async with world.house.database.transaction() as session:
        (tom,) = [one for one in await session.exec(select(Enrollment)) if people[one.person_id] == "Tom"]
        tom.ended_at = world.clock.now()
        session.add(tom)
    await world.house.rooms.privacy.erase(Actor(world.house.workspace_id, world.ana.id))
    await world.until(datetime(2026, 11, 26, 20, 0, tzinfo=UTC))
    assert len(said_to(world, world.maya, "You have no mentor for now")) == 1
    assert not said_to(world, world.tom, "You have no mentor for now")
    await world.until(WEDNESDAY)
    await world.enrol(f"{world.maya.email},{kim.email},Autumn,2026-11-24", begun=False)
    assert await areas_shown(world) == 0
    await world.pass_time(days=1)
    (message,) = said_to(world, world.maya, "Kim Lee is your mentor now")
    await world.press(world.maya, message, look.SHARE_AGAIN)
    assert await areas_shown(world) == 1


@pytest.mark.parametrize("ended", [("Tom",), ("Maya", "Tom")])
async def test_who_has_ended_waits_for_no_mentor(world: World, ended: tuple[str, ...]) -> None:
    """Tom's program is over when Ana's account is closed: Lena reads of Maya alone, and of nobody where hers is over, too."""
    await world.house.sync_directory()
    await world.enrol()
    people = {one.id: one.first_name for one in await world.rows(Person)}
    async with world.house.database.transaction() as session:
        for one in await session.exec(select(Enrollment)):
            one.ended_at = world.clock.now() if people[one.person_id] in ended else None
            session.add(one)
    await world.sandbox.become(world.ana.id, "deactivated")
    await world.settle()
    await world.house.sync_directory()
    await world.pass_time(days=1)
    told = [texts(one) for one in said_to(world, world.lena, "account in Slack was closed")]
    assert [("Maya" in one, "Tom" in one) for one in told] == ([(True, False)] if ended == ("Tom",) else [])


async def test_an_ex_mentor_sees_nothing_new(world: World) -> None:
    """Ana leaves the work, and keeps her account: the buttons of her old digest tell her nothing and change nothing."""
    kim, told = kim_of(world), await ana_goes(world)
    await give(world, world.lena, told, kim.id)
    await world.sandbox.become(world.ana.id, "here")
    await world.settle()
    digest = said_to(world, world.ana, "Your new managers, this week")[-1]
    for action in ("mentor_rate", "mentor_kudos", "mentor_talked", "mentor_more"):
        await world.press(world.ana, digest, action)
        assert "Maya" not in modal_text(world, world.ana)
        assert "Tom" not in modal_text(world, world.ana)


@pytest.mark.long
async def test_what_was_shown_is_private_again(world: World) -> None:
    """Maya showed Ana where she stands, and asked her something: Kim sees neither, until Maya presses the one button.

    Tom can't press it for her.
    """
    kim, told = kim_of(world), await ana_goes(world, asked="how do I say no to Kim")
    await switch(world, "areas_show")
    await give(world, world.lena, told, kim.id)
    assert await areas_shown(world) == 0
    await world.until(datetime(2026, 12, 8, 20, 0, tzinfo=UTC))
    assert said_to(world, kim, "Your new managers, this week")
    assert not said_to(world, kim, "say no to Kim")
    (message,) = said_to(world, world.maya, "Kim Lee is your mentor now")
    assert "your rating of yourself, once both have rated or 10 working days have passed" in texts(message)
    assert "yours alone again" in texts(message)
    await world.press(world.tom, message, look.SHARE_AGAIN, force=True, value=_value(message, look.SHARE_AGAIN))
    assert await areas_shown(world) == 0
    await world.press(world.maya, message, look.SHARE_AGAIN)
    assert await areas_shown(world) == 1
    assert "Kim sees what you had shown" in texts(message)
    assert "say no to Kim" in await coach(world, kim, "brief maya")


async def test_only_what_was_shown_is_shown_again(world: World) -> None:
    """Ana could see one of Maya's answers, one of her lines about actions and one ask, and never the others: no more does Zoe.

    In one evening it was Kim first, and then Zoe: Ana is thanked all the same. Nothing of Tom's, who stays with Ana, changes, and
    Maya's lessons go on. Weeks later Ana has her back, and reads so.
    """
    await ana_and_maya(world)
    kim, shown = kim_of(world), await what_is_shown(world)
    assert [len(one) for one in shown] == [2, 2, 2]
    for mentor in (kim, world.zoe):
        await world.enrol(f"{world.maya.email},{mentor.email},Autumn,2026-11-24", begun=False)
    assert [len(one) for one in await what_is_shown(world)] == [1, 1, 1]
    await world.pass_time(days=2)
    (message,) = said_to(world, world.maya, "Zoe Adams is your mentor now")
    await world.press(world.maya, message, look.SHARE_AGAIN)
    assert await what_is_shown(world) == shown
    assert len(said_to(world, world.ana, FAREWELL)) == 1
    tom = next(one.enrollment_id for one in await world.rows(Promise) if one.text == "his")
    (maya,) = [one.id for one in await world.rows(Enrollment) if one.id != tom]
    own = {one.kind for one in await world.rows(AgendaItem) if one.done_at is None and one.key.endswith(f":{maya}")}
    assert own >= {"lesson", "review", "silence"}
    await world.enrol(f"{world.maya.email},{world.ana.email},Autumn,2026-11-24", begun=False)
    await world.pass_time(days=2)
    assert len(said_to(world, world.ana, "You are Maya Horvat's mentor now")) == 1


async def ana_and_maya(world: World) -> None:
    """Maya and Tom have answered, acted and asked; one thing of each kind of hers is Ana's to see, and all of his."""
    await world.house.sync_directory()
    await world.enrol()
    await world.until(datetime(2026, 11, 24, 18, 0, tzinfo=UTC))
    await answer_all(world, world.dms(world.maya)[0])
    now, answers = world.clock.now(), await world.rows(Response)
    ways = {one.person_id: one for one in await world.rows(Enrollment)}
    mine = ways.pop(answers[0].person_id)
    (his,) = ways.values()
    (lesson,) = [one.id for one in await world.rows(Row) if one.kind == "lesson" and one.person_id == his.person_id]
    of_his = {"person_id": his.person_id, "message_id": lesson}
    notes = [(mine, "seen", now), (mine, "kept", None), (his, "his", now)]
    asks = [(mine, "open", None), (mine, "talked over", mine.mentor_id), (mine, "taken back", mine.person_id)]
    asks += [(his, "of his", None)]
    async with world.house.database.transaction() as session:
        (await session.get_one(Response, answers[0].id)).shared_at = now
        session.add(
            Response(**answers[0].model_dump(exclude={"id", "person_id", "message_id", "shared_at"}), **of_his, shared_at=now)
        )  # fmt: skip
        for way, note, at in notes:
            session.add(
                Promise(
                    enrollment_id=way.id or 0, lesson_id=note, text=note, note=note, due_on=now.date(), promised_at=now,
                    note_shared_at=at,
                )
            )  # fmt: skip
        for way, text, settled_by in asks:
            settled_at = settled_by and now
            session.add(
                Ask(
                    enrollment_id=way.id or 0, place=text, text=text, asked_at=now, settled_at=settled_at,
                    settled_by=settled_by,
                )
            )  # fmt: skip


async def what_is_shown(world: World) -> list[set[int | None]]:
    """The ids of the answers, the lines about actions and the asks that a mentor may see."""
    return [
        {one.id for one in await world.rows(Response) if one.shared_at},
        {one.id for one in await world.rows(Promise) if one.note_shared_at},
        {one.id for one in await world.rows(Ask) if one.settled_at is None},
    ]


async def test_a_call_for_help_reaches_the_next_mentor_at_once(world: World) -> None:
    """Maya asked Ana for help, and weeks ago for advice. With Kim as her mentor she reads that neither is asked any more; asked
    again with one button, Kim reads the call the same day and not Monday, and the rest as new: she never left it unanswered.
    """
    kim = kim_of(world)
    await world.house.sync_directory()
    await world.enrol(f"{world.maya.email},{world.ana.email},Autumn,2026-11-24")
    await world.until(datetime(2026, 11, 24, 12, 0, tzinfo=UTC))
    await coach(world, world.maya, "ask how do I say no to Zoe")
    await world.until(datetime(2026, 12, 9, 11, 0, tzinfo=UTC))
    await coach(world, world.maya, "ask")
    await send(world, world.maya, text="My best seller wants to leave.", soon=["yes"])
    await given(world, kim)
    await world.until(datetime(2026, 12, 10, 11, 0, tzinfo=UTC))
    (message,) = said_to(world, world.maya, "Kim Lee is your mentor now")
    assert "or asked them, is yours alone again" in texts(message)
    assert "Show and ask the same again" in str(message.blocks)
    assert not said_to(world, kim, "wants to leave") + said_to(world, kim, "say no to Zoe")
    value = _value(message, look.SHARE_AGAIN)
    for _ in range(2):
        await world.press(world.maya, message, look.SHARE_AGAIN, force=True, value=value)
    await world.pass_time(minutes=5)
    (call,) = said_to(world, kim, "asks for help")
    assert "My best seller wants to leave." in texts(call)
    await world.until(datetime(2026, 12, 14, 20, 0, tzinfo=UTC))
    (digest,) = said_to(world, kim, "Your new managers, this week")
    assert "Asks for help:* My best seller wants to leave." in texts(digest)
    assert "Wants to talk about:* how do I say no to Zoe" in texts(digest)
    assert "Still waits" not in texts(digest)


async def test_a_mentor_with_nobody_in_their_place(world: World) -> None:
    """A roster takes Ana away and names nobody: she is thanked at once, Maya reads that she has no mentor for now, and what she
    had shown is hers alone. Kim comes a week later: Maya can show and ask her the same with one button; Ana hears nothing more.
    """
    kim = kim_of(world)
    await world.house.sync_directory()
    await world.enrol(f"{world.maya.email},{world.ana.email},Autumn,2026-11-24")
    await world.until(datetime(2026, 11, 24, 12, 0, tzinfo=UTC))
    await switch(world, "areas_show")
    await coach(world, world.maya, "ask how do I say no to Zoe")
    await world.enrol(f"{world.maya.email},,Autumn,2026-11-24", begun=False)
    assert await areas_shown(world) == 0
    assert [one.settled_at is None for one in await world.rows(Ask)] == [False]
    await world.until(datetime(2026, 11, 26, 20, 0, tzinfo=UTC))
    (thanks,) = said_to(world, world.ana, "You are no longer *Maya Horvat*'s mentor")
    assert "another mentor" not in texts(thanks)
    (told,) = said_to(world, world.maya, "You have no mentor for now")
    assert "yours alone again" in texts(told)
    assert look.SHARE_AGAIN not in str(told.blocks)
    await world.until(WEDNESDAY)
    await world.enrol(f"{world.maya.email},{kim.email},Autumn,2026-11-24", begun=False)
    await world.pass_time(days=1)
    (message,) = said_to(world, world.maya, "Kim Lee is your mentor now")
    await world.press(world.maya, message, look.SHARE_AGAIN)
    assert await areas_shown(world) == 1
    assert "say no to Zoe" in await coach(world, kim, "brief maya")
    assert len(said_to(world, world.ana, "Thank you for your time with Maya")) == 1


async def test_a_mentor_taken_away_by_a_slip(world: World) -> None:
    """One evening a roster takes Ana away, and the next one gives her back: neither she nor Maya reads that she was gone."""
    await world.house.sync_directory()
    await world.enrol(f"{world.maya.email},{world.ana.email},Autumn,2026-11-24")
    await world.until(datetime(2026, 11, 25, 20, 0, tzinfo=UTC))
    await switch(world, "areas_show")
    for mentor in ("", world.ana.email):
        await world.enrol(f"{world.maya.email},{mentor},Autumn,2026-11-24", begun=False)
    await world.pass_time(days=1)
    assert not said_to(world, world.maya, "no mentor for now") + said_to(world, world.ana, "Thank you for your time")
    assert not said_to(world, world.ana, "You are Maya Horvat's mentor now")
    (message,) = said_to(world, world.maya, "Ana Kovač is your mentor now")
    await world.press(world.maya, message, look.SHARE_AGAIN)
    assert await areas_shown(world) == 1


@pytest.mark.long
async def test_a_slip_is_mended_and_nothing_is_lost(world: World) -> None:
    """One evening Lena gives Maya Kim by a slip, and then Ana again: in the morning Maya reads of Ana alone, and shows her again
    what she had shown her; Kim hears nothing, and Ana no more than before.

    Later it is Kim all the same: that button, pressed again on another device, shows Kim nothing, and says why. Ana is thanked.
    """
    kim = kim_of(world)
    await world.house.sync_directory()
    await world.enrol(f"{world.maya.email},{world.ana.email},Autumn,2026-11-24")
    await world.until(datetime(2026, 11, 25, 20, 0, tzinfo=UTC))
    await switch(world, "areas_show")
    for mentor in (kim, world.ana):
        await given(world, mentor)
    assert await areas_shown(world) == 0
    await world.until(datetime(2026, 11, 30, 20, 0, tzinfo=UTC))
    (message,) = said_to(world, world.maya, "is your mentor now")
    assert "Ana Kovač is your mentor now" in texts(message)
    assert "yours alone again" in texts(message)
    assert world.dms(kim) == []
    assert not said_to(world, world.ana, "You are Maya Horvat's mentor now") + said_to(world, world.ana, FAREWELL)
    value = _value(message, look.SHARE_AGAIN)
    await world.press(world.maya, message, look.SHARE_AGAIN)
    assert await areas_shown(world) == 1
    await given(world, kim)
    await world.press(world.maya, message, look.SHARE_AGAIN, force=True, value=value)
    assert await areas_shown(world) == 0
    assert "Your mentor has changed" in texts(message)
    await world.pass_time(days=1)
    assert len(said_to(world, world.ana, FAREWELL)) == len(said_to(world, kim, "You are Maya Horvat's mentor now")) == 1


@pytest.mark.long
async def test_a_button_shares_with_whom_it_names(world: World) -> None:
    """An answer, a line about an action and two numbers, each with its «Share with Ana», which Maya presses once it is Kim:
    nothing is shared, and all three say so and name Kim. Buttons from before they carried a mentor do as much; new ones share.
    """
    kim = kim_of(world)
    await world.house.sync_directory()
    followed = await asked_after(world)
    await world.press(world.maya, followed, "follow_up_yes")
    await write(world, followed, "I waited.")
    numbers = await until_asked(world, LETTING_GO)
    await count(world, numbers, 4, 1)
    places = [(world.dms(world.maya)[0], "check_share"), (followed, "action_note_share"), (numbers, "trend_share")]
    await given(world, kim)
    for message, action in places:
        old = _value(message, action).rpartition(":")[0]
        await world.press(world.maya, message, action)
        await world.press(world.maya, message, action, force=True, value=old)
        assert "Share with Kim" in texts(message)
    assert await shown(world) == 0
    assert len([one for one in world.dms(world.maya) if "Nothing was shared" in one.text]) == 2 * len(places)
    for message, action in places:
        await world.press(world.maya, message, action)
    assert await shown(world) == len(places)


async def test_where_one_stands_is_shown_to_whom_the_modal_names(world: World) -> None:
    """Maya looks at what Ana sees, and presses «Show Ana where I stand» once it is Kim: nothing is shown, and the modal says so
    and names Kim. The button from before it carried a mentor does as much; the new one shows it, and takes it back.
    """
    kim = kim_of(world)
    await world.house.sync_directory()
    await world.enrol()
    await world.sandbox.open_home(world.maya.id)
    await world.settle()
    await world.sandbox.click_in_view(world.maya.id, world.sandbox.state.homes[world.maya.id]["id"], "home_seen")
    await world.settle()
    assert "Show Ana where I stand" in modal_text(world, world.maya)
    await given(world, kim)
    await _press_in_modal(world, "areas_show")
    assert await areas_shown(world) == 0
    assert "Nothing was shared" in modal_text(world, world.maya)
    assert "Show Kim where I stand" in modal_text(world, world.maya)
    await _press_in_modal(world, "areas_show", force=True, value="areas")
    assert await areas_shown(world) == 0
    await _press_in_modal(world, "areas_show")
    assert await areas_shown(world) == 1
    assert "You show Kim where you stand" in modal_text(world, world.maya)
    assert "Nothing was shared" not in modal_text(world, world.maya)
    await _press_in_modal(world, "areas_hide")
    assert await areas_shown(world) == 0


async def _press_in_modal(world: World, action_id: str, **how: Any) -> None:
    """Maya presses a button of the modal that she sees."""
    await world.sandbox.click_in_view(world.maya.id, modal(world, world.maya)["id"], action_id, **how)
    await world.settle()


async def test_what_is_asked_is_read_by_whom_the_modal_names(world: World) -> None:
    """Maya writes to Ana; before she sends it she has Kim: nothing is sent, she reads so, and sends it to Kim, or not."""
    kim = kim_of(world)
    await world.house.sync_directory()
    await world.enrol()
    await world.sandbox.open_home(world.maya.id)
    await world.settle()
    await world.sandbox.click_in_view(world.maya.id, world.sandbox.state.homes[world.maya.id]["id"], ASK)
    await world.settle()
    assert "Ana reads this" in modal_text(world, world.maya)
    await given(world, kim)
    state = {TEXT: {PICK: "Ana's raise"}}
    await world.sandbox.submit(world.maya.id, modal(world, world.maya)["id"], state)
    assert await world.rows(Ask) == []
    assert "*Kim* is your mentor now, so this was not sent yet" in modal_text(world, world.maya)
    assert written_in(modal(world, world.maya)) == "Ana's raise"
    await world.sandbox.submit(world.maya.id, modal(world, world.maya)["id"], state)
    assert [one.text for one in await world.rows(Ask)] == ["Ana's raise"]


async def test_who_shares_again_while_the_mentor_changes_shares_nothing(world: World) -> None:
    """Maya has Kim, and is being given Ana again: she presses «show the same to Kim», which waits, and shows Ana nothing."""
    kim = kim_of(world)
    await world.house.sync_directory()
    await world.enrol(f"{world.maya.email},{world.ana.email},Autumn,2026-11-24")
    await world.until(datetime(2026, 11, 25, 20, 0, tzinfo=UTC))
    await switch(world, "areas_show")
    await given(world, kim)
    await world.until(datetime(2026, 11, 30, 20, 0, tzinfo=UTC))
    (message,) = said_to(world, world.maya, "Kim Lee is your mentor now")
    (told,) = [one.id for one in await world.rows(Row) if one.ts == message.ts]
    maya, again = Actor(world.house.workspace_id, world.maya.id), world.house.rooms.handover.tellings.share_again
    await while_given(world, world.ana, lambda: again(maya, told, world.clock.now()))
    assert await areas_shown(world) == 0


async def test_who_asks_while_the_mentor_changes_asks_nobody(world: World) -> None:
    """Maya is being given Lena: what she sends to Ana waits for that, and is not sent: it named Ana as who reads it."""
    await world.house.sync_directory()
    await world.enrol(f"{world.maya.email},{world.ana.email},Autumn,2026-11-24")
    maya, save = Actor(world.house.workspace_id, world.maya.id), world.house.rooms.asks.save
    (ana,) = (await mentors(world)).values()
    asks = partial(save, maya, "My raise", needs_help=True, place="p", now=world.clock.now(), mentor_id=ana)
    with pytest.raises(AnotherMentor):
        await while_given(world, world.lena, asks)
    assert await world.rows(Ask) == []


async def test_who_asks_by_a_command_meanwhile_reads_whom_it_reached(world: World) -> None:
    """Maya is being given Lena and types `/coach ask …`: it waits for that, is Lena's to read, and says so."""
    await world.house.sync_directory()
    await world.enrol(f"{world.maya.email},{world.ana.email},Autumn,2026-11-24")
    await while_given(world, world.lena, lambda: coach(world, world.maya, "ask how do I say no"))
    assert "Lena will read it" in world.dms(world.maya)[-1].text
    assert [one.settled_at for one in await world.rows(Ask)] == [None]


async def while_given(world: World, mentor: Someone, does: Callable[[], Coroutine[Any, Any, Any]]) -> None:
    """Do this while another process gives Maya that mentor: it waits until that is done."""
    people = {one.slack_id: one.id or 0 for one in await world.rows(Person)}
    async with world.house.database.transaction() as session:
        (way,) = await reading.ways_of_people(session, [people[world.maya.id]])
        await change(session, way, await session.get_one(Person, people[mentor.id]), world.clock.now())
        await session.flush()
        doing = asyncio.create_task(does())
        waited = await someone_waits(world)
    await doing
    assert waited, "it did not wait for the change"


def written_in(view: dict[str, Any]) -> str:
    """What stands in the field of a modal before anything is typed."""
    (field,) = [one["element"] for one in view["blocks"] if one.get("block_id") == TEXT]
    return str(field["initial_value"])


async def shown(world: World) -> int:
    """How many answers, lines and trends are shown to a mentor."""
    answers = [one.shared_at for one in await world.rows(Response)]
    lines = [one.note_shared_at for one in await world.rows(Promise)]
    trends = [one.letting_go_shared_at for one in await world.rows(Enrollment)]
    return sum(one is not None for one in (*answers, *lines, *trends))


async def test_two_of_the_staff_at_once(world: World) -> None:
    """Another of the staff had the modal open already: the first counts, the second reads that a colleague was quicker."""
    kim, told = kim_of(world), await ana_goes(world)
    await world.press(world.lena, told, look.GIVE)
    late = modal(world, world.lena)
    giving, actor = world.house.rooms.handover.giving, Actor(world.house.workspace_id, world.lena.id)
    first = Wanted(kim.id, "", [1, 2], before=(await mentors(world))["Maya"] or 0)
    await giving.give(actor, first, world.clock.now())
    after = await mentors(world)
    delivered = await world.sandbox.submit(world.lena.id, late["id"], {look.WHO: {look.PICK: world.zoe.id}})
    await world.settle()
    assert "A colleague was quicker" in str(delivered)
    assert await mentors(world) == after


async def test_who_can_be_no_mentor(world: World) -> None:
    """Maya herself, an app, somebody who is gone: a sentence below the field, and nothing changes."""
    told = await ana_goes(world)
    robot, before = world.sandbox.add_person(id="U0ROBOT", name="Robot", email="", is_bot=True), await mentors(world)
    for who, why in ((world.maya.id, "their own mentor"), (robot.id, "an app"), (world.ana.id, "no account")):
        await world.press(world.lena, told, look.GIVE)
        delivered = await world.sandbox.submit(
            world.lena.id, modal(world, world.lena)["id"], {look.WHO: {look.PICK: who}}
        )
        await world.settle()
        assert why in str(delivered), who
    assert await mentors(world) == before


async def test_only_staff_give(world: World) -> None:
    """Zoe presses a button that she made up: she reads that only L&D can, and nobody's name."""
    told = await ana_goes(world)
    await world.press(world.zoe, told, look.GIVE, force=True, value=_value(told, look.GIVE))
    assert "Only L&amp;D staff" in modal_text(world, world.zoe) or "Only L&D staff" in modal_text(world, world.zoe)
    assert "Maya" not in modal_text(world, world.zoe)


@pytest.mark.long
async def test_a_buddy_ticks_off(world: World) -> None:
    """Lena names Zoe as Maya's buddy in the same step: Zoe reads a list of five and not a word of lessons; her ticks stay."""
    kim, told = kim_of(world), await ana_goes(world)
    await give(world, world.lena, told, kim.id, **{look.BUDDY: {look.PICK: world.zoe.id}})
    await world.until(datetime(2026, 12, 3, 12, 0, tzinfo=UTC))
    (message, _) = said_to(world, world.zoe, "buddy")
    assert "you judge nothing" in texts(message)
    assert "You see nothing of Maya's lessons" in texts(message)
    await world.press(world.zoe, message, look.TICK, selected=["interview"])
    assert [one.payload.get("ticked") for one in await world.rows(Row) if one.ts == message.ts] == [["interview"]]


def _value(message: Message, action_id: str) -> str:
    elements = [one for block in message.blocks for one in (*block.get("elements", ()), block.get("accessory", {}))]
    return next(str(one["value"]) for one in elements if one.get("action_id") == action_id)


async def test_who_has_no_mentor_gets_one_from_home(world: World) -> None:
    """Tom was enrolled without a mentor: Lena sees it on her Home, and gives him Kim there."""
    kim = kim_of(world)
    await world.house.sync_directory()
    await world.enrol(f"{world.tom.email},,Autumn,2026-11-24")
    await world.sandbox.open_home(world.lena.id)
    await world.settle()
    home = world.sandbox.home(world.lena.id)
    assert home is not None
    await world.sandbox.click_in_view(world.lena.id, home["id"], look.GIVE)
    await world.settle()
    await world.sandbox.submit(world.lena.id, modal(world, world.lena)["id"], {look.WHO: {look.PICK: kim.id}})
    await world.settle()
    await world.pass_time(days=2)
    assert said_to(world, kim, "You are Tom Baker's mentor now")
    assert said_to(world, world.tom, "Kim Lee is your mentor now")


async def test_a_buddy_who_becomes_the_mentor_overnight(world: World) -> None:
    """A roster makes Zoe Maya's buddy, and the next one her mentor, before Zoe is at work: she reads the second alone."""
    await world.enrol()
    head, row = "manager,mentor,buddy,cohort,starts_on", "Autumn,2026-11-24"
    for mentor, buddy in ((world.ana.email, world.zoe.email), (world.zoe.email, "")):
        await world.enrol(f"{world.maya.email},{mentor},{buddy},{row}", head=head, begun=False)
        await world.pass_time(minutes=5)
    await world.pass_time(days=1)
    assert [texts(one).splitlines()[0] for one in world.dms(world.zoe)] == ["You are Maya Horvat's mentor now"]


async def test_a_buddy_who_becomes_the_mentor_is_no_buddy_any_more(world: World) -> None:
    """Kim was Maya's buddy, and is now her mentor: one of the two. What Lena did is on record, with who and whom."""
    kim, told = kim_of(world), await ana_goes(world)
    async with world.house.database.transaction() as session:
        person = await world.house.directory.keep(session, world.house.workspace_id, slack_user_of(kim))
        for one in await session.exec(select(Enrollment)):
            one.buddy_id = person.id
            session.add(one)
    await give(world, world.lena, told, kim.id)
    assert {(one.mentor_id, one.buddy_id) for one in await world.rows(Enrollment)} == {(person.id, None)}
    people = {one.id: one.first_name for one in await world.rows(Person)}
    acts = [(one.act, people[one.by_id], people[one.person_id], people[one.other_id])
            for one in await world.rows(StaffAct) if not one.by_command]  # fmt: skip
    assert acts == [("mentor.given", "Lena", "Maya", "Kim"), ("mentor.given", "Lena", "Tom", "Kim")]


async def test_slack_is_not_asked_for_who_may_not(world: World) -> None:
    """Zoe sends staff's modal with made-up people in it: she is refused before Slack is asked about anybody."""
    await world.enrol()
    asked = world.sandbox.calls["users.info"]
    with pytest.raises(Refused, match="not_yours"):
        await world.house.rooms.handover.giving.give(
            Actor(world.house.workspace_id, world.zoe.id), Wanted("U0KIM", "", [1], 0), world.clock.now()
        )
    assert world.sandbox.calls["users.info"] == asked


def slack_user_of(one: Someone) -> SlackUser:
    """Someone as Slack tells of them."""
    return SlackUser(one.id, one.name, one.name.split()[0], one.email, one.tz, None, None, False, False)


async def test_whose_mentor_is_gone_reads_so(world: World) -> None:
    """Ana's account is closed while Maya writes to her: her Home says that she has no mentor now and who finds one, as Lena's
    tells L&D; what she sends is kept for nobody, and she is told so."""
    await world.enrol()
    await coach(world, world.maya, "ask")
    await world.sandbox.become(world.ana.id, "deactivated")
    await world.settle()
    await send(world, world.maya, text="How do I say no?", soon=["yes"])
    assert "nothing was kept" in everything_in(modal(world, world.maya)["blocks"])
    assert "nothing was kept" in await coach(world, world.maya, "ask how do I say no?")
    assert await world.rows(Ask) == []
    alone = await home(world, world.maya.id)
    assert "Ana Kovač is not in Slack any more, so you have no mentor at the moment" in alone
    assert "mentor_ask" not in alone
    assert "account in Slack is closed" in await home(world, world.lena.id)
