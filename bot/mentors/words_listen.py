"""Bolt listeners of kudos, notes, talks and asks."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from slack_bolt.async_app import AsyncAck, AsyncApp
from slack_sdk.web.async_client import AsyncWebClient

from bot.mentors import asks_message, words_message
from bot.mentors.asks import AnotherMentor, Asks
from bot.mentors.words import Told, Words
from bot.slack import codec
from bot.slack.access import Actor, actor_of
from bot.slack.asides import Asides
from bot.slack.blocks import Block
from bot.slack.modals import day_in, picked_or_meant, take, time_in, typed_in
from bot.slack.payloads import pressed, state_of, view_id_of

look = words_message


def register(app: AsyncApp, words: Words, asks: Asks, asides: Asides, now: Callable[[], datetime]) -> None:
    """The buttons stand in the digest, on App Home, and where someone asked for help."""
    ear = _Ear(words, asks, asides, now)
    app.action(look.KUDOS)(ear.opens(words.kudos_view))
    app.action(look.TALKED)(ear.opens(words.talked_view))
    app.action(asks_message.ASK)(ear.opens(asks.view))
    app.action(asks_message.TAKE_BACK)(ear.takes_back)
    app.view(look.KUDOS_SENT)(ear.kudos_sent)
    app.view(look.TALKED_SENT)(ear.talked_sent)
    app.view(asks_message.ASKED)(ear.asked)


@dataclass(frozen=True)
class _Ear:
    words: Words
    asks: Asks
    asides: Asides
    now: Callable[[], datetime]

    def opens(self, view_for: Callable[[Actor], Awaitable[Block]]) -> Callable[..., Awaitable[None]]:
        """A listener for a button that opens a modal."""

        async def opened(ack: AsyncAck, body: dict[str, Any], client: AsyncWebClient) -> None:
            view = await view_for(actor_of(body))
            self.asides.open(client, body, view)
            await ack()

        return opened

    async def kudos_sent(self, ack: AsyncAck, body: dict[str, Any], view: dict[str, Any]) -> None:
        kind = next(iter(state_of(view, look.KIND, look.PICK)), look.KINDS[0])
        if kind not in look.KINDS:
            raise codec.Forged("no such kind")
        await take(ack, self.words.save(_told(body, view, kind), self.now()))

    async def talked_sent(self, ack: AsyncAck, body: dict[str, Any], view: dict[str, Any]) -> None:
        await take(ack, self.words.save(_told(body, view, "talk"), self.now()))

    async def asked(self, ack: AsyncAck, body: dict[str, Any], view: dict[str, Any]) -> None:
        soon = bool(state_of(view, asks_message.SOON, look.PICK))
        text, ids = typed_in(view, look.TEXT), view["private_metadata"]
        reader = codec.read_number(codec.read(ids, 1)[0]) if ids else None  # one from before they carried it
        try:
            mentor = await self.asks.save(
                actor_of(body), text, needs_help=soon, place=_place(body, view), now=self.now(), mentor_id=reader
            )
        except AnotherMentor:
            await ack(response_action="update", view=await self.asks.view(actor_of(body), text))
            return
        wording = await self.asides.words(body)
        none = look.told(wording, "mentor.no_mentor")
        told = none if mentor is None else look.told(wording, "mentor.ask_kept", mentor=mentor.first_name)
        await ack(response_action="update", view=told)

    async def takes_back(self, ack: AsyncAck, body: dict[str, Any], client: AsyncWebClient) -> None:
        ask_id = codec.read_number(codec.read(pressed(body)["value"], 1)[0])
        view_id, view = view_id_of(body), await self.asks.take_back(actor_of(body), ask_id, self.now())
        self.asides.start(client.views_update(view_id=view_id, view=view))
        await ack()


def _place(body: dict[str, Any], view: dict[str, Any]) -> str:
    """Names the modal that something was written in."""
    return f"view:{actor_of(body).workspace_id}:{view['id']}"


def _told(body: dict[str, Any], view: dict[str, Any], kind: str) -> Told:
    return Told(
        actor=actor_of(body),
        place=_place(body, view),
        enrollment_id=codec.read_number(picked_or_meant(view, look.WHO, look.PICK)),
        text=typed_in(view, look.TEXT),
        kind=kind,
        what_for=next(iter(state_of(view, look.WHAT_FOR, look.PICK)), None),
        on=day_in(view, look.ON),
        at=time_in(view, look.AT),
        settles=bool(state_of(view, look.SETTLES, look.PICK)),
    )
