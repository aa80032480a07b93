"""Finding lessons by words, over what is taught right now."""

import pytest

from bot.records.finding import Found, find_lessons
from tests.world import World


async def found(world: World, asked: str) -> list[Found]:
    """What the program finds for these words."""
    lessons = world.house.library.current.curriculum.lessons
    async with world.house.database.transaction() as session:
        return await find_lessons(session, lessons, asked, language="en")


@pytest.mark.parametrize(
    ("asked", "lesson"),
    [
        ("discount", "contracting-04-discount-spine"),
        ("interviews", "talent-03-structured-interview"),
        ("how do I give recognition to my team", "performance-02-recognition"),
        ("capacity hiring quota", "planning-03-capacity"),
    ],
)
async def test_a_few_words_find_the_lesson(world: World, asked: str, lesson: str) -> None:
    """Words in any form, also a whole sentence, lead to the lesson about them, with the place in it."""
    hits = await found(world, asked)
    assert lesson in [one.lesson_id for one in hits], hits
    assert len(hits) <= 3
    assert all(one.snippet for one in hits)


@pytest.mark.parametrize("asked", ["", "the of and", "' OR '; --", "\x00", "!!! & | :*", "жбщ 漢字 👋", "zzzz" * 2000])
async def test_nothing_is_found_for_what_means_nothing(world: World, asked: str) -> None:
    """Whatever is typed is words, never a query; nothing breaks."""
    assert await found(world, asked) == []
