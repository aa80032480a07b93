"""Files of the app in Slack: kept for a message to show, or shared in a conversation.

The latter in Slack's three steps: so its id is on record before anyone sees it.
"""

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeVar

import aiohttp
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot.slack.clients import ClientOf
from bot.slack.refusals import word_of
from bot.slack.scopes import OptionalScope

NO_SCOPE = frozenset({"missing_scope", "not_allowed_token_type"})
Picture = TypeVar("Picture")
GONE = frozenset({"file_not_found", "file_deleted"})


class NoFiles(Exception):
    """The app may not upload files here."""


class NotUploaded(Exception):
    """The bytes did not arrive."""


@dataclass(frozen=True)
class Announced:
    """A file that Slack expects: nobody sees it before it is shared."""

    file_id: str
    upload_url: str
    title: str
    content: bytes = field(repr=False)


async def announce(client: AsyncWebClient, name: str, content: bytes, *, title: str) -> Announced:
    """Tell Slack that a file comes. Raises NoFiles."""
    try:
        answer = await client.files_getUploadURLExternal(filename=name, length=len(content))
    except SlackApiError as error:
        if word_of(error) in NO_SCOPE:
            raise NoFiles from None
        raise
    return Announced(str(answer["file_id"]), str(answer["upload_url"]), title, content)


async def share(client: AsyncWebClient, files: Sequence[Announced], *, channel: str) -> None:
    """Send their bytes and share them: they stand in that conversation, together. Raises NotUploaded, or Slack's own errors."""
    for one in files:
        await _send(client, one)
    told: list[dict[str, str | None]] = [{"id": one.file_id, "title": one.title} for one in files]
    await client.files_completeUploadExternal(files=told, channel_id=channel)


async def _send(client: AsyncWebClient, one: Announced) -> None:
    if client.session is None:
        raise ValueError("a client of ours has a session")
    within = aiohttp.ClientTimeout(total=client.timeout)
    async with client.session.post(one.upload_url, data=one.content, timeout=within) as answer:
        if answer.status != 200:
            raise NotUploaded(f"status {answer.status}")


async def take_back(client: AsyncWebClient, file_id: str) -> None:
    """Delete a file, wherever it stands. Gone already is as good, and so is one that never came."""
    try:
        await client.files_delete(file=file_id)
    except SlackApiError as error:
        if word_of(error) not in GONE | NO_SCOPE:
            raise


def _optional() -> OptionalScope:
    return OptionalScope("files:write", "pictures and times of meetings are said in words only", "files.off")


@dataclass(frozen=True)
class Uploads:
    """Pictures that are drawn here and shared with nobody: only a message shows them.

    `client_of` gives clients that never retry: an upload twice is two files.
    """

    client_of: ClientOf
    scope: OptionalScope = field(default_factory=_optional)
    _drawing: asyncio.Lock = field(default_factory=asyncio.Lock)

    async def drawn(self, draw: Callable[[], Picture]) -> Picture:
        """What `draw` gives, beside the event loop, and one at a time: plotting is not for threads."""
        async with self._drawing:
            return await asyncio.to_thread(draw)

    async def keep(self, workspace_id: str, name: str, content: bytes, *, title: str, alt: str) -> str | None:
        """Slack's id of the file; None where the app may not upload any."""
        client = await self.client_of(workspace_id)
        try:
            answer = await client.files_upload_v2(filename=name, content=content, title=title, alt_txt=alt)
        except SlackApiError as error:
            if word_of(error) not in NO_SCOPE:
                raise
            self.scope.withhold(workspace_id)
            return None
        files: list[dict[str, Any]] = answer["files"]
        return str(files[0]["id"])

    async def take_back(self, workspace_id: str, file_id: str) -> None:
        """Delete a file."""
        await take_back(await self.client_of(workspace_id), file_id)
