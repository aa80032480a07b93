"""Everything that people read, said through the stand-in, which refuses what Slack would refuse: in each language."""

from collections.abc import AsyncIterator, Iterator
from datetime import UTC, datetime
from typing import Any

import aiohttp
import pytest
from slack_sdk.web.async_client import AsyncWebClient

from bot.authoring import desk
from bot.curriculum.library import Words
from bot.curriculum.model import Check, Choice, Lesson, Scale
from bot.curriculum.phrases import PHRASES
from bot.sandbox.server import Sandbox
from bot.slack.blocks import Block, reading
from tests.content.makers import CONTENT
from tests.content.sample import TODAY

NOW = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)
MOST_BLOCKS = 50  # of a message


@pytest.fixture(scope="module")
def shipped() -> desk.Desk:
    """What ships."""
    return desk.look(CONTENT, today=TODAY, cache={}, words=Words())


@pytest.fixture
async def slack() -> AsyncIterator[AsyncWebClient]:
    """A stand-in with a reader."""
    sandbox = Sandbox(now=lambda: NOW)
    sandbox.add_person(id="U0MAYA", name="Maya Horvat", email="maya@example.com", tz="Europe/Ljubljana")
    await sandbox.start()
    async with aiohttp.ClientSession() as session:
        yield AsyncWebClient(sandbox.bot_token, base_url=sandbox.api_url, session=session, retry_handlers=[])
    await sandbox.stop()


@pytest.mark.parametrize("language", ["en", "sl"])
async def test_slack_takes_every_lesson_with_every_feedback(
    shipped: desk.Desk, slack: AsyncWebClient, language: str
) -> None:
    """Each lesson with its questions, and with each of the answers that can be given: nothing is too long, or too much."""
    said = 0
    for path, file in shipped.lessons.items():
        assert file.lesson is not None
        for given in _ways_to_answer(file.lesson):
            drawn = desk.lesson(shipped, path, language, given)
            assert 0 < drawn["size"] <= drawn["limit"], f"{path} {given}"
            await _say(slack, drawn["blocks"])
            said += 1
    assert said > 4 * len(shipped.lessons)


@pytest.mark.parametrize("language", ["en", "sl"])
async def test_slack_takes_every_word(shipped: desk.Desk, slack: AsyncWebClient, language: str) -> None:
    """Each area with its cases, and each wording with the most awkward names in it."""
    for area in shipped.folder.areas:
        await _say(slack, desk.area(shipped, area.id, language)["blocks"])
    for kind in PHRASES:
        blocks = desk.words(shipped, kind, language)["blocks"]
        for start in range(0, len(blocks), MOST_BLOCKS):
            await _say(slack, blocks[start : start + MOST_BLOCKS])


def test_these_are_all_languages(shipped: desk.Desk) -> None:
    """A language that is added is to be said here, too."""
    assert shipped.taught is not None
    assert shipped.taught.languages == ("en", "sl")


def _ways_to_answer(lesson: Lesson) -> Iterator[dict[str, dict[str, Any]]]:
    """No answer; and each answer to each question, all other questions being open."""
    yield {}
    for check in lesson.checks:
        for answer in _answers(check):
            yield {check.id: answer}


def _answers(check: Check) -> Iterator[dict[str, Any]]:
    match check:
        case Choice(options=options):
            yield from ({"options": [option.id], "confidence": "sure"} for option in options)
            yield {"options": [option.id for option in options], "confidence": "guess"}
        case Scale():
            yield from ({"value": value} for value in range(1, 6))
        case _:
            yield {"text": "<x> & " * 500}


async def _say(slack: AsyncWebClient, blocks: list[Block]) -> None:
    """Raises SlackApiError for what Slack would refuse."""
    await slack.chat_postMessage(channel="U0MAYA", text=reading(blocks)[:3900], blocks=blocks)
