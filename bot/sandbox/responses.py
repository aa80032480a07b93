"""response_url: an address that a click or a command gives, for five answers within thirty minutes."""

import json
import secrets
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from aiohttp import web

from bot.sandbox.calls import Call, Json, Refused
from bot.sandbox.messages import LONGEST_TEXT, content, metadata_of
from bot.sandbox.state import Message

if TYPE_CHECKING:
    from bot.sandbox.server import Sandbox

LIVES_SECONDS = 30 * 60
MOST_USES = 5


@dataclass
class _Address:
    user: str
    channel: str
    message: Message | None  # the one that was clicked in
    since: float
    uses: int = 0


class Responses:
    """The addresses that were given. `clock` is real time in seconds; a test may set it."""

    def __init__(self, sandbox: "Sandbox") -> None:
        self._sandbox = sandbox
        self.clock: Callable[[], float] = time.monotonic
        self._given: dict[str, _Address] = {}

    def give(self, user: str, channel: str, message: Message | None = None) -> str:
        """An address for what this person just did there."""
        self._forget_old()
        key = secrets.token_hex(8)
        self._given[key] = _Address(user, channel, message, self.clock())
        return f"{self._sandbox.url}/respond/{key}"

    async def handle(self, request: web.Request) -> web.Response:
        """What the app sends there; `ok`, or 404 with Slack's word for why not."""
        try:
            body = await request.json()
            self._respond(self._address(request.match_info["key"]), body if isinstance(body, dict) else {})
        except json.JSONDecodeError:
            return web.Response(status=400, text="invalid_payload")
        except Refused as refused:
            return web.json_response(refused.answer, status=404)
        return web.Response(text="ok")

    def at_once(self, url: str, body: Json) -> None:
        """What an app said in its acknowledgement of a command, which is none of the five. Refused as by Slack."""
        self._respond(self._given[url.rsplit("/", 1)[1]], body)

    def _address(self, key: str) -> _Address:
        address = self._given.get(key)
        if address is None or self.clock() - address.since > LIVES_SECONDS:
            raise Refused("expired_url")
        if address.uses >= MOST_USES:
            raise Refused("used_url")
        address.uses += 1
        return address

    def _respond(self, address: _Address, body: Json) -> None:
        one, message = self._sandbox, address.message
        if body.get("delete_original") or body.get("replace_original"):
            if message is None or message.deleted:
                raise Refused("message_not_found")
            self._change(message, body)
            return
        text, blocks = content(Call(one, body), longest_text=LONGEST_TEXT)
        only_for = None if body.get("response_type") == "in_channel" else address.user
        metadata = metadata_of(Call(one, body))
        channel = one.state.channels[address.channel]
        one.state.say(channel, user=one.bot_user_id, text=text, blocks=blocks, metadata=metadata, only_for=only_for)

    def _change(self, message: Message, body: Json) -> None:
        if body.get("delete_original"):
            message.deleted = True
        else:
            message.text, message.blocks = content(Call(self._sandbox, body), longest_text=LONGEST_TEXT)
            message.edited = True
            self._sandbox.acting.forget(message.ts)
        self._sandbox.state.keep(message)

    def _forget_old(self) -> None:
        for key, address in list(self._given.items())[:2]:  # the oldest stand first
            if self.clock() - address.since > LIVES_SECONDS:
                del self._given[key]
