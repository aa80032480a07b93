"""When, in which language and how much: settings, pauses, and the one question when it stays quiet."""

import asyncio
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from bot.records.tables import Enrollment
from bot.records.tables import Person as PersonRow
from bot.sandbox.deliver import Delivered
from bot.sandbox.state import Message, Person
from tests.content.makers import a_copy, change
from tests.journeys.test_answers import answer_all, lesson_for_maya
from tests.journeys.test_home import home
from tests.journeys.test_welcome import modal, modal_text, welcome_for_maya
from tests.world import World, action_ids, open_world, texts

Filled = dict[str, dict[str, Any]]


async def settings_of(world: World, person: Person) -> None:
    """Someone opens their settings on the Home tab, or behind an old button of it."""
    await press_at_home(world, person, "home_settings")


async def press_at_home(world: World, person: Person, action_id: str) -> None:
    """Someone presses a button on their Home tab."""
    await home(world, person.id)
    view = world.sandbox.home(person.id)
    assert view is not None
    await world.sandbox.click_in_view(person.id, view["id"], action_id, value=action_id, force=True)
    await world.settle()


async def submit(world: World, person: Person, **fields: Any) -> Delivered:
    """Someone fills in the modal before them, and sends it."""
    filled: Filled = {block: {"pick": value} for block, value in fields.items()}
    delivered = await world.sandbox.submit(person.id, modal(world, person)["id"], filled)
    await world.settle()
    return delivered


async def maya(world: World) -> tuple[PersonRow, Enrollment]:
    """What is on record of Maya."""
    person = next(one for one in await world.rows(PersonRow) if one.slack_id == world.maya.id)
    return person, next(one for one in await world.rows(Enrollment) if one.person_id == person.id)


def days_of(messages: list[Message], of_kind: str) -> list[str]:
    """The moments (UTC) of those messages that hold these words."""
    return [message.at[:16] for message in messages if of_kind in texts(message)]


async def test_lessons_come_when_they_were_asked_for(world: World) -> None:
    """Before she begins Maya chooses Monday and Wednesday at two: the welcome says so, and her lessons keep to it."""
    message = await welcome_for_maya(world)
    await world.press(world.maya, message, "preferences_settings")
    await submit(world, world.maya, days=["mon", "wed"], at="14:00")
    assert "Saved" in modal_text(world, world.maya)
    assert "Monday and Wednesday at 14:00" in texts(message)
    await world.press(world.maya, message, "welcome_begin")
    await world.pass_time(days=8)
    lessons = days_of(world.dms(world.maya), "minutes · lesson")
    assert lessons == ["2026-11-25T13:00", "2026-11-30T13:00"]


async def test_a_lesson_that_is_planned_moves_with_the_settings(world: World) -> None:
    """Maya has begun, and takes one day a week instead of two: what was planned moves, and the modal says when it comes."""
    await world.enrol()
    await settings_of(world, world.maya)
    await submit(world, world.maya, days=["wed"], at="08:30")
    assert "Wednesday 25 November, 08:30" in modal_text(world, world.maya)
    await world.pass_time(days=14)
    assert days_of(world.dms(world.maya), "minutes · lesson") == ["2026-11-25T07:30", "2026-12-02T07:30"]
    await world.sandbox.command(world.maya.id, "/coach pause")
    await settings_of(world, world.maya)
    await submit(world, world.maya, days=["thu"], at="08:30")
    assert "Saved" in modal_text(world, world.maya)
    assert "next lesson" not in modal_text(world, world.maya), "none comes until she says so"


NARROWED = [  # what Maya chose, what of the working time changes afterwards, and when her lessons come from then on
    (
        {"days": ["wed"], "at": "08:30"},
        [('start: "08:30"', 'start: "09:00"')],
        ["2026-11-25T08:00", "2026-12-02T08:00"],
    ),
    ({"days": ["mon"], "at": "14:00"}, [("[mon, tue,", "[tue,")], ["2026-12-01T13:00", "2026-12-03T13:00"]),
]


