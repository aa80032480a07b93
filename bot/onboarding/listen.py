"""Bolt listeners of the welcome and the baseline."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from slack_bolt.async_app import AsyncAck, AsyncApp
from slack_sdk.web.async_client import AsyncWebClient

from bot.onboarding import message as look
from bot.onboarding.baseline import BASELINE, Baselines, Given
from bot.onboarding.welcome import Welcomes
from bot.slack import codec
from bot.slack.access import actor_of
from bot.slack.asides import Asides
from bot.slack.payloads import pressed, state_of

LEVELS = range(1, 6)


def register(
    app: AsyncApp, welcomes: Welcomes, baselines: Baselines, asides: Asides, now: Callable[[], datetime]
) -> None:
    """Listen to «begin», and to the steps of the baseline. The buttons may stand in the DM or on App Home."""
    ear = _Ear(welcomes, baselines, asides, now)
    app.action(look.BEGIN)(ear.begin)
    app.action(look.RATE)(ear.wants_to_rate)
    app.action(look.RATE_AT)(ear.wants_to_rate_at)
    app.action(look.RATE_AGAIN)(ear.wants_to_rate_again)
    app.view(look.RATED)(ear.rated)


@dataclass(frozen=True)
class _Ear:
    welcomes: Welcomes
    baselines: Baselines
    asides: Asides
    now: Callable[[], datetime]

    async def begin(self, ack: AsyncAck, body: dict[str, Any], client: AsyncWebClient) -> None:
        await self.welcomes.begin(actor_of(body), self.now())
        await self._open(body, client, BASELINE)
        await ack()

    async def wants_to_rate(self, ack: AsyncAck, body: dict[str, Any], client: AsyncWebClient) -> None:
        await self._open(body, client, BASELINE)
        await ack()

    async def wants_to_rate_at(self, ack: AsyncAck, body: dict[str, Any], client: AsyncWebClient) -> None:
        (week,) = codec.read(pressed(body)["value"], 1)
        await self._open(body, client, codec.read_number(week))
        await ack()

    async def wants_to_rate_again(self, ack: AsyncAck, body: dict[str, Any], client: AsyncWebClient) -> None:
        await self._open(body, client, None)
        await ack()

    async def rated(self, ack: AsyncAck, body: dict[str, Any], view: dict[str, Any]) -> None:
        week, area_id = codec.read(view["private_metadata"], 2)
        picked = state_of(view, look.level_block(area_id), look.LEVEL)
        level = codec.read_number(picked[0]) if picked else 0
        if level not in LEVELS:
            raise codec.Forged("no such level")
        given = Given(actor_of(body), codec.read_number(week), area_id, level)
        await ack(response_action="update", view=await self.baselines.rate(given, self.now()))

    async def _open(self, body: dict[str, Any], client: AsyncWebClient, week: int | None) -> None:
        view = await self.baselines.view(actor_of(body), week)
        self.asides.open(client, body, view)
