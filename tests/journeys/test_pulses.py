"""The small questions: how sure someone feels beside last time, and whether they let go."""

import asyncio
from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest

from bot.records.tables import AgendaItem, Enrollment, Pulse
from bot.sandbox.state import Message
from tests.journeys.test_actions import pressable, value_of
from tests.journeys.test_preferences import press_at_home, submit
from tests.journeys.test_sharing import what_ana_sees
from tests.world import CONTENT, World, open_world, texts

SURE = "How sure do you feel right now?"
LETTING_GO = "Two numbers from the last 2 weeks"


def of_maya(world: World, words: str) -> list[Message]:
    """The messages of Maya that hold these words."""
    return [message for message in world.dms(world.maya) if words in texts(message)]


async def begun(world: World) -> None:
    """Maya alone begins, with Ana as her mentor."""
    await world.enrol(f"{world.maya.email},{world.ana.email},Autumn,2026-11-24")


async def until_asked(world: World, words: str, *, times: int = 1) -> Message:
    """Let time pass until Maya was asked so often; the last message that asks it."""
    for _ in range(60):
        if len(of_maya(world, words)) >= times:
            return of_maya(world, words)[-1]
        await world.pass_time(days=1)
    raise AssertionError(f"«{words}» was not asked {times} times")


def blocks_of(message: Message, start: str) -> list[str]:
    """The rows of buttons whose actions begin so."""
    return [
        block["block_id"]
        for block in message.blocks
        if any(str(element.get("action_id", "")).startswith(start) for element in block.get("elements", ()))
    ]


async def count(world: World, message: Message, deals: int, talks: int) -> None:
    """Maya taps both numbers."""
    for number in (deals, talks):
        block = blocks_of(message, "pulse_count")[0]
        await world.press(world.maya, message, f"pulse_count:{number}", block_id=block)


async def test_every_second_week_two_areas_one_click_each(world: World) -> None:
    """In the third week Maya is asked about two areas; one click each answers, and the numbers stand in place of the buttons."""
    await begun(world)
    message = await until_asked(world, SURE)
    assert message.at.startswith("2026-12-11"), "the Friday of the review"
    first, second = blocks_of(message, "pulse_confidence")
    await world.press(world.maya, message, "pulse_confidence:3", block_id=first)
    await world.press(world.maya, message, "pulse_confidence:5", block_id=second)
    assert blocks_of(message, "pulse_confidence") == []
    assert "*: 3" in texts(message)
    assert "last time" not in texts(message)
    assert sorted(one.value for one in await world.rows(Pulse)) == [3, 5]


@pytest.mark.long
async def test_a_number_stands_beside_the_last_one(world: World) -> None:
    """Once an area comes round again, the answer shows what Maya said last time; the old message stays as it was."""
    await begun(world)
    for time in range(1, 5):
        message = await until_asked(world, SURE, times=time)
        for block in blocks_of(message, "pulse_confidence"):
            await world.press(world.maya, message, f"pulse_confidence:{time}", block_id=block)
    last = "\n".join(texts(message) for message in of_maya(world, SURE))
    assert "last time" in last
    assert "last time" not in texts(of_maya(world, SURE)[0])
    asked = [one.question for one in await world.rows(Pulse)]
    assert len(set(asked)) == 5, "every area came round"


@pytest.mark.long
async def test_the_small_questions_take_turns(database_url: str) -> None:
    """Ten weeks of Fridays: each comes every second week, in the weeks between the other, also to someone who never answers."""
    start = datetime(2027, 1, 12, 6, tzinfo=UTC)
    async with open_world(database_url, content=CONTENT, start=start) as world:
        await world.enrol(f"{world.maya.email},{world.ana.email},Winter,2027-01-12")
        await world.pass_time(weeks=10)
        sure, letting_go = ([one.at[5:10] for one in of_maya(world, words)] for words in (SURE, LETTING_GO))
    assert letting_go == ["01-22", "02-05", "02-19", "03-05", "03-19"]
    assert sure == ["01-29", "02-12", "02-26", "03-12"]


@pytest.mark.long
async def test_after_a_quiet_week_they_find_their_weeks_again(world: World) -> None:
    """Over Christmas both have to wait; afterwards neither comes more often than every second week."""
    await begun(world)
    await world.pass_time(weeks=12)
    for words in (SURE, LETTING_GO):
        moments = [datetime.fromisoformat(one.at) for one in of_maya(world, words)]
        assert len(moments) >= 4
        assert all(later - earlier > timedelta(days=10) for earlier, later in pairwise(moments))


@pytest.mark.long
async def test_two_taps_and_how_it_changes(world: World) -> None:
    """The first time with a line that says why; after both taps the numbers in a row, and Ana reads nothing of it."""
    await begun(world)
    first = await until_asked(world, LETTING_GO)
    assert "Why this is asked" in texts(first)
    await count(world, first, 4, 1)
    assert "*Taken over:* 4. *Talks:* 1." in texts(first)
    second = await until_asked(world, LETTING_GO, times=2)
    assert "Why this is asked" not in texts(second)
    await count(world, second, 2, 5)
    assert "*Taken over:* 4 → 2. *Talks:* 1 → 5+." in texts(second)
    assert "Letting go" not in await what_ana_sees(world)
    await world.press(world.maya, first, "trend_share")
    assert "Ana can see" in texts(first)
    assert "4 → 2" not in texts(first), "drawn anew, it still ends where it ended then"


