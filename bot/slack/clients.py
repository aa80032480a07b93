"""Slack's clients: one for what creates, which never retries, and one for what may be done twice."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

import aiohttp
from slack_sdk.http_retry.builtin_async_handlers import AsyncConnectionErrorRetryHandler
from slack_sdk.web.async_client import AsyncWebClient

POSTING_TIMEOUT_SECONDS = 20


@dataclass(frozen=True)
class Clients:
    """`posting` for what would stand twice if it were repeated; `calm` for what would not."""

    posting: AsyncWebClient
    calm: AsyncWebClient


@asynccontextmanager
async def slack_clients(*, token: str, api_url: str) -> AsyncIterator[Clients]:
    """Both clients on one shared session: without it the SDK opens a connection for each call."""
    async with aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=0)) as session:
        yield Clients(
            posting=AsyncWebClient(
                token=token, base_url=api_url, session=session, retry_handlers=[], timeout=POSTING_TIMEOUT_SECONDS
            ),
            calm=AsyncWebClient(
                token=token,
                base_url=api_url,
                session=session,
                retry_handlers=[AsyncConnectionErrorRetryHandler()],
                timeout=POSTING_TIMEOUT_SECONDS,
            ),
        )
