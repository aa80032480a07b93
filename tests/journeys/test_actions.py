"""The thing to try at work: a plan of one's own, asked after on its day, moved once, and then let go."""

import asyncio
from datetime import UTC, date, datetime
from typing import Any

import pytest

from bot.records.tables import AgendaItem, Promise
from bot.sandbox.state import Message
from tests.journeys.test_answers import answer_all, lesson_for_maya, promise_action
from tests.journeys.test_home import home
from tests.journeys.test_preferences import press_at_home, submit
from tests.journeys.test_sharing import what_ana_sees
from tests.journeys.test_welcome import modal, modal_text
from tests.world import World, action_ids, texts

ASKED_ON = datetime(
    2026, 12, 2, 9, tzinfo=UTC
)  # promised for 25 November, asked after three working days, with Tuesday's lesson


async def answered_lesson(world: World) -> Message:
    """Maya has answered her first lesson: its action is offered."""
    lesson = await lesson_for_maya(world)
    await answer_all(world, lesson)
    return lesson


async def asked_after(world: World) -> Message:
    """Maya has promised the action for tomorrow, and the day has come on which she is asked; where that stands."""
    await promise_action(world, world.maya, await answered_lesson(world))
    await world.until(ASKED_ON)
    (message,) = asking(world)
    return message


def asking(world: World) -> list[Message]:
    """The messages of Maya that ask whether it happened."""
    return [message for message in world.dms(world.maya) if "follow_up_yes" in action_ids(message)]


async def promise_of(world: World) -> Promise:
    """The one promise on record."""
    (found,) = await world.rows(Promise)
    promise: Promise = found
    return promise


def pressable(message: Message) -> set[str]:
    """All that can be pressed, beside a line or below it."""
    beside = [block["accessory"]["action_id"] for block in message.blocks if "accessory" in block]
    return {*action_ids(message), *beside}


def value_of(message: Message, action_id: str) -> str:
    """What a button carries."""
    return next(
        str(e["value"]) for b in message.blocks for e in b.get("elements", ()) if e.get("action_id") == action_id
    )


async def write(world: World, message: Message, line: str) -> None:
    """Maya adds a line about how it went."""
    await world.press(world.maya, message, "action_note")
    await world.sandbox.submit(world.maya.id, modal(world, world.maya)["id"], {"note": {"written": line}})
    await world.settle()


async def test_one_more_click_promises_it_as_it_says(world: World) -> None:
    """The plan is filled in already, for the next working day; sent as it is, it is the lesson's own."""
    lesson = await answered_lesson(world)
    assert "your mentor sees the plan" in texts(lesson)
    await world.press(world.maya, lesson, "action_promise")
    typed, when, audience = modal(world, world.maya)["blocks"]
    assert typed["element"]["initial_value"].startswith("If I ")
    assert when["element"]["initial_date"] == "2026-11-25"
    assert "a note only if you share it" in audience["elements"][0]["text"]
    await world.sandbox.submit(world.maya.id, modal(world, world.maya)["id"])
    await world.settle()
    promise = await promise_of(world)
    assert (promise.plan, promise.due_on) == (None, date(2026, 11, 25))
    assert "Promised for Wednesday 25 November" in texts(lesson)
    assert world.sandbox.modals(world.maya.id) == []


async def test_a_plan_of_ones_own(world: World) -> None:
    """Maya names her own moment and day: she reads it back, Ana reads it on Monday, and nothing in it does any harm."""
    lesson = await answered_lesson(world)
    plan = "If the <!channel> meeting & {{ secret }} begins,\nthen I ask first"
    await promise_action(world, world.maya, lesson, plan=plan, when="2026-12-01")
    shown = "If the &lt;!channel&gt; meeting &amp; {{ secret }} begins,"
    promise = await promise_of(world)
    assert (promise.plan, promise.due_on) == (plan, date(2026, 12, 1))
    assert shown in texts(lesson)
    assert "Tuesday 1 December" in texts(lesson)
    await world.until(datetime(2026, 11, 30, 9, tzinfo=UTC))
    (digest,) = world.dms(world.ana)
    assert f"Wants to try: {shown} then I ask first" in texts(digest)
    assert "<!channel>" not in digest.text


