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
from bot.curriculum.wording import Wording
from bot.delivery.drawing import Drawings, Renderer
from bot.records import reading
from bot.records.many import by_ids
from bot.records.tables import Message, Person
from bot.slack.access import Actor, NotTheirs, in_reach, note_refused
from bot.slack.blocks import Block, drawn
from bot.slack.blocks import reading as read_aloud

# Draws one small thing: by the message that it stands in, and by the payload of its wish.
Part = Callable[[AsyncSession, Message, Mapping[str, Any]], Awaitable[list[Block]]]
# Draws that small thing for many at once, in their order: with the same few queries, however many they are.
Parts = Callable[[AsyncSession, Sequence[tuple[Message, Mapping[str, Any]]]], Awaitable[list[list[Block]]]]
# Buttons of a kind's own, for the last row of its messages.
Row = Callable[[AsyncSession, Message], Awaitable[list[Block]]]
Rows = Callable[[AsyncSession, Sequence[tuple[Message, Wording]]], Awaitable[list[list[Block]]]]


@dataclass(frozen=True)
class Frames:
    """The room's parts, by kind; `many` and `many_rows` are those of kinds that come in crowds."""

    library: Library
    parts: Mapping[str, Part]
    rows: Mapping[str, Row] = field(default_factory=dict)
    many: Mapping[str, Parts] = field(default_factory=dict)
    many_rows: Mapping[str, Rows] = field(default_factory=dict)

    def around(self, renderer: Renderer) -> Renderer:
        """The same messages with their frames."""

        async def framed(session: AsyncSession, messages: Sequence[Message]) -> Drawings:
            drawings = await renderer(session, messages)
            shown = [message for message in messages if message.id in drawings]
            people = await by_ids(session, Person, {one.person_id for one in shown if one.person_id is not None})
            words = [self._words(people.get(message.person_id)) for message in shown]
            joined, rows = await self._joined(session, shown), await self._rows(session, shown, words)
            return {
                message.id: look.framed(its_words, message.id, drawings[message.id], joined[message.id], row)
                for message, its_words, row in zip(shown, words, rows, strict=True)
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
        asked = [
            (message, place, one) for message in messages for place, one in enumerate(message.payload.get("joined", ()))
        ]
        made: dict[tuple[UUID, int], list[Block]] = {}  # by their places: two of a kind may ride in one message
        for kind in {one["kind"] for _, _, one in asked}:
            same = [(message, place, one["about"]) for message, place, one in asked if one["kind"] == kind]
            drawn_parts = await self._drawn(session, kind, [(message, about) for message, _, about in same])
            for (message, place, _), blocks in zip(same, drawn_parts, strict=True):
                made[message.id, place] = blocks
        return {
            message.id: [made[message.id, place] for place in range(len(message.payload.get("joined", ())))]
            for message in messages
        }

    async def _rows(
        self, session: AsyncSession, messages: Sequence[Message], words: Sequence[Wording]
    ) -> list[list[Block]]:
        """The last row of each message, all of one kind."""
        kind = messages[0].kind if messages else ""
        if kind in self.many_rows:
            return await self.many_rows[kind](session, list(zip(messages, words, strict=True)))
        row = self.rows.get(kind, no_row)
        return [await row(session, message) for message in messages]

    def _words(self, person: Person | None) -> Wording:
        return reading.taught_for(self.library.current, person).wording


async def no_row(session: AsyncSession, message: Message) -> list[Block]:  # noqa: ARG001 — as every row
    """For kinds without buttons of their own."""
    return []


async def message_of(session: AsyncSession, message_id: UUID, actor: Actor) -> tuple[Message, Person]:
    """A message that came to someone unasked, and that person, if that is who asks; raises NotTheirs."""
    rows = await session.execute(
        select(Message, Person)
        .join(Person, col(Person.id) == col(Message.person_id))
        .where(col(Message.id) == message_id)
    )
    row = rows.first()
    if row is None or not actor.is_(row[1]) or row[0].kind not in HABITS:
        note_refused(actor, "a message that did not come to them")
        raise NotTheirs
    in_reach(row[1])
    return row[0], row[1]
