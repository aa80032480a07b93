"""Bad input: old modals, old buttons, made-up values, two devices, endless text. A kind sentence, or it just works."""

import asyncio
import logging
import shutil
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text

from bot.curriculum.model import Choice
from bot.records.tables import AgendaItem, Enrollment, LessonGiven, Rating, Response, Review
from bot.records.tables import Message as MessageRow
from bot.sandbox.state import Message, Person
from bot.slack.access import Actor
from tests.journeys.test_answers import answer_all, choice, first_lesson, lesson_for_maya, until_a_lesson_with
from tests.journeys.test_preferences import press_at_home, settings_of, submit
from tests.journeys.test_privacy import nowhere
from tests.journeys.test_welcome import AREAS, modal, modal_text, welcome_for_maya
from tests.world import CONTENT, World, action_ids, everything_in, open_world, option_of, texts

NOBODYS = "00000000-0000-0000-0000-000000000000"
WEEKS = 7 * 24


async def everything_on_record(world: World) -> dict[str, str]:
    """A fingerprint of each of our tables: the same as long as nothing is written."""
    async with world.house.database.transaction() as session:
        names = await session.execute(
            text(
                "SELECT table_name FROM information_schema.tables WHERE table_schema = 'public'"
                " AND table_type = 'BASE TABLE' AND table_name NOT LIKE 'procrastinate%'"
            )
        )
        found = {}
        for (name,) in names.all():
            row = await session.execute(
                text(f"SELECT md5(string_agg(t::text, ',' ORDER BY t::text)) FROM \"{name}\" t")
            )
            found[name] = str(row.scalar_one())
    return found


def broke(caplog: pytest.LogCaptureFixture) -> list[str]:
    """What was logged as broken. A refusal is a warning, and no word of what was sent stands in it."""
    return [record.getMessage() for record in caplog.records if record.levelno >= logging.ERROR]


def whispers(world: World, person: Person) -> str:
    """What only they were told, and the last thing in their DM."""
    return "\n".join(message.text for message in world.dms(person)[-3:])


async def erased(world: World, person: Person) -> None:
    """Someone had everything erased on another device; what they have open on this one is still before them."""
    await world.house.rooms.privacy.erase(Actor(world.house.workspace_id, person.id))
    await world.settle()


def picked(message: Message, place: int = 0) -> dict[str, dict[str, str]]:
    """What is picked in the first question of a message: the option that stands at that place."""
    block = next(one for one in message.blocks if str(one.get("block_id", "")).startswith("pick:"))
    element = block["elements"][0]
    return {block["block_id"]: {element["action_id"]: element["options"][place]["value"]}}


# Forged values


def made_up(message_id: str) -> list[str]:
    """Values that were never written here: too short, too long, not ids, ids of nothing, and numbers that nobody counts to."""
    parts = ["", "x", "a:b", "a:b:c", "a:b:c:d", "' OR 1=1", "🦊:q1:sure", "x" * 2000, f"{NOBODYS}"]
    parts += ["99999999999999999999:yes", "1:perhaps"]
    numbers = ("-1", "9", "99999999999999999999", "١")
    of_two = [f"{one}:{number}" for one in (NOBODYS, message_id) for number in numbers]
    return [*parts, *of_two, *(f"{pair}:{end}" for pair in of_two for end in ("9", "sure"))]


BUTTONS = (
    "check_confidence:sure", "check_scale:3", "check_write", "check_share", "check_unshare", "review_confidence:sure",
    "attention_later", "attention_tomorrow", "lesson_set_aside", "lesson_take_back", "silence_slower", "silence_stop",
    "silence_pause", "coach_open", "peers_met:yes",
)  # fmt: skip


def a_pick_for(value: str) -> dict[str, Any]:
    """Where something is picked already for a question with these ids, as a made-up client would have it."""
    options = [{"text": {"type": "plain_text", "text": "early"}, "value": "early"}]
    elements = [
        {"type": "radio_buttons", "action_id": f"{kind}_pick", "options": options, "initial_option": options[0]}
        for kind in ("check", "review")
    ]
    return {"type": "actions", "block_id": f"pick:{value.rpartition(':')[0]}", "elements": elements}


