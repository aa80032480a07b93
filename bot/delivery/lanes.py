"""So many things side by side, each in its turn: a task for each lane, and not one for each thing."""

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable, Collection
from dataclasses import dataclass, field
from typing import Generic, TypeVar

Thing = TypeVar("Thing")


@dataclass
class Lanes(Generic[Thing]):
    """What is given is done in its order, at most `count` at once. One that fails keeps no other from being done."""

    count: int
    do: Callable[[Thing], Awaitable[None]]
    left: int = 0  # given, and not done yet
    _waiting: deque[Thing] = field(default_factory=deque)
    _open: int = 0
    _tasks: set[asyncio.Task[None]] = field(default_factory=set)  # held, for nobody else holds them
    _enough: int = 0
    _reached: asyncio.Event = field(default_factory=asyncio.Event)
    _error: Exception | None = None

    def give(self, things: Collection[Thing]) -> None:
        """These come after all that was given before."""
        self._waiting.extend(things)
        self.left += len(things)
        for _ in range(min(len(things), self.count - self._open)):
            self._open += 1
            lane = asyncio.create_task(self._work())
            self._tasks.add(lane)
            lane.add_done_callback(self._tasks.discard)

    async def down_to(self, most: int) -> None:
        """Wait until at most so many are left. Raises what the first that failed raised."""
        self._enough = most
        self._reached.clear()
        if self.left > most:
            await self._reached.wait()
        if self._error is not None:
            raise self._error

    async def _work(self) -> None:
        try:
            while self._waiting:
                await self._do(self._waiting.popleft())
        finally:
            self._open -= 1

    async def _do(self, thing: Thing) -> None:
        try:
            await self.do(thing)
        except Exception as error:
            self._error = self._error or error
        finally:
            self.left -= 1
            if self.left <= self._enough:
                self._reached.set()
