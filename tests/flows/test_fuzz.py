"""What Slack never sends: thousands of spoilt payloads. None gets a 5xx, and nobody writes without a right."""

import copy
import json
import random
import time
from collections import Counter
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import urlencode

import pytest
from aiohttp import ClientSession

from bot.cohorts import staff_message as staff
from bot.sandbox.deliver import signature
from bot.sandbox.state import Person
from bot.slack import receivers
from tests.journeys.test_answers import answer_all
from tests.journeys.test_bad_input import everything_on_record
from tests.journeys.test_preferences import press_at_home
from tests.journeys.test_welcome import modal
from tests.rehearsal.acting import elements
from tests.thorough import Tally, spoilt
from tests.world import World

Json = dict[str, Any]
Path = tuple[str | int, ...]

LOOK_EVERY = 40  # payloads: a look at all tables takes longer than they do
STRANGE: tuple[Any, ...] = (
    None, "", 0, -1, 10**30, 1.5, True, [], {}, [None], [{}], {"id": None}, "x" * 4000, "\x00", "\ud800", "<!channel>",
    "1:2", "a:b:c", "999999999999", "00000000-0000-4000-8000-000000000000", "2026-02-30", "25:61", "U0ANA", "U0ZOE",
    "T0OTHER", "'; --", "{{ 7*7 }}",
)  # fmt: skip


@dataclass(frozen=True)
class Spoilt:
    """A payload that is none any more, and what it was."""

    name: str
    kind: str
    payload: Json


@dataclass(frozen=True)
class Bank:
    """Genuine payloads of everything that people do with their kinds, all values that stand in them, and where they go to."""

    world: World
    http: ClientSession
    payloads: list[tuple[str, Json]]
    values: list[Any]

    async def status(self, kind: str, payload: Json) -> int:
        """What a payload is answered with, when it is signed as Slack signs."""
        fields = (
            {"payload": json.dumps(payload)}
            if kind == "interactive"
            else {name: str(it) for name, it in payload.items()}
        )
        as_json = kind == "events_api"
        body = json.dumps(payload) if as_json else urlencode(fields, errors="replace")
        headers = {"Content-Type": "application/json" if as_json else "application/x-www-form-urlencoded"}
        headers |= signature(self.world.sandbox.signing_secret, body, int(time.time()))
        async with self.http.post(self.world.sandbox.events_url, data=body.encode(), headers=headers) as answer:
            return answer.status

    def spoilt(self, chance: random.Random) -> Spoilt:
        """One of them with other values, or without, in one to four places."""
        kind, payload = copy.deepcopy(chance.choice(self.payloads))
        name = _named(kind, payload)
        for _ in range(chance.randint(1, 4)):
            *parents, last = chance.choice(list(_paths(payload)))
            place: Any = payload
            for step in parents:
                place = place[step]
            if chance.randrange(4) == 0:
                del place[last]
            else:
                place[last] = copy.deepcopy(chance.choice(self.values))
        return Spoilt(name, kind, payload)


@pytest.fixture
async def bank(world: World) -> AsyncIterator[Bank]:
    """A fortnight in which everyone does something; what Slack sent meanwhile, and a click on every button that is there then."""
    heard: list[tuple[str, Json]] = []
    once = world.sandbox.deliverer._once

    async def listening(sent: Any, *, retry: int) -> Any:
        heard.append((sent.kind, copy.deepcopy(sent.payload)))
        return await once(sent, retry=retry)

    world.sandbox.deliverer._once = listening  # type: ignore[method-assign]
    await world.house.sync_directory()
    await world.enrol()
    await world.until(datetime(2026, 11, 24, 18, 0, tzinfo=UTC))
    await answer_all(world, world.dms(world.maya)[0])
    for who, door in DOORS:
        await _through(world, world.sandbox.state.people[who], door)
    for words in ("today", "find forecast", "pause until Friday", "ask How do I begin?", "nonsense"):
        await world.sandbox.command(world.maya.id, f"/coach {words}")
        await world.sandbox.say(world.maya.id, world.dms(world.maya)[0].channel, words)
    await world.until(datetime(2026, 12, 8, 18, 0, tzinfo=UTC))
    for what in ("away", "deactivated", "here"):
        await world.sandbox.become(world.tom.id, what)
    await world.sandbox.change_dnd(world.maya.id, world.clock.now(), world.clock.now() + timedelta(hours=1))
    heard += _clicks(world, next(one for _, one in heard if one.get("type") == "block_actions" and "message" in one))
    values = dict.fromkeys(value for _, payload in heard for value in _leaves(payload))
    site = receivers.web_app(world.house.bolt(signing_secret=world.sandbox.signing_secret), healthy=world.house.healthy)
    async with receivers.http(site, port=0, host="127.0.0.1") as port, ClientSession() as http:
        world.sandbox.events_url = f"http://127.0.0.1:{port}{receivers.EVENTS_PATH}"
        yield Bank(world, http, heard, [*STRANGE, *values])


