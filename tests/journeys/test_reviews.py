"""Reviews: what was answered comes back, once a week and a few at a time; what was missed surely comes first."""

import itertools
import shutil
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import delete

from bot.curriculum.model import Choice
from bot.records.tables import Card, Review
from bot.sandbox.state import Message, Person
from tests.content.makers import a_copy, change
from tests.world import CONTENT, World, open_world, texts

FRIDAY = datetime(2026, 11, 27, 8, 0, tzinfo=UTC)  # nine in Ljubljana


def reviews_of(world: World, person: Person) -> list[Message]:
    """The reviews in someone's DM."""
    return [message for message in world.dms(person) if message.text.startswith("What stays")]


def lessons_of(world: World, person: Person) -> list[Message]:
    """The lessons in someone's DM."""
    return [message for message in world.dms(person) if "minutes · lesson" in texts(message)]


def rights(world: World) -> dict[str, bool]:
    """Of every option that is taught, whether it is right."""
    return {
        option.text: option.right
        for lesson in world.house.library.current.curriculum.lessons
        for check in lesson.checks
        if isinstance(check, Choice)
        for option in check.options
    }


def questions(message: Message) -> list[dict[str, Any]]:
    """The open questions of a message, in their order."""
    return [block for block in message.blocks if str(block.get("block_id", "")).startswith("pick:")]


async def choose(world: World, person: Person, message: Message, *, right: bool, how: str = "sure") -> None:
    """Answer the first open question of a lesson or a review."""
    block = questions(message)[0]
    element, known = block["elements"][0], rights(world)
    kind = element["action_id"].removesuffix("_pick")
    picked = next(one["value"] for one in element["options"] if known[one["text"]["text"]] is right)
    chosen = [picked] if element["type"] == "checkboxes" else picked
    row = message.blocks.index(block) + 1
    button = next(
        one["block_id"]
        for one in message.blocks[row:]
        if any(e.get("action_id") == f"{kind}_confidence:{how}" for e in one.get("elements", ()))
    )
    state = {block["block_id"]: {element["action_id"]: chosen}}
    await world.press(person, message, f"{kind}_confidence:{how}", block_id=button, state=state)


async def test_sure_and_wrong_comes_back_in_the_next_review(world: World) -> None:
    """Maya is sure and wrong on Tuesday, Tom sure and right: on Friday Maya is asked again, and Tom is not."""
    await world.enrol()
    await world.pass_time(days=1)
    await choose(world, world.maya, lessons_of(world, world.maya)[0], right=False)
    await choose(world, world.tom, lessons_of(world, world.tom)[0], right=True)
    await world.until(FRIDAY.replace(hour=20))
    (review,) = reviews_of(world, world.maya)
    assert review.at.startswith("2026-11-27T08:00")
    assert [one.lesson_id for one in await world.rows(Review)] == ["tracking-01-metrics-chain"]
    assert "Read the chain" in texts(review)
    assert reviews_of(world, world.tom) == []
    await choose(world, world.maya, review, right=True, how="think_so")
    assert "Done: *1 of 1*" in texts(review)
    assert "Friday 4 December" in texts(review)
    (row,) = await world.rows(Review)
    assert (row.correct, row.confidence) == (True, "think_so")


async def test_the_first_answer_of_a_review_counts(world: World) -> None:
    """Wrong at first; a second try from an old device changes nothing, and what is shown is the first one."""
    await world.enrol()
    await world.pass_time(days=1)
    await choose(world, world.maya, lessons_of(world, world.maya)[0], right=False)
    await world.until(FRIDAY.replace(hour=20))
    (review,) = reviews_of(world, world.maya)
    before = list(review.blocks)
    await choose(world, world.maya, review, right=False, how="guess")
    shown = texts(review)
    assert "Not quite" in shown
    review.blocks = before  # a device that has not heard of the answer yet
    await choose(world, world.maya, review, right=True)
    assert texts(review) == shown
    assert [(one.correct, one.confidence) for one in await world.rows(Review)] == [(False, "guess")]


@pytest.mark.long
async def test_what_waits_is_in_no_review(world: World) -> None:
    """A lesson left alone has the one reminder that it was promised: no review mentions it, and its button shows it once."""
    await world.enrol()
    await world.pass_time(days=1)
    left = lessons_of(world, world.maya)[0]
    for days in (2, 1, 6, 1, 6, 1, 6):
        await world.pass_time(days=days)  # to the Friday before the review, and to the day after it
        for message in (*lessons_of(world, world.maya)[1:], *reviews_of(world, world.maya)):
            while questions(message):
                await choose(world, world.maya, message, right=False)
    title = left.text.split("\n")[0]
    assert len(reviews_of(world, world.maya)) >= 3
    (nudge, *others) = [one for one in world.dms(world.maya) if f"«{title}»" in texts(one)]
    assert "the only reminder" in texts(nudge)
    assert others == [], "that was the only one"
    shown = len(lessons_of(world, world.maya))
    for _ in range(2):
        await world.press(world.maya, nudge, "attention_show")
    assert len(lessons_of(world, world.maya)) == shown + 1, "shown once, however often it is pressed"
    again = world.dms(world.maya)[-1]
    await choose(world, world.maya, again, right=True)
    assert "Right." in texts(left), "both copies take the answer"


