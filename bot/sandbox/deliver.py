"""What people do reaches the app: by Socket Mode if one is connected, else by signed HTTP, as Slack sends it."""

import asyncio
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


@dataclass(frozen=True)
class Delivered:
    """Whether the app acknowledged in time; over HTTP with which status; and what it answered."""

    acked: bool
    status: int | None = None
    body: Json | None = None


@dataclass(frozen=True)
class _Envelope:
    kind: str  # as in Socket Mode: interactive, slash_commands or events_api
    payload: Json
    id: str


class Deliverer:
    """Sends envelopes, and remembers the last, to send it again.

    An event that is not acknowledged `ack_within` seconds is sent `redeliveries` times more, `redeliver_after` seconds later:
    to the next connection, as Slack does. What people click is sent once.
    """

    def __init__(self, sandbox: "Sandbox") -> None:
        self._sandbox = sandbox
        self._last: _Envelope | None = None
        self.ack_within = 3.0
        self.redeliveries = 1
        self.redeliver_after = 0.0

    async def interactive(self, payload: Json) -> Delivered:
        """A click, a pick, a submission."""
        return await self._send("interactive", payload)

    async def command(self, payload: Json) -> Delivered:
        """A slash command."""
        return await self._send("slash_commands", payload)

    async def event(self, event: Json, *, of_org: Json | None = None) -> Delivered:
        """Something that happened, for those who subscribed to it; in a workspace, or in an organisation as a whole.

        What an organisation authorized names no workspace in `authorizations`: slackapi/bolt-python, test_events_org_apps.py.
        """
        one = self._sandbox
        authorized = of_org is not None or one.installs.only_of_org(one)
        now, enterprise = time.time(), (of_org or one.enterprise or {}).get("id")
        team: str | None = one.team_id
        if of_org is not None:
            team = str(of_org["id"]) if one.installs.names_org else None
        envelope = {
            "type": "event_callback", "token": "unused", "team_id": team, "api_app_id": one.app_id,
            "enterprise_id": enterprise,
            "event": {"event_ts": f"{now:.6f}", **event}, "event_id": one.state.new_id("Ev"), "event_time": int(now),
            "authorizations": [
                {"enterprise_id": enterprise, "team_id": None if authorized else team, "user_id": one.bot_user_id,
                 "is_bot": True, "is_enterprise_install": authorized}
            ],
        }  # fmt: skip
        return await self._send("events_api", envelope)

    async def again(self) -> Delivered:
        """The last envelope once more, under the same id, as Slack redelivers."""
        if self._last is None:
            raise LookupError("nothing was delivered yet")
        return await self._once(self._last, retry=1)

    async def _send(self, kind: str, payload: Json) -> Delivered:
        envelope = self._last = _Envelope(kind, payload, self._sandbox.state.new_id("envelope"))
        delivered = await self._once(envelope, retry=0)
        for retry in range(1, 1 + (self.redeliveries if kind == "events_api" else 0)):
            if delivered.acked or not self._someone_listens():
                break
            await asyncio.sleep(self.redeliver_after)
            delivered = await self._once(envelope, retry=retry)
        return delivered

    def _someone_listens(self) -> bool:
        return bool(self._sandbox.sockets.connections or self._sandbox.events_url)

    async def _once(self, sent: _Envelope, *, retry: int) -> Delivered:
        one = self._sandbox
        if one.sockets.connections:
            ack = await one.sockets.deliver(
                sent.kind, sent.payload, envelope_id=sent.id, within=self.ack_within, retry=retry
            )
            return Delivered(False) if ack is None else Delivered(True, 200, ack.payload)
        if one.events_url:
            return await self._post(one.events_url, sent.kind, sent.payload, retry)
        return Delivered(False)

    async def _post(self, url: str, kind: str, payload: Json, retry: int) -> Delivered:
        if kind == "events_api":
            body, content_type = json.dumps(payload), "application/json"
        else:
            fields = {"payload": json.dumps(payload)} if kind == "interactive" else payload
            body, content_type = urlencode(fields), "application/x-www-form-urlencoded"
        headers = {"Content-Type": content_type, **signature(self._sandbox.signing_secret, body, int(time.time()))}
        if retry:
            headers |= {"X-Slack-Retry-Num": str(retry), "X-Slack-Retry-Reason": "http_error"}
        limit = aiohttp.ClientTimeout(total=self.ack_within)
        try:
            async with self._sandbox.http.post(url, data=body.encode(), headers=headers, timeout=limit) as response:
                text = await response.text()
        except (aiohttp.ClientError, TimeoutError):
            return Delivered(False)
        answer = _json(text)
        if answer is None and text and kind == "slash_commands":
            answer = {"text": text}  # an app may answer a command in plain words
        return Delivered(response.status == 200, response.status, answer)


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
