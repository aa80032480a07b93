"""Courtesies to someone who clicked: a modal that opens, a line that only they see. Losing one does no harm, as where Slack, or
the database, is away.

They run beside the listener, so that Slack hears «ok» as soon as the answer is on record.
"""

import asyncio
import logging
from collections.abc import Coroutine
from typing import Any

import aiohttp
from slack_sdk.errors import SlackClientError

from bot.records.database import AWAY

logger = logging.getLogger(__name__)


class Asides:
    """Tasks that nobody waits for, held so that they are not lost half-way."""

    def __init__(self) -> None:
        self._running: set[asyncio.Task[None]] = set()

    def start(self, call: Coroutine[Any, Any, Any]) -> None:
        """Let a call to Slack run beside what we are doing."""
        task = asyncio.create_task(_quietly(call))
        self._running.add(task)
        task.add_done_callback(self._running.discard)

    async def finish(self) -> None:
        """Wait for those under way."""
        await asyncio.gather(*self._running)


async def _quietly(call: Coroutine[Any, Any, Any]) -> None:
    try:
        await call
    except (SlackClientError, aiohttp.ClientError, TimeoutError, *AWAY) as error:
        logger.warning("a courtesy was lost: %s", type(error).__name__, extra={"action": "aside.lost"})
