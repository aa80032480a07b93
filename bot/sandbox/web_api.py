"""The Web API: tokens, scopes, limits, faults, and the methods that there are."""

import asyncio
import json
from collections.abc import Awaitable, Callable, Mapping
from typing import TYPE_CHECKING

from aiohttp import web

from bot.sandbox import api_chat, api_conversations, api_files, api_users, api_views
from bot.sandbox.calls import Call, Json, Method, Refused, Scope
from bot.sandbox.faults import Fault

if TYPE_CHECKING:
    from bot.sandbox.server import Sandbox


def _connections_open(call: Call) -> Json:
    return {"ok": True, "url": call.sandbox.sockets.new_url()}


OPENING = "apps.connections.open"  # the one method for the app's own token

# method → (what it does, the scope that it needs)
METHODS: Mapping[str, tuple[Method, Scope]] = {
    "api.test": (api_users.api_test, ""),
    OPENING: (_connections_open, "connections:write"),
    "auth.test": (api_users.auth_test, ""),
    "blocks.validate": (api_chat.blocks_validate, ""),
    "chat.delete": (api_chat.delete, "chat:write"),
    "chat.postEphemeral": (api_chat.post_ephemeral, "chat:write"),
    "chat.postMessage": (api_chat.post_message, "chat:write"),
    "chat.update": (api_chat.update, "chat:write"),
    "conversations.history": (api_conversations.history, api_conversations.scope_to_read),
    "conversations.info": (api_conversations.info, api_conversations.scope_to_look),
    "conversations.members": (api_conversations.members, api_conversations.scope_to_look),
    "conversations.open": (api_conversations.open_, api_conversations.scope_to_open),
    "dnd.info": (api_users.dnd_info, "dnd:read"),
    "dnd.teamInfo": (api_users.dnd_team_info, "dnd:read"),
    "files.completeUploadExternal": (api_files.complete_upload, "files:write"),
    "files.delete": (api_files.delete, "files:write"),
    "files.getUploadURLExternal": (api_files.get_upload_url, "files:write"),
    "reactions.add": (api_chat.reactions_add, "reactions:write"),
    "usergroups.list": (api_users.groups_list, "usergroups:read"),
    "usergroups.users.list": (api_users.group_users, "usergroups:read"),
    "users.info": (api_users.info, "users:read"),
    "users.list": (api_users.list_, "users:read"),
    "users.lookupByEmail": (api_users.lookup_by_email, "users:read.email"),
    "views.open": (api_views.open_, ""),
    "views.publish": (api_views.publish, ""),
    "views.push": (api_views.push, ""),
    "views.update": (api_views.update, ""),
}
ALL_SCOPES = frozenset(
    {
        "chat:write", "commands", "dnd:read", "files:write", "im:history", "im:read", "im:write", "mpim:history",
        "mpim:read", "mpim:write", "reactions:write", "usergroups:read", "users:read", "users:read.email",
    }
)  # fmt: skip

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


def handler(sandbox: "Sandbox") -> Handler:
    """Answers /api/<method>."""

    async def handle(request: web.Request) -> web.StreamResponse:
        method = request.match_info["method"]
        try:
            args = await _args(request)
        except ValueError:
            return web.json_response({"ok": False, "error": "invalid_json"})
        in_args = str(args.pop("token", ""))
        token = _bearer(request) or in_args
        one = sandbox.installs.place(token, args)
        one.count(method, args)
        fault = one.faults.next_for(method)
        if one.latency:
            await asyncio.sleep(one.latency)
        if fault is not None and (broken := await _strike_before(one, request, fault)) is not None:
            return broken
        if one.enforce_limits and (seconds := _to_wait(one, method, args)):
            one.refused += 1
            return _ratelimited(seconds)
        answer = _installed(sandbox, request, method, args)
        if answer is None:
            answer = _answer(sandbox, token, method, args)
        if fault is not None and (broken := await _strike_after(one, request, fault, answer)) is not None:
            return broken
        return web.Response(
            body=json.dumps(answer).encode(),
            content_type="application/json",
            headers={"x-oauth-scopes": one.provided},
        )

    return handle