@pytest.mark.long
@pytest.mark.over_http
async def test_values_that_were_never_written_here(world: World, caplog: pytest.LogCaptureFixture) -> None:
    """Hundreds of made-up buttons, also with ids of Maya's own messages: nothing is written, nothing breaks."""
    lesson = await lesson_for_maya(world)
    await world.sandbox.say(world.maya.id, lesson.channel, "help")
    await world.settle()
    rows, lesson_id = await world.rows(MessageRow), await id_of_the_lesson(world)
    reply = next(one.id for one in rows if one.kind == "reply")
    before = await everything_on_record(world)
    values = [*made_up(str(reply)), str(reply), f"{lesson_id}:q1:perhaps", f"{lesson_id}:q9:sure", f"{lesson_id}:q1:7"]
    lesson.blocks = [*lesson.blocks, *(a_pick_for(value) for value in values)]
    world.sandbox.deliverer.ack_within = 60  # they all come at once, and each is answered in its turn
    clicks = [
        world.sandbox.click(
            world.maya.id, lesson.channel, lesson.ts, action_id, value=value, force=True, block_id="gone"
        )
        for action_id in BUTTONS
        for value in values
    ]
    assert {one.status for one in await asyncio.gather(*clicks)} <= {200, 400}
    await world.settle()
    assert await everything_on_record(world) == before
    assert broke(caplog) == []
    assert any("refused" in record.getMessage() for record in caplog.records)


@pytest.mark.over_http
async def test_choices_of_the_menu_that_there_are_not(world: World, caplog: pytest.LogCaptureFixture) -> None:
    """The menu with made-up choices, and its real ones about a message that has no menu: nothing comes of it."""
    lesson = await lesson_for_maya(world)
    await world.sandbox.say(world.maya.id, lesson.channel, "help")
    await world.settle()
    reply = next(one.id for one in await world.rows(MessageRow) if one.kind == "reply")
    before = await everything_on_record(world)
    for choice_ in (
        f"eat:{reply}",
        "why",
        f"why:{reply}",
        f"tomorrow:{reply}",
        f"why:{NOBODYS}",
        f"tomorrow:{NOBODYS}",
    ):
        await world.sandbox.click(
            world.maya.id, lesson.channel, lesson.ts, "attention_menu", selected=choice_, force=True
        )
    await world.settle()
    assert await everything_on_record(world) == before
    assert broke(caplog) == []


@pytest.mark.over_http
async def test_modals_that_were_never_opened(world: World, caplog: pytest.LogCaptureFixture) -> None:
    """Modals that carry made-up ids are sent in: none is taken, not even for the half of it that would fit."""
    lesson = await lesson_for_maya(world)
    forged: list[tuple[dict[str, Any], str, dict[str, Any]]] = []
    await press_at_home(world, world.maya, "home_pause")
    forged.append((modal(world, world.maya), "a:b", {"open_end": {"pick": ["open_end"]}}))
    forged.append((modal(world, world.maya), "x", {"until": {"pick": "2026-12-10"}}))
    await world.press(world.maya, lesson, "baseline_open", force=True, value="rate")
    step = modal(world, world.maya)
    level = {f"level:{AREAS[0]}": {"level": "3"}}
    forged += [(step, metadata, level) for metadata in ("", "0", f"x:{AREAS[0]}", f"0:{AREAS[1]}", f"26:{AREAS[0]}")]
    before = await everything_on_record(world)
    for view, metadata, filled in forged:
        world.sandbox.views.open(world.maya.id, {**view, "private_metadata": metadata})
        await world.sandbox.submit(world.maya.id, modal(world, world.maya)["id"], filled)
        await world.settle()
        assert await everything_on_record(world) == before, metadata
    assert broke(caplog) == []


@pytest.mark.over_http
async def test_two_answers_where_one_is_asked(world: World) -> None:
    """A question with one right answer gets two of its options: that is no answer to it, and Maya can still give hers."""
    lesson = await lesson_for_maya(world)
    options = choice(first_lesson(world)).options
    block, _ = option_of(lesson, options[0].text)
    several = {"type": "checkboxes", "action_id": "check_pick"}
    shown = next(one for one in lesson.blocks if one["block_id"] == block)
    shown["elements"][0] |= several
    await world.press(world.maya, lesson, "check_pick", block_id=block, selected=[one.id for one in options[:2]])
    await world.press(world.maya, lesson, "check_confidence:sure")
    assert await world.rows(Response) == []


