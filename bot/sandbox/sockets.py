"""Socket Mode: connections of the app, envelopes to it, and its acknowledgements."""

import asyncio
import json
import secrets
from collections.abc import Callable
from dataclasses import dataclass, field
from itertools import count
from typing import Any

from aiohttp import WSMsgType, web

Json = dict[str, Any]


@dataclass(frozen=True)
class Ack:
    """The app's answer to an envelope; `payload` is a modal's response_action, if there is one."""

    payload: Json | None


@dataclass
class Sockets:
    """The app's connections. Envelopes go to one after the other. `changed` is called when one comes or goes."""

    changed: Callable[[], None]
    base_url: str = ""
    connections: list[web.WebSocketResponse] = field(default_factory=list)
    _tickets: set[str] = field(default_factory=set)
    _wires: dict[web.WebSocketResponse, asyncio.Transport] = field(default_factory=dict)
    _deaf: set[web.WebSocketResponse] = field(default_factory=set)
    _waiting: dict[str, tuple[web.WebSocketResponse, "asyncio.Future[Ack | None]"]] = field(default_factory=dict)
    _turn: "count[int]" = field(default_factory=count)

    def new_url(self) -> str:
        """Where the app may connect, once."""
        ticket = secrets.token_hex(8)
        self._tickets.add(ticket)
        return f"{self.base_url.replace('http', 'ws', 1)}/link?ticket={ticket}"

    async def handle(self, request: web.Request) -> web.WebSocketResponse:
        """One connection, for as long as it lasts."""
        ticket = request.query.get("ticket", "")
        if ticket not in self._tickets:
            raise web.HTTPForbidden
        self._tickets.discard(ticket)
        socket = web.WebSocketResponse(heartbeat=None)
        await socket.prepare(request)
        if request.transport is not None:
            self._wires[socket] = request.transport
        self.connections.append(socket)
        await socket.send_json({"type": "hello", "num_connections": len(self.connections), "connection_info": {}})
        self.changed()
        try:
            async for frame in socket:
                if frame.type == WSMsgType.TEXT:
                    self._hear(frame.data)
        finally:
            self._gone(socket)
            self._deaf.discard(socket)
            self._wires.pop(socket, None)
        return socket

    async def deliver(self, kind: str, payload: Json, *, envelope_id: str, within: float, retry: int = 0) -> Ack | None:
        """Hand an envelope to one connection; None if nobody acknowledged it in time, or the connection went away."""
        envelope = {"envelope_id": envelope_id, "type": kind, "payload": payload, "accepts_response_payload": True}
        if kind == "events_api":
            retried = {"retry_attempt": retry, "retry_reason": "timeout" if retry else ""}
            envelope |= {"accepts_response_payload": False, **retried}
        waiting: asyncio.Future[Ack | None] = asyncio.get_running_loop().create_future()
        try:
            await self._send(envelope, waiting)
            return await asyncio.wait_for(waiting, within)
        except TimeoutError:
            return None
        finally:
            self._waiting.pop(envelope_id, None)

    async def disconnect_all(self, reason: str = "refresh_requested") -> None:
        """Tell every connection to go, as Slack does every few hours, and close it."""
        for socket in list(self.connections):
            await socket.send_json({"type": "disconnect", "reason": reason, "debug_info": {}})
            await socket.close()

    async def disconnect_one(self, reason: str = "refresh_requested") -> None:
        """Tell the connection whose turn is next to go, and close it. The others stay."""
        if self.connections:
            socket = self._next()
            await socket.send_json({"type": "disconnect", "reason": reason, "debug_info": {}})
            await socket.close()

    def cut_one(self) -> None:
        """The connection whose turn is next is gone, without a word to say so."""
        if self.connections:
            self._wires[self._next()].abort()

    def deafen_one(self, seconds: float) -> None:
        """The connection whose turn is next carries nothing any more either way, and is given up after so many seconds."""
        if self.connections:
            socket = self._next()
            wire = self._wires[socket]
            self._deaf.add(socket)
            wire.pause_reading()
            asyncio.get_running_loop().call_later(seconds, wire.abort)

    def _next(self) -> web.WebSocketResponse:
        return self.connections[next(self._turn) % len(self.connections)]

    async def _send(self, envelope: Json, waiting: "asyncio.Future[Ack | None]") -> None:
        """To the next connection in turn that takes it; to none if none does."""
        while self.connections:
            socket = self._next()
            self._waiting[envelope["envelope_id"]] = (socket, waiting)
            if socket in self._deaf:
                return  # it goes into the wire, and nobody will ever hear it
            try:
                await socket.send_json(envelope)
            except ConnectionError:  # it is just closing
                del self._waiting[envelope["envelope_id"]]
                self._gone(socket)
            else:
                return
        waiting.set_result(None)

    def _gone(self, socket: web.WebSocketResponse) -> None:
        """A connection is closed: what it has not acknowledged, it never will."""
        if socket in self.connections:
            self.connections.remove(socket)
            self.changed()
        for at, waiting in self._waiting.values():
            if at is socket and not waiting.done():
                waiting.set_result(None)

    def _hear(self, text: str) -> None:
        try:
            said = json.loads(text)
        except ValueError:
            return
        _, waiting = self._waiting.get(str(said.get("envelope_id")), (None, None))
        if waiting is not None and not waiting.done():
            payload = said.get("payload")
            waiting.set_result(Ack(payload if isinstance(payload, dict) else None))