def _answer(sandbox: "Sandbox", token: str, method: str, args: Json) -> Json:
    try:
        if (other := sandbox.installs.opened_by(token, args)) is not None:
            return _done(other, method, args)
        _check_token(sandbox, token, method)
        return _done(sandbox, method, args)
    except Refused as refused:
        return refused.answer


def _done(sandbox: "Sandbox", method: str, args: Json) -> Json:
    if method not in METHODS:
        raise Refused("unknown_method", req_method=method)
    do, scope = METHODS[method]
    call = Call(sandbox, args)
    needed = scope if isinstance(scope, str) else scope(call)
    granted = sandbox.granted_to_the_app if method == OPENING else sandbox.granted
    if needed and needed not in granted:
        raise Refused("missing_scope", needed=needed, provided=",".join(sorted(granted)))
    return do(call)


def _installed(sandbox: "Sandbox", request: web.Request, method: str, args: Json) -> Json | None:
    """The two methods about installations themselves; None for any other."""
    try:
        if method == "oauth.v2.access":
            return sandbox.installs.access(request.headers.get("Authorization", ""), args)
        if method == "auth.teams.list":
            return sandbox.installs.teams(_bearer(request))
    except Refused as refused:
        return refused.answer
    return None


async def _args(request: web.Request) -> Json:
    """A call's arguments, from wherever they came. ValueError for broken JSON."""
    args: Json = dict(request.query)
    if request.content_type == "application/json":
        text = await request.text()
        body = json.loads(text) if text else {}
        if not isinstance(body, dict):
            raise ValueError("not an object")
        return args | body
    if request.method == "POST":
        args |= dict(await request.post())
    return args


def _bearer(request: web.Request) -> str:
    return request.headers.get("Authorization", "").removeprefix("Bearer ")


def _check_token(sandbox: "Sandbox", token: str, method: str) -> None:
    if not token:
        raise Refused("not_authed")
    if token not in (sandbox.app_token, sandbox.bot_token):
        raise Refused("invalid_auth")
    wanted = sandbox.app_token if method == OPENING else sandbox.bot_token
    if token != wanted:
        raise Refused("not_allowed_token_type")


def _to_wait(sandbox: "Sandbox", method: str, args: Json) -> int:
    return sandbox.limits.retry_after(method, sandbox.state.whose(str(args.get("channel") or "")))


def _ratelimited(seconds: int) -> web.StreamResponse:
    body = {"ok": False, "error": "ratelimited"}
    return web.json_response(body, status=429, headers={"Retry-After": str(seconds)})


async def _strike_before(sandbox: "Sandbox", request: web.Request, fault: Fault) -> web.StreamResponse | None:
    """What goes wrong before anything took effect; None: the call goes on."""
    match fault.kind:
        case "429":
            return _ratelimited(fault.retry_after)
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


async def _strike_after(
    sandbox: "Sandbox", request: web.Request, fault: Fault, answer: Json
) -> web.StreamResponse | None:
    """What goes wrong though the call took effect; None: its answer is given."""
    match fault.kind:
        case "reset_after":
            return _dropped(request)
        case "500_after":
            return web.Response(status=500, text="upstream is out of order")
        case "timeout_after":
            await sandbox.stopping.wait()
            return _dropped(request)
        case "garbage_after":
            return web.Response(body=json.dumps(answer).encode()[:-2], content_type="application/json")
        case "slow_after":
            return await _trickled(request, json.dumps(answer).encode(), fault.seconds)
    return None


async def _trickled(request: web.Request, body: bytes, seconds: float) -> web.StreamResponse:
    """An answer that comes in two halves, so far apart."""
    response = web.StreamResponse(headers={"Content-Type": "application/json", "Content-Length": str(len(body))})
    await response.prepare(request)
    await response.write(body[: len(body) // 2])
    await asyncio.sleep(seconds)
    await response.write(body[len(body) // 2 :])
    await response.write_eof()
    return response


def _dropped(request: web.Request) -> web.StreamResponse:
    if request.transport is not None:
        request.transport.abort()
    return web.Response()
