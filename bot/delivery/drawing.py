"""Draws messages as they look now: those of one kind together, or each alone, so that one that is broken stops no other."""

import logging
from collections.abc import Awaitable, Callable, Mapping, Sequence
from itertools import groupby
from typing import Any
from uuid import UUID

from sqlmodel.ext.asyncio.session import AsyncSession

from bot.boundary import failures_stay
from bot.records.database import AWAY
from bot.records.tables import Message

logger = logging.getLogger(__name__)

Drawing = tuple[str, list[dict[str, Any]]]  # the text that says everything, and the blocks
Drawings = Mapping[UUID, Drawing]
# Draws messages of one kind as Slack takes them, by their ids.
Renderer = Callable[[AsyncSession, Sequence[Message]], Awaitable[Drawings]]


async def draw(session: AsyncSession, renderers: Mapping[str, Renderer], messages: Sequence[Message]) -> Drawings:
    """Messages of any kinds, those of one kind together. Raises what any renderer raises."""
    drawings: dict[UUID, Drawing] = {}
    for kind, same in groupby(sorted(messages, key=lambda one: one.kind), key=lambda one: one.kind):
        drawings.update(await renderers[kind](session, list(same)))
    return drawings


async def draw_each(session: AsyncSession, renderers: Mapping[str, Renderer], messages: Sequence[Message]) -> Drawings:
    """The same, one after the other: one that is broken is left out, and said in the log."""
    drawings: dict[UUID, Drawing] = {}
    for message in messages:
        drawings.update(await _draw_alone(session, renderers[message.kind], message))
    return drawings


async def _draw_alone(session: AsyncSession, renderer: Renderer, message: Message) -> Drawings:
    with failures_stay(
        logger, "could not draw a message", action="message.broken", unless=AWAY,
        message_id=str(message.id),
    ):  # fmt: skip
        # In a savepoint: a query that fails would else spoil the claim, and its commit would be a silent rollback.
        async with session.begin_nested():
            return await renderer(session, [message])
    return {}  # it was not said, so it is tried later


def one_by_one(draw_one: Callable[[AsyncSession, Message], Awaitable[Drawing]]) -> Renderer:
    """A renderer for many from a renderer for one: for kinds that come in small numbers."""

    async def drawn(session: AsyncSession, messages: Sequence[Message]) -> Drawings:
        return {message.id: await draw_one(session, message) for message in messages}

    return drawn