@pytest.mark.long
async def test_the_trend_reaches_the_mentor_only_if_she_says_so(world: World) -> None:
    """Shared, Ana sees how the numbers changed; taken back, nothing new shows it."""
    await begun(world)
    message = await until_asked(world, LETTING_GO)
    await count(world, message, 4, 1)
    assert "Only you see how this changes" in texts(message)
    await world.press(world.maya, message, "trend_share")
    assert "Ana can see how this changes" in texts(message)
    assert "deals taken over 4, coaching talks 1" in await what_ana_sees(world)
    await world.pass_time(days=4)
    assert "deals taken over 4" in texts(world.dms(world.ana)[-1])
    await world.press(world.maya, message, "trend_unshare")
    assert "coaching talks" not in await what_ana_sees(world)


async def test_the_first_number_counts(world: World) -> None:
    """Two devices tap two numbers at the same moment: one of them is kept, and a later click changes nothing."""
    await begun(world)
    message = await until_asked(world, SURE)
    block = blocks_of(message, "pulse_confidence")[0]
    value = value_of(message, "pulse_confidence:5")
    await asyncio.gather(
        *(
            world.sandbox.click(world.maya.id, message.channel, message.ts, f"pulse_confidence:{point}", block_id=block)
            for point in (1, 2)
        )
    )
    await world.settle()
    (kept,) = await world.rows(Pulse)
    await world.press(world.maya, message, "pulse_confidence:5", force=True, value=value)
    assert [one.value for one in await world.rows(Pulse)] == [kept.value]
    assert kept.value in (1, 2)


async def test_only_the_asked_may_answer_or_share(world: World) -> None:
    """Tom taps in Maya's message, and shares her trend: nothing is written, nothing is shared."""
    await begun(world)
    message = await until_asked(world, LETTING_GO)
    await world.press(world.tom, message, "pulse_count:0", block_id=blocks_of(message, "pulse_count")[0])
    assert await world.rows(Pulse) == []
    await count(world, message, 1, 1)
    await world.press(world.tom, message, "trend_share")
    (enrollment,) = await world.rows(Enrollment)
    assert enrollment.letting_go_shared_at is None


@pytest.mark.long
async def test_what_was_not_asked_there_is_no_answer(world: World) -> None:
    """An area that this message does not ask about, a number that is none, a message without a pulse: nothing is written."""
    await begun(world)
    message = await until_asked(world, SURE)
    message_id, area, _ = value_of(message, "pulse_confidence:5").split(":")
    lesson = world.dms(world.maya)[0]
    menu = next(e for b in lesson.blocks for e in b.get("elements", ()) if "options" in e and e["type"] == "overflow")
    lesson_id = menu["options"][0]["value"].split(":")[1]
    made_up = [f"{message_id}:made-up:3", f"{message_id}:{area}:6", f"{lesson_id}:{area}:3", "made:up"]
    for value in (*made_up, f"{lesson_id}:talks_held:3", f"{message_id}:talks_held:3"):
        await world.press(world.maya, message, "pulse_confidence:5", force=True, value=value)
        await world.press(world.maya, message, "pulse_count:5", force=True, value=value)
    assert await world.rows(Pulse) == []


async def test_a_pause_brings_one_question_not_three(world: World) -> None:
    """Six weeks away, then back: what was missed is not asked after, and the next question is the only one of its kind."""
    await begun(world)
    await press_at_home(world, world.maya, "home_pause")
    await submit(world, world.maya, open_end=["open_end"])
    await world.pass_time(weeks=6)
    assert world.dms(world.maya) == []
    await press_at_home(world, world.maya, "home_resume")
    await world.pass_time(days=19)
    assert len(of_maya(world, SURE)) == 1
    assert len(of_maya(world, LETTING_GO)) == 1


async def test_without_a_mentor_there_is_nobody_to_share_with(world: World) -> None:
    """Maya has no mentor: her trend is hers, and has no button."""
    await world.enrol(f"{world.maya.email},,Autumn,2026-11-24")
    message = await until_asked(world, LETTING_GO)
    await count(world, message, 0, 0)
    assert "Only you see how this changes" in texts(message)
    assert "trend_share" not in pressable(message)


@pytest.mark.long
async def test_after_the_last_week_nothing_small_is_asked(world: World) -> None:
    """The 26 weeks are over: both questions are done, and are not asked again."""
    await begun(world)
    await world.pass_time(weeks=30)
    items = {item.kind: item for item in await world.rows(AgendaItem)}
    assert [items[kind].outcome for kind in ("pulse", "letting_go")] == ["the program is over"] * 2
    assert max(one.at for one in [*of_maya(world, SURE), *of_maya(world, LETTING_GO)]) < "2027-05-25"
