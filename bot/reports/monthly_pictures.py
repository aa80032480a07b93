"""The two pictures of a monthly report: a worker draws them, and puts them below the words that were said."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from uuid import UUID

from bot.delivery.outbox import Outbox
from bot.records.database import Database
from bot.records.tables import Message
from bot.reports import monthly_message as look
from bot.reports import plots
from bot.reports.figures import Change
from bot.reports.monthly import Monthly
from bot.reports.plots import Labels, Plot
from bot.slack.files import Uploads


@dataclass(frozen=True)
class Illustrations:
    """The parts of it."""

    monthly: Monthly
    database: Database
    outbox: Outbox
    uploads: Uploads

    async def make(self, message_id: str) -> None:
        """Draw the pictures of a report and put them in: a job, which may be done twice."""
        async with self.database.transaction() as session:
            message = await session.get(Message, UUID(message_id))
            if message is None or message.payload.get("files") or self.uploads.scope.is_withheld(message.workspace_id):
                return
            shown = await self.monthly.shown(session, message)
        files = await self._files(message.workspace_id, shown)
        if files and not await self._put_in(message.id, files):
            for one in files.values():
                await self.uploads.take_back(message.workspace_id, one)

    async def _files(self, workspace_id: str, shown: look.Shown) -> dict[str, str]:
        """Slack's ids of the pictures, which are shared with nobody; none where the app may not upload files."""
        title, files = shown.words.plain("report.heading", cohort=shown.cohort), {}
        for name, png in (await self.uploads.drawn(partial(pictures, shown))).items():
            alt = look.alt_text(shown, name)
            file_id = await self.uploads.keep(workspace_id, f"{name}.png", png, title=title, alt=alt)
            if file_id is None:
                return {}
            files[name] = file_id
        return files

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
