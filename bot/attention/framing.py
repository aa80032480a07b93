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
# Draws that small thing for many at once, in their order: with the same few queries, however many they are.
Parts = Callable[[AsyncSession, Sequence[tuple[Message, Mapping[str, Any]]]], Awaitable[list[list[Block]]]]
# Buttons of a kind's own, for the last row of its messages.
Row = Callable[[AsyncSession, Message], Awaitable[list[Block]]]


@dataclass(frozen=True)
class Frames:
    """The room's parts, by kind; `many` are those of kinds that come in crowds."""

    library: Library
    parts: Mapping[str, Part]
    rows: Mapping[str, Row] = field(default_factory=dict)
    many: Mapping[str, Parts] = field(default_factory=dict)

    def around(self, renderer: Renderer) -> Renderer:
        """The same messages with their frames."""

        async def framed(session: AsyncSession, messages: Sequence[Message]) -> Drawings:
            drawings = await renderer(session, messages)
            shown = [message for message in messages if message.id in drawings]
            people = await _people(session, shown)
            joined = await self._joined(session, shown)
            return {
                message.id: await self._frame(
                    session, message, people.get(message.person_id), drawings[message.id], joined[message.id]
                )
                for message in shown
            }

        return framed

    def alone(self) -> dict[str, Renderer]:
        """Small things that speak for themselves, by kind: the part is the whole message."""
        return {kind: self._alone(kind) for kind in (*self.parts, *self.many)}

    def _alone(self, kind: str) -> Renderer:
        async def drawn_alone(session: AsyncSession, messages: Sequence[Message]) -> Drawings:
            made = await self._drawn(session, kind, [(message, message.payload) for message in messages])
            return {
                message.id: drawn(blocks, read_aloud(blocks)) for message, blocks in zip(messages, made, strict=True)
            }

        return drawn_alone

    async def _drawn(
        self, session: AsyncSession, kind: str, asked: Sequence[tuple[Message, Mapping[str, Any]]]
    ) -> list[list[Block]]:
        if kind in self.many:
            return await self.many[kind](session, asked)
        return [await self.parts[kind](session, message, about) for message, about in asked]

    async def _joined(self, session: AsyncSession, messages: Sequence[Message]) -> dict[UUID, list[list[Block]]]:
        """What rides along in each message, in its order."""
        asked = [(message, one) for message in messages for one in message.payload.get("joined", ())]
        made: dict[tuple[UUID, str], list[Block]] = {}
        for kind in {one["kind"] for _, one in asked}:
            same = [(message, one["about"]) for message, one in asked if one["kind"] == kind]
            for (message, _), blocks in zip(same, await self._drawn(session, kind, same), strict=True):
                made[message.id, kind] = blocks
        return {
            message.id: [made[message.id, one["kind"]] for one in message.payload.get("joined", ())]
            for message in messages
        }

    async def _frame(
        self, session: AsyncSession, message: Message, person: Person | None, drawing: Drawn, parts: list[list[Block]]
    ) -> Drawn:
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
