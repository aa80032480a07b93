"""The Web API: tokens, scopes, faults, and the methods that Playercoach uses."""

import asyncio
import json
from collections.abc import Awaitable, Callable, Mapping
from typing import TYPE_CHECKING

from aiohttp import web

from bot.sandbox import api_chat, api_people, api_views
from bot.sandbox.calls import Call, Json, Method, Refused
from bot.sandbox.faults import Fault

if TYPE_CHECKING:
    from bot.sandbox.server import Sandbox

# method → (what it does, the scope that it needs)
METHODS: Mapping[str, tuple[Method, str]] = {
    "api.test": (api_people.api_test, ""),
    "auth.test": (api_people.auth_test, ""),
    "chat.postMessage": (api_chat.post_message, "chat:write"),
    "chat.postEphemeral": (api_chat.post_ephemeral, "chat:write"),
    "chat.update": (api_chat.update, "chat:write"),
    "chat.delete": (api_chat.delete, "chat:write"),
    "conversations.open": (api_people.conversations_open, "mpim:write"),
    "conversations.history": (api_people.conversations_history, "im:history"),
    "conversations.info": (api_people.conversations_info, ""),
    "conversations.members": (api_people.conversations_members, ""),
    "users.info": (api_people.users_info, "users:read"),
    "users.list": (api_people.users_list, "users:read"),
    "users.lookupByEmail": (api_people.users_lookup_by_email, "users:read.email"),
    "dnd.info": (api_people.dnd_info, "dnd:read"),
    "views.open": (api_views.views_open, ""),
    "views.push": (api_views.views_push, ""),
    "views.update": (api_views.views_update, ""),
    "views.publish": (api_views.views_publish, ""),
}
ALL_SCOPES = frozenset(
    {"chat:write", "commands", "im:history", "mpim:history", "mpim:write", "users:read", "users:read.email", "dnd:read"}
)

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


def handler(sandbox: "Sandbox") -> Handler:
    """Answers /api/<method>."""

    async def handle(request: web.Request) -> web.StreamResponse:
        method = request.match_info["method"]
        args = await _args(request)
        sandbox.calls[method] += 1
        fault = sandbox.faults.next_for(method)
        if sandbox.latency:
            await asyncio.sleep(sandbox.latency)
        if fault is not None and (broken := await _strike_before(sandbox, request, fault)) is not None:
            return broken
        answer = _answer(sandbox, request, method, args)
        if fault is not None and fault.kind == "reset_after":
            return _dropped(request)
        return web.Response(
            body=json.dumps(answer).encode(),
            content_type="application/json",
            headers={"x-oauth-scopes": ",".join(sorted(sandbox.granted))},
        )

    return handle


def _answer(sandbox: "Sandbox", request: web.Request, method: str, args: Json) -> Json:
    try:
        _check_token(sandbox, request, method, args)
        if method == "apps.connections.open":
            return {"ok": True, "url": sandbox.sockets.new_url()}
        if method not in METHODS:
            raise Refused("unknown_method", req_method=method)
        do, scope = METHODS[method]
        if scope and scope not in sandbox.granted:
            raise Refused("missing_scope", needed=scope, provided=",".join(sorted(sandbox.granted)))
        return do(Call(sandbox, args))
    except Refused as refused:
        return refused.answer


async def _args(request: web.Request) -> Json:
    args: Json = dict(request.query)
    if request.content_type == "application/json":
        body = await request.json() if request.can_read_body else {}
        return args | (body if isinstance(body, dict) else {})
    if request.method == "POST":
        args |= dict(await request.post())
    return args


def _check_token(sandbox: "Sandbox", request: web.Request, method: str, args: Json) -> None:
    token = request.headers.get("Authorization", "").removeprefix("Bearer ") or str(args.pop("token", ""))
    if not token:
        raise Refused("not_authed")
    wanted = sandbox.app_token if method == "apps.connections.open" else sandbox.bot_token
    if token != wanted:
        raise Refused("invalid_auth")


async def _strike_before(sandbox: "Sandbox", request: web.Request, fault: Fault) -> web.StreamResponse | None:
    """What goes wrong before anything took effect; None: the call goes on."""
    match fault.kind:
        case "429":
            body = {"ok": False, "error": "ratelimited"}
            return web.json_response(body, status=429, headers={"Retry-After": str(fault.retry_after)})
        case "500" | "503":
            return web.Response(status=int(fault.kind), text="upstream is out of order")
        case "garbage":
            return web.Response(text="<html>not JSON</html>", content_type="text/html")
        case "timeout":
            await sandbox.stopping.wait()
            return _dropped(request)
        case "reset_before":
            return _dropped(request)
        case "slow":
            await asyncio.sleep(fault.seconds)
        case kind if kind.startswith("error:"):
            return web.json_response({"ok": False, "error": kind.removeprefix("error:")})
    return None


def _dropped(request: web.Request) -> web.StreamResponse:
    if request.transport is not None:
        request.transport.abort()
    return web.Response()
