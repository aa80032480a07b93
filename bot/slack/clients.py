"""Slack's clients: in each workspace one for what creates, which never retries, and one for what may be done twice."""

import asyncio
import logging
from collections import defaultdict
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Protocol

import aiohttp
from pydantic_core import to_json
from slack_sdk.http_retry.async_handler import AsyncRetryHandler
from slack_sdk.http_retry.builtin_async_handlers import AsyncConnectionErrorRetryHandler
from slack_sdk.web.async_client import AsyncWebClient
from slack_sdk.web.async_slack_response import AsyncSlackResponse

from bot.agenda.clock import wall
from bot.slack import codec

# How long a call may take: less than a message's lease leaves for one.
CALL_SECONDS = 20
# How long a token is used without looking whether it was changed or taken away by another process.
TOKEN_KEPT = timedelta(seconds=60)

# One client of a workspace, by its id. Raises NotInstalled or TokenUnfit.
ClientOf = Callable[[str], Awaitable[AsyncWebClient]]


@dataclass(frozen=True)
class Token:
    """What opens a workspace. `is_of_org`: it opens a whole organisation, and each call says which workspace it is about."""

    secret: str = field(repr=False)
    is_of_org: bool = False
    bot_id: str | None = None
    bot_user_id: str | None = None


class Tokens(Protocol):
    """Where the tokens of workspaces are."""

    async def token_of(self, workspace_id: str) -> Token:
        """A token that is good for a while. Raises NotInstalled or TokenUnfit."""


@dataclass
class OneToken:
    """The only token there is, whichever workspace is asked for. Whose it is, is known once Slack has said so."""

    token: Token

    async def token_of(self, _: str) -> Token:
        """The token of the settings."""
        return self.token


@dataclass(frozen=True)
class Pair:
    """`posting` for what would stand twice if it were repeated; `calm` for what would not."""

    posting: AsyncWebClient
    calm: AsyncWebClient
    token: Token


class _Client(AsyncWebClient):
    """Slack's, for one token. An organisation's says with each view in which workspace it is shown: Slack does not."""

    def __init__(self, *, base_url: str, **how: Any) -> None:
        super().__init__(base_url=base_url, **how)
        # For each call the SDK takes both parts of its address to pieces, to join them: a twentieth of what a post costs.
        self._before, self.base_url = self.base_url, ""

    async def api_call(self, api_method: str, **how: Any) -> AsyncSlackResponse:
        asked, workspace_id = how.get("json") or {}, self.default_params.get("team_id")
        if workspace_id and "view" in asked:
            how["json"] = {**asked, "view": in_place(asked["view"], workspace_id)}
        return await super().api_call(f"{self._before}{api_method}", **how)


def in_place(view: Mapping[str, Any], workspace_id: str) -> dict[str, Any]:
    """A view that says in which workspace it is shown."""
    return {**view, "private_metadata": codec.with_place(view.get("private_metadata", ""), workspace_id)}


def answer_in_place(blocks: Sequence[Mapping[str, Any]], workspace_id: str) -> list[dict[str, Any]]:
    """The blocks of an answer that say in which workspace it is shown; those that have an id keep it."""
    return [{"block_id": codec.place_block(workspace_id, place), **block} for place, block in enumerate(blocks)]


def _quiet() -> logging.Logger:
    """A logger with a level of its own: for one that inherits its level, the SDK writes out each call and its answer, people's
    words among them, and then logs them nowhere; a seventh of the time that a call takes."""
    log = logging.getLogger("slack_sdk.web")
    log.setLevel(logging.WARNING)
    return log


@dataclass
class Clients:
    """The clients of any number of workspaces, all on one session: without it the SDK opens a connection for each call."""

    tokens: Tokens
    api_url: str
    session: aiohttp.ClientSession
    now: Callable[[], datetime] = wall  # real time: tokens know no other
    log: logging.Logger = field(default_factory=_quiet)
    _known: dict[str, tuple[datetime, Pair]] = field(default_factory=dict)
    _looks: defaultdict[str, asyncio.Lock] = field(default_factory=lambda: defaultdict(asyncio.Lock))

    async def of(self, workspace_id: str) -> Pair:
        """Both clients of a workspace. Raises NotInstalled or TokenUnfit."""
        if (known := self._still_known(workspace_id)) is not None:
            return known
        async with self._looks[workspace_id]:  # at nine, a crowd would look for the same token at the same moment
            if (known := self._still_known(workspace_id)) is not None:
                return known
            pair = self.with_token(await self.tokens.token_of(workspace_id), workspace_id)
            self._known[workspace_id] = (self.now() + TOKEN_KEPT, pair)
            return pair

    def _still_known(self, workspace_id: str) -> Pair | None:
        until, pair = self._known.get(workspace_id, (None, None))
        return pair if until is not None and self.now() < until else None

    async def posting(self, workspace_id: str) -> AsyncWebClient:
        """The client for what creates. Raises NotInstalled or TokenUnfit."""
        return (await self.of(workspace_id)).posting

    async def calm(self, workspace_id: str) -> AsyncWebClient:
        """The client for what may be done twice. Raises NotInstalled or TokenUnfit."""
        return (await self.of(workspace_id)).calm

    def forget(self, workspace_id: str) -> None:
        """Look for a workspace's token anew at the next call: Slack has refused this one."""
        self._known.pop(workspace_id, None)

    def with_token(self, token: Token, workspace_id: str | None = None) -> Pair:
        """The clients of this token; of an organisation's, in that workspace."""
        team = workspace_id if token.is_of_org else None
        return Pair(self._client(token, team, []), self._calm(token, team), token)

    def acting(self, token: Token, workspace_id: str) -> AsyncWebClient:
        """A client for somebody's click, which is over with it."""
        return self._calm(token, workspace_id if token.is_of_org else None)

    def _calm(self, token: Token, team: str | None) -> AsyncWebClient:
        return self._client(token, team, [AsyncConnectionErrorRetryHandler()])

    def _client(self, token: Token, team: str | None, handlers: list[AsyncRetryHandler]) -> AsyncWebClient:
        return _Client(
            token=token.secret,
            base_url=self.api_url,
            session=self.session,
            retry_handlers=handlers,
            timeout=CALL_SECONDS,
            team_id=team,
            logger=self.log,
        )


@asynccontextmanager
async def clients_of_workspaces(
    tokens: Tokens, *, api_url: str, watched_by: Sequence[aiohttp.ClientMiddlewareType] = ()
) -> AsyncIterator[Clients]:
    """The clients of all workspaces, for as long as their session is open."""
    # The SDK leaves a call on somebody's session to that one's own limit, which by itself is five minutes. Cookies, of which
    # Slack sets some, would tell it of one workspace's calls in those of another.
    async with aiohttp.ClientSession(
        connector=aiohttp.TCPConnector(limit=0), timeout=aiohttp.ClientTimeout(total=CALL_SECONDS),
        cookie_jar=aiohttp.DummyCookieJar(), middlewares=watched_by, json_serialize_bytes=to_json,
    ) as session:  # fmt: skip
        yield Clients(tokens, api_url, session)


@asynccontextmanager
async def slack_clients(*, token: str, api_url: str) -> AsyncIterator[Pair]:
    """The clients of one token, for as long as their session is open."""
    async with clients_of_workspaces(OneToken(Token(token)), api_url=api_url) as clients:
        yield clients.with_token(Token(token))
