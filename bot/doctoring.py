"""`playercoach doctor`: looks over an installation, and says of each thing that is wrong how to mend it."""

import asyncio
import json
from collections.abc import AsyncIterator, Callable, Collection, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import aiohttp
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient
from slack_sdk.web.async_slack_response import AsyncSlackResponse
from sqlalchemy import func, text
from sqlalchemy.exc import DBAPIError
from sqlmodel import col, select

from bot.agenda.clock import wall
from bot.curriculum.check import check, summary
from bot.curriculum.reader import read
from bot.findings import Finding
from bot.living import in_a_thread
from bot.records.database import Database, DatabaseUnfit, async_url
from bot.records.embedded import Embedded, EmbeddedFailed, NothingYet
from bot.records.tables import AgendaItem
from bot.records.upgrade import pending
from bot.records.workspaces import gone
from bot.settings import Settings, SettingsUnfit
from bot.slack.clients import slack_clients
from bot.slack.installing.house import Credentials
from bot.slack.installing.keys import Keyring, KeysUnfit
from bot.slack.installing.looking import Looked, look_over
from bot.slack.staff import strangers

MANIFEST = Path(__file__).parents[1] / "manifest.json"
MOST_SKEW = timedelta(seconds=30)  # Slack itself refuses what is signed five minutes off
LATE = timedelta(minutes=10)
MANY_JOBS = 1000


# Those that stand in line for Slack come in their time, and no other worker does them sooner.
_JOBS = (
    "SELECT count(*) FROM procrastinate_jobs WHERE status = 'todo' AND (scheduled_at IS NULL OR scheduled_at <= now())"
)

Look = Callable[[Settings], AsyncIterator[Finding]]


async def examine(settings: Settings) -> list[Finding]:
    """Everything, in the order in which one would mend it."""
    return [finding for look in LOOKS async for finding in look(settings)]


async def _content(settings: Settings) -> AsyncIterator[Finding]:
    curriculum, problems = check(settings.content_dir, today=wall().date())
    errors = sum(problem.severity == "error" for problem in problems)
    if curriculum is None or errors:
        yield Finding("content", f"{errors} to mend in {settings.content_dir}", "run `playercoach content check`")
        return
    yield Finding("content", summary(curriculum))
    if not curriculum.program.staff:
        yield Finding("staff", "nobody is named", "name your L&D staff in content/program.yaml", is_fatal=False)


async def _zones(_: Settings) -> AsyncIterator[Finding]:
    try:
        ZoneInfo("Europe/Ljubljana")
    except ZoneInfoNotFoundError:
        yield Finding("time zones", "the machine has no data about them", "install the package tzdata")
    else:
        yield Finding("time zones", "known")


@asynccontextmanager
async def _opened(settings: Settings) -> AsyncIterator[Database]:
    """The database, for as long as this is open. Nothing is made: NothingYet. Raises EmbeddedFailed or DatabaseUnfit, too."""
    async with AsyncExitStack() as stack:
        if settings.database_url is None:
            embedded = Embedded(settings.data_dir)
            stack.push_async_callback(asyncio.to_thread, embedded.stop)
            url = await in_a_thread(embedded.visit)
        else:
            url = async_url(settings.database_url.get_secret_value())
        database = Database(url)
        stack.push_async_callback(database.close)
        await database.probe()
        yield database


async def _database(settings: Settings) -> AsyncIterator[Finding]:
    ours = f"embedded, in {settings.data_dir}" if settings.database_url is None else ""
    try:
        async with _opened(settings) as database:
            yield Finding("database", f"{ours}; fine for one machine" if ours else "answers")
            migrations = _migrations(database)
            yield migrations
            if migrations.is_fine:
                async for finding in _work(database):
                    yield finding
    except NothingYet:
        yield Finding("database", f"{ours}; it is made at the first start")
    except (DatabaseUnfit, EmbeddedFailed) as error:
        yield Finding("database", "does not answer", str(error))


def _migrations(database: Database) -> Finding:
    try:
        behind = pending(database.url)
    except DatabaseUnfit as error:
        return Finding("migrations", "unknown to this version", str(error))
    if behind:
        return Finding("migrations", f"{behind} to apply", "run `playercoach db upgrade`")
    return Finding("migrations", "up to date")


async def _work(database: Database) -> AsyncIterator[Finding]:
    """How deep the queue is, and what is overdue."""
    async with database.transaction() as session:
        jobs = await session.scalar(text(_JOBS))
        due = await session.scalar(
            select(func.min(AgendaItem.due_at)).where(
                col(AgendaItem.done_at).is_(None), col(AgendaItem.workspace_id).not_in(gone())
            )
        )
    mend = "start another `playercoach worker`; its log says what it can't do" if (jobs or 0) > MANY_JOBS else ""
    yield Finding("queue", f"{jobs} jobs wait", mend, is_fatal=False)
    late = None if due is None else wall() - due
    if late is not None and late > LATE:
        hours = late.total_seconds() / 3600
        yield Finding("agenda", f"the oldest item is {hours:.1f} hours late", "start `playercoach clock` (or `run`)")
    else:
        yield Finding("agenda", "nothing is late")


