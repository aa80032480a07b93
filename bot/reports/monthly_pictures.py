"""The two pictures of a monthly report: a worker draws them, and puts them below the words that were said."""

import asyncio
import logging
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from slack_sdk.errors import SlackApiError

from bot.delivery.outbox import Outbox
from bot.records.database import Database
from bot.records.tables import Message
from bot.reports import monthly_message as look
from bot.reports import plots
from bot.reports.figures import Change
from bot.reports.monthly import Monthly
from bot.reports.plots import Labels, Plot
from bot.slack.clients import ClientOf
from bot.slack.files import NO_SCOPE, take_back

logger = logging.getLogger(__name__)


@dataclass
class Uploads:
    """The workspaces in which no file can be uploaded, as far as is known; and one at a time: plotting is not for threads."""

    refused_by: set[str] = field(default_factory=set)
    drawing: asyncio.Lock = field(default_factory=asyncio.Lock)


@dataclass(frozen=True)
class Illustrations:
    """The parts of it. `client` never retries: an upload twice is two files."""

    monthly: Monthly
    database: Database
    outbox: Outbox
    client_of: ClientOf
    uploads: Uploads = field(default_factory=Uploads)

    async def make(self, message_id: str) -> None:
        """Draw the pictures of a report and put them in: a job, which may be done twice."""
        async with self.database.transaction() as session:
            message = await session.get(Message, UUID(message_id))
            if message is None or message.payload.get("files") or message.workspace_id in self.uploads.refused_by:
                return
            shown = await self.monthly.shown(session, message)
        files = await self._files(message.workspace_id, shown)
        if files and not await self._put_in(message.id, files):
            client = await self.client_of(message.workspace_id)
            for one in files.values():
                await take_back(client, one)

    async def _files(self, workspace_id: str, shown: look.Shown) -> dict[str, str]:
        """Slack's ids of the pictures, which are shared with nobody; none where the app may not upload files."""
        async with self.uploads.drawing:
            drawn = await asyncio.to_thread(pictures, shown)
        files = {}
        for name, png in drawn.items():
            file_id = await self._upload(workspace_id, f"{name}.png", png, look.alt_text(shown, name), shown)
            if file_id is None:
                return {}
            files[name] = file_id
        return files

    async def _upload(self, workspace_id: str, name: str, png: bytes, alt: str, shown: look.Shown) -> str | None:
        title = shown.words.plain("report.heading", cohort=shown.cohort)
        try:
            client = await self.client_of(workspace_id)
            answer = await client.files_upload_v2(filename=name, content=png, title=title, alt_txt=alt)
        except SlackApiError as error:
            if error.response["error"] not in NO_SCOPE:
                raise
            self.uploads.refused_by.add(workspace_id)
            logger.info(
                "reports are said in words only: the scope files:write is missing", extra={"action": "reports.no_files"}
            )
            return None
        files: list[dict[str, Any]] = answer["files"]
        return str(files[0]["id"])

    async def _put_in(self, message_id: UUID, files: Mapping[str, str]) -> bool:
        """Have the message drawn anew with its pictures; False if it is gone, or has got them meanwhile."""
        async with self.database.transaction() as session:
            message = await session.get(Message, message_id, with_for_update=True)
            if message is None or message.payload.get("files"):
                return False
            message.payload = {**message.payload, "files": dict(files)}
            session.add(message)
            await self.outbox.refresh(session, message_id)
        return True


def pictures(shown: look.Shown) -> dict[str, bytes]:
    """The pictures as PNG, by name. It takes part of a second: not for the event loop."""
    labels = look.labels(shown.words)
    drawn = {
        look.ACTIVE: plots.active(dict(shown.told.active), shown.told.people, labels),
        look.AREAS: _areas(shown, labels),
    }
    return {name: plot.png() for name, plot in drawn.items() if plot is not None}


def _areas(shown: look.Shown, labels: Labels) -> Plot | None:
    told = shown.told
    if told.moved:
        changes = [Change(one.area_id, one.by, one.people, one.start, one.end) for one in told.moved]
        return plots.changes(changes, shown.areas, labels)
    right = {one.area_id: {week: share / 100 for week, share in one.weeks} for one in told.right}
    return plots.heat(right, shown.areas, labels)
