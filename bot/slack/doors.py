"""Doors: buttons and words that open a modal, wherever they stand."""

from collections.abc import Awaitable, Callable, Coroutine
from typing import Any

from slack_bolt.async_app import AsyncAck
from slack_sdk.web.async_client import AsyncWebClient

from bot.slack.access import Actor, actor_of
from bot.slack.asides import Asides
from bot.slack.blocks import Block

# Opens a modal for someone, by the trigger of what they did.
Opens = Callable[[Actor, str, AsyncWebClient], Coroutine[Any, Any, None]]


def opens_view(view_for: Callable[[Actor], Awaitable[Block]]) -> Opens:
    """What opens that modal."""

    async def open_it(actor: Actor, trigger_id: str, client: AsyncWebClient) -> None:
        await client.views_open(trigger_id=trigger_id, view=await view_for(actor))

    return open_it


def door(opens: Opens, asides: Asides) -> Callable[..., Awaitable[None]]:
    """A listener for a button that does no more than open a modal: it opens beside, and Slack hears «ok» at once."""

    async def pressed(ack: AsyncAck, body: dict[str, Any], client: AsyncWebClient) -> None:
        asides.start(opens(actor_of(body), body["trigger_id"], client))
        await ack()

    return pressed