# Two devices, and twice the same


async def test_two_devices_answer_one_question(world: World) -> None:
    """Two different answers at the same instant: one is on record, and it is the one that the lesson shows."""
    lesson = await lesson_for_maya(world)
    options = choice(first_lesson(world)).options
    both = [
        world.sandbox.click(
            world.maya.id, lesson.channel, lesson.ts, "check_confidence:sure", state=picked(lesson, place)
        )
        for place in (0, 1)
    ]
    assert all(one.acked for one in await asyncio.gather(*both))
    await world.settle()
    (response,) = await world.rows(Response)
    (kept,) = response.answer["options"]
    assert next(one.feedback for one in options if one.id == kept) in texts(lesson)


@pytest.mark.long
async def test_two_devices_in_a_review(world: World) -> None:
    """The same in a review, then once more from an old device: the first answer stands, whatever it was."""
    await world.enrol()
    review = await first_review(world)
    both = [
        world.sandbox.click(
            world.maya.id, review.channel, review.ts, "review_confidence:guess", state=picked(review, place)
        )
        for place in (0, 1)
    ]
    before = list(review.blocks)
    assert all(one.acked for one in await asyncio.gather(*both))
    await world.settle()
    kept = [(one.answer, one.confidence) for one in await world.rows(Review) if one.answered_at is not None]
    assert len(kept) == 1
    for someone in (world.maya, world.tom):
        review.blocks = before  # a device that has not heard of the answer yet
        await world.press(someone, review, "review_confidence:guess", state=picked(review, 2))
    assert [(one.answer, one.confidence) for one in await world.rows(Review) if one.answered_at is not None] == kept


async def test_two_devices_rate_one_area(world: World) -> None:
    """Two levels for one area, sent at once: one of them is on record, and both devices are led on to the second area."""
    message = await welcome_for_maya(world)
    await world.press(world.maya, message, "welcome_begin")
    one = modal(world, world.maya)
    world.sandbox.views.push(world.maya.id, one)
    send = [
        world.sandbox.submit(world.maya.id, view["id"], {f"level:{AREAS[0]}": {"level": level}})
        for view, level in zip(world.sandbox.modals(world.maya.id), ("2", "4"), strict=True)
    ]
    assert all(sent.acked for sent in await asyncio.gather(*send))
    assert [one.area_id for one in await world.rows(Rating)] == [AREAS[0]]
    assert all("2 of 5" in everything_in(view["blocks"]) for view in world.sandbox.modals(world.maya.id))


async def test_two_devices_begin_and_put_off(world: World) -> None:
    """«Begin» twice at once begins once; «tomorrow» twice brings the lesson back once, at the time that was named last."""
    message = await welcome_for_maya(world)
    begin = [world.sandbox.click(world.maya.id, message.channel, message.ts, "welcome_begin") for _ in range(2)]
    await asyncio.gather(*begin)
    await world.settle()
    assert len([one for one in await world.rows(AgendaItem) if one.key.startswith("lesson:")]) == 1
    await world.pass_time(days=7)
    lesson = next(one for one in world.dms(world.maya) if "lesson_set_aside" in action_ids(one))
    twice = [world.sandbox.click(world.maya.id, lesson.channel, lesson.ts, "attention_tomorrow") for _ in range(2)]
    await asyncio.gather(*twice)
    await world.pass_time(minutes=10)
    await world.press(world.maya, lesson, "attention_tomorrow")
    assert len([one for one in await world.rows(AgendaItem) if one.kind == "again"]) == 1
    await world.pass_time(days=1, hours=1)
    said = [one for one in world.dms(world.maya) if one.text == lesson.text]
    assert len(said) == 2, "the lesson, and once more"


