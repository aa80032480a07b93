"""In which workspace somebody acts: settled once, before anything is looked up, with whichever token.

Slack names the workspace of a command, of an event, and of what is pressed or sent in where the workspace itself installed the
app. Where its whole organisation did, `team` is null there, and nothing else in it can be trusted to say: `user.team_id` is the
same wherever they are (slackapi/bolt-js#1875), `view.app_installed_team_id` is the organisation (slackapi/bolt-js#1720), or the
workspace that came first (slackapi/bolt-python#1229). So our messages are known by their ids, and our views say where they are;
so does each block of an answer to a command, since Slack sends no message with a click in what only one person sees.
"""

import logging
from collections.abc import Awaitable, Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from slack_bolt.context.async_context import AsyncBoltContext
from sqlalchemy import text

from bot.records.database import Database
from bot.records.tables import MESSAGE_BLOCK
from bot.slack import codec
from bot.slack.access import actor_of
from bot.slack.shapes import is_heard

logger = logging.getLogger(__name__)

_PLACES = text(
    "SELECT id, EXISTS (SELECT FROM person WHERE workspace_id = workspace.id AND slack_id = :slack_id) AS known,"
    " (id = :shown) IS TRUE OR EXISTS (SELECT FROM message WHERE workspace_id = workspace.id AND id = :message_id) AS shows"
    " FROM workspace WHERE enterprise_id = :enterprise_id AND left_at IS NULL"
)


class Nowhere(Exception):
    """Somebody acts in an organisation, and nothing says in which of its workspaces. Nothing is done, and they see that."""


@dataclass(frozen=True)
class Place:
    """A workspace of somebody's organisation: whether they are on record there, and whether it shows what they act upon."""

    id: str
    known: bool
    shows: bool


@dataclass(frozen=True)
class Whereabouts:
    """What Slack leaves open, the records answer. Of another organisation's workspaces they are not asked."""

    database: Database

    async def settle(
        self, body: dict[str, Any], context: AsyncBoltContext, next_: Callable[[], Awaitable[None]]
    ) -> None:
        """From here on `team_id` is the workspace, for our listeners and for Bolt. Raises Nowhere."""
        if is_heard(body):
            shown = _taken_off(body.get("view")) or _of_answer(body)
            where = named(body) or await self._found(body, context.enterprise_id, shown)
            if where is not None:
                body["team_id"] = context["team_id"] = where
        await next_()

    async def _found(self, body: dict[str, Any], enterprise_id: str | None, shown: str | None) -> str | None:
        slack_id, message_id = actor_of(body).slack_id, _message_of(body)
        if enterprise_id is None or not slack_id:
            return _of_user(body)
        asked = {"enterprise_id": enterprise_id, "slack_id": slack_id, "shown": shown, "message_id": message_id}
        async with self.database.transaction() as session:
            places = [Place(*row) for row in await session.execute(_PLACES, asked)]
        where = the_place(places, says=shown is not None or message_id is not None)
        if where is None:
            logger.warning(
                "nobody can tell in which workspace of the organisation %s somebody acts", enterprise_id,
                extra={"action": "receiver.nowhere"},
            )  # fmt: skip
            if body.get("type") != "event_callback":  # which would only be told again
                raise Nowhere
        return where


def the_place(places: Iterable[Place], *, says: bool) -> str | None:
    """The workspace that shows it, where what they act upon `says` one; else the only one where they are on record."""
    meant = [one.id for one in places if (one.shows if says else one.known)]
    return meant[0] if len(meant) == 1 else None


def named(body: Mapping[str, Any]) -> str | None:
    """The workspace that Slack names; None where it names none, or the organisation in its place."""
    team = body.get("team")
    ids = (team.get("id") if isinstance(team, dict) else None, body.get("team_id"))
    return next((one for one in ids if one and not is_of_org(one)), None)


def is_of_org(team_id: str) -> bool:
    """Whether an id is that of an organisation: Slack puts it where a workspace's stands, too."""
    return team_id.startswith("E")


def _of_user(body: Mapping[str, Any]) -> str | None:
    """Outside organisations, everyone has one workspace."""
    user = body.get("user")
    return user.get("team_id") if isinstance(user, dict) else None


def _message_of(body: Mapping[str, Any]) -> UUID | None:
    """The message in which something was pressed, as its first block says."""
    for block in (body.get("message") or {}).get("blocks") or ():
        if (block_id := str(block.get("block_id"))).startswith(MESSAGE_BLOCK):
            return codec.read_message_id(block_id.removeprefix(MESSAGE_BLOCK))
    return None


def _of_answer(body: Mapping[str, Any]) -> str | None:
    """The workspace that a pressed block names, where Slack shows neither a message nor a view around it."""
    if body.get("type") != "block_actions" or body.get("message") or body.get("view"):
        return None
    return codec.place_of(body["actions"][0]["block_id"])


def _taken_off(view: dict[str, Any] | None) -> str | None:
    """The workspace that a view carries; what else it carries is left to the rooms."""
    if not view:
        return None
    view["private_metadata"], where = codec.without_place(view.get("private_metadata") or "")
    return where
