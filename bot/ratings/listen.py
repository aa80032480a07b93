"""Bolt listeners of what a mentor saw. Each step is kept before the next is shown."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from slack_bolt.async_app import AsyncAck, AsyncApp
from slack_sdk.web.async_client import AsyncWebClient

from bot.ratings import steps_message as look
from bot.ratings.cards import Card
from bot.ratings.flow import Ratings, Seen, Spot
from bot.slack import codec
from bot.slack.access import actor_of
from bot.slack.asides import Asides
from bot.slack.modals import day_in, picked_or_meant, take, typed_in
from bot.slack.payloads import state_of

LEVELS = range(1, 6)


def register(app: AsyncApp, ratings: Ratings, asides: Asides, now: Callable[[], datetime]) -> None:
    """The button stands in the digest and on the mentor's App Home."""
    ear = _Ear(ratings, asides, now)
    app.action(look.RATE)(ear.opens)
    app.view(look.STARTED)(ear.started)
    app.view(look.CASES_RATED)(ear.cases_rated)
    app.view(look.RATED)(ear.rated)
    app.view(look.CHANGE)(ear.changes)
    app.view(look.CARD_SENT)(ear.card_sent)


@dataclass(frozen=True)
class _Ear:
    ratings: Ratings
    asides: Asides
    now: Callable[[], datetime]

    async def opens(self, ack: AsyncAck, body: dict[str, Any], client: AsyncWebClient) -> None:
        view = await self.ratings.view(actor_of(body))
        self.asides.open(client, body, view)
        await ack()

    async def started(self, ack: AsyncAck, body: dict[str, Any], view: dict[str, Any]) -> None:
        what = state_of(view, look.WHAT, look.PICK) or (look.VISIT,)
        if what[0] not in look.WHATS:
            raise codec.Forged("neither areas nor a visit")
        enrollment_id = codec.read_number(picked_or_meant(view, look.WHO, look.PICK))
        await ack(
            response_action="update",
            view=await self.ratings.start(actor_of(body), enrollment_id, what[0], self.now()),
        )

    async def cases_rated(self, ack: AsyncAck, body: dict[str, Any], view: dict[str, Any]) -> None:
        spot = _spot(body, view)
        levels: list[int] = []
        while picked := state_of(view, look.case_block(spot.area_id, len(levels)), look.PICK):
            levels.append(_level(picked[0]))
        await ack(response_action="update", view=await self.ratings.rate_cases(spot, levels, self.now()))

    async def rated(self, ack: AsyncAck, body: dict[str, Any], view: dict[str, Any]) -> None:
        spot = _spot(body, view)
        picked = next(iter(state_of(view, look.level_block(spot.area_id), look.PICK)), "")
        seen = Seen(
            spot,
            level=None if picked == look.NOT_SEEN else _level(picked),
            text=typed_in(view, look.block(look.SEEN, spot.area_id)),
            on=day_in(view, look.block(look.ON, spot.area_id)),
        )
        await take(ack, self.ratings.rate(seen, self.now()))

    async def changes(self, ack: AsyncAck, body: dict[str, Any], view: dict[str, Any]) -> None:
        enrollment_id, week = (codec.read_number(one) for one in codec.read(view["private_metadata"], 2))
        picked = state_of(view, look.AREA, look.PICK)
        if not picked:  # nothing to change after all
            await ack()
            return
        spot = Spot(actor_of(body), enrollment_id, week, picked[0])
        await ack(response_action="update", view=await self.ratings.change(spot, self.now()))

    async def card_sent(self, ack: AsyncAck, body: dict[str, Any], view: dict[str, Any]) -> None:
        (enrollment_id,) = codec.read(view["private_metadata"], 1)
        actor = actor_of(body)
        card = Card(
            actor,
            place=f"view:{actor.workspace_id}:{view['id']}",
            enrollment_id=codec.read_number(enrollment_id),
            saw=_saw(view),
            line=typed_in(view, look.SEEN),
        )
        await take(ack, self.ratings.send_card(card, self.now()))


def _spot(body: dict[str, Any], view: dict[str, Any]) -> Spot:
    enrollment_id, week, area_id = codec.read(view["private_metadata"], 3)
    return Spot(actor_of(body), codec.read_number(enrollment_id), codec.read_number(week), area_id)


def _level(text: str) -> int:
    level = codec.read_number(text)
    if level not in LEVELS:
        raise codec.Forged("no such level")
    return level


def _saw(view: dict[str, Any]) -> dict[str, str]:
    """What was tapped for each behaviour, by its source, in the card's order."""
    blocks = [str(one.get("block_id") or "") for one in view.get("blocks") or ()]
    taps = {one: state_of(view, one, look.PICK) for one in blocks if one.startswith(f"{look.SAW}:")}
    saw = {block.removeprefix(f"{look.SAW}:"): tap[0] for block, tap in taps.items() if tap}
    if not set(saw.values()) <= set(look.SAWS):
        raise codec.Forged("no such answer")
    return saw
