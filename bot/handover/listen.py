"""Bolt listeners of a change of mentors."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from slack_bolt.async_app import AsyncAck, AsyncApp
from slack_sdk.web.async_client import AsyncWebClient

from bot.handover import message as look
from bot.handover.giving import Giving, Refused, Wanted
from bot.handover.relations import Relations
from bot.handover.telling import Tellings
from bot.slack import codec
from bot.slack.access import actor_of
from bot.slack.asides import Asides
from bot.slack.blocks import Block
from bot.slack.modals import field_of, person_in
from bot.slack.payloads import pressed


def register(
    app: AsyncApp, giving: Giving, tellings: Tellings, relations: Relations, asides: Asides, now: Callable[[], datetime]
) -> None:
    """Listen to staff, to the manager and to the buddy."""
    ear = _Ear(giving, tellings, relations, asides, now)
    app.action(look.GIVE)(ear.wants_to_give)
    app.action(look.GIVE_ONE)(ear.wants_to_give_one)
    app.view(look.GIVEN)(ear.given)
    app.action(look.SHARE_AGAIN)(ear.shares_again)
    app.action(look.TICK)(ear.ticked)
    app.action(re.compile(rf"^{look.RELATION}:"))(ear.answered)
    app.action(look.CHANGE)(ear.wants_another)
    app.action(look.STAY)(ear.stays)


@dataclass(frozen=True)
class _Ear:
    giving: Giving
    tellings: Tellings
    relations: Relations
    asides: Asides
    now: Callable[[], datetime]

    async def wants_to_give(self, ack: AsyncAck, body: dict[str, Any], client: AsyncWebClient) -> None:
        mentor_id = codec.read_number(codec.read(pressed(body)["value"], 1)[0])
        await self._open(await self.giving.view(actor_of(body), mentor_id), ack, body, client)

    async def wants_to_give_one(self, ack: AsyncAck, body: dict[str, Any], client: AsyncWebClient) -> None:
        mentor_id, enrollment_id = map(codec.read_number, codec.read(pressed(body)["value"], 2))
        await self._open(await self.giving.view(actor_of(body), mentor_id, enrollment_id), ack, body, client)

    async def _open(self, view: Block, ack: AsyncAck, body: dict[str, Any], client: AsyncWebClient) -> None:
        self.asides.open(client, body, view)
        await ack()

    async def given(self, ack: AsyncAck, body: dict[str, Any], view: dict[str, Any]) -> None:
        words = await self.asides.words(body)
        try:
            await self.giving.give(actor_of(body), _wanted(view), self.now())
        except Refused as refused:
            if any(block.get("block_id") == refused.field for block in view["blocks"]):
                await ack(response_action="errors", errors={refused.field: words.plain(refused.sentence)})
            else:
                await ack(response_action="update", view=look.told(words, refused.sentence))
        else:
            await ack(response_action="update", view=look.told(words, "handover.done"))

    async def shares_again(self, ack: AsyncAck, body: dict[str, Any]) -> None:
        await self.tellings.share_again(actor_of(body), _message(body), self.now())
        await ack()

    async def ticked(self, ack: AsyncAck, body: dict[str, Any]) -> None:
        picked = [str(one["value"]) for one in pressed(body).get("selected_options") or ()]
        await self.tellings.tick(actor_of(body), str((body.get("container") or {}).get("message_ts") or ""), picked)
        await ack()

    async def answered(self, ack: AsyncAck, body: dict[str, Any]) -> None:
        answer = str(pressed(body)["action_id"]).partition(":")[2]
        await self.relations.answer(actor_of(body), _message(body), answer, self.now())
        await ack()

    async def wants_another(self, ack: AsyncAck, body: dict[str, Any]) -> None:
        await self.relations.choose(actor_of(body), _message(body), another=True, now=self.now())
        await ack()

    async def stays(self, ack: AsyncAck, body: dict[str, Any]) -> None:
        await self.relations.choose(actor_of(body), _message(body), another=False, now=self.now())
        await ack()


def _message(body: dict[str, Any]) -> Any:
    return codec.read_message_id(codec.read(pressed(body)["value"], 1)[0])


def _wanted(view: dict[str, Any]) -> Wanted:
    whom = [block_id for block_id in view["state"]["values"] if block_id.startswith(look.WHOM)]
    ticked = [one for block_id in whom for one in field_of(view, block_id).get("selected_options") or ()]
    return Wanted(
        mentor=person_in(view, look.WHO),
        buddy=person_in(view, look.BUDDY),
        enrollments=[codec.read_number(str(one["value"])) for one in ticked],
        before=codec.read_number(codec.read(view["private_metadata"], 1)[0]),
    )
