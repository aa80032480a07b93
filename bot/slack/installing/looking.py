"""What each workspace's token opens: for those who look over an installation."""

from collections.abc import AsyncIterator
from dataclasses import dataclass

import aiohttp
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_slack_response import AsyncSlackResponse

from bot.records import workspaces
from bot.records.database import Database
from bot.records.workspaces import NotInstalled, TokenUnfit
from bot.slack.clients import Clients, clients_of_workspaces
from bot.slack.installing.house import Credentials, stored_tokens


@dataclass(frozen=True)
class Looked:
    """A workspace by its name and id: what Slack answered there to «who am I?», or what is wrong."""

    name: str
    answer: AsyncSlackResponse | None = None
    wrong: str = ""


async def look_over(credentials: Credentials, database: Database, *, api_url: str) -> AsyncIterator[Looked]:
    """Each workspace in which the app is installed."""
    async with database.transaction() as session:
        found = await workspaces.present(session)
    async with clients_of_workspaces(stored_tokens(credentials, database, api_url=api_url), api_url=api_url) as clients:
        for one in found:
            yield await _look(clients, one.id, f"{one.name} ({one.id})")


async def _look(clients: Clients, workspace_id: str, name: str) -> Looked:
    try:
        return Looked(name, await (await clients.calm(workspace_id)).auth_test())
    except SlackApiError as error:
        return Looked(name, wrong=f"Slack says {error.response['error']}")
    except (aiohttp.ClientError, TimeoutError) as error:
        return Looked(name, wrong=f"out of reach ({type(error).__name__})")
    except (NotInstalled, TokenUnfit) as error:
        return Looked(name, wrong=str(error))
