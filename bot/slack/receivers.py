"""How Slack reaches us: Bolt, over Socket Mode or over HTTP.

`process_before_response`: a 200 means stored, since nothing is answered before the listener is done; a failure is a 500 that
the person sees. It also takes away Bolt's own 10 ms of waiting.
"""

import asyncio
import json
import logging
import re
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Any

from aiohttp import WSMessage, web
from slack_bolt.adapter.aiohttp import to_aiohttp_response, to_bolt_request
from slack_bolt.adapter.socket_mode.async_handler import AsyncSocketModeHandler
from slack_bolt.app.async_server import AsyncSlackAppServer
from slack_bolt.async_app import AsyncApp
from slack_bolt.authorization.async_authorize import AsyncAuthorize
from slack_bolt.oauth.async_oauth_flow import AsyncOAuthFlow
from slack_bolt.request.async_request import AsyncBoltRequest
from slack_bolt.response import BoltResponse
from slack_sdk.signature import SignatureVerifier
from slack_sdk.web.async_client import AsyncWebClient

from bot.slack.codec import Forged
from bot.slack.shapes import is_slacks
from bot.slack.whereabouts import Nowhere

logger = logging.getLogger(__name__)

EVENTS_PATH = "/slack/events"
# Slack itself waits for 3 s: who needs longer to say what they want isn't Slack.
BODY_SECONDS = 5.0
# Told to stop, a process ends within ten seconds: it waits so long for what it has begun to answer, and for the rest of a body
# that it has refused.
ENDING_SECONDS, LINGERING_SECONDS = 8.0, 1.0
WAITING_CALLS = 1024  # those that come at once, as when a lesson has come to thousands, are not turned away at the door
SWITCHED_OFF = '"link_disabled"'
# Of a body that anybody may have sent, in characters: Slack asks now and then whether the certificate is good.
LONGEST_UNSIGNED = 8192
_SIGNED = ("X-Slack-Request-Timestamp", "X-Slack-Signature")
_MOMENT = re.compile(r"[0-9]{1,12}")

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]
Healthy = Callable[[], Awaitable[bool]]
# Is told of each thing that came from Slack: the HTTP status of its answer, and after how many seconds.
Heard = Callable[[int, float], None]
# Settles in which workspace somebody acts, as Bolt's middleware does things.
Settle = Callable[..., Awaitable[None]]


def _unheard(_: int, __: float) -> None:
    """Nobody counts."""


class App(AsyncApp):
    """Bolt's app, over Socket Mode and over HTTP: it refuses what is not Slack's, and says how long each answer took."""

    heard: Heard = staticmethod(_unheard)
    verifier: SignatureVerifier

    async def async_dispatch(self, req: AsyncBoltRequest) -> BoltResponse:
        """What comes from Slack, whichever way."""
        began = time.perf_counter()
        response = await super().async_dispatch(req) if is_slacks(req.body) else BoltResponse(status=400)
        self.heard(response.status, time.perf_counter() - began)
        return response


def bolt_app(
    *,
    client: AsyncWebClient,
    signing_secret: str | None,
    settle: Settle,
    authorize: AsyncAuthorize,
    installs: AsyncOAuthFlow | None = None,
    heard: Heard = _unheard,
) -> App:
    """Bolt's app, on a client without a token: `settle` finds the workspace, and `authorize` its token.

    Without a signing secret it serves Socket Mode only. `heard` is told how long each answer took.
    """
    # Bolt logs the body of a request that it refuses, at INFO: bodies never reach our log.
    bolt_log = logging.getLogger("slack_bolt")
    bolt_log.setLevel(logging.WARNING)
    # It also looks for SLACK_BOT_TOKEN itself, and remarks that our client has one already.
    bolt_log.addFilter(lambda record: "`token` will be unused" not in record.getMessage())
    secret = signing_secret or "socket mode needs none"
    app = App(
        name="playercoach",  # or Bolt would look through the sources of all that called it, for a name
        client=client,
        signing_secret=secret,
        before_authorize=settle,
        authorize=authorize,  # type: ignore[arg-type]  # Bolt takes one of its own, and says only that it takes a function
        oauth_flow=installs,
        process_before_response=True,
        logger=bolt_log,
    )
    app.heard, app.verifier = heard, SignatureVerifier(secret)
    app.error(_on_error)
    return app


async def _on_error(error: Exception) -> BoltResponse | None:
    """A listener failed: nothing was acknowledged, so the person sees it, and Slack sends an event again. Never the body.

    What was forged is the sender's fault (400); anything else is ours (500, also None: Bolt answers it).
    """
    if isinstance(error, Nowhere):
        return BoltResponse(status=500)
    if isinstance(error, Forged):
        logger.warning("refused what was not written here: %s", error, extra={"action": "receiver.refused"})
        return BoltResponse(status=400)
    logger.error("a listener failed", exc_info=error, extra={"action": "receiver.failed"})
    return None


@asynccontextmanager
async def socket_mode(
    app: AsyncApp, *, app_token: str, client: AsyncWebClient, first: str | None = None
) -> AsyncIterator[Healthy]:
    """Receive over Socket Mode for as long as this is open; gives what tells whether the connection stands just now.

    `first` is the address of the first connection, if Slack has given one already.
    """
    handler = AsyncSocketModeHandler(app, app_token, web_client=client)
    handler.client.wss_uri = first
    handler.client.on_message_listeners.append(_notice_switched_off)
    await handler.connect_async()  # type: ignore[no-untyped-call]  # Bolt left its types out
    logger.info("connected to Slack over Socket Mode", extra={"action": "receiver.connected"})
    try:
        yield handler.client.is_connected
    finally:
        await handler.close_async()  # type: ignore[no-untyped-call]


