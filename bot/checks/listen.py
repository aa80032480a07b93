"""Bolt listeners of the checks: a payload becomes a small value, and goes to one flow."""

import re
from collections.abc import Callable, Coroutine
from datetime import datetime
from typing import Any

from slack_bolt.async_app import AsyncAck, AsyncApp
from slack_sdk.web.async_client import AsyncWebClient

from bot.checks import message as look
from bot.checks.flow import Checks, Given, Gone, NotYours
from bot.checks.rules import CONFIDENCES
from bot.slack import codec
from bot.slack.access import Actor, actor_of
from bot.slack.asides import Asides
from bot.slack.payloads import asked_block_text, pressed, state_of, whisper

Now = Callable[[], datetime]


def register(app: AsyncApp, checks: Checks, asides: Asides, now: Now) -> None:
    """Listen to picks, confidence buttons, scales and reflections."""

    def words(place: str) -> str:
        return checks.library.current.wording.mrkdwn(place)

    async def picked(ack: AsyncAck) -> None:
        await ack()  # a pick is only kept in Slack until it is sent with a confidence

    async def confident(ack: AsyncAck, body: dict[str, Any], client: AsyncWebClient) -> None:
        message_id, check_id, level = codec.read(pressed(body)["value"], 3)
        options = state_of(body, f"pick:{codec.write(message_id, check_id)}", look.PICK)
        if level not in CONFIDENCES:
            raise codec.Forged("no such confidence")
        if not options:
            asides.start(whisper(client, body, words("check.pick_first")))
        else:
            await answered(
                Given(actor_of(body), codec.read_message_id(message_id), check_id, options=options, confidence=level),
                lambda text: whisper(client, body, text),
            )
        await ack()

    async def rated(ack: AsyncAck, body: dict[str, Any], client: AsyncWebClient) -> None:
        message_id, check_id, value = codec.read(pressed(body)["value"], 3)
        await answered(
            Given(actor_of(body), codec.read_message_id(message_id), check_id, value=int(value)),
            lambda text: whisper(client, body, text),
        )
        await ack()

    async def wants_to_write(ack: AsyncAck, body: dict[str, Any], client: AsyncWebClient) -> None:
        ids = codec.write(*codec.read(pressed(body)["value"], 2))
        view = look.reflection_modal(checks.library.current.wording, asked_block_text(body, f"write:{ids}"), ids)
        asides.start(client.views_open(trigger_id=body["trigger_id"], view=view))
        await ack()

    async def written(ack: AsyncAck, body: dict[str, Any], view: dict[str, Any], client: AsyncWebClient) -> None:
        message_id, check_id = codec.read(view["private_metadata"], 2)
        text = str(view["state"]["values"][look.FIELD]["text"]["value"] or "").strip()
        if not text:
            await ack(response_action="errors", errors={look.FIELD: words("check.reflection_empty")})
            return
        actor = actor_of(body)
        await answered(
            Given(actor, codec.read_message_id(message_id), check_id, text=text),
            lambda told: _tell(client, actor, told),
        )
        await ack()

    async def answered(given: Given, tell: Callable[[str], Coroutine[Any, Any, None]]) -> None:
        try:
            await checks.answer(given, now())
        except NotYours:
            asides.start(tell(words("check.not_yours")))
        except Gone:
            asides.start(tell(words("check.gone")))

    app.action(look.PICK)(picked)
    app.action(re.compile(rf"^{look.CONFIDENT}:"))(confident)
    app.action(re.compile(rf"^{look.RATE}:"))(rated)
    app.action(look.WRITE)(wants_to_write)
    app.view(look.WRITTEN)(written)


async def _tell(client: AsyncWebClient, actor: Actor, text: str) -> None:
    """Someone sent in a modal that is not theirs: there is no message to whisper under, so they hear it in their DM."""
    await client.chat_postEphemeral(channel=actor.slack_id, user=actor.slack_id, text=text)
