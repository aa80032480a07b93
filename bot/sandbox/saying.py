"""What reaches the app beside clicks: events, and slash commands."""

import re
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from bot.sandbox.api_users import as_user, dnd_status
from bot.sandbox.calls import Json
from bot.sandbox.deliver import Delivered

if TYPE_CHECKING:
    from bot.sandbox.server import Sandbox

HOLIDAY = timedelta(weeks=1)
# Someone picked from the list while typing, an address, a link, and what Slack's own marks are made of.
_TYPED = re.compile(
    r"<@(?P<id>\w+)\|(?P<name>[^<>]*)>|(?P<mail>[\w.+-]+@[\w-]+\.[\w.-]*\w)|(?P<url>https?://[^\s<>]*[\w/])|[&<>]"
)


def as_slack_writes(text: str, *, names: bool) -> str:
    """What someone typed, as apps get it: escaped, with links and mentions marked; the latter with `names` in commands only.

    As https://docs.slack.dev/messaging/formatting-message-text/ has it, and `should_escape` of a command's manifest.
    """

    def written(found: re.Match[str]) -> str:
        if found["id"]:
            return f"<@{found['id']}|{found['name']}>" if names else f"<@{found['id']}>"
        plain = found[0].replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
        if found["mail"]:
            return f"<mailto:{plain}|{plain}>"
        return f"<{plain}>" if found["url"] else plain

    return _TYPED.sub(written, text)


class Saying:
    """Turns what someone says or opens into what the app gets. Nobody is told of what the app has no scope for."""

    def __init__(self, sandbox: "Sandbox") -> None:
        self._sandbox = sandbox

    async def change_person(self, user: str, fields: dict[str, Any]) -> Delivered:
        """Someone changes: `user_change`. AttributeError for a field that nobody has."""
        one = self._sandbox
        person = one.state.people[user]
        for name, value in fields.items():
            getattr(person, name)
            setattr(person, name, value)
        one.state.add_person(person)
        if "users:read" not in one.granted:
            return Delivered(True)
        return await one.deliverer.event({"type": "user_change", "user": as_user(one, person, locale=True)})

    async def become(self, user: str, what: str) -> Delivered:
        """Someone leaves, goes on holiday, or is back: what people do to their account or status in Slack."""
        back = int((self._sandbox.state.now() + HOLIDAY).timestamp())
        becoming: dict[str, Json] = {
            "deactivated": {"deleted": True},
            "away": {"status_emoji": ":palm_tree:", "status_expiration": back},
            "here": {"deleted": False, "status_emoji": "", "status_expiration": 0},
        }
        return await self.change_person(user, becoming[what])

    async def change_dnd(self, user: str, start: int, end: int) -> Delivered:
        """Someone's do-not-disturb changes: `dnd_updated_user`."""
        one = self._sandbox
        one.dnd[user] = (start, end)
        if "dnd:read" not in one.granted:
            return Delivered(True)
        event = {"type": "dnd_updated_user", "user": user, "dnd_status": dnd_status(one, user)}
        return await one.deliverer.event(event)

    async def open_home(self, user: str) -> Delivered:
        """Someone opens the app's Home tab: `app_home_opened`, with what stood there."""
        one = self._sandbox
        event: Json = {"type": "app_home_opened", "user": user, "channel": one.state.open([user]).id, "tab": "home"}
        if (view := one.home(user)) is not None:
            event["view"] = view
        return await one.deliverer.event(event)

    async def command(self, user: str, text: str, channel: str | None) -> Delivered:
        """A slash command; what the app answers at once is shown to the one who gave it."""
        one = self._sandbox
        command, _, rest = text.partition(" ")
        where = channel or one.state.open([user]).id
        payload = {
            "command": command, "text": as_slack_writes(rest.strip(), names=True), "user_id": user,
            "user_name": one.state.people[user].name.split()[0].lower(), "team_id": one.team_id,
            "team_domain": one.workspace.lower(), "channel_id": where, "channel_name": "directmessage",
            "api_app_id": one.app_id, "token": "unused", "is_enterprise_install": str(one.installs.only_of_org(one)).lower(),
            "trigger_id": one.triggers.give(user), "response_url": one.responses.give(user, where),
        }  # fmt: skip
        if one.enterprise is not None:
            payload |= {"enterprise_id": one.enterprise["id"], "enterprise_name": one.enterprise["name"]}
        delivered = await one.deliverer.command(payload)
        if delivered.acked and delivered.body:
            one.responses.at_once(payload["response_url"], delivered.body)
        return delivered

    async def say(
        self, user: str, channel: str, text: str, *, with_file: bool = False, below: str | None = None
    ) -> Delivered:
        """Someone writes in a conversation: `message`, if the app may read there. KeyError if it is not theirs.

        A file comes as https://docs.slack.dev/reference/events/message/file_share/ has it; it is not in the stand-in itself.
        `below` is the ts of a message in whose thread it is written, and sent to the conversation, too, as
        https://docs.slack.dev/reference/events/message/thread_broadcast/ has it.
        """
        one = self._sandbox
        where, text = one.state.channels[channel], as_slack_writes(text, names=False)
        if user not in where.members:
            raise KeyError("that conversation is not theirs")
        message = one.state.say(where, user=user, text=text)
        if f"{where.kind}:history" not in one.granted:
            return Delivered(True)
        event: Json = {"type": "message", "channel": channel, "channel_type": where.kind, "user": user, "text": text,
                 "ts": message.ts, "team": one.team_id}  # fmt: skip
        if with_file:
            event |= {"subtype": "file_share", "upload": False, "files": [{"id": one.state.new_id("F")}]}
        if below is not None:
            event |= {"subtype": "thread_broadcast", "thread_ts": below, "root": {"ts": below, "thread_ts": below}}
        return await one.deliverer.event(event)
