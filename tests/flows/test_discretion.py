"""What the log and Sentry are told of a story in which much goes wrong: that it did, and no word that anybody wrote."""

import asyncio
import gzip
import io
import logging
import sys
from collections.abc import AsyncIterator, Iterator

import pytest
import sentry_sdk
from aiohttp import web
from sqlalchemy import text

from bot import logs
from bot.settings import Settings, SettingsUnfit
from bot.watching.errors import report_errors
from tests.journeys.test_answers import until_a_lesson_with
from tests.world import World

THOUGHT = "Sonja never told me that she was leaving"


@pytest.fixture
def log() -> Iterator[io.StringIO]:
    """What an operator would read at LOG_LEVEL=DEBUG, from this moment on."""
    root, kept = logging.getLogger(), sys.stderr
    handlers, level, hook = root.handlers[:], root.level, sys.excepthook
    sys.stderr = io.StringIO()
    try:
        logs.set_up("DEBUG", "json")
        yield sys.stderr
    finally:
        root.handlers[:], sys.excepthook, sys.stderr = handlers, hook, kept
        root.setLevel(level)
        for name in ("bot", *logs.CHATTY):
            logging.getLogger(name).setLevel(logging.NOTSET)


@pytest.fixture
async def sentry() -> AsyncIterator[tuple[str, list[str]]]:
    """A server in Sentry's place: its address, and what it was told."""
    told: list[str] = []

    async def envelope(request: web.Request) -> web.Response:
        body = await request.read()
        told.append((gzip.decompress(body) if body[:2] == b"\x1f\x8b" else body).decode())
        return web.json_response({})

    site = web.Application()
    site.router.add_post("/api/7/envelope/", envelope)
    runner = web.AppRunner(site)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    yield f"http://publickey@127.0.0.1:{runner.addresses[0][1]}/7", told
    await asyncio.to_thread(sentry_sdk.get_client().close)
    sentry_sdk.get_global_scope().set_client(None)
    await runner.cleanup()


async def a_bad_day(world: World) -> None:
    """Slack fails in several ways, then the database refuses what Maya wrote, and tells all of it in its error."""
    await world.enrol()
    for kind in ("500", "reset_after", "429", "garbage", "error:invalid_blocks"):
        world.sandbox.fail("chat.postMessage", kind)
    world.sandbox.fail("chat.update", "error:internal_error")
    lesson, reflecting = await until_a_lesson_with(world, "check_write")
    await world.press(world.maya, lesson, "check_write", block_id=reflecting)
    async with world.house.database.transaction() as session:
        await session.execute(text("ALTER TABLE response ADD CONSTRAINT full_up CHECK (false) NOT VALID"))
    (modal,) = world.sandbox.modals(world.maya.id)
    refused = await world.sandbox.submit(world.maya.id, modal["id"], {"reflection": {"text": THOUGHT}})
    assert not refused.acked


def assert_discreet(world: World, told: str) -> None:
    """Neither what Maya wrote, nor anybody's name or address, nor a token or secret."""
    for word in ("Sonja", "leaving", world.sandbox.bot_token, world.sandbox.app_token, world.sandbox.signing_secret):
        assert word not in told
    for person in (world.maya, world.tom, world.ana):
        assert person.email not in told
        assert person.name not in told


@pytest.mark.long
async def test_the_log_of_a_bad_day(world: World, log: io.StringIO) -> None:
    """All that failed is there, with its action and its ids; no word that anybody wrote is."""
    await a_bad_day(world)
    told = log.getvalue()
    assert "receiver.failed" in told
    assert "CheckViolation" in told, "and why"
    assert "message.rate_limited" in told
    assert_discreet(world, told)


async def test_a_call_is_not_written_out(world: World) -> None:
    """What a call carries is not put into words for a log, not even for one that nobody keeps."""
    written = []

    class Word(str):
        def __repr__(self) -> str:
            written.append(self)
            return super().__repr__()

    client = await world.house.clients.posting(world.house.workspace_id)
    await client.chat_postMessage(channel=world.maya.id, text=Word(THOUGHT))
    assert not written


@pytest.mark.long
async def test_sentry_on_a_bad_day(world: World, sentry: tuple[str, list[str]]) -> None:
    """It learns of the error and its line; it gets no variable, no request, no machine's name and no word of Maya's."""
    dsn, events = sentry
    report_errors(Settings(_env_file=None, sentry_dsn=dsn))
    await a_bad_day(world)
    await asyncio.to_thread(sentry_sdk.flush, 5)
    told = "\n".join(events)
    assert "CheckViolation" in told
    assert "a listener failed" in told
    for key in ('"vars"', '"request"', '"server_name"', '"breadcrumbs"', '"user"'):
        assert key not in told
    assert_discreet(world, told)


def test_an_address_that_is_none() -> None:
    """A slip in SENTRY_DSN is a sentence, and its secret isn't in it."""
    with pytest.raises(SettingsUnfit, match="SENTRY_DSN is no address"):
        report_errors(Settings(_env_file=None, sentry_dsn="sentry.example.com/secret"))


def test_without_its_package(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where Sentry's package isn't installed, a sentence says what to install; without a DSN nothing is missed."""
    monkeypatch.setitem(sys.modules, "sentry_sdk", None)
    report_errors(Settings(_env_file=None))
    with pytest.raises(SettingsUnfit, match=r"pip install .* -e \"\.\[sentry\]"):
        report_errors(Settings(_env_file=None, sentry_dsn="https://key@sentry.example.com/7"))