async def test_a_day_that_is_none_is_refused_in_place(world: World) -> None:
    """Yesterday, and a day months away: the modal says so and stays; nothing is promised."""
    lesson = await answered_lesson(world)
    for day in ("2026-11-23", "2027-06-01"):
        refused = await promise_action(world, world.maya, lesson, when=day)
        assert refused.body is not None
        assert "from today on" in refused.body["errors"]["when"]
        await world.sandbox.close(world.maya.id, modal(world, world.maya)["id"])
    assert await world.rows(Promise) == []


async def test_a_plan_left_open_for_a_week(world: World) -> None:
    """Its proposed day has passed meanwhile: it is asked for anew, and then promised."""
    lesson = await answered_lesson(world)
    await world.press(world.maya, lesson, "action_promise")
    await world.pass_time(days=7)
    view = modal(world, world.maya)
    refused = await world.sandbox.submit(world.maya.id, view["id"])
    assert refused.body is not None
    await world.sandbox.submit(world.maya.id, view["id"], {"when": {"filled": "2026-12-03"}})
    assert (await promise_of(world)).due_on == date(2026, 12, 3)


async def test_two_devices_promise_once(world: World) -> None:
    """The same plan sent from two devices is one promise; another one, from a window that was open, stays there with the word
    that the first stands, as a later click says, too."""
    lesson = await answered_lesson(world)
    await world.press(world.maya, lesson, "action_promise")
    view, value = modal(world, world.maya), value_of(lesson, "action_promise")
    await world.sandbox.submit(world.maya.id, view["id"])
    for changed in ({}, {"when": {"filled": "2026-12-01"}}, {"plan": {"filled": "If Tom calls, then I ask first."}}):
        world.sandbox.views.open(world.maya.id, view)
        sent = await world.sandbox.submit(world.maya.id, modal(world, world.maya)["id"], changed)
        said = (
            {"plan": "You have promised this already, for Wednesday 25 November. Nothing was changed."}
            if changed
            else None
        )
        assert (sent.body or {}).get("errors") == said
        world.sandbox.modals(world.maya.id).clear()
    await world.settle()
    assert (await promise_of(world)).due_on == date(2026, 11, 25)
    assert len([item for item in await world.rows(AgendaItem) if item.kind == "follow_up"]) == 1
    await world.press(world.maya, lesson, "action_promise", force=True, value=value)
    assert "promised this already, for Wednesday 25 November" in modal_text(world, world.maya)


async def test_nobody_promises_for_someone_else(world: World) -> None:
    """Tom presses it in Maya's lesson, and sends in her modal: each time a sentence, and nothing is promised."""
    lesson = await answered_lesson(world)
    await world.press(world.tom, lesson, "action_promise")
    assert world.sandbox.modals(world.tom.id) == []
    await world.press(world.maya, lesson, "action_promise")
    world.sandbox.views.open(world.tom.id, modal(world, world.maya))
    await world.sandbox.submit(world.tom.id, modal(world, world.tom)["id"])
    assert "put to someone else" in modal_text(world, world.tom)
    assert await world.rows(Promise) == []


async def test_who_plans_or_answers_can_be_reached(world: World) -> None:
    """Slack had said that Maya can't be written to; she plans an action, and later says how it went: so she can."""
    lesson = await answered_lesson(world)
    await world.lose(world.maya)
    await promise_action(world, world.maya, lesson)
    assert not await world.is_lost(world.maya)
    await world.until(ASKED_ON)
    (message,) = asking(world)
    await world.lose(world.maya)
    await world.press(world.maya, message, "follow_up_yes")
    assert not await world.is_lost(world.maya)


