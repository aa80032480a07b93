"""`/coach`, and plain words in the DM: everyone gets an answer, nobody an error."""

import asyncio
import itertools
from collections.abc import Awaitable, Callable

import pytest

from bot.coach.rules import understand
from bot.records.tables import Ask, LessonGiven, Message
from bot.slack.access import Actor
from tests.journeys.test_answers import lesson_for_maya
from tests.world import World, everything_in, texts


@pytest.mark.parametrize(
    ("text", "name", "words"),
    [
        ("", "help", ""),
        ("today", "today", ""),
        ("  ToDay! ", "today", ""),
        ("find discount rules", "find", "discount rules"),
        ("pause until Friday", "pause", "until friday"),
        ("pause", "pause", ""),
        ("resume", "resume", ""),
        ("?", "help", ""),
        ("ask Ana's raise? Größe!", "ask", "Ana's raise? Größe!"),
        ("Ask my Mentor  how I say NO", "ask", "how I say NO"),
        ("! ask my mentor about price", "ask", "about price"),
        ("ask first line\nsecond line", "ask", "first line\nsecond line"),
        ("vprašaj mentorja Kako?", "ask", "Kako?"),
    ],
)
def test_what_is_understood(text: str, name: str, words: str) -> None:
    """Commands in any case, with what stands behind them."""
    command = understand(text)
    assert (command.name, command.words) == (name, words)


@pytest.mark.parametrize(
    ("text", "meant"), [("tody", "today"), ("setings", "settings"), ("how do I coach someone who is stuck", None)]
)
def test_what_was_perhaps_meant(text: str, meant: str | None) -> None:
    """A slip of the finger is guessed; a sentence is not taken for one."""
    command = understand(text)
    assert (command.name, command.meant) == (None, meant)


@pytest.mark.long
@pytest.mark.parametrize(
    "text", ["x" * 40_000, "\x00", "👩‍👩‍👧‍👦", "‮חיפוש", "find", "find \n\t", "pause until the cows come home"]
)
async def test_anything_can_be_typed(world: World, text: str) -> None:
    """Long, empty, in any script: each gets a sentence."""
    await world.enrol()
    delivered = await world.sandbox.command(world.maya.id, f"/coach {text}")
    assert delivered.acked
    await world.settle()
    assert world.dms(world.maya)[-1].text


async def test_find_and_open_a_lesson(world: World) -> None:
    """Maya looks for interviews, opens a lesson that she has not had, and it counts as given: it never comes twice."""
    await world.enrol()
    await world.sandbox.command(world.maya.id, "/coach find interview questions")
    await world.settle()
    answer = world.dms(world.maya)[-1]
    assert "Same questions, scored apart" in texts(answer)
    await world.press(world.maya, answer, "coach_open")
    given = await world.rows(LessonGiven)
    assert len(given) == 1
    assert "You asked for this one" in world.dms(world.maya)[-1].text
    await world.press(world.maya, answer, "coach_open")
    assert len(await world.rows(LessonGiven)) == 1


async def test_a_lesson_is_found_before_the_program_begins(world: World) -> None:
    """Maya has not begun, and opens a lesson that she found: she reads what to do first, and none is given."""
    await world.enrol(begun=False)
    await world.sandbox.command(world.maya.id, "/coach find interview questions")
    await world.settle()
    await world.press(world.maya, world.dms(world.maya)[-1], "coach_open")
    assert "has not begun yet. Press _Begin_" in world.dms(world.maya)[-1].text
    assert await world.rows(LessonGiven) == []


async def test_a_click_below_an_answer_where_the_app_is_not(world: World) -> None:
    """Maya asks in her conversation with Tom, which the app is no part of, and a lesson is not taught any more: she reads it
    there, alone; and in her own DM if Slack takes no answer there any more."""
    await world.enrol()
    theirs = world.sandbox.state.without_bot([world.maya.id, world.tom.id])
    await world.sandbox.command(world.maya.id, "/coach find interview questions", theirs.id)
    (answer,) = world.sandbox.seen(theirs, world.maya.id)
    await world.press(world.maya, answer, "coach_open", value="gone:here", force=True)
    (_, whispered) = world.sandbox.seen(theirs, world.maya.id)
    assert "not taught any more" in whispered.text
    assert world.sandbox.seen(theirs, world.tom.id) == []
    assert world.dms(world.maya) == []
    world.sandbox.responses.clock = itertools.count(step=3600.0).__next__
    await world.press(world.maya, answer, "coach_open", value="gone:here", force=True)
    assert ["not taught any more" in one.text for one in world.dms(world.maya)] == [True]


