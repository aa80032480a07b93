"""How what people do gets here: over Socket Mode, over HTTP, or both."""

from collections.abc import AsyncIterator
from dataclasses import replace

import aiohttp
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot.doctoring.answers import out_of_reach, refused
from bot.findings import Finding
from bot.living import in_a_thread
from bot.sentences import BAD_TOKEN
from bot.settings import Settings, SettingsUnfit
from bot.slack.refusals import word_of
from bot.watching.asking import is_taken, is_well


async def look_at_receiving(settings: Settings) -> AsyncIterator[Finding]:
    """Over Socket Mode, over HTTP, or both: one that works is enough. Workspaces that install the app do so over HTTP."""
    ways = [_over_http(settings)] if settings.serves_many else [way async for way in _ways(settings)]
    is_fatal = not any(way.is_fine for way in ways)
    for way in ways:
        yield replace(way, is_fatal=is_fatal)
    if any(way.is_fine and way.what == "receiving" for way in ways) and await in_a_thread(_is_anothers, settings):
        state = f"{settings.port} is in use, and not by a `playercoach web` that is well"
        mend = "if that is ours, its log says what it lacks; else stop what listens there, or choose another PORT"
        yield Finding("port", state, mend, is_fatal=False)


def _is_anothers(settings: Settings) -> bool:
    """Whether another program has the port, or our own is ill. Blocks."""
    return is_taken(settings.host, settings.port) and not is_well(settings.host, settings.port)


async def _ways(settings: Settings) -> AsyncIterator[Finding]:
    try:
        token = settings.app_token()
    except SettingsUnfit as error:
        yield _not_over_sockets(settings, str(error))
        return
    yield await _over_sockets(settings, token)
    if settings.slack_signing_secret is not None:
        yield _over_http(settings)


async def _over_sockets(settings: Settings, token: str) -> Finding:
    try:
        await AsyncWebClient(base_url=settings.slack_api_url, retry_handlers=[]).apps_connections_open(app_token=token)
    except SlackApiError as error:
        return refused("Socket Mode", error, _mend_of_sockets(word_of(error)))
    except (aiohttp.ClientError, TimeoutError) as error:
        return out_of_reach("Socket Mode", error)
    return Finding("Socket Mode", "a connection is given")


def _mend_of_sockets(reason: str) -> str:
    if reason in BAD_TOKEN:
        return "copy SLACK_APP_TOKEN again, the whole of it: Basic Information, App-Level Tokens"
    if reason == "missing_scope":
        return "make a new SLACK_APP_TOKEN with the scope connections:write: Basic Information, App-Level Tokens"
    return "see that Socket Mode is switched on, on your app's page under Socket Mode"


def _over_http(settings: Settings) -> Finding:
    try:
        settings.signing_secret()
    except SettingsUnfit as error:
        return Finding("receiving", "not over HTTP: `playercoach web` can't start", str(error))
    return Finding("receiving", f"over HTTP, on port {settings.port}")


def _not_over_sockets(settings: Settings, why: str) -> Finding:
    """HTTP, since there is no token for Socket Mode; what lacks for either, if there is neither."""
    http = _over_http(settings)
    if http.is_fine:
        return http
    # Both stand in many a copy of .env.example: who has changed neither begins with Socket Mode, as README does.
    wants_http = settings.slack_app_token is None and settings.slack_signing_secret is not None
    return Finding("receiving", "neither over Socket Mode nor over HTTP", http.mend if wants_http else why)
