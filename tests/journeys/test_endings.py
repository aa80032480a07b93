"""The end: one last word after the last week, then and now beside each other, and reviews that go on only if asked for."""

import re
import shutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bot.records.audit import Doer
from bot.records.tables import Enrollment, Rating
from bot.sandbox.state import Message
from tests.journeys.test_answers import answer_all, promise_action
from tests.journeys.test_home import home
from tests.journeys.test_preferences import press_at_home, submit
from tests.journeys.test_reviews import choose, lessons_of, questions, reviews_of
from tests.journeys.test_welcome import AREAS, modal_text, rate, rate_all
from tests.world import CONTENT, World, action_ids, open_world, texts

BEGAN = datetime(2026, 11, 24, 6, 0, tzinfo=UTC)
WEEKS = 26


def endings(world: World) -> list[Message]:
    """The last words in Maya's DM."""
    return [message for message in world.dms(world.maya) if message.text.startswith("You made the step")]


async def enrol_maya(world: World) -> None:
    """Maya alone, with Ana as her mentor."""
    await world.enrol(f"{world.maya.email},{world.ana.email},Autumn,2026-11-24")


@asynccontextmanager
async def short_world(database_url: str, tmp_path: Path) -> AsyncIterator[World]:
    """A program of a week of lessons and a week of reviews."""
    content = tmp_path / "content"
    shutil.copytree(CONTENT, content)
    program = content / "program.yaml"
    words = program.read_text().replace("lesson_weeks: 16", "lesson_weeks: 1")
    program.write_text(words.replace("review_weeks: 10", "review_weeks: 1"))
    async with open_world(database_url, content=content) as world:
        await enrol_maya(world)
        yield world


async def at_the_end(world: World) -> Message:
    """Maya misses every question of her week, and comes to the end of it; her last word."""
    await world.until(BEGAN + timedelta(days=3))
    for message in lessons_of(world, world.maya):
        while questions(message):
            await choose(world, world.maya, message, right=False)
    await world.until(BEGAN + timedelta(weeks=2, hours=3))
    (ending,) = endings(world)
    return ending


@pytest.mark.long
async def test_the_last_word_after_twenty_six_weeks(world: World) -> None:
    """Silent but for one question, Maya is told once, in her 27th week, and not that she did lessons; then nothing comes."""
    await enrol_maya(world)
    await world.pass_time(days=1)
    (lesson,) = lessons_of(world, world.maya)
    await choose(world, world.maya, lesson, right=True)
    await world.until(BEGAN + timedelta(weeks=WEEKS))
    assert endings(world) == []
    await world.until(BEGAN + timedelta(weeks=WEEKS, days=1))
    (ending,) = endings(world)
    assert ending.at.startswith("2027-05-25T07:00"), "nine in Ljubljana, in summer time"
    assert "little room for lessons" in texts(ending), "she has finished none"
    assert "worth keeping up" not in texts(ending), "and begun none of their actions"
    everything = len(world.dms(world.maya))
    await world.pass_time(days=60)
    assert len(world.dms(world.maya)) == everything
    (enrollment,) = await world.rows(Enrollment)
    assert enrollment.ended_at is not None


@pytest.mark.long
async def test_then_and_now(database_url: str, tmp_path: Path) -> None:
    """At the end the areas are rated again: the last word shows both, asks no more, and counts what was tried."""
    async with short_world(database_url, tmp_path) as world:
        await world.pass_time(hours=3)
        (lesson,) = lessons_of(world, world.maya)
        await world.press(world.maya, lesson, "baseline_open", force=True, value="rate")
        await rate_all(world, 2)
        ending = await at_the_end(world)
        assert texts(ending).count("you said 2 at the start") == len(AREAS)
        await world.press(world.maya, ending, "baseline_again")
        assert "At the start you said 2." in modal_text(world, world.maya)
        await rate(world, AREAS[0], 4)
        await world.press(world.maya, ending, "ending_go_on")
        assert "baseline_again" in action_ids(ending), "she closed it after one area: the others are still asked"
        await world.press(world.maya, ending, "baseline_again")
        for area in AREAS[1:]:
            await rate(world, area, 4)
        assert texts(ending).count("you said 2, and now 4") == len(AREAS)
        assert "baseline_again" not in action_ids(ending)
        assert len(await world.rows(Rating)) == 2 * len(AREAS)


@pytest.mark.long
async def test_nothing_is_asked_after_the_end(database_url: str, tmp_path: Path) -> None:
    """Questions are due, but Maya has not said that she wants to go on: nothing comes; «no, thank you», and still nothing."""
    async with short_world(database_url, tmp_path) as world:
        ending = await at_the_end(world)
        asked = len(reviews_of(world, world.maya))
        await world.pass_time(days=14)
        assert len(reviews_of(world, world.maya)) == asked
        await world.press(world.maya, ending, "ending_enough")
        assert "goodbye for now" in texts(ending)
        assert "ending_go_on" not in action_ids(ending)
        everything = len(world.dms(world.maya))
        await world.pass_time(days=30)
        assert len(world.dms(world.maya)) == everything