@pytest.mark.long
@pytest.mark.parametrize(("chosen", "narrowed", "expected"), NARROWED)
async def test_a_choice_that_people_no_longer_work_at_gives_way(
    database_url: str,
    tmp_path: Path,
    chosen: dict[str, Any],
    narrowed: list[tuple[str, str]],
    expected: list[str],
) -> None:
    """Maya chose an hour, or a day, at which nobody works any more once L&D changed it: lessons come as the program says."""
    content = a_copy(tmp_path)
    async with open_world(database_url, content=content) as world:
        await world.enrol()
        await settings_of(world, world.maya)
        await submit(world, world.maya, **chosen)
        for old, new in (*narrowed, ('day: mon\n  at: "08:30"', 'day: tue\n  at: "09:00"')):  # the digest moves along
            change(content, "program.yaml", old, new)
        assert world.house.library.refresh()
        await world.pass_time(days=10)
        assert days_of(world.dms(world.maya), "minutes · lesson") == expected


async def test_more_days_than_there_are_lessons_are_refused_in_place(world: World) -> None:
    """Three days are one too many: the modal says so and keeps what was filled in; nothing is saved."""
    await world.enrol()
    await settings_of(world, world.maya)
    refused = await submit(world, world.maya, days=["mon", "tue", "wed"])
    assert refused.body is not None
    assert "at most 2" in refused.body["errors"]["days"]
    none = await submit(world, world.maya, days=[])
    assert none.body is not None
    assert "at least one" in none.body["errors"]["days"]
    assert (await maya(world))[1].lesson_days is None


async def test_what_was_not_changed_is_no_choice(world: World) -> None:
    """Whoever only looks and saves goes on following the program, should it change."""
    await world.enrol()
    await settings_of(world, world.maya)
    await submit(world, world.maya)
    person, enrollment = await maya(world)
    assert (enrollment.lesson_days, enrollment.lesson_at, person.language, person.country) == (None, None, None, None)


@pytest.mark.long
async def test_the_holidays_of_ones_own_country_are_kept(world: World) -> None:
    """In Austria 8 December is a holiday: Maya's lesson of that Tuesday comes on Thursday; and back «as my company»."""
    await world.enrol()
    await settings_of(world, world.maya)
    await submit(world, world.maya, country="AT")
    await world.pass_time(days=20)
    days = [one[:10] for one in days_of(world.dms(world.maya), "minutes · lesson")]
    assert "2026-12-08" not in days
    assert "2026-12-10" in days
    await settings_of(world, world.maya)
    await submit(world, world.maya, country="company")
    assert (await maya(world))[0].country is None


@pytest.mark.long
async def test_a_pause_is_quiet_until_its_day(world: World) -> None:
    """Maya pauses until the Thursday after next: nothing comes before, and Home says until when."""
    await world.enrol()
    await press_at_home(world, world.maya, "home_pause")
    await submit(world, world.maya, until="2026-12-03")
    assert "Thursday 3 December" in modal_text(world, world.maya)
    assert "Thursday 3 December" in await home(world, world.maya.id)
    await world.pass_time(days=20)
    assert min(message.at for message in world.dms(world.maya)).startswith("2026-12-03T08:00")


@pytest.mark.long
async def test_a_pause_without_an_end_ends_when_they_say_so(world: World) -> None:
    """Three weeks of nothing; then «go on again», and the next lesson comes on its day: one message, not six."""
    await world.enrol()
    await press_at_home(world, world.maya, "home_pause")
    await submit(world, world.maya, open_end=["open_end"])
    await world.pass_time(days=21)
    assert world.dms(world.maya) == []
    await press_at_home(world, world.maya, "home_resume")
    await world.pass_time(hours=6)
    assert len(world.dms(world.maya)) == 1
    person, _ = await maya(world)
    assert (person.paused_at, person.paused_until) == (None, None)


async def test_a_pause_without_an_end_names_no_next_lesson(world: World) -> None:
    """No day is promised on which nothing comes: not by Home, «today», the settings, or a lesson that is answered meanwhile."""
    lesson = await lesson_for_maya(world)
    assert "Next lesson" in await home(world, world.maya.id)
    await press_at_home(world, world.maya, "home_pause")
    await submit(world, world.maya, open_end=["open_end"])
    await answer_all(world, lesson)
    assert "Nothing else comes until you go on again" in texts(lesson)
    shown = await home(world, world.maya.id)
    assert "Next lesson" not in shown
    assert "Next review" not in shown
    assert "Paused: until you say so" in shown
    await world.sandbox.command(world.maya.id, "/coach today")
    await world.settle()
    assert "Paused: until you say so" in texts(world.dms(world.maya)[-1])
    await settings_of(world, world.maya)
    await submit(world, world.maya, days=["wed"], at="08:30")
    assert "Saved" in modal_text(world, world.maya)
    assert "next lesson" not in modal_text(world, world.maya)


