"""What the stand-in's page asks for: the state as one person sees it, and what they do."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

from aiohttp import web

from bot.sandbox import shown
from bot.sandbox.calls import Refused
from bot.sandbox.deliver import Delivered
from bot.sandbox.forms import NotThere
from bot.sandbox.state import Channel

if TYPE_CHECKING:
    from bot.sandbox.server import Sandbox

PAGE = Path(__file__).parent / "page"
AT_MOST_EVERY_SECONDS = 0.1

Handler = Callable[["Sandbox", web.Request], Awaitable[web.StreamResponse]]


def add_routes(site: web.Application, sandbox: "Sandbox") -> None:
    """The page, its files, and what it asks for."""

    def bound(handle: Handler) -> Callable[[web.Request], Awaitable[web.StreamResponse]]:
        async def answer(request: web.Request) -> web.StreamResponse:
            if not _is_own(request):
                raise web.HTTPForbidden(text="only the stand-in's own page may do that")
            try:
                return await handle(sandbox, request)
            except (KeyError, NotThere, Refused, TypeError, ValueError) as error:
                return web.json_response({"ok": False, "acked": False, "error": str(error).strip("'")})

        return answer

    routes = site.router
    routes.add_get("/", bound(_index))
    routes.add_get("/page/state", bound(_state))
    routes.add_get("/page/events", bound(_events))
    routes.add_get("/page/as/{user}", bound(_as_user))
    routes.add_get("/page/as/{user}/messages/{channel}", bound(_messages))
    routes.add_post("/page/as/{user}/act", bound(_act))
    routes.add_post("/page/as/{user}/submit", bound(_submit))
    routes.add_post("/page/as/{user}/close", bound(_close))
    routes.add_post("/page/as/{user}/command", bound(_command))
    routes.add_post("/page/as/{user}/say", bound(_say))
    routes.add_post("/page/as/{user}/home", bound(_home))
    routes.add_post("/page/as/{user}/become", bound(_become))
    routes.add_post("/page/time", bound(_time))
    routes.add_route("*", "/page/faults", bound(_faults))
    routes.add_static("/page/", PAGE)


async def _index(_: "Sandbox", __: web.Request) -> web.StreamResponse:
    return web.FileResponse(PAGE / "index.html")


async def _state(sandbox: "Sandbox", _: web.Request) -> web.StreamResponse:
    return web.json_response(shown.workspace(sandbox))


async def _as_user(sandbox: "Sandbox", request: web.Request) -> web.StreamResponse:
    return web.json_response(shown.seen_by(sandbox, _user(sandbox, request)))


async def _messages(sandbox: "Sandbox", request: web.Request) -> web.StreamResponse:
    user = _user(sandbox, request)
    channel = _theirs(sandbox, user, request.match_info["channel"])
    sandbox.state.mark_read(channel, user)
    return web.json_response([shown.message(sandbox, one) for one in sandbox.seen(channel, user)])


async def _events(sandbox: "Sandbox", request: web.Request) -> web.StreamResponse:
    response = web.StreamResponse(headers={"Content-Type": "text/event-stream", "Cache-Control": "no-store"})
    await response.prepare(request)
    changed = asyncio.Event()
    sandbox.watchers.add(changed)
    try:
        await response.write(b": hello\n\n")
        while not sandbox.stopping.is_set():
            await changed.wait()
            changed.clear()
            await response.write(b"data: changed\n\n")
            await asyncio.sleep(AT_MOST_EVERY_SECONDS)
    except ConnectionError:
        pass  # the page was closed
    finally:
        sandbox.watchers.discard(changed)
    return response


async def _act(sandbox: "Sandbox", request: web.Request) -> web.StreamResponse:
    user, asked = _player(sandbox, request), await request.json()
    how = {"block_id": asked.get("block_id"), "selected": asked.get("selected"), "state": asked.get("state")}
    if asked.get("container") == "message":
        _theirs(sandbox, user, asked["channel"])
        delivered = await sandbox.click(user, asked["channel"], asked["ts"], asked["action_id"], **how)
    else:
        view_id = asked.get("view_id") or (sandbox.home(user) or {})["id"]
        delivered = await sandbox.click_in_view(user, view_id, asked["action_id"], **how)
    return _told(delivered)


async def _submit(sandbox: "Sandbox", request: web.Request) -> web.StreamResponse:
    user, asked = _player(sandbox, request), await request.json()
    delivered = await sandbox.submit(user, asked["view_id"], asked.get("state"))
    return _told(delivered, errors=sandbox.views.errors.get(asked["view_id"]))


async def _close(sandbox: "Sandbox", request: web.Request) -> web.StreamResponse:
    user, asked = _user(sandbox, request), await request.json()
    return _told(await sandbox.close(user, asked["view_id"]))


async def _command(sandbox: "Sandbox", request: web.Request) -> web.StreamResponse:
    user, asked = _player(sandbox, request), await request.json()
    return _told(await sandbox.command(user, asked["text"], asked.get("channel")))


async def _say(sandbox: "Sandbox", request: web.Request) -> web.StreamResponse:
    user, asked = _player(sandbox, request), await request.json()
    return _told(await sandbox.say(user, asked["channel"], asked["text"]))


async def _home(sandbox: "Sandbox", request: web.Request) -> web.StreamResponse:
    return _told(await sandbox.open_home(_user(sandbox, request)))


async def _become(sandbox: "Sandbox", request: web.Request) -> web.StreamResponse:
    user, asked = _user(sandbox, request), await request.json()
    return _told(await sandbox.become(user, asked["what"]))


async def _time(sandbox: "Sandbox", request: web.Request) -> web.StreamResponse:
    if sandbox.move_time is None:
        raise ValueError("time can't be moved here")
    happened = await sandbox.move_time((await request.json())["by"])
    sandbox.state.changed()
    return web.json_response({"ok": True, "now": sandbox.state.now().isoformat(), "happened": happened})


async def _faults(sandbox: "Sandbox", request: web.Request) -> web.StreamResponse:
    if request.method == "POST":
        asked = await request.json()
        sandbox.fail(**asked)
    if request.method == "DELETE":
        sandbox.faults.coming.clear()
    return web.json_response([asdict(one) for one in sandbox.faults.coming])


def _is_own(request: web.Request) -> bool:
    """Whether it is our own page that asks, by a name of this machine; no other site that is open in the browser."""
    origin = request.headers.get("Origin")
    return request.url.host in ("127.0.0.1", "localhost") and origin in (None, f"http://{request.host}")


def _user(sandbox: "Sandbox", request: web.Request) -> str:
    user = request.match_info["user"]
    if user not in sandbox.state.people:
        raise KeyError("there is no such person")
    return user


def _player(sandbox: "Sandbox", request: web.Request) -> str:
    """Someone whom somebody plays: from now on, nobody else acts for them."""
    user = _user(sandbox, request)
    sandbox.played.add(user)
    return user


def _theirs(sandbox: "Sandbox", user: str, channel: str) -> Channel:
    found = sandbox.state.channels[channel]
    if user not in found.members:
        raise KeyError("that conversation is not theirs")
    return found


def _told(delivered: Delivered, errors: Any = None) -> web.StreamResponse:
    sentence = None if delivered.acked else "The app did not answer in time."
    return web.json_response(
        {"ok": delivered.acked and not errors, "acked": delivered.acked, "status": delivered.status, "errors": errors,
         "error": sentence}
    )  # fmt: skip