@pytest.mark.long
async def test_five_at_most_and_areas_mixed(world: World) -> None:
    """After three weeks of misses more is due than fits: five questions, no two neighbours of one area, all shuffled anew."""
    await world.enrol(f"{world.maya.email},{world.ana.email},Autumn,2026-11-24")
    for _ in range(4):
        await world.pass_time(days=4)
        for message in lessons_of(world, world.maya):
            while questions(message):
                await choose(world, world.maya, message, right=False)
        await world.pass_time(days=3)
    review = reviews_of(world, world.maya)[-1]
    assert len(questions(review)) == 5
    lessons = {one.id: one for one in world.house.library.current.curriculum.lessons}
    rows = sorted(await world.rows(Review), key=lambda one: (one.asked_at, one.place))[-5:]
    areas = [lessons[one.lesson_id].area for one in rows]
    assert [one.place for one in rows] == [0, 1, 2, 3, 4]
    assert all(first != then for first, then in itertools.pairwise(areas)), areas
    assert len(set(areas)) > 2


@pytest.mark.long
async def test_another_revision_starts_anew(database_url: str, tmp_path: Path) -> None:
    """A lesson whose meaning changed is not asked again by what was answered before; an edit of its words alone is."""
    content = tmp_path / "content"
    shutil.copytree(CONTENT, content, ignore=shutil.ignore_patterns("*.sl.md"))
    async with open_world(database_url, content=content) as world:
        await world.enrol()
        await world.pass_time(days=1)
        for someone in (world.maya, world.tom):
            await choose(world, someone, lessons_of(world, someone)[0], right=False)
        path = content / "areas/sales-tracking/01-metrics-chain.md"
        path.write_text(path.read_text().replace("Orders are on plan.", "Orders are just on plan."))
        assert world.house.library.refresh()
        await world.until(FRIDAY.replace(hour=9))
        assert "Orders are just on plan." in texts(reviews_of(world, world.maya)[0])
        path.write_text(path.read_text().replace("revision: 1", "revision: 2"))
        assert world.house.library.refresh()
        await world.until(FRIDAY.replace(hour=20))
        assert reviews_of(world, world.tom) == [], "in New York it was not nine yet"
        await choose(world, world.maya, reviews_of(world, world.maya)[0], right=False)
        assert "Not quite" in texts(reviews_of(world, world.maya)[0]), "what was asked is still taken"
        await world.pass_time(days=7)
        assert len(reviews_of(world, world.maya)) == 1


@pytest.mark.long
async def test_the_cards_can_be_thrown_away(world: World) -> None:
    """All cards are deleted before a review: they are rebuilt from what was answered, and are equal to the last digit."""
    await world.enrol(f"{world.maya.email},{world.ana.email},Autumn,2026-11-24")
    for days in (1, 3, 3, 1, 2):
        await world.pass_time(days=days)
        for message in (*lessons_of(world, world.maya), *reviews_of(world, world.maya)):
            while questions(message):
                await choose(world, world.maya, message, right=days == 3, how="think_so")
    await world.until(FRIDAY + timedelta(days=7, hours=1))
    before = await cards(world)
    assert len(before) > 3
    async with world.house.database.transaction() as session:
        await session.execute(delete(Card))
    await world.pass_time(days=7)
    after = await cards(world)
    assert after == before


async def cards(world: World) -> dict[tuple[str, str], dict[str, Any]]:
    """What the scheduler keeps."""
    return {(one.lesson_id, one.check_id): one.model_dump() for one in await world.rows(Card)}


async def test_reviews_come_at_an_hour_at_which_people_work(database_url: str, tmp_path: Path) -> None:
    """People work in the afternoon, and nobody has set an hour for reviews: they come at that of the lessons, and not never."""
    content = a_copy(tmp_path)
    for old, new in (
        ('start: "08:30"', 'start: "12:00"'),
        ('  at: "09:00"\n', '  at: "14:00"\n'),  # of lessons
        ('  day: fri\n  at: "09:00"\n', "  day: fri\n"),
        ('  at: "11:00"\n', '  at: "12:30"\n'),
        ('day: mon\n  at: "08:30"', 'day: mon\n  at: "12:30"'),
    ):
        change(content, "program.yaml", old, new)
    async with open_world(database_url, content=content) as world:
        await world.enrol()
        await world.pass_time(days=1)
        await choose(world, world.maya, lessons_of(world, world.maya)[0], right=False)
        await world.until(FRIDAY.replace(hour=20))
        assert [one.at[:16] for one in reviews_of(world, world.maya)] == ["2026-11-27T13:00"]