DOORS = (
    ("U0MAYA", "home_settings"), ("U0MAYA", "home_pause"), ("U0MAYA", "home_privacy"), ("U0MAYA", "mentor_ask"),
    ("U0ANA", "mentor_kudos"), ("U0ANA", "mentor_talked"), ("U0ANA", "mentor_rate"), ("U0LENA", staff.ENROL),
    ("U0LENA", staff.MANAGER), ("U0LENA", staff.COHORT), ("U0LENA", staff.WHY),
)  # fmt: skip


async def _through(world: World, who: Person, door: str) -> None:
    """Press it at Home, send the modal as it is, and close whatever came of it."""
    await press_at_home(world, who, door)
    await world.sandbox.submit(who.id, modal(world, who)["id"], {})
    await world.settle()
    for view in world.sandbox.modals(who.id):
        await world.sandbox.close(who.id, view["id"], all_of_them=True)


@pytest.mark.long
async def test_the_genuine_ones_are_understood(bank: Bank) -> None:
    """What the stand-in sent as Slack would is answered with 200, but for what this person may not, or not any more."""
    assert len(bank.payloads) > 100
    found = Counter([await bank.status(*one) for one in bank.payloads])
    assert found.keys() <= {200, 400, 404}
    assert found[200] > 0.9 * found.total(), found


@pytest.mark.long
async def test_nothing_is_a_5xx(bank: Bank, tally: Tally) -> None:
    """Values of another kind, from elsewhere, too long, or gone."""
    for seed in range(spoilt(2000, share=0.7)):
        one = bank.spoilt(random.Random(seed))
        tally.note(one.name, status := await bank.status(one.kind, one.payload))
        assert status < 500, (seed, json.dumps(one.payload)[:3000])


@pytest.mark.long
async def test_nobody_writes_without_a_right(world: World, bank: Bank, tally: Tally) -> None:
    """The same, sent by someone who has no part in the program, or from another workspace: nothing on record changes."""
    before, count = await everything_on_record(world), spoilt(1000, share=0.3)
    for seed in range(1, count + 1):
        chance = random.Random(-seed)
        one = bank.spoilt(chance)
        _say_it_is_someone_else(one.payload, who := chance.choice(["stranger", "elsewhere"]))
        tally.note(f"{one.name}, {who}", status := await bank.status(one.kind, one.payload))
        assert status < 500, (seed, json.dumps(one.payload)[:3000])
        if seed % LOOK_EVERY == 0 or seed == count:
            await world.house.asides.finish()
            assert await everything_on_record(world) == before, f"one of the {LOOK_EVERY} up to {seed}"
    looks, tables = -(-count // LOOK_EVERY), len(before)
    tally.notes.append(
        f"0 writes by {count:,} from those who may write nothing: {looks:,} looks at all {tables} tables"
    )


def _named(kind: str, payload: Json) -> str:
    """What it is, for the table."""
    if kind == "slash_commands":
        return "slash command"
    return f"event: {payload['event']['type']}" if kind == "events_api" else str(payload["type"])


def _say_it_is_someone_else(payload: Json, who: str) -> None:
    slack_id, team_id = ("U0ZOE", None) if who == "stranger" else ("U0MAYA", "T0ELSEWHERE")
    user = payload.get("user")
    payload["user"] = {**(user if isinstance(user, dict) else {}), "id": slack_id}
    payload["user_id"] = slack_id
    event = payload.get("event")
    if isinstance(event, dict) and isinstance(event.get("user"), str):
        event["user"] = slack_id
    if isinstance(event, dict) and isinstance(event.get("user"), dict):
        event["user"]["id"] = slack_id
    if team_id:
        payload["user"]["team_id"], payload["team"], payload["team_id"] = team_id, {"id": team_id}, team_id


def _clicks(world: World, like: Json) -> Iterator[tuple[str, Json]]:
    """A click of Maya's on every button that anybody sees, as Slack would send it; what she may not press among them."""
    seen = [*world.dms(world.maya), *world.dms(world.ana), *world.group_messages(world.maya, world.tom)]
    for message in seen:
        for block, element in elements(message.blocks):
            if element["type"] == "button":
                action = {name: element.get(name) for name in ("type", "action_id", "value")}
                container = {"type": "message", "message_ts": message.ts, "channel_id": message.channel}
                yield (
                    "interactive",
                    copy.deepcopy(like)
                    | {
                        "actions": [{**action, "block_id": block.get("block_id", "b"), "action_ts": "1.0"}],
                        "message": {"ts": message.ts, "blocks": copy.deepcopy(message.blocks), "text": message.text},
                        "container": container,
                    },
                )


def _paths(thing: Any, above: Path = ()) -> Iterator[Path]:
    """Every place in a payload."""
    inner = thing.items() if isinstance(thing, dict) else enumerate(thing) if isinstance(thing, list) else ()
    for step, value in inner:
        yield (*above, step)
        yield from _paths(value, (*above, step))


def _leaves(thing: Any) -> Iterator[Any]:
    inner = thing.values() if isinstance(thing, dict) else thing if isinstance(thing, list) else ()
    for value in inner:
        if isinstance(value, dict | list):
            yield from _leaves(value)
        elif value is not None:
            yield value
