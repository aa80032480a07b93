"""Whether each workspace's token still opens it: for those who look over an installation."""

from collections.abc import AsyncIterator

import aiohttp
from slack_sdk.errors import SlackApiError

from bot.records import workspaces
from bot.records.database import Database
from bot.records.workspaces import NotInstalled
from bot.slack.clients import clients_of_workspaces
from bot.slack.installing.house import Credentials, stored_tokens
from bot.slack.installing.keys import KeysUnfit


async def look_over(credentials: Credentials, database: Database, *, api_url: str) -> AsyncIterator[tuple[str, str]]:
    """Each workspace by its name and id, and what is wrong with it: nothing, if that is empty."""
    async with database.transaction() as session:
        found = await workspaces.present(session)
    async with clients_of_workspaces(stored_tokens(credentials, database, api_url=api_url), api_url=api_url) as clients:
        for one in found:
            name, wrong = f"{one.name} ({one.id})", ""
            try:
                await (await clients.calm(one.id)).auth_test()
            except SlackApiError as error:
                wrong = f"Slack says {error.response['error']}"
            except (aiohttp.ClientError, TimeoutError) as error:
                wrong = f"out of reach ({type(error).__name__})"
            except (NotInstalled, KeysUnfit) as error:
                wrong = str(error)
            yield name, wrong
