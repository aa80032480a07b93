"""How long a click takes until Slack hears «ok»: the house's answer against Bolt with one insert."""

import asyncio
import json
import sys
import time
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

import psycopg
from slack_bolt.async_app import AsyncAck, AsyncApp
from sqlmodel import col, func, select

from bot.app import House
from bot.curriculum.library import Library
from bot.curriculum.model import Choice, Lesson
from bot.records.database import Database, plain_url
from bot.records.editions import edition_hash
from bot.records.tables import Message, Response
from bot.sandbox.deliver import signature
from bot.sandbox.server import Sandbox
from bot.slack import receivers
from tests.bench.apart import slack_apart
from tests.bench.clicking import Request
from tests.bench.conftest import Open
from tests.bench.crowd import NOW, enrol, slack_id, tidy
from tests.bench.measuring import Compared, Goal, percentile

ROUNDS, CLICKS = 5, 250
BUTTON = "check_confidence:sure"
BARE, FIRST, LAST = range(3)  # whose turn it is, person by person

_ALL_BUT_ONE = """
    INSERT INTO response (message_id, check_id, edition_hash, person_id, answer, answered_at)
        SELECT g.message_id, c, g.edition_hash, g.enrollment_id, '{}', g.given_at
        FROM lesson_given g, unnest(%(others)s::text[]) c WHERE g.enrollment_id %% 3 = %(turn)s
"""


async def test_click_to_ack(database_url: str, library: Library, open_house: Open, table: list[Compared]) -> None:
    """A choice is answered by a signed click; each click meets a fresh message, and they take turns, one at a time."""
    lesson = library.current.curriculum.lessons[0]
    check = next(one for one in lesson.checks if isinstance(one, Choice))
    people = 3 * CLICKS * (ROUNDS + 1)
    enrol(database_url, people, lesson)
    _answer_all_but(database_url, lesson, check)
    async with (
        slack_apart(0) as slack,
        open_house(database_url, slack.api_url) as fitted,
        _house_port(fitted) as ours,
        _bare_port(fitted, lesson, check) as bare,
    ):
        clicks = await _clicks_on(fitted, check, {BARE: bare, FIRST: ours, LAST: ours})
        rounds = [await _round(clicks(number)) for number in range(ROUNDS + 1)]
        await _all_recorded(fitted.database, check, people)
    _tell(table, rounds[1:])  # the first one warmed both up


def _tell(table: list[Compared], rounds: Sequence[list[float]]) -> None:
    for turn, what in ((FIRST, "first answer to a lesson"), (LAST, "last answer, calls off the nudge")):
        for share in (0.5, 0.99):
            ours, bare = ([percentile(took[whose::3], share) for took in rounds] for whose in (turn, BARE))
            table.append(Compared(f"click to ack p{share * 100:.0f}, {what}", "ms", ours, bare, Goal("at most", 2.0)))


def _answer_all_but(database_url: str, lesson: Lesson, check: Choice) -> None:
    """A third of the people have answered all the other questions: theirs is the last answer."""
    others = [one.id for one in lesson.checks if one.id != check.id]
    assert others
    with psycopg.connect(plain_url(database_url)) as connection:
        connection.execute(_ALL_BUT_ONE, {"others": others, "turn": LAST})
    tidy(database_url)


@asynccontextmanager
async def _house_port(fitted: House) -> AsyncIterator[int]:
    app = fitted.bolt(signing_secret=Sandbox.signing_secret)
    async with receivers.http(receivers.web_app(app, healthy=fitted.healthy), port=0, host="127.0.0.1") as port:
        yield port


@asynccontextmanager
async def _bare_port(fitted: House, lesson: Lesson, check: Choice) -> AsyncIterator[int]:
    """Bolt, a listener and one insert of the same row, in the same kind of session; nothing is looked up or checked."""
    database = Database(fitted.database.url)
    client = await fitted.clients.calm(fitted.workspace_id)
    app = AsyncApp(client=client, signing_secret=Sandbox.signing_secret, process_before_response=True)
    edition = edition_hash(lesson)

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


async def _clicks_on(fitted: House, check: Choice, ports: dict[int, int]) -> Any:
    """Makes a round's clicks, in turns, as Slack signs and sends them: with the whole message that was clicked in."""
    async with fitted.database.transaction() as session:
        messages = (await session.exec(select(Message).order_by(col(Message.person_id)))).all()
        _, blocks = (await fitted.rooms.lessons.drawing.draw(session, messages[:1]))[messages[0].id]
    button = next(e for b in blocks for e in b.get("elements", ()) if e.get("action_id") == BUTTON)
    drawn = json.dumps({"blocks": blocks, "button": button})
    option = {"value": check.options[0].id}

    def one(number: int) -> Request:
        old, new = str(messages[0].id), str(messages[number].id)
        mine = json.loads(drawn.replace(old, new))
        action = {"block_id": "confidence", "action_ts": "1795593600.1", **mine["button"]}
        picked = {f"pick:{new}:{check.id}": {"check_pick": {"type": "radio_buttons", "selected_option": option}}}
        payload = {
            "type": "block_actions", "team": {"id": Sandbox.team_id, "domain": "acme"}, "api_app_id": Sandbox.app_id,
            "user": {"id": slack_id(number), "team_id": Sandbox.team_id}, "trigger_id": "1.2.3", "token": "unused",
            "container": {"type": "message", "message_ts": messages[number].ts, "channel_id": f"D{number}"},
            "channel": {"id": f"D{number}", "name": "directmessage"}, "actions": [action],
            "message": {"type": "message", "user": Sandbox.bot_user_id, "ts": messages[number].ts, "text": "A lesson",
                        "blocks": mine["blocks"]},
            "state": {"values": picked}, "response_url": "http://127.0.0.1:9/respond/1",
        }  # fmt: skip
        body = urlencode({"payload": json.dumps(payload)})
        headers = signature(Sandbox.signing_secret, body, int(time.time()))
        headers["Content-Type"] = "application/x-www-form-urlencoded"
        return ports[number % 3], receivers.EVENTS_PATH, headers, body

    return lambda number: [one(index) for index in range(number * 3 * CLICKS, (number + 1) * 3 * CLICKS)]


async def _round(requests: list[Request]) -> list[float]:
    """Milliseconds of each click."""
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "tests.bench.clicking", cwd=Path(__file__).parents[2],
        stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE,
    )  # fmt: skip
    out, _ = await process.communicate(json.dumps(requests).encode())
    took: list[float] = json.loads(out)
    return took


async def _all_recorded(database: Database, check: Choice, people: int) -> None:
    async with database.transaction() as session:
        rows = await session.exec(select(func.count()).select_from(Response).where(Response.check_id == check.id))
        assert rows.one() == people, "an acknowledged click is not on record"
