"""Bolt listeners of staff's tab in App Home."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from slack_bolt.async_app import AsyncAck, AsyncApp
from slack_sdk.web.async_client import AsyncWebClient

from bot.cohorts import staff_message as look
from bot.cohorts.staff import Picked, Refused, Staff
from bot.slack.access import Actor, actor_of
from bot.slack.asides import Asides
from bot.slack.modals import day_in, option_in, people_in, person_in, typed_in
from bot.slack.payloads import pressed

Show = Callable[[str, str], Awaitable[None]]  # draws someone's Home again, soon


def register(app: AsyncApp, staff: Staff, asides: Asides, now: Callable[[], datetime], show: Show) -> None:
    """Listen to the buttons and the modals."""
    ear = _Ear(staff, asides, now, show)
    for door in look.DOORS:
        app.action(door)(ear.opens)
    for door, do in ((look.ENROL, staff.enrol), (look.MANAGER, staff.change), (look.COHORT, staff.lead)):
        app.view(door)(ear.doing(do))
    app.view(look.WHY)(ear.asks_why)


@dataclass(frozen=True)
class _Ear:
    staff: Staff
    asides: Asides
    now: Callable[[], datetime]
    show: Show

    async def opens(self, ack: AsyncAck, body: dict[str, Any], client: AsyncWebClient) -> None:
        view = await self.staff.view(actor_of(body), str(pressed(body)["action_id"]), self.now())
        self.asides.open(client, body, view)
        await ack()

    def doing(self, do: Callable[[Actor, Picked, datetime], Awaitable[str]]) -> Callable[..., Awaitable[None]]:
        async def sent(ack: AsyncAck, body: dict[str, Any], view: dict[str, Any]) -> None:
            actor = actor_of(body)
            try:
                sentence = await do(actor, _picked(view), self.now())
            except Refused as refused:
                await self._no(ack, body, view, refused)
                return
            await self.show(actor.workspace_id, actor.slack_id)
            words = await self.asides.words(body)
            await ack(response_action="update", view=look.told(words, view["callback_id"], sentence))

        return sent

    async def asks_why(self, ack: AsyncAck, body: dict[str, Any], view: dict[str, Any]) -> None:
        try:
            told = await self.staff.why(actor_of(body), _picked(view), self.now())
        except Refused as refused:
            await self._no(ack, body, view, refused)
            return
        await ack(response_action="update", view=told)

    async def _no(self, ack: AsyncAck, body: dict[str, Any], view: dict[str, Any], refused: Refused) -> None:
        words = await self.asides.words(body)
        if refused.sentence != "staff.not_yours" and any(
            one.get("block_id") == refused.field for one in view["blocks"]
        ):
            await ack(response_action="errors", errors={refused.field: words.plain(refused.sentence, **refused.values)})
        else:
            sentence = words.mrkdwn(refused.sentence, **refused.values)
            await ack(response_action="update", view=look.told(words, view["callback_id"], sentence))


def _picked(view: dict[str, Any]) -> Picked:
    return Picked(
        whom=people_in(view, look.WHOM) or list(filter(None, [person_in(view, look.WHOM)])),
        mentor=person_in(view, look.MENTOR),
        cohort=option_in(view, look.WHICH),
        new_cohort=typed_in(view, look.NEW),
        day=day_in(view, look.DAY),
        what=option_in(view, look.WHAT),
    )
