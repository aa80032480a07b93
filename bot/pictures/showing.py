"""Pictures below the words that they belong to: in a message of their own, which is said once, as everything else.

Never by an update of those words: Slack takes it, and shows «file not found» for a picture that no message of that conversation
showed before (slackapi/java-slack-sdk#1441, slackapi/bolt-python#1295). So where no file can be uploaded the words are all
there is. The file is shared with nobody, only its message shows it; one that was uploaded twice, because a worker died in
between, is seen by nobody.
"""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID

from sqlmodel import select
from sqlmodel.ext.asyncio.session import AsyncSession

from bot.agenda.clock import wall
from bot.delivery.lines import Later
from bot.delivery.outbox import Outbox
from bot.pictures import message as look
from bot.records.database import Database
from bot.records.tables import Message
from bot.slack.blocks import Drawn
from bot.slack.files import Uploads
from bot.slack.pages import Page, Picture

KIND = "shown"
# Real time: how soon, and how late at most, it is looked whether a message has been said by now.
SOON, LATEST = timedelta(seconds=3), timedelta(minutes=10)

# What there is to draw below a message; None if there is nothing (any more).
ReadPage = Callable[[AsyncSession, Message], Awaitable[Page | None]]


@dataclass(frozen=True)
class Showing:
    """The parts of it."""

    database: Database
    outbox: Outbox
    uploads: Uploads

    async def below(self, message_id: UUID, read: ReadPage) -> None:
        """Draw the pictures of a message, upload them and say them; may be done twice. Raises Later while it is on its way."""
        async with self.database.transaction() as session:
            message = await session.get(Message, message_id)
            if message is None or await self._is_over(session, message):
                return
            self._wait_for(message)
            page = await read(session, message)
        if page is None:
            return
        pictures = await self.uploads.drawn(page.draw)
        if not await self._is_said(message_id):
            return
        files = await self._uploaded(message.workspace_id, page, pictures)
        if files and not await self._say(message_id, page, files):
            for one in files:
                await self.uploads.take_back(message.workspace_id, one["file_id"])

    async def draw(self, session: AsyncSession, message: Message) -> Drawn:  # noqa: ARG002 — as every renderer
        """The pictures, with nothing that may change."""
        return look.shown(message.payload["title"], message.payload["pictures"])

    async def _is_over(self, session: AsyncSession, message: Message) -> bool:
        """Whether its pictures are said already, or can't be."""
        if self.uploads.scope.is_withheld(message.workspace_id):
            return True
        said = select(Message.id).where(Message.workspace_id == message.workspace_id, Message.key == _key(message.id))
        return (await session.exec(said)).first() is not None

    async def _is_said(self, message_id: UUID) -> bool:
        """Whether there is a message to say them below; Later if there may still come one."""
        async with self.database.transaction() as session:
            message = await session.get(Message, message_id)
        if message is not None and message.state in ("waiting", "sending"):
            raise Later(wall() + SOON)
        return message is not None and message.ts is not None

    def _wait_for(self, message: Message) -> None:
        """Later, if it is put off: then nothing is drawn before it is about to be said, which may be tomorrow morning. Nor, again
        and again, for one that was to have been said by now, and is in doubt."""
        if message.state == "sending" and message.tried_at is not None and wall() - message.tried_at > SOON:
            raise Later(wall() + SOON)
        clock = self.outbox.clock
        ahead = (message.send_at - clock.now()) / clock.span(1.0) * timedelta(seconds=1)  # as real time
        if message.state == "waiting" and ahead > SOON:
            raise Later(wall() + min(ahead, LATEST))

    async def _uploaded(self, workspace_id: str, page: Page, pictures: Sequence[Picture]) -> list[dict[str, Any]]:
        """What the message will show; nothing where the app may not upload files."""
        files = []
        for one in pictures:
            file_id = await self.uploads.keep(workspace_id, one.name, one.png, title=page.title, alt=one.alt)
            if file_id is None:
                return []
            files.append({"file_id": file_id, "alt": one.alt})
        return files

    async def _say(self, message_id: UUID, page: Page, files: Sequence[dict[str, Any]]) -> bool:
        """Write the message down; False if the words, or somebody whom it shows, are gone, or it was said meanwhile."""
        async with self.database.transaction() as session:
            words = await session.get(Message, message_id, with_for_update=True)
            if words is None or not set(page.of) <= set(words.payload.get("shares", ())):
                return False
            # Not at once: Slack looks through a file before a block may show it, and would only refuse it.
            said = await self.outbox.say(
                session,
                key=_key(message_id),
                kind=KIND,
                workspace_id=words.workspace_id,
                person_id=words.person_id,
                payload={"title": page.title, "pictures": list(files), "of": list(page.of)},
            )
        return said is not None


def _key(message_id: UUID) -> str:
    return f"{KIND}:{message_id}"
