"""Slack: what the tokens open, and whom it knows."""

from collections.abc import AsyncIterator, Sequence

import aiohttp
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot.doctoring.answers import granted, headers, known, out_of_reach, punctual, refused
from bot.doctoring.content import named
from bot.doctoring.workspaces import look_at_workspaces
from bot.findings import Finding
from bot.settings import Settings, SettingsUnfit
from bot.slack.clients import slack_clients
from bot.slack.refusals import word_of
from bot.slack.staff import strangers


async def look_at_slack(settings: Settings) -> AsyncIterator[Finding]:
    """What the only workspace's token opens there, or those of all workspaces."""
    if settings.serves_many:
        async for finding in look_at_workspaces(settings):
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
            yield refused("bot token", error, "copy it again: OAuth & Permissions")
            return
        except (aiohttp.ClientError, TimeoutError) as error:
            yield out_of_reach("Slack", error)
            return
        names = named(settings)
        staff = [await _staff(clients.calm, names)] if names else []
    yield Finding("bot token", f"is {me['user']} of {me['team']}")
    for finding in (*staff, *granted(me)):
        yield finding
    yield punctual(headers(me).get("Date"))


async def _staff(client: AsyncWebClient, names: Sequence[str]) -> Finding:
    try:
        return known(await strangers(client, names))
    except SlackApiError as error:
        mend = "name them by Slack user id, or add the scope users:read.email"
        return Finding("staff", f"not looked up: Slack says {word_of(error)}", mend, is_fatal=False)