@pytest.mark.long
async def test_a_promise_is_asked_after_once(world: World) -> None:
    """Three working days after its day Maya is asked, in the lesson that comes next; left unanswered, never again."""
    await promise_action(world, world.maya, await answered_lesson(world))
    await world.until(datetime(2026, 12, 1, 7, 59, tzinfo=UTC))
    assert asking(world) == []
    await world.until(datetime(2026, 12, 1, 9, tzinfo=UTC))
    (message,) = asking(world)
    assert "minutes · lesson" in texts(message), "no message of its own"
    assert "On Wednesday 25 November you wanted to try this" in texts(message)
    assert "Your mentor sees «yes» and «partly»" in texts(message)
    await world.pass_time(days=30)
    assert asking(world) == [message]


@pytest.mark.long
async def test_two_promises_asked_after_at_once(world: World) -> None:
    """Both fall due with the same lesson: it asks about each of them, once."""
    first = await answered_lesson(world)
    await promise_action(world, world.maya, first, plan="If I open the board, then I ask", when="2026-12-01")
    await world.until(datetime(2026, 11, 26, 9, tzinfo=UTC))
    second = world.dms(world.maya)[-1]
    await answer_all(world, second)
    await promise_action(world, world.maya, second, plan="If someone is stuck, then I listen", when="2026-11-27")
    await world.until(datetime(2026, 12, 9, 9, tzinfo=UTC))
    (message,) = asking(world)
    said = texts(message)
    assert (said.count("If I open the board"), said.count("If someone is stuck")) == (1, 1)


@pytest.mark.long
async def test_home_has_the_way_to_the_question(world: World) -> None:
    """Before its day the promise stands on Home; once Maya is asked, a button there shows her where; answered, it is gone.

    What is three weeks past is not held up to her any more.
    """
    await promise_action(world, world.maya, await answered_lesson(world))
    assert "🎯 Wednesday 25 November: If I " in await home(world, world.maya.id)
    await world.until(ASKED_ON)
    (asked,) = asking(world)
    waiting = await home(world, world.maya.id)
    assert "How did it go: If I " in waiting
    assert "🎯" not in waiting
    view = world.sandbox.home(world.maya.id)
    assert view is not None
    button = next(one["accessory"] for one in view["blocks"] if "How did it go" in str(one))
    await world.sandbox.click_in_view(world.maya.id, view["id"], button["action_id"], value=button["value"])
    await world.settle()
    assert asking(world)[0].ts == asked.ts
    assert asking(world)[1:] == world.dms(world.maya)[-1:], "it is shown again, at the end of the conversation"
    await world.press(world.maya, asked, "follow_up_yes")
    assert "How did it go" not in await home(world, world.maya.id)


@pytest.mark.long
async def test_home_lets_go_of_what_is_long_past(world: World) -> None:
    """Maya never says whether it happened: three weeks after that day Home speaks of it no more."""
    await asked_after(world)
    await world.until(datetime(2026, 12, 17, 12, tzinfo=UTC))
    faded = await home(world, world.maya.id)
    assert "How did it go" not in faded
    assert "🎯" not in faded


async def test_other_settings_do_not_bring_the_question_forward(world: World) -> None:
    """Maya changes the time of her lessons, so that all that waits is looked at anew: the question still has its day."""
    await promise_action(world, world.maya, await answered_lesson(world))
    await press_at_home(world, world.maya, "home_settings")
    await submit(world, world.maya, at="10:00")
    await world.until(datetime(2026, 11, 30, 8, 59, tzinfo=UTC))
    assert asking(world) == []
    await world.until(ASKED_ON)
    assert len(asking(world)) == 1


@pytest.mark.long
async def test_it_happened_and_a_line_is_shared(world: World) -> None:
    """«Yes»: Ana reads that it is done; what Maya adds is hers alone until she shares it, and again once she doesn't."""
    message = await asked_after(world)
    await world.press(world.maya, message, "follow_up_yes")
    assert "You did it" in texts(message)
    assert "follow_up_yes" not in action_ids(message)
    assert "You did it" in texts(world.dms(world.maya)[0]), "in the lesson, too"
    await write(world, message, "I <waited> & she found it")
    assert "I &lt;waited&gt; &amp; she found it" in texts(message)
    assert "and *done*" in await what_ana_sees(world)
    assert "she found it" not in await what_ana_sees(world)
    await world.press(world.maya, message, "action_note_share")
    assert "Ana can see this line" in texts(message)
    assert "she found it" in await what_ana_sees(world)
    await world.until(datetime(2026, 12, 7, 9, tzinfo=UTC))
    assert "she found it" in texts(world.dms(world.ana)[-1])
    await world.press(world.maya, message, "action_note_unshare")
    assert "she found it" not in await what_ana_sees(world)