async def test_whatever_comes_twice_is_done_once(world: World) -> None:
    """Each envelope of a morning is delivered again: a modal, a click, an event. Nothing is on record twice."""
    await world.enrol()
    lesson, reflecting = await until_a_lesson_with(world, "check_write")
    await world.press(world.maya, lesson, "check_write", block_id=reflecting)
    view = modal(world, world.maya)
    await world.sandbox.submit(world.maya.id, view["id"], {"reflection": {"text": "once"}})
    again = await world.sandbox.redeliver_last()
    assert again.acked
    assert "errors" not in (again.body or {}), "the same thought twice is one thought"
    await world.sandbox.say(world.maya.id, lesson.channel, "pause")
    for _ in range(2):
        await world.sandbox.redeliver_last()
    await world.settle()
    assert len(await world.rows(Response)) == 1
    assert len([one for one in await world.rows(MessageRow) if one.kind == "reply"]) == 1


# Left for a week, edited, erased


async def test_a_thought_that_comes_too_late(world: World) -> None:
    """A reflection was open for a week while another was kept: the first stands, and the second stays before her eyes."""
    await world.enrol()
    lesson, reflecting = await until_a_lesson_with(world, "check_write")
    await world.press(world.maya, lesson, "check_write", block_id=reflecting)
    old = modal(world, world.maya)
    await world.sandbox.submit(world.maya.id, old["id"], {"reflection": {"text": "kept in time"}})
    await world.settle()
    world.sandbox.views.open(world.maya.id, old)
    await world.pass_time(hours=WEEKS)
    view = modal(world, world.maya)
    late = await world.sandbox.submit(world.maya.id, view["id"], {"reflection": {"text": "a week later"}})
    assert late.body is not None
    assert "the first one stands" in late.body["errors"]["reflection"]
    assert "kept in time" in texts(lesson)
    assert [one.answer for one in await world.rows(Response)] == [{"text": "kept in time"}]


async def test_modals_of_an_account_that_is_gone(world: World, caplog: pytest.LogCaptureFixture) -> None:
    """Maya left all her modals open for a week, and is erased meanwhile: each ends in a sentence, and nothing comes back."""
    message = await welcome_for_maya(world)
    views = [await opened(world, message, door) for door in ("welcome_begin", "home_settings", "home_pause")]
    await world.pass_time(days=7)
    lesson = next(one for one in world.dms(world.maya) if "lesson_set_aside" in action_ids(one))
    await world.sandbox.command(world.maya.id, "/coach privacy")
    await world.settle()
    privacy = modal(world, world.maya)
    await erased(world, world.maya)
    before = await everything_on_record(world)
    for view, sentence in zip(views, ("not asked for this", *["You are not in the program"] * 2), strict=True):
        world.sandbox.views.open(world.maya.id, view)
        await world.sandbox.submit(world.maya.id, modal(world, world.maya)["id"], filled_for(view))
        await world.settle()
        assert sentence in modal_text(world, world.maya)
    await erase_once_more(world, privacy)
    for action_id in ("attention_tomorrow", "attention_later", "lesson_set_aside"):
        await world.press(world.maya, lesson, action_id, force=True)
        assert "someone else" in whispers(world, world.maya)
    assert await everything_on_record(world) == before
    assert await nowhere(world, "Maya")
    assert broke(caplog) == []


async def erase_once_more(world: World, privacy: dict[str, Any]) -> None:
    """Behind a privacy modal from before: «erase», and yes."""
    world.sandbox.views.open(world.maya.id, privacy)
    await world.sandbox.click_in_view(world.maya.id, modal(world, world.maya)["id"], "privacy_erase")
    await world.settle()
    await world.sandbox.submit(world.maya.id, world.sandbox.modals(world.maya.id)[-1]["id"])
    await world.settle()


async def opened(world: World, message: Message, door: str) -> dict[str, Any]:
    """The modal behind a button of a message, or of the Home tab."""
    if door.startswith("home_"):
        await press_at_home(world, world.maya, door)
    else:
        await world.press(world.maya, message, door)
    return modal(world, world.maya)


def filled_for(view: dict[str, Any]) -> dict[str, Any]:
    """What was filled in before it was left."""
    ids = {block["block_id"] for block in view["blocks"]}
    level, until = f"level:{AREAS[0]}", "until"
    return {level: {"level": "3"}} if level in ids else {until: {"pick": "2026-12-24"}} if until in ids else {}


