"""What each command runs: parts of the house, until it is told to stop."""

import asyncio
import logging
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial, wraps

import aiohttp
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot import logs
from bot.agenda.cadence import Job, cadence
from bot.agenda.calendar import local
from bot.agenda.clock import Clock, clock_of
from bot.app import House, house
from bot.curriculum.library import Library
from bot.living import alongside, in_a_thread, until_told_to_stop
from bot.records.audit import Doer
from bot.records.database import AWAY, Database, async_url, reason_of
from bot.records.embedded import Embedded
from bot.records.upgrade import make_or_expect, upgrade
from bot.records.workspaces import the_workspace
from bot.sentences import BAD_TOKEN
from bot.settings import Settings, SettingsUnfit
from bot.slack import receivers
from bot.slack.clients import Pair, slack_clients
from bot.slack.installing.house import Credentials
from bot.slack.installing.keys import Keyring
from bot.slack.installing.store import seal_anew
from bot.slack.refusals import word_of
from bot.watching.errors import report_errors
from bot.watching.signs import CLOCK, RECEIVER, WORKER

logger = logging.getLogger(__name__)

LOOK_SECONDS = 5.0

# Of a database, by its address. Who runs alone brings it up to date; the others would do so under those of an older version.
Ready = Callable[[str], None]


@asynccontextmanager
async def with_database(settings: Settings, ready: Ready = make_or_expect) -> AsyncIterator[str]:
    """The database's address: of DATABASE_URL, or of an embedded PostgreSQL; up to date, or DatabaseUnfit."""
    async with AsyncExitStack() as stack:
        if settings.database_url is None:
            embedded = Embedded(settings.data_dir)
            stack.push_async_callback(asyncio.to_thread, embedded.stop)
            url = await in_a_thread(embedded.start)
        else:
            url = async_url(settings.database_url.get_secret_value())
        await in_a_thread(ready, url)
        yield url


@asynccontextmanager
async def with_house(
    settings: Settings,
    clock: Clock,
    *,
    token: str | Credentials,
    api_url: str | None = None,
    ready: Ready = make_or_expect,
) -> AsyncIterator[House]:
    """The house, with its database and its live content."""
    library = Library(settings.content_dir, today=lambda: local(clock.now(), "UTC").date())
    async with with_database(settings, ready) as url, house(
        clock=clock,
        database_url=url,
        library=library,
        token=token,
        api_url=api_url or settings.slack_api_url,
        messages_per_minute=settings.slack_messages_per_minute,
        retention=timedelta(days=settings.retention_days),
    ) as fitted, alongside("what watches the content", library.watch):  # fmt: skip
        yield fitted


@asynccontextmanager
async def working(fitted: House) -> AsyncIterator[None]:
    """A worker, for as long as this is open; then it finishes what it has begun."""
    with fitted.signs.expected_of(WORKER):
        async with alongside(WORKER, fitted.queue.work):
            yield


@asynccontextmanager
async def ticking(fitted: House) -> AsyncIterator[None]:
    """The clock's three jobs, for as long as this is open."""
    with fitted.signs.expected_of(CLOCK):
        async with cadence(
            tick=_patient(fitted.tick), sync_directory=_patient(fitted.sync_directory), housekeep=_patient(fitted.housekeep),
            speed=fitted.clock.speed,
        ):  # fmt: skip
            yield


def _patient(job: Job) -> Job:
    """An outage of the database is a line each time, and no trace: those of one night would fill a disk."""

    @wraps(job)
    async def run() -> None:
        try:
            await job()
        except AWAY as error:
            why = reason_of(error)
            logger.warning("the database is away, it is tried again: %s", why, extra={"action": "database.away"})

    return run


@asynccontextmanager
async def watched(fitted: House, settings: Settings) -> AsyncIterator[None]:
    """`/metrics` and `/healthz` on METRICS_PORT, if there is one, for as long as this is open. SettingsUnfit if it is in use."""
    async with AsyncExitStack() as stack:
        pages = fitted.watch().on_a_port_of_its_own(settings.host, settings.metrics_port)
        try:
            await stack.enter_async_context(pages)
        except OSError as error:
            raise SettingsUnfit(
                f"METRICS_PORT: {settings.metrics_port} can't be listened on ({error.strerror}). If it is in use, stop what "
                "listens there, or choose another."
            ) from None
        yield


async def run_all(settings: Settings) -> None:
    """`playercoach run`."""
    clock = start_clock(settings)
    app_token = settings.app_token()
    async with AsyncExitStack() as stack:
        fitted = await stack.enter_async_context(with_house(settings, clock, token=who_we_are(settings), ready=upgrade))
        await stack.enter_async_context(watched(fitted, settings))
        await stack.enter_async_context(working(fitted))
        await stack.enter_async_context(receiving(fitted, "", app_token))
        await stack.enter_async_context(ticking(fitted))
        await until_told_to_stop()


