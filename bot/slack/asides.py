"""Courtesies to someone who clicked: a modal that opens, a line that only they see. Losing one does no harm, as where Slack, or
the database, is away.

They run beside the listener, so that Slack hears «ok» as soon as the answer is on record.
"""

import asyncio
import logging
from collections.abc import AsyncIterator, Coroutine
from contextlib import asynccontextmanager
from typing import Any

import aiohttp
from slack_sdk.errors import SlackClientError
from slack_sdk.web.async_client import AsyncWebClient

from bot.curriculum.library import Library
from bot.curriculum.wording import Wording
from bot.records.database import AWAY, Database
from bot.slack.access import Refused, actor_of, wording_for
from bot.slack.blocks import Block
from bot.slack.payloads import whisper

logger = logging.getLogger(__name__)


class Asides:
    """Tasks that nobody waits for, held so that they are not lost half-way."""

    def __init__(self, database: Database, library: Library) -> None:
        self._database, self._library = database, library
        self._running: set[asyncio.Task[None]] = set()

    def start(self, call: Coroutine[Any, Any, Any]) -> None:
        """Let a call to Slack run beside what we are doing."""
        task = asyncio.create_task(_quietly(call))
        self._running.add(task)
        task.add_done_callback(self._running.discard)

    def open(self, client: AsyncWebClient, body: dict[str, Any], view: Block) -> None:
        """Open a modal for who clicked."""
        self.start(client.views_open(trigger_id=body["trigger_id"], view=view))

    async def say(self, client: AsyncWebClient, body: dict[str, Any], sentence: str) -> None:
        """Say a sentence (a place in the words) that only who clicked sees."""
        self.start(whisper(client, body, (await self.words(body)).mrkdwn(sentence)))

    async def words(self, body: dict[str, Any]) -> Wording:
        """The words for who clicked, in their language."""
        return await wording_for(self._database, self._library, actor_of(body))

    @asynccontextmanager
    async def kindly(self, client: AsyncWebClient, body: dict[str, Any]) -> AsyncIterator[None]:
        """Where what is done here is refused, who clicked is told so."""
        try:
            yield
        except Refused as refused:
            await self.say(client, body, refused.sentence)

    async def finish(self) -> None:
        """Wait for those under way."""
        await asyncio.gather(*self._running)


async def _quietly(call: Coroutine[Any, Any, Any]) -> None:
    try:
        await call
    except (SlackClientError, aiohttp.ClientError, TimeoutError, *AWAY) as error:
        logger.warning("a courtesy was lost: %s", type(error).__name__, extra={"action": "aside.lost"})
