"""The preview: a page in the browser that shows each lesson as Slack shows it, and anew within a second of a save.

It reads files and nothing else: no database, no Slack. It listens on this machine only, and answers only to its own name, so
that no other page can ask it.
"""

import asyncio
import json
import webbrowser
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import date
from importlib import resources
from pathlib import Path
from typing import Any

from aiohttp import web

from bot.authoring import desk
from bot.authoring.desk import Desk
from bot.curriculum.library import Words, signature
from bot.curriculum.reader import Cache

LOOK_EVERY_SECONDS = 0.3
LARGEST_REQUEST = 100_000  # bytes
STARTS = {".js": "text/javascript", ".css": "text/css", ".html": "text/html", ".svg": "image/svg+xml"}
Handler = Callable[[web.Request], Any]


@dataclass
class Preview:
    """The folder, looked at again whenever a file in it was saved."""

    directory: Path
    today: Callable[[], date]
    version: int = 0
    _seen: Any = None
    _desk: Desk | None = None
    _cache: Cache = field(default_factory=dict)
    _words: Words = field(default_factory=Words)

    def desk(self) -> Desk:
        """The folder as it stands now."""
        if self._desk is None or self.is_stale():
            self._seen = signature(self.directory)
            self._desk = desk.look(self.directory, today=self.today(), cache=self._cache, words=self._words)
            self.version += 1
        return self._desk

    def is_stale(self) -> bool:
        """Whether something was saved since."""
        return bool(signature(self.directory) != self._seen)

    async def watch(self) -> AsyncIterator[int]:
        """The version now, and each one that comes."""
        told = 0
        while True:
            self.desk()
            if self.version != told:
                told = self.version
                yield told
            await asyncio.sleep(LOOK_EVERY_SECONDS)


@asynccontextmanager
async def serving(preview: Preview, *, port: int = 0) -> AsyncIterator[str]:
    """The page, for as long as this is open; its address. OSError if the port is in use."""
    site = web.Application(client_max_size=LARGEST_REQUEST, middlewares=[_own_name_only])
    site.router.add_get("/", _file("authoring", "preview.html"))
    site.router.add_get("/overview", _asked(lambda _: desk.overview(preview.desk())))
    site.router.add_post("/lesson", _posted(lambda asked: desk.lesson(preview.desk(), *_lesson_of(asked))))
    site.router.add_get("/area", _asked(lambda get: desk.area(preview.desk(), get("id"), get("language"))))
    site.router.add_get("/words", _asked(lambda get: desk.words(preview.desk(), get("kind"), get("language"))))
    site.router.add_get("/events", _events(preview))
    site.router.add_get("/preview/{name}", _file("authoring"))
    site.router.add_get("/page/{name}", _file("sandbox"))  # draws blocks as the stand-in does
    runner = web.AppRunner(site, access_log=None, shutdown_timeout=0.2)
    await runner.setup()
    try:
        await web.TCPSite(runner, "127.0.0.1", port).start()
        yield f"http://127.0.0.1:{runner.addresses[0][1]}"
    finally:
        await runner.cleanup()


async def show(
    directory: Path, *, port: int, open_page: bool, today: Callable[[], date], say: Callable[[str], None]
) -> None:
    """Serve the page until someone ends it."""
    async with serving(Preview(directory, today), port=port) as address:
        say(f"The preview of {directory} is at {address} (Ctrl-C ends it).")
        if open_page:
            webbrowser.open(address)
        await asyncio.Event().wait()


def _lesson_of(asked: Mapping[str, Any]) -> tuple[str, str, Mapping[str, Mapping[str, Any]]]:
    return str(asked["path"]), str(asked.get("language", "")), asked.get("given") or {}


def _asked(answer: Callable[[Callable[[str], str]], Mapping[str, Any]]) -> Handler:
    async def handler(request: web.Request) -> web.Response:
        return _answered(lambda: answer(lambda name: request.query.get(name, "")))

    return handler


def _posted(answer: Callable[[Mapping[str, Any]], Mapping[str, Any]]) -> Handler:
    async def handler(request: web.Request) -> web.Response:
        try:
            asked = await request.json()
        except ValueError:
            raise web.HTTPBadRequest from None
        return _answered(lambda: answer(asked))

    return handler


def _answered(answer: Callable[[], Mapping[str, Any]]) -> web.Response:
    try:
        return web.json_response(answer())
    except (KeyError, StopIteration, TypeError, ValueError, AttributeError):
        # What the page asks about may have been saved away a moment ago, or is no answer that fits the question any more.
        raise web.HTTPNotFound from None


def _events(preview: Preview) -> Handler:
    async def handler(request: web.Request) -> web.StreamResponse:
        response = web.StreamResponse(headers={"Content-Type": "text/event-stream", "Cache-Control": "no-store"})
        await response.prepare(request)
        async for version in preview.watch():
            try:
                await response.write(f"data: {json.dumps(version)}\n\n".encode())
            except ConnectionError:  # the page was closed
                break
        return response

    return handler


def _file(package: str, name: str | None = None) -> Handler:
    async def handler(request: web.Request) -> web.Response:
        wanted = name or request.match_info["name"]
        source = resources.files(f"bot.{package}").joinpath("page", wanted)
        suffix = Path(wanted).suffix
        if suffix not in STARTS or Path(wanted).name != wanted or not source.is_file():
            raise web.HTTPNotFound
        policy = "default-src 'self'; img-src 'self' data: https:; style-src 'self' 'unsafe-inline'"
        return web.Response(
            body=source.read_bytes(),
            headers={"Content-Type": f"{STARTS[suffix]}; charset=utf-8", "Content-Security-Policy": policy,
                     "Cache-Control": "no-store"},
        )  # fmt: skip

    return handler


@web.middleware
async def _own_name_only(request: web.Request, handler: Handler) -> web.StreamResponse:
    """A page elsewhere may point a name of its own at this machine; it is not answered."""
    if request.host.split(":")[0] not in ("127.0.0.1", "localhost"):
        raise web.HTTPForbidden
    response: web.StreamResponse = await handler(request)
    return response