@pytest.mark.long
async def test_a_day_that_passes_in_silence_changes_nothing_that_the_mentor_sees(world: World) -> None:
    """Ana reads of Maya's promise before its day what she reads after it: nothing tells her that Maya said nothing."""
    await promise_action(world, world.maya, await answered_lesson(world))
    _, label, before = (await what_ana_sees(world)).partition("Wants to try:")
    assert label
    await world.until(ASKED_ON)
    assert asking(world)
    assert (await what_ana_sees(world)).partition("Wants to try:")[1:] == (label, before)


@pytest.mark.long
async def test_not_yet_gets_one_new_day_and_is_then_let_go(world: World) -> None:
    """«Not yet», next week: asked once more after that; «not yet» again, and it is let go without a word of blame."""
    first = await asked_after(world)
    await world.press(world.maya, first, "follow_up_not_yet")
    assert "When is the next good moment?" in texts(first)
    await world.press(world.maya, first, "follow_up_next_week")
    promise = await promise_of(world)
    assert (promise.status, promise.due_on) == (None, date(2026, 12, 9))
    assert "A new day:* Wednesday 9 December" in texts(first)
    assert "Wants to try:" in await what_ana_sees(world)
    await world.until(datetime(2026, 12, 18, 9, tzinfo=UTC))
    (second,) = asking(world)
    await world.press(world.maya, second, "follow_up_not_yet")
    assert "Let go" in texts(second)
    assert "A new day" in texts(first)
    assert not pressable(second) & {"follow_up_next_day", "follow_up_next_week", "follow_up_let_go"}
    assert (await promise_of(world)).let_go_at is not None
    assert "Wants to try:" not in await what_ana_sees(world)
    await world.pass_time(days=30)
    assert asking(world) == []


async def test_it_can_be_let_go_at_once(world: World) -> None:
    """«Not yet», «let it go»: nothing is open any more, and nothing is asked again."""
    message = await asked_after(world)
    await world.press(world.maya, message, "follow_up_not_yet")
    await world.press(world.maya, message, "follow_up_let_go")
    assert "Nothing is open" in texts(message)
    assert "Nothing is open" in texts(world.dms(world.maya)[0])
    assert len([item for item in await world.rows(AgendaItem) if item.kind == "follow_up"]) == 1


@pytest.mark.long
async def test_the_first_answer_of_a_round_counts(world: World) -> None:
    """«Partly» and «not yet» at the same moment are one answer; an old button of the first round changes no second one."""
    message = await asked_after(world)
    value = value_of(message, "follow_up_yes")
    ways = ("follow_up_partly", "follow_up_not_yet")
    await asyncio.gather(*(world.sandbox.click(world.maya.id, message.channel, message.ts, way) for way in ways))
    await world.settle()
    status = (await promise_of(world)).status
    assert status in ("partly", "not_yet")
    await world.press(world.maya, message, "follow_up_yes", force=True, value=value)
    assert (await promise_of(world)).status == status


async def test_an_old_button_does_not_answer_the_second_round(world: World) -> None:
    """It was moved to another day; «yes» on a phone that still shows the first question changes nothing."""
    message = await asked_after(world)
    value = value_of(message, "follow_up_yes")
    await world.press(world.maya, message, "follow_up_not_yet")
    await world.press(world.maya, message, "follow_up_next_day")
    await world.press(world.maya, message, "follow_up_yes", force=True, value=value)
    assert (await promise_of(world)).status is None
    assert "A new day" in texts(message)


