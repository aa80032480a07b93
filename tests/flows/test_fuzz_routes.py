"""What no client would send, to every route of `web`: none gets a 5xx, none is left to wait, and nothing is written."""

import asyncio
import json
import random
import re
import time
import zlib
from collections.abc import AsyncIterator, Callable, Sequence
from urllib.parse import quote, urlencode

import pytest

from bot.sandbox.deliver import signature
from bot.slack import receivers
from bot.slack.installing.pages import BACK_PATH, INSTALL_PATH
from bot.watching.page import METRICS_PATH
from tests.journeys.test_bad_input import everything_on_record
from tests.thorough import Tally, spoilt
from tests.town import Town, open_town

ROUTES = (receivers.EVENTS_PATH, INSTALL_PATH, BACK_PATH, "/healthz", METRICS_PATH)
ELSEWHERE = (
    "/",
    "//",
    "/slack",
    "/slack/events/",
    "/slack/../healthz",
    "/%2e%2e/etc/passwd",
    "/\x00",
    "*",
    "",
    "/é",
    "/" + "x" * 9000,
)
METHODS = (
    "GET",
    "POST",
    "POST",
    "POST",
    "HEAD",
    "PUT",
    "DELETE",
    "PATCH",
    "OPTIONS",
    "TRACE",
    "CONNECT",
    "PRI",
    "get",
    "X" * 300,
)
STRANGE = (
    "", "0", "-1", "null", "x" * 5000, "\x00", "\udc80", "é", "<script>alert(1)</script>", "'; --", "{{ 7*7 }}", "%", "%zz",
    "../../etc/passwd", "T0ELSEWHERE",
)  # fmt: skip
TYPES = (
    "application/json", "application/x-www-form-urlencoded", "application/json; charset=utf-16",
    "application/x-www-form-urlencoded; charset=nonsense", "multipart/form-data", "multipart/form-data; boundary=x",
    "text/plain", "/", "é", "",
)  # fmt: skip
MOMENTS = ("", "nan", "inf", "-1", "1e99", "9" * 400, "٣", "0x10", "1.5", "now")  # no timestamps
PATIENCE = 20.0  # seconds: whoever has not answered by then never does
AT_ONCE = 8
LENGTH = re.compile(rb"content-length: (\d+)", re.IGNORECASE)
LOOK_EVERY = 200
VISITS = "oauth_states"  # each visit of the install page is remembered; that is no harm

PRESSED = {
    "type": "block_actions", "team": {"id": "T0TEAM"}, "user": {"id": "U0MAYA", "team_id": "T0TEAM"}, "trigger_id": "1.2",
    "actions": [{"type": "button", "action_id": "coach_open", "block_id": "b", "value": "x"}],
}  # fmt: skip
SAID = {
    "type": "event_callback", "team_id": "T0TEAM", "event_id": "Ev1", "event_time": 1,
    "event": {"type": "message", "channel": "D1", "channel_type": "im", "user": "U0MAYA", "text": "help", "ts": "1.1"},
}  # fmt: skip
COMMAND = {
    "command": "/coach",
    "text": "today",
    "user_id": "U0MAYA",
    "team_id": "T0TEAM",
    "channel_id": "D1",
    "trigger_id": "1",
}
GENUINE = (
    json.dumps(SAID), json.dumps({"type": "url_verification", "challenge": "c"}), urlencode({"payload": json.dumps(PRESSED)}),
    urlencode(COMMAND), "ssl_check=1",
)  # fmt: skip

Body = Callable[[random.Random], bytes]


@pytest.fixture
async def town(database_url: str) -> AsyncIterator[Town]:
    """The app, which no workspace has installed."""
    async with open_town(database_url) as opened:
        yield opened