async def _workspaces(settings: Settings) -> AsyncIterator[Finding]:
    """Where workspaces install the app: its credentials, its keys, and what each token still opens."""
    try:
        us = Credentials(settings.slack_client_id, settings.client_secret(), settings.keys(), settings.public_url)
        Keyring(us.keys)
    except (SettingsUnfit, KeysUnfit) as error:
        yield Finding("installing", "not possible", str(error))
        return
    yield Finding("installing", f"at {settings.public_url}/slack/install of `playercoach web`")
    try:
        async with _opened(settings) as database:
            staff = _named(settings)
            found = [one async for one in look_over(us, database, api_url=settings.slack_api_url, staff=staff)]
    except NothingYet:
        return
    except (DatabaseUnfit, EmbeddedFailed, DBAPIError):  # its own line says why, or which migrations it lacks
        yield Finding("workspaces", "not looked at", "mend the database first")
        return
    for one in found:
        for finding in _in_workspace(one):
            yield finding
    if unknown := [one.unknown for one in found if one.unknown is not None]:
        yield _known(frozenset.intersection(*unknown))
    for answer in [one.answer for one in found if one.answer is not None][:1]:
        yield _clock(_headers(answer).get("Date"))


def _in_workspace(one: Looked) -> Sequence[Finding]:
    if one.answer is None:
        return [Finding("workspace", f"{one.name}: {one.wrong}", "have the app installed there again")]
    return [Finding("workspace", f"{one.name}: open"), *_granted(one.answer, f"{one.name}: ")]


async def _slack(settings: Settings) -> AsyncIterator[Finding]:
    if settings.serves_many:
        async for finding in _workspaces(settings):
            yield finding
        return
    try:
        token = settings.bot_token()
    except SettingsUnfit as error:
        yield Finding("bot token", "unusable", str(error))
        return
    async with slack_clients(token=token, api_url=settings.slack_api_url) as clients:
        try:
            me = await clients.calm.auth_test()
        except SlackApiError as error:
            yield Finding("bot token", f"Slack says {error.response['error']}", "copy it again: OAuth & Permissions")
            return
        except (aiohttp.ClientError, TimeoutError) as error:
            yield Finding("Slack", f"out of reach ({type(error).__name__})", "check the network, and SLACK_API_URL")
            return
        staff = await _staff(settings, clients.calm)
    yield Finding("bot token", f"is {me['user']} of {me['team']}")
    yield staff
    for finding in _granted(me):
        yield finding
    yield _clock(_headers(me).get("Date"))


async def _staff(settings: Settings, client: AsyncWebClient) -> Finding:
    try:
        return _known(await strangers(client, _named(settings)))
    except SlackApiError as error:
        mend = "name them by Slack user id, or add the scope users:read.email"
        return Finding("staff", f"not looked up: Slack says {error.response['error']}", mend, is_fatal=False)


def _named(settings: Settings) -> tuple[str, ...]:
    """Staff and analysts, as the program names them."""
    curriculum, _ = read(settings.content_dir, today=wall().date())
    return () if curriculum is None else (*curriculum.program.staff, *curriculum.program.analysts)


def _known(unknown: Collection[str]) -> Finding:
    """Whether Slack knows everybody whom the program names: the sample's own people are nobody here."""
    if unknown:
        mend = "name your own people in content/program.yaml"
        return Finding("staff", f"Slack knows no {', '.join(sorted(unknown))}", mend, is_fatal=False)
    return Finding("staff", "all known to Slack")


def _headers(answer: AsyncSlackResponse) -> Any:
    """Whatever the case of their names: aiohttp's own."""
    return answer.headers


def _granted(answer: AsyncSlackResponse, where: str = "") -> Sequence[Finding]:
    """The scopes that Slack tells with an answer, against those of the manifest."""
    told = _headers(answer).get("x-oauth-scopes", "").split(",")
    granted = {one.strip() for one in told}
    scopes = json.loads(MANIFEST.read_text("utf-8"))["oauth_config"]["scopes"]
    optional = set(scopes["bot_optional"])
    missing, off = sorted(set(scopes["bot"]) - optional - granted), sorted(optional - granted)
    found = [Finding("scopes", f"{where}all that are needed")]
    if missing:
        mend = "add them: OAuth & Permissions; install the app again"
        found = [Finding("scopes", f"{where}without {', '.join(missing)}", mend)]
    if off:
        mend = "README says what each is for; add those that you want and install the app again"
        found.append(Finding("optional scopes", f"{where}off: {', '.join(off)}", mend, is_fatal=False))
    return found


def _clock(date: str | None) -> Finding:
    """This machine's time against Slack's: what is signed too far off is refused."""
    if date is None:
        return Finding("clock", "Slack told no time")
    skew = abs(datetime.now(UTC) - parsedate_to_datetime(date).astimezone(UTC))
    mend = "switch on the machine's time synchronisation" if skew > MOST_SKEW else ""
    return Finding("clock", f"{skew.total_seconds():.0f} s from Slack's", mend)


async def _receiving(settings: Settings) -> AsyncIterator[Finding]:
    """Over Socket Mode, over HTTP, or both: one that works is enough. Workspaces that install the app do so over HTTP."""
    ways = [_over_http(settings)] if settings.serves_many else [way async for way in _ways(settings)]
    is_fatal = not any(way.is_fine for way in ways)
    for way in ways:
        yield replace(way, is_fatal=is_fatal)


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
        mend = "it needs the scope connections:write, and Socket Mode switched on: Basic Information, Socket Mode"
        return Finding("Socket Mode", f"Slack says {error.response['error']}", mend)
    except (aiohttp.ClientError, TimeoutError) as error:
        return Finding("Socket Mode", f"out of reach ({type(error).__name__})", "check the network")
    return Finding("Socket Mode", "a connection is given")


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


LOOKS: Sequence[Look] = (_content, _zones, _database, _slack, _receiving)
