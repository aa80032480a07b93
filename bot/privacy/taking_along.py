"""What is kept of someone, sent to them: a sentence, and below it a page to read and the same for programs.

What creates something in Slack may not be done twice, and a job may die anywhere. So the ids of the files are on record, with the
sentence about them, before their bytes are sent: whoever is erased has them taken back, and a job that is done again takes back
those of which nobody knows the end.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from slack_sdk.web.async_client import AsyncWebClient
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from bot.curriculum.library import Library, Taught
from bot.delivery.jobs import Queue
from bot.delivery.outbox import Outbox
from bot.privacy import message as look
from bot.privacy.exporting import kept_of
from bot.records import reading
from bot.records.database import Database
from bot.records.editions import Editions
from bot.records.tables import Message, Person
from bot.slack import files
from bot.slack.access import Actor, person_of
from bot.slack.blocks import Drawn
from bot.slack.clients import ClientOf
from bot.slack.files import Announced, NoFiles

KIND, NO_FILES = "export", "no_files"


@dataclass(frozen=True)
class TakingAlong:
    """The parts of it. `client_of` gives clients that never retry: a file twice is two files."""

    library: Library
    database: Database
    outbox: Outbox
    queue: Queue
    editions: Editions
    client_of: ClientOf

    async def ask(self, actor: Actor) -> None:
        """Have someone's data sent to them, soon."""
        async with self.database.transaction() as session:
            person = await person_of(session, actor)
            if person is not None:
                about = {"workspace_id": actor.workspace_id, "person_id": person.id}
                await self.queue.defer(session, "export", [about])

    async def send(self, person_id: int) -> None:
        """Send someone their data as two files in their DM: a job, which may be done twice. Raises Slack's errors.

        Where files can't be sent, a sentence says what to do.
        """
        async with self.database.transaction() as session:
            person = await session.get(Person, person_id)
            if person is None:
                return
            taught = reading.taught_for(self.library.current, person)
            kept = as_files(taught, person, await kept_of(session, person, self.editions))
            unfinished = await _unfinished(session, person_id)
            earlier = [] if unfinished is None else [one["file_id"] for one in unfinished.payload["pictures"]]
        client = await self.client_of(person.workspace_id)
        for file_id in earlier:
            await files.take_back(client, file_id)
        try:
            announced = [
                await files.announce(client, name, content.encode(), title=name) for name, content in kept.items()
            ]
        except NoFiles:
            await self._say_no_files(person)
            return
        if await self._write_down(person, announced):
            await files.share(client, announced, channel=await _channel(client, person))
            await self._finish(client, person_id, announced)

    async def draw(self, session: AsyncSession, message: Message) -> Drawn:
        """The sentence above the files, or that files can't be sent here."""
        person = await session.get_one(Person, message.person_id)
        words = reading.taught_for(self.library.current, person).wording
        return look.here_it_is(words) if message.kind == KIND else look.no_files(words)

    async def _write_down(self, person: Person, announced: Sequence[Announced]) -> bool:
        """Have on record which files come, and say so; False if there is nobody (any more) to send them to."""
        theirs = [{"file_id": one.file_id} for one in announced]
        async with self.database.transaction() as session:
            if await session.get(Person, person.id, with_for_update={"key_share": True, "read": True}) is None:
                return False
            unfinished = await _unfinished(session, person.id or 0)
            if unfinished is not None:
                unfinished.payload = {**unfinished.payload, "pictures": [*unfinished.payload["pictures"], *theirs]}
                return True
            key = f"{KIND}:{person.id}:{announced[0].file_id}"  # Slack's ids are each workspace's own
            await self._say(session, person, KIND, key, {"pictures": theirs, "is_shared": False})
        return True

    async def _finish(self, client: AsyncWebClient, person_id: int, shared: Sequence[Announced]) -> None:
        """They are there. Who was erased meanwhile has nothing on record: then they go at once."""
        async with self.database.transaction() as session:
            unfinished = await _unfinished(session, person_id)
            if unfinished is not None:
                unfinished.payload = {**unfinished.payload, "is_shared": True}
                return
        for one in shared:
            await files.take_back(client, one.file_id)

    async def _say_no_files(self, person: Person) -> None:
        """Once a minute at most."""
        async with self.database.transaction() as session:
            key = f"{NO_FILES}:{person.id}:{self.outbox.clock.now():%Y%m%d%H%M}"
            await self._say(session, person, NO_FILES, key, {})

    async def _say(
        self, session: AsyncSession, person: Person, kind: str, key: str, payload: Mapping[str, Any]
    ) -> None:
        await self.outbox.say(
            session,
            key=key,
            kind=kind,
            workspace_id=person.workspace_id,
            person_id=person.id,
            payload=payload,
            at_once=True,
        )


def as_files(taught: Taught, person: Person, kept: Mapping[str, Any]) -> dict[str, str]:
    """What is kept, as a page for people and as JSON for programs."""
    return {
        "playercoach.html": look.page(taught.wording, taught.language, person.name, kept),
        "playercoach.json": json.dumps(kept, ensure_ascii=False, indent=2, default=_iso),
    }


def _iso(value: Any) -> str:
    return str(value.isoformat())


async def _unfinished(session: AsyncSession, person_id: int) -> Message | None:
    """The sentence about files of which nobody knows yet whether they came; it is ours until the commit."""
    rows = await session.exec(
        select(Message)
        .where(
            Message.person_id == person_id, Message.kind == KIND, col(Message.payload).contains({"is_shared": False})
        )
        .with_for_update()
    )
    return rows.first()


async def _channel(client: AsyncWebClient, person: Person) -> str:
    return person.dm_channel or str((await client.conversations_open(users=[person.slack_id]))["channel"]["id"])
