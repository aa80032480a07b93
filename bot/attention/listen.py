"""Bolt listeners of the menu on each message."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from slack_bolt.async_app import AsyncAck, AsyncApp
from slack_sdk.web.async_client import AsyncWebClient
from sqlmodel import select

from bot.agenda import personal
from bot.attention import message as look
from bot.attention.again import Again
from bot.attention.framing import message_of
from bot.records import reading
from bot.records.tables import Interruption
from bot.slack import codec
from bot.slack.access import actor_of
from bot.slack.asides import Asides
from bot.slack.doors import Opens
from bot.slack.payloads import pressed, whisper
from bot.slack.saying_when import moment


def register(
    app: AsyncApp, again: Again, asides: Asides, now: Callable[[], datetime], *, pause: Opens, settings: Opens
) -> None:
    """Listen to the menu, and to «later» and «tomorrow» on lessons."""
    ear = _Ear(again, asides, now, pause, settings)
    app.action(look.MENU)(ear.chosen)
    app.action(look.LATER)(ear.later)
    app.action(look.TOMORROW)(ear.tomorrow)
    app.action(look.SHOW)(ear.show)


@dataclass(frozen=True)
class _Ear:
    again: Again
    asides: Asides
    now: Callable[[], datetime]
    pause: Opens
    settings: Opens

    async def chosen(self, ack: AsyncAck, body: dict[str, Any], client: AsyncWebClient) -> None:
        choice, message_id = codec.read(pressed(body)["selected_option"]["value"], 2)
        match choice:
            case "why":
                await self._why(body, client, message_id)
            case "tomorrow":
                await self._put_off(body, client, message_id, "tomorrow")
            case "pause":
                self.asides.start(self.pause(actor_of(body), body["trigger_id"], client))
            case "settings":
                self.asides.start(self.settings(actor_of(body), body["trigger_id"], client))
            case _:
                raise codec.Forged("no such choice")
        await ack()

    async def later(self, ack: AsyncAck, body: dict[str, Any], client: AsyncWebClient) -> None:
        (message_id,) = codec.read(pressed(body)["value"], 1)
        await self._put_off(body, client, message_id, "later")
        await ack()

    async def tomorrow(self, ack: AsyncAck, body: dict[str, Any], client: AsyncWebClient) -> None:
        (message_id,) = codec.read(pressed(body)["value"], 1)
        await self._put_off(body, client, message_id, "tomorrow")
        await ack()

    async def show(self, ack: AsyncAck, body: dict[str, Any], client: AsyncWebClient) -> None:
        message_id, place = codec.read(pressed(body)["value"], 2)
        async with self.asides.kindly(client, body):
            await self.again.show(actor_of(body), codec.read_message_id(message_id), place)
        await ack()

    async def _put_off(self, body: dict[str, Any], client: AsyncWebClient, message_id: str, until: str) -> None:
        actor, about = actor_of(body), codec.read_message_id(message_id)
        async with self.asides.kindly(client, body):
            when, person = await self.again.put_off(actor, about, until, self.now())
            taught = reading.taught_for(self.again.library.current, person)
            said = moment(when, personal.zone_of(taught.curriculum.program, person), taught.language)
            self.asides.start(whisper(client, body, taught.wording.mrkdwn("attention.comes_back", when=said)))

    async def _why(self, body: dict[str, Any], client: AsyncWebClient, message_id: str) -> None:
        actor, about = actor_of(body), codec.read_message_id(message_id)
        async with self.asides.kindly(client, body):
            async with self.again.database.transaction() as session:
                message, person = await message_of(session, about, actor)
                rows = await session.exec(select(Interruption).where(Interruption.message_id == message.id))
                spent = rows.first()
            taught = reading.taught_for(self.again.library.current, person)
            view = look.why(
                taught.wording,
                message.kind,
                spent.joined if spent is not None else (),
                spent.held_back if spent is not None else (),
                taught.curriculum.program.attention.a_week,
            )
            self.asides.open(client, body, view)
