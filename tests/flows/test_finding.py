"""Finding lessons by words, over what is taught right now."""

from collections.abc import Sequence
from functools import partial
from typing import Any

import pytest

from bot.curriculum.markdown import to_mrkdwn
from bot.curriculum.model import Lesson
from bot.records.finding import Found, find_lessons
from tests.world import World

NAMES: dict[str, Any] = {
    "manager": {"first_name": "Maya"}, "mentor": {"first_name": "Ana"}, "cohort": {"name": "Autumn"},
    "company": {"name": "R&D", "currency": "€"},
}  # fmt: skip


async def found(world: World, asked: str, among: Sequence[Lesson] = ()) -> list[Found]:
    """What is found for these words: among all lessons of the program, where none are given."""
    taught = world.house.library.current
    lessons, fill = among or taught.curriculum.lessons, partial(taught.wording.fill, **NAMES)
    async with world.house.database.transaction() as session:
        return await find_lessons(session, lessons, asked, language="en", fill=fill)


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


async def test_what_is_found_reads_as_the_lesson_does(world: World) -> None:
    """Placeholders are filled, links and emphasis are plain words, and nothing is escaped before it is shown."""
    lesson = world.house.library.current.curriculum.lessons[0]
    body = to_mrkdwn(
        "A **zebra** of {{ company.name }} & sons costs {{ company.currency }}5, see [there](https://a.example)."
    )
    (one,) = await found(world, "zebra", [lesson.model_copy(update={"body": body, "example": ""})])
    assert one.snippet.startswith("… «zebra» of R&D & sons costs €5, see there.")


async def test_what_is_cut_out_says_so(world: World) -> None:
    """A place within a lesson has dots on both sides; one at its beginning has none before it."""
    within = next(one for one in await found(world, "discount") if one.lesson_id == "contracting-04-discount-spine")
    assert within.snippet.startswith("… ")
    assert within.snippet.endswith(" …")
    lesson = world.house.library.current.curriculum.lessons[0]
    (first,) = await found(
        world, "zebra", [lesson.model_copy(update={"body": "Zebras come first. " + "They graze. " * 99})]
    )
    assert not first.snippet.startswith("…")
    assert first.snippet.endswith(" …")


@pytest.mark.parametrize("asked", ["", "the of and", "' OR '; --", "\x00", "!!! & | :*", "жбщ 漢字 👋", "zzzz" * 2000])
async def test_nothing_is_found_for_what_means_nothing(world: World, asked: str) -> None:
    """Whatever is typed is words, never a query; nothing breaks."""
    assert await found(world, asked) == []