async def _notice_switched_off(message: WSMessage) -> None:
    """Slack's own client only connects anew, for ever and without a word, where somebody has switched Socket Mode off."""
    if SWITCHED_OFF in message.data and json.loads(message.data).get("type") == "disconnect":
        logger.error(
            "Socket Mode is switched off for this app: switch it on, on its page under Socket Mode, or receive over HTTP "
            "(`playercoach web`)",
            extra={"action": "receiver.switched_off"},
        )


class _Server(AsyncSlackAppServer):
    """Bolt's routes. What someone pressed is read by aiohttp: Python's own decoding of a form takes a fifth of a click's time."""

    bolt_app: App

    async def handle_post_requests(self, request: web.Request) -> web.Response:
        """Whatever Slack sends; the signature is checked by Bolt, on the body as it came. Of a long one it is checked here, too:
        Bolt takes a body apart before that, and anybody's would take up to a third of a second, in which nobody else is heard."""
        body = await request.text()
        if len(body) > LONGEST_UNSIGNED and not self.bolt_app.verifier.is_valid_request(body, dict(request.headers)):
            logger.warning("a long body without Slack's signature", extra={"action": "receiver.unsigned"})
            return web.Response(status=401, text="unsigned")
        heard = await _pressed(request) or await to_bolt_request(request)
        return await to_aiohttp_response(await self.bolt_app.async_dispatch(heard))


async def _pressed(request: web.Request) -> AsyncBoltRequest | None:
    """A form with a payload, as Bolt has it; None for anything else. ValueError if the payload is no JSON."""
    if request.content_type != "application/x-www-form-urlencoded":
        return None
    payload = (await request.post()).get("payload")
    if not isinstance(payload, str):
        return None
    # Over HTTP Bolt takes a body only as it came, and decodes it itself. It is told the rest, above all to verify the signature.
    headers: Any = request.headers
    heard = AsyncBoltRequest(body=json.loads(payload), query=request.query_string, headers=headers, mode="socket_mode")
    heard.mode, heard.raw_body = "http", await request.text()
    return heard


def web_app(app: App, *, healthy: Healthy) -> web.Application:
    """The HTTP surface: Slack's requests, and `/healthz` for whoever watches over the process."""
    site = _Server(port=0, path=EVENTS_PATH, app=app).web_app
    add_health(site, healthy)
    site.middlewares.extend((_refuse_malformed, _refuse_slow_and_huge))
    return site


def add_health(site: web.Application, healthy: Healthy) -> None:
    """Add `/healthz`: 200, or 503 and whoever watches should start the process anew."""

    async def healthz(_: web.Request) -> web.Response:
        fine = await healthy()
        return web.json_response({"ok": fine}, status=200 if fine else 503)

    site.router.add_get("/healthz", healthz)


@web.middleware
async def _refuse_malformed(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Bolt parses a body before it looks at the signature: what it can't parse is the sender's fault, not ours."""
    if not _could_be_signed(request):
        logger.warning("a malformed signature", extra={"action": "receiver.malformed"})
        return web.Response(status=400, text="malformed")
    try:
        return await handler(request)
    except (ValueError, AttributeError, TypeError, LookupError, RecursionError) as error:
        logger.warning("a malformed request: %s", type(error).__name__, extra={"action": "receiver.malformed"})
        return web.Response(status=400, text="malformed")


def _could_be_signed(request: web.Request) -> bool:
    """Whether slack_sdk can compare them: it stumbles over a moment that is no number, and a signature that is not ASCII."""
    moments, signatures = (request.headers.getall(name, []) for name in _SIGNED)
    return all(map(_MOMENT.fullmatch, moments)) and all(map(str.isascii, signatures))


@web.middleware
async def _refuse_slow_and_huge(request: web.Request, handler: Handler) -> web.StreamResponse:
    """A body comes whole, soon and in bounds before anyone looks at it: only reading is cut short, never our own work."""
    try:
        async with asyncio.timeout(BODY_SECONDS):
            await request.read()  # by itself a 413 beyond 1 MiB, which is aiohttp's own bound
    except TimeoutError:
        logger.warning("a body that never ended was not waited for", extra={"action": "receiver.slow"})
        return web.Response(status=408, text="too slow", headers={"Connection": "close"})
    except (ConnectionError, web.RequestPayloadError):  # hung up in the middle of it, or packed otherwise than it says
        logger.warning("a body that could not be read", extra={"action": "receiver.malformed"})
        return web.Response(status=400, text="malformed")
    return await handler(request)


@asynccontextmanager
async def http(site: web.Application, *, port: int, host: str) -> AsyncIterator[int]:
    """Receive over HTTP for as long as this is open; the port (asked for 0, a free one). OSError if it is in use."""
    runner = web.AppRunner(site, access_log=None, shutdown_timeout=ENDING_SECONDS, lingering_time=LINGERING_SECONDS)
    await runner.setup()
    try:
        await web.TCPSite(runner, host, port, backlog=WAITING_CALLS).start()
        listening = int(runner.addresses[0][1])
        logger.info("listening on port %s", listening, extra={"action": "receiver.listening"})
        yield listening
    finally:
        await runner.cleanup()