async def test_plain_words_in_the_conversation(world: World) -> None:
    """Writing «today» does what the command does; anything else gets an honest answer with lessons. Each event once."""
    lesson = await lesson_for_maya(world)
    await world.sandbox.say(world.maya.id, lesson.channel, "today")
    await world.settle()
    assert "Waiting for you" in texts(world.dms(world.maya)[-1])
    await world.sandbox.say(world.maya.id, lesson.channel, "my best rep wants a bigger discount, what now")
    await world.sandbox.redeliver_last()
    await world.settle()
    replies = [one for one in await world.rows(Message) if one.kind == "reply"]
    assert len(replies) == 2
    last = world.dms(world.maya)[-1]
    assert "did not understand" in texts(last)
    assert "iscount" in texts(last)
    assert "bigger discount" not in str(replies[-1].payload), "what was typed is not kept"


async def test_words_with_a_file_are_heard(world: World) -> None:
    """Maya asks, with a picture of her pipeline: her words are kept, and she reads that the picture is not."""
    lesson = await lesson_for_maya(world)
    await world.sandbox.say(world.maya.id, lesson.channel, "ask Is this pipeline sound?", with_file=True)
    await world.settle()
    assert [one.text for one in await world.rows(Ask)] == ["Is this pipeline sound?"]
    answer = world.dms(world.maya)[-1]
    for told in (answer.text, texts(answer)):
        assert "Ana will read it" in told
        assert "Your file stays in Slack" in told


async def test_words_from_a_thread_are_heard(world: World) -> None:
    """Maya writes in the thread below a lesson, and has it sent to the conversation, too: she is answered as anywhere else."""
    lesson = await lesson_for_maya(world)
    await world.sandbox.say(world.maya.id, lesson.channel, "today", below=lesson.ts)
    await world.settle()
    assert "Waiting for you" in texts(world.dms(world.maya)[-1])


async def test_whoever_does_something_can_be_reached(world: World) -> None:
    """Slack said of Maya, once, that nobody of that name can be written to. She writes, and is answered; so it is whenever she
    opens Home, answers or presses something. Home drawn anew by others tells nothing of her."""
    lesson = await lesson_for_maya(world)
    option = next(o for b in lesson.blocks for e in b.get("elements", ()) for o in e.get("options", ()))

    deeds: list[Callable[[], Awaitable[object]]] = [
        lambda: world.sandbox.say(world.maya.id, lesson.channel, "today"),
        lambda: world.sandbox.open_home(world.maya.id),
        lambda: world.answer(world.maya, lesson, option["text"]["text"]),
        lambda: world.press(world.maya, lesson, "attention_tomorrow"),
    ]
    for does in deeds:
        await world.lose(world.maya)
        await world.house.rooms.homes.show(world.house.workspace_id, world.maya.id)
        assert await world.is_lost(world.maya)
        await does()
        await world.settle()
        assert not await world.is_lost(world.maya)
    (reply,) = [one for one in await world.rows(Message) if one.kind == "reply"]
    assert (reply.state, reply.error) == ("sent", None)


async def test_each_ask_is_kept_as_it_was_typed(world: World) -> None:
    """Maya asks twice in one minute, in her own letters; a command that is delivered again is one ask. What is longer than the
    modal takes is cut, and she reads so; and who reads it."""
    await world.enrol()
    await world.sandbox.command(world.maya.id, "/coach ask Ana's raise? Größe!")
    assert (await world.sandbox.redeliver_last()).acked
    await world.sandbox.command(world.maya.id, "/coach ask Who joins my first interview?")
    assert "Ana will read it" in world.dms(world.maya)[-1].text
    assert [one.text for one in await world.rows(Ask)] == ["Ana's raise? Größe!", "Who joins my first interview?"]
    said = "ask Is R&D <10% for jo@acme.test? <@U0TOM|tom> and <@U0ZOE|zoe> say so"
    await world.sandbox.command(world.maya.id, f"/coach {said}")
    await world.sandbox.say(world.maya.id, world.sandbox.state.open([world.maya.id]).id, said)
    assert [one.text for one in (await world.rows(Ask))[-2:]] == [
        "Is R&D <10% for jo@acme.test? @Tom Baker and @zoe say so",
        "Is R&D <10% for jo@acme.test? @Tom Baker and @U0ZOE say so",
    ]
    await world.sandbox.command(world.ana.id, "/coach brief <@U0MAYA|maya>")
    assert "Is R&amp;D &lt;10% for jo@acme.test? @Tom" in texts(world.dms(world.ana)[-1]), "escaped once"
    assert texts(world.dms(world.ana)[-1]).count("Who joins my first interview?") == 1, "and said once"
    await world.sandbox.command(world.maya.id, f"/coach ask {'long ' * 80}")
    assert "Ana will read the first 300 characters" in world.dms(world.maya)[-1].text
    assert len((await world.rows(Ask))[-1].text) == 300