@pytest.mark.long
async def test_the_weekly_questions_go_on(database_url: str, tmp_path: Path) -> None:
    """«Yes, once a week»: reviews come on Fridays, and nothing else; not by Ana's click; «no» from an old device ends it."""
    async with short_world(database_url, tmp_path) as world:
        ending = await at_the_end(world)
        asked = len(reviews_of(world, world.maya))
        await world.press(world.ana, ending, "ending_go_on")
        await world.pass_time(days=7)
        assert len(reviews_of(world, world.maya)) == asked
        await world.press(world.maya, ending, "ending_go_on")
        assert "once a week, a few questions" in texts(ending)
        everything = world.dms(world.maya)
        await world.pass_time(days=14)
        came = world.dms(world.maya)[len(everything) :]
        assert [one.at[:16] for one in came] == ["2026-12-18T08:00"], "the next Friday is Christmas"
        assert came[0].text.startswith("What stays")
        await world.press(world.maya, ending, "ending_enough", force=True, value="enough")
        await world.pass_time(days=30)
        assert len(world.dms(world.maya)) == len(everything) + len(came)


@pytest.mark.long
async def test_a_closed_cohort_asks_nothing_more(database_url: str, tmp_path: Path) -> None:
    """Maya's weekly questions go on when staff close her cohort: none comes any more, her «yes» from an old device brings none,
    and what she wrote is kept for two years from that day."""
    async with short_world(database_url, tmp_path) as world:
        ending = await at_the_end(world)
        await world.press(world.maya, ending, "ending_go_on")
        await world.pass_time(days=14)
        everything, closed = len(world.dms(world.maya)), world.clock.now()
        leading, by = world.house.rooms.cohorts.leading, Doer(world.house.workspace_id)
        assert await leading.close(by, "Autumn", closed) == 1
        await world.settle()
        assert "goodbye for now" in texts(ending)
        (way,) = await world.rows(Enrollment)
        assert (way.stopped_at, way.left_at) == (None, None), "she has come to the end, and nobody took her out"
        await world.pass_time(days=14)
        await world.press(world.maya, ending, "ending_go_on", force=True, value="go_on")
        assert "goodbye for now" in texts(ending)
        await world.pass_time(days=14)
        assert len(world.dms(world.maya)) == everything
        for days, left in ((729, 1), (731, 0)):
            await world.house.rooms.privacy.sweep(closed + timedelta(days=days))
            assert len(await world.rows(Enrollment)) == left, f"after {days} days"


@pytest.mark.long
async def test_what_was_tried_is_counted(database_url: str, tmp_path: Path) -> None:
    """Maya promises the actions of both her lessons, and does the first: one thing was tried. In Slovene levels have a comma."""
    async with short_world(database_url, tmp_path) as world:
        for days in (1, 2):
            await world.pass_time(days=days)
            await answer_all(world, lessons_of(world, world.maya)[-1])
            await promise_action(world, world.maya, lessons_of(world, world.maya)[-1])
        await world.pass_time(days=8)
        asking = next(one for one in world.dms(world.maya) if "follow_up_yes" in action_ids(one))
        await world.press(world.maya, asking, "follow_up_yes")
        ending = await at_the_end(world)
        assert "You did 2 lessons, and tried 1 thing at work" in texts(ending)
        assert "One thing is worth keeping up" in texts(ending), "both lessons are of one area"
        await world.sandbox.change_person(world.maya.id, locale="sl-SI")
        await world.press(world.maya, ending, "ending_enough")
        assert re.search(r"\d,\d od 5", texts(ending))


@pytest.mark.long
async def test_nothing_is_promised_that_does_not_come(database_url: str, tmp_path: Path) -> None:
    """A week of lessons and one of reviews. After the last lesson neither Home nor the settings name another one; after the last
    review neither it nor Home does, until Maya wants reviews to go on."""
    async with short_world(database_url, tmp_path) as world:
        await world.until(BEGAN + timedelta(days=3))
        assert len(lessons_of(world, world.maya)) == 2
        for message in lessons_of(world, world.maya):
            await answer_all(world, message)
        assert "Next lesson" not in await home(world, world.maya.id)
        await press_at_home(world, world.maya, "home_settings")
        await submit(world, world.maya, days=["wed"], at="09:00")
        assert modal_text(world, world.maya) == "✅ Saved."
        assert "Next review" in await home(world, world.maya.id)
        await world.until(BEGAN + timedelta(days=11))
        last = reviews_of(world, world.maya)[-1]
        assert last.at.startswith("2026-12-04")
        while questions(last):
            await choose(world, world.maya, last, right=False)
        assert "The next ones come" not in texts(last)
        assert "Next review" not in await home(world, world.maya.id)
        await world.until(BEGAN + timedelta(weeks=2, days=7))
        await world.press(world.maya, endings(world)[0], "ending_go_on")
        assert "Next review" in await home(world, world.maya.id)


@pytest.mark.long
async def test_nothing_is_promised_once_all_lessons_are_had(database_url: str, tmp_path: Path) -> None:
    """A program of five lessons and sixteen weeks: the fifth is the last one, as it says, and Home names no other."""
    content = tmp_path / "content"
    shutil.copytree(CONTENT, content)
    for lesson in content.glob("areas/*/[0-9]*.md"):
        if not lesson.name.startswith("01-"):
            lesson.unlink()
    async with open_world(database_url, content=content) as world:
        await enrol_maya(world)
        await world.until(BEGAN + timedelta(days=20))
        fourth, fifth = lessons_of(world, world.maya)[3:]
        for message in (fourth, fifth):
            await answer_all(world, message)
        assert "That was the last lesson" in texts(fifth)
        assert "Next lesson" not in await home(world, world.maya.id)
