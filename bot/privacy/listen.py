"""Bolt listeners of privacy."""

from collections.abc import Awaitable, Callable
from typing import Any

from slack_bolt.async_app import AsyncAck, AsyncApp
from slack_sdk.web.async_client import AsyncWebClient

from bot.privacy import message as look
from bot.privacy.flow import Privacy
from bot.privacy.taking_along import TakingAlong
from bot.records import reading
from bot.slack import codec
from bot.slack.access import actor_of
from bot.slack.asides import Asides
from bot.slack.payloads import pressed, view_id_of


def register(app: AsyncApp, privacy: Privacy, taking_along: TakingAlong, asides: Asides) -> None:
    """Listen to the two doors out, and to the last word."""

    async def export(ack: AsyncAck, body: dict[str, Any], client: AsyncWebClient) -> None:
        await taking_along.ask(actor_of(body))
        view = look.on_its_way(reading.taught_for(privacy.library.current, None).wording)
        asides.start(client.views_push(trigger_id=body["trigger_id"], view=view))
        await ack()

    async def wants_to_erase(ack: AsyncAck, body: dict[str, Any], client: AsyncWebClient) -> None:
        view = await privacy.confirm(actor_of(body))
        asides.start(client.views_push(trigger_id=body["trigger_id"], view=view))
        await ack()

    async def erased(ack: AsyncAck, body: dict[str, Any]) -> None:
        await ack(response_action="update", view=await privacy.erase(actor_of(body)))

    def areas(*, shown: bool) -> Callable[..., Awaitable[None]]:
        async def switched(ack: AsyncAck, body: dict[str, Any], client: AsyncWebClient) -> None:
            _, mentor_id = codec.read_for(pressed(body)["value"], 1)
            shared_at = privacy.outbox.clock.now() if shown else None
            view_id, view = view_id_of(body), await privacy.show_areas(actor_of(body), mentor_id, shared_at)
            asides.start(client.views_update(view_id=view_id, view=view))
            await ack()

        return switched

    app.action(look.SHOW_AREAS)(areas(shown=True))
    app.action(look.HIDE_AREAS)(areas(shown=False))
    app.action(look.EXPORT)(export)
    app.action(look.ERASE)(wants_to_erase)
    app.view(look.ERASED)(erased)
