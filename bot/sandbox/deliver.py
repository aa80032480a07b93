"""What people do reaches the app: by Socket Mode if one is connected, else by signed HTTP, as Slack sends it."""

import hashlib
import hmac
import json
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

import aiohttp

if TYPE_CHECKING:
    from bot.sandbox.server import Sandbox

Json = dict[str, Any]

WITHIN_SECONDS = 3.0


@dataclass(frozen=True)
class Delivered:
    """Whether the app acknowledged in time; over HTTP with which status; and what it answered."""

    acked: bool
    status: int | None = None
    body: Json | None = None


class Deliverer:
    """Sends envelopes, and remembers the last, to send it again."""

    def __init__(self, sandbox: "Sandbox") -> None:
        self._sandbox = sandbox
        self._last: tuple[str, Json, str] | None = None

    async def interactive(self, payload: Json) -> Delivered:
        """A click, a pick, a submission."""
        return await self._send("interactive", payload)

    async def command(self, payload: Json) -> Delivered:
        """A slash command."""
        return await self._send("slash_commands", payload)

    async def event(self, event: Json) -> Delivered:
        """Something that happened, for those who subscribed to it."""
        one = self._sandbox
        envelope = {
            "type": "event_callback", "token": "unused", "team_id": one.team_id, "api_app_id": one.app_id,
            "event": event, "event_id": one.state.new_id("Ev"), "event_time": int(time.time()),
            "authorizations": [{"team_id": one.team_id, "user_id": one.bot_user_id, "is_bot": True}],
        }  # fmt: skip
        return await self._send("events_api", envelope)

    async def again(self) -> Delivered:
        """The last envelope once more, under the same id, as Slack redelivers."""
        if self._last is None:
            raise LookupError("nothing was delivered yet")
        kind, payload, envelope_id = self._last
        return await self._deliver(kind, payload, envelope_id, retry=1)

    async def _send(self, kind: str, payload: Json) -> Delivered:
        envelope_id = self._sandbox.state.new_id("envelope")
        self._last = (kind, payload, envelope_id)
        return await self._deliver(kind, payload, envelope_id, retry=0)

    async def _deliver(self, kind: str, payload: Json, envelope_id: str, retry: int) -> Delivered:
        one = self._sandbox
        if one.sockets.connections:
            ack = await one.sockets.deliver(kind, payload, envelope_id=envelope_id, within=WITHIN_SECONDS, retry=retry)
            return Delivered(False) if ack is None else Delivered(True, 200, ack.payload)
        if one.events_url:
            return await self._post(one.events_url, kind, payload, retry)
        return Delivered(False)

    async def _post(self, url: str, kind: str, payload: Json, retry: int) -> Delivered:
        if kind == "events_api":
            body, content_type = json.dumps(payload), "application/json"
        else:
            fields = {"payload": json.dumps(payload)} if kind == "interactive" else payload
            body, content_type = urlencode(fields), "application/x-www-form-urlencoded"
        headers = {"Content-Type": content_type, **signature(self._sandbox.signing_secret, body, int(time.time()))}
        if retry:
            headers |= {"X-Slack-Retry-Num": str(retry), "X-Slack-Retry-Reason": "http_timeout"}
        limit = aiohttp.ClientTimeout(total=WITHIN_SECONDS)
        try:
            async with self._sandbox.http.post(url, data=body.encode(), headers=headers, timeout=limit) as response:
                text = await response.text()
        except (aiohttp.ClientError, TimeoutError):
            return Delivered(False)
        return Delivered(response.status == 200, response.status, _json(text))


def signature(secret: str, body: str, at: int) -> dict[str, str]:
    """The two headers by which an app knows that a request is Slack's."""
    digest = hmac.new(secret.encode(), f"v0:{at}:{body}".encode(), hashlib.sha256).hexdigest()
    return {"X-Slack-Request-Timestamp": str(at), "X-Slack-Signature": f"v0={digest}"}


def _json(text: str) -> Json | None:
    try:
        parsed = json.loads(text)
    except ValueError:
        return None
    return parsed if isinstance(parsed, dict) else None
