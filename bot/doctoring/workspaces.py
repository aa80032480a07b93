"""Where workspaces install the app: its credentials, its keys, and what each token still opens."""

from collections.abc import AsyncIterator, Sequence

from sqlalchemy.exc import DBAPIError

from bot.doctoring.answers import granted, headers, known, punctual
from bot.doctoring.content import named
from bot.doctoring.database import opened
from bot.findings import Finding
from bot.records.database import DatabaseUnfit
from bot.records.embedded import EmbeddedFailed, NothingYet
from bot.settings import Settings, SettingsUnfit
from bot.slack.installing.house import Credentials
from bot.slack.installing.keys import Keyring, KeysUnfit
from bot.slack.installing.looking import Looked, look_over


async def look_at_workspaces(settings: Settings) -> AsyncIterator[Finding]:
    """What installing needs; then each workspace, and whom none of them knows."""
    try:
        us = Credentials(settings.slack_client_id, settings.client_secret(), settings.keys(), settings.public_url)
        Keyring(us.keys)
    except (SettingsUnfit, KeysUnfit) as error:
        yield Finding("installing", "not possible", str(error))
        return
    yield Finding("installing", f"at {settings.public_url}/slack/install of `playercoach web`")
    try:
        async with opened(settings) as database:
            staff = named(settings)
            found = [one async for one in look_over(us, database, api_url=settings.slack_api_url, staff=staff)]
    except NothingYet:
        return
    except (DatabaseUnfit, EmbeddedFailed, DBAPIError):  # its own line says why, or which migrations it lacks
        yield Finding("workspaces", "not looked at", "mend the database first")
        return
    for one in found:
        for finding in _in_workspace(one):
            yield finding
    if staff and (unknown := [one.unknown for one in found if one.unknown is not None]):
        yield known(frozenset.intersection(*unknown))
    for answer in [one.answer for one in found if one.answer is not None][:1]:
        yield punctual(headers(answer).get("Date"))


def _in_workspace(one: Looked) -> Sequence[Finding]:
    if one.answer is None:
        return [Finding("workspace", f"{one.name}: {one.wrong}", one.mend)]
    return [Finding("workspace", f"{one.name}: open"), *granted(one.answer, f"{one.name}: ")]
