"""Draws what frames a message: the parts that ride along, in the words of their own rooms, and the last row."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from bot.attention import message as look
from bot.attention.rules import HABITS
from bot.curriculum.library import Library
from bot.delivery.sender import Drawings, Renderer
from bot.records import reading
from bot.records.tables import Message, Person
from bot.slack.blocks import Block, Drawn, drawn
from bot.slack.blocks import reading as read_aloud

# Draws one small thing: by the message that it stands in, and by the payload of its wish.
Part = Callable[[AsyncSession, Message, Mapping[str, Any]], Awaitable[list[Block]]]
# Buttons of a kind's own, for the last row of its messages.
Row = Callable[[AsyncSession, Message], Awaitable[list[Block]]]


@dataclass(frozen=True)
class Frames:
    """The room's parts, by kind."""

    library: Library
    parts: Mapping[str, Part]
    rows: Mapping[str, Row] = field(default_factory=dict)

    def around(self, renderer: Renderer) -> Renderer:
        """The same messages with their frames."""

        async def framed(session: AsyncSession, messages: Sequence[Message]) -> Drawings:
            drawings = await renderer(session, messages)
            people = await _people(session, messages)
            return {
                message.id: await self._frame(session, message, people.get(message.person_id), drawings[message.id])
                for message in messages
                if message.id in drawings
            }

        return framed

    async def alone(self, session: AsyncSession, message: Message) -> Drawn:
        """A small thing that speaks for itself: its part is the whole message."""
        blocks = await self.parts[message.kind](session, message, message.payload)
        return drawn(blocks, read_aloud(blocks))

    async def _frame(self, session: AsyncSession, message: Message, person: Person | None, drawing: Drawn) -> Drawn:
        joined = message.payload.get("joined", ())
        parts = [await self.parts[one["kind"]](session, message, one["about"]) for one in joined]
        row = await self.rows[message.kind](session, message) if message.kind in self.rows else []
        words = reading.taught_for(self.library.current, person).wording
        return look.framed(words, message.id, drawing, parts, row)


async def _people(session: AsyncSession, messages: Sequence[Message]) -> dict[int | None, Person]:
    ids = {message.person_id for message in messages if message.person_id is not None}
    rows = await session.exec(select(Person).where(col(Person.id).in_(ids)))
    return {person.id: person for person in rows}


class NotTheirs(Exception):
    """The message was said to someone else, or never."""


async def message_of(
    session: AsyncSession, message_id: UUID, workspace_id: str, slack_id: str
) -> tuple[Message, Person]:
    """A message that came to someone unasked, and that person, if that is who asks; raises NotTheirs."""
    rows = await session.execute(
        select(Message, Person)
        .join(Person, col(Person.id) == col(Message.person_id))
        .where(col(Message.id) == message_id)
    )
    row = rows.first()
    if row is None or (row[1].workspace_id, row[1].slack_id) != (workspace_id, slack_id) or row[0].kind not in HABITS:
        raise NotTheirs
    return row[0], row[1]