async def test_a_mentor_who_pauses_finds_the_way_back(world: World) -> None:
    """Ana pauses by a word; her Home says so, and has the button that ends it, and those for her settings and her data."""
    await world.enrol()
    assert "home_pause" in await home(world, world.ana.id)
    await world.sandbox.command(world.ana.id, "/coach pause")
    paused = await home(world, world.ana.id)
    assert "Paused: until you say so" in paused
    assert "home_settings" in paused
    assert "home_privacy" in paused
    view = world.sandbox.home(world.ana.id)
    assert view is not None
    await world.sandbox.click_in_view(world.ana.id, view["id"], "home_resume")
    await world.settle()
    back = str(world.sandbox.state.homes[world.ana.id]["blocks"])
    assert "Paused" not in back
    assert "home_pause" in back


async def test_a_day_that_has_passed_is_no_day_to_come_back_on(world: World) -> None:
    """Today, yesterday and a day years away are refused in place; nothing is paused."""
    await world.enrol()
    await press_at_home(world, world.maya, "home_pause")
    for day in ("2026-11-24", "2026-11-23", "2031-01-01"):
        refused = await submit(world, world.maya, until=day)
        assert refused.body is not None
        assert "until" in refused.body["errors"]
    assert (await maya(world))[0].paused_at is None


async def test_a_mentor_has_fewer_settings_and_a_stranger_none(world: World) -> None:
    """Ana is asked for her holidays only; Zoe, behind a button that is not hers, gets a sentence."""
    await world.enrol()
    await settings_of(world, world.ana)
    blocks = [block["block_id"] for block in modal(world, world.ana)["blocks"]]
    assert "country" in blocks
    assert "days" not in blocks
    await submit(world, world.ana, country="AT")
    assert "Saved" in modal_text(world, world.ana)
    await settings_of(world, world.zoe)
    assert "You are not in the program" in modal_text(world, world.zoe)


async def until_it_is_quiet(world: World) -> Message:
    """Maya begins, answers nothing for two weeks, and is asked."""
    await world.enrol(f"{world.maya.email},{world.ana.email},Autumn,2026-11-24")
    await world.pass_time(days=15)
    (question,) = [message for message in world.dms(world.maya) if "it has been quiet" in texts(message)]
    return question


@pytest.mark.long
async def test_two_silent_weeks_bring_one_question(world: World) -> None:
    """Fourteen days after the first lesson Maya is asked, once; Ana never hears of it, whatever else she hears."""
    question = await until_it_is_quiet(world)
    assert question.at.startswith("2026-12-08T08:00")
    await world.pass_time(days=60)
    assert days_of(world.dms(world.maya), "it has been quiet") == [question.at[:16]]
    told = "\n".join(texts(message) for message in world.dms(world.ana))
    assert "quiet" not in told
    assert "Pause" not in told


@pytest.mark.long
async def test_an_answer_begins_the_count_anew(world: World) -> None:
    """Maya answers a lesson in the second week: she is asked two weeks later, not now."""
    await world.enrol()
    await world.pass_time(days=10)
    await answer_all(world, world.dms(world.maya)[-1])
    await world.pass_time(days=7)
    assert days_of(world.dms(world.maya), "it has been quiet") == []
    await world.pass_time(days=14)
    assert len(days_of(world.dms(world.maya), "it has been quiet")) == 1


async def test_one_lesson_a_week_from_now_on(world: World) -> None:
    """«Slower»: her lessons come once a week, and the question says so; a second choice changes nothing."""
    question = await until_it_is_quiet(world)
    before = len(days_of(world.dms(world.maya), "minutes · lesson"))
    await world.press(world.maya, question, "silence_slower")
    assert "One lesson a week" in texts(question)
    await world.press(world.maya, question, "silence_stop", force=True, value=slower_value(question))
    await world.pass_time(days=10)
    _, enrollment = await maya(world)
    assert (enrollment.slower, enrollment.stopped_at) == (True, None)
    assert len(days_of(world.dms(world.maya), "minutes · lesson")) - before == 1


