"""Bolt listeners of `/coach`, and of what people write in the DM."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from slack_bolt.async_app import AsyncAck, AsyncApp
from slack_sdk.web.async_client import AsyncWebClient

from bot.coach import message as look
from bot.coach.flow import Coach
from bot.coach.restraint import Answer, Restraint
from bot.slack import codec
from bot.slack.access import Actor, actor_of
from bot.slack.asides import Asides
from bot.slack.doors import Opens, door
from bot.slack.payloads import pressed, unescaped

# Shows someone a lesson: (actor, lesson id, now, place); or says why not, as a place in the words.
OpenLesson = Callable[[Actor, str, datetime, str], Awaitable[str | None]]


def register(
    app: AsyncApp,
    coach: Coach,
    asides: Asides,
    now: Callable[[], datetime],
    *,
    doors: Mapping[str, Opens],
    open_lesson: OpenLesson,
) -> None:
    """Listen to the command, to plain words, and to «open» below a lesson that was found."""
    ear = _Ear(coach, asides, now, doors, open_lesson)
    app.command("/coach")(ear.asked)
    app.event("message")(ear.wrote)
    app.action(look.OPEN)(ear.opened)
    for name, opens in doors.items():
        app.action(look.door_id(name))(door(opens, asides))


SLOWER = "coach.slower"
# Slack's subtypes of what people write: with a file, and in a thread, also to the conversation around it.
WRITTEN = frozenset({None, "file_share", "thread_broadcast"})


@dataclass(frozen=True)
class _Ear:
    coach: Coach
    asides: Asides
    now: Callable[[], datetime]
    doors: Mapping[str, Opens]
    open_lesson: OpenLesson
    restraint: Restraint = field(default_factory=Restraint)

    async def asked(self, ack: AsyncAck, body: dict[str, Any], client: AsyncWebClient) -> None:
        actor, place = actor_of(body), _id(str(body["trigger_id"]))  # delivered again, it is the same command
        answer = self._hears(actor)
        if answer is not Answer.DONE:
            await ack(text=(await self.asides.words(body)).mrkdwn(SLOWER) if answer is Answer.SLOWER else "")
            return
        reply, (text, blocks) = await self.coach.answer(actor, unescaped(body.get("text")), self.now(), place=place)
        if reply.opens in self.doors:
            self.asides.start(self.doors[reply.opens or ""](actor, body["trigger_id"], client))
            await ack()
            return
        await ack(text=text, blocks=blocks, response_type="ephemeral")

    async def wrote(self, body: dict[str, Any], event: dict[str, Any]) -> None:
        """Only what a person wrote in the DM is for us: edits, joins, notices and our own messages are not."""
        if event.get("channel_type") != "im" or event.get("bot_id") or not event.get("user"):
            return
        if event.get("subtype") not in WRITTEN:
            return
        actor, event_id = actor_of(body), _id(str(body["event_id"]))
        match self._hears(actor):
            case Answer.DONE:
                await self.coach.write_back(
                    actor,
                    unescaped(event.get("text")),
                    self.now(),
                    event_id=event_id,
                    with_file=bool(event.get("files")),
                )
            case Answer.SLOWER:
                await self.coach.say_back(actor, SLOWER, event_id=event_id)

    def _hears(self, actor: Actor) -> Answer:
        return self.restraint.hears(f"{actor.workspace_id}:{actor.slack_id}", self.now())

    async def opened(self, ack: AsyncAck, body: dict[str, Any], client: AsyncWebClient) -> None:
        lesson_id, place = codec.read(pressed(body)["value"], 2)
        if why_not := await self.open_lesson(actor_of(body), lesson_id, self.now(), place):
            await self.asides.say(client, body, why_not)
        await ack()


def _id(event_id: str) -> str:
    return "".join(one for one in event_id if one.isalnum())[:40]
