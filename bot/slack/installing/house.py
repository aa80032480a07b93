"""All of it fitted together, for a house that serves any number of workspaces."""

from dataclasses import dataclass, field
from datetime import timedelta

from slack_sdk.oauth.token_rotation.async_rotator import AsyncTokenRotator
from slack_sdk.web.async_client import AsyncWebClient

from bot.agenda.clock import Clock
from bot.curriculum.library import Library
from bot.records.database import Database
from bot.slack.clients import Clients
from bot.slack.installing.coming import Coming
from bot.slack.installing.keys import Keyring
from bot.slack.installing.pages import Exchange, Installs, Pages, oauth_settings
from bot.slack.installing.store import Installations, States
from bot.slack.installing.tokens import StoredTokens


@dataclass(frozen=True)
class Credentials:
    """What makes us the app that workspaces install, and the keys under which their tokens are kept."""

    client_id: str
    client_secret: str = field(repr=False)
    keys: tuple[str, ...] = field(repr=False)
    public_url: str = ""


@dataclass(frozen=True)
class Installing:
    """Workspaces come, are let in, and go."""

    coming: Coming
    installs: Installs


def stored_tokens(credentials: Credentials, database: Database, *, api_url: str) -> StoredTokens:
    """The tokens of all workspaces. KeysUnfit for a key that is none."""
    installations = Installations(credentials.client_id, database.engine, Keyring(credentials.keys))
    # It never retries: a refresh token opens once.
    client = AsyncWebClient(base_url=api_url, retry_handlers=[])
    rotator = AsyncTokenRotator(client_id=credentials.client_id, client_secret=credentials.client_secret, client=client)
    return StoredTokens(database, installations, rotator)


def installing(
    credentials: Credentials, tokens: StoredTokens, *, clients: Clients, clock: Clock, library: Library, gap: timedelta
) -> Installing:
    """The pages, and what they write down."""
    database, installations, pages = tokens.database, tokens.installations, Pages(library)
    coming = Coming(clock, database, installations, clients, gap)
    settings = oauth_settings(
        client_id=credentials.client_id, client_secret=credentials.client_secret, api_url=clients.api_url,
        public_url=credentials.public_url, store=installations, states=States(database.engine), pages=pages,
    )  # fmt: skip
    client = Exchange(base_url=clients.api_url, session=clients.session, retry_handlers=[])
    return Installing(coming, Installs(settings, pages, client, coming.installed))
