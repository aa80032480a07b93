"""The picture of the way, done: it is said in words at once, and a worker puts the picture in their place.

So it is said exactly once, as everything else, and where no file can be uploaded the words stay. Slack looks through a file
before a block may show it: a redraw that comes too early is tried again, a post could not be. The file is shared with nobody,
only its message shows it; one that was uploaded twice, because a worker died in between, is seen by nobody.
"""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from functools import partial
from typing import Any
from uuid import UUID

from sqlmodel import col, or_, select
from sqlmodel.ext.asyncio.session import AsyncSession

from bot.curriculum.library import Library, Taught
from bot.delivery.jobs import Queue
from bot.delivery.outbox import Outbox
from bot.pictures import message as look
from bot.pictures import plot
from bot.pictures.pages import Page
from bot.pictures.rules import Told, Way, told
from bot.pictures.stands import Stands
from bot.pictures.ways import read_way
from bot.records import reading
from bot.records.database import Database
from bot.records.editions import Editions
from bot.records.tables import Message, Person
from bot.slack.access import Actor, person_of
from bot.slack.blocks import Block, Drawn
from bot.slack.files import Uploads
from bot.slack.saying_when import number

FILE_NAME = "way.png"


class NotSaidYet(Exception):
    """The message that the picture belongs to is still on its way: the job is tried again."""


@dataclass(frozen=True)
class Pictures:
    """The room's parts."""

    library: Library
    database: Database
    outbox: Outbox
    queue: Queue
    editions: Editions
    uploads: Uploads
    stands: Stands

    async def show(self, actor: Actor) -> bool:
        """Show someone their own way, once a minute at most; False if they have none (any more)."""
        async with self.database.transaction() as session:
            person = await person_of(session, actor)
            way = None if person is None or person.id is None else await reading.way_of_person(session, person.id)
            if way is None:
                return False
            now = self.outbox.clock.now()
            await self.say(session, way, key=f"picture:{way.enrollment.id}:{now:%Y%m%d%H%M}", now=now)
        return True

    async def say(self, session: AsyncSession, way: reading.Way, *, key: str, now: datetime) -> None:
        """Say someone's way in words, and have the picture made; nothing if that key was said before."""
        drawing = await read_way(session, way, self._taught(way), self.editions, now)
        message_id = await self.outbox.say(
            session,
            key=key,
            kind="picture",
            workspace_id=way.manager.workspace_id,
            person_id=way.manager.id,
            payload={"enrollment_id": way.enrollment.id, **_facts(drawing)},
            at_once=True,
        )
        is_withheld = self.uploads.scope.is_withheld(way.manager.workspace_id)
        if message_id is not None and not is_withheld and not drawing.is_empty:
            await self.queue.defer(session, "picture", [{"message_id": str(message_id)}])

    async def ask_for(self, session: AsyncSession, message_id: UUID) -> None:
        """Have the picture made for a message of another kind, which gets it into its payload: the way of the manager whom it
        names, or, in a digest, where those stand who show it."""
        await self.queue.defer(session, "picture", [{"message_id": str(message_id)}])

    def within(self, taught: Taught, payload: Mapping[str, Any]) -> list[Block]:
        """The picture as a part of such a message; nothing until it is there."""
        areas = [Told(**one) for one in payload.get("areas", ())]
        return look.within(taught.wording, areas, taught.language, payload.get("file_id"))

    async def make(self, message_id: str) -> None:
        """Draw the picture and put it into its message: a job, which may be done twice. Raises NotSaidYet."""
        async with self.database.transaction() as session:
            message = await session.get(Message, UUID(message_id))
            if message is None or message.payload.get("file_id"):
                return
            if self.uploads.scope.is_withheld(message.workspace_id):
                return
            page = await (self.stands.page if message.kind == "digest" else self._page)(session, message)
        if page is None:
            return
        png = await self.uploads.drawn(page.draw)
        if not await self._is_said(message.id):
            return
        file_id = await self.uploads.keep(message.workspace_id, FILE_NAME, png, title=page.title, alt=page.alt)
        if file_id is not None and not await self._put_in(message.id, file_id, page):
            await self.forget(file_id, message.workspace_id)

    async def _page(self, session: AsyncSession, message: Message) -> Page | None:
        """The way of the manager whom a message is about; None if there is nothing to draw."""
        way = await reading.way_of(session, message.payload["enrollment_id"])
        if way is None:
            return None
        taught = self._taught(way)
        drawing = await read_way(session, way, taught, self.editions, self.outbox.clock.now())
        if drawing.is_empty:
            return None
        labels, say = look.labels(taught.wording), partial(number, language=taught.language)
        alt = look.alt_text(taught.wording, told(drawing), taught.language)
        title = taught.wording.plain("picture.heading")
        return Page(partial(plot.draw, drawing, labels, say), alt, title, _facts(drawing))

    async def draw(self, session: AsyncSession, message: Message) -> Drawn:
        """The words, or the picture once it is there."""
        way = await reading.this_way(session, message.payload["enrollment_id"])
        taught = self._taught(way)
        areas = [Told(**one) for one in message.payload["areas"]]
        return look.picture(taught.wording, areas, taught.language, message.payload.get("file_id"))

    async def forget_all(self, session: AsyncSession, person_id: int) -> None:
        """Have all pictures of someone deleted from Slack, once this transaction is committed: for an erasure.

        Also those in which they stand beside others, in their mentor's digests.
        """
        payload = col(Message.payload)
        file_id = payload["file_id"].astext  # in messages of any kind
        person = await session.get_one(Person, person_id)
        of_them = or_(col(Message.person_id) == person_id, payload.contains({"people": [{"manager_id": person_id}]}))
        files = await session.exec(select(file_id).where(of_them, file_id.is_not(None)))
        await self.queue.defer(
            session, "forget_picture", [{"workspace_id": person.workspace_id, "file_id": one} for one in files]
        )

    async def forget(self, file_id: str, workspace_id: str = "") -> None:
        """Delete a picture from Slack: a job. Gone already is as good."""
        await self.uploads.take_back(workspace_id, file_id)

    async def _is_said(self, message_id: UUID) -> bool:
        """Whether there is a message to put a picture into; NotSaidYet if there may still come one."""
        async with self.database.transaction() as session:
            message = await session.get(Message, message_id)
        if message is not None and message.state in ("waiting", "sending"):
            raise NotSaidYet
        return message is not None and message.ts is not None

    async def _put_in(self, message_id: UUID, file_id: str, page: Page) -> bool:
        """Have the message drawn anew with its picture; False if it is gone, or has got one meanwhile."""
        async with self.database.transaction() as session:
            message = await session.get(Message, message_id, with_for_update=True)
            if message is None or message.payload.get("file_id"):
                return False
            message.payload = {**message.payload, **page.facts, "file_id": file_id}
            session.add(message)
            await self.outbox.refresh(session, message_id)
        return True

    def _taught(self, way: reading.Way) -> Taught:
        return reading.taught_for(self.library.current, way.manager)


def _facts(drawing: Way) -> dict[str, Any]:
    """What the words are made of: kept with the message, so that they say the same as the picture."""
    return {"areas": [] if drawing.is_empty else [asdict(one) for one in told(drawing)]}
