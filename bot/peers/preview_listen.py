"""Bolt listeners of staff, for a round before it starts."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from slack_bolt.async_app import AsyncAck, AsyncApp
from slack_sdk.web.async_client import AsyncWebClient

from bot.peers import preview_message as look
from bot.peers.changes import Changes, Refused
from bot.slack import codec
from bot.slack.access import Actor, actor_of
from bot.slack.asides import Asides
from bot.slack.blocks import Block
from bot.slack.modals import option_in, person_in
from bot.slack.payloads import pressed


def register(app: AsyncApp, changes: Changes, asides: Asides, now: Callable[[], datetime]) -> None:
    """Listen to «go now», «swap two people» and «leave someone out», and to the two modals."""
    ear = _Ear(changes, asides, now)
    app.action(look.GO)(ear.goes)
    app.action(look.SWAP)(ear.wants(changes.swap_view))
    app.action(look.LEAVE_OUT)(ear.wants(changes.leave_out_view))
    app.view(look.SWAPPED)(ear.swapped)
    app.view(look.LEFT_OUT)(ear.left_out)


@dataclass(frozen=True)
class _Ear:
    changes: Changes
    asides: Asides
    now: Callable[[], datetime]

    async def goes(self, ack: AsyncAck, body: dict[str, Any], client: AsyncWebClient) -> None:
        async with self.asides.kindly(client, body):
            await self.changes.go(actor_of(body), _round(pressed(body)["value"]), self.now())
        await ack()

    def wants(self, view_of: Callable[[Actor, int], Awaitable[Block]]) -> Callable[..., Awaitable[None]]:
        """A listener that opens a modal."""

        async def wanted(ack: AsyncAck, body: dict[str, Any], client: AsyncWebClient) -> None:
            async with self.asides.kindly(client, body):
                self.asides.open(client, body, await view_of(actor_of(body), _round(pressed(body)["value"])))
            await ack()

        return wanted

    async def swapped(self, ack: AsyncAck, body: dict[str, Any], view: dict[str, Any]) -> None:
        one, other = _picked(view, look.ONE), _picked(view, look.OTHER)
        round_id = _round(view["private_metadata"])
        await self._answer(ack, body, look.OTHER, self.changes.swap(actor_of(body), round_id, one, other, self.now()))

    async def left_out(self, ack: AsyncAck, body: dict[str, Any], view: dict[str, Any]) -> None:
        whom, round_id = _picked(view, look.ONE), _round(view["private_metadata"])
        await self._answer(ack, body, look.ONE, self.changes.leave_out(actor_of(body), round_id, whom, self.now()))

    async def _answer(self, ack: AsyncAck, body: dict[str, Any], field: str, does: Awaitable[None]) -> None:
        """Close the modal; or say below a field why that can't be, or in its place that it came too late."""
        try:
            await does
        except Refused as refused:
            words = await self.asides.words(body)
            if refused.can_pick_anew:
                await ack(response_action="errors", errors={field: words.plain(refused.sentence)})
            else:
                await ack(response_action="update", view=look.told(words, refused.sentence))
        else:
            await ack()


def _round(value: str | None) -> int:
    return codec.read_number(codec.read(value, 1)[0])


def _picked(view: dict[str, Any], block_id: str) -> str:
    """Whom a menu holds: our id of them, or Slack's."""
    return person_in(view, block_id) or option_in(view, block_id)
