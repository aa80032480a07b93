"""Where workspaces install the app: its credentials, its keys, and what each token still opens."""

from collections.abc import AsyncIterator, Sequence

import aiohttp
from sqlalchemy.exc import DBAPIError

from bot.doctoring.answers import granted, headers, known, out_of_reach, punctual
from bot.doctoring.content import named
from bot.doctoring.database import opened
from bot.findings import Finding
from bot.records.database import DatabaseUnfit
from bot.records.embedded import EmbeddedFailed, NothingYet
from bot.settings import Settings, SettingsUnfit
from bot.slack.installing.house import Credentials
from bot.slack.installing.keys import Keyring, KeysUnfit
from bot.slack.installing.looking import Looked, look_over, wrong_credentials
from bot.slack.refusals import COPY_CREDENTIALS


async def look_at_workspaces(settings: Settings) -> AsyncIterator[Finding]:
    """What installing needs; then each workspace, and whom none of them knows."""
    try:
        us = Credentials(settings.slack_client_id, settings.client_secret(), settings.keys(), settings.public_url)
        Keyring(us.keys)
    except (SettingsUnfit, KeysUnfit) as error:
        yield Finding("installing", "not possible", str(error))
        return
    yield await _installing(settings, us)
    try:
        async with opened(settings) as database:
            staff = named(settings)
            found = [one async for one in look_over(us, database, api_url=settings.slack_api_url, staff=staff)]
    except NothingYet:
        return
    except (DatabaseUnfit, EmbeddedFailed, DBAPIError):  # its own line says why, or which migrations it lacks
        yield Finding("workspaces", "not looked at", "mend the database first")
        return
    for finding in _in_workspaces(found):
        yield finding
    if staff and (unknown := [one.unknown for one in found if one.unknown is not None]):
        yield known(frozenset.intersection(*unknown))
    for answer in [one.answer for one in found if one.answer is not None][:1]:
        yield punctual(headers(answer).get("Date"))


async def _installing(settings: Settings, us: Credentials) -> Finding:
    try:
        wrong = await wrong_credentials(us, api_url=settings.slack_api_url)
    except (aiohttp.ClientError, TimeoutError) as error:
        return out_of_reach("Slack", error)
    if wrong:
        return Finding("installing", f"Slack says {wrong}", COPY_CREDENTIALS)
    return Finding("installing", f"at {settings.public_url}/slack/install of `playercoach web`")


def _in_workspaces(found: Sequence[Looked]) -> Sequence[Finding]:
    if not found:
        return [Finding("workspaces", "none has installed the app yet")]
    return [finding for one in found for finding in _in_workspace(one)]


def _in_workspace(one: Looked) -> Sequence[Finding]:
    if one.answer is None:
        return [Finding("workspace", f"{one.name}: {one.wrong}", one.mend)]
    return [Finding("workspace", f"{one.name}: open"), *granted(one.answer, f"{one.name}: ")]
