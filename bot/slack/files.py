"""Files of the app in Slack: kept for a message to show, or shared in a conversation.

The latter in Slack's three steps: so its id is on record before anyone sees it.
"""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, TypeVar

import aiohttp
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot.slack.clients import ClientOf
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


async def announce(client: AsyncWebClient, name: str, content: bytes) -> Announced:
    """Tell Slack that a file comes. Raises NoFiles."""
    try:
        answer = await client.files_getUploadURLExternal(filename=name, length=len(content))
    except SlackApiError as error:
        if error.response["error"] in NO_SCOPE:
            raise NoFiles from None
        raise
    return Announced(str(answer["file_id"]), str(answer["upload_url"]))


async def share(client: AsyncWebClient, one: Announced, content: bytes, *, title: str, channel: str) -> None:
    """Send its bytes, and share it: it then stands in that conversation. Raises NotUploaded, or Slack's own errors."""
    if client.session is None:
        raise ValueError("a client of ours has a session")
    within = aiohttp.ClientTimeout(total=client.timeout)
    async with client.session.post(one.upload_url, data=content, timeout=within) as answer:
        if answer.status != 200:
            raise NotUploaded(f"status {answer.status}")
    await client.files_completeUploadExternal(files=[{"id": one.file_id, "title": title}], channel_id=channel)


async def take_back(client: AsyncWebClient, file_id: str) -> None:
    """Delete a file, wherever it stands. Gone already is as good, and so is one that never came."""
    try:
        await client.files_delete(file=file_id)
    except SlackApiError as error:
        if error.response["error"] not in GONE | NO_SCOPE:
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
            if error.response["error"] not in NO_SCOPE:
                raise
            self.scope.withhold(workspace_id)
            return None
        files: list[dict[str, Any]] = answer["files"]
        return str(files[0]["id"])

    async def take_back(self, workspace_id: str, file_id: str) -> None:
        """Delete a file."""
        await take_back(await self.client_of(workspace_id), file_id)
