"""Slack's requests over HTTP: signed ones are served, all others are turned away without a word of them in the log."""

import json
import logging
import time
from unittest.mock import Mock
from urllib.parse import parse_qsl

import pytest
from aiohttp import ClientSession
from slack_sdk.signature import Clock

from bot.records.tables import Response
from bot.sandbox.deliver import signature
from bot.slack import receivers
from tests.world import World, texts

pytestmark = pytest.mark.over_http


async def test_an_answer_over_http(world: World) -> None:
    """The same click, as a signed request: a 200 means stored."""
    await world.enrol()
    await world.pass_time(hours=3)
    (lesson,) = world.dms(world.maya)
    option = next(o for b in lesson.blocks for e in b.get("elements", ()) for o in e.get("options", ()))
    delivered = await world.answer(world.maya, lesson, option["text"]["text"])
    assert delivered.status == 200
    assert len(await world.rows(Response)) == 1
    assert "You picked" in texts(lesson)
    health_url = world.sandbox.events_url.replace(receivers.EVENTS_PATH, "/healthz")
    async with ClientSession() as http, http.get(health_url) as health:
        assert (health.status, await health.json()) == (200, {"ok": True})


@pytest.mark.parametrize(
    ("secret", "age", "body"),
    [
        ("wrong", 0, "payload={}"),
        ("right", 301, "payload={}"),
        ("none", 0, "payload=%7B%22secret+words"),
        ("right", 0, "payload=%7Bbroken"),
    ],
)
async def test_what_is_not_slacks_is_turned_away(
    world: World, caplog: pytest.LogCaptureFixture, secret: str, age: int, body: str
) -> None:
    """A wrong signature, an old one, none, or a malformed body: 4xx, and the body is not in the log."""
    caplog.set_level(logging.DEBUG, "bot")
    headers = {"Content-Type": "application/x-www-form-urlencoded"}
    if secret != "none":
        key = world.sandbox.signing_secret if secret == "right" else "another secret"
        headers |= signature(key, body, int(time.time()) - age)
    async with ClientSession() as http, http.post(world.sandbox.events_url, data=body, headers=headers) as answer:
        assert 400 <= answer.status < 500
    assert "secret words" not in caplog.text
    assert "payload" not in caplog.text


@pytest.mark.parametrize(("signed", "status"), [(False, 401), (True, 400)])
async def test_a_long_body_is_taken_apart_for_slack_only(
    world: World, monkeypatch: pytest.MonkeyPatch, signed: bool, status: int
) -> None:
    """Half a million fields from anybody are not even read: that would keep everyone's clicks waiting."""
    parsed = Mock(wraps=parse_qsl)
    monkeypatch.setattr("slack_bolt.request.internals.parse_qsl", parsed)
    body, headers = "command=" + "a&" * 500_000, {"Content-Type": "text/plain"}
    if signed:
        headers |= signature(world.sandbox.signing_secret, body, int(time.time()))
    async with ClientSession() as http, http.post(world.sandbox.events_url, data=body, headers=headers) as answer:
        assert (answer.status, parsed.called) == (status, signed)


@pytest.mark.parametrize(("ahead", "status"), [(-301, 401), (-299, 200), (299, 200), (301, 401)])
async def test_what_was_signed_counts_for_five_minutes(
    world: World, monkeypatch: pytest.MonkeyPatch, ahead: int, status: int
) -> None:
    """Slack's own words are heard up to five minutes after (or before) the moment that they tell, and never again."""
    now = int(time.time())
    monkeypatch.setattr(Clock, "now", lambda _: now)  # a second that passes on the way must not decide
    body = json.dumps({"type": "url_verification", "challenge": "Are you there?"})
    headers = {"Content-Type": "application/json"} | signature(world.sandbox.signing_secret, body, now + ahead)
    async with ClientSession() as http, http.post(world.sandbox.events_url, data=body, headers=headers) as answer:
        assert answer.status == status
        assert ("Are you there?" in await answer.text()) == (status == 200)


async def test_the_first_click_while_slack_is_out_of_order(world: World) -> None:
    """A process has just started, and Slack answers nothing that it is asked: the first answer is stored all the same."""
    await world.enrol()
    await world.pass_time(hours=3)
    (lesson,) = world.dms(world.maya)
    block = next(b for b in lesson.blocks if any(e.get("action_id") == "check_pick" for e in b.get("elements", ())))
    option = block["elements"][0]["options"][0]["value"]
    world.sandbox.fail("*", "500", every=1)
    delivered = await world.sandbox.click(
        world.maya.id,
        lesson.channel,
        lesson.ts,
        "check_confidence:sure",
        state={block["block_id"]: {"check_pick": option}},
    )
    assert delivered.status == 200
    assert len(await world.rows(Response)) == 1