@pytest.mark.long
async def test_pause_and_come_back(world: World) -> None:
    """Paused, nothing comes; resumed, the next lesson keeps to its slot."""
    await world.enrol()
    await world.sandbox.command(world.maya.id, "/coach pause 2 weeks")
    await world.pass_time(days=8)
    assert [one for one in world.dms(world.maya) if one.only_for is None] == []
    await world.sandbox.command(world.maya.id, "/coach resume")
    await world.settle()
    await world.pass_time(days=3)
    lessons = [one for one in await world.rows(LessonGiven) if one.enrollment_id == 1]
    assert len(lessons) == 1


async def test_a_crowd_of_commands_does_not_wait_for_itself(world: World) -> None:
    """Twelve commands at once, more than a process has connections: each is done within one at a time, and none waits in vain."""
    await world.enrol()
    actor, coach = Actor(world.house.workspace_id, world.maya.id), world.house.rooms.coach
    said = [*(f"ask number {number}" for number in range(9)), "picture", "pause 2 weeks", "resume"]
    async with asyncio.timeout(20):  # SQLAlchemy waits for thirty
        await asyncio.gather(
            *(coach.answer(actor, one, world.clock.now(), place=f"{place}") for place, one in enumerate(said))
        )
    assert len(await world.rows(Ask)) == 9
    await world.settle()


async def test_someone_without_a_part(world: World) -> None:
    """Zoe asks and gets a sentence; nothing is kept of her."""
    await world.enrol()
    await world.sandbox.command(world.zoe.id, "/coach progress")
    await world.settle()
    assert "not in the program" in world.dms(world.zoe)[-1].text


async def test_staff_are_not_sent_to_themselves(world: World) -> None:
    """Lena, who leads the program and is no manager, reads where her tools stand; her settings open, too."""
    await world.enrol()
    await world.house.meet_staff(world.house.workspace_id)
    await world.sandbox.command(world.lena.id, "/coach help")
    await world.settle()
    told = texts(world.dms(world.lena)[-1])
    assert "my Home tab" in told
    assert "ask your L&D team" not in told
    await world.sandbox.command(world.lena.id, "/coach settings")
    await world.settle()
    assert "holidays" in str(world.sandbox.modals(world.lena.id)[-1]["blocks"])


async def test_settings_open_from_the_command(world: World) -> None:
    """`/coach settings` opens the modal."""
    await world.enrol()
    await world.sandbox.command(world.maya.id, "/coach settings")
    await world.settle()
    (view,) = world.sandbox.modals(world.maya.id)
    assert "09:00" in everything_in(view["blocks"])


async def test_too_many_commands_in_a_minute(world: World) -> None:
    """After twenty Maya reads one kind sentence, then nothing; a minute later all is as before. Tom is always answered."""
    await world.enrol()
    for _ in range(21):
        delivered = await world.sandbox.command(world.maya.id, "/coach progress")
    assert "a lot in a minute" in str(delivered.body)
    assert not (await world.sandbox.command(world.maya.id, "/coach progress")).body
    channel = world.sandbox.state.open([world.maya.id])
    await world.sandbox.say(world.maya.id, channel.id, "progress")
    await world.settle()
    assert world.dms(world.maya)[-1].user == world.maya.id, "no answer to that either"
    assert (await world.sandbox.command(world.tom.id, "/coach progress")).body
    await world.pass_time(minutes=1)
    assert "a lot" not in str((await world.sandbox.command(world.maya.id, "/coach progress")).body)
