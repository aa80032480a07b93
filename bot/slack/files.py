"""Files shared in a conversation, in Slack's three steps: so its id is on record before anyone sees it."""

from dataclasses import dataclass

import aiohttp
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

NO_SCOPE = frozenset({"missing_scope", "not_allowed_token_type"})
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
