"""Clicks that answer a lesson, as Slack signs and sends them; and who takes them: the house, and Bolt with one insert."""

import json
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from slack_bolt.async_app import AsyncAck, AsyncApp
from slack_sdk.web.async_client import AsyncWebClient
from sqlmodel import col, func, select

from bot.app import House
from bot.curriculum.model import Choice, Lesson
from bot.records.database import Database
from bot.records.editions import edition_hash
from bot.records.tables import Message, Response
from bot.sandbox.deliver import signature
from bot.sandbox.server import Sandbox
from bot.slack import receivers
from tests.bench.clicking import Request
from tests.bench.crowd import NOW, slack_id

BUTTON = "check_confidence:sure"

# Whose click (the number of one of the crowd), as its payload.
Clicks = Callable[[int], dict[str, Any]]


def choice_of(lesson: Lesson) -> Choice:
    """The question that is answered."""
    return next(one for one in lesson.checks if isinstance(one, Choice))


@asynccontextmanager
async def house_port(fitted: House) -> AsyncIterator[int]:
    """Where the house listens, as `playercoach web` does."""
    app = fitted.bolt(signing_secret=Sandbox.signing_secret)
    async with receivers.http(receivers.web_app(app, healthy=fitted.healthy), port=0, host="127.0.0.1") as port:
        yield port


@asynccontextmanager
async def bare_port(fitted: House, lesson: Lesson) -> AsyncIterator[int]:
    """Bolt, a listener and one insert of the same row, in the same kind of session; nothing is looked up or checked."""
    database = Database(fitted.database.url)
    token, session = (await fitted.clients.calm(fitted.workspace_id)).token, fitted.clients.session
    client = AsyncWebClient(token=token, base_url=fitted.clients.api_url, session=session)
    app = AsyncApp(client=client, signing_secret=Sandbox.signing_secret, process_before_response=True)
    edition, check = edition_hash(lesson), choice_of(lesson)

    async def answered(ack: AsyncAck, body: dict[str, Any]) -> None:
        row = Response(
            message_id=UUID(body["actions"][0]["value"].split(":")[0]), check_id=check.id, edition_hash=edition,
            person_id=int(body["user"]["id"][2:]), answer={"options": ["a"]}, confidence="sure", correct=True,
            answered_at=NOW,
        )  # fmt: skip
        async with database.transaction() as session:
            session.add(row)
        await ack()

    app.action(BUTTON)(answered)
    async with receivers.http(app.web_app(path=receivers.EVENTS_PATH), port=0, host="127.0.0.1") as port:
        yield port
    await database.close()


async def clicks_of(fitted: House, lesson: Lesson) -> Clicks:
    """Makes each one's click: with the whole message that was clicked in."""
    async with fitted.database.transaction() as session:
        messages = (await session.exec(select(Message).order_by(col(Message.person_id)))).all()
        _, blocks = (await fitted.rooms.lessons.drawing.draw(session, messages[:1]))[messages[0].id]
    button = next(e for b in blocks for e in b.get("elements", ()) if e.get("action_id") == BUTTON)
    drawn, check = json.dumps({"blocks": blocks, "button": button}), choice_of(lesson)
    option = {"value": check.options[0].id}

    def one(number: int) -> dict[str, Any]:
        old, new = str(messages[0].id), str(messages[number].id)
        mine = json.loads(drawn.replace(old, new))
        action = {"block_id": "confidence", "action_ts": "1795593600.1", **mine["button"]}
        picked = {f"pick:{new}:{check.id}": {"check_pick": {"type": "radio_buttons", "selected_option": option}}}
        return {
            "type": "block_actions", "team": {"id": Sandbox.team_id, "domain": "acme"}, "api_app_id": Sandbox.app_id,
            "user": {"id": slack_id(number), "team_id": Sandbox.team_id}, "trigger_id": "1.2.3", "token": "unused",
            "container": {"type": "message", "message_ts": messages[number].ts, "channel_id": f"D{number}"},
            "channel": {"id": f"D{number}", "name": "directmessage"}, "actions": [action],
            "message": {"type": "message", "user": Sandbox.bot_user_id, "ts": messages[number].ts, "text": "A lesson",
                        "blocks": mine["blocks"]},
            "state": {"values": picked}, "response_url": "http://127.0.0.1:9/respond/1",
        }  # fmt: skip

    return one


def posted(payload: dict[str, Any], port: int) -> Request:
    """A payload as a signed request."""
    body = urlencode({"payload": json.dumps(payload)})
    headers = signature(Sandbox.signing_secret, body, int(time.time()))
    headers["Content-Type"] = "application/x-www-form-urlencoded"
    return port, receivers.EVENTS_PATH, headers, body


async def all_recorded(database: Database, lesson: Lesson, people: int) -> None:
    """Fails unless the answers of so many are on record."""
    async with database.transaction() as session:
        statement = select(func.count()).select_from(Response).where(Response.check_id == choice_of(lesson).id)
        assert (await session.exec(statement)).one() == people, "an acknowledged click is not on record"