async def run_web(settings: Settings) -> None:
    """`playercoach web`."""
    clock = start_clock(settings)
    secret = settings.signing_secret()
    if settings.metrics_port == settings.port:
        raise SettingsUnfit("METRICS_PORT is the same as PORT: leave METRICS_PORT out, or choose another.")
    async with with_house(settings, clock, token=who_we_are(settings)) as fitted:
        site = receivers.web_app(fitted.bolt(signing_secret=secret), healthy=fitted.healthy)
        if settings.metrics_port is None:
            fitted.watch().show(site)
        async with watched(fitted, settings), receivers.http(site, port=settings.port, host=settings.host):
            await until_told_to_stop()


async def run_worker(settings: Settings) -> None:
    """`playercoach worker`."""
    async with (
        with_house(settings, start_clock(settings), token=who_we_are(settings)) as fitted,
        watched(fitted, settings),
        working(fitted),
    ):
        await until_told_to_stop()


async def run_clock(settings: Settings) -> None:
    """`playercoach clock`."""
    async with (
        with_house(settings, start_clock(settings), token=who_we_are(settings)) as fitted,
        watched(fitted, settings),
        ticking(fitted),
    ):
        await until_told_to_stop()


@dataclass(frozen=True)
class Desk:
    """What a command of staff works with: the house, and the workspace that is meant."""

    house: House
    by: Doer

    @property
    def now(self) -> datetime:
        """Now, aware UTC."""
        return self.house.clock.now()


@asynccontextmanager
async def desk(settings: Settings, workspace: str | None) -> AsyncIterator[Desk]:
    """The house for a command about a workspace (its id or name). Raises WhichWorkspace if it has to be said."""
    async with with_house(settings, start_clock(settings), token=who_we_are(settings)) as fitted:
        async with fitted.database.transaction() as session:
            workspace_id = fitted.workspace_id or (await the_workspace(session, workspace)).id
        yield Desk(fitted, Doer(workspace_id))


@asynccontextmanager
async def speaking(settings: Settings, workspace: str | None) -> AsyncIterator[Pair]:
    """The clients of a workspace. Where there is one, its token is all that is needed. Raises WhichWorkspace, too."""
    if settings.serves_many:
        async with desk(settings, workspace) as opened:
            yield await opened.house.clients.of(opened.by.workspace_id)
    else:
        async with slack_clients(token=settings.bot_token(), api_url=settings.slack_api_url) as clients:
            yield clients


async def rotate_keys(settings: Settings) -> int:
    """`playercoach keys rotate`: every token under the first key; how many they were. Raises KeysUnfit."""
    logs.set_up(settings.log_level, settings.log_format)
    keyring = Keyring(settings.keys())
    async with with_database(settings) as url:
        database = Database(url)
        try:
            return await seal_anew(database.engine, keyring)
        finally:
            await database.close()


def who_we_are(settings: Settings) -> str | Credentials:
    """The token of the only workspace, or what makes us an app that any number of them installs. Raises SettingsUnfit."""
    if not settings.serves_many:
        return settings.bot_token()
    return Credentials(settings.slack_client_id, settings.client_secret(), settings.keys(), settings.public_url)


@asynccontextmanager
async def receiving(fitted: House, token: str, app_token: str) -> AsyncIterator[None]:
    """Socket Mode, for as long as this is open. SlackApiError for a token that Slack does not take."""
    client = AsyncWebClient(token=token, base_url=fitted.clients.api_url)
    first = await _first_address(client, app_token)
    with fitted.signs.expected_of(RECEIVER):
        async with (
            receivers.socket_mode(fitted.bolt(), app_token=app_token, client=client, first=first) as is_connected,
            alongside("what watches the receiver", partial(_look, is_connected, partial(fitted.signs.give, RECEIVER))),
        ):
            yield


async def _first_address(client: AsyncWebClient, app_token: str) -> str | None:
    """Where to connect to first; None where Slack can't say just now, which its own client then goes on asking for.

    That one would do so with a token that is none, too, for ever and in tracebacks: here it is a SlackApiError.
    """
    try:
        return str((await client.apps_connections_open(app_token=app_token))["url"])
    except (aiohttp.ClientError, TimeoutError):
        return None
    except SlackApiError as error:
        if word_of(error) in BAD_TOKEN | {"missing_scope"}:
            raise
        return None


async def _look(is_fine: Callable[[], Awaitable[bool]], give_sign: Callable[[], None]) -> None:
    while True:
        if await is_fine():
            give_sign()
        await asyncio.sleep(LOOK_SECONDS)


def start_clock(settings: Settings) -> Clock:
    """The clock that the settings ask for; the log says it loudly if it is not the real time."""
    logs.set_up(settings.log_level, settings.log_format)
    report_errors(settings)
    clock = clock_of(settings)
    if not clock.is_real:
        logger.warning(
            "TIME IS NOT REAL: it is %s here, and a day takes %.0f s (CLOCK_START, CLOCK_SPEED)",
            clock.now().isoformat(timespec="minutes"),
            86400 / clock.speed,
            extra={"action": "clock.rehearsal"},
        )
    return clock