@pytest.mark.long
async def test_a_second_line_stays_before_their_eyes(world: World) -> None:
    """Maya wrote a line on her phone, and another in a window that was open on her desk: that one is not thrown away unsaid."""
    message = await asked_after(world)
    await world.press(world.maya, message, "follow_up_yes")
    await world.press(world.maya, message, "action_note")
    view = modal(world, world.maya)
    await write_in_open_modal(world, "the first")
    world.sandbox.views.open(world.maya.id, view)
    again = await world.sandbox.submit(
        world.maya.id, modal(world, world.maya)["id"], {"note": {"written": "the second"}}
    )
    assert again.body is not None
    assert "the first one stands" in again.body["errors"]["note"]
    assert (await promise_of(world)).note == "the first"
    same = await world.sandbox.submit(world.maya.id, modal(world, world.maya)["id"], {"note": {"written": "the first"}})
    assert not same.body, "the same line twice is one line"


@pytest.mark.long
async def test_only_the_asked_may_answer_or_write(world: World) -> None:
    """Tom answers for Maya, adds a line and shares it: nothing changes, whatever he sends."""
    message = await asked_after(world)
    await world.press(world.tom, message, "follow_up_yes")
    assert (await promise_of(world)).status is None
    await world.press(world.maya, message, "follow_up_yes")
    await world.press(world.tom, message, "action_note")
    assert world.sandbox.modals(world.tom.id) == []
    await world.press(world.maya, message, "action_note")
    world.sandbox.views.open(world.tom.id, modal(world, world.maya))
    await world.sandbox.submit(world.tom.id, modal(world, world.tom)["id"], {"note": {"written": "not mine"}})
    assert "put to someone else" in modal_text(world, world.tom)
    await write_in_open_modal(world, "mine")
    await world.press(world.tom, message, "action_note_share")
    promise = await promise_of(world)
    assert (promise.note, promise.note_shared_at) == ("mine", None)


@pytest.mark.long
async def test_forged_answers_are_refused(world: World) -> None:
    """A round, a promise or an answer that was never offered does not reach the records."""
    message = await asked_after(world)
    ids = value_of(message, "follow_up_yes").split(":")
    for value in (f"{ids[0]}:{ids[1]}:3:yes", f"{ids[0]}:999:1:yes", f"{ids[0]}:{ids[1]}:1:never", "made:up"):
        await world.press(world.maya, message, "follow_up_yes", force=True, value=value)
    assert (await promise_of(world)).status is None


@pytest.mark.long
async def test_what_is_long_over_is_not_asked(world: World) -> None:
    """Maya is away for two months without saying until when: on her return the old promise is not held up to her."""
    await promise_action(world, world.maya, await answered_lesson(world))
    await press_at_home(world, world.maya, "home_pause")
    await submit(world, world.maya, open_end=["open_end"])
    await world.pass_time(days=56)
    await press_at_home(world, world.maya, "home_resume")
    await world.pass_time(days=10)
    assert asking(world) == []
    (item,) = [item for item in await world.rows(AgendaItem) if item.kind == "follow_up"]
    assert item.outcome == "too late"


async def test_without_a_mentor_nobody_is_named(world: World) -> None:
    """Maya has no mentor: every line says that only she sees it, and there is nothing to share."""
    await world.enrol(f"{world.maya.email},,Autumn,2026-11-24")
    await world.pass_time(hours=3)
    lesson = world.dms(world.maya)[0]
    await answer_all(world, lesson)
    assert "no mentor is named for you yet" in texts(lesson)
    await promise_action(world, world.maya, lesson)
    await world.until(ASKED_ON)
    (message,) = asking(world)
    await world.press(world.maya, message, "follow_up_partly")
    await write(world, message, "it was hard")
    assert "Only you see this line" in texts(message)
    assert "action_note_share" not in pressable(message)


async def write_in_open_modal(world: World, line: str) -> None:
    """Maya sends the line that she has before her."""
    view: dict[str, Any] = modal(world, world.maya)
    await world.sandbox.submit(world.maya.id, view["id"], {"note": {"written": line}})
    await world.settle()
