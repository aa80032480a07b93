"""Watches what a task holds: one connection at a time, and none while Slack is asked. With more, a crowd waits for itself."""

import asyncio
import traceback
from pathlib import Path
from typing import Any

import aiohttp
import greenlet  # type: ignore[import-untyped]  # SQLAlchemy's own, which has no types
from sqlalchemy import event

from bot.app import House

OURS = str(Path(__file__).parents[1] / "bot")


class Held:
    """The connections that each task of a house holds; `wrong` says where it was one too many."""

    def __init__(self, house: House) -> None:
        self.wrong: list[str] = []
        self._holders: dict[int, int] = {}  # by the connection's place in the pool: the task
        engine = house.database.engine.sync_engine
        event.listen(engine, "checkout", self._taken)
        event.listen(engine, "checkin", self._given_back)
        asking = aiohttp.TraceConfig()
        asking.on_request_start.append(self._asks)
        asking.freeze()
        house.clients.session.trace_configs.append(asking)

    def _taken(self, _: Any, place: Any, __: Any) -> None:
        self._holders.pop(id(place), None)
        if _task() in self._holders.values():
            self._note("a second connection")
        self._holders[id(place)] = _task()

    def _given_back(self, _: Any, place: Any) -> None:
        self._holders.pop(id(place), None)

    async def _asks(self, *_: Any) -> None:
        if _task() in self._holders.values():
            self._note("Slack is asked, and a connection waits for its answer")

    def _note(self, what: str) -> None:
        around = greenlet.getcurrent().parent  # SQLAlchemy takes a connection in a greenlet of its own
        stack = traceback.extract_stack(None if around is None else around.gr_frame)
        way = [f"{Path(one.filename).name}:{one.lineno} {one.name}" for one in stack if one.filename.startswith(OURS)]
        if way:  # a story may look at rows within a transaction of its own
            self.wrong.append(f"{what}: {' > '.join(way)}")


def _task() -> int:
    return id(asyncio.current_task())
