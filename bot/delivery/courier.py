"""Carries a message to Slack and tells what became of it. It never retries: a second try could be a second message."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from operator import methodcaller
from typing import Any, Protocol
from uuid import UUID

import aiohttp
from slack_sdk.errors import SlackApiError, SlackClientError
from slack_sdk.web.async_client import AsyncWebClient

from bot.records.database import AWAY
from bot.records.tables import MESSAGE_BLOCK, Message
from bot.records.workspaces import NotInstalled, TokenUnfit

EVENT_TYPE = "playercoach_message"
NO_CONVERSATION = "channel_not_found"
NOT_INSTALLED = "not_installed"  # ours: no token to ask with
PAGES_LOOKED_THROUGH = 5
# Slack's words for «this person can't be written to», as against «this message is wrong» or «not just now».
GONE = frozenset(
    {"user_disabled", "user_not_found", "user_not_visible", "channel_not_found", "cannot_dm_bot",
     "is_archived", "invalid_user_combination"}
)  # fmt: skip
MALFORMED = frozenset(
    {"invalid_blocks", "invalid_blocks_format", "msg_too_long", "msg_blocks_too_long", "no_text", "invalid_arguments",
     "metadata_too_large"}
)  # fmt: skip
# Its words for a file that it has not looked through yet: a message that shows it can be said some seconds later.
NOT_SEEN_THROUGH = "invalid slack file"
# Its words for «there is nothing to draw anew».
VANISHED = frozenset({"message_not_found", "channel_not_found", "cant_update_message", "is_archived"})
# Its words for «this workspace does not let you in»: the token opens nothing (any more), or the workspace moves into an
# organisation, or its administrators or its network forbid it, or the Messages tab is off on the app's own page. Some could mean
# a single conversation, too: then only that waits.
SHUT = frozenset(
    {"invalid_auth", "not_authed", "account_inactive", "token_revoked", "token_expired", "team_access_not_granted",
     "org_login_required", "team_added_to_org", "ekm_access_denied", "restricted_action", "access_denied", "accesslimited",
     "messages_tab_disabled"}
)  # fmt: skip
TOO_MANY = frozenset({"ratelimited", "rate_limited"})  # the latter of chat.postMessage

# One client of a workspace, by its id. Raises NotInstalled or TokenUnfit.
ClientOf = Callable[[str], Awaitable[AsyncWebClient]]


class Named(Protocol):
    """A message as it is looked for: by its id, in its workspace."""

    @property
    def id(self) -> UUID: ...

    @property
    def workspace_id(self) -> str: ...


class Undeliverable(Exception):
    """It was not said, for certain. `permanent`: nor will it ever be."""

    def __init__(self, reason: str, *, permanent: bool) -> None:
        super().__init__(reason)
        self.reason, self.permanent = reason, permanent


class Silence(Exception):
    """Slack said 429: nothing was said, and nothing should be for `seconds` (real time)."""

    def __init__(self, seconds: float) -> None:
        super().__init__(f"asked to wait {seconds:.0f} s")
        self.seconds = seconds


class Closed(Exception):
    """The workspace does not let us in: nothing was said, and it waits until the workspace does."""


class OutOfReach(Exception):
    """Slack, or the token that it asks for, can't be reached just now: nothing was said, and nobody refused it."""


class Unknown(Exception):
    """Nobody knows whether it was said: the answer never came."""


@dataclass(frozen=True)
class Said:
    """Where it stands in Slack."""

    channel: str
    ts: str


@dataclass(frozen=True)
class GivenBack:
    """It was not even tried: whoever claimed it had to go before its slot came."""


@dataclass(frozen=True)
class NotSaid:
    """It was looked for and is not there."""


@dataclass(frozen=True)
class Untold:
    """It can't be looked for: the app may not read its own conversations."""


@dataclass(frozen=True)
class Unasked:
    """It was not looked for yet: Slack asked for silence. It may be in so many seconds (real time)."""

    seconds: float


