"""Moving program time on: moment by moment, so that everything that would have happened on the way does happen, in its order."""

from collections.abc import Awaitable, Callable
from datetime import datetime

from bot.agenda.clock import Clock

NextMoment = Callable[[], Awaitable[datetime | None]]
Tick = Callable[[], Awaitable[int]]
Settle = Callable[[], Awaitable[None]]


async def move_on(clock: Clock, until: datetime, *, next_moment: NextMoment, tick: Tick, settle: Settle) -> int:
    """Let program time pass until `until` (aware UTC); how many agenda items were planned on the way.

    `settle` waits until all messages that are due have been said: time does not jump while someone is speaking.
    """
    planned = 0
    while (moment := await next_moment()) is not None and moment <= until:
        clock.move_to(moment)
        planned += await tick()
        await settle()
    clock.move_to(until)
    planned += await tick()
    await settle()
    return planned