@pytest.fixture
async def port(town: Town, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[int]:
    """Where `web` listens, with all its pages; a body that does not come is not waited for long."""
    monkeypatch.setattr(receivers, "BODY_SECONDS", 0.3)
    app = town.house.bolt(signing_secret=town.here.sandbox.signing_secret)
    site = receivers.web_app(app, healthy=town.house.healthy)
    town.house.watch().show(site)
    assert {one.canonical for one in site.router.resources()} == set(ROUTES), "a route that is not tried here"
    async with receivers.http(site, port=0, host="127.0.0.1") as port:
        yield port


@pytest.mark.long
async def test_no_request_is_a_5xx(town: Town, port: int, tally: Tally) -> None:
    """Methods, paths, headers, bodies, signatures and moments that no client sends, in every mixture."""
    link = (await town.begin())[0]
    state = link.partition("state=")[2].partition("&")[0]
    before, count = await on_record(town), spoilt(750, share=0.25)
    for start in range(0, count, AT_ONCE):
        chances = [random.Random(seed) for seed in range(start, min(start + AT_ONCE, count))]
        requests = [strange(chance, town.here.sandbox.signing_secret, state) for chance in chances]
        answers = await asyncio.gather(*(answer_to(port, request) for _, request in requests))
        for seed, (name, request), answer in zip(range(start, count), requests, answers, strict=False):
            status = int(answer.split(b" ", 2)[1]) if answer else 0
            tally.note(name, status)
            assert status < 500, (seed, request[:3000])
            assert b"text/html" not in answer or b"<script>alert" not in answer, (seed, request[:3000])
        if start % LOOK_EVERY < AT_ONCE:
            assert await on_record(town) == before, f"one of the {LOOK_EVERY} up to {start}"
    assert await on_record(town) == before
    tally.notes.append(f"0 writes by {count:,} requests, of which none was left to wait")


async def on_record(town: Town) -> dict[str, str]:
    """A fingerprint of each table but that of visits."""
    return {name: found for name, found in (await everything_on_record(town.here)).items() if VISITS not in name}


def strange(chance: random.Random, secret: str, state: str) -> tuple[str, bytes]:
    """Which route it is for, and a request as it goes over the wire."""
    route = chance.choice((*ROUTES, *(ROUTES[:1] * 4))) if chance.randrange(8) else ""
    path = (route or chance.choice(ELSEWHERE)) + _query(chance, state)
    usual = "POST" if route == receivers.EVENTS_PATH else "GET"
    method = usual if chance.randrange(4) else chance.choice(METHODS)
    body = chance.choice(BODIES)(chance)
    headers = [("Host", "example.com"), ("Content-Type", _type_of(chance, body)), *_signed(chance, secret, body)]
    headers += [*_more(chance), ("Connection", "close")]
    framing, sent = _framed(chance, body)
    chance.shuffle(headers)
    lines = [f"{method} {path} HTTP/1.{1 if chance.randrange(30) else chance.choice('029')}"]
    lines += [f"{name}: {value}" for name, value in [*headers, *framing]]
    head = "\r\n".join(lines).encode(errors="surrogateescape")
    return f"{'route ' + route if route else 'where no route is'}", head + b"\r\n\r\n" + sent


def _type_of(chance: random.Random, body: bytes) -> str:
    """What it is, as far as one sees; or now and then anything."""
    return chance.choice(TYPES) if chance.randrange(6) == 0 else TYPES[0 if body[:1] in b"{[" else 1]


def _query(chance: random.Random, state: str) -> str:
    if chance.randrange(2):
        return ""
    values = [*STRANGE, state, state, "code"]
    names = ("code", "state", "error", "error_description", "team", "x")
    pairs = [(name, chance.choice(values)) for name in chance.sample(names, chance.randint(1, 4))]
    return "?" + "&".join(f"{name}={_as_typed(chance, value)}" for name, value in pairs)


def _as_typed(chance: random.Random, value: str) -> str:
    """Quoted as it should be, or now and then as it should not."""
    return value.replace(" ", "+") if chance.randrange(40) == 0 else quote(value, errors="surrogateescape")


def _signed(chance: random.Random, secret: str, body: bytes) -> list[tuple[str, str]]:
    """As Slack signs; or with another secret, for another body, long ago, some day, or in part."""
    text, now = body.decode(errors="replace"), int(time.time())
    said = signature(secret, text, now)
    match chance.randrange(14):
        case 0:
            said = signature("another secret", text, now)
        case 1:
            said = signature(secret, text + "x", now)
        case 2:
            said = signature(secret, text, now + chance.choice((-600, 600)))
        case 3:
            said = {}
        case 4:
            said |= {"X-Slack-Request-Timestamp": chance.choice(MOMENTS)}
        case 5:
            said |= {"X-Slack-Signature": chance.choice(["", "v0=", "v1=x", "v0=é", "x" * 9000])}
    if said and chance.randrange(14) == 0:
        said.pop(chance.choice(list(said)))
    return list(said.items())


def _more(chance: random.Random) -> list[tuple[str, str]]:
    """Headers that mean something to somebody on the way."""
    names = (
        "Cookie",
        "Content-Encoding",
        "X-Slack-Retry-Num",
        "Accept",
        "Expect",
        "Upgrade",
        "Range",
        "X-Forwarded-For",
        "Host",
    )
    values = (
        *STRANGE,
        "gzip",
        "deflate",
        "br",
        "100-continue",
        "websocket",
        "slack-app-oauth-state=x",
        "bytes=0-99999999999",
    )
    # aiohttp itself stumbles over an `Expect` that is no text, before it asks anything of ours.
    found = [(name, chance.choice(values)) for name in chance.sample(names, chance.choice((0, 0, 0, 0, 0, 0, 1, 2)))]
    return [(name, value) for name, value in found if name != "Expect" or value.isascii()]


def _framed(chance: random.Random, body: bytes) -> tuple[list[tuple[str, str]], bytes]:
    """How the body's end is told: as it is, in chunks, or wrongly."""
    match chance.randrange(60):
        case 0:
            return [("Content-Length", str(len(body) + 50))], body
        case 1:
            return [("Content-Length", str(len(body) // 2))], body
        case 2:
            return [("Content-Length", chance.choice(("-1", "x", "9" * 30, "", "1, 2")))], body
        case 3:
            return [("Transfer-Encoding", "chunked")], b"%x\r\n%b\r\n0\r\n\r\n" % (len(body), body)
        case 4:
            return [("Transfer-Encoding", "chunked")], b"zz\r\n" + body
        case 5:
            return [("Transfer-Encoding", "chunked"), ("Content-Length", "5")], body
    return [("Content-Length", str(len(body)))], body


def _genuine(chance: random.Random) -> bytes:
    return chance.choice(GENUINE).encode()


def _cut(chance: random.Random) -> bytes:
    body = _genuine(chance)
    return body[: chance.randrange(len(body))]


def _bytes_in_it(chance: random.Random) -> bytes:
    body = bytearray(_genuine(chance))
    for _ in range(chance.randint(1, 5)):
        body[chance.randrange(len(body))] = chance.randrange(256)
    return bytes(body)


def _noise(chance: random.Random) -> bytes:
    return chance.randbytes(chance.choice((0, 1, 100, 5000)))


def _other_json(chance: random.Random) -> bytes:
    said = (
        "",
        "1",
        "null",
        '"x"',
        "[]",
        "{}",
        "NaN",
        '{"a":' * 900 + "1" + "}" * 900,
        "[" * 100_000,
        "9" * 9000,
        '"\\ud800"',
    )
    text = chance.choice(said)
    return text.encode() if chance.randrange(2) else b"payload=" + quote(text).encode()


def _twice(chance: random.Random) -> bytes:
    return b"payload=%7B%7D&" + _genuine(chance) + b"&" + _genuine(chance)


def _huge(chance: random.Random) -> bytes:
    """A little less than what is read, more than that, or little that becomes more than that."""
    size = chance.choice((1_000_000, 1_048_577, 3_000_000))
    return zlib.compress(b"x" * size * 10) if chance.randrange(2) else b"payload=" + b"x" * size


BODIES: Sequence[Body] = (*((_genuine, _cut, _bytes_in_it, _noise, _other_json, _twice) * 5), _huge)


async def answer_to(port: int, request: bytes) -> bytes:
    """What comes back; nothing if the connection is cut. Fails where nobody answers nor hangs up."""
    async with asyncio.timeout(PATIENCE):
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        try:
            writer.write(request)
            head = await reader.readuntil(b"\r\n\r\n")
            # Not until the end of the connection: the server first waits a while for what may still be on its way.
            length = LENGTH.search(head)
            if length is None or request.startswith(b"HEAD "):
                return head
            return head + await reader.readexactly(int(length[1]))
        except (ConnectionError, asyncio.IncompleteReadError):
            return b""
        finally:
            writer.close()
