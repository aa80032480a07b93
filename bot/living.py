"""What every process does: it stays as it is, until it is told to stop, or until a part of it dies."""

import asyncio
import gc
import logging
import signal
import sys
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine
from contextlib import asynccontextmanager, suppress
from typing import Any, TypeVar

logger = logging.getLogger(__name__)

# New objects, after which the garbage collector looks for those that hold each other. Python's own 700 are two messages or a
# click, of which nearly all go by themselves.
GARBAGE = 20_000

Work = Callable[[], Awaitable[None]]
Result = TypeVar("Result")


class PartDied(Exception):
    """A part of the process ended by itself: the log says why. Whoever watches over the process should start it anew."""


def run(work: Coroutine[Any, Any, Result]) -> Result:
    """Do it in an event loop of its own, as `asyncio.run` does; what it comes to."""
    gc.freeze()  # what was imported
    gc.enable()
    with asyncio.Runner(loop_factory=new_loop) as runner:
        return runner.run(work)


def new_loop() -> asyncio.AbstractEventLoop:
    """libuv's event loop, which takes a fifth less of the processor than asyncio's own; that one where there is no libuv."""
    if sys.platform == "win32":
        return asyncio.new_event_loop()
    import uvloop

    return uvloop.new_event_loop()


def stay_as_you_are() -> None:
    """All parts are there, and stay: the garbage collector need not walk them again each time, which takes as long as a click;
    nor need it look at what has just been made as often as that, which took a tenth of a worker's time."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(GARBAGE)


async def until_told_to_stop() -> None:
    """Wait for Ctrl-C or SIGTERM. What is under way is then finished."""
    stay_as_you_are()
    told = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, told.set)
    try:
        await told.wait()
        logger.info("stopping", extra={"action": "process.stopping"})
    finally:
        for number in (signal.SIGINT, signal.SIGTERM):
            loop.remove_signal_handler(number)


async def in_a_thread(work: Callable[..., Result], *args: Any) -> Result:
    """Do what blocks in a thread, to its end: a thread can't be called off, so nobody goes on (or closes what it uses) before."""
    doing = asyncio.ensure_future(asyncio.to_thread(work, *args))
    try:
        return await asyncio.shield(doing)
    except asyncio.CancelledError:
        await asyncio.gather(doing, return_exceptions=True)
        raise


@asynccontextmanager
async def alongside(part: str, work: Work) -> AsyncIterator[None]:
    """A part of the process, for as long as this is open; then it is cancelled, and finishes what it has begun.

    If it ends before, what goes on in here is called off, whatever it waits for: PartDied, once all that is open has closed.
    """
    calling_off = asyncio.timeout(None)
    try:
        async with calling_off:
            task = asyncio.create_task(_part(part, work, calling_off))
            try:
                yield
            finally:
                task.cancel()
                with suppress(asyncio.CancelledError):
                    await task
    except TimeoutError:
        if not calling_off.expired():
            raise
    if calling_off.expired():
        raise PartDied(part)


async def _part(part: str, work: Work, calling_off: asyncio.Timeout) -> None:
    how: BaseException | None = None
    try:
        await work()
    except Exception as error:
        how = error
    logger.error("%s ended, and the process with it", part, exc_info=how, extra={"action": "process.part_died"})
    calling_off.reschedule(0)