@dataclass(frozen=True)
class Unseen:
    """It was not to be looked for: Slack refuses that, for this conversation or (`is_shut`) for the whole workspace."""

    reason: str
    is_shut: bool = False


@dataclass(frozen=True)
class To:
    """Who gets it: Slack ids of people, and their conversation if it is known."""

    slack_ids: tuple[str, ...]
    channel: str | None
    is_group: bool = False


@dataclass(frozen=True)
class Courier:
    """Posts with a client that has no retry handlers; redraws with one that has: a redraw twice is a redraw once.

    `shut_out` is told of a workspace whose token Slack refuses, by its id.
    """

    posting: ClientOf
    redrawing: ClientOf
    shut_out: Callable[[str], None]
    _left_off: dict[tuple[UUID, str, datetime], tuple[str | None, int]] = field(default_factory=dict, init=False)

    async def post(
        self, message: Message, to: To, text: str, blocks: Sequence[dict[str, Any]], *, in_time: Callable[[], bool]
    ) -> Said:
        """Say it. Raises Undeliverable, Silence, Closed, OutOfReach or Unknown.

        Before a second call it has to be `in_time`: else the message may be somebody else's by the time that it is said.
        """
        # Posting to a person's id opens the DM by itself, without a scope of its own; a group must be opened.
        if to.channel is not None or not to.is_group:
            try:
                return await self._post(message, to.channel or to.slack_ids[0], text, blocks)
            except Undeliverable as why:
                if to.is_group or to.channel is None or why.reason != NO_CONVERSATION:
                    raise
        # What we knew was a conversation with another bot, say; it was not said there, for certain.
        channel = await self._open(message, to) if to.is_group else to.slack_ids[0]
        if not in_time():
            raise OutOfReach("slack_is_slow")
        return await self._post(message, channel, text, blocks)

    async def _post(self, message: Message, channel: str, text: str, blocks: Sequence[dict[str, Any]]) -> Said:
        said = {
            "channel": channel,
            "text": text,
            "blocks": signed(blocks, message),
            "metadata": {"event_type": EVENT_TYPE, "event_payload": {"message_id": str(message.id)}},
            "link_names": False,
            "unfurl_links": False,
            "unfurl_media": False,
        }
        # Its own method first asks of each block whether it is one of six classes: a tenth of what a lesson costs here.
        answer = await self._asked(self.posting, message, lambda client: client.api_call("chat.postMessage", json=said))
        return Said(str(answer["channel"]), str(answer["ts"]))

    async def redraw(self, message: Message, text: str, blocks: Sequence[dict[str, Any]]) -> None:
        """Replace what a message shows, if it is still there. Raises Undeliverable, Silence, Closed, OutOfReach or Unknown."""
        try:
            await self._asked(
                self.redrawing,
                message,
                lambda client: client.chat_update(
                    channel=str(message.channel), ts=str(message.ts), text=text, blocks=signed(blocks, message)
                ),
            )
        except Undeliverable as why:
            if why.reason not in VANISHED:
                raise

    async def find(self, message: Named, to: To, *, since: datetime) -> Said | NotSaid | Untold:
        """Look for a message in its conversation, back to a little before `since` (Slack's time, aware UTC)."""
        try:
            return await self._look(message, to, since - timedelta(minutes=2))
        except Undeliverable as error:
            if error.reason in ("missing_scope", "not_allowed_token_type"):
                return Untold()
            raise

    async def _look(self, message: Named, to: To, oldest: datetime) -> Said | NotSaid:
        """In the conversation on record; where Slack does not know that of a person, in the one that it was posted to anew."""
        if to.channel is not None:
            try:
                return await self._search(to.channel, message, oldest)
            except Undeliverable as why:
                if to.is_group or why.reason != NO_CONVERSATION:
                    raise
        return await self._search(await self._open(message, to), message, oldest)

    async def _search(self, channel: str, message: Named, oldest: datetime) -> Said | NotSaid:
        asked: dict[str, Any] = {  # more at once is refused to apps that are sold outside Slack's directory
            "channel": channel, "oldest": f"{oldest.timestamp():.6f}", "limit": 15, "include_all_metadata": True,
        }  # fmt: skip
        # A look that Slack cut short goes on where it was: where it allows one page a minute, the second would else never come.
        look = (message.id, channel, oldest)
        cursor, first = self._left_off.pop(look, (None, 0))
        for number in range(first, PAGES_LOOKED_THROUGH):
            try:
                ask = methodcaller("conversations_history", **asked, cursor=cursor)
                page = await self._asked(self.redrawing, message, ask)
            except Silence:
                self._left_off[look] = cursor, number
                raise
            for one in page["messages"]:
                if carries(one, str(message.id)):
                    return Said(channel, str(one["ts"]))
            if not (cursor := (page.get("response_metadata") or {}).get("next_cursor")):
                break
        return NotSaid()

    async def _open(self, message: Named, to: To) -> str:
        answer = await self._asked(
            self.redrawing, message, lambda client: client.conversations_open(users=list(to.slack_ids))
        )
        return str(answer["channel"]["id"])

    async def _asked(
        self, client_of: ClientOf, message: Named, call: Callable[[AsyncWebClient], Awaitable[Any]]
    ) -> Any:
        """Slack's answer in the message's workspace, or one of our five errors."""
        try:
            client = await client_of(message.workspace_id)
        except NotInstalled:
            raise Closed(NOT_INSTALLED) from None
        except TokenUnfit:
            raise OutOfReach("token_unfit") from None
        except AWAY:
            raise OutOfReach("token_out_of_reach") from None
        try:
            return await _answer(call(client))
        except Closed:
            self.shut_out(message.workspace_id)
            raise


