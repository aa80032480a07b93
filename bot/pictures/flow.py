"""The picture of the way, done: it is said in words at once, and a worker says the picture below them."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from functools import partial
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement
from sqlmodel import col, or_, select
from sqlmodel.ext.asyncio.session import AsyncSession

from bot.curriculum.library import Library, Taught
from bot.delivery.jobs import Queue
from bot.delivery.outbox import Outbox
from bot.pictures import message as look
from bot.pictures import plot
from bot.pictures.rules import Told, Way, told
from bot.pictures.showing import ReadPage, Showing
from bot.pictures.ways import read_way
from bot.records import reading
from bot.records.database import Database
from bot.records.editions import Editions
from bot.records.tables import Message, Person
from bot.slack.access import Actor, person_of
from bot.slack.blocks import Drawn
from bot.slack.files import Uploads
from bot.slack.pages import Page, Picture
from bot.slack.saying_when import number

FILE_NAME = "way.png"


@dataclass(frozen=True)
class Pictures:
    """The room's parts. `pages` say what is drawn below messages of other kinds than those about a manager's way."""

    library: Library
    database: Database
    outbox: Outbox
    queue: Queue
    editions: Editions
    uploads: Uploads
    showing: Showing
    pages: Mapping[str, ReadPage]

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
            await self.ask_for(session, way.manager.workspace_id, message_id)

    async def ask_for(self, session: AsyncSession, workspace_id: str, message_id: UUID) -> None:
        """Have the pictures of a message made, and said below it."""
        await self.queue.defer(session, "picture", [{"workspace_id": workspace_id, "message_id": str(message_id)}])

    async def make(self, message_id: str) -> None:
        """Draw the pictures of a message and say them below it: a job, which may be done twice. Raises Later if it is to come."""
        await self.showing.below(UUID(message_id), self._read)

    async def _read(self, session: AsyncSession, message: Message) -> Page | None:
        """What there is to draw below a message: most kinds have the way of the manager whom they are about."""
        return await self.pages.get(message.kind, self._page)(session, message)

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

        def draw() -> list[Picture]:
            return [Picture(FILE_NAME, plot.draw(drawing, labels, say), alt)]

        return Page(draw, taught.wording.plain("picture.heading"))

    async def draw(self, session: AsyncSession, message: Message) -> Drawn:
        """The words."""
        way = await reading.this_way(session, message.payload["enrollment_id"])
        taught = self._taught(way)
        areas = [Told(**one) for one in message.payload["areas"]]
        return look.words_of(taught.wording, areas, taught.language)

    async def forget_all(self, session: AsyncSession, person_id: int) -> None:
        """Have all pictures of someone deleted from Slack, once this transaction is committed: for an erasure.

        Also those in which they stand beside others, below their mentor's digests.
        """
        person = await session.get_one(Person, person_id)
        way = await reading.way_of_person(session, person_id)
        payload = col(Message.payload)
        of_them = [col(Message.person_id) == person_id, payload.contains({"people": [{"manager_id": person_id}]})]
        if way is not None:
            of_them.append(payload.contains({"of": [way.enrollment.id]}))
        found = await session.exec(
            select(payload).where(Message.workspace_id == person.workspace_id, or_(*of_them), _has_files(payload))
        )
        files = [file_id for one in found for file_id in _files_in(one)]
        await self.queue.defer(
            session, "forget_picture", [{"workspace_id": person.workspace_id, "file_id": one} for one in files]
        )

    async def forget(self, file_id: str, workspace_id: str = "") -> None:
        """Delete a picture from Slack: a job. Gone already is as good."""
        await self.uploads.take_back(workspace_id, file_id)

    def _taught(self, way: reading.Way) -> Taught:
        return reading.taught_for(self.library.current, way.manager)


def _facts(drawing: Way) -> dict[str, Any]:
    """What the words are made of: kept with the message, so that they say the same as the picture."""
    return {"areas": [] if drawing.is_empty else [asdict(one) for one in told(drawing)]}


def _has_files(payload: Any) -> ColumnElement[bool]:
    """Older versions put a picture into a message of any kind, by its id alone."""
    has: ColumnElement[bool] = or_(payload.has_key("pictures"), payload.has_key("file_id"))
    return has


def _files_in(payload: Mapping[str, Any]) -> list[str]:
    older = [payload["file_id"]] if payload.get("file_id") else []
    return [*older, *(str(one["file_id"]) for one in payload.get("pictures", ()))]