async def test_the_home_tab_of_an_account_that_is_gone(world: World) -> None:
    """The tab was open on another device while Maya was erased: its buttons say a sentence, and write nothing."""
    await lesson_for_maya(world)
    await world.sandbox.open_home(world.maya.id)
    await world.settle()
    view = world.sandbox.home(world.maya.id)
    assert view is not None
    await erased(world, world.maya)
    world.sandbox.state.put_home(world.maya.id, view)
    before = await everything_on_record(world)
    for door in ("attention_show", "baseline_open", "home_settings", "home_pause", "home_seen", "home_privacy"):
        delivered = await world.sandbox.click_in_view(world.maya.id, view["id"], door)
        assert delivered.acked, door
        await world.settle()
    assert "someone else" in whispers(world, world.maya)
    assert await everything_on_record(world) == before


@pytest.mark.long
async def test_the_settings_of_a_week_ago(world: World) -> None:
    """The settings were open for a week while others were saved: sent now they are saved as they stand, or refused in place."""
    await world.enrol()
    await settings_of(world, world.maya)
    old = modal(world, world.maya)
    await submit(world, world.maya, days=["mon"], at="10:00")
    await world.pass_time(days=7)
    world.sandbox.views.open(world.maya.id, old)
    refused = await submit(world, world.maya, days=["mon", "wed", "fri"])
    assert refused.body is not None
    assert "at most 2" in refused.body["errors"]["days"]
    await submit(world, world.maya, days=["wed"], at="08:30")
    assert "Saved" in modal_text(world, world.maya)
    await press_at_home(world, world.maya, "home_pause")
    paused = modal(world, world.maya)
    await world.pass_time(days=9)
    world.sandbox.views.open(world.maya.id, paused)
    refused = await submit(world, world.maya)
    assert refused.body is not None
    assert "until" in refused.body["errors"], "the day that was proposed has passed meanwhile"


async def test_a_button_from_before_an_edit(database_url: str, tmp_path: Path) -> None:
    """The lesson is edited and one of its questions taken out, then the lesson itself: Maya answers what she was asked."""
    content = tmp_path / "content"
    shutil.copytree(CONTENT, content)
    async with open_world(database_url, content=content) as world:
        lesson = await lesson_for_maya(world)
        path = content / "areas/sales-tracking/01-metrics-chain.md"
        path.with_suffix(".sl.md").unlink(missing_ok=True)
        before, _, rest = path.read_text().partition("### q2")
        path.write_text(f"{before}## Do it{rest.partition('## Do it')[2]}")
        assert world.house.library.refresh()
        assert len(first_lesson(world).checks) == 1
        await world.press(world.maya, lesson, "check_write")
        await world.sandbox.submit(world.maya.id, modal(world, world.maya)["id"], {"reflection": {"text": "my number"}})
        await world.settle()
        for file in content.glob("areas/*/*.md"):
            file.write_text(file.read_text().replace("before: [tracking-01-metrics-chain]", "before: []"))
        path.unlink()
        assert world.house.library.refresh()
        await answer_all(world, lesson)
        assert len(await world.rows(Response)) == 2
        await world.press(
            world.maya, lesson, "attention_tomorrow", force=True, value=str(await id_of_the_lesson(world))
        )
        await world.pass_time(days=1, hours=2)
        assert any("my number" in texts(one) for one in world.dms(world.maya)[1:])


async def id_of_the_lesson(world: World) -> Any:
    """The id of Maya's first lesson as a message."""
    given = min(await world.rows(LessonGiven), key=lambda one: one.given_at)
    return given.message_id


async def test_a_button_of_someone_else(world: World) -> None:
    """Tom presses whatever stands in Maya's messages: he is told that it is hers, and nothing of hers changes."""
    lesson = await lesson_for_maya(world)
    before = await everything_on_record(world)
    for action_id in ("attention_later", "attention_tomorrow", "lesson_set_aside", "check_share"):
        value = str(await id_of_the_lesson(world)) + (":q1" if action_id == "check_share" else "")
        await world.press(world.tom, lesson, action_id, force=True, value=value)
    menu = next(e for block in lesson.blocks for e in block.get("elements", ()) if e["type"] == "overflow")
    for option in menu["options"][:2]:
        await world.press(world.tom, lesson, "attention_menu", selected=option["value"])
    assert world.sandbox.modals(world.tom.id) == []
    assert await everything_on_record(world) == before