def signed(blocks: Sequence[dict[str, Any]], message: Message) -> list[dict[str, Any]]:
    """The blocks, the first of them carrying the message's id: metadata's twin, for the look-up."""
    return [{**block, "block_id": f"{MESSAGE_BLOCK}{message.id}"} for block in blocks[:1]] + [*blocks[1:]]


def carries(one: Mapping[str, Any], message_id: str) -> bool:
    """Whether a message of Slack's history is ours of that id."""
    payload = (one.get("metadata") or {}).get("event_payload") or {}
    if payload.get("message_id") == message_id:
        return True
    return any(block.get("block_id") == f"{MESSAGE_BLOCK}{message_id}" for block in one.get("blocks") or [])


async def _answer(call: Awaitable[Any]) -> Any:
    try:
        return await call
    except SlackApiError as error:
        raise _meaning(error) from None
    except aiohttp.ClientConnectorError:
        raise OutOfReach("slack_out_of_reach") from None
    except (aiohttp.ClientError, TimeoutError, SlackClientError, ValueError) as error:
        raise Unknown(type(error).__name__) from None


def _meaning(error: SlackApiError) -> Exception:
    response: Any = error.response
    status = getattr(response, "status_code", None) or getattr(response, "status", 0)
    data = getattr(response, "data", None)
    if status == 429:
        return Silence(float(response.headers.get("Retry-After", 1)))
    if not isinstance(data, dict) or "ok" not in data:
        return Unknown(f"http_{status}")
    reason = str(data.get("error", "unknown_error"))
    if reason in ("internal_error", "fatal_error", "request_timeout", "service_unavailable"):
        return Unknown(reason)  # Slack itself does not know whether it took effect
    if reason in TOO_MANY:
        return Silence(float(response.headers.get("Retry-After", 1)))
    if reason in SHUT:
        return Closed(reason)
    if any(str(one).startswith(NOT_SEEN_THROUGH) for one in data.get("errors") or ()):
        return Undeliverable("invalid_slack_file", permanent=False)
    return Undeliverable(reason, permanent=reason in GONE or reason in MALFORMED)
