"""What each workspace's token opens: for those who look over an installation."""

from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass

import aiohttp
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient
from slack_sdk.web.async_slack_response import AsyncSlackResponse

from bot.records import workspaces
from bot.records.database import Database
from bot.records.workspaces import KeyLost, NotInstalled, TokenUnfit
from bot.slack.clients import Clients, clients_of_workspaces
from bot.slack.installing.house import Credentials, stored_tokens
from bot.slack.refusals import BAD_CREDENTIALS, CHECK_THE_WAY, is_slacks, word_of
from bot.slack.staff import strangers


@dataclass(frozen=True)
class Looked:
    """A workspace by its name and id: what Slack answered there to «who am I?», or what is wrong and how to mend it; which staff
    it lacks, if Slack tells."""

    name: str
    answer: AsyncSlackResponse | None = None
    wrong: str = ""
    mend: str = "have the app installed there again"
    unknown: frozenset[str] | None = None


async def look_over(
    credentials: Credentials, database: Database, *, api_url: str, staff: Sequence[str] = ()
) -> AsyncIterator[Looked]:
    """Each workspace in which the app is installed; `staff` are looked for in each, by e-mail address or Slack id."""
    async with database.transaction() as session:
        found = await workspaces.present(session)
    async with clients_of_workspaces(stored_tokens(credentials, database, api_url=api_url), api_url=api_url) as clients:
        for one in found:
            yield await _look(clients, one.id, f"{one.name} ({one.id})", staff)


async def wrong_credentials(credentials: Credentials, *, api_url: str) -> str:
    """Slack's word against the app's id or its secret, empty if it has none. Raises aiohttp's errors and TimeoutError.

    It is asked for a token for a code that it never gave.
    """
    try:
        await AsyncWebClient(base_url=api_url, retry_handlers=[]).oauth_v2_access(
            client_id=credentials.client_id, client_secret=credentials.client_secret, code="none"
        )
    except SlackApiError as error:
        return word if (word := word_of(error)) in BAD_CREDENTIALS else ""
    return ""


async def _look(clients: Clients, workspace_id: str, name: str, staff: Sequence[str]) -> Looked:
    try:
        client = await clients.calm(workspace_id)
        return Looked(name, await client.auth_test(), unknown=await _unknown(client, staff))
    except SlackApiError as error:
        if is_slacks(error):
            return Looked(name, wrong=f"Slack says {word_of(error)}")
        return Looked(name, wrong=word_of(error), mend=CHECK_THE_WAY)
    except (aiohttp.ClientError, TimeoutError) as error:
        return Looked(name, wrong=f"out of reach ({type(error).__name__})", mend=CHECK_THE_WAY)
    except KeyLost:
        wrong = "its token is kept under a key that TOKEN_KEYS does not hold"
        mend = "put that key back behind the new one; only if it is lost, have the app installed there again"
        return Looked(name, wrong=wrong, mend=mend)
    except (NotInstalled, TokenUnfit) as error:
        return Looked(name, wrong=str(error))


async def _unknown(client: AsyncWebClient, staff: Sequence[str]) -> frozenset[str] | None:
    try:
        return frozenset(await strangers(client, staff))
    except SlackApiError:  # a scope that lacks is told of on a line of its own
        return None