# Whatever can be typed

TYPED = (
    ("emoji", "👩‍👩‍👧‍👦 went 🏔️"),
    ("right to left", "‮שלום‬ مرحبا"),
    ("markup", "*bold* <!channel> & <@U0TOM> `x` {{ mentor.first_name }}"),
    ("nothing but blanks that are none", "\u200b\u00a0a"),
    ("NUL and half a character", "be\x00fore \ud83d after"),
    ("40,000 characters", "&<long>" * 5714),
)


async def test_whatever_is_typed_is_kept(world: World, caplog: pytest.LogCaptureFixture) -> None:
    """Each kind of text is kept whole for its writer, shown harmlessly as far as Slack shows it, and taken along."""
    await world.enrol()
    lesson, reflecting = await until_a_lesson_with(world, "check_write")
    await world.press(world.maya, lesson, "check_write", block_id=reflecting)
    view = modal(world, world.maya)
    for name, typed in TYPED:
        async with world.house.database.transaction() as session:
            await session.execute(text("DELETE FROM response"))
        world.sandbox.views.open(world.maya.id, view)
        sent = await world.sandbox.submit(
            world.maya.id, modal(world, world.maya)["id"], {"reflection": {"text": typed}}
        )
        await world.settle()
        assert sent.acked, name
        assert world.sandbox.modals(world.maya.id) == [], name
        (response,) = await world.rows(Response)
        assert response.answer["text"] == typed.replace("\x00", "").replace("\ud83d", "").strip(), name
        assert "<!channel>" not in lesson.text + texts(lesson)
        assert "<long>" not in lesson.text + texts(lesson)
        assert "✍️" in texts(lesson), name
    await world.sandbox.command(world.maya.id, "/coach find \ud83d\x00 discount")
    await world.settle()
    assert broke(caplog) == []


async def test_a_time_zone_that_does_not_exist(world: World, caplog: pytest.LogCaptureFixture) -> None:
    """Slack names a zone that nobody knows: the program's own counts, everything can be opened, lessons come at nine there."""
    await world.enrol()
    for zone in ("Mars/Olympus", "../../etc/passwd", "Europe", ""):
        await world.sandbox.change_person(world.maya.id, tz=zone)
        await settings_of(world, world.maya)
        assert "09:00" in everything_in(modal(world, world.maya)["blocks"])
    await world.sandbox.change_person(world.ana.id, tz="Mars/Olympus")
    await world.pass_time(days=7)
    assert world.dms(world.maya)[0].at.startswith("2026-11-24T08:00")
    assert world.dms(world.ana)[0].at.startswith("2026-11-30T07:30")
    enrollments = await world.rows(Enrollment)
    assert len(enrollments) == 2
    assert broke(caplog) == []


async def first_review(world: World) -> Message:
    """Maya answers every lesson right away, wrong and sure where it can be; her first review."""
    for _ in range(4):
        await world.pass_time(days=4)
        for message in list(world.dms(world.maya)):
            if "check_pick" in action_ids(message):
                await miss_surely(world, message)
        for message in world.dms(world.maya):
            if any(one.startswith("review_confidence") for one in action_ids(message)):
                return message
    pytest.fail("no review came")


async def miss_surely(world: World, message: Message) -> None:
    """Answer a lesson's choices wrong, and be sure of it."""
    wrong = {
        option.text
        for lesson in world.house.library.current.curriculum.lessons
        for check in lesson.checks
        if isinstance(check, Choice)
        for option in check.options
        if not option.right
    }
    while "check_pick" in action_ids(message):
        shown = next(
            option["text"]["text"]
            for block in message.blocks
            for element in block.get("elements", ())
            if element.get("action_id") == "check_pick"
            for option in element["options"]
            if option["text"]["text"] in wrong
        )
        await world.answer(world.maya, message, shown)