async def test_a_stop_keeps_everything_and_can_be_taken_back(world: World) -> None:
    """«Stop»: nothing comes any more, and Home says so; there she goes on again, and gets the lesson that would have come."""
    question = await until_it_is_quiet(world)
    await world.press(world.maya, question, "silence_stop")
    told = len(world.dms(world.maya))
    await world.pass_time(days=10)
    assert len(world.dms(world.maya)) == told
    stopped = await home(world, world.maya.id)
    assert "Stopped. Nothing comes until you go on again" in stopped
    assert "Next lesson" not in stopped
    view = world.sandbox.home(world.maya.id)
    assert view is not None
    await world.sandbox.click_in_view(world.maya.id, view["id"], "home_resume")
    await world.settle()
    assert (await maya(world))[1].stopped_at is None
    assert "Next lesson" in str(world.sandbox.state.homes[world.maya.id]["blocks"])
    await world.pass_time(days=7)
    assert days_of(world.dms(world.maya)[told:], "minutes · lesson")


@pytest.mark.long
async def test_an_older_question_is_no_second_stop(world: World) -> None:
    """After two silences Maya stops, below the second question; a month later she presses «stop» below the first one, too."""
    first = await until_it_is_quiet(world)
    await answer_all(world, [one for one in world.dms(world.maya) if "minutes · lesson" in texts(one)][-1])
    await world.pass_time(days=40)
    asked = [one for one in world.dms(world.maya) if "it has been quiet" in texts(one)]
    assert len(asked) == 2
    await world.press(world.maya, asked[-1], "silence_stop")
    since = (await maya(world))[1].stopped_at
    await world.pass_time(days=30)
    await world.press(world.maya, first, "silence_stop")
    assert (await maya(world))[1].stopped_at == since


@pytest.mark.long
async def test_it_goes_on_as_it_is(world: World) -> None:
    """«Go on»: a click is an answer; if it stays quiet, she is asked again two weeks later and not before."""
    question = await until_it_is_quiet(world)
    await world.press(world.maya, question, "silence_go_on")
    assert "goes on as it is" in texts(question)
    await world.pass_time(days=9)
    assert len(days_of(world.dms(world.maya), "it has been quiet")) == 1
    await world.pass_time(days=28)
    assert len(days_of(world.dms(world.maya), "it has been quiet")) == 2


async def test_a_pause_answers_the_question_too(world: World) -> None:
    """«Pause» asks until when; once that is said, the question is answered, and nothing comes before that day."""
    question = await until_it_is_quiet(world)
    told = len(world.dms(world.maya))
    await world.press(world.maya, question, "silence_pause")
    assert "it has been quiet" in texts(question)
    assert "Paused" not in texts(question)
    await submit(world, world.maya, until="2026-12-17")
    assert "Paused" in texts(question)
    assert (await maya(world))[0].paused_until == date(2026, 12, 17)
    await world.pass_time(days=7)
    assert len(world.dms(world.maya)) == told


async def test_only_the_one_who_was_asked_can_choose(world: World) -> None:
    """Ana presses «stop» in Maya's message, and sends in a pause for it: nothing stops, and the question stays open."""
    question = await until_it_is_quiet(world)
    await world.press(world.ana, question, "silence_stop")
    await world.press(world.ana, question, "silence_pause")
    await submit(world, world.ana, open_end=["open_end"])
    person, enrollment = await maya(world)
    assert (enrollment.stopped_at, person.paused_at) == (None, None)
    assert "silence_go_on" in action_ids(question)


async def test_two_devices_choose_one_way(world: World) -> None:
    """«Slower» and «stop» at the same moment: one of them is done, and the question shows which."""
    question = await until_it_is_quiet(world)
    ways = ("silence_slower", "silence_stop")
    await asyncio.gather(*(world.sandbox.click(world.maya.id, question.channel, question.ts, way) for way in ways))
    await world.settle()
    _, enrollment = await maya(world)
    assert enrollment.slower is (enrollment.stopped_at is None)
    assert ("One lesson a week" in texts(question)) is enrollment.slower


def slower_value(question: Message) -> str:
    """What the buttons of the question carried: the message's own id."""
    menu = next(element for block in question.blocks for element in block.get("elements", ()) if "options" in element)
    return str(menu["options"][0]["value"]).split(":")[1]
